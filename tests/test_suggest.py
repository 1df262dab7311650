"""`manage.py suggest`: JSON lines in, one answer a line out, no database."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from statements.nlp.targets import Target, _named

ROWS = [
    {"id": "a", "text": "The minister praised Anna Berg.", "target": "Anna Berg"},
    {"id": "b", "text": "Anna Berg travels on Tuesday.", "target": "Anna Berg", "label": "x"},
    {"id": "c", "text": "He praised him, and she accused him.", "target": "him", "span": [11, 14]},
]


@pytest.fixture
def rows_file(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in ROWS) + "\n\n", encoding="utf-8")
    return path


def suggest(*args):
    out = io.StringIO()
    call_command("suggest", *map(str, args), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_it_answers_each_row_in_order_with_the_words_behind_it(rows_file):
    first, second, third = suggest(rows_file)
    assert (first["id"], first["label"], first["evidence"]) == ("a", "supports", ["praised"])
    assert first["confidence"] >= 0.85
    assert (second["id"], second["label"]) == ("b", "neutral")
    assert (third["label"], third["evidence"]) == ("supports", ["praised"])


def test_an_attitude_that_no_lexicon_lists_is_read_from_the_words_around(tmp_path):
    row = {"id": 1, "text": "Berg lied to voters for years and lost their trust.", "target": "Berg"}
    path = tmp_path / "row.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    (answer,) = suggest(path)
    assert answer["label"] == "opposes"
    assert answer["evidence"]


def test_on_a_proposition_only_explicit_words_count(tmp_path):
    path = tmp_path / "rows.jsonl"
    motion = "This house believes that the dam should be built"
    rows = [
        {"id": 1, "text": "The river valley would be lost, a disaster.", "target": motion},
        {"id": 2, "text": "We firmly oppose the dam.", "target": "the dam"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    silent, explicit = suggest(path)
    assert silent["label"] is None
    assert (explicit["label"], explicit["evidence"]) == ("opposes", ["firmly oppose"])
    unasked, _ = suggest(path, "--threshold", "0")
    assert unasked["label"] == "neutral"
    assert unasked["confidence"] < 0.5


@pytest.mark.parametrize(
    ("text", "target", "is_somebody"),
    [
        pytest.param("He lied, as Berg lied.", "Berg", True, id="name"),
        pytest.param("So the Office of Tea lied.", "the Office of Tea", True, id="party"),
        pytest.param("The annual Bergen fair is a fraud.", "Berg", False, id="part of a word"),
        pytest.param("Obesity is a disease, a plague.", "Obesity is a disease", False, id="claim"),
        pytest.param("The dam is a fraud.", "dam", False, id="thing"),
    ],
)
def test_a_target_is_somebody_where_the_text_has_it_as_a_name(text, target, is_somebody):
    assert bool(_named(Target(text, target))) is is_somebody


def test_a_threshold_above_the_confidence_silences_all(rows_file):
    answers = suggest(rows_file, "--threshold", "0.9999")
    assert {each["label"] for each in answers} == {None}
    assert not any(each["evidence"] for each in answers)


def test_it_reads_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(ROWS[0])))
    assert [each["id"] for each in suggest()] == ["a"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b'{"id": 1}\n', "line 1: no text or target", id="keys missing"),
        pytest.param(b"\n[]\n", "line 2: no id or text or target", id="not an object"),
        pytest.param(b"id,text\n", "line 1: not JSON", id="not JSON"),
        pytest.param(b'{"id": 1, "text": 2, "target": "x"}', "text is not text", id="a number"),
        pytest.param(
            b'{"id": 1, "text": "abc", "target": "a", "span": [0, 9]}', "not .start", id="outside"
        ),
        pytest.param(
            b'{"id": 1, "text": "abc", "target": "a", "span": ["0", 1]}', "not .start", id="words"
        ),
        pytest.param(b"\xff\xfe\n", "is not UTF-8 text", id="not UTF-8"),
    ],
)
def test_a_bad_line_is_named(tmp_path, content, sentence):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        suggest(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"gone\.jsonl: No such file"):
        suggest(tmp_path / "gone.jsonl")


def test_a_threshold_is_a_probability(rows_file):
    with pytest.raises(CommandError, match="from 0 to 1"):
        suggest(rows_file, "--threshold", "2")
