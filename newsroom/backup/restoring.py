"""A backup brought back in one transaction, which ends well only when every row is there."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO

from django.db import connection

from newsroom.backup.errors import BackupError
from newsroom.backup.manifest import Manifest, quoted, tables
from newsroom.backup.programs import connected, environment, program, reason
from newsroom.backup.reading import DUMP, check, opened

_BLOCK = 1 << 20
# Restoring waits so long for those who read or write what it replaces.
_LOCK_SECONDS = 30
# Servers before 17 do not know it; it says only that there is no limit.
_TOO_NEW = b"SET transaction_timeout = 0;\n"


def restore(place: Path, *, replace: bool = False) -> Manifest:
    """Bring back the backup and return its manifest; any BackupError leaves all as it was.

    The database must be empty, unless everything in it may be replaced.
    """
    manifest = check(place)
    if unknown := manifest.unknown_migrations():
        raise BackupError(
            f"{place} was made by a newer version ({manifest.version}), with {unknown[0]}: "
            "install that version first."
        )
    if (there := tables()) and not replace:
        name = connection.settings_dict["NAME"]
        raise BackupError(
            f"The database {name} has {len(there)} tables. Restore into an empty one, "
            "or add --replace to lose what is in it."
        )
    # What restoring needs for itself this program must not hold.
    connection.close()
    with opened(place) as (archive, _), archive.open(DUMP) as dump, _psql() as (psql, said):
        psql.write(_OPENING.encode())
        _unpack(dump, psql)
        psql.write(_closing(manifest).encode())
        psql.close()
    if said:
        raise BackupError(f"Nothing was changed: {reason(' '.join(said))}.")
    return manifest


_OPENING = f"""
BEGIN;
SET LOCAL lock_timeout = '{_LOCK_SECONDS}s';
SET LOCAL client_min_messages = warning;
DROP SCHEMA IF EXISTS public CASCADE;
CREATE SCHEMA public;
"""


def _closing(manifest: Manifest) -> str:
    """The end of the transaction: well when each table has as many rows as it had."""
    checks = "".join(
        f"IF (SELECT count(*) FROM public.{quoted(table)}) <> {count} THEN "  # noqa: S608
        f"RAISE EXCEPTION 'the table % is not whole', $name${table}$name$; END IF;\n"
        for table, count in manifest.rows.items()
    )
    return f"DO $check$ BEGIN\n{checks}END $check$;\nCOMMIT;\nANALYZE;\n"


@contextmanager
def _psql() -> Iterator[tuple[IO[bytes], list[str]]]:
    """What psql takes on this installation's database, and what it complained about at the end."""
    options = ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--file=-"]
    command, surroundings = connected("psql", *options)
    said: list[str] = []
    with subprocess.Popen(
        command,
        env=surroundings,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin  # noqa: S101
        assert process.stderr  # noqa: S101
        complaints = process.stderr
        # Read beside the writing: a full pipe would stop both.
        reader = Thread(target=lambda: said.append(complaints.read().decode(errors="replace")))
        reader.start()
        try:
            yield process.stdin, said
        except BrokenPipeError:
            # It has stopped, and says why.
            pass
        finally:
            with _unbroken():
                process.stdin.close()
            reader.join()
    if process.returncode == 0:
        said.clear()


def _unpack(dump: IO[bytes], psql: IO[bytes]) -> None:
    """Write the dump as SQL. Whatever stops in between, the transaction is not committed."""
    command = [str(program("pg_restore")), "--file=-", "--no-owner", "--no-privileges"]
    with subprocess.Popen(
        command,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin  # noqa: S101
        assert process.stdout  # noqa: S101
        assert process.stderr  # noqa: S101
        feeder = Thread(target=_feed, args=(dump, process.stdin))
        feeder.start()
        try:
            head = process.stdout.read(_BLOCK)
            psql.write(head.replace(_TOO_NEW, b"").replace(b"CREATE SCHEMA public;\n", b""))
            shutil.copyfileobj(process.stdout, psql, _BLOCK)
            complaints = process.stderr.read().decode(errors="replace")
        except BaseException:
            process.kill()
            raise
        finally:
            feeder.join()
    if process.returncode:
        raise BackupError(f"Nothing was changed: pg_restore failed: {reason(complaints)}.")


def _feed(dump: IO[bytes], taker: IO[bytes]) -> None:
    with _unbroken(), taker:
        shutil.copyfileobj(dump, taker, _BLOCK)


@contextmanager
def _unbroken() -> Iterator[None]:
    """A program that stops listening says itself why."""
    with suppress(BrokenPipeError):
        yield
