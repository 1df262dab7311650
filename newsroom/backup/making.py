"""A backup made: a zip of the dump and its manifest, whole or not there."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import zipfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from django.db import connection, transaction

from newsroom.backup.errors import BackupError
from newsroom.backup.manifest import Manifest, applied, counted, extensions, version
from newsroom.backup.programs import connected, reason, told
from newsroom.backup.reading import DUMP, MANIFEST, check

BLOCK = 1 << 20
PREFIX, SUFFIX = "newsroom-", ".backup"


def make_backup(place: Path) -> tuple[Path, Manifest]:
    """The finished file, checked, and what it holds. Raises BackupError and leaves nothing else.

    `place` is the file to make, or a folder in which it gets a name with the time. The site may
    be at work meanwhile: dump and counts are of one moment.
    """
    made_at = datetime.now(UTC)
    if place.is_dir():
        place = place / f"{PREFIX}{made_at:%Y-%m-%dT%H%M%SZ}{SUFFIX}"
    if place.exists():
        raise BackupError(f"{place} is there already: name another file.")
    try:
        # Such a file is closed to other users from the start.
        handle, name = tempfile.mkstemp(prefix=f".{place.name}-", dir=place.parent)
    except OSError as error:
        raise BackupError(f"{place.parent} takes no file: {error.strerror}.") from error
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _write(file, made_at)
            file.flush()
            os.fsync(file.fileno())
        manifest = check(unfinished)
        # A link, unlike a renaming, never takes the place of a file that appeared meanwhile.
        os.link(unfinished, place)
        _settle(place.parent)
    except OSError as error:
        raise BackupError(f"{place} could not be written: {error.strerror or error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return place, manifest


def prune(folder: Path, keep: int) -> list[Path]:
    """Remove all but the latest backups that got their names here; returns the removed ones."""
    found = sorted(folder.glob(f"{PREFIX}*{SUFFIX}"), reverse=True)
    for old in found[keep:]:
        old.unlink()
    return found[keep:]


def _write(file: IO[bytes], made_at: datetime) -> None:
    # The dump is compressed already.
    with transaction.atomic(), zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
            snapshot, server = cursor.fetchone()
        with archive.open(DUMP, "w", force_zip64=True) as dump:
            size, digest = _dump(dump, snapshot)
        manifest = Manifest(
            made_at=made_at.isoformat(timespec="seconds"),
            version=version(),
            server=server,
            migrations=applied(),
            rows=counted(),
            size=size,
            sha256=digest,
        )
        archive.writestr(MANIFEST, manifest.written())


def _dump(file: IO[bytes], snapshot: str) -> tuple[int, str]:
    options = ["--format=custom", "--no-password", f"--snapshot={snapshot}", "--schema=public"]
    # A dump of one schema leaves out what is not named.
    options += [f"--extension={name}" for name in extensions()]
    command, environment = connected("pg_dump", *options)
    digest, size = hashlib.sha256(), 0
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout  # noqa: S101
        while block := process.stdout.read(BLOCK):
            digest.update(block)
            size += len(block)
            file.write(block)
        complaints = told(process)
    if process.returncode:
        raise BackupError(f"pg_dump failed: {reason(complaints)}.")
    return size, digest.hexdigest()


def _settle(folder: Path) -> None:
    """Have the folder written to its disk, so that the new name outlives a power cut."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
