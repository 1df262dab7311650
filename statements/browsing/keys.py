"""Values of facets as whole numbers, which arrays, indexes and the full-text search all hold.

A key is the number of its facet times 2²⁷, plus the value's own number: an id, or a place in a
closed list. Migration 0013 writes them by the same rules; a test holds both together.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from statements.models import ActorType, Quote, StanceLabel

SHIFT = 27
REST = (1 << SHIFT) - 1

TYPES = tuple(ActorType.values)
KINDS = ("direct", "mixed", "indirect")
# The labels of the stances; "disputed" where editors disagree, "none" where there is no stance.
STANCES = (*StanceLabel.Label.values, "disputed", "none")
# In the bits of a tally, those that are only suggested stand this far to the left.
SUGGESTED_SHIFT = 8

assert set(KINDS) == set(Quote.Kind.values)  # noqa: S101


class Facet(IntEnum):
    """What a key is a value of. With an issue: its id times 16, plus the place of the stance."""

    TYPE = 1
    ACTOR = 2
    SPEAKER = 3
    ISSUE = 4
    STANCE = 5
    SUGGESTED = 6
    ISSUE_STANCE = 7
    ISSUE_SUGGESTED = 8
    KIND = 9
    OUTLET = 10
    MONTH = 11
    QUARTER = 12

    @property
    def first(self) -> int:
        """The least key of this facet."""
        return self << SHIFT

    @property
    def last(self) -> int:
        """The greatest key of this facet."""
        return self.first + REST

    def key(self, value: int) -> int:
        return self.first + value


def parted(key: int) -> tuple[Facet, int]:
    """The facet of a key and the value's number."""
    return Facet(key >> SHIFT), key & REST


def stance_on(issue: int, stance: str, facet: Facet = Facet.ISSUE_STANCE) -> int:
    """The key of a stance on an issue."""
    return facet.key(issue * 16 + STANCES.index(stance))


def lexeme(key: int) -> str:
    """The key as it stands in `Listing.search`: no word that anybody says begins so."""
    return f"~{key}"


def any_of(keys: Iterable[int]) -> str:
    """A tsquery that fits listings with one of the keys."""
    return "(" + " | ".join(f"'{lexeme(key)}'" for key in keys) + ")"


def bits(values: Iterable[str], order: tuple[str, ...]) -> int:
    """A bit for each of the values, by its place."""
    return sum(1 << order.index(value) for value in values)
