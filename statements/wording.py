"""Words of a quote as they are written everywhere: what leads them in, and what a search found."""

from __future__ import annotations

import re
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from statements.bidi import may_turn
from statements.models import StanceLabel

# What PostgreSQL puts around a word that matches the search; both are private-use characters.
MATCH_START, MATCH_END = "\ue000", "\ue001"
_MATCH = re.compile(f"{MATCH_START}([^{MATCH_START}{MATCH_END}]*){MATCH_END}")
_STRAY = re.compile(f"[{MATCH_START}{MATCH_END}]")

# Never colour alone: each stance has a shape and a word. "none" and "disputed" are no labels.
SHAPES = {
    "supports": "▲",
    "opposes": "▼",
    "mixed": "◆",
    "neutral": "●",
    "unrelated": "○",
    "disputed": "≠",
    "none": "◇",
}
WORDS = {**dict(StanceLabel.Label.choices), "disputed": "Disputed", "none": "Not labelled"}


def marked(headline: str, content: str) -> SafeString:
    """The content, with the words that match a search in <mark>; closed off where it may turn."""
    safe = escape(headline or content)
    if headline:
        # The text may have these characters of its own, in any order.
        safe = mark_safe(_STRAY.sub("", _MATCH.sub(r"<mark>\1</mark>", safe)))  # noqa: S308
    return format_html("<bdi>{}</bdi>", safe) if may_turn(content) else safe


def attribution(quote: Any) -> tuple[str, str]:
    """Source and cue in the order of the text: what stands before the content, what after it.

    Takes a quote, or any row with its columns.
    """
    words = [
        (quote.source_start, quote.source),
        (quote.cue_start, quote.cue),
    ]
    placed = sorted(
        (start, text)
        for start, text in words
        if start is not None and text and not _is_said(quote, start, text)
    )
    before = " ".join(text for start, text in placed if start < quote.start)
    after = " ".join(text for start, text in placed if start >= quote.start)
    return before, after


def _is_said(quote: Any, start: int, text: str) -> bool:
    """Whether the content has these words already: an editor may have cut it so."""
    return quote.start <= start < quote.end and text in quote.content
