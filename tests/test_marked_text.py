"""Quotes marked in their article's text, however they lie to one another."""

from __future__ import annotations

from typing import Any

import pytest

from statements.marked_text import MarkedText, mark_text
from statements.models import Article, Quote
from tests.factories import make_article, make_quote

pytestmark = pytest.mark.django_db


def place(article: Article, name: str, words: str, near: int = 0) -> dict[str, Any]:
    start = article.text.index(words, near)
    return {name: words, f"{name}_start": start, f"{name}_end": start + len(words)}


def marked(article: Article) -> MarkedText:
    return mark_text(article, list(article.quotes.prefetch_related("parts").order_by("start")))


def roles(text: MarkedText) -> list[tuple[str, str]]:
    """What is marked, as pairs of role and words, in order."""
    return [
        (segment.mark.role, segment.text)
        for paragraph in text.paragraphs
        for segment in paragraph.segments
        if segment.mark
    ]


def test_content_cue_and_source_are_told_apart_and_nothing_is_lost():
    article = make_article("Zhao spoke.\n\n“It is a farce,” he said on Monday.")
    make_quote("It is a farce", article=article, **place(article, "cue", "said"))
    text = marked(article)
    assert [paragraph.text for paragraph in text.paragraphs] == [
        "Zhao spoke.",
        "“It is a farce,” he said on Monday.",
    ]
    assert roles(text) == [("content", "“It is a farce,”"), ("cue", "said")]


def test_reported_speech_takes_in_no_quotation_mark_beside_it():
    article = make_article("They said “yes” it rains.")
    make_quote("yes", article=article, kind=Quote.Kind.INDIRECT)
    assert roles(marked(article)) == [("content", "yes")]


def test_parts_of_one_quote_share_its_anchor_and_only_the_first_bears_it():
    article = make_article("“We object,” he said, “to all of it.”")
    quote = make_quote("We object", article=article)
    start = article.text.index("to all of it")
    quote.parts.create(ordinal=1, start=start, end=start + 12, content="to all of it")
    segments = [segment for segment in marked(article).paragraphs[0].segments if segment.mark]
    assert [segment.contents for segment in segments] == [quote.anchor, quote.anchor]
    assert [segment.anchors for segment in segments] == [(quote.anchor,), ()]
    assert [segment.opens for segment in segments] == [True, False]


def test_a_quote_over_two_paragraphs_is_marked_in_both():
    article = make_article("“One.\n\nTwo,” she said.")
    make_quote("One.\n\nTwo", article=article)
    first, second = marked(article).paragraphs
    assert first.segments[0].text == "“One."
    assert second.segments[0].text == "Two,”"
    assert second.segments[0].ground is not None


def test_a_nested_quote_leads_to_itself_and_keeps_what_is_around_it():
    article = make_article("She said the report was a “farce” and useless.")
    outer = make_quote(
        "the report was a “farce” and useless", article=article, kind=Quote.Kind.INDIRECT
    )
    inner = make_quote("farce", article=article)
    found = [segment for segment in marked(article).paragraphs[0].segments if segment.mark]
    assert [(segment.text, segment.mark.quote) for segment in found if segment.mark] == [
        ("the report was a ", outer),
        ("“farce”", inner),
        (" and useless", outer),
    ]
    assert found[1].contents.split() == [outer.anchor, inner.anchor]


def test_quotes_that_begin_at_one_place_both_have_their_anchor():
    article = make_article("peace and bread, they say")
    long = make_quote("peace and bread", article=article, kind=Quote.Kind.INDIRECT)
    short = make_quote("peace", article=article, kind=Quote.Kind.INDIRECT)
    assert marked(article).paragraphs[0].segments[0].anchors == (short.anchor, long.anchor)


def test_quotes_that_overlap_cover_every_character_once():
    article = make_article("alpha beta gamma delta")
    make_quote("alpha beta gamma", article=article, kind=Quote.Kind.INDIRECT)
    make_quote("beta gamma delta", article=article, kind=Quote.Kind.INDIRECT)
    segments = marked(article).paragraphs[0].segments
    assert [segment.text for segment in segments] == ["alpha ", "beta gamma", " delta"]
    assert [len(segment.marks) for segment in segments] == [1, 2, 1]


def test_a_cue_that_two_quotes_share_leads_to_the_first():
    article = make_article("They said that it rains and that it pours.")
    cue = place(article, "cue", "said")
    first = make_quote("it rains", article=article, kind=Quote.Kind.INDIRECT, **cue)
    make_quote("it pours", article=article, kind=Quote.Kind.INDIRECT, **cue)
    segment = next(s for s in marked(article).paragraphs[0].segments if s.text == "said")
    assert segment.mark is not None
    assert segment.mark.quote == first


def test_the_source_inside_another_quote_keeps_that_quotes_ground():
    article = make_article("She said that Ada called it a farce.")
    outer = make_quote("Ada called it a farce", article=article, kind=Quote.Kind.INDIRECT)
    make_quote("a farce", article=article, kind="indirect", **place(article, "source", "Ada"))
    segment = next(s for s in marked(article).paragraphs[0].segments if s.text == "Ada")
    assert segment.mark is not None
    assert (segment.mark.role, segment.ground) == ("source", outer)


def test_a_first_line_that_repeats_the_title_becomes_the_heading_with_its_marks():
    article = make_article("Leak is ‘no leak’\n\nText.", title="Leak is ‘no leak’")
    make_quote("no leak", article=article)
    text = marked(article)
    assert text.heading is not None
    assert [segment.text for segment in text.heading.segments] == ["Leak is ", "‘no leak’"]
    assert [paragraph.text for paragraph in text.paragraphs] == ["Text."]


@pytest.mark.parametrize(
    ("words", "paragraphs"),
    [
        pytest.param("One\nTwo", ["One", "Two"], id="lines"),
        pytest.param("One\nstill one\n\nTwo", ["One\nstill one", "Two"], id="blank-lines"),
        pytest.param("\n\nOne\n \n\n\nTwo\n", ["One", "Two\n"], id="empty-paragraphs"),
    ],
)
def test_paragraphs_are_set_apart_by_blank_lines_else_by_lines(words, paragraphs):
    assert [each.text for each in marked(make_article(words)).paragraphs] == paragraphs
