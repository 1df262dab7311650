"""Decisions on who answers whom: kept for ever, the last one counts."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from statements.models import Reply, ReplyDecision
from statements.replying import UnusableReply, add_by_hand, decide
from tests.factories import (
    make_actor,
    make_article,
    make_quote,
    make_reply,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_user("editor")


def test_confirming_rejecting_and_taking_back_are_all_kept(editor):
    reply = make_reply()
    for state in ("confirmed", "rejected", "proposed"):
        decide(reply, state, editor=editor)
    reply.refresh_from_db()
    assert reply.state == "proposed"
    assert [each.state for each in reply.decisions.all()] == ["confirmed", "rejected", "proposed"]


def test_deciding_the_same_again_adds_nothing(editor):
    reply = make_reply()
    assert decide(reply, "confirmed", editor=editor)
    assert decide(reply, "confirmed", editor=editor) is None
    assert ReplyDecision.objects.count() == 1


def test_a_decision_may_correct_the_relation(editor):
    reply = make_reply(relation="responds_to")
    decide(reply, "confirmed", relation="rebuts", editor=editor)
    reply.refresh_from_db()
    assert (reply.relation, reply.decisions.get().relation) == ("rebuts", "rebuts")


def test_a_colleague_who_was_faster_is_named(editor):
    reply, faster = make_reply(), make_user("editor")
    decide(reply, "rejected", editor=faster)
    with pytest.raises(UnusableReply, match=f"{faster} has decided meanwhile"):
        decide(reply, "confirmed", seen="proposed", editor=editor)


@pytest.mark.parametrize("change", ["UPDATE {} SET state = 'rejected'", "DELETE FROM {}"])
def test_what_was_decided_is_never_changed(editor, change):
    decide(make_reply(), "confirmed", editor=editor)
    with (
        pytest.raises(IntegrityError, match="never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format("statements_replydecision"))


def test_a_link_by_hand_is_confirmed_with_its_words(editor):
    article = make_article("Dam\n\nBo Lind waved\nit off: “It will stand,” he said of the report.")
    quote = make_quote("It will stand,", article=article, actor=make_actor())
    whom = make_speaker("Ana Ruiz")
    reply = add_by_hand(quote, whom, "rebuts", "waved it off", editor=editor)
    assert (reply.state, reply.rule, reply.to) == ("confirmed", "hand", whom)
    assert reply.evidence == "waved\nit off"
    assert reply.decisions.get().editor == editor


def test_a_link_by_hand_needs_words_of_the_article(editor):
    with pytest.raises(UnusableReply, match="not in the article"):
        add_by_hand(make_quote(), make_actor(), "cites", "never said", editor=editor)


def test_nobody_is_linked_to_themselves(editor):
    actor = make_actor()
    with pytest.raises(UnusableReply, match="said this"):
        add_by_hand(make_quote(actor=actor), actor, "cites", "a person said", editor=editor)


def test_the_same_link_twice_is_refused(editor):
    quote, actor = make_quote(), make_actor()
    add_by_hand(quote, actor, "cites", "a person said", editor=editor)
    with pytest.raises(UnusableReply, match="already"):
        add_by_hand(quote, actor, "rebuts", "a person said", editor=editor)


def test_standing_leaves_out_what_is_wrong(editor):
    wrong, right = make_reply(), make_reply()
    decide(wrong, "rejected", editor=editor)
    assert list(Reply.objects.standing()) == [right]
    assert list(Reply.objects.undecided()) == [right]
