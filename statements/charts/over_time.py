"""Quotes over time: the bars of a rail, and columns by type of actor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from statements.filters import QuoteFilter
from statements.models import ActorType

from .periods import Period, grouped, period_of, periods_of
from .shapes import Bar, ticks_to


@dataclass(frozen=True, slots=True)
class Histogram:
    """Quotes over time. Each bar's `query` narrows the page to its period."""

    bars: list[Bar]
    width: int
    height: int
    first: str
    last: str


def histogram(
    months: dict[date, int], wanted: QuoteFilter, width: int = 208, height: int = 44
) -> Histogram | None:
    """Bars for the facet rail; None when no quote has a date."""
    if not months:
        return None
    periods = periods_of(list(months))
    counts = grouped(months, periods)
    step = width / max(len(periods), 8)
    top = max(counts.values())
    bars = []
    for place, period in enumerate(periods):
        count = counts[period]
        tall = max(2.0, (height - 2) * count / top)
        bars.append(
            Bar(
                x=round(place * step, 1),
                y=round(height - tall, 1),
                width=round(step - 2, 1),
                height=round(tall, 1),
                label=period.label,
                count=count,
                css="chosen" if _is_within(period, wanted) else "",
                query=wanted.query(from_=period.first.isoformat(), to=period.last.isoformat()),
            )
        )
    return Histogram(bars, width, height, periods[0].label, periods[-1].label)


@dataclass(frozen=True, slots=True)
class Column:
    """One period of the timeline with its quotes by type of actor."""

    period: Period
    x: float
    bars: list[Bar]
    counts: list[int]
    total: int
    query: str
    is_labelled: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    columns: list[Column]
    types: list[tuple[str, str]]
    ticks: list[tuple[int, float]]
    width: int
    height: int
    left: int
    base: int


def timeline(
    months: dict[date, Counter[str]], wanted: QuoteFilter, width: int = 720, height: int = 300
) -> Timeline | None:
    """Stacked columns by type of actor; None when no quote has a date.

    A quote of voices of two types stands in the column once for each.
    """
    if not months:
        return None
    periods = periods_of(list(months))
    found: dict[Period, Counter[str]] = {period: Counter() for period in periods}
    for month, counts in months.items():
        found[period_of(month, periods)].update(counts)
    present = {kind for counts in found.values() for kind in counts}
    types = [(value, str(label)) for value, label in ActorType.choices if value in present]
    left, base = 32, height - 28
    highest = max(counts.total() for counts in found.values())
    ticks = ticks_to(highest)
    unit = (base - 8) / ticks[-1]
    step = (width - left) / max(len(periods), 6)
    columns = []
    every = -(-len(periods) // 8)
    for place, period in enumerate(periods):
        x = left + place * step
        columns.append(
            Column(
                period,
                round(x + step / 2, 1),
                _stack(found[period], types, x + step * 0.14, step * 0.72, base, unit),
                [found[period][value] for value, _ in types],
                found[period].total(),
                wanted.query(
                    from_=period.first.isoformat(), to=period.last.isoformat(), view="list"
                ),
                place % every == 0,
            )
        )
    marks = [(tick, round(base - tick * unit, 1)) for tick in ticks]
    return Timeline(columns, types, marks, width, height, left, base)


def _stack(
    counts: Counter[str],
    types: Sequence[tuple[str, str]],
    x: float,
    width: float,
    base: float,
    unit: float,
) -> list[Bar]:
    bars = []
    y = base
    for value, label in types:
        if counts[value]:
            tall = counts[value] * unit
            y -= tall
            bars.append(
                Bar(
                    round(x, 1),
                    round(y, 1),
                    round(width, 1),
                    round(tall, 1),
                    label,
                    counts[value],
                    f"type-{value}",
                )
            )
    return bars


def _is_within(period: Period, wanted: QuoteFilter) -> bool:
    """Whether a range of dates is asked for and the period touches it."""
    if not wanted.since and not wanted.until:
        return False
    return not (
        (wanted.since and period.last < wanted.since)
        or (wanted.until and period.first > wanted.until)
    )
