"""`manage.py link_replies`: propose who answers whom in articles that were not read for it yet."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from statements.ingest.answering import Answering, forget_readings, link_all
from statements.models import Reply


class Command(BaseCommand):
    help = (
        "Read stored articles for who answers whom, those that these rules have not read yet. "
        "It can be stopped, and goes on where it was; what editors decided stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--again", action="store_true", help="read those anew that were read already"
        )

    def handle(self, *, again: bool, verbosity: int, **options: Any) -> None:
        if again:
            forget_readings()
        begun = time.monotonic()
        total = link_all(self._progress if verbosity and self.stderr.isatty() else None)
        if not verbosity:
            return
        seconds = time.monotonic() - begun
        rate = f" ({total.articles / seconds:,.0f} a second)" if total.articles else ""
        self.stdout.write(f"{total.articles:,} articles read{rate}.")
        undecided = Reply.objects.undecided().count()
        self.stdout.write(
            f"{total.replies:,} links proposed now; in all {Reply.objects.count():,}, "
            f"of them {undecided:,} undecided."
        )

    def _progress(self, total: Answering) -> None:
        self.stderr.write(f"\r{total.articles:,} articles", ending="")
        self.stderr.flush()
