"""Two thousand texts that mean harm in every export, feed and answer of the API: as they are."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import unicodedata
import xml.etree.ElementTree as ET
from urllib.parse import quote

import pytest

from statements.exports import cell
from tests.hostile_site import HostileSite, make_hostile_site
from tests.payloads import COUNT, payloads

pytestmark = pytest.mark.django_db

SIGNS = "=+-@\u2212"
EVERY = int(os.environ.get("HOSTILE_PAYLOADS", "0")) >= COUNT
ASKED = payloads() if EVERY else payloads()[::5]


def begins_formula(text: str) -> bool:
    """Whether some spreadsheet may take the cell for a formula."""
    shown = [char for char in unicodedata.normalize("NFKC", text) if char.isprintable()]
    return "".join(shown).strip().startswith(tuple(SIGNS))


@pytest.fixture
def site() -> HostileSite:
    return make_hostile_site([each.text for each in payloads()], issues=2)


def body(client, address: str, **asked: str) -> str:
    response = client.get(address, asked)
    assert response.status_code == 200, address
    for name, value in response.items():
        assert "hostile" not in f"{name} {value}", address
    assert not response.cookies
    assert response["X-Content-Type-Options"] == "nosniff"
    content = b"".join(response) if response.streaming else response.content
    return content.decode()


def test_there_are_two_thousand_of_every_kind():
    families = {family for each in payloads() for family in each.family.split()}
    assert len({each.text for each in payloads()}) == COUNT
    assert len(families) == 15


def test_no_text_begins_a_formula_whichever_separator_a_spreadsheet_takes():
    for each in payloads():
        written = io.StringIO(newline="")
        csv.writer(written).writerow(["id", cell(each.text), cell(["a", each.text]), "end"])
        for separator in ",;\t|":
            rows = csv.reader(io.StringIO(written.getvalue(), newline=""), delimiter=separator)
            cells = [text for row in rows for text in row]
            assert not [text for text in cells if begins_formula(text)], (each.text, separator)


def test_exports_hold_every_text_as_it_is_and_no_formula(client, site):
    client.force_login(site.admin)
    review = f"/review/{site.issues[0].slug}"
    tables = [
        (body(client, "/export.csv"), ","),
        (body(client, "/export.dna.csv"), ";"),
        (body(client, f"{review}/labels.csv"), ","),
        (body(client, f"{review}/events.dna.csv"), ";"),
    ]
    for text, separator in tables:
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        assert rows
        assert {len(row) for row in rows} == {len(header)}
        assert not [each for row in rows for each in row if begins_formula(each)]
    stored = {each.content for each in site.quotes}
    # Not splitlines(): payloads have separators of lines that JSON leaves as they are.
    lines = body(client, "/export.jsonl").split("\n")
    assert {json.loads(line)["quote"] for line in lines if line} == stored
    for line in body(client, f"{review}/labels.jsonl").split("\n"):
        assert not line or json.loads(line)["text"] in stored


def test_the_feed_is_xml_whatever_is_in_it(client, site):
    for asked in ({}, {"issue": site.issues[0].slug}, {"q": "script"}):
        feed = ET.fromstring(body(client, "/feed.atom", **asked))  # noqa: S314
        names = {element.tag.rpartition("}")[2] for element in feed.iter()}
        assert not names & {"script", "img", "svg", "x", "a", "div"}
    for each in payloads()[::40]:
        ET.fromstring(body(client, "/feed.atom", q=each.text))  # noqa: S314


def test_the_api_and_cards_elsewhere_hold_texts_as_data(client, site):
    seen: set[str] = set()
    address = "/api/v1/quotes?limit=100"
    while address:
        page = json.loads(body(client, address))
        seen |= {each["content"] for each in page["results"]}
        address = page["next"]
    assert seen == {each.content for each in site.quotes}
    for kind in ("actors", "issues"):
        json.loads(body(client, f"/api/v1/{kind}"))
    for each in site.quotes[::50]:
        card = json.loads(
            body(client, "/oembed", url=f"http://testserver{each.get_absolute_url()}")
        )
        assert "data-hostile" not in re.sub(r'"[^"]*"', "", card["html"])


def test_questions_that_mean_harm_are_answered(client):
    names = ["type", "actor", "speaker", "issue", "stance", "kind", "outlet", "from", "to", "q"]
    names += ["asof", "sort", "view", "once", "after", "left", "right", "page", "format"]
    places = ["/", "/export.csv", "/export.jsonl", "/export.dna.csv", "/feed.atom", "/actors/"]
    places += ["/articles/", "/issues/", "/api/v1/quotes", "/oembed", "/accounts/login/"]
    for number, each in enumerate(ASKED):
        asked = dict.fromkeys(names[number % 3 :: 3], each.text)
        response = client.get(places[number % len(places)], asked)
        # 501 is what oEmbed says to a format that it has not.
        assert response.status_code in {200, 301, 302, 400, 404, 501}
        if response.status_code in {301, 302}:
            assert response.url.startswith("/")
            assert not response.url.startswith(("//", "/\\"))
    for each in ASKED[::4]:
        path = quote(each.text.replace("/", "")[:300], safe="")
        for place in ("actors", "issues", "quotes", "api/v1/actors", "static", "desk/identities"):
            assert client.get(f"/{place}/{path}/").status_code < 500
