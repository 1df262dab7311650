"""How sure the pipeline is of a quote: kept with it, shown with it, and an order of lists."""

from __future__ import annotations

import pytest

from statements.ingest.documents import Document
from statements.ingest.loading import load_documents
from statements.models import Quote
from tests.factories import make_quote, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "certainty"),
    [
        ({}, 0.48),
        ({"state": Quote.State.CONFIRMED}, 1.0),
        ({"attribution": Quote.Attribution.CONFIRMED}, 0.8),
    ],
    ids=["found by the pipeline", "quote confirmed", "speaker confirmed"],
)
def test_what_a_person_confirmed_is_certain(fields, certainty):
    quote = make_quote(confidence=0.8, source_confidence=0.6, **fields)
    quote.refresh_from_db()
    assert quote.certainty == pytest.approx(certainty)
    assert quote.is_doubtful is (certainty < 0.5)
    assert Quote.objects.doubtful().exists() is quote.is_doubtful


def test_the_least_sure_come_first_page_by_page(client):
    words = [f"Statement number {n} of many" for n in range(60)]
    for n, each in enumerate(words):
        make_quote(each, confidence=(60 - n) / 61, source_confidence=1.0)
    first = client.get("/", {"sort": "doubtful"}).context
    after = first["page"].after
    second = client.get("/", {"sort": "doubtful", "after": after}).context
    shown = [str(card.words) for card in [*first["cards"], *second["cards"]]]
    assert shown == words[::-1]


@pytest.mark.parametrize(("confidence", "marked"), [(0.3, True), (0.9, False)])
def test_doubtful_quotes_are_marked_on_every_page(client, confidence, marked):
    quote = make_quote(confidence=confidence)
    client.force_login(make_user("editor"))
    for address in ("/", quote.get_absolute_url(), quote.article.get_absolute_url()):
        assert (">doubtful</span>" in client.get(address).text) is marked, address


def test_the_desk_counts_doubtful_quotes_and_leads_to_them(client):
    make_quote(confidence=0.2)
    make_quote(confidence=0.2, state=Quote.State.REJECTED)
    make_quote(confidence=0.9)
    client.force_login(make_user("admin"))
    response = client.get("/desk/")
    assert response.context["doubtful_quotes"] == 1
    assert 'href="/?sort=doubtful"' in response.text


def test_an_import_keeps_both_probabilities_and_the_page_tells_them(client):
    text = "Toll stays\n\n“We are keeping the toll,” transport minister Ana Ruiz said."
    load_documents([Document("toll.txt", text, len(text))], channel="paste")
    quote = Quote.objects.get()
    assert 0.5 < quote.confidence < 1
    assert 0.5 < quote.source_confidence < 1
    assert quote.certainty == pytest.approx(quote.confidence * quote.source_confidence)
    page = " ".join(client.get(quote.get_absolute_url()).text.split())
    assert f"{quote.confidence:.2f} of its words, {quote.source_confidence:.2f} of its" in page
