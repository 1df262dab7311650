"""What an issue learns from its labels."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from statements.nlp import issue_models
from statements.nlp.issue_models import CLASSES, NEVER, fit, missing

SIZE = 24


def toy(*counts: int, noise: float = 0.6, seed: int = 0) -> tuple[np.ndarray, list[str]]:
    """Vectors of unit length around one direction a class, and their labels, mixed."""
    draw = np.random.default_rng(seed)
    answers = np.repeat(np.arange(len(counts)), counts)
    draw.shuffle(answers)
    vectors = np.eye(SIZE)[answers] + noise * draw.normal(size=(len(answers), SIZE)) / SIZE**0.5
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), [CLASSES[at] for at in answers]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((0, 0, 0), "30 more labels"),
        ((15, 10, 4), "1 more labels"),
        ((26, 4, 0), "1 more of a second kind"),
        ((30, 0, 0), "5 more of a second kind"),
        ((25, 5, 0), ""),
        ((10, 10, 10), ""),
    ],
)
def test_it_is_silent_below_thirty_labels_and_five_of_each_of_two_kinds(counts, words):
    vectors, labels = toy(*counts)
    assert missing(Counter(labels)) == words
    assert (fit(vectors, labels) is None) == bool(words)


def test_it_learns_what_can_be_told_apart():
    fitted = fit(*toy(20, 20, 20))
    assert fitted is not None
    vectors, labels = toy(30, 30, 30, seed=1)
    shares = fitted.probabilities(vectors)
    assert shares.sum(1) == pytest.approx(np.ones(90), abs=1e-5)
    right = np.array(fitted.classes)[shares.argmax(1)] == labels
    assert right.mean() > 0.95
    assert issue_models.LEAST_THRESHOLD <= fitted.threshold < 1
    assert 0.25 <= fitted.temperature <= 4
    assert fitted.accuracy >= issue_models.WANTED_PRECISION
    assert 0 < fitted.coverage <= 1


def test_what_cannot_be_told_apart_is_never_suggested():
    vectors, labels = toy(20, 20, 20)
    np.random.default_rng(3).shuffle(labels)
    fitted = fit(vectors, labels)
    assert fitted is not None
    assert fitted.threshold == NEVER
    assert fitted.coverage == 0


def test_the_same_labels_give_the_same_model():
    first, second = fit(*toy(12, 15, 9)), fit(*toy(12, 15, 9))
    assert first is not None
    assert second is not None
    assert (first.weights == second.weights).all()
    assert (first.temperature, first.threshold) == (second.temperature, second.threshold)


def test_a_kind_with_too_few_labels_is_left_out_and_counts_as_wrong():
    vectors, labels = toy(20, 20, 4, noise=0.2)
    fitted = fit(vectors, labels)
    assert fitted is not None
    assert fitted.classes == ("supports", "opposes")
    assert fitted.weights.shape == (SIZE + 1, 2)
    assert fitted.probabilities(vectors).shape == (44, 2)
    assert fitted.accuracy * fitted.coverage <= 40 / 44 + 1e-9


def test_the_general_model_is_where_it_begins():
    vectors, labels = toy(10, 10, 10, noise=30.0)
    known = np.log(np.array([[0.8 if c == label else 0.1 for c in CLASSES] for label in labels]))
    with_it, without = fit(vectors, labels, known), fit(vectors, labels)
    assert with_it is not None
    assert without is not None
    assert with_it.threshold < 1
    assert with_it.coverage > without.coverage
    guess = np.log(np.array([[0.1, 0.8, 0.1]]))
    assert with_it.classes[int(with_it.probabilities(vectors[:1] * 0, guess).argmax())] == "opposes"


def test_a_kind_that_the_general_model_knows_is_not_left_out():
    vectors, labels = toy(20, 20, 0)
    known = np.log(np.full((40, 3), 1 / 3))
    fitted = fit(vectors, labels, known)
    assert fitted is not None
    assert fitted.classes == CLASSES
    unlike = np.zeros((1, SIZE), np.float32)
    sure_of_neutral = np.log(np.array([[0.02, 0.02, 0.96]]))
    assert fitted.probabilities(unlike, sure_of_neutral).argmax() == 2


def test_labels_are_judged_by_fits_that_did_not_see_them():
    """With as many dimensions as labels, a fit that saw them would be right in all."""
    draw = np.random.default_rng(0)
    vectors = draw.normal(size=(40, 384))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = [CLASSES[at] for at in draw.permutation(np.arange(40) % 2)]
    fitted = fit(vectors.astype(np.float32), labels)
    assert fitted is not None
    seen = np.array(fitted.classes)[fitted.probabilities(vectors).argmax(1)] == labels
    assert seen.all()
    assert fitted.threshold == NEVER
