"""What a backup says about itself."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from newsroom.backup.errors import BackupError

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """When a backup was made, by which version, and what is in it."""

    made_at: str
    version: str
    server: str
    migrations: dict[str, list[str]]
    rows: dict[str, int]
    size: int
    sha256: str
    format: int = FORMAT

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises BackupError for one that another version wrote, or nobody."""
        try:
            given = json.loads(text)
            if given["format"] != FORMAT:
                raise BackupError(
                    f"Its format is {given['format']}, and this version reads {FORMAT}: "
                    "use the version that made it."
                )
            return cls(**given)
        except (ValueError, KeyError, TypeError) as error:
            raise BackupError(f"Its manifest cannot be read: {error}.") from None

    def written(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True)

    @property
    def total(self) -> int:
        """How many rows there are in all tables."""
        return sum(self.rows.values())

    def unknown_migrations(self) -> list[str]:
        """Changes of the schema that this version has not: it could not work with the tables."""
        known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
        # One migration may stand for several older ones, whose names a database keeps.
        replaced = {each for migration in known.values() for each in migration.replaces}
        return [
            f"{app}.{name}"
            for app, names in sorted(self.migrations.items())
            for name in names
            if (app, name) not in known and (app, name) not in replaced
        ]


def version() -> str:
    """The version of this program."""
    project = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text("utf-8"))
    return str(project["project"]["version"])


def tables() -> list[str]:
    """All tables of the schema that the site uses, in order."""
    return [name for (name,) in _ask(_TABLES)]


def extensions() -> list[str]:
    """The extensions of the server that the site's schema needs."""
    return [name for (name,) in _ask(_EXTENSIONS)]


def counted() -> dict[str, int]:
    """How many rows each table has, as this transaction sees it."""
    found = {}
    for table in tables():
        ((found[table],),) = _ask(f"SELECT count(*) FROM {quoted(table)}")  # noqa: S608
    return found


def applied() -> dict[str, list[str]]:
    """The migrations of each app that the database has."""
    if "django_migrations" not in tables():
        return {}
    found: dict[str, list[str]] = {}
    for app, name in _ask("SELECT app, name FROM django_migrations ORDER BY app, name"):
        found.setdefault(app, []).append(name)
    return found


def quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _ask(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
"""

_EXTENSIONS = """
SELECT extname FROM pg_extension WHERE extnamespace = 'public'::regnamespace ORDER BY 1
"""
