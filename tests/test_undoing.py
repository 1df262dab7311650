"""The way back through what an editor did: judgements and repairs in one line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from statements.labelling import record_label
from statements.models import Quote, QuoteEdit, StanceLabel
from statements.repairing import change_state, change_voice, repair_words
from statements.undoing import history, next_to_undo, undo
from tests.factories import make_actor, make_issue, make_quote, make_speaker, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue():
    return make_issue()


@pytest.fixture
def editor():
    return make_user("editor")


@pytest.fixture
def quote():
    return make_quote("The dam is good", actor=make_actor(type="ngo"))


def steps_back(editor, issue) -> list[str]:
    """What each press of the key takes back, until nothing is left."""
    found = []
    while step := undo(editor, issue):
        found.append(step.in_words)
    return found


def test_judgements_and_repairs_are_undone_in_the_order_they_were_made(editor, issue, quote):
    other = make_quote()
    start = quote.start
    record_label(quote=quote, issue=issue, editor=editor, label="supports")
    repair_words(quote, [(start, start + 7)], editor=editor, issue=issue)
    record_label(quote=other, issue=issue, editor=editor, label="mixed")
    change_voice(other, speaker=make_speaker(), actor=None, editor=editor, issue=issue)
    change_state(other, "rejected", editor=editor, issue=issue)
    record_label(quote=quote, issue=issue, editor=editor, label="opposes")
    assert steps_back(editor, issue) == [
        *("Opposes", "Marked as not a quote", "Speaker changed"),
        *("Mixed", "Words changed", "Supports"),
    ]
    assert not StanceLabel.objects.current().exists()
    assert Quote.objects.get(pk=quote.pk).content == "The dam is good"
    assert Quote.objects.get(pk=other.pk).state == "proposed"
    assert (StanceLabel.objects.count(), QuoteEdit.objects.count()) == (6, 6)


def test_what_was_undone_can_be_done_and_undone_again(editor, issue, quote):
    for _ in range(3):
        change_state(quote, "rejected", editor=editor, issue=issue)
        undo(editor, issue)
        record_label(quote=quote, issue=issue, editor=editor, label="neutral")
        undo(editor, issue)
    assert next_to_undo(editor, issue) is None
    assert len(history(editor, issue, before=None, most=100)) == 12


def test_only_ones_own_steps_on_the_issue_are_undone(editor, issue, quote):
    change_state(quote, "rejected", editor=make_user("editor"), issue=issue)
    change_state(quote, "proposed", editor=editor, issue=make_issue())
    change_state(quote, "rejected", editor=editor)
    assert next_to_undo(editor, issue) is None


def test_a_repair_that_somebody_changed_since_is_passed_over(editor, issue, quote):
    start = quote.start
    record_label(quote=quote, issue=issue, editor=editor, label="supports")
    repair_words(quote, [(start, start + 7)], editor=editor, issue=issue)
    repair_words(quote, [(start, start + 10)], editor=make_user("editor"))
    assert steps_back(editor, issue) == ["Supports"]
    assert Quote.objects.get().content == "The dam is"


def test_two_repairs_of_ones_own_are_undone_one_after_the_other(editor, issue, quote):
    start = quote.start
    for length in (7, 10, 3):
        repair_words(quote, [(start, start + length)], editor=editor, issue=issue)
    contents = []
    while undo(editor, issue):
        contents.append(Quote.objects.get().content)
    assert contents == ["The dam is", "The dam", "The dam is good"]


def test_the_history_has_judgements_and_repairs_newest_first(editor, issue, quote):
    record_label(quote=quote, issue=issue, editor=editor, label="supports")
    change_state(quote, "rejected", editor=editor, issue=issue)
    undo(editor, issue)
    steps = history(editor, issue, before=None, most=10)
    assert [(step.in_words, step.is_undo) for step in steps] == [
        ("Kept as a quote", True),
        ("Marked as not a quote", False),
        ("Supports", False),
    ]
    assert history(editor, issue, before=None, most=2) == steps[:2]
    assert history(editor, issue, before=steps[1].at, most=10) == steps[2:]
    assert history(editor, issue, before=timezone.now() - timedelta(days=1), most=10) == []


def test_looking_for_the_next_step_costs_the_same_after_any_number(
    editor, issue, quote, django_assert_num_queries
):
    for number in range(10):
        state = "rejected" if number % 2 == 0 else "proposed"
        change_state(quote, state, editor=editor, issue=issue)
        record_label(quote=make_quote(), issue=issue, editor=editor, label="mixed")
    with django_assert_num_queries(2):
        next_to_undo(editor, issue)
