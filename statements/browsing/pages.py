"""Which quotes a page of a list shows, in any order, from any place on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from statements.browsing.conditions import Conditions
from statements.browsing.reading import LIKELY, Rows, expected, fitting_rows, size
from statements.browsing.scanning import CAP, NEWEST, Scans
from statements.browsing.searching import relevance
from statements.models import Listing
from statements.models.listings import UNDATED
from statements.paging import Key, Page, keyset_page, read_cursor

PAGE_SIZE = 50

_PLACE = (Key("article_id"), Key("start"), Key("quote_id"))
ORDERS = {
    "newest": (Key("day", descending=True), *_PLACE),
    "oldest": (Key("day_or_last"), *_PLACE),
    "doubtful": (Key("certainty"), *_PLACE),
    "relevance": (Key("relevance", descending=True), Key("day", descending=True), *_PLACE),
}


def page(
    wanted: Conditions,
    sort: str,
    after: str = "",
    most: int = PAGE_SIZE,
    scans: Scans | None = None,
) -> Page[Listing]:
    """The listings behind the cursor `after`, at most so many.

    By relevance only the newest are compared where very many fit. Of what `scans` have gone through
    the newest are known.
    """
    keys = ORDERS[sort]
    newest = scans.newest(wanted) if scans and sort == "newest" and not after else None
    if newest is not None and most < NEWEST:
        known = Listing.objects.filter(pk__in=newest).defer("search")
        return keyset_page(known, keys, size=most, sort=True)
    for rows in _tries(wanted, sort, after, most):
        listings = rows.listings.defer("search")
        found = keyset_page(listings, keys, after, most, sort=not rows.is_walk)
        if found.after:
            break
    return found


def _tries(wanted: Conditions, sort: str, after: str, most: int) -> Iterator[Rows]:
    if sort == "doubtful":
        rows = wanted.listings()
        if not wanted.words and (not wanted.groups() or expected(rows) > LIKELY * size()):
            yield Rows(wanted.listings(by_keys=True), is_walk=True)
        else:
            yield Rows(rows)
    elif sort == "relevance":
        # The first try alone: another page must compare the same quotes.
        newest = next(fitting_rows(wanted, [wanted], CAP)).listings
        yield Rows(newest.annotate(relevance=relevance(wanted.words)), is_walk=True)
    else:
        place = read_cursor(Listing.objects.all(), ORDERS[sort], after) if after else None
        yield from fitting_rows(
            wanted,
            [wanted],
            most + 1,
            oldest=sort == "oldest",
            place=place[0] if place and UNDATED < place[0] < date.max else None,
        )
