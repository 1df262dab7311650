"""`manage.py load_issues`: create or update issues from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.ingest.issues import UnreadableIssues, load_issues


class Command(BaseCommand):
    help = "Create issues from a TOML file, or bring them up to date. See seeds/issues.toml."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE.toml")

    def handle(self, *, path: Path, **options: Any) -> None:
        try:
            counts = load_issues(path)
        except UnreadableIssues as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{counts.created} created, {counts.updated} updated, {counts.unchanged} unchanged."
        )
