"""What charts are drawn of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


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


def ticks_to(highest: int) -> list[int]:
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
