"""`manage.py rebuild_listings`: what lists and facets read, made anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from statements.browsing.rebuilding import rebuild


class Command(BaseCommand):
    help = (
        "List and count all quotes anew. Triggers keep both true, so that this is for what went "
        "past them: a table restored by itself, a change of the text search configuration."
    )

    def handle(self, *, verbosity: int, **options: Any) -> None:
        listed = rebuild()
        if verbosity:
            self.stdout.write(f"{listed:,} quotes are listed.")
