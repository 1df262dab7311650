"""The real site for a load: its database, web server and worker, and what befalls the database."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2

from newsroom.localdb.postmaster import PORT as DATABASE_PORT
from newsroom.localdb.server import ROLE, LocalServer

ROOT = Path(__file__).resolve().parents[1]
NAME, OURS = "newsroom", "bench load"


class Site:
    """gunicorn and a worker on the bundled PostgreSQL, addressed as an operator's own would be.

    The site is told no more than an address, so that nobody but this program starts the server.
    """

    def __init__(self, var: Path, *, port: int, workers: int, threads: int, lease: float) -> None:
        self.var = var
        self.port = port
        self.gunicorn = [f"--workers={workers}", f"--threads={threads}"]
        self.lease = lease
        self.server = LocalServer(var)
        self._short = Path(tempfile.mkdtemp(prefix="newsroom-load-"))
        self.logs = [var / "gunicorn.log", var / "worker.log"]

    def prepare(self, quotes: int) -> None:
        """Start the database, with a corpus that is made once, and let Django know of it."""
        self._started()
        self.server.create_database(NAME)
        os.environ |= {
            "DATABASE_URL": f"postgresql://{ROLE}@:{DATABASE_PORT}/{NAME}"
            f"?host={quote(str(self._sockets))}",
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            # Each visitor is to come from an address of their own.
            "NEWSROOM_BEHIND_PROXY": "1",
            "NEWSROOM_DEBUG": "0",
            "NEWSROOM_HTTPS": "0",
            "NEWSROOM_SECRET_KEY": "for measuring alone",
            "NEWSROOM_VAR": str(self.var),
        }
        import django

        django.setup()
        from django.core.management import call_command

        from statements.models import Listing

        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if not Listing.objects.exists():
            call_command("corpus", quotes=quotes, seed=1, verbosity=0)

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """The site answers while this lasts."""
        commands = [
            ["-m", "gunicorn", "newsroom.wsgi", f"--bind=127.0.0.1:{self.port}", *self.gunicorn],
            ["manage.py", "worker", "--verbosity=0", f"--lease={self.lease}"],
        ]
        with contextlib.ExitStack() as stack:
            for command, log in zip(commands, self.logs, strict=True):
                output = stack.enter_context(log.open("w", encoding="utf-8"))
                run = subprocess.Popen(
                    [sys.executable, *command], cwd=ROOT, stdout=output, stderr=output
                )
                stack.callback(run.wait)
                stack.callback(run.terminate)
            self._wait_until_ready()
            yield

    def stop(self) -> None:
        """End the database server too; the data stay for the next time."""
        self.server.stop()
        shutil.rmtree(self._short)

    def restart_database(self, away: float) -> None:
        """Stop the server as an upgrade does, and start it so many seconds later."""
        self.server.stop()
        time.sleep(away)
        self._started()

    def use_up_connections(self, seconds: float) -> int:
        """Take every connection the server has, the site's own too; returns how many at most."""
        held: list[Any] = []
        deadline = time.monotonic() + seconds
        try:
            while time.monotonic() < deadline:
                if held:
                    self._throw_out(held[0])
                # Until it takes no more.
                with contextlib.suppress(psycopg2.OperationalError):
                    while time.monotonic() < deadline:
                        held.append(self._connected())
                time.sleep(0.02)
        finally:
            for each in held:
                each.close()
        return len(held)

    # -- Its own --------------------------------------------------------------------------------

    @property
    def _sockets(self) -> Path:
        """A link to wherever the server listens: that may be another folder after each start."""
        return self._short / "sockets"

    def _started(self) -> None:
        folder = self.server.start()
        fresh = self._short / "fresh"
        fresh.symlink_to(folder)
        fresh.replace(self._sockets)

    def _connected(self) -> Any:
        connection = psycopg2.connect(
            host=str(self._sockets),
            port=DATABASE_PORT,
            user=ROLE,
            dbname=NAME,
            application_name=OURS,
        )
        connection.autocommit = True
        return connection

    def _throw_out(self, connection: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND application_name <> %s",
                [OURS],
            )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                connection.request("GET", "/readyz")
                if connection.getresponse().status == http.HTTPStatus.OK:
                    return
            time.sleep(0.2)
        raise SystemExit(f"The site did not start: see {self.logs[0]}.")
