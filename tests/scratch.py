"""Databases and servers that one test has for itself."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psycopg2
from django.conf import settings
from django.db import connection

from newsroom.localdb.postmaster import PORT
from newsroom.localdb.server import ROLE, LocalServer


@contextmanager
def own_server() -> Iterator[LocalServer]:
    """A bundled server with data of its own."""
    # Not pytest's own folder, which the account of a server started by root cannot enter.
    home = Path(tempfile.mkdtemp(prefix="nr", dir="/tmp"))
    home.chmod(0o755)
    server = LocalServer(home / "var")
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home)


def address_of(server: LocalServer, database: str) -> str:
    """The address under which another process finds a database of the bundled server."""
    query = urlencode({"host": str(server.start()), "port": PORT})
    return f"postgresql://{ROLE}@/{database}?{query}"


def address_here() -> str:
    """The address under which another process finds the database of this test."""
    given = connection.settings_dict
    if given["HOST"]:
        user = f"{given['USER']}:{given['PASSWORD']}"
        return f"postgresql://{user}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    return address_of(LocalServer(settings.VAR_DIR), given["NAME"])


@contextmanager
def other_database() -> Iterator[str]:
    """An empty database that Django's default connection leads to meanwhile; yields its name."""
    name, used = f"scratch_{secrets.token_hex(4)}", connection.settings_dict["NAME"]
    connection.close()
    with maintenance(used) as cursor:
        cursor.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    connection.settings_dict["NAME"] = name
    try:
        yield name
    finally:
        connection.close()
        connection.settings_dict["NAME"] = used
        with maintenance(used) as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def maintenance(database: str) -> Iterator[psycopg2.extensions.cursor]:
    """A cursor on a database of the test's server, each statement on its own."""
    address = address_here()
    joined = psycopg2.connect(
        address.replace(f"/{connection.settings_dict['NAME']}", f"/{database}")
    )
    try:
        joined.autocommit = True
        with joined.cursor() as cursor:
            yield cursor
    finally:
        joined.close()


def contents(cursor: psycopg2.extensions.cursor) -> dict[str, str | None]:
    """A digest of all rows of each table."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = {}
    for (table,) in cursor.fetchall():
        cursor.execute(
            f"SELECT count(*) || ' ' || md5(string_agg(r::text, E'\\n' ORDER BY r::text)) "  # noqa: S608
            f'FROM "{table}" AS r'
        )
        (found[table],) = cursor.fetchone() or (None,)
    return found


def schema(cursor: psycopg2.extensions.cursor) -> set[tuple[str, ...]]:
    """What there is besides rows: columns, constraints, indexes, triggers and functions."""
    found: set[tuple[str, ...]] = set()
    for query in _SCHEMA:
        cursor.execute(query)
        # A restored check has the same meaning with its casts and brackets in other places.
        found |= {tuple(_NOTATION.sub("", str(each)) for each in row) for row in cursor.fetchall()}
    return found


_NOTATION = re.compile(r"::(?:character varying|text)(?:\[\])?|[()]")


_SCHEMA = (
    "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, "
    "column_default, generation_expression FROM information_schema.columns "
    "WHERE table_schema = 'public'",
    "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, pg_get_functiondef(oid) FROM pg_proc p "
    "WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' "
    "AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')",
)
