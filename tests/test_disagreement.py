"""Who contradicts whom, by the labelled quotes of parties."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from statements.disagreement import (
    Stand,
    disagreement,
    labelled_quotes,
    pairs,
    stands,
    stands_on,
)
from statements.labelling import record_label
from statements.models import JointVoice, Stance
from tests.factories import make_actor, make_issue, make_quote, make_user


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


@pytest.mark.django_db
def test_parties_counted_without_months_say_the_same():
    editor = make_user("editor")
    watch, union, ministry = (make_actor(name) for name in ("Watch", "Union", "Ministry"))
    issues = [make_issue(), make_issue()]
    for number in range(24):
        quote = make_quote(
            f"quote {number}",
            actor=[watch, ministry, None][number % 3],
            said_on=date(2024, number % 5 + 1, 1) if number % 4 else None,
        )
        for place, other in enumerate((union, watch)[: number % 3]):
            for _ in range(number % 2 + 1):
                JointVoice.objects.create(
                    quote=quote, ordinal=JointVoice.objects.count() + place + 1, actor=other
                )
        label = ("supports", "opposes", "unrelated", "mixed")[number % 4]
        record_label(quote=quote, issue=issues[number % 2], editor=editor, label=label)
    every = Stance.objects.all()
    short = stands_on(every)
    for issue in issues:
        whole = stands(each for each in labelled_quotes(every) if each.issue == issue.pk)
        assert {pk: each.labels for pk, each in whole.items()} == {
            pk: each.labels for pk, each in short[issue.pk].items()
        }
        assert len(whole) == 3
