"""One PostgreSQL server with its data in a folder: made, started, found and stopped."""

from __future__ import annotations

import fcntl
import os
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from logging import getLogger
from pathlib import Path
from typing import IO, Any

import psutil
import psycopg2
from django.conf import settings
from psycopg2 import sql

from newsroom.localdb import binaries
from newsroom.localdb.account import Account
from newsroom.localdb.errors import LocalServerError
from newsroom.localdb.postmaster import PORT, SOCKET, Postmaster, workers_in

logger = getLogger(__name__)

ROLE = "newsroom"

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # Compiling a query costs more than the queries of a small site.
    "jit": "off",
    # Disks of today: a page somewhere costs what the next one costs.
    "random_page_cost": "1.1",
    # The defaults are for machines of twenty years ago. Memory is taken as it is used.
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
# The system's limit for a socket's path is 104 bytes on some and 108 on others.
_LONGEST_SOCKET = 103
_START_SECONDS = 60
_STOP_SECONDS = 60
# After a kill -9 the last processes of the old server need a moment to notice.
_LEFTOVERS = "still in use"
_LEFTOVER_SECONDS = 15


class LocalServer:
    """The server whose data are in `var/postgres`; several processes may use it at once."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.log = var / "postgres.log"

    @property
    def data(self) -> Path:
        """The data folder; `var/postgres` is a link where the data had to live elsewhere."""
        return (self.var / "postgres").resolve()

    def socket_folder(self) -> Path | None:
        """Where the server last started listens, without a look at whether it still does."""
        postmaster = Postmaster.of(self.data)
        return postmaster.socket_folder if postmaster else None

    def pid(self) -> int | None:
        """The running server's process, None when it does not run."""
        postmaster = Postmaster.of(self.data)
        return postmaster.pid if postmaster and postmaster.is_alive() else None

    def start(self) -> Path:
        """The socket folder of the server, which runs when this returns.

        The first call makes the data folder, which takes some seconds.
        """
        with _told_in_words("start"), self._alone():
            postmaster = self._settled()
            if postmaster and postmaster.ready and not postmaster.can_be_reached():
                # Its folder was moved, or a cleaner of temporary files took its socket.
                self._stop(postmaster)
                postmaster = Postmaster.of(self.data)
            if postmaster is None or not postmaster.ready:
                self._start(postmaster)
                postmaster = Postmaster.of(self.data)
            if postmaster is None or postmaster.socket_folder is None:
                raise LocalServerError(f"The local database started and went away: see {self.log}.")
            return postmaster.socket_folder

    def stop(self) -> bool:
        """True when the server ran and now does not. Open connections are closed."""
        with _told_in_words("stop"), self._alone():
            postmaster = Postmaster.of(self.data)
            if postmaster is None or not postmaster.is_alive():
                return False
            self._stop(postmaster)
            return True

    def create_database(self, name: str) -> bool:
        """True when the database was not there and now is."""
        folder = self.start()
        with self._alone(), _cursor(folder) as cursor:
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is not None:
                return False
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            return True

    def others(self) -> int:
        """How many connections the running server has from other processes than this one."""
        with _cursor(self.start()) as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' "
                "AND pid <> pg_backend_pid() AND application_name <> %s",
                [application_name()],
            )
            return int(cursor.fetchone()[0])

    # -- Under the lock -------------------------------------------------------------------------

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait for whoever else starts or stops this server; a dead process holds nothing."""
        self.var.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.var / "postgres.lock", os.O_RDONLY | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _settled(self) -> Postmaster | None:
        """The server when it is done with starting or stopping; `ready` if it serves."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            postmaster = Postmaster.of(self.data)
            if postmaster is None or not postmaster.is_alive():
                return replace(postmaster, ready=False) if postmaster else None
            if postmaster.ready:
                return postmaster
            if time.monotonic() > deadline:
                raise LocalServerError(
                    f"The local database has been starting for {_START_SECONDS} seconds, "
                    f"perhaps repairing itself after a crash: try again later, or see {self.log}."
                )
            time.sleep(0.1)

    def _start(self, last: Postmaster | None) -> None:
        account = Account.for_data(self.data)
        if last is not None:
            self._clear_away(last)
        # The pid file alone decides who may use the data, and with them this socket.
        (self.data / f"{SOCKET}.lock").unlink(missing_ok=True)
        if not (self.data / "PG_VERSION").exists():
            self._make_data(account)
        programs = binaries.runnable_by(account, spare=self.data.parent)
        options = _SETTINGS | {"unix_socket_directories": str(self._make_socket_folder(account))}
        pg_ctl: list[str | Path] = [programs / "pg_ctl", "start", "--pgdata", self.data]
        pg_ctl += ["--silent", "--wait", f"--timeout={_START_SECONDS}"]
        pg_ctl += ["--options", _as_arguments(options)]
        deadline = time.monotonic() + _LEFTOVER_SECONDS
        while True:
            with self._fresh_log() as log:
                done = account.run(pg_ctl, stdout=log, stderr=log)
            if done.returncode == 0:
                return
            said = self.log.read_text(encoding="utf-8", errors="replace")
            if _LEFTOVERS not in said or time.monotonic() > deadline:
                raise LocalServerError(
                    f"The local database could not start: {_reason(said)}; see {self.log}."
                )
            time.sleep(1)

    def _stop(self, postmaster: Postmaster) -> None:
        account = Account.for_data(self.data)
        pg_ctl = binaries.runnable_by(account, spare=self.data.parent) / "pg_ctl"
        wait = ["--wait", f"--timeout={_STOP_SECONDS}", "--mode=fast"]
        done = account.run([pg_ctl, "stop", "--pgdata", self.data, *wait], capture_output=True)
        if done.returncode:
            raise LocalServerError(f"The local database could not stop: {_reason(done.stderr)}.")
        self._remove_socket_folder(postmaster)

    def _clear_away(self, last: Postmaster) -> None:
        """Remove what a killed server left and PostgreSQL would not remove itself.

        It does so when the process number in its files is free. When another program, or a dead
        process that nobody has collected, has the number, it takes that for a running server.
        """
        self._remove_socket_folder(last)
        if last.pid and not psutil.pid_exists(last.pid):
            return
        # The pid file also keeps a new server from starting beside workers of the old one.
        deadline = time.monotonic() + _LEFTOVER_SECONDS
        while workers := workers_in(self.data):
            if time.monotonic() > deadline:
                raise LocalServerError(
                    "The local database could not start: processes of a killed server still "
                    f"use its data: {', '.join(map(str, workers))}."
                )
            time.sleep(0.1)
        (self.data / "postmaster.pid").unlink()

    def _make_data(self, account: Account) -> None:
        """Fill the data folder, all or nothing: an interrupted attempt leaves no half-made one."""
        home = self.var
        if not account.reaches(home):
            home = Path(tempfile.mkdtemp(prefix="newsroom-", dir="/var/lib"))
            home.chmod(0o755)
            logger.warning(
                "The database runs as %s, who cannot enter %s: its data are in %s.",
                account.name,
                self.var,
                home,
            )
        for old in self.var.glob("postgres-unfinished-*"):
            shutil.rmtree(old)
        unfinished = Path(tempfile.mkdtemp(prefix="postgres-unfinished-", dir=home))
        account.own(unfinished)
        programs = binaries.runnable_by(account, spare=home)
        # Words are told from punctuation by this locale, curly quotes among it; C would not do.
        locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        initdb: list[str | Path] = [programs / "initdb", "--pgdata", unfinished]
        initdb += ["--username", ROLE, "--auth-local=trust", "--auth-host=reject"]
        initdb += ["--encoding=UTF8", f"--locale={locale}", "--lc-messages=C"]
        initdb += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
        with self._fresh_log() as log:
            done = account.run(initdb, stdout=log, stderr=log)
        if done.returncode:
            said = self.log.read_text(encoding="utf-8", errors="replace")
            shutil.rmtree(unfinished)
            raise LocalServerError(
                f"The local database could not be made: {_reason(said)}; see {self.log}."
            )
        place = self.var / "postgres"
        if place.is_symlink():
            place.unlink()
        unfinished.rename(home / "postgres")
        if home != self.var:
            place.symlink_to(home / "postgres")

    def _make_socket_folder(self, account: Account) -> Path:
        """The data folder, which is private, or another private one where its path is long."""
        path = str(self.data / SOCKET)
        if len(os.fsencode(path)) <= _LONGEST_SOCKET and "," not in path:
            return self.data
        folder = Path(tempfile.mkdtemp(prefix="newsroom-", dir="/tmp"))
        account.own(folder)
        return folder

    def _remove_socket_folder(self, last: Postmaster) -> None:
        folder = last.socket_folder
        if folder and folder != self.data and folder.name.startswith("newsroom-"):
            shutil.rmtree(folder, ignore_errors=True)

    def _fresh_log(self) -> IO[str]:
        """An empty log; the one before it is kept beside it."""
        with suppress(FileNotFoundError):
            self.log.replace(self.log.with_suffix(".log.1"))
        return self.log.open("w", encoding="utf-8")


