"""Lines of a file of labels: each is read, or refused with its field and what to do."""

from __future__ import annotations

import contextlib
import json
import uuid
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statements import label_exports
from statements.ingest.label_rows import LONGEST_LINE, Unusable, read_lines, read_row
from statements.ingest.labels import LabelReport, import_labels
from statements.models import Stance, StanceLabel
from tests.factories import label_line

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def line() -> dict[str, Any]:
    return label_line()


def load(*lines: dict[str, Any] | str | bytes, user: Any = None) -> LabelReport:
    written = [json.dumps(each) if isinstance(each, dict) else each for each in lines]
    return import_labels(written, name="labels.jsonl", user=user)


def only_refusal(report: LabelReport) -> tuple[int, str, str]:
    (item,) = report.rejected
    return item.line, item.field, item.reason


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"label": "agrees"}, "label", "supports, opposes"),
        ({"label": ""}, "label", "takes back"),
        ({"label": None}, "label", "missing"),
        ({"label": 1}, "label", "It is a whole number; it holds text"),
        ({"issue": "none"}, "issue", "no issue “none”"),
        ({"issue": ["dam"]}, "issue", "a list"),
        ({"editor": "nobody"}, "editor", "no account “nobody”"),
        ({"editor": " "}, "editor", "empty"),
        ({"editor": "in\0es"}, "editor", "NUL"),
        ({"note": "\0"}, "note", "NUL"),
        ({"note": "\ud83d"}, "note", "half a character"),
        ({"note": {}}, "note", "an object"),
        ({"is_sure": "yes"}, "is_sure", "true or false"),
        ({"is_blind": 1}, "is_blind", "true or false"),
        ({"is_adjudication": True}, "note", "reason"),
        ({"is_adjudication": True, "note": "x", "label": ""}, "label", "answer"),
        ({"created_at": "soon"}, "created_at", "no time"),
        ({"created_at": "2026-01-02"}, "created_at", "time zone"),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, "created_at", "cannot be"),
        ({"created_at": "9999-12-31T23:59:59-14:00"}, "created_at", "cannot be"),
        ({"created_at": 1767322800}, "created_at", "text"),
        ({"guideline": "1"}, "guideline", "a whole number"),
        ({"guideline": 10**30}, "guideline", "no number"),
        ({"guideline": True}, "guideline", "true or false"),
        ({"id": "7"}, "id", "no id"),
        ({"quote": "7"}, "quote", "no id"),
        ({"quote": None}, "quote", "article_sha256"),
        ({"quote": str(uuid.UUID(int=1))}, "quote", "There is no quote"),
        ({"article_sha256": "0" * 64}, "article_sha256", "another article"),
        ({"article_sha256": "abc"}, "article_sha256", "SHA-256"),
        ({"undoes": str(uuid.UUID(int=1))}, "undoes", "no label"),
        ({"start": 5, "end": 5}, "end", "not behind its start"),
        ({"start": -1}, "start", "no number"),
        ({"start": 1.5}, "start", "a fraction"),
        ({"suggestion_method": "x", "suggestion_label": "pro"}, "suggestion_label", "answer"),
        ({"suggestion_method": "x" * 41}, "suggestion_method", "40"),
        ({"suggestion_confidence": 1.5}, "suggestion_confidence", "0 to 1"),
        ({"suggestion_confidence": "high"}, "suggestion_confidence", "0 to 1"),
    ],
)
def test_a_line_that_cannot_be_used_is_told_and_the_others_are_stored(line, change, field, words):
    good = {**line, "created_at": (MOMENT + timedelta(days=1)).isoformat()}
    report = load({**line, **change}, good)
    number, told, reason = only_refusal(report)
    assert (number, told) == (1, field)
    assert words in reason
    assert report.in_words == "1 new, 0 already there, 1 rejected"
    assert StanceLabel.objects.count() == Stance.objects.count() == 1


@pytest.mark.parametrize(
    "bad",
    [
        "no JSON",
        "[1, 2]",
        '"text"',
        "null",
        "NaN",
        '{"label": NaN}',
        "[" * 50_000,
        "1" * 5_000,
        b"\xff\xfe{\x00}\x00",
        b'{"label": "\xe9"}',
        '{"label": "' + "x" * LONGEST_LINE + '"}',
        "{}",
    ],
    ids=range(12),
)
def test_what_is_no_label_at_all_is_told_by_its_line(line, bad):
    report = load("", bad, "  \n", json.dumps(line))
    assert only_refusal(report)[0] == 2
    assert report.in_words == "1 new, 0 already there, 1 rejected"


def test_a_byte_order_mark_is_no_obstacle(line):
    assert load(b"\xef\xbb\xbf" + json.dumps(line).encode()).rejected == []


def test_an_endless_line_is_read_in_pieces_and_the_next_one_whole():
    file = BytesIO(b"x" * (3 * LONGEST_LINE) + b"\nshort\n" + b"y" * (LONGEST_LINE + 1))
    lines = list(read_lines(file))
    assert [len(each) for each in lines] == [LONGEST_LINE + 1, 6, LONGEST_LINE + 1]
    assert lines[1] == b"short\n"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
_VALUES: dict[str, Any] = {
    "label": st.sampled_from(["supports", "", "x"]),
    "created_at": st.datetimes().map(str) | st.just("2026-01-02T03:04:05Z"),
    "quote": st.uuids().map(str),
    "start": st.integers(),
    "end": st.integers(),
    "suggestion_confidence": st.floats(),
}
_LINES = st.fixed_dictionaries(
    {},
    optional={
        name: _VALUES.get(name, st.text(max_size=9)) | _JSON for name in label_exports.COLUMNS
    },
)


@settings(max_examples=150, deadline=None)
@given(_LINES.map(json.dumps) | st.text() | st.binary())
def test_any_line_is_read_or_refused(written):
    with contextlib.suppress(Unusable):
        assert read_row(written).created_at.tzinfo is UTC
