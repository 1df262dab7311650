"""`manage.py load_extracted`: store articles whose quotations were found elsewhere."""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from statements.ingest.bulk import BulkLoad, pairs
from statements.ingest.documents import Facts
from statements.ingest.linking import link_all
from statements.ingest.loading import Report
from statements.management.commands.extract_shards import EXTRACTION
from statements.management.commands.ingest import iso_date
from statements.models import ImportBatch, ImportItem
from statements.nlp import PIPELINE_VERSION

Outcome = ImportItem.Outcome


class Command(BaseCommand):
    help = (
        "Store the articles whose quotations extract_shards wrote to DIR. The articles are .jsonl "
        "or .jsonl.gz files of {id, text} and, where they are known, title, published, outlet, "
        "byline, url, note and fiction. Running it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="the files of quotations")
        parser.add_argument(
            "--articles", type=Path, metavar="DIR", help="the files of articles, if elsewhere"
        )
        parser.add_argument(
            "--published", type=iso_date, metavar="DATE", help="for articles whose date is unknown"
        )
        parser.add_argument("--outlet", default="", help="for articles whose outlet is unknown")
        parser.add_argument(
            "--report", type=Path, metavar="FILE.json", help="write the outcome here"
        )

    def handle(
        self,
        *,
        folder: Path,
        articles: Path | None,
        published: date | None,
        outlet: str,
        report: Path | None,
        verbosity: int,
        **options: Any,
    ) -> None:
        for each in (folder, articles):
            if each and not each.is_dir():
                raise CommandError(f"{each} is no folder.")
        if report and not report.parent.is_dir():
            raise CommandError(f"--report {report}: the folder {report.parent} does not exist.")
        shards = pairs(articles or folder, folder)
        if not shards:
            raise CommandError(f"{folder} holds no .jsonl or .jsonl.gz file.")
        facts = Facts(
            published=published,
            published_basis="Given with the import." if published else "",
            outlet=outlet,
        )
        batch = ImportBatch.objects.create(channel=ImportBatch.Channel.COMMAND)
        load = BulkLoad(batch, _pipeline(folder), facts)
        for number, shard in enumerate(shards, start=1):
            began = time.monotonic()
            counts = load.load(shard)
            if verbosity:
                self.stdout.write(
                    f"{number:,}/{len(shards):,} {shard.name}: {counts['new']:,} new with "
                    f"{counts['quotes']:,} quotes, {counts['duplicate']:,} duplicate, "
                    f"{counts['rejected']:,} rejected in {time.monotonic() - began:.1f} s"
                )
                self.stdout.flush()
        queued = load.fill_queues()
        link_all()
        batch.finished_at, batch.state = timezone.now(), ImportBatch.State.FINISHED
        batch.save(update_fields=["finished_at", "state"])
        self._report(batch, report, queued, verbosity)

    def _report(self, batch: ImportBatch, report: Path | None, queued: int, verbosity: int) -> None:
        items = batch.items.select_related("article").defer("article__text")
        if report:
            outcome = Report(list(items)).as_json()
            report.write_text(
                json.dumps(outcome, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
            )
        if verbosity:
            self.stdout.write(_summary(batch, queued))
        rejected = batch.items.filter(outcome=Outcome.REJECTED)
        for name, reason in rejected.values_list("name", "reason").iterator():
            self.stderr.write(f"{name}: {reason}")
        if rejected.exists():
            sys.exit(1)
        if not batch.items.exclude(outcome=Outcome.DUPLICATE).exists():
            # Keep no record of a run that found only what was there already.
            batch.items.all().delete()
            batch.delete()


def _pipeline(folder: Path) -> str:
    """Which version of the extraction found the quotations of a folder."""
    try:
        made = json.loads((folder / EXTRACTION).read_text(encoding="utf-8"))
        return str(made["pipeline"])
    except FileNotFoundError:
        return PIPELINE_VERSION
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{folder / EXTRACTION} is not what extract_shards wrote.") from error


def _summary(batch: ImportBatch, queued: int) -> str:
    new = batch.items.filter(outcome=Outcome.NEW)
    counts = {each: batch.items.filter(outcome=each).count() for each in Outcome.values}
    quotes = sum(new.values_list("quote_count", flat=True))
    lines = [
        f"{counts['new']:,} new with {quotes:,} quotes, "
        f"{counts['duplicate']:,} duplicate, {counts['rejected']:,} rejected."
    ]
    if queued:
        lines.append(f"{queued:,} quotes are new in the queues of issues.")
    if not counts["new"]:
        lines.append("Nothing changed." if not queued else "No article is new.")
        return "\n".join(lines)
    undated = new.filter(article__published_on=None).count()
    if undated:
        lines.append(f"{undated:,} without a date: give --published, or a “published” a line.")
    lines.append(f"No stance is suggested yet: manage.py suggest_stored --batch {batch.uuid}")
    lines.append("Who answers whom is not read yet: manage.py link_replies")
    return "\n".join(lines)
