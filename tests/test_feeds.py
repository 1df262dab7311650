"""Feeds: any view of Explore as Atom that programs can follow, without drafts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import feedparser
import pytest
from defusedxml import ElementTree
from django.test import Client

from statements.labelling import record_label, update_stance
from statements.models import JointVoice, Quote, QuoteEdit, Suggestion
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

ATOM = "{http://www.w3.org/2005/Atom}"


def feed_of(client: Client, query: str = "") -> Any:
    response = client.get(f"/feed.atom{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(response.content)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


def words_of(client: Client, query: str = "") -> list[str]:
    return [entry.title.partition(": ")[2] for entry in feed_of(client, query).entries]


def test_an_entry_says_who_said_what_where_and_when(client):
    article = make_article(
        "“It will <b>flood</b>,” she said.", title="A dam", outlet=make_outlet("The Gazette")
    )
    watch, ada = make_actor("River Watch", type="ngo"), make_speaker("Ada Lind")
    quote = make_quote(
        "It will <b>flood</b>", article=article, actor=watch, speaker=ada, role="director"
    )
    (entry,) = feed_of(client).entries
    assert entry.id == f"urn:uuid:{quote.uuid}"
    assert entry.link == f"http://testserver/quotes/{quote.uuid}/"
    assert entry.author == "Ada Lind"
    assert "Ada Lind, director, River Watch" in entry.summary
    assert "said 1 January 2024; The Gazette" in entry.summary
    assert "“It will &lt;b&gt;flood&lt;/b&gt;”" in entry.summary
    assert datetime.fromisoformat(entry.published) == quote.created_at


def test_the_newest_come_first_and_no_more_than_fifty(client):
    article = make_article("\n".join(f"statement {number:02} stands" for number in range(52)))
    for number in range(52):
        day = date(2024, 1, 1) + timedelta(days=number)
        make_quote(f"statement {number:02} stands", article=article, said_on=day)
    found = words_of(client, "?sort=oldest")
    assert len(found) == 50
    assert found[0] == "statement 51 stands"


def test_a_feed_takes_the_filters_of_the_page_and_says_so(client):
    make_quote("kept", actor=make_actor(type="ngo"))
    make_quote("left out", actor=make_actor(type="government"))
    assert words_of(client, "?type=ngo&view=timeline") == ["kept"]
    found = feed_of(client, "?type=ngo").feed
    assert found.title == "What NGOs said · Newsroom"
    links = {each.rel: each.href for each in found.links}
    assert links == {
        "alternate": "http://testserver/?type=ngo",
        "self": "http://testserver/feed.atom?type=ngo",
    }
    assert found.id == "http://testserver/feed.atom?type=ngo"


def test_drafts_and_rejected_quotes_never_appear_even_to_those_who_import(client):
    make_quote("in a draft", article=make_article("It is in a draft", is_draft=True))
    make_quote("rejected", state=Quote.State.REJECTED)
    client.force_login(make_user("admin"))
    assert words_of(client) == []


def test_an_entry_is_updated_when_its_stance_or_words_change(client):
    quote, editor = make_quote(), make_user("editor")
    record_label(quote=quote, issue=make_issue(), editor=editor, label="supports")
    judged = datetime.fromisoformat(feed_of(client).entries[0].updated)
    assert judged == quote.stances.get().updated_at > quote.created_at
    later = datetime(2030, 1, 1, tzinfo=UTC)
    QuoteEdit.objects.create(
        quote=quote, editor=editor, action="voice", before={}, after={}, created_at=later
    )
    found = feed_of(client)
    assert found.entries[0].updated == found.feed.updated == later.isoformat()


def test_a_suggestion_is_called_one(client):
    quote, issue = make_quote(), make_issue(title="Dam")
    Suggestion.objects.create(
        quote=quote, issue=issue, label="supports", confidence=0.9, method="predicates"
    )
    update_stance(quote, issue)
    assert "Suggested: Supports on Dam" in feed_of(client).entries[0].summary


def test_several_speakers_are_the_author_together(client):
    quote = make_quote(actor=make_actor("River Watch"))
    JointVoice.objects.create(quote=quote, ordinal=1, actor=make_actor("Dockers Union"))
    assert feed_of(client).entries[0].author == "River Watch and Dockers Union"


def test_what_a_program_has_already_is_not_sent_again(client):
    quote = make_quote()
    first = client.get("/feed.atom")
    etag, modified = first["ETag"], first["Last-Modified"]
    again = client.get("/feed.atom", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    since = client.get("/feed.atom", headers={"If-Modified-Since": modified})
    assert since.status_code == 304
    record_label(quote=quote, issue=make_issue(), editor=make_user("editor"), label="supports")
    changed = client.get("/feed.atom", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed["ETag"] != etag


def test_an_empty_feed_is_valid_and_stays_the_same(client):
    found = feed_of(client, "?q=unheard")
    assert found.entries == []
    assert client.get("/feed.atom?q=unheard")["ETag"] == client.get("/feed.atom?q=unheard")["ETag"]


def test_every_element_that_atom_demands_is_there(client):
    make_quote()
    root = ElementTree.fromstring(client.get("/feed.atom").content)
    for name in ("id", "title", "updated", "author"):
        assert root.find(f"{ATOM}{name}") is not None
    for entry in root.findall(f"{ATOM}entry"):
        for name in ("id", "title", "updated", "author", "link", "summary"):
            assert entry.find(f"{ATOM}{name}") is not None


def test_characters_that_xml_cannot_hold_are_left_out(client):
    make_quote("a \x0b dam \ufffe here")
    assert words_of(client) == ["a   dam   here"]
    assert feed_of(client, "?q=%01dam").feed.title == "What was said with “ dam” · Newsroom"


def test_a_feed_costs_four_queries_for_any_number(client, django_assert_num_queries):
    for _ in range(6):
        make_quote(actor=make_actor())
    with django_assert_num_queries(4):
        client.get("/feed.atom")


@pytest.mark.parametrize("name", ["/", "actor", "speaker", "issue"])
def test_pages_name_their_feed_to_programs_and_people(client, name):
    watch, ada = make_actor("River Watch"), make_speaker("Ada Lind")
    make_quote(actor=watch, speaker=ada)
    issue = make_issue(slug="dam")
    address, feed = {
        "/": ("/?type=ngo", "/feed.atom?type=ngo"),
        "actor": (watch.get_absolute_url(), "/feed.atom?actor=river-watch"),
        "speaker": (ada.get_absolute_url(), "/feed.atom?speaker=ada-lind"),
        "issue": (issue.get_absolute_url(), "/feed.atom?issue=dam"),
    }[name]
    page = client.get(address).text
    assert f'<link rel="alternate" type="application/atom+xml" href="{feed}"' in page
    assert f'<a href="{feed}">' in page
