from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from statements.ingest.documents import Document, Facts
from statements.ingest.identities import Identities
from statements.ingest.storing import store_article
from statements.models import Actor, Affiliation, Quote, Speaker
from statements.nlp import Quotation, Voice
from tests.factories import make_actor

pytestmark = pytest.mark.django_db

TEXT = (
    "Rain delays vote\n\nThe council met late. “We waited,” mayor Ana Ruiz said, "
    "“and then we left.” The rain stopped at nine. Nobody cheered."
)


def span(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def quotation(*voices: Voice, **changes) -> Quotation:
    fields: dict[str, Any] = {
        "parts": (span("We waited"), span("and then we left")),
        "kind": "direct",
        "cue": span("said"),
        "source": span("mayor Ana Ruiz"),
        "voices": voices,
        "candidates": (),
        "basis": "named",
        "act": "speech",
        "confidence": 0.9,
    }
    return Quotation(**(fields | changes))


MAYOR = Voice("Ana Ruiz", "mayor", "City of Orsel", "government", "", provisional=False)


def store(
    *quotations: Quotation, text: str = TEXT, identities: Identities | None = None
) -> list[Quote]:
    facts = Facts(published=date(2024, 5, 1), outlet="The Gazette")
    document = Document("a.txt", text, len(text), facts)
    article = store_article(document, quotations, identities or Identities())
    return list(article.quotes.all())


def test_a_quote_is_stored_with_its_parts_words_and_context():
    (quote,) = store(quotation(MAYOR))
    assert [part.content for part in quote.parts.all()] == ["We waited", "and then we left"]
    assert quote.content == "We waited and then we left"
    assert (quote.cue, quote.source) == ("said", "mayor Ana Ruiz")
    assert quote.before == "The council met late."
    assert quote.after == "The rain stopped at nine."
    assert (quote.said_on, quote.said_basis) == (date(2024, 5, 1), "article")
    assert quote.article.outlet is not None
    assert quote.article.outlet.name == "The Gazette"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (["We waited,", "It rained."], "We waited. It rained."),
        (["We waited,", "and then left,"], "We waited, and then left"),
        (["We waited", "Ana said"], "We waited Ana said"),
    ],
)
def test_the_comma_that_leads_to_the_attribution_is_no_part_of_the_words(parts, words):
    text = "Title\n\n" + " – ".join(f"“{part}”" for part in parts)
    spans = tuple((text.index(part), text.index(part) + len(part)) for part in parts)
    (quote,) = store(quotation(parts=spans, cue=None, source=None), text=text)
    assert quote.content == words


def test_new_identities_are_provisional_and_linked_by_an_affiliation():
    (quote,) = store(quotation(MAYOR))
    assert quote.speaker is not None
    assert quote.actor is not None
    assert (quote.speaker.standing, quote.actor.standing) == ("provisional", "provisional")
    assert (quote.actor_type, quote.attribution) == ("government", "stated")
    affiliation = Affiliation.objects.get()
    assert quote.affiliation == affiliation
    assert (affiliation.post, affiliation.since, affiliation.until) == ("mayor", None, None)


def test_the_same_names_in_another_article_are_the_same_rows():
    store(quotation(MAYOR))
    store(quotation(MAYOR), text=TEXT + " Again.")
    assert (Speaker.objects.count(), Actor.objects.count(), Affiliation.objects.count()) == (
        1,
        1,
        1,
    )


def test_a_confirmed_actor_lends_its_type_and_country():
    make_actor("City of Orsel", type="civil_society", country="ES", standing="confirmed")
    (quote,) = store(quotation(MAYOR))
    assert (quote.actor_type, quote.country) == ("civil_society", "ES")


def test_a_type_learned_later_reaches_the_quotes_stored_before():
    store(quotation(Voice("Ana Ruiz", "", "City of Orsel", "unknown", "", provisional=True)))
    store(quotation(MAYOR), text=TEXT + " Again.")
    assert Actor.objects.get().type == "government"
    assert set(Quote.objects.values_list("actor_type", flat=True)) == {"government"}


def test_a_type_learned_in_an_import_reaches_what_it_stores_before_and_after():
    unknown = Voice("Ana Ruiz", "", "City of Orsel", "unknown", "", provisional=True)
    later = quotation(MAYOR, parts=(span("Nobody cheered"),), cue=None, source=None)
    identities = Identities()
    store(quotation(unknown), later, identities=identities)
    store(quotation(unknown), text=TEXT + " Again.", identities=identities)
    assert set(Quote.objects.values_list("actor_type", flat=True)) == {"government"}


def test_of_actors_with_one_name_the_confirmed_one_is_meant():
    make_actor("City of Orsel", type="government")
    confirmed = make_actor("Orsel council", type="civil_society", standing="confirmed")
    confirmed.names.create(text="City of Orsel")
    (quote,) = store(quotation(MAYOR))
    assert quote.actor == confirmed


def test_joint_speakers_are_the_lead_and_joint_voices():
    second = Voice(None, "", "River League", "ngo", "", provisional=False)
    (quote,) = store(quotation(MAYOR, second))
    assert quote.actor_type == "government"
    assert [(voice.actor_type, voice.name) for voice in quote.joint_voices.all()] == [
        ("ngo", "River League")
    ]


def test_what_the_text_leaves_open_stays_open_with_its_candidates():
    (quote,) = store(quotation(candidates=("Ana Ruiz", "Bo Lind"), source=None))
    assert (quote.attribution, quote.speaker, quote.actor) == ("open", None, None)
    assert quote.candidates == ["Ana Ruiz", "Bo Lind"]


def test_a_guess_is_marked_provisional():
    (quote,) = store(quotation(Voice("Ana Ruiz", "", None, "unknown", "", provisional=True)))
    assert quote.attribution == "provisional"


def test_two_quotations_of_one_place_are_stored_once():
    assert len(store(quotation(MAYOR), quotation(MAYOR))) == 1
