"""Ways to read the quotes that fit, in the order of their days, with few rows touched.

What most quotes fit is walked along their days. Anything else is found by the full-text index,
which holds words and facets alike; of what is too common for that, some quarters are read first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import F, QuerySet

from statements.browsing.conditions import Conditions, as_query
from statements.browsing.keys import Facet, any_of
from statements.models import Listing
from statements.models.listings import UNDATED
from statements.paging import by_hand

# Where more than this share of all quotes fits, walking along the days is the quickest.
LIKELY = 0.1
# Where more than this times what is wanted is expected to fit, some quarters are tried first.
_AHEAD = 2
# They are to hold so many times what is wanted, at the first try and at the second.
_TRIES = (1.5, 6)
# More quarters than these are not named one by one.
_MOST_QUARTERS = 120


@dataclass(frozen=True, slots=True)
class Rows:
    """Listings to be ordered by their days. Those that are no walk are to be sorted when found.

    The planner takes rare keys for commoner ones, and would look at each quote, newest first.
    """

    listings: QuerySet[Listing]
    is_walk: bool = False

    def newest(self, most: int) -> QuerySet[Listing]:
        by_day = F("day").desc() if self.is_walk else by_hand(F("day")).desc()
        return self.listings.order_by(by_day, "article", "start", "quote")[:most]


def fitting_rows(
    wanted: Conditions,
    either: Sequence[Conditions],
    most: int,
    *,
    oldest: bool = False,
    place: date | None = None,
    count: float | None = None,
) -> Iterator[Rows]:
    """Listings that fit, to be ordered by their days and cut at `most`, in one or more tries.

    Every try but the last holds all that fit of a stretch of time, the newest or the oldest: where
    it yields as many as are wanted, these are the first of all. The last try holds all. `place` is
    the day from which on they are wanted, `count` how many there are, where that is known.
    """
    rows = wanted.fitting(either)
    count = expected(rows) if count is None else count
    everything = not all(each.groups() for each in either)
    lie = days() if wanted.since or wanted.until else None
    stretch = lie.share(wanted.since, wanted.until) if lie else 1.0
    if not wanted.words and (everything or count > LIKELY * size() * stretch):
        yield Rows(wanted.fitting(either, by_keys=True), is_walk=True)
        return
    is_common = count > _AHEAD * most
    if is_common and not lie:
        lie = days()
    if lie:
        first = max(wanted.since or lie.first, lie.first)
        last = min(wanted.until or lie.last, lie.last)
        if is_common and place:
            first, last = (max(first, place), last) if oldest else (first, min(last, place))
        if is_common:
            begin, end = lie.place(first), lie.place(last)
            for room in _TRIES:
                part = (end - begin) * room * most / count
                if oldest:
                    yield Rows(within(rows, first, min(last, lie.at(begin + part))))
                else:
                    yield Rows(within(rows, max(first, lie.at(end - part)), last))
        if wanted.since or wanted.until:
            rows = within(rows, first, last)
    yield Rows(rows)


@dataclass(frozen=True, slots=True)
class Days:
    """How the listings lie in time, by the database's statistics."""

    first: date
    last: date
    bounds: Sequence[date]
    """Between each two neighbours lie as many listings."""

    def place(self, day: date) -> float:
        """The share of listings before a day."""
        return bisect_left(self.bounds, day) / len(self.bounds) if self.bounds else 0.0

    def share(self, since: date | None, until: date | None) -> float:
        """The share of listings between two days, or before or after one."""
        return (self.place(until) if until else 1.0) - (self.place(since) if since else 0.0)

    def at(self, share: float) -> date:
        """The day before which such a share lies."""
        if not self.bounds:
            return self.first
        return self.bounds[min(max(int(share * len(self.bounds)), 0), len(self.bounds) - 1)]


def days() -> Days | None:
    """How the listings with a day lie in time; None when there are none: one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT min(day) FROM statements_listing WHERE day > %s),"
            " (SELECT max(day) FROM statements_listing WHERE day > %s),"
            " (SELECT histogram_bounds::text::date[] FROM pg_stats"
            "  WHERE schemaname = current_schema() AND tablename = 'statements_listing'"
            "  AND attname = 'day')",
            [UNDATED, UNDATED],
        )
        first, last, bounds = cursor.fetchone()
    if first is None:
        return None
    return Days(first, last, [each for each in bounds or () if each > UNDATED])


def expected(rows: QuerySet[Listing]) -> float:
    """How many rows the database expects, from its statistics: no row is looked at."""
    sql, params = rows.values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        return float(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])


def size() -> int:
    """About how many listings there are, by the database's statistics: one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'statements_listing'::regclass")
        return max(int(cursor.fetchone()[0]), 1)


def within(rows: QuerySet[Listing], first: date, last: date) -> QuerySet[Listing]:
    """Those of the quarters between two days; as they are where naming these does not help."""
    quarters = range(_quarter(first), _quarter(last) + 1)
    if not 0 < len(quarters) <= _MOST_QUARTERS:
        return rows
    return rows.filter(
        search__matches=as_query(any_of(Facet.QUARTER.key(each) for each in quarters))
    )


def _quarter(day: date) -> int:
    return day.year * 4 + (day.month - 1) // 3
