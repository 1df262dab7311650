"""Exact counts from sums that are kept: of quotes by type, kind, stance and month, in one slice.

A slice is everything, or one issue, outlet, actor or speaker. Nothing here looks at quotes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from statements.browsing.keys import KINDS, SHIFT, STANCES, SUGGESTED_SHIFT, TYPES, Facet, bits
from statements.models import Tally

# Of actors and speakers those with the most quotes are looked at, when types, kinds or stances
# narrow them; who is not among these has too few to be among the most quoted of any.
HEADS = 200


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which cells of a slice count, as bits; 0 stands for all of them."""

    types: int = 0
    kinds: int = 0
    stances: int = 0
    with_drafts: bool = False

    @classmethod
    def to(
        cls,
        types: Iterable[int],
        kinds: Iterable[int],
        stances: Iterable[str],
        *,
        with_drafts: bool,
    ) -> Narrowing:
        """From places of types and kinds, and names of stances."""
        return cls(
            types=sum(1 << place for place in types),
            kinds=sum(1 << place for place in kinds),
            stances=bits(stances, STANCES),
            with_drafts=with_drafts,
        )

    def sql(self, *, without: str = "") -> tuple[str, list[Any]]:
        """The condition on cells."""
        parts, params = ["true"], []
        for name, column, mask in (
            ("type", "types & %s <> 0", self.types),
            ("kind", "(1 << kind) & %s <> 0", self.kinds),
            ("stance", "stances & %s <> 0", self.stances),
        ):
            if mask and name != without:
                parts.append(column)
                params.append(mask)
        if not self.with_drafts:
            parts.append("NOT is_draft")
        return " AND ".join(parts), params

    @property
    def is_open(self) -> bool:
        """Whether every cell counts, of those that may be read."""
        return not (self.types or self.kinds or self.stances)


@dataclass(slots=True)
class Cells:
    """What a slice holds under a narrowing, each facet counted with its own part left out."""

    total: int
    types: Counter[int]
    kinds: Counter[int]
    stances: Counter[int]
    suggested: Counter[int]


def cells(slice_: int, narrowing: Narrowing) -> Cells:
    """The counts of one slice: one query."""
    branches, params = [], []
    for number, (name, column) in enumerate(
        (("", "0"), ("type", "types"), ("kind", "kind"), ("stance", "stances"))
    ):
        where, values = narrowing.sql(without=name)
        # The places of the facets' values come as they are; bits are taken apart below.
        branches.append(f"SELECT {number}, {column}, sum(n) FROM c WHERE {where} GROUP BY 2")  # noqa: S608
        params += values
    rows = _rows(
        "WITH c AS MATERIALIZED (SELECT is_draft, types, kind, stances, sum(n) AS n "
        "FROM statements_tally WHERE month = %s AND slice = %s GROUP BY 1, 2, 3, 4) "
        + " UNION ALL ".join(branches),
        [Tally.WHOLE, slice_, *params],
    )
    found: list[Counter[int]] = [Counter(), Counter(), Counter(), Counter()]
    for number, value, n in rows:
        found[number][value] += int(n)
    total, types, kinds, stances = found
    return Cells(
        total=total[0],
        types=_by_bit(types, len(TYPES)),
        kinds=Counter({place: kinds[place] for place in range(len(KINDS))}),
        stances=_by_bit(stances, len(STANCES)),
        suggested=_by_bit(stances, len(STANCES), SUGGESTED_SHIFT),
    )


def by_slice(facet: Facet, narrowing: Narrowing, most: int) -> Counter[int]:
    """The values of a facet with the most quotes, by key: one query.

    Of actors and speakers only the `HEADS` most quoted are compared where types, kinds or stances
    narrow them.
    """
    where, params = narrowing.sql()
    if facet in (Facet.ACTOR, Facet.SPEAKER):
        heads = (
            f"slice IN (SELECT slice FROM (SELECT slice, n FROM statements_tally "  # noqa: S608
            f"WHERE month = {Tally.TOTAL} AND is_folded AND slice >> {SHIFT} = {facet:d} "
            f"ORDER BY slice >> {SHIFT}, n DESC LIMIT {HEADS}) h UNION "
            f"SELECT slice FROM statements_tally WHERE NOT is_folded AND month = {Tally.TOTAL} "
            f"AND slice BETWEEN {facet.first} AND {facet.last})"
        )
    else:
        heads = f"slice BETWEEN {facet.first} AND {facet.last}"
    month = Tally.TOTAL if narrowing.is_open else Tally.WHOLE
    rows = _rows(
        f"SELECT slice, sum(n) FROM statements_tally WHERE month = %s AND {heads} AND {where} "  # noqa: S608
        "GROUP BY 1 HAVING sum(n) > 0 ORDER BY 2 DESC, 1 LIMIT %s",
        [month, *params, most],
    )
    return Counter({key: int(n) for key, n in rows})


def months(slice_: int, narrowing: Narrowing) -> Counter[int]:
    """Quotes of a slice by month: one query."""
    where, params = narrowing.sql()
    rows = _rows(
        "SELECT month, sum(n) FROM statements_tally WHERE month >= 0 AND slice = %s "  # noqa: S608
        f"AND {where} GROUP BY 1",
        [slice_, *params],
    )
    return Counter({month: int(n) for month, n in rows if n})


def months_by_type(slice_: int, narrowing: Narrowing) -> dict[int, Counter[int]]:
    """Quotes of a slice by month and place of the type; of voices of two types once for each."""
    where, params = narrowing.sql()
    rows = _rows(
        "SELECT month, types, sum(n) FROM statements_tally WHERE month >= 0 AND slice = %s "  # noqa: S608
        f"AND {where} GROUP BY 1, 2",
        [slice_, *params],
    )
    found: dict[int, Counter[int]] = {}
    for month, types, n in rows:
        if n:
            found.setdefault(month, Counter()).update(_by_bit(Counter({types: int(n)}), len(TYPES)))
    return found


def stances_by_type(issue_slice: int, narrowing: Narrowing) -> Counter[tuple[int, int, bool]]:
    """Quotes by type, stance on the issue and whether it is but suggested; see `keys`."""
    where, params = narrowing.sql(without="stance")
    rows = _rows(
        "SELECT types, stances, sum(n) FROM statements_tally WHERE month = %s AND slice = %s "  # noqa: S608
        f"AND {where} GROUP BY 1, 2",
        [Tally.WHOLE, issue_slice, *params],
    )
    found: Counter[tuple[int, int, bool]] = Counter()
    for types, stances, n in rows:
        place = (stances & ((1 << SUGGESTED_SHIFT) - 1)).bit_length() - 1
        for type_ in range(len(TYPES)):
            if types >> type_ & 1:
                found[type_, place, stances >> SUGGESTED_SHIFT > 0] += int(n)
    return found


def fold() -> int:
    """Sum up the differences that changes have left; returns how many rows there were."""
    return int(_rows("SELECT statements_fold_tallies()", [])[0][0])


def _by_bit(counts: Counter[int], width: int, shift: int = 0) -> Counter[int]:
    found: Counter[int] = Counter()
    for mask, n in counts.items():
        for place in range(width):
            if mask >> (place + shift) & 1:
                found[place] += n
    return found


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
