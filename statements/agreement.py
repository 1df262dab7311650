"""How far coders agree beyond chance: Krippendorff's alpha for nominal data, with its interval.

After Krippendorff, K. (2011), "Computing Krippendorff's Alpha-Reliability". Knows nothing of
quotes: a unit is whatever was judged, a category whatever it was judged to be.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# What each coder said of a unit; None, or no entry, where a coder said nothing of it. In a
# sequence the coders are known by their places.
type Unit = Mapping[Any, Hashable | None] | Sequence[Hashable | None]

RESAMPLES = 1000

_SEED = 2011


@dataclass(frozen=True, slots=True)
class Alpha:
    """The coefficient and what it rests on.

    `alpha` is None where it is undefined: with fewer than two values to pair, or when all values
    are the same, so that nothing tells agreement from a habit of giving one answer.
    """

    alpha: float | None
    units: int
    values: int
    coders: int


@dataclass(frozen=True, slots=True)
class Interval:
    """Between which values alpha lies when other units are drawn in place of these."""

    low: float
    high: float


def krippendorff_alpha(units: Iterable[Unit]) -> Alpha:
    """The agreement on the units that have two or more values; the others say nothing of it."""
    pairable = _pairable(units)
    counts = _counts(pairable)
    each = np.ones((1, len(pairable)), dtype=np.int64)
    return Alpha(
        alpha=None if _is_undefined(counts) else float(_alphas(counts, each)[0]),
        units=len(pairable),
        values=int(counts.sum()),
        coders=len({coder for unit in pairable for coder in unit}),
    )


def alpha_interval(
    units: Iterable[Unit],
    *,
    resamples: int = RESAMPLES,
    level: float = 0.95,
    seed: int = _SEED,
) -> Interval | None:
    """The percentile bootstrap interval of alpha over units; None where alpha is undefined.

    The same units always give the same interval. A resample without variation counts as 0, which
    is Krippendorff's convention: it holds no evidence of reliability. To leave such resamples out
    would make a rare category look safer than it is.
    """
    counts = _counts(_pairable(units))
    if _is_undefined(counts):
        return None
    # Units with the same values are as good as each other, so how often each *kind* of unit is
    # drawn is all that matters: a few dozen kinds, however many units there are.
    kinds, frequency = np.unique(counts, axis=0, return_counts=True)
    drawn = np.random.default_rng(seed).multinomial(
        len(counts), frequency / len(counts), size=resamples
    )
    tail = (1 - level) / 2
    low, high = np.quantile(_alphas(kinds, drawn), [tail, 1 - tail])
    return Interval(float(low), float(high))


def _pairable(units: Iterable[Unit]) -> list[dict[Any, Hashable]]:
    """What each coder said of the units of which two or more said something."""
    found = []
    for unit in units:
        values = unit.items() if isinstance(unit, Mapping) else enumerate(unit)
        given = {coder: value for coder, value in values if value is not None}
        if len(given) > 1:
            found.append(given)
    return found


def _counts(units: Sequence[Mapping[Any, Hashable]]) -> NDArray[np.int64]:
    """How many coders gave each category to each unit: a row a unit, a column a category."""
    columns: dict[Hashable, int] = {}
    for unit in units:
        for value in unit.values():
            columns.setdefault(value, len(columns))
    counts = np.zeros((len(units), len(columns)), dtype=np.int64)
    for row, unit in enumerate(units):
        for value in unit.values():
            counts[row, columns[value]] += 1
    return counts


def _is_undefined(counts: NDArray[np.int64]) -> bool:
    return bool((counts.sum(axis=0) > 0).sum() < 2)


def _alphas(counts: NDArray[np.int64], drawn: NDArray[np.int64]) -> NDArray[np.float64]:
    """Alpha of each draw, a row saying how often each unit is in it; 0 where it has no variation.

    In the terms of the coincidence matrix: a unit of m values adds to the cells off the diagonal
    its ordered pairs of different values, each over m - 1; n is the sum of all cells, and the
    marginal sums are how often each category was given.
    """
    sizes = counts.sum(axis=1)
    off_diagonal = (counts * (sizes[:, None] - counts)).sum(axis=1) / (sizes - 1)
    observed = drawn @ off_diagonal
    marginals = drawn @ counts
    n = marginals.sum(axis=1)
    expected = n * n - (marginals**2).sum(axis=1)
    alphas: NDArray[np.float64] = np.zeros(len(drawn))
    varied = expected > 0
    alphas[varied] = 1 - (n[varied] - 1) * observed[varied] / expected[varied]
    return alphas
