"""Splitting identities, and undoing it: every table is as it was before."""

from __future__ import annotations

import pytest

from statements.ledger import Refused, undo
from statements.merging import merge
from statements.models import (
    IdentityEvent,
    Quote,
    Speaker,
)
from statements.splitting import quotes_of, split
from tests.factories import (
    make_actor,
    make_joint_voice,
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


def test_a_split_gives_chosen_quotes_to_a_new_identity_and_back(lead):
    party, both = make_actor("Varonia"), make_speaker("A. Orme")
    post = make_post(both, party, "minister")
    stays = make_quote(speaker=both, actor=party, affiliation=post)
    goes = make_quote(speaker=both, actor=party, affiliation=post)
    joint = make_joint_voice(make_quote(), speaker=both, affiliation=post)
    before = everything()
    chosen = Quote.objects.filter(pk__in=[goes.pk, joint.quote_id])
    event, new = split(both, chosen, name="Anna Orme", editor=lead)
    goes.refresh_from_db()
    joint.refresh_from_db()
    assert goes.affiliation
    assert (goes.speaker, goes.affiliation.speaker, joint.speaker) == (new, new, new)
    assert (new.slug, new.standing, new.names.get().text) == ("anna-orme", "confirmed", "Anna Orme")
    assert list(quotes_of(both)) == [stays]
    undo(event, editor=lead)
    assert everything() == before


def test_a_split_to_somebody_known_uses_their_post(lead):
    party, both, known = make_actor(), make_speaker("A. Orme"), make_speaker("Anna Orme")
    post, theirs = make_post(both, party, "minister"), make_post(known, party, "minister")
    goes = make_quote(speaker=both, actor=party, affiliation=post)
    before = everything()
    event, _ = split(both, Quote.objects.all(), to=known, editor=lead)
    goes.refresh_from_db()
    assert (goes.speaker, goes.affiliation) == (known, theirs)
    undo(event, editor=lead)
    assert everything() == before


def test_the_quotes_of_a_split_actor_take_the_type_of_the_other(lead):
    source, other = (
        make_actor("Georgia", type="government"),
        make_actor("Georgia team", type="media", country="US"),
    )
    quote = make_quote(actor=source)
    split(source, Quote.objects.all(), to=other, editor=lead)
    quote.refresh_from_db()
    assert (quote.actor, quote.actor_type, quote.country) == (other, "media", "US")


def test_a_split_needs_quotes_and_somebody_to_give_them_to(lead):
    speaker = make_speaker()
    make_quote(speaker=speaker)
    with pytest.raises(Refused, match="at least one"):
        split(speaker, Quote.objects.none(), name="Ada", editor=lead)
    with pytest.raises(Refused, match="Type the name"):
        split(speaker, Quote.objects.all(), name=" ", editor=lead)
    with pytest.raises(Refused, match="with them already"):
        split(speaker, Quote.objects.all(), to=speaker, editor=lead)
    assert not IdentityEvent.objects.exists()
    assert Speaker.objects.count() == 1


def test_a_split_is_not_undone_once_the_new_identity_was_merged(lead):
    both, other = make_speaker("A. Orme"), make_speaker("Ann Orme")
    make_quote(speaker=both)
    event, new = split(both, Quote.objects.all(), name="Anna Orme", editor=lead)
    second = merge(other, new, editor=lead)
    with pytest.raises(Refused, match="Merged “Ann Orme”"):
        undo(event, editor=lead)
    undo(second, editor=lead)
    undo(event, editor=lead)
    assert not Speaker.objects.filter(pk=new.pk).exists()


def test_a_new_identity_that_was_quoted_since_is_not_taken_away(lead):
    both = make_speaker("A. Orme")
    make_quote(speaker=both)
    event, new = split(both, Quote.objects.all(), name="Anna Orme", editor=lead)
    make_quote(speaker=new)
    before = everything()
    with pytest.raises(Refused, match="Something else uses"):
        undo(event, editor=lead)
    assert everything() == before
