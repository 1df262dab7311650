"""Pairs of quotation marks in plain text: curly, straight, double, single and typewriter style."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from statements.nlp.paragraphs import paragraphs
from statements.nlp.quotation import Span

_mark = re.compile(r"``|''|[“”„«»\"‘’'`]")
_word = re.compile(r"\w+")
_OPENERS = {"“": "”", "„": "“”", "«": "»", "``": "''", "‘": "’'", "`": "'’"}
# Words that are written with a leading apostrophe and so do not open a quotation.
_elision = re.compile(r"(?:\d0s|em|til|tis|twas|cause|round|n)\b", re.IGNORECASE)
# A share of words inside marks from which a quotation counts as direct.
_DIRECT_SHARE = 0.9
# How many single marks are tried before an opening one is taken for an apostrophe.
_MOST_CLOSINGS = 50


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch between quotation marks; ``start`` and ``end`` leave the marks out."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    closed: bool
    double: bool


def marked_stretches(text: str) -> list[Marked]:
    """The outermost stretches between quotation marks, in order.

    A double mark that never closes ends at its paragraph, so that one stray mark does not lose
    the article. A single mark that never closes is an apostrophe.
    """
    found: list[Marked] = []
    for start, end in paragraphs(text):
        found.extend(_in_paragraph(text, start, end))
    return found


def _in_paragraph(text: str, start: int, end: int) -> Iterable[Marked]:
    marks = list(_mark.finditer(text, start, end))
    single_closings = _closings(text, marks)
    position = 0
    while position < len(marks):
        mark = marks[position]
        if not _opens(text, mark, start, end):
            position += 1
            continue
        double = mark.group() not in "‘'`"
        if double:
            closing = _double_closing(text, marks, position)
        else:
            closing = _single_closing(marks, position, single_closings)
        if closing is not None:
            close = marks[closing]
            yield _marked(text, mark, close.start(), close.end(), closed=True, double=double)
            position = closing + 1
            continue
        position += 1
        if double:
            again = _opens_again(marks, position, mark.group())
            stop = marks[again].start() if again is not None else end
            yield _marked(text, mark, stop, stop, closed=False, double=True)
            position = again if again is not None else len(marks)


def _marked(
    text: str, mark: re.Match[str], end: int, outer_end: int, *, closed: bool, double: bool
) -> Marked:
    start = mark.end()
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip())
    right = len(inner.rstrip())
    return Marked(start + left, start + max(left, right), mark.start(), outer_end, closed, double)


def _opens(text: str, mark: re.Match[str], start: int, end: int) -> bool:
    before = text[mark.start() - 1] if mark.start() > start else " "
    after = text[mark.end()] if mark.end() < end else " "
    kind = mark.group()
    if kind in "“„«``" and kind != "`":
        return True
    if kind in ('"', "''"):
        # After a word and before a space it closes something, or it stands for inches.
        return not (before.isalnum() and not after.isalnum())
    if kind in "‘'`":
        if before.isalnum() or after.isspace() or (before in ".,!?" and kind == "'"):
            return False
        return not (kind != "‘" and _elision.match(text, mark.end()))
    return False


def _double_closing(text: str, marks: Sequence[re.Match[str]], opening: int) -> int | None:
    kind = marks[opening].group()
    if kind in ('"', "''"):
        closers = (kind,)
    else:
        closers = (*_OPENERS[kind], '"') if kind != "``" else ("''", '"')
    for position in range(opening + 1, len(marks)):
        mark = marks[position].group()
        if mark in closers:
            return position
        if mark == kind:
            return None
    return None


def _opens_again(marks: Sequence[re.Match[str]], position: int, kind: str) -> int | None:
    for later in range(position, len(marks)):
        if marks[later].group() == kind:
            return later
    return None


def _closings(text: str, marks: Sequence[re.Match[str]]) -> list[tuple[int, bool]]:
    """The single marks that may close: their position, and whether they could be a possessive."""
    found = []
    for position, match in enumerate(marks):
        if match.group() not in "’'":
            continue
        before = text[match.start() - 1] if match.start() else " "
        after = text[match.end()] if match.end() < len(text) else " "
        if before.isspace() or after.isalnum():
            continue
        possessive = (
            before in "sS" and after == " " and text[match.end() + 1 : match.end() + 2].isalpha()
        )
        found.append((position, possessive))
    return found


def _single_closing(
    marks: Sequence[re.Match[str]], opening: int, closings: list[tuple[int, bool]]
) -> int | None:
    """Where a single mark closes: not at a possessive, unless nothing better comes."""
    first = bisect_right(closings, (opening, True))
    curly = marks[opening].group() == "‘"
    seen = opening
    possessive = None
    for position, doubtful in closings[first : first + _MOST_CLOSINGS]:
        if curly and any(mark.group() == "‘" for mark in marks[seen + 1 : position]):
            break
        seen = position
        if not doubtful:
            return position
        if possessive is None:
            possessive = position
    return possessive


class Quoted:
    """Which characters of a text stand inside quotation marks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.stretches = marked_stretches(text)
        self._starts = [stretch.outer_start for stretch in self.stretches]

    def at(self, offset: int) -> Marked | None:
        """The stretch that holds the character at ``offset``, its marks included."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and offset < self.stretches[index].outer_end:
            return self.stretches[index]
        return None

    def kind(self, parts: Sequence[Span]) -> str:
        """Tell how much stands in marks: "direct" all words or nearly, "indirect" none, "mixed"."""
        words = [
            match.start() for start, end in parts for match in _word.finditer(self.text, start, end)
        ]
        inside = sum(self.at(word) is not None for word in words)
        if not inside:
            return "indirect"
        return "direct" if inside >= _DIRECT_SHARE * len(words) else "mixed"
