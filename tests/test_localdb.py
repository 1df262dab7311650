"""The bundled server: made, started, shared, killed, moved and stopped, each on data of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from newsroom.localdb.account import Account
from newsroom.localdb.errors import LocalServerError
from newsroom.localdb.postmaster import PORT
from newsroom.localdb.server import ROLE, LocalServer

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def make_server() -> Iterator[Callable[[str], LocalServer]]:
    """Servers in folders that every account can enter, unlike pytest's own."""
    servers: list[LocalServer] = []
    # Short and open to other accounts; the folder itself has an unguessable name.
    home = Path(tempfile.mkdtemp(prefix="nr", dir="/tmp"))
    home.chmod(0o755)

    def make(name: str) -> LocalServer:
        server = LocalServer(home / name)
        servers.append(server)
        return server

    yield make
    for server in servers:
        if server.var.is_dir():
            server.stop()
        if (server.var / "postgres").is_symlink():
            shutil.rmtree(server.data.parent)
    shutil.rmtree(home)


@pytest.fixture(scope="module")
def server(make_server: Callable[[str], LocalServer]) -> LocalServer:
    return make_server("shared")


def ask(server: LocalServer, query: str, database: str = "postgres") -> list[tuple[object, ...]]:
    connection = psycopg2.connect(
        host=str(server.start()), port=PORT, user=ROLE, dbname=database, connect_timeout=5
    )
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        connection.close()


def kill(server: LocalServer) -> None:
    """End the server as kill -9 does, and wait until it is gone."""
    pid = server.pid()
    assert pid is not None
    process = psutil.Process(pid)
    process.kill()
    deadline = time.monotonic() + 10
    while server.pid() is not None:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_starts_once_and_stops(server):
    server.start()
    first = server.pid()
    server.start()
    assert server.pid() == first
    assert server.stop()
    assert server.pid() is None
    assert not server.stop()


def test_listens_on_no_network_and_only_to_its_owner(server):
    assert ask(server, "SHOW listen_addresses") == [("",)]
    folder = server.socket_folder()
    assert folder is not None
    assert folder.stat().st_mode & 0o077 == 0


def test_keeps_what_a_site_relies_on(server):
    assert ask(server, "SHOW fsync") == [("on",)]
    assert ask(server, "SHOW timezone") == [("UTC",)]


def test_words_end_at_curly_quotes(server):
    [(words,)] = ask(server, "SELECT to_tsvector('simple', '“Élan” — d’été')::text")
    assert words == "'d':2 'élan':1 'été':3"


def test_creates_a_database_once(server):
    assert server.create_database("first")
    assert not server.create_database("first")
    assert ask(server, "SELECT current_database()", "first") == [("first",)]


def test_processes_that_start_at_once_share_one_server(make_server):
    server = make_server("raced")
    code = (
        "import sys; from pathlib import Path; from newsroom.localdb.server import LocalServer;"
        "server = LocalServer(Path(sys.argv[1])); server.start(); server.create_database('one');"
        "print(server.pid())"
    )
    command = [sys.executable, "-c", code, str(server.var)]
    starters = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    answers = {starter.communicate(timeout=120)[0].strip() for starter in starters}
    assert answers == {str(server.pid())}
    assert [starter.returncode for starter in starters] == [0, 0, 0]


def test_serves_again_after_a_kill_with_what_was_committed(server):
    server.create_database("kept")
    ask(server, "CREATE TABLE note AS SELECT 'written'::text AS words", "kept")
    kill(server)
    assert ask(server, "SELECT words FROM note", "kept") == [("written",)]


def test_serves_again_when_another_program_got_the_dead_servers_number(server):
    server.start()
    kill(server)
    account = Account.for_data(server.data)
    lent = {"user": account.uid, "group": account.gid} if account.lent else {}
    stranger = subprocess.Popen(["sleep", "600"], cwd="/", **lent)  # type: ignore[call-overload]
    try:
        left = server.data / "postmaster.pid"
        lines = left.read_text().splitlines()
        left.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert server.pid() is None
        assert ask(server, "SELECT 1") == [(1,)]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("left", ["", "\n", "x\n"], ids=["empty", "blank", "broken"])
