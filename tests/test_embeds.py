"""Cards on other sites: what oEmbed tells, and the one page that may stand in a frame."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote as quoted
from urllib.parse import urlencode

import pytest
from django.test import Client

from statements.labelling import record_label, update_stance
from statements.models import Quote, Suggestion
from tests.factories import (
    make_actor,
    make_article,
    make_issue,
    make_outlet,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def quote() -> Quote:
    article = make_article("“We reject it,” she said.", outlet=make_outlet("The Herald"))
    return make_quote(
        "We reject it",
        article=article,
        actor=make_actor("River Watch", type="ngo"),
        speaker=make_speaker("Ada Orme"),
        role="director",
    )


def told(client: Client, address: str, **others: object) -> Any:
    return client.get(f"/oembed?{urlencode({'url': address, **others})}")


def test_the_card_says_who_in_which_role_where_when_and_where_they_stand(client, quote):
    issue = make_issue(title="Dam")
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="opposes")
    page = client.get(f"/quotes/{quote.uuid}/embed/").text
    for words in (
        "We reject it",
        "Ada Orme",
        "director",
        "River Watch",
        "The Herald",
        "1 Jan 2024",
    ):
        assert words in page
    assert "▼" in page
    assert "Opposes" in page
    assert f'href="http://testserver{quote.get_absolute_url()}"' in page
    assert "<script" not in page
    assert "style=" not in page


def test_a_suggested_stance_is_marked_on_the_card(client, quote):
    issue = make_issue()
    Suggestion.objects.create(
        quote=quote, issue=issue, label="supports", confidence=0.83, method="predicates"
    )
    update_stance(quote, issue)
    page = client.get(f"/quotes/{quote.uuid}/embed/").text
    assert "stance-suggested" in page
    assert "suggested 0.83" in page


def test_the_card_alone_may_be_framed(client, quote):
    card = client.get(f"/quotes/{quote.uuid}/embed/")
    assert "frame-ancestors *" in card["Content-Security-Policy"]
    assert "script-src 'none'" in card["Content-Security-Policy"]
    assert "X-Frame-Options" not in card
    assert not card.cookies


@pytest.mark.parametrize(
    "path", ["/", "quote", "/accounts/login/", "/api/", "/feed.atom", "/api/v1/quotes", "/oembed"]
)
def test_nothing_else_may_be_framed(client, quote, path):
    response = client.get(quote.get_absolute_url() if path == "quote" else path)
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_a_card_that_is_not_there_may_not_be_framed(client):
    missing = client.get("/quotes/00000000-0000-0000-0000-000000000000/embed/")
    assert missing.status_code == 404
    assert missing["X-Frame-Options"] == "DENY"


def test_drafts_have_no_card_and_no_panel_even_for_those_who_import(client):
    quote = make_quote("We reject it", article=make_article("“We reject it”", is_draft=True))
    client.force_login(make_user("admin"))
    assert client.get(f"/quotes/{quote.uuid}/embed/").status_code == 404
    assert told(client, f"http://testserver{quote.get_absolute_url()}").status_code == 404
    page = client.get(quote.get_absolute_url()).text
    assert "Embed" not in page
    assert "oembed" not in page


def test_oembed_tells_of_a_quote(client, quote):
    response = told(client, f"http://testserver{quote.get_absolute_url()}", format="json")
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    found = response.json()
    html = found.pop("html")
    assert found == {
        "version": "1.0",
        "type": "rich",
        "title": "Ada Orme: We reject it",
        "author_name": "Ada Orme",
        "author_url": "http://testserver/speakers/ada-orme/",
        "provider_name": "Newsroom",
        "provider_url": "http://testserver/",
        "cache_age": 3600,
        "width": 550,
        "height": found["height"],
    }
    assert f'src="http://testserver/quotes/{quote.uuid}/embed/"' in html
    assert 'title="Quote of Ada Orme"' in html
    assert f'width="550" height="{found["height"]}"' in html
    assert 150 < found["height"] < 300


def test_a_frame_is_taller_for_more_words_and_for_less_room(client):
    short, long = make_quote("We reject it"), make_quote("We reject it all " * 20)
    sizes = [
        told(client, f"http://testserver{quote.get_absolute_url()}", maxwidth=width).json()[
            "height"
        ]
        for quote, width in ((short, 550), (long, 550), (long, 300))
    ]
    assert sizes == sorted(set(sizes))


def test_parts_are_joined_by_an_ellipsis_on_the_card(client):
    article = make_article("“We object,” he said, “to all of it.”")
    quote = make_quote("We object", article=article)
    start = article.text.index("to all of it")
    quote.parts.create(ordinal=1, start=start, end=start + 12, content="to all of it")
    page = client.get(f"/quotes/{quote.uuid}/embed/").text
    assert '“We object <span class="said-gap">…</span> to all of it”' in page


def test_a_name_cannot_leave_its_attribute(client):
    quote = make_quote(actor=make_actor('"><script>alert(1)</script>'))
    html = told(client, f"http://testserver{quote.get_absolute_url()}").json()["html"]
    assert "<script" not in html


@pytest.mark.parametrize(
    ("asked", "size"),
    [
        ({"maxwidth": 320}, (320, None)),
        ({"maxwidth": 200, "maxheight": 100}, (200, 100)),
        ({"maxwidth": 5000}, (550, None)),
        ({"maxwidth": "wide", "maxheight": -1}, (550, None)),
        ({"maxwidth": "0"}, (550, None)),
    ],
)
def test_oembed_is_never_larger_than_asked_for(client, quote, asked, size):
    found = told(client, f"http://testserver{quote.get_absolute_url()}", **asked).json()
    assert found["width"] == size[0]
    if size[1]:
        assert found["height"] == size[1]
    assert f'width="{found["width"]}" height="{found["height"]}"' in found["html"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "no address",
        "http://testserver/",
        "http://elsewhere.example{path}",
        "ftp://testserver{path}",
        "http://testserver/quotes/00000000-0000-0000-0000-000000000000/",
        "http://[testserver{path}",
    ],
)
def test_any_other_address_is_not_found(client, quote, address):
    response = told(client, address.format(path=quote.get_absolute_url()))
    assert response.status_code == 404
    assert "address of a quote" in response.json()["error"]


def test_fragments_and_queries_of_an_address_do_not_matter(client, quote):
    address = f"http://testserver{quote.get_absolute_url()}"
    for each in (f"{address}?issue=dam#cite", address.removesuffix("/"), f"{address}embed/"):
        assert told(client, each).status_code == 200


def test_only_json_is_spoken(client, quote):
    address = f"http://testserver{quote.get_absolute_url()}"
    assert told(client, address, format="xml").status_code == 501


def test_the_page_says_where_oembed_is_and_gives_the_code(client, quote):
    page = client.get(quote.get_absolute_url()).text
    (link,) = re.findall(
        r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', page
    )
    address = f"http://testserver{quote.get_absolute_url()}"
    assert quoted(address, safe="") in link
    html = client.get(link.replace("&amp;", "&")).json()["html"]
    assert html.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;") in page


def test_a_closed_site_shows_no_card_and_tells_programs_so(client, settings, quote):
    settings.READERS_NEED_ACCOUNT = True
    assert client.get(f"/quotes/{quote.uuid}/embed/").status_code == 302
    response = told(client, f"http://testserver{quote.get_absolute_url()}")
    assert response.status_code == 401
    assert "Access-Control-Allow-Origin" not in response
