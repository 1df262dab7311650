"""`manage.py restore`: the database as it was when a backup was made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from newsroom.backup.errors import BackupError
from newsroom.backup.restoring import restore


class Command(BaseCommand):
    help = "Bring back a backup into an empty database, in one step that succeeds whole or not."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="what `backup` wrote")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="lose everything that is in the database now; stop the site and workers first",
        )

    def handle(self, *, file: Path, replace: bool, **options: Any) -> None:
        try:
            manifest = restore(file, replace=replace)
        except (BackupError, DatabaseError) as error:
            raise CommandError(" ".join(str(error).split())) from error
        self.stdout.write(
            f"Restored as of {manifest.made_at}: {len(manifest.rows)} tables, "
            f"{manifest.total:,} rows, each table with as many as were saved."
        )
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("It was made by an older version: run `manage.py migrate` now.")
