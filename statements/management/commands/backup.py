"""`manage.py backup`: the whole database as one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from newsroom.backup.errors import BackupError
from newsroom.backup.making import make_backup, prune
from newsroom.backup.reading import check as checked


class Command(BaseCommand):
    help = (
        "Write the whole database, kept files of imports included, to one file that only you can "
        "read. The site may be at work meanwhile."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "place",
            type=Path,
            metavar="FILE_OR_FOLDER",
            help="the file to write; in a folder it gets a name with the time",
        )
        parser.add_argument(
            "--check", action="store_true", help="read the backup FILE and say whether it is whole"
        )
        parser.add_argument(
            "--keep",
            type=int,
            metavar="N",
            help="afterwards remove all but the N latest backups from the folder",
        )

    def handle(self, *, place: Path, check: bool, keep: int | None, **options: Any) -> None:
        if keep is not None and (keep < 1 or check or not place.is_dir()):
            raise CommandError("--keep takes a number from 1 up, and a folder to write to.")
        try:
            if check:
                self._check(place)
                return
            made, manifest = make_backup(place)
        except (BackupError, DatabaseError) as error:
            raise CommandError(" ".join(str(error).split())) from error
        self.stdout.write(f"{made}: {len(manifest.rows)} tables, {manifest.total:,} rows.")
        for old in prune(place, keep) if keep else []:
            self.stdout.write(f"Removed {old}.")

    def _check(self, place: Path) -> None:
        manifest = checked(place)
        self.stdout.write(
            f"Whole: made {manifest.made_at} by version {manifest.version} on PostgreSQL "
            f"{manifest.server}; {len(manifest.rows)} tables, {manifest.total:,} rows; "
            f"SHA-256 of the dump {manifest.sha256}."
        )
        if unknown := manifest.unknown_migrations():
            self.stdout.write(f"Made by a newer version than this: it has {unknown[0]}.")
