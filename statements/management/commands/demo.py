"""`manage.py demo`: the whole site with the sample articles, on this machine only."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.servers.basehttp import get_internal_wsgi_application, run
from django.db import OperationalError, connections

from newsroom.localdb.server import LocalServer, configured_server
from statements.ingest.labels import import_labels
from statements.models import Issue

_HOST = "127.0.0.1"
# Not among the seeds, whose folder holds articles alone.
LABELS = Path(__file__).resolve().parent.parent / "demo_labels.jsonl"
# Name → role and what it does. Two editors, so that there is something to agree on.
_ACCOUNTS = {
    "editor": ("editor", "labels quotes"),
    "editor2": ("editor", "labels quotes too, blind to the first"),
    "lead": ("lead", "also keeps issues, actors and speakers, and decides"),
    "admin": ("admin", "also imports articles and manages accounts"),
}


def port_number(value: str) -> int:
    """Read a port; argparse and the command turn the ValueError into a message."""
    port = int(value)
    if not 0 < port < 65536:
        raise ValueError(value)
    return port


port_number.__name__ = "port (a number from 1 to 65535)"


class Interrupted(BaseException):
    """Somebody asked the demo to stop.

    Not a KeyboardInterrupt: where that passes through `exec`, as it may while a module is imported,
    Python ends as if killed by the signal, though it was caught.
    """


class Command(BaseCommand):
    help = "Load the sample articles and serve the site on this machine until Ctrl-C."
    # They need the database; `migrate` runs them once it is known to answer.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port",
            type=port_number,
            default=os.environ.get("PORT") or "8000",
            help="default: $PORT or 8000",
        )

    def handle(self, *, port: int, **options: Any) -> None:
        # A shell that starts a program in the background tells it to ignore Ctrl-C's signal.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        server = configured_server()
        try:
            with self._stopping(server):
                self._demonstrate(server, port)
        except Interrupted:
            self._say("Stopped.")
        except OperationalError as error:
            raise CommandError(" ".join(str(error).split())) from error

    def _demonstrate(self, server: LocalServer | None, port: int) -> None:
        _bind_once(port)
        self._say("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False, skip_checks=False)
        seeds = settings.BASE_DIR / "seeds"
        if not Issue.objects.exists():
            # Once: what a lead changes in them since is kept.
            self._say("Loading the issues …")
            call_command("load_issues", str(seeds / "issues.toml"), stdout=self.stdout)
        self._say("Reading the sample articles; the first time takes a minute …")
        call_command("ingest", str(seeds), stdout=self.stdout, stderr=self.stderr)
        if not settings.DEBUG:
            call_command("collectstatic", verbosity=0, interactive=False)
        accounts = {}
        if server:
            accounts = _accounts(settings.VAR_DIR / "demo-accounts")
            self._say("Loading the sample labels …")
            with LABELS.open("rb") as lines:
                report = import_labels(lines, name=LABELS.name)
            self._say(f"{report.in_words}.")
        connections.close_all()
        # Long imports are read beside the server, by a process of their own.
        manage = str(settings.BASE_DIR / "manage.py")
        worker = subprocess.Popen([sys.executable, manage, "worker", "--verbosity", "0"])
        try:
            run(
                _HOST,
                port,
                get_internal_wsgi_application(),
                threading=True,
                on_bind=lambda _port: self._welcome(port, accounts),
            )
        except OSError as error:
            raise _unusable(port, error) from error
        finally:
            worker.terminate()
            worker.wait(timeout=60)

    def _welcome(self, port: int, accounts: dict[str, str]) -> None:
        address = f"http://{_HOST}:{port}/"
        lines = ["", f"Newsroom is at {self.style.SUCCESS(address)}", ""]
        if accounts:
            lines.append(f"Sign in at {address}accounts/login/ as")
            lines += [
                f"  {name:<7} password {password}   {_ACCOUNTS[name][1]}"
                for name, password in accounts.items()
            ]
        else:
            lines.append("DATABASE_URL names this database, so no accounts were made in it.")
            lines.append("To make one: .venv/bin/python manage.py createsuperuser")
        self._say("\n".join([*lines, "", "Ctrl-C stops it."]))

    @contextmanager
    def _stopping(self, server: LocalServer | None) -> Iterator[None]:
        """Stop the local database at the end, unless another program works with it."""
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            if server and server.pid():
                connections.close_all()
                if others := server.others():
                    self._say(f"The database stays: it has {others} other connections.")
                else:
                    server.stop()

    def _say(self, line: str) -> None:
        """Print at once, into a file or pipe too."""
        self.stdout.write(line)
        self.stdout.flush()


def _accounts(kept: Path) -> dict[str, str]:
    """The accounts and their passwords, which are made once and kept for the next start."""
    passwords: dict[str, str] = {}
    if kept.exists():
        passwords = dict(line.split() for line in kept.read_text(encoding="utf-8").splitlines())
    users = get_user_model().objects
    for name, (role, _) in _ACCOUNTS.items():
        user, created = users.get_or_create(username=name, defaults={"first_name": name.title()})
        if not created and name in passwords:
            continue
        passwords.setdefault(name, secrets.token_hex(6))
        user.set_password(passwords[name])
        user.is_staff = user.is_superuser = role == "admin"
        user.save()
        user.groups.add(Group.objects.get(name=role))
    kept.touch(mode=0o600)
    kept.chmod(0o600)
    kept.write_text("".join(f"{name} {passwords[name]}\n" for name in _ACCOUNTS), encoding="utf-8")
    return {name: passwords[name] for name in _ACCOUNTS}


def _bind_once(port: int) -> None:
    """Learn whether the port is free before the work rather than after it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as error:
            raise _unusable(port, error) from error


def _unusable(port: int, error: OSError) -> CommandError:
    return CommandError(
        f"Port {port} cannot be used ({error.strerror}): choose another, as in PORT=8001 make demo."
    )


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise Interrupted
