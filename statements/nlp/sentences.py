"""Where sentences begin and end, for the context shown around a quote."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

_OPENING = re.compile(r"\s([\"'“‘(\[]+\s*)\Z")


@cache
def _splitter() -> Language:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    # The limit is there for a parser's memory, and this has none.
    nlp.max_length = 100_000_000
    return nlp


class Sentences:
    """The sentences of a text as offsets, by paragraph: none crosses a line break."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: list[tuple[int, int]] = []
        offset = 0
        for paragraph in text.split("\n"):
            self.spans.extend(_sentences(paragraph, offset))
            offset += len(paragraph) + 1
        self._starts = [start for start, _end in self.spans]
        self._ends = [end for _start, end in self.spans]

    def around(self, start: int, end: int) -> tuple[str, str]:
        """The sentences before and after the passage `text[start:end]`; "" at the ends."""
        first, last = self._touched(start, end)
        before = self.text[slice(*self.spans[first - 1])] if first > 0 else ""
        after = self.text[slice(*self.spans[last])] if last < len(self.spans) else ""
        return before, after

    def containing(self, start: int, end: int) -> str:
        """The passage `text[start:end]` widened to whole sentences."""
        first, last = self._touched(start, end)
        touched = self.spans[first:last] or [(start, end)]
        return self.text[touched[0][0] : touched[-1][1]]

    def _touched(self, start: int, end: int) -> tuple[int, int]:
        return bisect.bisect_right(self._ends, start), bisect.bisect_left(self._starts, end)


def _sentences(paragraph: str, offset: int) -> Iterator[tuple[int, int]]:
    if not paragraph.strip():
        return
    cuts = [sentence.start_char for sentence in _splitter()(paragraph).sents]
    # A mark that opens a quotation belongs to what it opens, not to the sentence before.
    cuts = [cut - len(match[1]) if (match := _opening(paragraph, cut)) else cut for cut in cuts]
    for start, end in pairwise([*cuts, len(paragraph)]):
        words = paragraph[start:end]
        if words.strip():
            lead = len(words) - len(words.lstrip())
            yield offset + start + lead, offset + start + len(words.rstrip())


def _opening(paragraph: str, cut: int) -> re.Match[str] | None:
    return _OPENING.search(paragraph, max(0, cut - 10), cut)
