"""Who contradicts whom, by the labelled quotes of parties."""

from __future__ import annotations

from collections import Counter

import pytest

from statements.disagreement import Stand, disagreement, pairs


def stand(pk: int, **labels: int) -> Stand:
    return Stand(pk, Counter(labels))


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ({"supports": 3}, {"opposes": 3}, 1),
        ({"supports": 3}, {"supports": 3}, 0),
        ({"supports": 2, "opposes": 2}, {"supports": 2, "opposes": 2}, 0.5),
        ({"supports": 1, "neutral": 3}, {"opposes": 2, "mixed": 2}, 0.125),
        ({}, {"opposes": 3}, 0),
    ],
)
def test_it_is_how_likely_a_quote_of_each_contradicts_one_of_the_other(one, other, share):
    assert disagreement(Counter(one), Counter(other)) == pytest.approx(share)
    assert disagreement(Counter(other), Counter(one)) == pytest.approx(share)


def test_the_strongest_disagreement_that_is_enough_comes_first():
    left = [stand(1, opposes=3, supports=1), stand(2, opposes=1), stand(3, opposes=4)]
    found = pairs(left, [stand(4, supports=3)])
    assert [(pair.left.pk, pair.is_enough) for pair in found] == [
        (3, True),
        (1, True),
        (2, False),
    ]
    assert (found[0].left_label, found[0].left_count) == ("opposes", 4)
    assert (found[0].right_label, found[0].right_count) == ("supports", 3)


def test_nobody_contradicts_itself_or_whom_it_agrees_with():
    both = stand(1, opposes=3, supports=3)
    assert pairs([both], [both, stand(2, neutral=3)]) == []
