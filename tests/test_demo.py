"""`manage.py demo` from first start to Ctrl-C, on a folder of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from newsroom.localdb.postmaster import PORT
from newsroom.localdb.server import ROLE, LocalServer

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Demo:
    """Starts the command the way `make demo` does, and knows what it printed."""

    var: Path
    port: int
    process: subprocess.Popen[str] | None = None

    @property
    def output(self) -> str:
        return (self.var / "output").read_text(encoding="utf-8")

    def start(self) -> None:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        with (self.var / "output").open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", str(self.port)],
                cwd=ROOT,
                env=kept
                | {"NEWSROOM_VAR": str(self.var), "NEWSROOM_DEBUG": "0", "NEWSROOM_HTTPS": "0"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                text=True,
            )

    def wait_until_it_serves(self) -> None:
        assert self.process
        deadline = time.monotonic() + 240
        while "Ctrl-C stops it." not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.2)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return str(answer.read().decode())

    def stop(self, number: signal.Signals) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def demo() -> Iterator[Demo]:
    # Not pytest's own folder, which the account of a server started by root cannot enter.
    var = Path(tempfile.mkdtemp(prefix="nr", dir="/tmp"))
    var.chmod(0o755)
    demo = Demo(var, free_port())
    yield demo
    if demo.process and demo.process.poll() is None:
        demo.process.kill()
        demo.process.wait()
    LocalServer(var).stop()
    shutil.rmtree(var)


def test_serves_the_samples_twice_alike_and_stops_what_it_started(demo):
    demo.start()
    demo.wait_until_it_serves()
    assert f"http://127.0.0.1:{demo.port}/" in demo.output
    first = accounts(demo)
    assert set(first) == {"editor", "editor2", "lead", "admin"}
    assert "0 already there, 0 rejected" in demo.output
    page = demo.get("/?type=government")
    assert "China" in page
    # As visitors get it: files under names that change with their content.
    stylesheet = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', page)
    assert stylesheet
    assert demo.get(stylesheet[1])
    found = len(demo.get("/export.csv").splitlines())
    assert demo.stop(signal.SIGINT) == 0
    assert LocalServer(demo.var).pid() is None

    demo.start()
    demo.wait_until_it_serves()
    assert accounts(demo) == first
    assert len(demo.get("/export.csv").splitlines()) == found
    assert "Nothing changed." in demo.output
    assert (demo.var / "demo-accounts").stat().st_mode & 0o777 == 0o600
    assert demo.stop(signal.SIGTERM) == 0
    assert LocalServer(demo.var).pid() is None


def test_leaves_the_database_to_others_who_use_it(demo):
    server = LocalServer(demo.var)
    visitor = psycopg2.connect(host=str(server.start()), port=PORT, user=ROLE, dbname="postgres")
    try:
        demo.start()
        deadline = time.monotonic() + 60
        while "Preparing the database" not in demo.output:
            assert time.monotonic() < deadline, demo.output
            time.sleep(0.1)
        assert demo.stop(signal.SIGTERM) == 0
        assert server.pid() is not None
        assert "The database stays" in demo.output
    finally:
        visitor.close()


def test_a_stop_while_a_module_is_being_made_is_an_ordinary_end():
    # Modules make classes by `exec`, through which a KeyboardInterrupt would leave its mark.
    script = """
import signal
from statements.management.commands.demo import Interrupted, _interrupt
signal.signal(signal.SIGTERM, _interrupt)
try:
    exec("signal.raise_signal(signal.SIGTERM)")
except Interrupted:
    print("stopped")
"""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "--verbosity", "0", "-c"]
    ended = subprocess.run(
        [*command, script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "stopped\n"), ended.stderr


def test_says_at_once_that_its_port_is_taken(demo):
    with socket.socket() as other:
        other.bind(("127.0.0.1", demo.port))
        other.listen()
        demo.start()
        assert demo.process
        assert demo.process.wait(timeout=60) == 1
    [line] = demo.output.splitlines()
    assert line.startswith(f"CommandError: Port {demo.port} cannot be used (Address already in use")
    assert LocalServer(demo.var).pid() is None


def test_says_in_a_line_that_the_database_named_does_not_answer(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": f"postgresql:///newsroom?host={tmp_path}",
            "NEWSROOM_DEBUG": "1",
            "NEWSROOM_VAR": str(tmp_path),
            "PORT": str(free_port()),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("CommandError: connection to server on socket")


def accounts(demo: Demo) -> dict[str, str]:
    return dict(re.findall(r"^  (\w+) +password (\S+)", demo.output, flags=re.MULTILINE))
