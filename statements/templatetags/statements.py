"""How quotes and stances are written on a page."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from django import template
from django.template import Context
from django.template.defaultfilters import capfirst
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from statements.models import Quote, Stance, StanceLabel
from statements.reporting import reports_for

register = template.Library()

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

_METHODS = {
    "predicates": "explicit words",
    "attitude": "the general model of attitudes",
    "learned": "what the issue has learned",
}


@register.filter
def stance_key(stance: Stance | str | None) -> str:
    """The label as a class and a filter value; "disputed" or "none" where there is none.

    A template hands in "" for the first of no stances.
    """
    if not isinstance(stance, Stance):
        return "none"
    return stance.label or "disputed"


@register.filter
def stance_shape(key: str) -> str:
    """The shape that stands for a label: "supports" → ▲."""
    return SHAPES.get(key, SHAPES["none"])


@register.filter
def stance_word(key: str) -> str:
    """The word for a label, as a reader sees it."""
    return WORDS.get(key, key)


@register.filter
def percent_share(share: float | None) -> str:
    """A confidence with two digits, as "0.81"; "" when there is none."""
    return "" if share is None else f"{share:.2f}"


@register.filter
def lookup(values: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping holds for a key; "" when nothing."""
    return values.get(key, "")


@register.filter
def method_words(method: str, version: int | None = None) -> str:
    """What made a suggestion, in words, or suggestions of any version."""
    if method == "learned" and version:
        return f"what this issue has learned (version {version})"
    return _METHODS.get(method, method)


@register.filter
def percent(share: float) -> str:
    """A share as a whole percentage that no line breaks, as "93 %"."""
    return f"{share * 100:.0f}\u00a0%"


@register.simple_tag
def stances_of(quote: Quote, issues: Container[str] = ()) -> list[Stance]:
    """The quote's stances, the one its card is coloured by first.

    Those on the chosen issues (slugs) come before others, editors' labels before suggestions. With
    issues chosen, others are left out. Reads what `QuoteQuerySet.for_list` fetched: no query.
    """
    related = [each for each in quote.stances.all() if each.label != StanceLabel.Label.UNRELATED]
    if issues:
        related = [each for each in related if each.issue.slug in issues]
    return sorted(related, key=lambda each: each.is_suggested)


@register.simple_tag(takes_context=True)
def open_reports(context: Context) -> int:
    """How many reports of readers wait for this editor."""
    return reports_for(context["user"]).open().count()


@register.simple_tag
def said(quote: Quote) -> SafeString:
    """The words of a quote: direct speech in quotation marks, reports led in by who said them.

    Words that match a search are marked, when the query added a `headline`.
    """
    words = _marked(getattr(quote, "headline", quote.content))
    if quote.kind == Quote.Kind.DIRECT:
        return format_html("“{}”", words)
    lead_in, trail = _attribution(quote)
    return format_html(
        "{}{}{}",
        format_html('<span class="said-lead">{}</span> ', capfirst(lead_in)) if lead_in else "",
        words,
        format_html(' <span class="said-lead">({})</span>', trail) if trail else "",
    )


def _marked(text: str) -> SafeString:
    """The text with the words that match a search in <mark>."""
    safe = escape(text)
    return mark_safe(safe.replace(MATCH_START, "<mark>").replace(MATCH_END, "</mark>"))  # noqa: S308


def _attribution(quote: Quote) -> tuple[str, str]:
    """Source and cue in the order of the text: what stands before the content, what after it."""
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


def _is_said(quote: Quote, start: int, text: str) -> bool:
    """Whether the content has these words already: an editor may have cut it so."""
    return quote.start <= start < quote.end and text in quote.content