def configured_server() -> LocalServer | None:
    """The server of this installation, running or not; None when DATABASE_URL names another."""
    if settings.DATABASES["default"]["ENGINE"] != "newsroom.localdb":
        return None
    return LocalServer(settings.VAR_DIR)


def application_name() -> str:
    """What this process calls itself to the server, to tell its connections from others'."""
    return f"newsroom {os.getpid()}"


@contextmanager
def _cursor(folder: Path) -> Iterator[Any]:
    """A cursor on the server's own database, each statement on its own."""
    connection = psycopg2.connect(host=str(folder), port=PORT, user=ROLE, dbname="postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


@contextmanager
def _told_in_words(wish: str) -> Iterator[None]:
    """Turn what the system refuses, a full disk for one, into a sentence."""
    try:
        yield
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        raise LocalServerError(
            f"The local database could not {wish}: {error.strerror or error}{place}."
        ) from error


def _as_arguments(options: dict[str, str]) -> str:
    """Server options as one string for pg_ctl, which hands it to a shell."""
    return shlex.join(["-p", str(PORT)] + [f"--{name}={value}" for name, value in options.items()])


def _reason(said: str) -> str:
    """The line that tells most: the first fatal one, else the last."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for line in lines:
        for mark in ("FATAL:", "PANIC:", "error:"):
            if mark in line:
                return line.partition(mark)[2].strip().rstrip(".")
    return lines[-1].rstrip(".") if lines else "it gave no reason"
