"""What is asked for, in the terms of the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from operator import or_
from typing import Self

from django.contrib.postgres.search import SearchQueryField
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from statements.browsing import keys
from statements.browsing.keys import Facet
from statements.browsing.searching import search_query
from statements.models import Listing, QueueItem
from statements.models.listings import UNDATED


@dataclass(frozen=True)
class Conditions:
    """Conditions on quotes that all hold at once; of one facet's values any is enough.

    `chosen` has the keys of each facet of which something is chosen. Stances are those on the
    issues that are chosen, or on any issue when none is.
    """

    chosen: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    stances: tuple[str, ...] = ()
    words: str = ""
    since: date | None = None
    until: date | None = None
    stored_by: date | None = None
    once: bool = False
    with_drafts: bool = False
    asked: QuerySet[QueueItem] | None = None
    """Places in queues that the reader is to judge without seeing how others did."""

    @property
    def issues(self) -> tuple[int, ...]:
        """The ids of the chosen issues."""
        return tuple(keys.parted(key)[1] for key in self.chosen.get("issue", ()))

    @property
    def active(self) -> list[str]:
        """The facets of which something is chosen."""
        return [*(name for name, values in self.chosen.items() if values), *self._stance_name]

    @property
    def _stance_name(self) -> list[str]:
        return ["stance"] if self.stances else []

    def without(self, name: str) -> Self:
        """The same with one facet's condition lifted, or with `date` the range of days."""
        if name == "stance":
            return replace(self, stances=())
        if name == "date":
            return replace(self, since=None, until=None)
        return replace(self, chosen={k: v for k, v in self.chosen.items() if k != name})

    def counting(self, name: str) -> Self:
        """The conditions under which a facet's values are counted: those without its own.

        "None" is about any issue where none is chosen, so that it says nothing of a single one.
        """
        open_ = self.without(name)
        return open_.without("stance") if name == "issue" and "none" in self.stances else open_

    def groups(self) -> dict[str, tuple[int, ...]]:
        """For each active facet the keys of which a quote must have one."""
        found = {name: values for name, values in self.chosen.items() if values}
        if self.stances:
            if self.issues:
                found["stance"] = tuple(
                    keys.stance_on(issue, stance)
                    for issue in self.issues
                    for stance in self.stances
                )
                if "unrelated" not in self.stances:
                    # It follows from the stance; to ask for both would mislead the planner.
                    del found["issue"]
            else:
                found["stance"] = tuple(
                    Facet.STANCE.key(keys.STANCES.index(stance)) for stance in self.stances
                )
        return found

    @property
    def is_bare(self) -> bool:
        """Whether nothing is asked for but facets' values, which can be counted beforehand."""
        return not (
            self.words or self.since or self.until or self.stored_by or self.once or self._hides
        )

    @property
    def _hides(self) -> bool:
        """Whether what is in the list would tell how a quote was judged that must not be told."""
        return bool(self.stances) and self.asked is not None

    def listings(self, *, by_keys: bool = False) -> QuerySet[Listing]:
        """The listings that fit, in no order; `by_keys` makes the full-text index no use.

        That is for who walks along another index, in the order that is wanted.
        """
        return self.fitting([self], by_keys=by_keys)

    def fitting(self, either: Sequence[Conditions], *, by_keys: bool = False) -> QuerySet[Listing]:
        """Listings that fit these words, days and drafts, and the facets of any of `either`."""
        rows = self._plain(Listing.objects.all())
        alternatives = [each.groups() for each in either]
        if all(alternatives):
            if by_keys:
                fits = [
                    Q(*(Q(keys__overlap=list(values)) for values in each.values()))
                    for each in alternatives
                ]
                rows = rows.filter(reduce(or_, fits))
            else:
                query = " | ".join(
                    "(" + " & ".join(keys.any_of(values) for values in each.values()) + ")"
                    for each in alternatives
                )
                rows = rows.filter(search__matches=as_query(query))
        return self._once(rows, either, by_keys) if self.once else rows

    def _once(
        self, rows: QuerySet[Listing], either: Sequence[Conditions], by_keys: bool
    ) -> QuerySet[Listing]:
        """Of the variants of a statement that fit, the earliest; those without a day come last."""
        others = replace(self, once=False).fitting(either, by_keys=by_keys)
        sooner = Q(day_or_last__lt=OuterRef("day_or_last")) | Q(
            day_or_last=OuterRef("day_or_last"), quote__lt=OuterRef("quote")
        )
        earlier = others.filter(sooner, statement=OuterRef("statement"))
        return rows.filter(Q(statement__isnull=True) | ~Exists(earlier))

    def _plain(self, rows: QuerySet[Listing]) -> QuerySet[Listing]:
        if not self.with_drafts:
            rows = rows.filter(is_draft=False)
        if self.since:
            rows = rows.filter(day__gte=self.since)
        if self.until:
            rows = rows.filter(day__lte=self.until)
        if self.since or self.until:
            rows = rows.exclude(day=UNDATED)
        if self.stored_by:
            rows = rows.filter(stored_on__lte=self.stored_by)
        if self._hides and self.asked is not None:
            asked = self.asked.filter(quote=OuterRef("quote"))
            if self.issues:
                asked = asked.filter(issue__in=self.issues)
            rows = rows.exclude(Exists(asked))
        return rows.filter(search__matches=search_query(self.words)) if self.words else rows


def as_query(text: str) -> Cast:
    """A tsquery that is written out already."""
    return Cast(Value(text), SearchQueryField())
