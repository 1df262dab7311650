"""Event lists for the Discourse Network Analyzer: what it reads, of stances that take a side."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.test import Client

from statements.labelling import adjudicate, record_label, update_stance
from statements.models import Issue, Quote, Stance, Suggestion
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

HEADER = (
    '"statement_id";"time";"person";"organization";"concept";"agreement";"start_position";'
    '"stop_position";"text";"coder";"document_id";"document_title";"document_author";'
    '"document_source";"document_section";"document_type"'
)


@pytest.fixture
def issue() -> Issue:
    return make_issue(slug="dam", title="Build the dam")


def text_of(client: Client, query: str = "") -> str:
    response = client.get(f"/export.dna.csv{query}")
    assert response.status_code == 200
    return str(response.getvalue().decode("utf-8"))


def events_of(client: Client, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(client, query)), delimiter=";"))


def judge(quote: Quote, issue: Issue, label: str, username: str = "") -> None:
    named = {"username": username} if username else {}
    record_label(quote=quote, issue=issue, editor=make_user("editor", **named), label=label)


def test_a_stance_is_one_line_with_every_field_in_quotes(client, issue):
    quote = make_quote(
        "It will flood",
        actor=make_actor("River Watch", type="ngo"),
        speaker=make_speaker("Ada Lind"),
        article=make_article(
            "A dam\n\n“It will flood,” she said.",
            title="A dam",
            byline="Bo Ek",
            outlet=make_outlet("The Gazette"),
            published_on=date(2024, 2, 3),
        ),
    )
    judge(quote, issue, "opposes", "ines")
    stance = Stance.objects.get()
    assert text_of(client).splitlines() == [
        HEADER,
        f'"{stance.pk}";"2024-02-03 00:00:00";"Ada Lind";"River Watch";"Build the dam";"0";"8";'
        f'"21";"It will flood";"ines";"{quote.article.pk}";"A dam";"Bo Ek";"The Gazette";"";'
        '"article"',
    ]


def test_what_nobody_knows_is_empty(client, issue):
    judge(make_quote("we agree", said_on=None), issue, "supports")
    (event,) = events_of(client)
    assert (event["time"], event["person"], event["organization"]) == ("", "", "")
    assert (event["document_author"], event["document_source"]) == ("", "")
    assert event["agreement"] == "1"


def test_semicolons_quotation_marks_and_line_breaks_are_rewritten_as_dna_does(client, issue):
    words = 'We wait; we "hope"\r\nand\u2028pray'
    article = make_article(f"Now\n\n{words}", title='On "hope"; again')
    judge(make_quote(words, article=article), issue, "supports")
    assert len(text_of(client).splitlines()) == 2
    (event,) = events_of(client)
    assert event["text"] == "We wait, we 'hope' and pray"
    assert event["document_title"] == "On 'hope', again"


def test_a_field_never_starts_a_formula(client, issue):
    judge(make_quote("=HYPERLINK('x')"), issue, "supports")
    assert events_of(client)[0]["text"] == "'=HYPERLINK('x')"


def test_positions_count_as_java_does(client, issue):
    article = make_article("A 🌊 came\n\n“No 🌊 here,” she said.")
    quote = make_quote("No 🌊 here", article=article)
    judge(quote, issue, "opposes")
    (event,) = events_of(client)
    start, stop = int(event["start_position"]) * 2, int(event["stop_position"]) * 2
    assert article.text.encode("utf-16-le")[start:stop].decode("utf-16-le") == "No 🌊 here"


def test_only_what_editors_agree_on_and_that_takes_a_side_is_a_statement(client, issue):
    for label in ("mixed", "neutral", "unrelated"):
        judge(make_quote(), issue, label)
    disputed, agreed, decided, suggested = (make_quote() for _ in range(4))
    for quote, labels in (
        (disputed, ("supports", "opposes")),
        (agreed, ("opposes", "opposes")),
        (decided, ("supports", "mixed")),
    ):
        for label in labels:
            judge(quote, issue, label)
    lead = make_user("lead", username="lea")
    adjudicate(quote=decided, issue=issue, lead=lead, label="supports", reason="It says so.")
    Suggestion.objects.create(
        quote=suggested, issue=issue, label="supports", confidence=0.9, method="predicate"
    )
    update_stance(suggested, issue)
    events = events_of(client)
    assert [(each["text"], each["agreement"]) for each in events] == [
        (agreed.content, "0"),
        (decided.content, "1"),
    ]
    assert events[1]["coder"] == "lea"


def test_the_coder_is_the_first_of_the_editors_who_agree(client, issue):
    quote = make_quote()
    judge(quote, issue, "supports", "zoe")
    judge(quote, issue, "supports", "abe")
    assert [each["coder"] for each in events_of(client)] == ["zoe"]


def test_events_take_the_filters_of_the_page(client, issue):
    toll = make_issue(slug="toll", title="Raise the toll")
    ngo = make_quote("kept", actor=make_actor(type="ngo"), said_on=date(2024, 3, 1))
    other = make_quote("left out", actor=make_actor(type="government"), said_on=date(2023, 3, 1))
    for quote in (ngo, other):
        judge(quote, issue, "supports")
        judge(quote, toll, "opposes")
    assert len(events_of(client)) == 4
    assert {each["text"] for each in events_of(client, "?type=ngo")} == {"kept"}
    assert {each["text"] for each in events_of(client, "?from=2024")} == {"kept"}
    assert {each["concept"] for each in events_of(client, "?issue=toll")} == {"Raise the toll"}
    assert {each["agreement"] for each in events_of(client, "?stance=supports")} == {"1"}
    assert events_of(client, "?issue=toll&stance=supports") == []
    assert events_of(client, "?stance=disputed,none") == []


def test_events_come_by_day_and_those_without_one_last(client, issue):
    for words, day in (("c", None), ("b", date(2024, 2, 1)), ("a", date(2023, 2, 1))):
        judge(make_quote(f"{words} was said", said_on=day), issue, "supports")
    assert [each["text"][0] for each in events_of(client)] == ["a", "b", "c"]


def test_an_editor_gets_the_events_of_one_issue(client, issue):
    quote = make_quote()
    judge(quote, issue, "supports")
    judge(quote, make_issue(slug="toll"), "opposes")
    client.force_login(make_user("editor"))
    text = client.get("/review/dam/events.dna.csv").getvalue().decode("utf-8")
    events = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [each["concept"] for each in events] == ["Build the dam"]


def test_drafts_and_rejected_quotes_stay_inside(client, issue):
    judge(
        make_quote("in a draft", article=make_article("in a draft", is_draft=True)), issue, "mixed"
    )
    draft = make_quote("one more", article=make_article("one more", is_draft=True))
    judge(draft, issue, "supports")
    judge(make_quote("rejected", state=Quote.State.REJECTED), issue, "supports")
    assert events_of(client) == []
    client.force_login(make_user("admin"))
    assert [each["text"] for each in events_of(client)] == ["one more"]


def test_a_list_costs_two_queries_for_any_number(client, issue, django_assert_num_queries):
    for _ in range(6):
        judge(make_quote(actor=make_actor()), issue, "supports")
    with django_assert_num_queries(2):
        assert len(events_of(client)) == 6


def test_an_event_list_is_a_file_to_keep(client):
    for response in (client.get("/export.dna.csv"), client.head("/export.dna.csv")):
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"] == 'attachment; filename="quotes.dna.csv"'
    assert client.post("/export.dna.csv").status_code == 405
