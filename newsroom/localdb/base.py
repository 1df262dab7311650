"""The backend: Django's own for PostgreSQL, with a server that starts on the first connection."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base, client
from psycopg2 import OperationalError

from newsroom.localdb import binaries
from newsroom.localdb.postmaster import PORT
from newsroom.localdb.server import ROLE, LocalServer, application_name


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell` with the psql of the bundled server."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        address = {"HOST": str(LocalServer(settings.VAR_DIR).start()), "PORT": PORT, "USER": ROLE}
        args, env = super().settings_to_cmd_args_env(settings_dict | address, list(parameters))
        return [os.fspath(binaries.bundled() / "psql"), *args[1:]], env


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def __init__(self, settings_dict: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(settings_dict, *args, **kwargs)
        # Test runners put names of their own in its place, and make those databases themselves.
        self._configured_name = settings_dict["NAME"]

    def get_new_connection(self, conn_params: Mapping[str, Any]) -> Any:
        server = LocalServer(settings.VAR_DIR)
        params = {
            "application_name": application_name(),
            **conn_params,
            "port": PORT,
            "user": ROLE,
        }
        if folder := server.socket_folder():
            try:
                return super().get_new_connection({**params, "host": str(folder)})
            except OperationalError:
                # It was killed, is starting, or has no such database yet. The calls below find out
                # which; whatever is still wrong then is raised by the second attempt.
                pass
        folder = server.start()
        if self.settings_dict["NAME"] == self._configured_name is not None:
            server.create_database(self._configured_name)
        return super().get_new_connection({**params, "host": str(folder)})
