"""The words of a report as offsets: grown to whole stretches in marks, cut at loose punctuation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spacy.tokens import Doc

from statements.nlp.frames import TokenRange
from statements.nlp.marks import Quoted
from statements.nlp.quotation import Span

# The share of a quotation's characters that may belong to another one too.
_MOST_SHARED = 0.3
_EDGE = " \t\r\n\f\v\u00a0\u200b,;:.–—-"


def content_parts(doc: Doc, quoted: Quoted, ranges: Iterable[TokenRange]) -> tuple[Span, ...]:
    """The parts of a content as offsets, by its token ranges; those without a word are no parts."""
    parts: list[Span] = []
    for first, end in ranges:
        if end <= first:
            continue
        start, stop = _grown(quoted, *_stripped(quoted.text, *_offsets(doc, first, end)))
        if parts and start < parts[-1][1]:
            continue
        if any(character.isalnum() for character in quoted.text[start:stop]):
            parts.append((start, stop))
    return tuple(parts)


def _offsets(doc: Doc, first: int, end: int) -> Span:
    return doc[first].idx, doc[end - 1].idx + len(doc[end - 1])


def _stripped(text: str, start: int, stop: int) -> Span:
    while start < stop and text[start] in _EDGE:
        start += 1
    while stop > start and text[stop - 1] in _EDGE:
        stop -= 1
    return start, stop


def _grown(quoted: Quoted, start: int, stop: int) -> Span:
    if start >= stop:
        return start, stop
    opening, closing = quoted.at(start), quoted.at(stop - 1)
    if (
        opening is not None
        and opening is closing
        and start <= opening.start
        and stop >= opening.end
    ):
        return opening.start, opening.end
    if opening is not None:
        start = opening.outer_start
    if closing is not None:
        stop = max(stop, closing.outer_end)
    return start, stop


class Taken:
    """Which characters of a text already belong to a quotation."""

    def __init__(self, length: int) -> None:
        self._taken = bytearray(length)

    def add(self, parts: Sequence[Span]) -> None:
        """Take the characters of some parts."""
        for start, end in parts:
            self._taken[start:end] = b"\x01" * (end - start)

    def is_free(self, parts: Sequence[Span]) -> bool:
        """Whether so little of some parts is taken that they can be a quotation of their own."""
        total = sum(end - start for start, end in parts)
        taken = sum(self._taken.count(1, start, end) for start, end in parts)
        return taken <= _MOST_SHARED * total
