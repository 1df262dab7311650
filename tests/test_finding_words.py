"""Which words of an article an editor means, typed or chosen one by one."""

from __future__ import annotations

import pytest

from statements.finding_words import UnusableRepair, find_words, tidy, words_around
from statements.models import Article, Quote, QuotePart
from statements.nlp.marks import Quoted
from tests.factories import make_article, make_quote

TEXT = (
    "The council met on Monday.\n\n"
    "“We are glad the dam\nis built,” she said. “It’s a good dam.” They then left.\n\n"
    "He called the dam “a first step”, and the dam is good."
)


def said(text: str, words: str, *, near: int = 0) -> str:
    start, end = find_words(Article(text=text), words, near=near)
    return text[start:end]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("We are glad the dam is built", "We are glad the dam\nis built", id="line"),
        pytest.param("the dam\r\nis  built", "the dam\nis built", id="browser's line ends"),
        pytest.param("It's a good dam", "It’s a good dam", id="straight apostrophe"),
        pytest.param('"a first step"', "“a first step”", id="straight marks"),
        pytest.param("  good dam ", "good dam", id="blanks around"),
    ],
)
def test_words_are_found_however_they_are_typed(typed, found):
    assert said(TEXT, typed) == found


def test_of_several_places_the_nearest_counts_and_whole_words_come_first():
    places = [find_words(Article(text=TEXT), "the dam", near=near)[0] for near in (0, len(TEXT))]
    assert places == [TEXT.index("the dam"), TEXT.rindex("the dam")]
    assert find_words(Article(text="He then left the dam."), "the", near=0) == (13, 16)


def test_places_may_overlap():
    assert find_words(Article(text="no, no, no"), "no, no", near=4) == (4, 10)


@pytest.mark.parametrize("typed", ["", " \n", "“”", "…", "the dyke", ".*", "(?=", "x" * 100_000])
def test_what_the_article_does_not_say_is_refused(typed):
    with pytest.raises(UnusableRepair):
        find_words(Article(text=TEXT), typed, near=0)


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        pytest.param("“It’s a good dam.”", "It’s a good dam.", id="pair"),
        pytest.param("“We are glad", "We are glad", id="its opening mark"),
        pytest.param("the dam “a first step", "the dam “a first step”", id="beyond, not closed"),
        pytest.param("first step”, and the dam", "first step”, and the dam", id="within a pair"),
        pytest.param("a first step”, and the dam", "“a first step”, and the dam", id="not opened"),
        pytest.param("the dam is good", "the dam is good", id="no marks"),
    ],
)
def test_quotation_marks_come_in_pairs_or_stay_outside(chosen, kept):
    start = TEXT.index(chosen)
    start, end = tidy(Quoted(TEXT), (start, start + len(chosen)))
    assert TEXT[start:end] == kept


def words(quote: Quote, part: int | None) -> list[str]:
    return [word.text for line in words_around(quote) for word in line.words if word.part == part]


@pytest.mark.django_db
def test_the_words_around_a_quote_are_those_one_would_choose():
    text = "“No,” said the U.S. envoy (who stayed). The workers’ dam—half built—was “late.”"
    quote = make_quote("half built", article=make_article(text))
    everything = [word.text for line in words_around(quote) for word in line.words]
    assert everything == [
        *("No,", "said", "the", "U.S.", "envoy", "who", "stayed", "The", "workers’", "dam"),
        *("half", "built", "was", "late."),
    ]
    assert words(quote, 0) == ["half", "built"]
    lines = [
        "".join(w.gap + w.text for w in each.words) + each.tail for each in words_around(quote)
    ]
    assert lines == [text]


@pytest.mark.django_db
def test_parts_begin_and_end_with_words_wherever_they_are_cut():
    text = "Pro-dam voices said: “Build it!” He added: “Now.”"
    quote = make_quote("dam voices said: “Build it!”", article=make_article(text))
    start = text.index("Now.")
    QuotePart.objects.create(quote=quote, ordinal=1, start=start, end=start + 4, content="Now.")
    assert words(quote, 0) == ["dam", "voices", "said", "Build", "it!”"]
    assert words(quote, 1) == ["Now."]
    joined = [word.joins for line in words_around(quote) for word in line.words if word.part == 0]
    assert joined == [False, True, True, True, True]


@pytest.mark.django_db
def test_of_a_long_article_only_what_is_near_is_shown():
    filler = "word " * 2000
    article = make_article(f"{filler}\n{filler}the dam is good {filler}\n{filler}")
    quote = make_quote("the dam is good", article=article)
    (line,) = words_around(quote)
    assert 100 < len(line.words) < 200
    assert line.words[0].gap == "… "
    assert line.tail == " …"
