from __future__ import annotations

import json
from datetime import date

import pytest

from statements.ingest.documents import Document
from statements.ingest.readers import preview
from tests.readers.builders import SAID, document, read, reason

RECORD = {
    "id": 7,
    "headline": "Toll stays",
    "body": SAID,
    "published_at": "2024-05-01T08:00:00Z",
    "source": {"id": "gz", "name": "The Gazette"},
    "authors": ["Ana Ruiz", {"name": "Bo Lee"}],
    "url": "javascript:alert(1)",
}


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("in.json", json.dumps([RECORD])),
        ("in.json", json.dumps(RECORD)),
        ("in.json", json.dumps({"total": 1, "articles": [RECORD]}, indent=2)),
        ("in.jsonl", json.dumps(RECORD) + "\n"),
        ("in.ndjson", "\ufeff" + json.dumps(RECORD) + "\r\n\r\n"),
    ],
    ids=["list", "one", "wrapped", "lines", "marked"],
)
def test_records_are_read_by_their_keys(name, raw):
    facts = document(name, raw).facts
    assert (facts.title, facts.outlet) == ("Toll stays", "The Gazette")
    assert (facts.byline, facts.published) == ("Ana Ruiz, Bo Lee", date(2024, 5, 1))
    assert facts.url == ""


def test_keys_are_mapped_by_dotted_paths():
    record = {"doc": {"meta": {"t": "Toll"}, "parts": ["One.", "Two."]}, "a.b": "The Gazette"}
    found = document(
        "in.json",
        json.dumps([record]),
        mapping={"title": "doc.meta.t", "text": "doc.parts", "outlet": "a.b"},
    )
    assert found.text == "One.\n\nTwo."
    assert (found.facts.title, found.facts.outlet) == ("Toll", "The Gazette")


def test_lines_are_refused_one_by_one():
    lines = '{"text": "One"}\n{broken\n{"text": 3}\n[1]\n{"text": "Two"}\n{"other": 1}\n'
    found = read("in.jsonl", lines)
    assert [isinstance(each, Document) for each in found] == [
        True,
        False,
        False,
        False,
        True,
        False,
    ]
    assert [each.name for each in found][1:3] == ["in.jsonl, line 2", "in.jsonl, line 3"]
    assert "not valid JSON" in found[1].reason
    assert "is no text" in found[2].reason


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ('[{"text": "x"', "not valid JSON at line 1"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ("[1, 2]", "no objects"),
        ("[]", "empty"),
        ('{"a": [{"text": "x"}], "b": [{"text": "y"}]}', "several lists (a, b)"),
        ('[{"id": 1}]', "None of its columns"),
        ('[{"text": ' + "9" * 5_000 + "}]", "not valid JSON"),
    ],
)
def test_what_holds_no_articles_says_so(raw, words):
    assert words in reason("in.json", raw)


def test_halves_of_characters_and_nulls_are_no_error():
    assert document("in.json", r'[{"text": "a\ud800b\u0000c"}]').text == "a�bc"


def test_a_preview_shows_the_keys():
    shown = preview("in.jsonl", json.dumps(RECORD).encode())
    assert "source.name" in shown.columns
    assert shown.mapping["text"] == "body"
