"""Where paragraphs begin and end, and the sentence starts this gives the parser."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

# Lines wrapped by hand are at most so long, and those that go on are mostly at least so long.
_LONGEST_WRAPPED, _USUAL_WRAPPED = 100, 50
# In tokens: how far apart stops are, and how long a sentence is, at the most.
_LONGEST_CLAUSE, _LONGEST_SENTENCE = 300, 3000
_STOPS = frozenset({".", "?", "!", "…", "...", ";", ":"})
_line = re.compile(r"[^\n]+")


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The paragraphs of a text as offsets, without the line breaks between them.

    A line is a paragraph, except in text wrapped by hand, where blank lines separate them.
    """
    lines = [match.span() for match in _line.finditer(text) if not match.group().isspace()]
    going_on = [
        end - start
        for (start, end), (following, _) in pairwise(lines)
        if text[end:following] == "\n"
    ]
    if (
        len(lines) == len(going_on) + 1
        or not going_on
        or median(going_on) < _USUAL_WRAPPED
        or any(end - start > _LONGEST_WRAPPED for start, end in lines)
    ):
        return lines
    joined = [lines[0]]
    for start, end in lines[1:]:
        if text[joined[-1][1] : start] == "\n":
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def chunks(text: str, longest: int) -> Iterator[tuple[int, int]]:
    """Cut a long text into stretches of at most ``longest`` characters, between paragraphs.

    A single paragraph over the limit is cut at a space, or anywhere when it has none.
    """
    start = 0
    while len(text) - start > longest:
        limit = start + longest
        cut = text.rfind("\n", start + 1, limit)
        if cut < 0:
            cut = text.rfind(" ", start + 1, limit)
        if cut < 0:
            cut = limit - 1
        yield start, cut + 1
        start = cut + 1
    yield start, len(text)


def start_sentences(doc: Doc) -> Doc:
    """Tell the parser that each paragraph begins a sentence, so that none runs across two.

    A stretch without a stop that no sentence could be is cut as well: the time that a word takes
    grows with its sentence.
    """
    begins = [start for start, _ in paragraphs(doc.text)]
    stops = {doc.vocab.strings.add(each) for each in _STOPS}
    opened = stopped = following = 0
    for position, (offset, word) in enumerate(doc.to_array(["IDX", "ORTH"]).tolist()):
        paragraph = following < len(begins) and offset >= begins[following]
        endless = position - stopped >= _LONGEST_CLAUSE or position - opened >= _LONGEST_SENTENCE
        if (paragraph and not doc[position].is_space) or endless:
            doc[position].is_sent_start = True
            opened = stopped = position
            following = bisect_right(begins, offset)
        if word in stops:
            stopped = position
    return doc
