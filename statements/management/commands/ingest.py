"""`manage.py ingest`: store articles with their quotes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.ingest.documents import Document, Facts, Refusal, read_paths
from statements.ingest.loading import Report, load_documents
from statements.models import ImportBatch, ImportItem


def iso_date(value: str) -> date:
    """Read 2022-09-01; argparse turns the ValueError into its message."""
    return date.fromisoformat(value)


iso_date.__name__ = "date (write it like 2022-09-01)"


class Command(BaseCommand):
    help = "Store articles with their quotes. Running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files and folders")
        parser.add_argument(
            "--published", type=iso_date, metavar="DATE", help="for articles whose date is unknown"
        )
        parser.add_argument("--outlet", default="", help="for articles whose outlet is unknown")
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
        documents: list[Document | Refusal] = list(read_paths(paths, facts))
        outcome, batch = load_documents(
            documents,
            channel=ImportBatch.Channel.COMMAND,
            workers=workers,
            progress=self._progress(len(documents)) if verbosity else None,
        )
        if report:
            report.write_text(
                json.dumps(outcome.as_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
            )
        self._forget_if_idle(batch, outcome)
        if verbosity:
            self.stdout.write(self._summary(outcome))
        for item in outcome.rejected:
            self.stderr.write(f"{item.name}: {item.reason}")
        if outcome.rejected:
            sys.exit(1)

    def _progress(self, total: int) -> Callable[[ImportItem], None] | None:
        """A line that counts up, on a terminal only."""
        if not self.stderr.isatty():
            return None
        done = 0

        def show(item: ImportItem) -> None:
            nonlocal done
            done += 1
            bar = ("█" * (done * 30 // total)).ljust(30, "░")
            end = "\n" if done == total else ""
            name = Path(item.name).name[:40]
            self.stderr.write(f"\r{bar} {done:,}/{total:,} {name:<40}", ending=end)
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
