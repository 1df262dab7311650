"""How quotes and stances are written on a page."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from typing import Any

from django import template
from django.template import Context, engines
from django.template.defaultfilters import capfirst
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from statements.bidi import isolated, may_turn, pieces
from statements.browsing.cards import Card, card_of
from statements.models import Quote, Stance, StanceLabel
from statements.reporting import reports_for
from statements.wording import SHAPES, WORDS, attribution, marked

register = template.Library()

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
def bdi(text: object) -> SafeString:
    """The text, in an element of its own where it may turn the order of what stands around it."""
    plain = "" if text is None else str(text)
    return format_html("<bdi>{}</bdi>", plain) if may_turn(plain) else conditional_escape(plain)


@register.filter
def bdi_pieces(text: str) -> SafeString:
    """A sentence whose names are closed off by characters, with elements instead of these."""
    shown = (
        format_html("<bdi>{}</bdi>" if apart else "{}", piece) for piece, apart in pieces(text)
    )
    return format_html_join("", "{}", ((each,) for each in shown))


@register.filter
def isolate(text: object) -> str:
    """The same for a place that takes no elements: a title, a label, an attribute."""
    return "" if text is None else isolated(str(text))


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
    words = marked(getattr(quote, "headline", ""), quote.content)
    if quote.kind == Quote.Kind.DIRECT:
        return format_html("“{}”", words)
    lead_in, trail = attribution(quote)
    return format_html(
        "{}{}{}",
        format_html('<span class="said-lead">{}</span> ', bdi(capfirst(lead_in)))
        if lead_in
        else "",
        words,
        format_html(' <span class="said-lead">({})</span>', bdi(trail)) if trail else "",
    )


@register.simple_tag
def quote_card(quote: Quote | Card, issues: Collection[str] = ()) -> SafeString:
    """A quote in a list: a card, or a quote from `QuoteQuerySet.for_list()`.

    Put it in a list item of its own. With issues (slugs) only stances on these are shown.
    """
    card = quote if isinstance(quote, Card) else card_of(quote, issues)
    return _jinja("quote_card.jinja", card=card)


@register.simple_tag
def quote_items(cards: Sequence[Card], focus_first: bool = False) -> SafeString:
    """List items with a card each; `focus_first` for those that a press of a button brought."""
    return _jinja("quote_items.jinja", cards=cards, focus_first=focus_first)


@register.simple_tag
def facet_options(facet: Any, options: Sequence[Any]) -> SafeString:
    """The boxes to tick of a facet's values."""
    return _jinja("facet_options.jinja", facet=facet, options=options)


def _jinja(template: str, **context: Any) -> SafeString:
    """What a list has fifty or a hundred of is rendered by Jinja, in a sixth of the time."""
    return mark_safe(engines["jinja2"].get_template(template).render(context))  # noqa: S308
