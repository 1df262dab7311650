"""Geometry of the two small charts that show how the sides of an issue stood over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from statements.charts import Bar
from statements.contrast import MonthlyStances, Side

_WIDTH, _HEIGHT = 480, 120
_WIDEST_BAR = 28.0


@dataclass(frozen=True, slots=True)
class StanceChart:
    """Both sides on one scale: support above the axis, opposition below it.

    `sides` are the name of the column in the address, the side, and its bars.
    """

    sides: list[tuple[str, Side, list[Bar]]]
    first: date
    last: date
    width: int = _WIDTH
    height: int = _HEIGHT
    axis: int = _HEIGHT // 2


def stance_chart(left: Side, right: Side) -> StanceChart | None:
    """None when no labelled quote has a date."""
    months = [*left.months, *right.months]
    if not months:
        return None
    first = min(each.month for each in months)
    last = max(each.month for each in months)
    highest = max(max(each.supports, each.opposes) for each in months) or 1
    step = _WIDTH / (_months_between(first, last) + 1)
    unit = (_HEIGHT // 2 - 4) / highest
    return StanceChart(
        [
            (name, side, [bar for each in side.months for bar in _bars(each, first, step, unit)])
            for name, side in (("left", left), ("right", right))
        ],
        first,
        last,
    )


def _bars(month: MonthlyStances, first: date, step: float, unit: float) -> list[Bar]:
    width = max(min(step * 0.8, _WIDEST_BAR), 1.5)
    x = (_months_between(first, month.month) + 0.5) * step - width / 2
    axis = _HEIGHT / 2
    name = date_format(month.month, "M Y")
    return [
        Bar(
            round(x, 1),
            round(axis - count * unit if label == "supports" else axis, 1),
            round(width, 1),
            round(count * unit, 1),
            f"{name}, {label}",
            count,
            f"fill-{label}",
        )
        for label, count in (("supports", month.supports), ("opposes", month.opposes))
        if count
    ]


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
