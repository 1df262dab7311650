"""`manage.py import_labels`: store labels that were exported elsewhere."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.ingest.label_rows import read_lines
from statements.ingest.labels import import_labels
from statements.learning import learn
from statements.models import Issue


class Command(BaseCommand):
    help = "Store labels from JSON lines with their history. Running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE.jsonl", help="as the export writes it")
        parser.add_argument(
            "--report", type=Path, metavar="OUT.json", help="write the outcome here"
        )

    def handle(self, *, path: Path, report: Path | None, verbosity: int, **options: Any) -> None:
        if report and not report.parent.is_dir():
            raise CommandError(f"--report {report}: the folder {report.parent} does not exist.")
        try:
            with path.open("rb") as file:
                outcome = import_labels(read_lines(file), name=path.name)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        for issue in Issue.objects.all():
            learn(issue)
        if report:
            report.write_text(
                json.dumps(outcome.as_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
            )
        if verbosity:
            self.stdout.write(f"{outcome.in_words}.")
            if outcome.without_guideline:
                self.stdout.write(
                    f"{outcome.without_guideline:,} name a version of the guideline that is not "
                    "here; they are kept without one."
                )
        for item in outcome.rejected:
            place = f"line {item.line}, {item.field}" if item.field else f"line {item.line}"
            self.stderr.write(f"{place}: {item.reason}")
        if outcome.rejected:
            sys.exit(1)
