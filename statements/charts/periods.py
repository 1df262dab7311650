"""Months, quarters and years: the smallest that stay readable as bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from statements.filters import end_of_month

# The most bars that stay readable; more months than this are drawn as quarters or years.
_MOST_BARS = 24


@dataclass(frozen=True, slots=True)
class Period:
    """A month, a quarter or a year."""

    first: date
    last: date
    label: str


def periods_of(months: Sequence[date]) -> list[Period]:
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


def grouped(months: dict[date, int], periods: Sequence[Period]) -> Counter[Period]:
    counts: Counter[Period] = Counter(dict.fromkeys(periods, 0))
    for month, count in months.items():
        counts[period_of(month, periods)] += count
    return counts


def period_of(month: date, periods: Sequence[Period]) -> Period:
    return next(period for period in periods if period.first <= month <= period.last)
