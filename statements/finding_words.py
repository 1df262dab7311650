"""Which words of an article an editor means: by what is typed, or word by word around a quote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from statements.models import Article, Quote
from statements.nlp.marks import Quoted
from statements.nlp.paragraphs import paragraphs

Span = tuple[int, int]

# However a keyboard writes a quotation mark, it stands for the one that the article has.
_ALIKE = {mark: f"[{marks}]" for marks in ("'’‘", '"“”„') for mark in marks}

_TOKEN = re.compile(r"(?:(?!--)[^\s—])+")
_LEAD = re.compile(r"[“”„«»\"‘’'(\[]*")
_TRAIL = re.compile(r"[“”„«»\"‘’')\].,;:!?…–-]*$")
# What stays with a word of what follows it: punctuation inside a closing quotation mark, where the
# pipeline cuts too, the last stop of "U.S.", the apostrophe of "workers’".
_INSIDE = re.compile(r"[.,;:!?…]+(?=[”\"»’'])")
_ABBREVIATED = re.compile(r"(?:^|\W)\w\.\w$")

# So much of the article is shown on either side of a quote, in characters.
_AROUND = 350
# Between two words of a paragraph there is hardly ever more than this.
_LONGEST_GAP = 20

_NO_WORD = "Keep at least one word, or say that it is not a quote."


class UnusableRepair(ValueError):
    """What an editor asked for cannot be done; the message says why, and what to do.

    `other` is the quote that is in the way, if one is.
    """

    def __init__(self, message: str, *, other: Quote | None = None) -> None:
        super().__init__(message)
        self.other = other


@dataclass(frozen=True, slots=True)
class Word:
    """A word to choose, with what stands between it and the one before.

    `part` counts the quote's parts from 0; `joins`: the word before belongs to the same part.
    """

    gap: str
    text: str
    start: int
    end: int
    part: int | None
    joins: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph as words, and what stands behind the last of them."""

    words: tuple[Word, ...]
    tail: str


def find_words(article: Article, words: str, *, near: int) -> Span:
    """Where the article says these words: the place nearest to an offset, whole words first.

    White space counts as alike, and so do straight and curly marks, so that words typed or copied
    from a page are found. Raises UnusableRepair.
    """
    text = article.text
    sought = words.split()
    if not any(character.isalnum() for character in words):
        raise UnusableRepair(_NO_WORD)
    places: list[Span] = []
    if sum(map(len, sought)) <= len(text):
        pattern = r"\s+".join(
            "".join(_ALIKE.get(each, re.escape(each)) for each in word) for word in sought
        )
        # Looked for from every character, because places may overlap: "no, no" in "no, no, no".
        places = [match.span(1) for match in re.finditer(f"(?=({pattern}))", text)]
    if not places:
        raise UnusableRepair(
            f"The article does not say “{_shortened(words)}”: copy the words from its text."
        )
    whole = [place for place in places if _is_whole(text, *place)]
    return min(whole or places, key=lambda place: abs(place[0] - near))


def tidy(quoted: Quoted, span: Span) -> Span:
    """The stretch with its quotation marks in order.

    What lies inside one pair leaves that pair out; where a stretch goes beyond a pair and has only
    one of its marks, the other comes along.
    """
    start, end = span
    first, last = quoted.at(start), quoted.at(end - 1)
    if first and first == last:
        start, end = max(start, first.start), min(end, first.end)
    else:
        if first and first.closed and start <= first.start:
            start = first.outer_start
        if last and last.closed and end >= last.end:
            end = last.outer_end
    if start >= end:
        raise UnusableRepair(_NO_WORD)
    return start, end


def words_around(quote: Quote) -> list[Line]:
    """The paragraphs of the quote and what stands before and after them, word by word.

    Words are cut and widened so that each part of the quote begins and ends with one.
    """
    text = quote.article.text
    parts = [(part.start, part.end) for part in quote.parts.all()]
    first, last = quote.start - _AROUND, quote.end + _AROUND
    lines = []
    for start, end in paragraphs(text):
        words = [each for each in _words(text, start, end, parts) if first < each[0] < last]
        if words:
            lines.append(_line(text, words, (start, end), parts))
    return lines


def _words(text: str, start: int, end: int, parts: Sequence[Span]) -> list[Span]:
    edges = sorted({edge for part in parts for edge in part})
    words: list[Span] = []
    for match in _TOKEN.finditer(text, start, end):
        if core := _core(match):
            left, right = core
            words += pairwise([left, *(edge for edge in edges if left < edge < right), right])
    for begins, ends in parts:
        inside = [at for at, (left, right) in enumerate(words) if left < ends and right > begins]
        if inside and begins >= start:
            words[inside[0]] = min(begins, words[inside[0]][0]), words[inside[0]][1]
        if inside and ends <= end:
            words[inside[-1]] = words[inside[-1]][0], max(ends, words[inside[-1]][1])
    return words


def _core(token: re.Match[str]) -> Span | None:
    """The word in a token, without the marks around it."""
    word = token[0]
    start = _LEAD.match(word).end()  # type: ignore[union-attr]
    end = _TRAIL.search(word).start()  # type: ignore[union-attr]
    if start >= end:
        return None
    trail = word[end:]
    if kept := _INSIDE.match(trail):
        end += kept.end()
    elif (trail[:1] == "." and _ABBREVIATED.search(word[start:end])) or (
        trail in ("’", "'") and word[end - 1] in "sS"
    ):
        end += 1
    return token.start() + start, token.start() + end


def _line(text: str, words: list[Span], paragraph: Span, parts: Sequence[Span]) -> Line:
    found: list[Word] = []
    behind = paragraph[0]
    # Where the window begins or ends within a paragraph, what is left out shows as dots.
    if words[0][0] - behind > _LONGEST_GAP:
        behind = words[0][0]
        lead = "… "
    else:
        lead = ""
    for start, end in words:
        at = next((n for n, part in enumerate(parts) if part[0] <= start and end <= part[1]), None)
        joins = at is not None and bool(found) and found[-1].part == at
        found.append(Word(lead + text[behind:start], text[start:end], start, end, at, joins))
        behind, lead = end, ""
    tail = text[behind : paragraph[1]]
    return Line(tuple(found), tail if len(tail) <= _LONGEST_GAP else " …")


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether the stretch begins and ends where a word does."""
    return not any(text[at - 1 : at + 1].isalnum() and 0 < at < len(text) for at in (start, end))


def _shortened(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 60 else f"{words[:60]}…"
