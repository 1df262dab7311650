"""What holds for any text: offsets point into it, and none makes the extraction fail."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statements.nlp import ACTOR_TYPES, extract, extract_text

WORDS = st.sampled_from(
    ["“", "”", '"', "‘", "’", "'", "''", "said", "Ann Bell", ",", ".", ":", "\n\n", " ", "he",
     "according to", "the report", "that", "Kenya", "é̀", "😀", "\x00", "\u2028", "urged", "to"]
)  # fmt: skip
NEWSLIKE = st.lists(WORDS, max_size=30).map(" ".join)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(NEWSLIKE, st.text(max_size=80)))
def test_offsets_point_into_any_text(text):
    for quotation in extract_text(text):
        assert quotation.parts
        edges = [edge for part in quotation.parts for edge in part]
        assert edges == sorted(edges)
        assert 0 <= edges[0] < edges[-1] <= len(text)
        assert all(text[start:end].strip() for start, end in quotation.parts)
        for span in (quotation.cue, quotation.source):
            assert span is None or 0 <= span[0] < span[1] <= len(text)
        assert not (quotation.voices and quotation.candidates)
        assert {voice.actor_type for voice in quotation.voices} <= set(ACTOR_TYPES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "word",
        "\x00",
        "“",
        "“”",
        "said said",
        "Ann and " * 300 + "said no.",
        '"' * 9999,
    ],
)
def test_odd_texts_are_read(text):
    assert isinstance(extract_text(text), list)


def test_each_text_comes_back_with_what_came_with_it():
    texts = [(f"“No,” said Ann Bell. {number}", number) for number in range(5)]
    assert [given for _, given in extract(texts, batch_size=2)] == list(range(5))


def test_workers_find_the_same():
    texts = [(f"“No,” said Ann Bell of Oxfam. {number}", number) for number in range(3)]
    assert list(extract(texts, workers=2, batch_size=2)) == list(extract(texts))


def test_offsets_of_a_text_read_in_stretches_point_into_the_whole(monkeypatch):
    monkeypatch.setattr("statements.nlp.pipeline.LONGEST_STRETCH", 120)
    text = "“We will go,” said Ann Bell of Oxfam in Leeds.\n\n" * 8
    found = extract_text(text)
    assert [text[slice(*each.parts[0])] for each in found] == ["We will go,"] * 8


@pytest.mark.parametrize("fast", [False, True], ids=["full", "fast"])
@pytest.mark.parametrize(
    "words",
    [
        "“We will go,” said Ann Bell of Oxfam. She said that it would rain in Leeds.\n\n",
        "Ann Bell and ",
        "Ann said, ",
        "Ann said that ",
        "“No” he said. ",
        "said no\n\n",
    ],
)
def test_time_grows_linearly(words, fast):
    extract_text(words, fast=fast)

    def seconds(length: int) -> float:
        text = words * (length // len(words))
        start = time.process_time()
        extract_text(text, fast=fast)
        return time.process_time() - start

    # Four times the text; by the square of its length it would take sixteen times as long.
    assert seconds(16_000) < 8 * seconds(4_000) + 0.2
