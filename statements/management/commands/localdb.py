"""`manage.py localdb`: look after the bundled database server."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom.localdb.errors import LocalServerError
from newsroom.localdb.postmaster import PORT
from newsroom.localdb.server import ROLE, LocalServer, configured_server

# What pg_ctl answers for a server that does not run.
_NOT_RUNNING = 3


class Command(BaseCommand):
    help = "Start, stop or find the bundled database server. It starts by itself when it is needed."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["start", "stop", "status", "path"])

    def handle(self, *, action: str, **options: Any) -> None:
        server = configured_server()
        if server is None:
            raise CommandError("DATABASE_URL names another server: the bundled one is not in use.")
        try:
            getattr(self, action)(server)
        except LocalServerError as error:
            raise CommandError(str(error)) from error

    def start(self, server: LocalServer) -> None:
        server.start()
        server.create_database(str(settings.DATABASES["default"]["NAME"]))
        self.status(server)

    def stop(self, server: LocalServer) -> None:
        self.stdout.write("Stopped." if server.stop() else "Not running.")

    def status(self, server: LocalServer) -> None:
        pid, folder = server.pid(), server.socket_folder()
        if pid is None or folder is None:
            self.stdout.write(f"Not running. Data: {server.data}")
            sys.exit(_NOT_RUNNING)
        name = settings.DATABASES["default"]["NAME"]
        self.stdout.write(
            f"Running as process {pid}.\n"
            f"Address: postgresql://{ROLE}@/{name}?host={folder}&port={PORT}\n"
            f"Data:    {server.data}\n"
            f"Log:     {server.log}"
        )

    def path(self, server: LocalServer) -> None:
        self.stdout.write(str(server.data))
