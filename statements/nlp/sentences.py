"""Where sentences begin and end, for the context shown around a quote."""

from __future__ import annotations

import bisect
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language


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
            if paragraph.strip():
                for sentence in _splitter()(paragraph).sents:
                    self.spans.append(_trimmed(offset + sentence.start_char, sentence.text))
            offset += len(paragraph) + 1
        self._starts = [start for start, _end in self.spans]
        self._ends = [end for _start, end in self.spans]

    def around(self, start: int, end: int) -> tuple[str, str]:
        """The sentences before and after the passage `text[start:end]`; "" at the ends."""
        first = bisect.bisect_right(self._ends, start)
        last = bisect.bisect_left(self._starts, end)
        before = self.text[slice(*self.spans[first - 1])] if first > 0 else ""
        after = self.text[slice(*self.spans[last])] if last < len(self.spans) else ""
        return before, after


def _trimmed(start: int, words: str) -> tuple[int, int]:
    lead = len(words) - len(words.lstrip())
    return start + lead, start + len(words.rstrip())
