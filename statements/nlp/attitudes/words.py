"""The words of a text as features, with the target masked and its neighbours marked.

What stands left and right of the target is counted apart from the rest, so that "praised TARGET"
and "TARGET praised" differ. The name itself is never a feature: no name has an attitude of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

# Numbers say nothing of attitudes; marks do ("?", "“").
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[^\w\s]")
TARGET = "__target__"
_LEFT, _RIGHT = 6, 8

Span = tuple[int, int]


def features(text: str, span: Span) -> Iterator[tuple[str, Span]]:
    """Each feature of the text toward the target at `span`, with the stretch it comes from."""
    before = list(_tokens(text, 0, span[0]))
    after = list(_tokens(text, span[1], len(text)))
    words = [*before, (TARGET, span), *after]
    for word, place in words:
        yield f"w {word}", place
    for (first, (start, _)), (second, (_, end)) in pairwise(words):
        yield f"b {first} {second}", (start, end)
    left, right = before[-_LEFT:], after[:_RIGHT]
    for side, near in (("l", left), ("r", right)):
        for word, place in near:
            yield f"{side} {word}", place
    for side, near in (("ll", [*left, words[len(before)]]), ("rr", [words[len(before)], *right])):
        for (first, (start, _)), (second, (_, end)) in pairwise(near):
            yield f"{side} {first} {second}", (start, end)


def _tokens(text: str, start: int, end: int) -> Iterator[tuple[str, Span]]:
    for match in _TOKEN.finditer(text, start, end):
        yield match[0].lower().replace("’", "'"), match.span()
