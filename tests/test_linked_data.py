"""A quote's page as data: schema.org's Quotation, in a block that nothing runs."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from statements.models import JointVoice, Quote
from tests.factories import make_actor, make_article, make_outlet, make_quote, make_speaker

pytestmark = pytest.mark.django_db


def data_of(client: Client, quote: Quote) -> dict[str, Any]:
    page = client.get(quote.get_absolute_url()).text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    found: dict[str, Any] = json.loads(block)
    return found


def test_a_quotation_has_its_words_speaker_day_and_article(client):
    article = make_article(
        "“We reject it,” she said.",
        title="Dam contested",
        byline="Bo Ek",
        outlet=make_outlet("The Herald"),
        url="https://herald.example/dam",
    )
    watch, ada = make_actor("River Watch", type="ngo"), make_speaker("Ada Orme")
    quote = make_quote("We reject it", article=article, actor=watch, speaker=ada, role="director")
    address = f"http://testserver{quote.get_absolute_url()}"
    assert data_of(client, quote) == {
        "@context": "https://schema.org",
        "@type": "Quotation",
        "@id": address,
        "url": address,
        "identifier": f"urn:uuid:{quote.uuid}",
        "text": "We reject it",
        "inLanguage": "en",
        "spokenByCharacter": {
            "@type": "Person",
            "name": "Ada Orme",
            "url": "http://testserver/speakers/ada-orme/",
            "jobTitle": "director",
            "affiliation": {
                "@type": "Organization",
                "name": "River Watch",
                "url": "http://testserver/actors/river-watch/",
            },
        },
        "dateCreated": "2024-01-01",
        "isPartOf": {
            "@type": "NewsArticle",
            "headline": "Dam contested",
            "url": "https://herald.example/dam",
            "author": "Bo Ek",
            "datePublished": "2024-01-01",
            "publisher": {"@type": "Organization", "name": "The Herald"},
        },
    }


def test_what_nobody_knows_is_left_out(client):
    quote = make_quote(said_on=None)
    found = data_of(client, quote)
    assert "spokenByCharacter" not in found
    assert "dateCreated" not in found


def test_several_voices_are_a_list(client):
    quote = make_quote(actor=make_actor("River Watch"))
    JointVoice.objects.create(quote=quote, ordinal=1, actor=make_actor("Dockers Union"))
    names = [each["name"] for each in data_of(client, quote)["spokenByCharacter"]]
    assert names == ["River Watch", "Dockers Union"]


def test_words_never_end_the_block(client):
    words = "</script><script>alert(1)</script><!-- & so on"
    quote = make_quote(words, said_on=date(2024, 1, 1))
    assert "<script>alert" not in client.get(quote.get_absolute_url()).text
    assert data_of(client, quote)["text"] == words
