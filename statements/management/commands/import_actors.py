"""`manage.py import_actors`: store a list of actors, and of people with their posts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.ingest.actor_list_rows import Unreadable, read_actor_list
from statements.ingest.actor_lists import import_actor_list


class Command(BaseCommand):
    help = "Store a list of actors (CSV) or of people and organisations (Popolo JSON)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE", help=".csv or .json, in UTF-8")
        parser.add_argument(
            "--report", type=Path, metavar="OUT.json", help="write the outcome here"
        )

    def handle(self, *, path: Path, report: Path | None, verbosity: int, **options: Any) -> None:
        if report and not report.parent.is_dir():
            raise CommandError(f"--report {report}: the folder {report.parent} does not exist.")
        try:
            listed = read_actor_list(path.read_bytes())
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except Unreadable as error:
            raise CommandError(f"{path}: {error}") from error
        outcome = import_actor_list(listed, name=path.name)
        if report:
            report.write_text(
                json.dumps(outcome.as_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
            )
        if verbosity:
            self.stdout.write(f"{outcome.in_words}.")
        for item in outcome.rejected:
            place = f"{item.place}, {item.field}" if item.field else item.place
            self.stderr.write(f"{place}: {item.reason}")
        if outcome.rejected:
            sys.exit(1)
