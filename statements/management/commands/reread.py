"""`manage.py reread`: read stored articles again with this version of the pipeline."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from statements.ingest import rereading as rereadings
from statements.ingest.rereading import Change, Rereading, outdated, reread, summary
from statements.models import Article

_KINDS = {
    "new": "new",
    "gone": "no longer found",
    "words": "cut otherwise",
    "reading": "read otherwise",
    "kept": "kept as people left them",
}


class Command(BaseCommand):
    help = (
        "Show what this version of the pipeline reads otherwise in articles that an older one has "
        "read; with --apply, follow it. What editors judged, repaired or confirmed stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="make the changes")
        parser.add_argument(
            "--article", type=UUID, action="append", help="only this article, whoever read it"
        )
        parser.add_argument("--most", type=int, metavar="N", help="only the first N articles")
        parser.add_argument("--workers", type=int, default=1, help="processes that read the texts")

    def handle(
        self,
        *,
        apply: bool,
        article: list[UUID] | None,
        most: int | None,
        workers: int,
        verbosity: int,
        **options: Any,
    ) -> None:
        if workers < 1 or (most is not None and most < 1):
            raise CommandError("--workers and --most take whole numbers from 1 up.")
        articles = Article.objects.filter(uuid__in=article) if article else outdated()
        total: Counter[str] = Counter()
        failed = 0
        for found in reread(articles[:most].iterator(chunk_size=100), workers=workers):
            total["articles"] += 1
            total["unchanged"] += found.unchanged
            try:
                made = rereadings.apply(found) if apply else found
            except DatabaseError as error:
                # The article stays as it was; the rest go on.
                failed += 1
                self.stderr.write(f"{found.article.title}: {str(error).splitlines()[0]}")
                continue
            total.update(summary(made.changes))
            if verbosity and made.changes:
                self._show(made)
        verb = "Changed" if apply else "Would change"
        counts = ", ".join(f"{total[kind]:,} {words}" for kind, words in _KINDS.items())
        self.stdout.write(
            f"{verb} in {total['articles']:,} articles: {counts}; {total['unchanged']:,} the same."
        )
        if failed:
            raise CommandError(f"{failed:,} articles could not be changed and are as they were.")

    def _show(self, rereading: Rereading) -> None:
        self.stdout.write(f"\n{rereading.article.title} ({rereading.article.uuid})")
        for change in rereading.changes:
            self.stdout.write(f"  {_in_words(change)}")


def _in_words(change: Change) -> str:
    old = change.quote.content if change.quote else ""
    new = change.found.quote.content if change.found else ""
    words = {
        "new": f"+ “{new}”",
        "gone": f"- “{old}”",
        "words": f"~ “{old}” → “{new}”",
        "reading": f"~ “{old}”: {', '.join(change.fields)}",
    }[change.kind]
    return f"{words} (stays: {change.kept})" if change.kept else words
