"""Listings and tallies made anew from what they are copied from."""

from __future__ import annotations

from django.db import connection, transaction

from statements.browsing import tallies
from statements.models import Listing, Quote

_AT_ONCE = 50_000


@transaction.atomic
def rebuild() -> int:
    """List and count all quotes anew; returns how many are listed.

    Whoever reads lists or writes quotes waits until it is done. Indexes are made once all is there,
    which takes a fraction of the time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("LOCK TABLE statements_quote IN SHARE MODE")
        cursor.execute("TRUNCATE statements_listing, statements_tally")
        with connection.schema_editor() as editor:
            for index in Listing._meta.indexes:
                editor.remove_index(Listing, index)
        last = Quote.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        for first in range(0, last + 1, _AT_ONCE):
            cursor.execute(
                "INSERT INTO statements_listing SELECT * FROM statements_listings_of(ARRAY("
                "SELECT id FROM statements_quote WHERE id >= %s AND id < %s))",
                [first, first + _AT_ONCE],
            )
            tallies.fold()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with connection.schema_editor() as editor:
            for index in Listing._meta.indexes:
                editor.add_index(Listing, index)
    return Listing.objects.count()
