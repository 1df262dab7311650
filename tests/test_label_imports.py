"""Imports of labels: what was exported comes back as it was, and nothing else gets in."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from statements import label_exports
from statements.ingest.labels import LabelReport, import_labels
from statements.labelling import adjudicate, record_label, take_back, update_stance
from statements.models import Issue, Quote, Stance, StanceLabel, Suggestion
from statements.models.issues import publish_guideline
from tests.factories import label_line, make_article, make_issue, make_quote, make_user

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def issue() -> Issue:
    return make_issue(slug="dam")


@pytest.fixture
def quote() -> Quote:
    return make_quote("It will flood")


@pytest.fixture
def line(issue, quote) -> dict[str, Any]:
    make_user("editor", username="ines")
    return label_line(quote=str(quote.uuid), issue="dam", editor="ines")


def exported() -> list[str]:
    return list(label_exports.jsonl_lines(StanceLabel.objects.all(), lambda path: path))


def load(*lines: dict[str, Any] | str | bytes, user: Any = None) -> LabelReport:
    written = [json.dumps(each) if isinstance(each, dict) else each for each in lines]
    return import_labels(written, name="labels.jsonl", user=user)


def only_refusal(report: LabelReport) -> tuple[int, str, str]:
    (item,) = report.rejected
    return item.line, item.field, item.reason


def counts(report: LabelReport) -> tuple[int, int, int]:
    return tuple(report.counts[each] for each in ("new", "duplicate", "rejected"))  # type: ignore[return-value]


def stances() -> list[tuple[Any, ...]]:
    rows = Stance.objects.order_by("quote", "issue")
    return list(rows.values_list("quote", "issue", "label", "standing", "label_count"))


def history(issue: Issue) -> None:
    """Labels of every kind: superseded, taken back, restored, decided, blind, with suggestions."""
    publish_guideline(issue, "Judge the speaker.")
    other = make_issue(slug="toll")
    one, two = make_quote("one was said"), make_quote("two was said")
    zoe, abe = make_user("editor", username="zoe"), make_user("editor", username="abe")
    lead = make_user("lead", username="lea")
    shown = Suggestion.objects.create(
        quote=one, issue=issue, label="supports", confidence=1 / 3, method="predicate"
    )
    silent = Suggestion.objects.create(
        quote=two, issue=issue, label="", method="learned", reason="nothing like it"
    )
    first = record_label(
        quote=one, issue=issue, editor=zoe, label="supports", suggestion_shown=shown
    )
    second = record_label(
        quote=one, issue=issue, editor=zoe, label="mixed", is_sure=False, note="“if”\n…\u2028"
    )
    record_label(quote=one, issue=issue, editor=abe, label="opposes")
    gone = record_label(
        quote=two, issue=issue, editor=abe, label="neutral", suggestion_shown=silent
    )
    take_back(gone)
    take_back(second)
    record_label(quote=two, issue=other, editor=zoe, label="unrelated")
    publish_guideline(issue, "Judge the speaker alone.")
    record_label(quote=two, issue=issue, editor=zoe, label="neutral")
    adjudicate(quote=one, issue=issue, lead=lead, label="supports", reason="It says so.")
    take_back(first)
    adjudicate(quote=one, issue=issue, lead=zoe, label="opposes", reason="It says no.")
    blind = {"editor": abe, "is_blind": True, "created_at": MOMENT}
    StanceLabel.objects.create(quote=two, issue=other, label="mixed", **blind)
    update_stance(two, other)


def empty(model: type[StanceLabel] | type[Suggestion]) -> None:
    """Take away rows that the database guards, as if they had never been."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        model._default_manager.all()._raw_delete("default")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def emptied(issue) -> list[str]:
    """The export of a history, in a database from which its labels have gone."""
    history(issue)
    lines = exported()
    empty(StanceLabel)
    Stance.objects.all().delete()
    return lines


def test_a_round_trip_gives_the_same_file_to_the_byte_and_the_same_stances(issue):
    history(issue)
    lines, stood = exported(), stances()
    empty(StanceLabel)
    Stance.objects.all().delete()
    assert counts(import_labels(lines, name="all.jsonl")) == (len(lines), 0, 0)
    assert exported() == lines
    assert stances() == stood


def test_a_round_trip_keeps_suggestions_that_are_not_made_here(emptied):
    empty(Suggestion)
    import_labels(emptied, name="all.jsonl")
    assert exported() == emptied
    assert Suggestion.objects.count() == 2


