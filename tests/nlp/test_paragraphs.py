"""Paragraphs, and the cutting of long texts between them."""

from __future__ import annotations

import pytest

from statements.nlp.paragraphs import chunks, paragraphs
from statements.nlp.pipeline import load_pipeline


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("One.\nTwo.", ["One.", "Two."], id="a line is a paragraph"),
        pytest.param("One.\n\n \nTwo.", ["One.", "Two."], id="blank lines"),
        pytest.param(
            f"{'One ' * 15}\nand its rest.\n\nTwo.",
            [f"{'One ' * 15}\nand its rest.", "Two."],
            id="wrapped",
        ),
        pytest.param("\n\n", [], id="nothing"),
    ],
)
def test_paragraphs(text, found):
    assert [text[start:end] for start, end in paragraphs(text)] == found


@pytest.mark.parametrize("text", ["", "One.\n\nTwo.\nThree four five.", "x" * 50, "one two " * 9])
def test_chunks_cover_a_text_and_keep_the_limit(text):
    pieces = list(chunks(text, 12))
    assert "".join(text[start:end] for start, end in pieces) == text
    assert all(end - start <= 12 for start, end in pieces)


@pytest.mark.parametrize("words", ["word ", "Ann said, ", "it rained. "])
def test_no_sentence_is_endless(words):
    doc = load_pipeline(fast=True)(words * 2000)
    assert max(len(sentence) for sentence in doc.sents) <= 3000
    assert len(list(doc.sents)) > 5


def test_a_long_sentence_is_left_whole():
    text = "It rained, " + "and it rained, " * 40 + "and it rained."
    assert len(list(load_pipeline(fast=True)(text).sents)) < 3


def test_chunks_are_cut_between_paragraphs():
    text = "One two.\nThree.\nFour five six."
    assert [text[start:end] for start, end in chunks(text, 18)] == [
        "One two.\nThree.\n",
        "Four five six.",
    ]
