"""A backup looked into: whole, unchanged, and of tables that can be brought back."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsroom.backup.errors import BackupError
from newsroom.backup.manifest import Manifest
from newsroom.backup.programs import environment, program, reason, told

DUMP, MANIFEST = "database.dump", "manifest.json"
_BLOCK = 1 << 20


@contextmanager
def opened(place: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """The file and its manifest. Raises BackupError for a file that is no backup."""
    try:
        with zipfile.ZipFile(place) as archive:
            yield archive, Manifest.read(archive.read(MANIFEST).decode())
    except FileNotFoundError:
        raise BackupError(f"{place} is not there.") from None
    except (OSError, KeyError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise BackupError(f"{place} is not a whole backup: {error}.") from error


def check(place: Path) -> Manifest:
    """What the backup says of itself, once all of it has been read and found to be so."""
    with opened(place) as (archive, manifest):
        digest, size = hashlib.sha256(), 0
        with archive.open(DUMP) as dump:
            while block := dump.read(_BLOCK):
                digest.update(block)
                size += len(block)
        if (size, digest.hexdigest()) != (manifest.size, manifest.sha256):
            raise BackupError(f"{place} is damaged: its dump is not the one that was made.")
        missing = manifest.rows.keys() - _tables_with_data(archive)
        if missing:
            raise BackupError(f"{place} lacks the data of {', '.join(sorted(missing))}.")
    return manifest


def _tables_with_data(archive: zipfile.ZipFile) -> set[str]:
    """The tables whose rows pg_restore finds in the dump."""
    command = [str(program("pg_restore")), "--list"]
    with (
        archive.open(DUMP) as dump,
        subprocess.Popen(
            command,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process,
    ):
        assert process.stdin  # noqa: S101
        assert process.stdout  # noqa: S101
        try:
            # It stops reading behind the list.
            with process.stdin as taken:
                shutil.copyfileobj(dump, taken)
        except BrokenPipeError:
            pass
        listed = process.stdout.read().decode()
        complaints = told(process)
    if process.returncode:
        raise BackupError(f"pg_restore cannot read its dump: {reason(complaints)}.")
    # 4321; 0 16400 TABLE DATA public statements_quote newsroom
    fields = (line.partition(" TABLE DATA public ")[2] for line in listed.splitlines())
    return {field.rpartition(" ")[0] for field in fields if field}
