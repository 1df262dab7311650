"""Geometry of the charts, drawn on the server as SVG without styles or scripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from statements.facets import StanceCount
from statements.filters import QuoteFilter, end_of_month
from statements.models import ActorType

# The most bars that stay readable; more months than this are drawn as quarters or years.
_MOST_BARS = 24


@dataclass(frozen=True, slots=True)
class Period:
    """A month, a quarter or a year."""

    first: date
    last: date
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle with its meaning; `css` names what colours it."""

    x: float
    y: float
    width: float
    height: float
    label: str
    count: int
    css: str = ""
    query: str = ""


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
    periods = _periods(list(months))
    counts = _grouped(months, periods)
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
    periods = _periods(list(months))
    found: dict[Period, Counter[str]] = {period: Counter() for period in periods}
    for month, counts in months.items():
        found[_period_of(month, periods)].update(counts)
    present = {kind for counts in found.values() for kind in counts}
    types = [(value, str(label)) for value, label in ActorType.choices if value in present]
    left, base = 32, height - 28
    highest = max(counts.total() for counts in found.values())
    ticks = _ticks(highest)
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


def _ticks(highest: int) -> list[int]:
    """Round numbers from 0 up to at least `highest`, at most six of them."""
    step = 1
    for factor in _steps():
        step = factor
        if step * 5 >= highest:
            break
    return list(range(0, highest + step, step))


def _steps() -> Iterable[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


# -- Periods ------------------------------------------------------------------------------------


def _periods(months: Sequence[date]) -> list[Period]:
    """All periods from the first month to the last, of the smallest size that stays readable."""
    first, last = min(months), max(months)
    for months_each, name in _SIZES:
        start = first.replace(
            month=(first.month - 1) // min(months_each, 12) * min(months_each, 12) + 1
        )
        if months_each > 12:
            start = start.replace(year=start.year - start.year % (months_each // 12) or 1)
        periods = []
        while start <= last:
            following = _months_later(start, months_each)
            periods.append(
                Period(start, end_of_month(_months_later(start, months_each - 1)), name(start))
            )
            start = following
        if len(periods) <= _MOST_BARS:
            break
    return periods


def _months_later(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


_SIZES: list[tuple[int, Callable[[date], str]]] = [
    (1, lambda day: date_format(day, "M Y")),
    (3, lambda day: f"Q{(day.month + 2) // 3} {day.year}"),
    (12, lambda day: str(day.year)),
    (120, lambda day: f"{day.year}s"),
    (1200, lambda day: f"{day.year}–{day.year + 99}"),
]


def _grouped(months: dict[date, int], periods: Sequence[Period]) -> Counter[Period]:
    counts: Counter[Period] = Counter(dict.fromkeys(periods, 0))
    for month, count in months.items():
        counts[_period_of(month, periods)] += count
    return counts


def _period_of(month: date, periods: Sequence[Period]) -> Period:
    return next(period for period in periods if period.first <= month <= period.last)


def _is_within(period: Period, wanted: QuoteFilter) -> bool:
    """Whether a range of dates is asked for and the period touches it."""
    if not wanted.since and not wanted.until:
        return False
    return not (
        (wanted.since and period.last < wanted.since)
        or (wanted.until and period.first > wanted.until)
    )
