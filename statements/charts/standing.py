"""Where types of actors stand on one issue: opposition to the left, support to the right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from statements.facets import StanceCount
from statements.models import ActorType

from .shapes import Bar


@dataclass(frozen=True, slots=True)
class DivergingRow:
    """One type of actor: opposition to the left of the axis, support to the right."""

    actor_type: str
    label: str
    y: int
    bars: list[Bar]
    counts: list[tuple[str, int, int]]

    @property
    def short(self) -> str:
        """The label at a length that fits beside the bars."""
        return _SHORT.get(self.actor_type, self.label)


_SHORT = {
    "intergovernmental": "Intergov.",
    "security": "Security",
    "armed_group": "Armed gr.",
    "religious": "Religious",
    "civil_society": "Civil soc.",
    "legislature": "Legislat.",
}


@dataclass(frozen=True, slots=True)
class Diverging:
    """`counts` of a row and `labels` go together: label, all quotes, of them only suggested."""

    rows: list[DivergingRow]
    labels: list[str]
    axis: float
    width: int
    height: int
    has_suggested: bool


# From left to right; what takes no side straddles the axis.
_DIVERGING = ("opposes", "mixed", "neutral", "supports")


def diverging(
    counts: Iterable[StanceCount], width: int = 208, row_height: int = 23, names: int = 78
) -> Diverging | None:
    """Where types of actors stand on one issue; None when there is no stance to show."""
    by_type: dict[str, Counter[tuple[str, bool]]] = {}
    for each in counts:
        by_type.setdefault(each.actor_type, Counter())[each.label, each.is_suggested] += each.count
    if not by_type:
        return None
    ordered = sorted(by_type.items(), key=lambda item: (-item[1].total(), item[0]))
    left = max(_reach(found, "opposes") for _, found in ordered)
    right = max(_reach(found, "supports") for _, found in ordered)
    unit = (width - names) / (left + right)
    axis = names + left * unit
    rows = []
    for place, (actor_type, found) in enumerate(ordered):
        y = place * row_height
        start = axis - _reach(found, "opposes") * unit
        rows.append(
            DivergingRow(
                actor_type,
                str(ActorType(actor_type).label),
                y,
                _segments(found, start, y, unit),
                [
                    (label, found[label, False] + found[label, True], found[label, True])
                    for label in _DIVERGING
                ],
            )
        )
    return Diverging(
        rows,
        [
            label
            for label in _DIVERGING
            if any(n for row in rows for k, n, _ in row.counts if k == label)
        ],
        round(axis, 1),
        width,
        len(rows) * row_height,
        any(guessed for row in rows for _, _, guessed in row.counts),
    )


def _reach(found: Counter[tuple[str, bool]], side: str) -> float:
    undecided = sum(
        found[label, guess] for label in ("mixed", "neutral") for guess in (True, False)
    )
    return found[side, True] + found[side, False] + undecided / 2


def _segments(found: Counter[tuple[str, bool]], start: float, y: float, unit: float) -> list[Bar]:
    bars = []
    for label in _DIVERGING:
        for is_suggested in (True, False) if label == "opposes" else (False, True):
            count = found[label, is_suggested]
            if not count:
                continue
            css = f"fill-{label}" + (" suggested" if is_suggested else "")
            wide = count * unit
            bars.append(Bar(round(start, 1), y + 7, round(wide, 1), 9, label, count, css))
            start += wide
    return bars