def test_importing_twice_changes_nothing(emptied):
    import_labels(emptied, name="all.jsonl")
    stood = stances()
    made = set(Stance.objects.values_list("pk", "updated_at"))
    again = import_labels(emptied, name="all.jsonl")
    assert counts(again) == (0, len(emptied), 0)
    assert exported() == emptied
    assert stances() == stood
    assert set(Stance.objects.values_list("pk", "updated_at")) == made


def test_a_file_in_pieces_ends_as_the_whole_would(emptied):
    half = len(emptied) // 2
    import_labels(emptied[:half], name="a.jsonl")
    import_labels(emptied, name="b.jsonl")
    assert exported() == emptied


def test_quotes_with_other_ids_are_found_by_their_place(emptied):
    for quote in Quote.objects.all():
        Quote.objects.filter(pk=quote.pk).update(uuid=uuid.uuid4())
    assert counts(import_labels(emptied, name="all.jsonl")) == (len(emptied), 0, 0)
    assert counts(import_labels(emptied, name="all.jsonl")) == (0, len(emptied), 0)
    anonymous = [{**json.loads(each), "quote": 0, "quote_url": 0} for each in emptied]
    assert [{**json.loads(each), "quote": 0, "quote_url": 0} for each in exported()] == anonymous


def test_a_suggestion_that_is_not_here_is_kept_as_one_no_longer_made(line, quote, issue):
    line |= {
        "suggestion_label": "supports",
        "suggestion_confidence": 0.25,
        "suggestion_method": "learned",
    }
    assert counts(load(line)) == (1, 0, 0)
    shown = StanceLabel.objects.get().suggestion_shown
    assert shown is not None
    assert (shown.label, shown.confidence, shown.is_current) == ("supports", 0.25, False)
    assert not Suggestion.objects.current().exists()


def test_a_line_says_little_and_gets_what_is_usual(line, quote, issue):
    publish_guideline(issue, "One.")
    assert counts(load(line)) == (1, 0, 0)
    label = StanceLabel.objects.get()
    assert (label.label, label.editor.username, label.created_at) == ("opposes", "ines", MOMENT)
    assert (label.is_sure, label.is_blind, label.is_current, label.note) == (True, False, True, "")
    assert label.guideline is None
    assert stances()[0][2:] == ("opposes", "single", 1)


def test_without_an_id_the_same_moment_is_the_same_label(line):
    assert counts(load(line, line)) == (1, 1, 0)
    assert counts(load(line)) == (0, 1, 0)
    report = load({**line, "label": "mixed"})
    assert only_refusal(report)[:2] == (1, "created_at")
    assert "says otherwise" in only_refusal(report)[2]


def test_an_id_that_is_here_with_another_answer_is_refused(line):
    line["id"] = str(uuid.uuid4())
    load(line)
    for change in ({"label": "supports"}, {"note": "now with a note"}):
        assert only_refusal(load({**line, **change}))[:2] == (1, "id")
    assert StanceLabel.objects.get().label == "opposes"


def test_later_lines_supersede_earlier_ones_of_the_same_editor(line):
    later = {**line, "label": "mixed", "created_at": (MOMENT + timedelta(days=1)).isoformat()}
    make_user("editor", username="abe")
    other = {**line, "editor": "abe", "label": "mixed"}
    assert counts(load(line, other, later)) == (3, 0, 0)
    first, last = StanceLabel.objects.filter(editor__username="ines").order_by("pk")
    assert (first.is_current, last.is_current, last.supersedes) == (False, True, first)
    assert stances()[0][2:] == ("mixed", "agreed", 2)


def test_history_is_only_added_to(line, quote, issue):
    editor = make_user("editor", username="abe")
    now = record_label(quote=quote, issue=issue, editor=editor, label="supports")
    old = {**line, "editor": "abe"}
    number, field, reason = only_refusal(load(line, old))
    assert (number, field) == (2, "created_at")
    assert "A judgement of abe" in reason
    moment = now.created_at + timedelta(seconds=1)
    assert counts(load({**old, "created_at": moment.isoformat()})) == (1, 0, 0)
    assert StanceLabel.objects.filter(editor=editor).count() == 2
    assert StanceLabel.objects.current().get(editor=editor).label == "opposes"


