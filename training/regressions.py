"""Logistic models of named features, fitted and written as ``weights.json`` holds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from statements.nlp.learned.reading import log_odds

# A feature must be met so often, and a weight be so large, to be kept.
FEWEST_USES = 3
LEAST_WEIGHT = 0.02


@dataclass(slots=True)
class Rows:
    """Training rows: features and answers, with the article of each and, for contents, the cue."""

    features: list[tuple[str, ...]] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    articles: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)

    def add(self, features: Iterable[str], answer: float, article: int, group: int = 0) -> None:
        self.features.append(tuple(features))
        self.answers.append(answer)
        self.articles.append(article)
        self.groups.append(group)

    def of(self, kept: Iterable[int]) -> Rows:
        """The rows of some articles."""
        wanted = set(kept)
        found = Rows()
        for row in zip(self.features, self.answers, self.articles, self.groups, strict=True):
            if row[2] in wanted:
                found.add(*row)
        return found


def design(rows: Rows) -> tuple[csr_matrix, list[str]]:
    """The design matrix of some rows, and the names of its columns."""
    uses = Counter(name for features in rows.features for name in set(features))
    names = sorted(name for name, count in uses.items() if count >= FEWEST_USES)
    place = {name: index for index, name in enumerate(names)}
    columns: list[int] = []
    ends = [0]
    for features in rows.features:
        columns += sorted({place[name] for name in features if name in place})
        ends.append(len(columns))
    values = np.ones(len(columns), np.float32)
    return csr_matrix((values, columns, ends), shape=(len(rows.features), len(names))), names


def fit_choice(
    matrix: csr_matrix, right: np.ndarray, groups: np.ndarray, penalty: float
) -> np.ndarray:
    """Weights under which each group's right rows are the likeliest of it (softmax, L2)."""
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    sizes = np.diff(np.r_[starts, len(groups)])
    answered = np.add.reduceat(right.astype(int), starts) > 0
    kept = np.repeat(answered, sizes)
    matrix, right, sizes = matrix[kept], right[kept].astype(float), sizes[answered]
    starts = np.r_[0, np.cumsum(sizes)[:-1]]
    group = np.repeat(np.arange(len(sizes)), sizes)
    transposed = matrix.T.tocsr()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = matrix @ weights
        powers = np.exp(margins - np.maximum.reduceat(margins, starts)[group])
        every = np.add.reduceat(powers, starts)
        good = np.add.reduceat(powers * right, starts) + 1e-30
        gradient = transposed @ (powers / every[group] - powers * right / good[group])
        pull = penalty * weights
        return (np.log(every) - np.log(good)).sum() + pull @ weights / 2, gradient + pull

    options = {"maxiter": 200}
    found = minimize(loss, np.zeros(matrix.shape[1]), jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x)


def platt(rows: Rows, c: float) -> dict[str, Any]:
    """A calibration of raw log-odds by side of the cue (Platt, 1999)."""
    sides = sorted({side for side, _ in rows.features})
    raw = np.array([[float(odds)] for _, odds in rows.features])
    which = np.array([[side == each for each in sides] for side, _ in rows.features], float)
    answers = np.array(rows.answers) > 0
    return regression(np.hstack([raw, which]), answers, ["raw", *sides], c)


def logistic_model(rows: Rows, c: float) -> dict[str, Any]:
    """A logistic regression on named features."""
    matrix, names = design(rows)
    return regression(matrix, np.array(rows.answers) > 0, names, c)


def regression(matrix: Any, answers: np.ndarray, names: Sequence[str], c: float) -> dict[str, Any]:
    """A logistic regression; where every answer is the same, only how often that is (Laplace)."""
    if len(set(answers)) < 2:
        return model([], [], log_odds((answers.sum() + 1) / (len(answers) + 2)))
    fitted = LogisticRegression(C=c, max_iter=500).fit(matrix, answers)
    return model(names, fitted.coef_[0], fitted.intercept_[0])


def model(names: Sequence[str], weights: Sequence[float], bias: float) -> dict[str, Any]:
    """A model as ``weights.json`` holds it: weights too small to matter are left out."""
    kept = {
        name: round(float(weight), 3)
        for name, weight in zip(names, weights, strict=True)
        if abs(weight) >= LEAST_WEIGHT
    }
    return {"bias": round(float(bias), 3), "weights": kept}
