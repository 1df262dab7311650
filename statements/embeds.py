"""Quotes as cards on other sites: the code that shows one, and what oEmbed tells of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html

from statements.citing import speakers
from statements.exports import Absolute
from statements.models import Quote
from statements.templatetags.statements import stances_of

WIDTH = 550
# The card itself is made for no less, but whoever asks for less gets it.
NARROWEST = 280

# In pixels, of css/embed.css: what is above, between and below texts, beside them, and the badge.
_AROUND, _SIDES, _AVATAR = 100, 42, 46
_TALLEST = 900
_CACHED_FOR = 3600


def quote_at(address: str, host: str) -> Quote | None:
    """The quote that has this permanent address here; None for any other address."""
    try:
        parts = urlsplit(address.strip())
        match = resolve(parts.path if parts.path.endswith("/") else f"{parts.path}/")
    except (ValueError, Resolver404):
        return None
    if parts.scheme not in {"http", "https"} or parts.netloc.lower() != host.lower():
        return None
    if match.view_name not in {"statements:quote", "statements:embed"}:
        return None
    return Quote.objects.public().for_list().filter(uuid=match.kwargs["uuid"]).first()


def bound(text: str) -> int | None:
    """A largest width or height as a number; None when there is none, or what is none."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    return number or None


def code(quote: Quote, absolute: Absolute, width: int = WIDTH, height: int | None = None) -> str:
    """The element that shows the card, to be pasted into a page."""
    return format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy"'
        ' style="border:0;max-width:100%"></iframe>',
        absolute(reverse("statements:embed", args=[quote.uuid])),
        width,
        height or height_of(quote, width),
        title(quote),
    )


def card(
    quote: Quote, absolute: Absolute, widest: int | None = None, tallest: int | None = None
) -> dict[str, Any]:
    """What oEmbed tells of a quote: never wider or taller than asked for."""
    width = min(widest or WIDTH, WIDTH)
    height = min(tallest or _TALLEST, height_of(quote, width))
    lead = quote.speaker or quote.actor
    return {
        "version": "1.0",
        "type": "rich",
        "title": f"{speakers(quote) or 'Somebody'}: {quote.content}",
        "author_name": speakers(quote) or quote.source,
        **({"author_url": absolute(lead.get_absolute_url())} if lead else {}),
        "provider_name": "Newsroom",
        "provider_url": absolute("/"),
        "cache_age": _CACHED_FOR,
        "html": code(quote, absolute, width, height),
        "width": width,
        "height": height,
    }


def title(quote: Quote) -> str:
    """What a screen reader calls the frame."""
    who = speakers(quote)
    return f"Quote of {who}" if who else "Quote"


def height_of(quote: Quote, width: int) -> int:
    """About how tall the card is at a width: without script it cannot tell its page."""
    room = max(width, NARROWEST) - _SIDES
    lead_in = f"{quote.source} {quote.cue} " if quote.kind != Quote.Kind.DIRECT else "“”"
    tall = _AROUND + 26 * _lines(lead_in + quote.content, room, 8.8)
    for voice in quote.voices:
        if voice.speaker:
            tall += 21 * _lines(f"{voice.speaker.name} {voice.role}", room - _AVATAR, 7.3)
        if voice.actor:
            party = f"{voice.actor.name} {voice.get_actor_type_display()}  "
            tall += 21 * _lines(party, room - _AVATAR, 7.3)
    if not quote.voices:
        tall += 21 * _lines(quote.source, room - _AVATAR, 7.3)
    for stance in stances_of(quote)[:2]:
        tall += 8 + 20 * _lines(f"Supports on {stance.issue.title} suggested 0.99", room, 6.7)
    outlet = quote.article.outlet.name if quote.article.outlet else ""
    tall += 26 * _lines(f"{outlet} 10 Dec 2024 In context Newsroom", room - 36, 6.4)
    return min(_TALLEST, tall)


def _lines(text: str, room: float, letter: float) -> int:
    """How many lines a text takes where a letter is so wide; long words leave gaps."""
    lines, left = 1, room
    for word in text.split():
        wide = (len(word) + 1) * letter
        if wide > left and left < room:
            lines, left = lines + 1, room
        lines += int(wide // room)
        left -= wide % room
    return lines


def answer(content: dict[str, Any], status: int = 200) -> JsonResponse:
    """JSON that scripts of other sites may read too, as long as reading is open."""
    response = JsonResponse(content, status=status)
    if not settings.READERS_NEED_ACCOUNT:
        response["Access-Control-Allow-Origin"] = "*"
    return response


def refused(status: int, why: str) -> JsonResponse:
    return answer({"error": why}, status)
