"""A quote as schema.org describes one, for search engines and other readers of pages."""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from statements.exports import Absolute
from statements.models import Quote
from statements.models.quotes import Voice

# With these a text inside <script> could end it, or begin a comment.
_ESCAPES = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


def quotation(quote: Quote, absolute: Absolute) -> SafeString:
    """The quote as JSON-LD, ready to stand inside a <script> element of that type."""
    address = absolute(quote.get_absolute_url())
    voices = [_party(voice, absolute) for voice in quote.voices]
    found = {
        "@context": "https://schema.org",
        "@type": "Quotation",
        "@id": address,
        "url": address,
        "identifier": quote.uuid.urn,
        "text": " … ".join(part.content for part in quote.parts.all()),
        "inLanguage": "en",
        "spokenByCharacter": voices[0] if len(voices) == 1 else voices,
        "dateCreated": quote.said_on.isoformat() if quote.said_on else None,
        "isPartOf": _article(quote, absolute),
    }
    plain = json.dumps({key: value for key, value in found.items() if value}, ensure_ascii=False)
    return mark_safe(plain.translate(_ESCAPES))  # noqa: S308


def _party(voice: Voice, absolute: Absolute) -> dict[str, Any]:
    """The person, with post and party as of that day; else the party."""
    party = None
    if voice.actor:
        party = {
            "@type": "Organization",
            "name": voice.actor.name,
            "url": absolute(voice.actor.get_absolute_url()),
        }
    if voice.speaker is None:
        return party or {}
    person = {
        "@type": "Person",
        "name": voice.speaker.name,
        "url": absolute(voice.speaker.get_absolute_url()),
        "jobTitle": voice.role,
        "affiliation": party,
    }
    return {key: value for key, value in person.items() if value}


def _article(quote: Quote, absolute: Absolute) -> dict[str, Any]:
    article = quote.article
    found = {
        "@type": "NewsArticle",
        "headline": article.title,
        "url": article.url or absolute(article.get_absolute_url()),
        "author": article.byline,
        "datePublished": article.published_on.isoformat() if article.published_on else None,
        "publisher": {"@type": "Organization", "name": article.outlet.name}
        if article.outlet
        else None,
    }
    return {key: value for key, value in found.items() if value}
