"""What must hold of a database before anything is stored in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections


def database_keeps_unicode(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """An error for each database that counts bytes: every quote's offsets would be wrong in it."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_encoding")
            (encoding,) = cursor.fetchone()
        if encoding != "UTF8":
            name = connection.settings_dict["NAME"]
            found.append(
                Error(
                    f"The database {name} has the encoding {encoding}; it must be UTF8.",
                    hint=f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0",
                    id="statements.E001",
                )
            )
    return found
