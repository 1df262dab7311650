"""Each step on an identity, and its way back."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from statements.identity_editing import add_alias, affiliate, confirm, place_under, rename, retype
from statements.ledger import Refused, undo
from statements.merging import merge
from statements.models import (
    IdentityEvent,
    Quote,
)
from tests.factories import (
    make_actor,
    make_post,
    make_quote,
    make_speaker,
    make_user,
)
from tests.tables import everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make_user("lead")


def test_each_single_step_is_undone_exactly(lead):
    actor, parent = make_actor("U.N.", type="ngo"), make_actor("World")
    speaker = make_speaker("Hari Holt")
    make_quote(actor=actor)
    make_post(speaker, actor, "envoy")
    steps = [
        lambda: confirm(actor, editor=lead),
        lambda: rename(actor, "United Nations", editor=lead),
        lambda: rename(actor, "u.n.", editor=lead),
        lambda: retype(actor, actor_type="intergovernmental", country="us", editor=lead),
        lambda: place_under(actor, parent, editor=lead),
        lambda: add_alias(actor, "UNO", editor=lead),
        lambda: affiliate(speaker, actor, post="envoy", until=date(2024, 1, 1), editor=lead),
        lambda: affiliate(speaker, parent, post="chief", since=date(2020, 1, 1), editor=lead),
    ]
    states, events = [everything()], []
    for step in steps:
        events.append(step())
        states.append(everything())
    for event, before in zip(reversed(events), reversed(states[:-1]), strict=True):
        assert event
        undo(event, editor=lead)
        assert everything() == before


def test_steps_that_do_not_rest_on_each_other_are_undone_in_any_order(lead):
    gone, survivor = make_actor("U.N."), make_actor("United Nations")
    make_quote(actor=gone)
    event = merge(gone, survivor, editor=lead)
    rename(survivor, "The United Nations", editor=lead)
    undo(event, editor=lead)
    assert Quote.objects.get().actor == gone
    survivor.refresh_from_db()
    assert survivor.name == "The United Nations"


def test_a_retyped_survivor_has_to_be_typed_back_first(lead):
    gone, survivor = make_actor("U.N.", type="ngo"), make_actor("United Nations")
    make_quote(actor=gone)
    event = merge(gone, survivor, editor=lead)
    retype(survivor, actor_type="intergovernmental", country="", editor=lead)
    with pytest.raises(Refused, match="Intergovernmental"):
        undo(event, editor=lead)


def test_what_changes_nothing_is_no_event(lead):
    actor = make_actor(standing="confirmed", type="ngo")
    assert confirm(actor, editor=lead) is None
    assert retype(actor, actor_type="ngo", country="", editor=lead) is None
    assert place_under(actor, None, editor=lead) is None
    assert not IdentityEvent.objects.exists()


def test_the_ledger_cannot_be_changed(lead):
    confirm(make_actor(), editor=lead)
    for change in (
        lambda: IdentityEvent.objects.update(summary="Nothing."),
        lambda: IdentityEvent.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()


def test_nothing_is_part_of_its_own_part(lead):
    top = make_actor("State")
    part = make_actor("Ministry", parent=top)
    with pytest.raises(Refused, match="own part"):
        place_under(top, part, editor=lead)


def test_a_name_that_somebody_has_is_nobody_elses_alias(lead):
    first, _second = make_actor("U.N."), make_actor("United Nations")
    with pytest.raises(Refused, match="merge the two"):
        add_alias(first, "united nations", editor=lead)
    with pytest.raises(Refused, match="already"):
        add_alias(first, "u.n.", editor=lead)
