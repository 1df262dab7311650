"""Where somebody stands on each issue, and whom that contradicts."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from statements.labelling import record_label
from statements.profiles import profiles
from statements.sides import actor_term, one
from tests.factories import make_actor, make_issue, make_quote, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def judge():
    editor = make_user("editor")

    def judged(actor, issue, label, times=1):
        for number in range(times):
            quote = make_quote(actor=actor, said_on=date(2024, 1 + number, 1))
            record_label(quote=quote, issue=issue, editor=editor, label=label)

    return judged


def profiles_of(actor):
    return profiles(one(actor_term(actor)), AnonymousUser(), own={actor.pk})


def test_the_best_founded_position_comes_first(judge):
    league, much, little = make_actor(), make_issue(), make_issue()
    judge(league, little, "supports")
    judge(league, much, "opposes", 3)
    found = profiles_of(league)
    assert [each.position.issue for each in found] == [much, little]
    assert [each.position.leading for each in found] == ["opposes", ""]


def test_those_stand_against_it_who_contradict_it_and_rest_on_enough(judge):
    league, issue = make_actor("League"), make_issue()
    board, ally, newcomer = make_actor("Board"), make_actor("Ally"), make_actor("Newcomer")
    judge(league, issue, "opposes", 3)
    judge(board, issue, "supports", 3)
    judge(ally, issue, "opposes", 3)
    judge(newcomer, issue, "supports", 2)
    (profile,) = profiles_of(league)
    assert [term.name for term in profile.against] == ["Board"]
    assert profile.course is not None
    assert [row.labelled for row in profile.course.rows] == [[("opposes", 1)]] * 3


def test_of_a_position_that_is_not_stated_nobody_stands_against(judge):
    league, board, issue = make_actor(), make_actor(), make_issue()
    judge(league, issue, "opposes", 2)
    judge(board, issue, "supports", 3)
    (profile,) = profiles_of(league)
    assert (profile.position.leading, profile.against, profile.course) == ("", [], None)


def test_somebody_of_whom_nothing_bears_on_an_issue_has_no_position():
    league = make_actor()
    make_quote(actor=league)
    assert profiles_of(league) == []


def test_any_number_of_issues_costs_five_queries(judge, django_assert_num_queries):
    league = make_actor()
    for _ in range(4):
        issue = make_issue()
        judge(league, issue, "opposes", 3)
        judge(make_actor(), issue, "supports", 3)
    with django_assert_num_queries(5):
        profiles_of(league)
