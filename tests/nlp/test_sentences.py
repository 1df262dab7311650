from __future__ import annotations

import pytest

from statements.nlp.sentences import Sentences


@pytest.mark.parametrize(
    ("text", "words", "before", "after"),
    [
        ("One. Two. Three.", "Two", "One.", "Three."),
        ("One. “Two,” she said. Three.", "Two", "One.", "Three."),
        ("One.\n\nTwo.\n\nThree.", "Two", "One.", "Three."),
        ("Title\nTwo.", "Two", "Title", ""),
        ("Two.", "Two", "", ""),
        ("He left the U.S. in May. Two. (Three.)", "Two", "He left the U.S. in May.", "(Three.)"),
        ("One. Two words. Three.", "Two words. Three", "One.", ""),
    ],
    ids=["plain", "marks", "paragraphs", "title", "alone", "abbreviation", "two sentences"],
)
def test_context_is_the_sentence_on_either_side(text, words, before, after):
    start = text.index(words)
    assert Sentences(text).around(start, start + len(words)) == (before, after)


def test_a_passage_is_widened_to_whole_sentences():
    text = "One. The group called it “a farce”. Three."
    start = text.index("a farce")
    assert Sentences(text).containing(start, start + 7) == "The group called it “a farce”."


@pytest.mark.parametrize("text", ["", " \n ", "…", "“", "\u200b"])
def test_texts_without_sentences_have_no_context(text):
    assert Sentences(text).around(0, len(text)) == ("", "")
