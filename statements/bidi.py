"""Names and words that are written from right to left, or turn the direction of what follows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

FIRST_STRONG, POP = "\u2068", "\u2069"

# Embeddings, overrides and isolates, and the marks that lean on what is beside them.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_OPENED = re.compile("[\u2066-\u2068]")
_RIGHT_TO_LEFT = {"R", "AL", "AN"}


def may_turn(text: str) -> bool:
    """Whether what stands around the text could be shown in another order because of it."""
    if text.isascii():
        return False
    return bool(_TURNS.search(text)) or any(
        unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text
    )


def isolated(text: str) -> str:
    """The text for a sentence that is no markup: closed off by characters, where it may turn.

    What it opens is closed and what it closes was opened, so that nothing reaches out of it.
    """
    if not may_turn(text):
        return text
    depth = 0
    kept = []
    for char in text:
        if _OPENED.match(char):
            depth += 1
        elif char == POP:
            if not depth:
                continue
            depth -= 1
        kept.append(char)
    return f"{FIRST_STRONG}{''.join(kept)}{POP * depth}{POP}"


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """A sentence in pieces, and whether each was closed off; the characters for it are left out.

    The characters of `isolated` alone do so: what a name of such a sentence has is balanced.
    """
    depth, kept = 0, ""
    for char in text:
        before = depth
        depth += bool(_OPENED.match(char)) - (char == POP and depth > 0)
        if depth != before and 0 in (depth, before):
            if kept:
                yield kept, bool(before)
            kept = ""
        else:
            kept += char
    if kept:
        yield kept, bool(depth)