def test_serves_again_after_a_crash_while_it_wrote_its_pid_file(server, left):
    server.stop()
    (server.data / "postmaster.pid").write_text(left)
    assert ask(server, "SELECT 1") == [(1,)]


def test_starts_where_the_making_of_its_data_was_interrupted(make_server):
    server = make_server("interrupted")
    half_made = server.var / "postgres-unfinished-1"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    assert ask(server, "SELECT 1") == [(1,)]
    assert not half_made.exists()


def test_long_path_gets_a_short_private_socket_folder(make_server):
    server = make_server("/".join(["long"] * 25))
    folder = server.start()
    assert folder != server.data
    assert folder.stat().st_mode & 0o077 == 0
    assert ask(server, "SELECT 1") == [(1,)]
    server.stop()
    assert not folder.exists()


def test_restarts_when_its_socket_was_cleaned_away(make_server):
    server = make_server("/".join(["cleaned"] * 20))
    shutil.rmtree(server.start())
    assert ask(server, "SELECT 1") == [(1,)]


def test_restarts_after_its_folder_was_moved_while_it_ran(make_server):
    server = make_server("before")
    server.start()
    moved = make_server("after")
    server.var.rename(moved.var)
    assert ask(moved, "SELECT 1") == [(1,)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_root_opens_no_private_folder_to_the_servers_account(make_server):
    private = make_server("private/checkout")
    private.var.parent.mkdir(mode=0o700)
    assert ask(private, "SELECT 1") == [(1,)]
    assert private.var.parent.stat().st_mode & 0o777 == 0o700
    assert private.data.stat().st_uid != 0
    assert private.data.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may use everybody's data")
def test_refuses_the_data_of_somebody_else(make_server, monkeypatch):
    server = make_server("theirs")
    server.start()
    server.stop()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(LocalServerError, match=r"belongs to .* NEWSROOM_VAR"):
        server.start()


def test_says_in_words_what_the_system_refuses(make_server):
    server = make_server("occupied")
    server.var.write_text("a file where the folder should be")
    with pytest.raises(LocalServerError, match=r"could not start: .*: .*/occupied.*\.$"):
        server.start()


def test_says_why_it_cannot_start_and_where_the_log_is(make_server):
    server = make_server("older")
    server.start()
    server.stop()
    (server.data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(LocalServerError) as caught:
        server.start()
    assert "database files are incompatible with server" in str(caught.value)
    assert str(server.log) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_counts_only_the_connections_of_others(server):
    assert server.others() == 0
    visitor = psycopg2.connect(host=str(server.start()), port=PORT, user=ROLE, dbname="postgres")
    try:
        assert server.others() == 1
    finally:
        visitor.close()


def test_first_query_of_a_process_starts_the_server_and_makes_the_database(make_server):
    server = make_server("connected")
    program = """
import os, signal, django
django.setup()
from django.conf import settings
from django.db import connection
from newsroom.localdb.server import LocalServer

def name():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        return cursor.fetchone()[0]

print(connection.vendor, name())
os.kill(LocalServer(settings.VAR_DIR).pid(), signal.SIGKILL)
connection.close()
print(name())
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT,
        env=_local_environment(server.var),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.split() == ["postgresql", "newsroom", "newsroom"]


def test_command_starts_tells_and_stops(make_server):
    server = make_server("commanded")

    def localdb(action: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "manage.py", "localdb", action],
            cwd=ROOT,
            env=_local_environment(server.var),
            stdout=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout.strip()

    assert localdb("path") == (0, str(server.data))
    assert localdb("status") == (3, f"Not running. Data: {server.data}")
    code, told = localdb("start")
    assert code == 0
    assert told.startswith(f"Running as process {server.pid()}.")
    assert localdb("status") == (0, told)
    assert localdb("stop") == (0, "Stopped.")
    assert localdb("stop") == (0, "Not running.")


def test_command_leaves_another_server_alone(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    with pytest.raises(CommandError, match="DATABASE_URL names another server"):
        call_command("localdb", "stop")


def _local_environment(var: Path) -> dict[str, str]:
    """The environment of a process that uses the bundled server in that folder."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "NEWSROOM_DEBUG": "1",
        "NEWSROOM_VAR": str(var),
    }
