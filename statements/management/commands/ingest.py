"""`manage.py ingest`: store articles with their quotes."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.ingest.documents import Facts
from statements.ingest.importing import add_paths, open_batch
from statements.ingest.loading import Report, finish_here
from statements.ingest.readers import Reading
from statements.ingest.readers.encodings import known_encoding
from statements.ingest.readers.file_names import FIELDS as NAME_FIELDS
from statements.ingest.readers.file_names import BadPattern, NamePattern
from statements.ingest.readers.mapping import FIELDS
from statements.ingest.readers.reading import Refused
from statements.models import ImportBatch, ImportItem


def iso_date(value: str) -> date:
    """Read 2022-09-01; argparse turns the ValueError into its message."""
    return date.fromisoformat(value)


iso_date.__name__ = "date (write it like 2022-09-01)"


def columns_given(words: list[str]) -> dict[str, str]:
    """The column of each field in FIELD=COLUMN; raises CommandError."""
    found = {}
    for each in words:
        field, equals, column = each.partition("=")
        if not equals or field not in FIELDS or not column.strip():
            raise CommandError(
                f"--map {each}: write FIELD=COLUMN, where FIELD is one of {', '.join(FIELDS)}."
            )
        found[field] = column.strip()
    return found


def check_words(reading: Reading) -> None:
    """Raise CommandError for an encoding or a pattern that no file could be read with."""
    try:
        if reading.encoding:
            known_encoding(reading.encoding)
        if reading.pattern:
            NamePattern.of(reading.pattern)
    except Refused as refused:
        raise CommandError(f"--encoding: {refused}") from None
    except BadPattern as bad:
        raise CommandError(f"--pattern: {bad}") from None


class Command(BaseCommand):
    help = "Store articles with their quotes. Running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files and folders")
        parser.add_argument(
            "--published", type=iso_date, metavar="DATE", help="for articles whose date is unknown"
        )
        parser.add_argument("--outlet", default="", help="for articles whose outlet is unknown")
        parser.add_argument(
            "--encoding", default="", help="of texts and tables; else it is detected"
        )
        names = ", ".join(f"{{{field}}}" for field in NAME_FIELDS)
        parser.add_argument(
            "--pattern",
            default="",
            help=f"what file names say, such as '{{date}}_{{outlet}}_{{title}}.txt'; from {names}",
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"which column or key of a table holds a field ({', '.join(FIELDS)}); "
            "may be given again",
        )
        parser.add_argument(
            "--date-order",
            choices=("dmy", "mdy"),
            default="",
            help="whether 04/05/2022 is in May or in April; else such dates stay unknown",
        )
        parser.add_argument("--workers", type=int, default=1, help="processes that read the texts")
        parser.add_argument(
            "--report", type=Path, metavar="FILE.json", help="write the outcome here"
        )

    def handle(
        self,
        *,
        paths: list[Path],
        published: date | None,
        outlet: str,
        encoding: str,
        pattern: str,
        map: list[str],  # noqa: A002
        date_order: str,
        workers: int,
        report: Path | None,
        verbosity: int,
        **options: Any,
    ) -> None:
        if workers < 1:
            raise CommandError("--workers takes a whole number from 1 up.")
        if report and not report.parent.is_dir():
            raise CommandError(f"--report {report}: the folder {report.parent} does not exist.")
        facts = Facts(
            published=published,
            published_basis="Given with the import." if published else "",
            outlet=outlet,
        )
        reading = Reading(
            facts=facts,
            encoding=encoding,
            pattern=pattern,
            mapping=columns_given(map),
            date_order=date_order,
            largest=settings.NEWSROOM_MAX_DOCUMENT,
        )
        check_words(reading)
        batch = open_batch(channel=ImportBatch.Channel.COMMAND)
        add_paths(batch, paths, reading)
        outcome = finish_here(
            batch, workers=workers, progress=self._progress() if verbosity else None
        )
        if report:
            report.write_text(
                json.dumps(outcome.as_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
            )
        self._forget_if_idle(batch, outcome)
        if verbosity and self.stderr.isatty():
            self.stderr.write("")
        if verbosity:
            self.stdout.write(self._summary(outcome))
        for item in outcome.items:
            if item.outcome == ImportItem.Outcome.REJECTED:
                self.stderr.write(f"{item.name}: {item.reason}")
            elif item.notes and verbosity:
                self.stdout.write(f"{item.name}: {item.notes}")
        if outcome.rejected:
            sys.exit(1)

    def _progress(self) -> Callable[[ImportItem], None] | None:
        """A line that counts up, on a terminal only."""
        if not self.stderr.isatty():
            return None
        counts: Counter[str] = Counter()

        def show(item: ImportItem) -> None:
            counts[item.outcome] += 1
            said = ", ".join(f"{counts[kind]:,} {kind}" for kind in ImportItem.Outcome.values)
            self.stderr.write(f"\r{said}: {Path(item.name).name[:40]:<40}", ending="")
            self.stderr.flush()

        return show

    @staticmethod
    def _forget_if_idle(batch: ImportBatch, outcome: Report) -> None:
        """Keep no record of a run that found only what was there already."""
        if outcome.count(ImportItem.Outcome.DUPLICATE) == len(outcome.items):
            batch.items.all().delete()
            batch.delete()

    @staticmethod
    def _summary(outcome: Report) -> str:
        counts = {kind: outcome.count(kind) for kind in ImportItem.Outcome.values}
        lines = [
            f"{counts['new']:,} new with {outcome.quotes:,} quotes, "
            f"{counts['duplicate']:,} duplicate, {counts['rejected']:,} rejected."
        ]
        if not counts["new"]:
            lines.append("Nothing changed.")
        if outcome.undated:
            lines.append(
                f"{len(outcome.undated):,} without a date: give --published, or a sidecar .toml."
            )
        return "\n".join(lines)
