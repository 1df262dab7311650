"""What an issue learns from its own labels: a small correction on sentence vectors.

Logistic regression with an offset: where a general model has something to say, its log
probabilities are the start and the labels only correct it, so that with few labels it never falls
far behind. Strongly regularised, fitted in milliseconds, no randomness.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CLASSES = ("supports", "opposes", "neutral")

# Below these it stays silent: with fewer, no method beat a coin toss.
FEWEST_LABELS, FEWEST_OF_A_CLASS = 30, 5

# Chosen on simulated issues (docs/stance.md): the strength of the correction.
STRENGTH = 4.0
_STEPS, _MORE_STEPS = 150, 60
_FOLDS = 5

# A suggestion is to be right so often on labels that were left out; fewer answers prove nothing.
WANTED_PRECISION, LEAST_THRESHOLD, FEWEST_ANSWERS = 0.80, 0.50, 8
NEVER = 1.01


@dataclass(frozen=True, slots=True)
class IssueFit:
    """A fitted correction.

    `weights` has a row per dimension and one of biases, a column per class; `accuracy` and
    `coverage` are of labels left out in turn, answered at `threshold`.
    """

    weights: np.ndarray
    temperature: float
    threshold: float
    accuracy: float
    coverage: float

    def probabilities(self, vectors: np.ndarray, offsets: np.ndarray | None = None) -> np.ndarray:
        """Of CLASSES, a row a vector."""
        return _softmax(_scores(vectors, self.weights, offsets) / self.temperature)


def missing(labels: Sequence[str]) -> str:
    """How far it is from enough to learn anything, as words; nothing when it is enough."""
    counts = Counter(labels)
    rare = [f"{counts[each]} {each}" for each in CLASSES if counts[each] < FEWEST_OF_A_CLASS]
    if len(labels) >= FEWEST_LABELS and not rare:
        return ""
    there = f"{len(labels)} of {FEWEST_LABELS} labels"
    return f"{there}, and {', '.join(rare)} of {FEWEST_OF_A_CLASS} each" if rare else there


def fit(
    vectors: np.ndarray, labels: Sequence[str], offsets: np.ndarray | None = None
) -> IssueFit | None:
    """Learn from labelled vectors of unit length; None while `missing()` names anything.

    `offsets` are log probabilities of a general model, a column per class.
    """
    if missing(labels):
        return None
    answers = np.array([CLASSES.index(each) for each in labels])
    weights = _descend(vectors, answers, offsets, steps=_STEPS)
    left_out = np.zeros((len(answers), len(CLASSES)))
    # Folds take turns within each class, so that every one has all of them.
    folds = np.empty(len(answers), int)
    for each in range(len(CLASSES)):
        rows = np.flatnonzero(answers == each)
        folds[rows] = np.arange(len(rows)) % _FOLDS
    for fold in range(_FOLDS):
        rest, out = folds != fold, folds == fold
        part = _descend(
            vectors[rest],
            answers[rest],
            None if offsets is None else offsets[rest],
            steps=_MORE_STEPS,
            begin=weights,
        )
        left_out[out] = _scores(vectors[out], part, None if offsets is None else offsets[out])
    temperature = _temperature(left_out, answers)
    shares = _softmax(left_out / temperature)
    confidences, right = shares.max(1), shares.argmax(1) == answers
    threshold = _threshold(confidences, right)
    given = confidences >= threshold
    return IssueFit(
        weights=weights.astype(np.float32),
        temperature=temperature,
        threshold=threshold,
        accuracy=float(right[given].mean()) if given.any() else 0.0,
        coverage=float(given.mean()),
    )


def _descend(
    vectors: np.ndarray,
    answers: np.ndarray,
    offsets: np.ndarray | None,
    *,
    steps: int,
    begin: np.ndarray | None = None,
) -> np.ndarray:
    """Accelerated gradient descent on the mean log loss; biases are not held back."""
    rows = len(answers)
    design = np.hstack([vectors, np.ones((rows, 1), vectors.dtype)])
    wanted = np.eye(len(CLASSES))[answers]
    # Classes count alike, however rare one is among the labels.
    weight = (rows / (len(CLASSES) * np.bincount(answers, minlength=len(CLASSES))))[answers]
    penalty = np.full((design.shape[1], 1), 1 / (STRENGTH * rows))
    penalty[-1] = 1e-4
    step = 1 / (0.5 * 2.0 * weight.max() + penalty.max())
    weights = np.zeros((design.shape[1], len(CLASSES))) if begin is None else begin.copy()
    ahead, momentum = weights, 1.0
    for _ in range(steps):
        shares = _softmax(_plus(design @ ahead, offsets))
        slope = design.T @ (weight[:, None] * (shares - wanted)) / rows + penalty * ahead
        following = ahead - step * slope
        faster = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = following + (momentum - 1) / faster * (following - weights)
        weights, momentum = following, faster
    return weights


def _scores(vectors: np.ndarray, weights: np.ndarray, offsets: np.ndarray | None) -> np.ndarray:
    return _plus(vectors @ weights[:-1] + weights[-1], offsets)


def _plus(scores: np.ndarray, offsets: np.ndarray | None) -> np.ndarray:
    return scores if offsets is None else scores + offsets


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(1, keepdims=True))
    shares: np.ndarray = raised / raised.sum(1, keepdims=True)
    return shares


def _temperature(scores: np.ndarray, answers: np.ndarray) -> float:
    """The one of a grid under which the answers are likeliest."""
    grid = np.geomspace(0.25, 4.0, 33)
    rows = np.arange(len(answers))
    losses = [-np.log(_softmax(scores / t)[rows, answers] + 1e-9).mean() for t in grid]
    return float(grid[int(np.argmin(losses))])


def _threshold(confidences: np.ndarray, right: np.ndarray) -> float:
    """The lowest bound above which the wanted share of answers was right; NEVER if none is."""
    for bound in np.arange(LEAST_THRESHOLD, 1.0, 0.01):
        given = confidences >= bound
        if given.sum() < FEWEST_ANSWERS:
            break
        if right[given].mean() >= WANTED_PRECISION:
            return round(float(bound), 2)
    return NEVER
