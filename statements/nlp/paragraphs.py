"""Where paragraphs begin and end, and the sentence starts this gives the parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

LONGEST_WRAPPED_LINE = 100
_line = re.compile(r"[^\n]+")
_block = re.compile(r"[^\n]+(?:\n[^\n]*\S[^\n]*)*")


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The paragraphs of a text as offsets, without the line breaks between them.

    A line is a paragraph, except in text wrapped by hand, where blank lines separate them.
    """
    lines = [match.span() for match in _line.finditer(text) if not match.group().isspace()]
    wrapped = "\n\n" in text and all(end - start <= LONGEST_WRAPPED_LINE for start, end in lines)
    if not wrapped:
        return lines
    return [match.span() for match in _block.finditer(text) if not match.group().isspace()]


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
    """Tell the parser that each paragraph begins a sentence, so that none runs across two."""
    starts = iter(paragraphs(doc.text))
    start = next(starts, None)
    for token in doc:
        if start is None:
            break
        if token.idx >= start[0] and not token.is_space:
            token.is_sent_start = True
            while start is not None and start[0] <= token.idx:
                start = next(starts, None)
    return doc
