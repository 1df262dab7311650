"""`manage.py link_duplicates`: find copies and repeats among what was imported before."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from statements.ingest.linking import Links, forget_links, link_all
from statements.models import Article, ArticleCopy, Statement, Variant


class Command(BaseCommand):
    help = (
        "Group articles that are copies of each other and link quotes of the same words, for "
        "articles that are not linked yet. It can be stopped, and goes on where it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rebuild", action="store_true", help="drop all links first and make them anew"
        )

    def handle(self, *, rebuild: bool, verbosity: int, **options: Any) -> None:
        if rebuild:
            forget_links()
        begun = time.monotonic()
        links = link_all(self._progress if verbosity and self.stderr.isatty() else None)
        if not verbosity:
            return
        seconds = time.monotonic() - begun
        rate = f" ({links.articles / seconds:,.0f} a second)" if links.articles else ""
        self.stdout.write(f"{links.articles:,} articles linked{rate}.")
        heads = ArticleCopy.objects.order_by().values("head").distinct().count()
        self.stdout.write(
            f"In all {Article.objects.count():,} articles, of them {ArticleCopy.objects.count():,} "
            f"copies of {heads:,}; {Variant.objects.count():,} quotes are variants of "
            f"{Statement.objects.count():,} statements."
        )

    def _progress(self, links: Links) -> None:
        self.stderr.write(f"\r{links.articles:,} articles", ending="")
        self.stderr.flush()
