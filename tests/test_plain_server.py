"""The smoke tests against a PostgreSQL server that the project did not start."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from newsroom.localdb import binaries
from newsroom.localdb.account import Account

ROOT = Path(__file__).resolve().parent.parent
OLDEST = 15


def programs(account: Account, spare: Path) -> Path:
    """The machine's own newest PostgreSQL, or the bundled one on a machine without."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    if found := shutil.which("initdb"):
        folders.append(Path(found).parent)
    for folder in reversed(folders):
        told = subprocess.run(
            [folder / "initdb", "--version"], capture_output=True, text=True, check=False
        ).stdout
        version = re.search(r"\d+", told)
        if version and int(version[0]) >= OLDEST:
            return folder
    return binaries.runnable_by(account, spare=spare)


@pytest.fixture
def plain_server() -> Iterator[str]:
    """The address of a server on a port of its own, with a password and an ordinary role."""
    # Not pytest's own folder, which no other account can enter: as root, PostgreSQL runs as one.
    home = Path(tempfile.mkdtemp(prefix="nr", dir="/tmp"))
    home.chmod(0o755)
    data, secret, log = home / "data", home / "password", home / "log"
    account = Account.for_data(data)
    bin_folder = programs(account, home)
    password = secrets.token_urlsafe(12)
    secret.write_text(password)
    data.mkdir(mode=0o700)
    account.own(data)
    account.own(secret)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(program: str, *options: str | Path) -> None:
        with log.open("a") as output:
            done = account.run([bin_folder / program, *options], stdout=output, stderr=output)
        assert done.returncode == 0, log.read_text()

    try:
        run("initdb", "-D", data, "-U", "owner", "--auth=scram-sha-256", f"--pwfile={secret}")
        run("pg_ctl", "start", "-w", "-D", data, "-o", f"-h 127.0.0.1 -p {port} -k {data}")
        try:
            yield f"postgresql://owner:{password}@127.0.0.1:{port}/newsroom"
        finally:
            run("pg_ctl", "stop", "-w", "-m", "fast", "-D", data)
    finally:
        shutil.rmtree(home)


def run_on(server: str, var: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the server's address set; a bundled one would leave its data in `var`."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": server, "NEWSROOM_DEBUG": "1", "NEWSROOM_VAR": str(var)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.skipif(
    bool(os.environ.get("DATABASE_URL")), reason="the whole suite runs on such a server"
)
def test_smoke_tests_pass_on_a_server_given_by_its_address(plain_server, tmp_path):
    pytest_here = ("-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist")
    done = run_on(plain_server, tmp_path, *pytest_here, "-m", "smoke")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\b[1-9]\d* passed", done.stdout)
    assert not (tmp_path / "postgres").exists()


def test_refuses_a_database_that_counts_bytes(plain_server, tmp_path):
    connection = psycopg2.connect(plain_server.replace("/newsroom", "/postgres"))
    try:
        connection.autocommit = True
        connection.cursor().execute(
            "CREATE DATABASE newsroom ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' "
            "TEMPLATE template0"
        )
    finally:
        connection.close()
    done = run_on(plain_server, tmp_path, "manage.py", "migrate")
    assert done.returncode == 1
    assert "has the encoding SQL_ASCII; it must be UTF8" in done.stderr