def test_decisions_are_one_history_whoever_made_them(line):
    decision = {**line, "is_adjudication": True, "note": "It denies it."}
    make_user("lead", username="lea")
    later = {
        **decision,
        "editor": "lea",
        "label": "neutral",
        "created_at": (MOMENT + timedelta(days=1)).isoformat(),
    }
    assert counts(load(line, decision, later)) == (3, 0, 0)
    assert stances()[0][2:] == ("neutral", "adjudicated", 1)
    older = {**decision, "created_at": (MOMENT - timedelta(days=1)).isoformat()}
    assert "An adjudication of" in only_refusal(load(older))[2]


def test_what_is_taken_back_must_be_the_editors_own_and_stand_before(line):
    first = {**line, "id": str(uuid.uuid4())}
    undo = {
        **line,
        "label": "",
        "undoes": first["id"],
        "created_at": (MOMENT + timedelta(days=1)).isoformat(),
    }
    make_user("editor", username="abe")
    assert only_refusal(load(undo))[:2] == (1, "undoes")
    assert only_refusal(load(first, {**undo, "editor": "abe"}))[:2] == (2, "undoes")
    assert counts(load(undo)) == (1, 0, 0)
    assert stances() == []
    again = {**undo, "created_at": (MOMENT + timedelta(days=2)).isoformat()}
    assert "taken back already" in only_refusal(load(again))[2]


def test_a_guideline_is_found_by_its_number_else_left_out_and_counted(line, issue):
    version = publish_guideline(issue, "One.")
    later = {**line, "guideline": 7, "created_at": (MOMENT + timedelta(days=1)).isoformat()}
    report = load({**line, "guideline": 1}, later)
    assert [each.guideline for each in StanceLabel.objects.order_by("pk")] == [version, None]
    assert report.without_guideline == 1


def test_a_place_that_holds_no_quote_is_told_by_what_is_missing(line, quote):
    place = {
        "quote": None,
        "article_sha256": quote.article.text_hash,
        "start": quote.start,
        "end": quote.end,
    }
    report = load(
        {**line, **place, "start": quote.start + 1},
        {**line, **place, "end": 2**31 - 1},
        {**line, **place, "article_sha256": "0" * 64},
        {**line, **place},
    )
    assert [item.field for item in report.rejected] == ["start", "start", "article_sha256"]
    assert counts(report) == (1, 0, 3)


def test_what_the_database_refuses_takes_only_its_own_line_along(line, quote, issue):
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE statements_stancelabel ADD CONSTRAINT no_such_note CHECK (note <> 'x')"
        )
    later = {**line, "created_at": (MOMENT + timedelta(days=1)).isoformat(), "note": "x"}
    latest = {**line, "created_at": (MOMENT + timedelta(days=2)).isoformat(), "label": "mixed"}
    report = load(line, later, latest)
    assert "database refused" in only_refusal(report)[2]
    assert counts(report) == (2, 0, 1)
    assert [each.is_current for each in StanceLabel.objects.order_by("pk")] == [False, True]


def test_quotes_of_drafts_are_not_there_for_those_who_may_not_read_them(line):
    draft = make_quote("in a draft", article=make_article("It is in a draft", is_draft=True))
    line["quote"] = str(draft.uuid)
    assert only_refusal(load(line, user=make_user("lead")))[1] == "quote"
    assert counts(load(line, user=make_user("admin"))) == (1, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_at_once_store_it_once():
    issue, quotes = make_issue(), [make_quote() for _ in range(20)]
    make_user("editor", username="ines")
    lines = [
        json.dumps(
            {
                "id": str(uuid.uuid4()),
                "quote": str(quote.uuid),
                "issue": issue.slug,
                "label": label,
                "editor": "ines",
                "created_at": (MOMENT + timedelta(days=day)).isoformat(),
            }
        )
        for quote in quotes
        for day, label in enumerate(("supports", "opposes"))
    ]
    reports: list[LabelReport] = []

    def bring(part: Sequence[str]) -> None:
        try:
            reports.append(import_labels(part, name="labels.jsonl"))
        finally:
            connection.close()

    threads = [threading.Thread(target=bring, args=(lines,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [report.rejected for report in reports] == [[], [], []]
    assert sum(report.counts["new"] for report in reports) == len(lines) == 40
    assert StanceLabel.objects.current().count() == Stance.objects.count() == 20
