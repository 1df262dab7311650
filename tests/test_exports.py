"""Exports: every quote of the query string, whole, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from statements.exports import COLUMNS
from statements.labelling import record_label
from statements.models import JointVoice, Quote
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


def rows_of(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/export.csv{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8"))))


def objects_of(client: Client, query: str = "") -> list[dict[str, object]]:
    lines = client.get(f"/export.jsonl{query}").getvalue().decode("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture
def joint() -> Quote:
    """A quote of two voices with everything that an export can say about it."""
    watch = make_actor("River Watch", type="ngo", country="NL")
    article = make_article(
        "The two called for “a second inquiry, naïve or not”.",
        title="Two voices",
        url="https://gazette.example/two",
        outlet=make_outlet("The Gazette"),
        published_on=date(2024, 2, 3),
    )
    quote = make_quote(
        "a second inquiry, naïve or not",
        article=article,
        actor=watch,
        speaker=make_speaker("Ada Lind"),
        role="director",
    )
    union = make_actor("Dockers Union", type="labour")
    JointVoice.objects.create(quote=quote, ordinal=1, actor=union, actor_type="labour")
    issue = make_issue(slug="dam")
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="opposes")
    return quote


def test_csv_has_a_row_per_quote_with_all_columns(client, joint):
    (row,) = rows_of(client)
    assert tuple(row) == COLUMNS
    assert row == {
        "id": str(joint.uuid),
        "url": f"http://testserver/quotes/{joint.uuid}/",
        "quote": "a second inquiry, naïve or not",
        "kind": "direct",
        "cue": "",
        "source": "",
        "speaker": "Ada Lind; ",
        "role": "director; ",
        "actor": "River Watch; Dockers Union",
        "actor_type": "ngo; labour",
        "country": "NL; ",
        "said_on": "2024-02-03",
        "article": "Two voices",
        "article_url": "https://gazette.example/two",
        "outlet": "The Gazette",
        "published_on": "2024-02-03",
        "stances": "dam: opposes (single)",
    }


def test_jsonl_keeps_voices_and_stances_as_lists(client, joint):
    (record,) = objects_of(client)
    assert record["voices"] == [
        {
            "speaker": "Ada Lind",
            "role": "director",
            "actor": "River Watch",
            "actor_type": "ngo",
            "country": "NL",
        },
        {
            "speaker": "",
            "role": "",
            "actor": "Dockers Union",
            "actor_type": "labour",
            "country": "",
        },
    ]
    assert record["stances"] == [
        {"issue": "dam", "label": "opposes", "standing": "single", "confidence": None}
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_cell_never_starts_a_formula(client, start):
    make_quote(f"{start}HYPERLINK('x')")
    (row,) = rows_of(client)
    assert row["quote"] == f"'{start}HYPERLINK('x')"


def test_exports_take_the_filters_of_the_page(client):
    make_quote("kept", actor=make_actor(type="ngo"))
    make_quote("left out", actor=make_actor(type="government"))
    assert [row["quote"] for row in rows_of(client, "?type=ngo")] == ["kept"]
    assert [row["quote"] for row in objects_of(client, "?type=ngo&type=no-such-type")] == ["kept"]


def test_exports_hold_all_pages_in_the_order_asked_for(client):
    for day in range(1, 29):
        make_quote(f"on day {day}", said_on=date(2024, 2, day))
    assert [row["quote"] for row in rows_of(client, "?sort=oldest")] == [
        f"on day {day}" for day in range(1, 29)
    ]
    assert rows_of(client)[0]["quote"] == "on day 28"


def test_drafts_and_rejected_quotes_stay_inside(client):
    make_quote("in a draft", article=make_article("It is in a draft", is_draft=True))
    make_quote("rejected", state=Quote.State.REJECTED)
    assert rows_of(client) == []
    assert objects_of(client) == []


def test_an_export_costs_four_queries_for_any_number(client, django_assert_num_queries):
    for number in range(6):
        make_quote(f"statement {number}", actor=make_actor())
    with django_assert_num_queries(4):
        assert len(rows_of(client)) == 6


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("/export.csv", "text/csv; charset=utf-8", "quotes.csv"),
        ("/export.jsonl", "application/jsonl", "quotes.jsonl"),
    ],
)
def test_an_export_is_a_file_to_keep(client, path, kind, name):
    response = client.get(path)
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("ending", ["csv", "jsonl", "dna.csv"])
def test_a_frozen_export_says_so_in_its_name_and_leaves_out_what_came_later(client, ending):
    issue, editor = make_issue(), make_user("editor")
    for words, day in (("in time", 25), ("too late", 26)):
        quote = make_quote(words)
        record_label(quote=quote, issue=issue, editor=editor, label="supports")
        stored = datetime(2026, 11, day, 12, tzinfo=UTC)
        Quote.objects.filter(pk=quote.pk).update(created_at=stored)
    response = client.get(f"/export.{ending}?asof=2026-11-25")
    name = f"quotes-as-of-2026-11-25.{ending}"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    content = response.getvalue().decode()
    assert "in time" in content
    assert "too late" not in content
