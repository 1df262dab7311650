"""A view of Explore as an Atom feed: what is new in it, for programs that follow it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from statements.blind import asked_blind, chosen_by_stance
from statements.citing import speakers
from statements.exports import Absolute
from statements.filters import QuoteFilter
from statements.models import Quote, QuoteEdit
from statements.models.quotes import Voice
from statements.templatetags.statements import said, stance_word, stances_of

ENTRIES = 50

# Nothing has happened yet in a feed without entries.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# What XML cannot hold.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it is sent, and when anything in it last changed."""

    content: bytes
    updated: datetime


class _Atom(Atom1Feed):
    """Django's feed, which without entries would claim to have changed just now."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else _NEVER


def atom(wanted: QuoteFilter, absolute: Absolute, user: AbstractBaseUser | AnonymousUser) -> Feed:
    """The newest quotes that fit, as anybody may read them: four queries.

    Without the stances of quotes that `user` is to judge blind.

    Newest by the day they were said, as on the page, whatever order the address asks for. An entry
    is published when its quote was stored, and updated when an editor last changed the quote or
    where it stands.
    """
    edits = QuoteEdit.objects.filter(quote=OuterRef("pk")).order_by("-created_at")
    quotes = wanted.quotes(AnonymousUser()).for_list(asked_blind(user))
    quotes = quotes.defer("article__text")
    if wanted.chosen["stance"]:
        quotes = chosen_by_stance(quotes, user, issues=wanted.chosen["issue"])
    query = wanted.query(view="", sort="")
    address = absolute(reverse("statements:explore") + query.removesuffix("?"))
    own = absolute(reverse("statements:feed") + query.removesuffix("?"))
    feed = _Atom(
        title=_plain(f"{wanted.in_words} · Newsroom"),
        link=address,
        description="",
        subtitle="Quotes from the news. A stance marked as suggested was not judged by an editor.",
        author_name="Newsroom",
        feed_url=own,
        feed_guid=own,
        language="en",
    )
    for quote in quotes.annotate(edited_at=Subquery(edits.values("created_at")[:1])).newest()[
        :ENTRIES
    ]:
        link = absolute(quote.get_absolute_url())
        feed.add_item(
            title=_plain(_title(quote)),
            link=link,
            description=_plain(_summary(quote, absolute)),
            author_name=_plain(speakers(quote) or quote.source or "Somebody"),
            unique_id=quote.uuid.urn,
            pubdate=quote.created_at,
            updateddate=_updated(quote),
        )
    return Feed(feed.writeString("utf-8").encode(), feed.latest_post_date())


def _updated(quote: Quote) -> datetime:
    changes = [quote.created_at, *(stance.updated_at for stance in quote.stances.all())]
    edited_at: datetime | None = quote.edited_at  # type: ignore[attr-defined]
    return max([*changes, edited_at] if edited_at else changes)


def _title(quote: Quote) -> str:
    who = speakers(quote) or quote.source or "Somebody"
    return f"{who}: {Truncator(quote.content).chars(100)}"


def _summary(quote: Quote, absolute: Absolute) -> SafeString:
    """The words, who said them that day, where, and where they stand."""
    article = quote.article
    facts = [
        *(_voice(voice) for voice in quote.voices),
        f"said {date_format(quote.said_on, 'j F Y')}" if quote.said_on else "",
        article.outlet.name if article.outlet else "",
    ]
    stances = [
        f"{'Suggested: ' if stance.is_suggested else ''}"
        f"{stance_word(stance.label or 'disputed')} on {stance.issue.title}"
        for stance in stances_of(quote)
    ]
    return format_html(
        '<blockquote>{}</blockquote><p>{}. <a href="{}">{}</a></p>{}',
        said(quote),
        "; ".join(fact for fact in facts if fact),
        absolute(quote.place_url),
        article.title,
        format_html_join("", "<p>{}</p>", ((each,) for each in stances)),
    )


def _voice(voice: Voice) -> str:
    """Who spoke, with the post that day: "Ada Lind, director, River Watch"."""
    person = voice.speaker.name if voice.speaker else ""
    party = voice.actor.name if voice.actor else ""
    return ", ".join(part for part in (person, voice.role, party) if part)


def _plain(text: str) -> str:
    return _CONTROL.sub(" ", text)
