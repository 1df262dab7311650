"""Keeping listings true once for many changes, where triggers would do it after each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def listed_once() -> Iterator[set[int]]:
    """Let the listings of quotes (keys) that are put into the set follow at the end, once.

    For whoever stores quotes and much that belongs to them: every quote that is changed meanwhile
    must be in the set. Triggers of the same transaction do nothing until then.
    """
    quotes: set[int] = set()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('newsroom.listings', 'later', true)")
        yield quotes
        cursor.execute("SELECT set_config('newsroom.listings', '', true)")
        cursor.execute("SELECT statements_refresh_listings(%s::bigint[])", [sorted(quotes)])
