"""What a query string means: conditions, notes on what is ignored, and the words for it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from statements.filters import QuoteFilter
from statements.labelling import record_label, update_stance
from statements.models import JointVoice, Quote, Suggestion
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


def wanted(query: str) -> QuoteFilter:
    return QuoteFilter(QueryDict(query))


def found(query: str) -> set[str]:
    """The words of the quotes that fit."""
    return {quote.content for quote in wanted(query).quotes(AnonymousUser())}


@pytest.fixture
def voices() -> None:
    ministry = make_actor("Ministry of Water", type="government")
    watch = make_actor("River Watch", type="ngo")
    union = make_actor("Dockers Union", type="labour")
    ada = make_speaker("Ada Lind")
    make_quote("The dam is safe", actor=ministry, speaker=ada)
    make_quote("The dam is a danger", actor=watch)
    joint = make_quote("The dam must be inspected", actor=watch, kind=Quote.Kind.INDIRECT)
    JointVoice.objects.create(quote=joint, ordinal=1, actor=union, actor_type="labour")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("type=government", {"The dam is safe"}),
        ("type=government&type=labour", {"The dam is safe", "The dam must be inspected"}),
        ("type=government,labour", {"The dam is safe", "The dam must be inspected"}),
        ("actor=dockers-union", {"The dam must be inspected"}),
        ("actor=river-watch", {"The dam is a danger", "The dam must be inspected"}),
        ("actor=river-watch&type=labour", {"The dam must be inspected"}),
        ("speaker=ada-lind", {"The dam is safe"}),
        ("kind=indirect", {"The dam must be inspected"}),
        ("q=danger", {"The dam is a danger"}),
        ("q=dams+-danger", {"The dam is safe", "The dam must be inspected"}),
        ("q=%22is+safe%22", {"The dam is safe"}),
        ("q=nothing+of+this", set()),
    ],
)
def test_conditions_narrow_and_joint_voices_count(voices, query, expected):
    assert found(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("from=2024-02-10", {"later"}),
        ("to=2024-02-09", {"sooner"}),
        ("from=2024-02-09&to=2024-02-10", {"sooner", "later"}),
        ("from=2024-02&to=2024-02", {"sooner", "later"}),
        ("from=2023&to=2023", set()),
        ("from=2024-02-11&to=2024-02-10", {"later"}),
    ],
)
def test_dates_are_inclusive_and_may_be_months_or_years(query, expected):
    make_quote("sooner", said_on=date(2024, 2, 9))
    make_quote("later", said_on=date(2024, 2, 10))
    make_quote("undated", said_on=None)
    assert found(query) == expected


def test_an_outlet_is_the_article_s():
    make_quote(
        "in print", article=make_article("It is in print", outlet=make_outlet("The Gazette"))
    )
    make_quote("elsewhere")
    assert found("outlet=the-gazette") == {"in print"}


@pytest.fixture
def judged() -> None:
    """Quotes labelled on "dam", suggested, mentioning it only, unrelated, and apart from it."""
    dam, tax = make_issue(slug="dam"), make_issue(slug="tax")
    editor = make_user("editor")
    record_label(quote=make_quote("labelled"), issue=dam, editor=editor, label="supports")
    record_label(quote=make_quote("unrelated"), issue=dam, editor=editor, label="unrelated")
    record_label(quote=make_quote("on the tax"), issue=tax, editor=editor, label="opposes")
    disputed = make_quote("disputed")
    record_label(quote=disputed, issue=dam, editor=editor, label="supports")
    record_label(quote=disputed, issue=dam, editor=make_user("editor"), label="opposes")
    suggested, silent = make_quote("suggested"), make_quote("mentions it")
    Suggestion.objects.create(
        quote=suggested, issue=dam, label="opposes", confidence=0.8, method="rules"
    )
    update_stance(suggested, dam)
    Suggestion.objects.create(quote=silent, issue=dam, reason="No side is taken.", method="rules")
    make_quote("apart")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("issue=dam", {"labelled", "disputed", "suggested", "mentions it"}),
        ("issue=dam&issue=tax", {"labelled", "disputed", "suggested", "mentions it", "on the tax"}),
        ("issue=dam&stance=supports", {"labelled"}),
        ("issue=dam&stance=opposes", {"suggested"}),
        ("issue=dam&stance=none", {"mentions it"}),
        ("issue=dam&stance=disputed", {"disputed"}),
        ("stance=opposes", {"suggested", "on the tax"}),
        ("stance=none", {"mentions it", "apart"}),
        ("stance=none,supports&issue=dam", {"mentions it", "labelled"}),
        ("stance=unrelated", {"unrelated"}),
    ],
)
def test_issue_and_stance_go_together(judged, query, expected):
    assert found(query) == expected


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("type=wizard", "There is no actor type “wizard”; it was left out."),
        ("actor=nobody", "There is no actor “nobody”; it was left out."),
        ("issue=%00", "There is no issue “\0”; it was left out."),
        ("stance=maybe", "There is no stance “maybe”; it was left out."),
        ("from=yesterday", "“yesterday” is no date like 2022-09-01; it was left out."),
        ("to=2024-02-30", "“2024-02-30” is no date like 2022-09-01; it was left out."),
        ("to=0000", "“0000” is no date like 2022-09-01; it was left out."),
        ("sort=best", "“best” is no way to sort quotes; it was left out."),
    ],
)
def test_what_cannot_be_used_is_ignored_with_a_note(query, note):
    make_quote("still here")
    reading = wanted(query)
    assert reading.notes == [note]
    assert found(query) == {"still here"}
    assert reading.chips == []


def test_a_nul_in_the_search_is_a_space():
    make_quote("one two")
    assert found("q=one%00two") == {"one two"}


def test_without_leaves_one_condition_out(voices):
    reading = wanted("type=government&kind=indirect").conditions
    assert not reading.listings().exists()
    found = reading.without("type").listings().values_list("quote__content", flat=True)
    assert list(found) == ["The dam must be inspected"]


def test_the_query_string_is_canonical():
    reading = wanted(
        "type=ngo,government&type=ngo&q=+dam+&from=2024-02&sort=newest&view=list&actor="
    )
    assert reading.query() == "?type=ngo&type=government&from=2024-02-01&q=dam"
    assert reading.toggled("type", "ngo") == "?type=government&from=2024-02-01&q=dam"
    assert reading.query(after="x", q="").endswith("&after=x")
    assert wanted("").query() == "?"


def test_chips_name_every_condition_and_lift_it(voices):
    reading = wanted("type=ngo&actor=river-watch&q=dam&to=2024-01-31")
    assert [(chip.title, chip.label) for chip in reading.chips] == [
        ("Actor type", "NGO"),
        ("Actor", "River Watch"),
        ("Until", "31 Jan 2024"),
        ("Search", "“dam”"),
    ]
    assert reading.chips[1].without == "?type=ngo&to=2024-01-31&q=dam"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "What was said"),
        ("type=government&type=ngo", "What governments and NGOs said"),
        ("type=ngo&issue=dam", "What NGOs said about “Orsel dam”"),
        ("type=ngo&actor=river-watch", "What River Watch said"),
        ("speaker=ada-lind&q=safe", "What Ada Lind said with “safe”"),
        (
            "type=ngo,labour,government,media",
            "What NGOs, unions and 2 others said",
        ),
        ("from=2024-02&to=2024-02", "What was said in February 2024"),
        ("from=2024-02-03&to=2024-02-03", "What was said on 3 Feb 2024"),
        ("from=2024-02-03", "What was said since 3 Feb 2024"),
        ("to=2024-02-03", "What was said until 3 Feb 2024"),
    ],
)
def test_a_sentence_says_what_is_shown(voices, query, words):
    make_issue(slug="dam", title="Orsel dam")
    assert wanted(query).in_words == words


def stored_on(day: date, **fields: Any) -> Quote:
    """A quote that came here at the very end of a day."""
    quote = make_quote(**fields)
    end = datetime.combine(day, time.max, tzinfo=UTC)
    Quote.objects.filter(pk=quote.pk).update(created_at=end)
    return quote


def test_a_view_can_be_frozen_at_what_was_stored_by_the_end_of_a_day():
    stored_on(date(2026, 11, 25), words="in time")
    stored_on(date(2026, 11, 26), words="too late")
    assert found("asof=2026-11-25") == {"in time"}
    assert found("asof=2026-11-26") == {"in time", "too late"}
    assert found("asof=2026-11") == {"in time", "too late"}
    assert found("asof=9999-12-31") == {"in time", "too late"}


def test_a_frozen_view_says_so_and_stays_frozen():
    frozen = wanted("asof=2026-11-25&kind=direct")
    assert frozen.in_words == "What was said, as of 25 Nov 2026"
    assert frozen.query(kind=()) == "?asof=2026-11-25"
    assert frozen.data_query == "?kind=direct&asof=2026-11-25"
    assert [(chip.title, chip.label, chip.without) for chip in frozen.chips][-1] == (
        "As of",
        "25 Nov 2026",
        "?kind=direct",
    )
    assert wanted("").file_name("csv") == "quotes.csv"
    assert frozen.file_name("csv") == "quotes-as-of-2026-11-25.csv"


def test_a_day_that_is_none_freezes_nothing():
    assert wanted("asof=yesterday").asof is None
    assert "“yesterday” is no date" in wanted("asof=yesterday").notes[0]
