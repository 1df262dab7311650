"""Words of a quote as they are written everywhere: what leads them in, and what a search found."""

from __future__ import annotations

from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from statements.models import StanceLabel

# What PostgreSQL puts around a word that matches the search; both are private-use characters.
MATCH_START, MATCH_END = "\ue000", "\ue001"

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


def marked(text: str) -> SafeString:
    """The text with the words that match a search in <mark>."""
    safe = escape(text)
    return mark_safe(safe.replace(MATCH_START, "<mark>").replace(MATCH_END, "</mark>"))  # noqa: S308


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
