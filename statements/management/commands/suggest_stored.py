"""`manage.py suggest_stored`: suggest stances for quotes that were stored without."""

from __future__ import annotations

from argparse import ArgumentTypeError
from itertools import batched
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.ingest.suggesting import suggest_stances
from statements.models import Article, ImportBatch, Issue, Quote

# Articles whose quotes are read at once.
_AT_ONCE = 100


def batch_uuid(value: str) -> UUID:
    """Read the id of a batch."""
    try:
        return UUID(value)
    except ValueError as error:
        raise ArgumentTypeError(f"{value} is no batch; load_extracted prints its own.") from error


class Command(BaseCommand):
    help = (
        "Suggest stances on every issue for the quotes of an import, or for all. Running it again "
        "changes nothing, unless an issue or what was learned of it has changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--batch", type=batch_uuid, metavar="UUID", help="only what this import brought"
        )

    def handle(self, *, batch: UUID | None, verbosity: int, **options: Any) -> None:
        articles = Article.objects.order_by("pk")
        if batch:
            if not ImportBatch.objects.filter(uuid=batch).exists():
                raise CommandError(f"There is no batch {batch}.")
            articles = articles.filter(import_items__batch__uuid=batch, import_items__outcome="new")
        issues = list(Issue.objects.select_related("actor"))
        made = 0
        for some in batched(articles.values_list("pk", flat=True).iterator(), _AT_ONCE):
            quotes = (
                Quote.objects.filter(article__in=some)
                .select_related("article", "speaker", "actor")
                .order_by("article_id", "start", "end")
            )
            made += suggest_stances(quotes, issues)
        if verbosity:
            self.stdout.write(f"{made:,} suggestions are new.")
