"""Exports of labels: the whole history, oldest first, to those who judge."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from statements.label_exports import COLUMNS
from statements.labelling import adjudicate, record_label, take_back
from statements.models import Issue, Quote, StanceLabel, Suggestion
from statements.models.issues import publish_guideline
from tests.factories import (
    make_actor,
    make_article,
    make_issue,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> Issue:
    return make_issue(slug="dam", proposition="The dam should be built")


@pytest.fixture
def editor(client):
    user = make_user("editor", username="ines")
    client.force_login(user)
    return user


def rows_of(client: Client, slug: str = "dam") -> list[dict[str, str]]:
    response = client.get(f"/review/{slug}/labels.csv")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8"))))


def objects_of(client: Client, slug: str = "dam") -> list[dict[str, object]]:
    text = client.get(f"/review/{slug}/labels.jsonl").getvalue().decode("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_a_label_is_exported_with_all_that_is_known_of_it(client, editor, issue):
    quote = make_quote(
        "It will flood; naïvely",
        actor=make_actor("River Watch", type="ngo"),
        speaker=make_speaker("Ada Lind"),
        said_on=date(2024, 2, 3),
    )
    publish_guideline(issue, "Judge the speaker.")
    shown = Suggestion.objects.create(
        quote=quote, issue=issue, label="opposes", confidence=0.8125, method="predicate"
    )
    label = record_label(
        quote=quote,
        issue=issue,
        editor=editor,
        label="opposes",
        is_sure=False,
        note="“flood”",
        suggestion_shown=shown,
    )
    expected = {
        "id": str(StanceLabel.objects.get().uuid),
        "quote": str(quote.uuid),
        "quote_url": f"http://testserver/quotes/{quote.uuid}/",
        "text": "It will flood; naïvely",
        "article_sha256": quote.article.text_hash,
        "start": quote.start,
        "end": quote.end,
        "issue": "dam",
        "proposition": "The dam should be built",
        "label": "opposes",
        "is_sure": False,
        "is_blind": False,
        "is_adjudication": False,
        "is_current": True,
        "note": "“flood”",
        "editor": "ines",
        "guideline": 1,
        "suggestion_label": "opposes",
        "suggestion_confidence": 0.8125,
        "suggestion_method": "predicate",
        "supersedes": None,
        "undoes": None,
        "created_at": label.created_at.isoformat(),
        "speaker": "Ada Lind",
        "actor": "River Watch",
        "actor_type": "ngo",
        "said_on": "2024-02-03",
    }
    assert objects_of(client) == [expected]
    (row,) = rows_of(client)
    assert tuple(row) == COLUMNS == tuple(expected)
    in_words = {True: "true", False: "false", None: ""}
    assert row == {
        name: in_words[value] if value is None or isinstance(value, bool) else str(value)
        for name, value in expected.items()
    }
    assert datetime.fromisoformat(row["created_at"]).tzinfo == UTC


def test_the_history_comes_whole_and_oldest_first(client, editor, issue):
    quote = make_quote()
    item = {"quote": quote, "issue": issue}
    first = record_label(**item, editor=editor, label="supports")
    second = record_label(**item, editor=editor, label="mixed")
    take_back(second)
    take_back(first)
    adjudicate(**item, lead=make_user("lead", username="lea"), label="neutral", reason="It asks.")
    exported = objects_of(client)
    assert [(each["label"], each["is_current"]) for each in exported] == [
        ("supports", False),
        ("mixed", False),
        ("supports", False),
        ("", False),
        ("neutral", True),
    ]
    ids = [each["id"] for each in exported]
    assert [each["supersedes"] for each in exported] == [None, *ids[:3], None]
    assert [each["undoes"] for each in exported] == [None, None, ids[1], ids[0], None]
    assert (exported[-1]["editor"], exported[-1]["note"]) == ("lea", "It asks.")
    assert exported[-1]["is_adjudication"] is True
    assert [row["label"] for row in rows_of(client)] == [each["label"] for each in exported]


def test_a_clock_set_back_does_not_turn_the_history_round(client, editor, issue):
    item = {"quote": make_quote(), "issue": issue, "editor": editor}
    ahead = timezone.now() + timedelta(hours=1)
    StanceLabel.objects.create(**item, label="supports", created_at=ahead)
    later = record_label(**item, label="opposes")
    assert later.created_at == ahead
    assert [each["label"] for each in objects_of(client)] == ["supports", "opposes"]


def test_only_the_labels_of_the_issue_are_exported(client, editor, issue):
    quote = make_quote()
    record_label(quote=quote, issue=issue, editor=editor, label="supports")
    record_label(quote=quote, issue=make_issue(slug="toll"), editor=editor, label="opposes")
    assert [each["issue"] for each in objects_of(client)] == ["dam"]
    assert [each["issue"] for each in objects_of(client, "toll")] == ["toll"]
    assert client.get("/review/none/labels.jsonl").status_code == 404


def test_labels_of_rejected_quotes_stay_and_those_of_drafts_are_for_staff(client, editor, issue):
    rejected = make_quote("no quote", state=Quote.State.REJECTED)
    draft = make_quote("in a draft", article=make_article("It is in a draft", is_draft=True))
    for quote in (rejected, draft):
        record_label(quote=quote, issue=issue, editor=editor, label="supports")
    assert [each["text"] for each in objects_of(client)] == ["no quote"]
    client.force_login(make_user("admin"))
    assert len(objects_of(client)) == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_starts_a_formula(client, editor, issue, start):
    quote = make_quote(f"{start}HYPERLINK('x')")
    record_label(quote=quote, issue=issue, editor=editor, label="mixed", note=f"{start}1+1")
    (row,) = rows_of(client)
    assert (row["text"], row["note"]) == (f"'{start}HYPERLINK('x')", f"'{start}1+1")
    assert objects_of(client)[0]["note"] == f"{start}1+1"


def test_an_export_costs_the_same_for_any_number(client, editor, issue, django_assert_num_queries):
    for _ in range(6):
        record_label(quote=make_quote(), issue=issue, editor=editor, label="supports")
    # session, user, two for permissions, issue, labels
    with django_assert_num_queries(6):
        assert len(rows_of(client)) == 6


@pytest.mark.parametrize(
    ("file", "kind", "name"),
    [
        ("labels.csv", "text/csv; charset=utf-8", "dam-{day}-labels.csv"),
        ("labels.jsonl", "application/jsonl", "dam-{day}-labels.jsonl"),
        ("events.dna.csv", "text/csv; charset=utf-8", "dam-{day}-events.dna.csv"),
    ],
)
def test_an_export_is_a_file_named_for_its_issue_and_day(client, editor, issue, file, kind, name):
    path = f"/review/dam/{file}"
    for response in (client.get(path), client.head(path)):
        named = name.format(day=timezone.localdate().isoformat())
        assert response.status_code == 200
        assert response["Content-Type"] == kind
        assert response["Content-Disposition"] == f'attachment; filename="{named}"'
    assert client.head(path).getvalue() == b""
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("file", ["labels.csv", "labels.jsonl", "events.dna.csv"])
def test_exports_of_labels_are_for_those_who_judge(client, issue, file):
    path = f"/review/dam/{file}"
    assert client.get(path).url == f"/accounts/login/?next={path}"
    client.force_login(make_user())
    assert client.get(path).status_code == 403
    client.force_login(make_user("editor"))
    assert client.get(path).status_code == 200
