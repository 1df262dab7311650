"""What an issue learns from its own labels: a small correction on sentence vectors.

Logistic regression with an offset: where a general model has something to say, its log
probabilities are the start and the labels only correct it, so that with few labels it never falls
far behind. Strongly regularised, fitted in milliseconds, no randomness.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

CLASSES = ("supports", "opposes", "neutral")

# With fewer labels it stays silent: no method beat a coin toss. A class with fewer of its own is
# left out and never suggested, unless a general model knows it.
FEWEST_LABELS, FEWEST_OF_A_CLASS = 30, 5

# Chosen on simulated issues (docs/stance.md): the strength of the correction, and how far rare
# classes are made to count as much as others (0: each label alike, 1: each class alike).
STRENGTH, BALANCE = 4.0, 0.5
_STEPS = 150
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

    classes: tuple[str, ...]
    weights: np.ndarray
    temperature: float
    threshold: float
    accuracy: float = 0.0
    coverage: float = 0.0

    def probabilities(self, vectors: np.ndarray, offsets: np.ndarray | None = None) -> np.ndarray:
        """Of the classes, a row a vector; `offsets` have a column for each of CLASSES."""
        scores = vectors @ self.weights[:-1] + self.weights[-1]
        return _softmax((scores + _columns(offsets, self.classes)) / self.temperature)


def missing(counts: Mapping[str, int]) -> str:
    """How far so many labels of each class are from enough to learn anything, as words.

    Nothing when they are enough.
    """
    total = sum(counts.values())
    if total < FEWEST_LABELS:
        return f"{FEWEST_LABELS - total} more labels"
    if len(_learnable(counts)) < 2:
        second = sorted((counts.get(each, 0) for each in CLASSES), reverse=True)[1]
        return f"{FEWEST_OF_A_CLASS - second} more of a second kind"
    return ""


def fit(
    vectors: np.ndarray, labels: Sequence[str], offsets: np.ndarray | None = None
) -> IssueFit | None:
    """Learn from labelled vectors of unit length; None while `missing()` names anything.

    `offsets` are log probabilities of a general model, a column for each of CLASSES.
    """
    counts = Counter(labels)
    if missing(counts):
        return None
    # The general model knows all classes, however few labels one has.
    classes = _learnable(counts) if offsets is None else CLASSES
    kept = np.array([each in classes for each in labels])
    answers = np.array([classes.index(each) for each in labels if each in classes])
    start = np.broadcast_to(_columns(offsets, classes), (len(labels), len(classes)))
    turns = _turns(answers, len(classes))
    weights = _descend(vectors[kept], answers, start[kept], turns)
    scores = np.tensordot(vectors, weights[:-1], 1) + weights[-1] + start[:, :, None]
    # Each label is looked at by the fit that did not see it; those of a class that is left out
    # were in no fit, and whatever is said of them is wrong.
    unseen_by = np.zeros(len(labels), int)
    unseen_by[kept] = turns.argmin(1)
    unseen = scores[np.arange(len(labels)), :, unseen_by]
    temperature = _temperature(unseen[kept], answers)
    shares = _softmax(unseen / temperature)
    right = np.zeros(len(labels), bool)
    right[kept] = shares[kept].argmax(1) == answers
    confidences = shares.max(1)
    threshold = _threshold(confidences, right)
    given = confidences >= threshold
    return IssueFit(
        classes=classes,
        weights=weights[:, :, 0],
        temperature=temperature,
        threshold=threshold,
        accuracy=float(right[given].mean()) if given.any() else 0.0,
        coverage=float(given.mean()),
    )


def _learnable(counts: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(each for each in CLASSES if counts.get(each, 0) >= FEWEST_OF_A_CLASS)


def _columns(offsets: np.ndarray | None, classes: Sequence[str]) -> np.ndarray:
    if offsets is None:
        return np.zeros((1, len(classes)))
    columns: np.ndarray = offsets[:, [CLASSES.index(each) for each in classes]]
    return columns


def _turns(answers: np.ndarray, classes: int) -> np.ndarray:
    """Which labels each fit sees, a column a fit: all of them in the first, a fold less in others.

    Folds take turns within each class, so that every one has all of them.
    """
    folds = np.empty(len(answers), int)
    for each in range(classes):
        rows = np.flatnonzero(answers == each)
        folds[rows] = np.arange(len(rows)) % _FOLDS
    turns: np.ndarray = np.arange(-1, _FOLDS) != folds[:, None]
    return turns


def _descend(
    vectors: np.ndarray, answers: np.ndarray, start: np.ndarray, turns: np.ndarray
) -> np.ndarray:
    """Weights of every fit (dimensions, classes, fits), by accelerated gradient descent together.

    What is made small is the mean log loss with a penalty on the weights.
    """
    rows, fits, classes = len(answers), turns.shape[1], start.shape[1]
    design = np.hstack([vectors, np.ones((rows, 1))]).astype(np.float32)
    wanted = np.eye(classes, dtype=np.float32)[answers][:, :, None]
    start = start.astype(np.float32)[:, :, None]
    counts = wanted[:, :, 0].T @ turns
    weight = turns * ((counts.sum(0) / (classes * np.maximum(counts, 1))) ** BALANCE)[answers]
    weight = (weight / weight.sum(0)).astype(np.float32)[:, None]
    penalty = np.ones((design.shape[1], 1, 1), np.float32) / (STRENGTH * counts.sum(0))
    penalty = penalty.astype(np.float32)
    if not start.any():
        # How often each class comes is learned freely, except where a general model knows it.
        penalty[-1] = 1e-4
    # No slope changes faster than this, as the rows are of length 2.
    step = np.float32(1 / (weight.max() * counts.sum(0).max() + penalty.max()))
    weights: np.ndarray = np.zeros((design.shape[1], classes, fits), np.float32)
    ahead = weights
    momentum = 1.0
    for _ in range(_STEPS):
        scores = (design @ ahead.reshape(len(ahead), -1)).reshape(rows, classes, fits)
        gap = weight * (_softmax(scores + start) - wanted)
        slope = (design.T @ gap.reshape(rows, -1)).reshape(ahead.shape) + penalty * ahead
        following = ahead - step * slope
        faster = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = following + np.float32((momentum - 1) / faster) * (following - weights)
        weights, momentum = following, faster
    return weights


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
    """The lowest bound above which the wanted share of answers is right; NEVER if none is.

    Few answers are held to more (Laplace's rule of succession): the best of several bounds looks
    better than it is.
    """
    for bound in np.arange(LEAST_THRESHOLD, 1.0, 0.01):
        given = confidences >= bound
        if given.sum() < FEWEST_ANSWERS:
            break
        if (right[given].sum() + 1) / (given.sum() + 2) >= WANTED_PRECISION:
            return round(float(bound), 2)
    return NEVER
