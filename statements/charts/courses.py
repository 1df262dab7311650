"""How positions on one issue went over time: support above the line, opposition below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from statements.changes import Change
from statements.positions import Position

from .periods import Period, period_of, periods_of
from .shapes import Bar

_WIDTH = 360
_LABELLED, _SUGGESTED = 92, 52
_HEAD, _FOOT = 16, 18
_WIDEST = 22.0
_FEWEST = 6
_LABELS = ("supports", "opposes", "mixed", "neutral")


@dataclass(frozen=True, slots=True)
class Lane:
    """Labels or suggestions, each on a scale of its own; `highest` is what its room stands for."""

    name: str
    y: float
    axis: float
    bars: list[Bar]
    is_suggested: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A period of the table behind the chart; labels with their numbers, suggestions apart."""

    period: Period
    labelled: list[tuple[str, int]]
    suggested: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Course:
    """The chart of one position. `changed_at` is where it turned, if it did."""

    lanes: list[Lane]
    rows: list[Row]
    first: str
    last: str
    change: Change | None
    changed_at: float | None
    width: int
    height: int
    labels: list[str]

    @property
    def turn_anchor(self) -> str:
        """On which side of its line the word for a change has room."""
        return "end" if (self.changed_at or 0) > self.width / 2 else "start"

    @property
    def has_suggestions(self) -> bool:
        return any(row.suggested for row in self.rows)


def courses(positions: Sequence[Position]) -> list[Course]:
    """A chart for each position, all on one scale and over the same time.

    Empty when no quote of any of them has a date.
    """
    months = [
        month
        for each in positions
        for found in (each.months, each.suggested_months)
        for month in found
    ]
    if not months:
        return []
    periods = periods_of(months)
    labelled = [_by_period(each.months, periods) for each in positions]
    suggested = [_by_period(each.suggested_months, periods) for each in positions]
    return [
        _course(position, periods, (labelled[place], labelled), (suggested[place], suggested))
        for place, position in enumerate(positions)
    ]


type _Counts = dict[Period, Counter[str]]


def _course(
    position: Position,
    periods: list[Period],
    labelled: tuple[_Counts, list[_Counts]],
    suggested: tuple[_Counts, list[_Counts]],
) -> Course:
    lanes = []
    y = 0
    for name, (own, everyone), height in (
        ("Labelled", labelled, _LABELLED),
        ("Only suggested", suggested, _SUGGESTED),
    ):
        if any(each for counts in everyone for each in counts.values()):
            lanes.append(_lane(name, own, everyone, periods, y, height))
            y += _HEAD + height
    rows = [
        Row(period, _numbers(labelled[0][period]), _numbers(suggested[0][period]))
        for period in periods
        if labelled[0][period] or suggested[0][period]
    ]
    change = position.change
    return Course(
        lanes,
        rows,
        periods[0].label,
        periods[-1].label,
        change,
        _edge(change, periods) if change else None,
        _WIDTH,
        y + _FOOT,
        [
            label
            for label in _LABELS
            if any(label == found for row in rows for found, _ in row.labelled + row.suggested)
        ],
    )


def _lane(
    name: str, own: _Counts, everyone: list[_Counts], periods: list[Period], y: float, height: float
) -> Lane:
    above = max(_reach(each, "supports") for counts in everyone for each in counts.values())
    below = max(_reach(each, "opposes") for counts in everyone for each in counts.values())
    unit = height / (above + below)
    axis = y + _HEAD + above * unit
    step = _step(periods)
    width = min(step * 0.76, _WIDEST)
    is_suggested = name != "Labelled"
    bars = []
    for place, period in enumerate(periods):
        counts = own[period]
        top = axis - _reach(counts, "supports") * unit
        for label in ("supports", "mixed", "neutral", "opposes"):
            if tall := counts[label] * unit:
                css = f"fill-{label}" + (" suggested" if is_suggested else "")
                x = round((place + 0.5) * step - width / 2, 1)
                bars.append(
                    Bar(
                        x,
                        round(top, 1),
                        round(width, 1),
                        round(tall, 1),
                        f"{period.label}, {label}",
                        counts[label],
                        css,
                    )
                )
                top += tall
    return Lane(name, y + 11, round(axis, 1), bars, is_suggested)


def _reach(counts: Counter[str], side: str) -> float:
    """How far a column goes to one side; what takes no side straddles the line."""
    return counts[side] + (counts["mixed"] + counts["neutral"]) / 2


def _by_period(months: dict[date, Counter[str]], periods: list[Period]) -> _Counts:
    found: _Counts = {period: Counter() for period in periods}
    for month, counts in months.items():
        found[period_of(month, periods)].update(counts)
    return found


def _numbers(counts: Counter[str]) -> list[tuple[str, int]]:
    return [(label, counts[label]) for label in _LABELS if counts[label]]


def _step(periods: list[Period]) -> float:
    return _WIDTH / max(len(periods), _FEWEST)


def _edge(change: Change, periods: list[Period]) -> float:
    """Between the periods before and after the change; within one that has both, its middle."""
    step = _step(periods)
    before = periods.index(period_of(change.before.last, periods))
    after = periods.index(period_of(change.after.first, periods))
    return round((before + after + 1) / 2 * step, 1)
