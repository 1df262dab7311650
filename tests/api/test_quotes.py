"""Quotes as JSON: the page's filters, pages by place, and labels never taken for suggestions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from statements.models import Quote
from tests.factories import make_actor, make_article, make_quote, make_user

pytestmark = pytest.mark.django_db


def words_of(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/api/v1/quotes{query}")
    assert answer.status_code == 200
    return [each["content"] for each in answer.json()["results"]]


def walk(client: Client, address: str) -> list[str]:
    """The words of every page from this one on."""
    found: list[str] = []
    following: str | None = address
    while following:
        answer: dict[str, Any] = client.get(following).json()
        found += [each["content"] for each in answer["results"]]
        following = answer["next"]
    return found


def test_a_quote_has_its_words_voices_stances_and_article(client, stored):
    quote = stored.labelled
    found = client.get(f"/api/v1/quotes/{quote.uuid}").json()
    assert found["id"] == str(quote.uuid)
    assert found["url"] == f"http://testserver/quotes/{quote.uuid}/"
    assert found["api_url"] == f"http://testserver/api/v1/quotes/{quote.uuid}"
    assert (found["content"], found["kind"], found["said_on"]) == (
        "It will flood",
        "direct",
        "2024-01-01",
    )
    assert found["parts"] == [{"start": 1, "end": 14, "content": "It will flood"}]
    lead, joint = found["voices"]
    assert (lead["speaker"]["name"], lead["role"]) == ("Ada Lind", "director")
    assert (lead["actor"]["slug"], lead["actor_type"], lead["country"]) == (
        "river-watch",
        "ngo",
        "NL",
    )
    assert (joint["speaker"], joint["actor"]["name"]) == (None, "Dockers Union")
    assert found["article"]["original_url"] == "https://gazette.example/dam"
    assert found["article"]["outlet"]["name"] == "The Gazette"


def test_labels_and_suggestions_are_told_apart(client, stored):
    labelled, suggested = (
        client.get(f"/api/v1/quotes/{each.uuid}").json()["stances"]
        for each in (stored.labelled, stored.suggested)
    )
    told = {
        each["issue"]["slug"]: (
            each["label"],
            each["standing"],
            each["is_suggestion"],
            each["confidence"],
        )
        for each in labelled
    }
    assert told == {
        "dam": ("opposes", "single", False, None),
        "attitude": (None, "disputed", False, None),
    }
    (guess,) = suggested
    assert (guess["label"], guess["standing"]) == ("supports", "suggested")
    assert (guess["is_suggestion"], guess["confidence"], guess["label_count"]) == (True, 0.83, 0)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", ["It will flood", "Who knows"]),
        ("?type=labour", ["It will flood"]),
        ("?actor=river-watch", ["It will flood"]),
        ("?speaker=ada-lind", ["It will flood"]),
        ("?issue=dam&stance=supports", ["Who knows"]),
        ("?q=flood", ["It will flood"]),
        ("?from=2024-01-02", []),
        ("?outlet=the-gazette&kind=direct&sort=oldest", ["It will flood", "Who knows"]),
        ("?asof=2020", []),
    ],
)
def test_the_query_string_is_that_of_the_page(client, stored, query, words):
    assert words_of(client, query) == words
    page = client.get(f"/{query}")
    assert [strip_tags(each.words) for each in page.context["cards"]] == words


def test_what_is_shown_is_said_in_words(client, stored):
    found = client.get("/api/v1/quotes?type=ngo&asof=2026-11-25").json()
    assert found["shows"] == "What NGOs said, as of 25 Nov 2026"


@pytest.mark.parametrize("sort", ["newest", "oldest", "relevance", "doubtful"])
def test_following_next_meets_every_quote_once(client, sort):
    for day in range(1, 8):
        make_quote(f"a dam on day {day}", said_on=date(2024, 2, day) if day > 2 else None)
    found = walk(client, f"/api/v1/quotes?q=dam&sort={sort}&per_page=3")
    assert len(found) == 7
    assert set(found) == {f"a dam on day {day}" for day in range(1, 8)}


def test_a_frozen_walk_does_not_meet_what_came_later(client):
    early = make_quote("early")
    Quote.objects.filter(pk=early.pk).update(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    late = make_quote("late")
    Quote.objects.filter(pk=late.pk).update(created_at=datetime(2026, 1, 2, tzinfo=UTC))
    assert walk(client, "/api/v1/quotes?asof=2026-01-01&per_page=1") == ["early"]


def test_what_means_nothing_is_told_in_notes(client, stored):
    answer = client.get("/api/v1/quotes?type=alien&from=soon&sort=best&colour=red&per_page=many")
    assert answer.json()["notes"] == [
        "There is no actor type “alien”; it was left out.",
        "“soon” is no date like 2022-09-01; it was left out.",
        "“best” is no way to sort quotes; it was left out.",
        "There is no parameter “colour” here; it was left out.",
        "“many” is no number for per_page; it was left out.",
    ]


@pytest.mark.parametrize(("asked", "rows"), [("1", 1), ("0", 1), ("3", 3), ("100000", 200)])
def test_pages_are_bounded(client, asked, rows):
    article = make_article("\n".join(f"statement {number:03}." for number in range(205)))
    Quote.objects.bulk_create(
        Quote(
            article=article,
            kind="direct",
            start=number * 15,
            end=number * 15 + 13,
            content=f"statement {number:03}",
        )
        for number in range(205)
    )
    answer = client.get(f"/api/v1/quotes?per_page={asked}").json()
    assert len(answer["results"]) == rows
    assert bool(answer["notes"]) is (asked in {"0", "100000"})


def test_a_cursor_that_is_none_is_refused_with_what_to_do(client, stored):
    answer = client.get("/api/v1/quotes?after=tampered")
    assert answer.status_code == 400
    assert answer.json()["error"] == "bad_request"
    assert "Take it from `next`" in answer.json()["message"]


def test_drafts_are_not_there_even_for_those_who_import(client):
    draft = make_article("It is in a draft", is_draft=True)
    quote = make_quote("in a draft", article=draft, actor=make_actor("Hidden Hand"))
    rejected = make_quote(state=Quote.State.REJECTED)
    client.force_login(make_user("admin"))
    assert words_of(client) == []
    assert client.get(f"/api/v1/quotes/{quote.uuid}").status_code == 404
    assert client.get(f"/api/v1/quotes/{rejected.uuid}").status_code == 404
    assert client.get(f"/api/v1/articles/{draft.uuid}").status_code == 404
    assert client.get("/api/v1/actors").json()["results"] == []


def test_a_page_costs_the_same_for_any_number(client, django_assert_num_queries, stored):
    for _ in range(6):
        make_quote(actor=make_actor())
    with django_assert_num_queries(4):
        assert len(words_of(client)) == 8
