"""Counts from the newest of the quotes that fit, at most so many that it takes no longer.

Where fewer fit than the most that are looked at, the counts are exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from statements.browsing.conditions import Conditions
from statements.browsing.keys import REST, SHIFT, STANCES, Facet, parted
from statements.browsing.reading import Rows, fitting_rows

# The most quotes that are counted one by one.
CAP = 2_000
# The most values of a facet of which there may be any number.
MOST = 100
# The newest are kept too: as many as the first page of a list shows, and one more.
NEWEST = 51
# What to count where that is all that is asked for.
MONTHS = frozenset({Facet.MONTH})
STANCES_ALONE = frozenset(
    {Facet.STANCE, Facet.SUGGESTED, Facet.ISSUE_STANCE, Facet.ISSUE_SUGGESTED}
)


@dataclass(slots=True)
class Scan:
    """What was counted. `is_capped`: more fit than were looked at, so each count is a least one."""

    total: int = 0
    articles: int = 0
    actors: int = 0
    is_capped: bool = False
    counts: Counter[int] = field(default_factory=Counter)
    months_by_type: Counter[tuple[int, int]] = field(default_factory=Counter)
    """Quotes by key of the month and bits of their types."""
    stands: Counter[tuple[int, int]] = field(default_factory=Counter)
    """Quotes by bits of their types and key of a stance on an issue."""
    on_any: Counter[tuple[Facet, int]] = field(default_factory=Counter)
    """Where several issues are chosen: quotes by stance on any of them, see `keys`."""
    any_of: Counter[int] = field(default_factory=Counter)
    """Where stances are chosen: quotes by an issue on which they stand so."""
    newest: list[int] = field(default_factory=list)
    """Quotes of the first page in the order of days, where everything was counted."""


class Scans:
    """The scans of one page: what was counted for one of its figures serves the others."""

    def __init__(self) -> None:
        self._made: list[tuple[Conditions, frozenset[Facet], Scan]] = []

    def of(
        self,
        wanted: Conditions,
        count: int | None = None,
        only: frozenset[Facet] = frozenset(),
    ) -> Scan:
        """`scan(wanted)`, made once; `count` is how many fit, where that is known."""
        for conditions, facets, found in self._made:
            if conditions == wanted and (not facets or facets == only):
                return found
        found = scan(wanted, count=count, only=only)
        self._made.append((wanted, only, found))
        return found

    def newest(self, wanted: Conditions) -> list[int] | None:
        """The quotes of the first page, and one more, where a scan has come by all of them."""
        for conditions, facets, found in self._made:
            # Of a statement that is listed once, the scan goes through all variants.
            if conditions == wanted and not facets and not wanted.once:
                return found.newest
        return None


def scan(
    wanted: Conditions,
    most: int = CAP,
    stances: Sequence[str] = (),
    count: int | None = None,
    only: frozenset[Facet] = frozenset(),
) -> Scan:
    """Count the newest that fit, by all their values, or by those of some facets `only`.

    Where each statement is to be counted once, it counts once for each value that one of its
    variants has. `any_of` counts those that are asked for, or these stances.
    """
    variants = replace(wanted, once=False)
    found = Scan()
    for rows in fitting_rows(variants, [variants], most + 1, count=count):
        found = _scanned(rows, wanted, stances or wanted.stances, most, only)
        if found.is_capped:
            break
    return found


def _scanned(
    listings: Rows,
    wanted: Conditions,
    stances: Sequence[str],
    most: int,
    only: frozenset[Facet],
) -> Scan:
    # The statement alone is not in the index that most pages are read from.
    columns = ["quote_id", "article_id", "types", "keys", *(["statement"] if wanted.once else [])]
    sql, params = _columns(listings, columns, most + 1)
    chosen = [key for values in wanted.groups().values() for key in values]
    # What counts once: a quote, or a statement.
    said = "count(DISTINCT coalesce(statement, -quote_id))" if wanted.once else "count(*)"
    # To group by all keys takes most of the time, so it is spared where few are asked for.
    facets = ", ".join(f"{facet:d}" for facet in only)
    asked = f" WHERE key >> {SHIFT} IN ({facets})" if only else ""
    by_key = (
        f"SELECT key, {said} AS n FROM u{asked} GROUP BY 1"  # noqa: S608
        if wanted.once
        else "SELECT key, sum(n)::int AS n FROM k GROUP BY 1"
    )
    together, more = _together(wanted, stances)
    whole = (
        f" UNION ALL (SELECT 0, 0, key, n FROM g WHERE key >> {SHIFT} = {Facet.ACTOR:d}"  # noqa: S608
        f"   ORDER BY n DESC, key LIMIT {MOST})"
        f" UNION ALL (SELECT 0, 0, key, n FROM g WHERE key >> {SHIFT} = {Facet.SPEAKER:d}"
        f"   ORDER BY n DESC, key LIMIT {MOST})"
        " UNION ALL SELECT 2, 0, 0, count(DISTINCT article_id) FROM m"
        f" UNION ALL SELECT 3, 0, 0, count(*) FROM g WHERE key >> {SHIFT} = {Facet.ACTOR:d}"
        f" UNION ALL (SELECT 7, 0, quote_id, 0 FROM m LIMIT {NEWEST})"
    )
    rows = _rows(
        # In the list of columns `unnest` takes a fifth of the time that it takes as a table.
        f"WITH m AS MATERIALIZED ({sql}), u AS (SELECT *, unnest(keys) AS key FROM m),"  # noqa: S608
        f" k AS MATERIALIZED (SELECT types, key, {said} AS n FROM u{asked} GROUP BY 1, 2),"
        f" g AS MATERIALIZED ({by_key})"
        f" SELECT 0, 0, key, n FROM g WHERE key >> {SHIFT} NOT IN"
        f"   ({Facet.ACTOR:d}, {Facet.SPEAKER:d}, {Facet.QUARTER:d}) OR key = ANY (%s)"
        f" UNION ALL SELECT 1, (count(*) > {most:d})::int, 0, {said} FROM m"
        f" UNION ALL SELECT 4, types, key, n FROM k WHERE key >> {SHIFT} IN"
        f"   ({Facet.MONTH:d}, {Facet.ISSUE_STANCE:d}, {Facet.ISSUE_SUGGESTED:d})"
        + ("" if only else whole)
        + together,
        [*params, chosen, *more],
    )
    found = Scan()
    for what, types, key, n in rows:
        match what:
            case 0:
                found.counts[key] = n
            case 1:
                found.total, found.is_capped = min(n, most), types > 0
            case 2:
                found.articles = n
            case 3:
                found.actors = n
            case 5:
                found.on_any[Facet(types), key] = n
            case 6:
                found.any_of[key] = n
            case 7:
                found.newest.append(key)
            case _ if key >> SHIFT == Facet.MONTH:
                found.months_by_type[key, types] = n
            case _:
                found.stands[types, key] = n
    if not wanted.once:
        _sum_any_of(found, stances)
    return found


def _sum_any_of(found: Scan, stances: Sequence[str]) -> None:
    """A quote has one stance on an issue, so that those with any of some are their sum."""
    places = _places(stances)
    for key, n in found.counts.items():
        facet, rest = parted(key)
        if facet == Facet.ISSUE_STANCE and rest % 16 in places:
            found.any_of[rest // 16] += n


def _together(wanted: Conditions, stances: Sequence[str]) -> tuple[str, list[Any]]:
    """Counts that are no sum of those of single keys: what fits two of them counts once."""
    said = "coalesce(statement, -quote_id)" if wanted.once else "quote_id"
    sql, params = "", []
    if len(wanted.issues) > 1:
        sql += (
            f" UNION ALL SELECT 5, key >> {SHIFT}, key & 15, count(DISTINCT {said})"  # noqa: S608
            f" FROM u WHERE key >> {SHIFT} IN"
            f" ({Facet.ISSUE_STANCE:d}, {Facet.ISSUE_SUGGESTED:d})"
            f" AND (key & {REST}) / 16 = ANY (%s) GROUP BY 2, 3"
        )
        params.append(list(wanted.issues))
    if stances and wanted.once:
        sql += (
            f" UNION ALL SELECT 6, 0, (key & {REST}) / 16, count(DISTINCT {said})"  # noqa: S608
            f" FROM u WHERE key >> {SHIFT} = {Facet.ISSUE_STANCE:d}"
            " AND key & 15 = ANY (%s) GROUP BY 3"
        )
        params.append(_places(stances))
    return sql, params


def scan_without(wanted: Conditions, names: Sequence[str], most: int = CAP) -> dict[str, Scan]:
    """Count for each of the facets its values with its own condition left out: one pass for all.

    Of each scan only the total, the counts and whether it is capped are filled in.
    """
    if wanted.once:
        return {name: scan(wanted.counting(name), most, wanted.stances) for name in names}
    either = [wanted.counting(name) for name in names]
    found: dict[str, Scan] = {}
    for rows in fitting_rows(wanted, either, most + 1):
        found = _scanned_without(rows, wanted, names, either, most)
        if any(each.is_capped for each in found.values()):
            break
    return found


def _scanned_without(
    listings: Rows,
    wanted: Conditions,
    names: Sequence[str],
    either: Sequence[Conditions],
    most: int,
) -> dict[str, Scan]:
    sql, params = _columns(listings, ["keys"], most + 1)
    fits, values = [], []
    for each in either:
        groups = list(each.groups().values())
        fits.append(" AND ".join("keys && %s" for _ in groups) or "true")
        values += [list(group) for group in groups]
    flags = ", ".join(f"({fit}) AS f{place}" for place, fit in enumerate(fits))
    every = ", ".join(f"f{place}" for place in range(len(fits)))
    rows = _rows(
        f"WITH m AS MATERIALIZED ({sql}), o AS MATERIALIZED ("  # noqa: S608
        f"  SELECT keys, {flags} FROM m), k AS MATERIALIZED ("
        f"  SELECT key, {every}, count(*)::int AS n FROM (SELECT *, unnest(keys) AS key FROM o) u"
        f"  WHERE key >> {SHIFT} = ANY (%s) GROUP BY key, {every})"
        f" SELECT 1, 0, {every}, count(*) FROM o GROUP BY {every}"
        f" UNION ALL SELECT 0, key, {every}, n FROM k"
        f"   WHERE key >> {SHIFT} NOT IN ({Facet.ACTOR:d}, {Facet.SPEAKER:d})"
        f" UNION ALL (SELECT 0, key, {every}, n FROM k"
        f"   WHERE key >> {SHIFT} IN ({Facet.ACTOR:d}, {Facet.SPEAKER:d})"
        f"   ORDER BY n DESC, key LIMIT {5 * MOST})",
        [*params, *values, sorted({code for name in names for code in _codes(name)})],
    )
    found = {name: Scan() for name in names}
    seen = 0
    for what, key, *fitting, n in rows:
        seen += n if what else 0
        for name, fit in zip(names, fitting, strict=True):
            if not fit:
                continue
            if what:
                found[name].total += n
            elif key >> SHIFT in _codes(name):
                found[name].counts[key] += int(n)
    for scanned in found.values():
        scanned.is_capped = seen > most
        _sum_any_of(scanned, wanted.stances)
    return found


def _places(stances: Sequence[str]) -> list[int]:
    """Those of the stances that choosing an issue can show: not that it is unrelated to it."""
    return [STANCES.index(each) for each in stances if each != "unrelated"]


def _codes(name: str) -> Sequence[Facet]:
    """The facets whose keys count for a facet's values."""
    if name == "stance":
        return (Facet.STANCE, Facet.SUGGESTED, Facet.ISSUE_STANCE, Facet.ISSUE_SUGGESTED)
    if name == "issue":
        return (Facet.ISSUE, Facet.ISSUE_STANCE)
    return (Facet[name.upper()],)


def _columns(rows: Rows, columns: Sequence[str], most: int) -> tuple[str, list[Any]]:
    sql, params = rows.newest(most).values(*columns).query.sql_with_params()
    return sql, list(params)


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
