"""A logistic model over named features: weights in, probability out. Plain dictionaries."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights of binary features by name; a feature that has none counts nothing."""

    weights: Mapping[str, float]
    bias: float

    def margin(self, features: Iterable[str]) -> float:
        """The log-odds that the features add up to, without the bias."""
        get = self.weights.get
        return sum(get(each, 0.0) for each in features)

    def probability(self, *margins: float) -> float:
        """The probability at the sum of some margins and the bias."""
        return logistic(self.bias + sum(margins))


def logistic(log_odds: float) -> float:
    """The probability of log-odds, without overflow."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    power = math.exp(log_odds)
    return power / (1 + power)
