"""Quotes: a page of those that a query string asks for, and one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse

from statements.api import fields
from statements.api.answers import answers_json, check_cursor, found_or_404, note_unknown, page_size
from statements.api.fields import Record, link, many, one, one_of, or_null, value
from statements.api.records import (
    ACTOR_IN_SHORT,
    ACTOR_TYPE,
    ARTICLE_IN_SHORT,
    ISSUE_IN_SHORT,
    SPEAKER_IN_SHORT,
)
from statements.blind import asked_blind, chosen_by_stance
from statements.filters import FACETS, QuoteFilter
from statements.models import Quote, Stance
from statements.models.quotes import QuoteQuerySet
from statements.paging import keyset_page

PART = Record(
    "Part",
    "A stretch of a quote's content; offsets count code points of the article's text.",
    (
        value("start", fields.NUMBER, "Where it begins in the text."),
        value("end", fields.NUMBER, "Where it ends, exclusive."),
        value("content", fields.TEXT, "Exactly the words between."),
    ),
)

VOICE = Record(
    "Voice",
    "A party to which the quote is given, as of the day it was said.",
    (
        one(
            "speaker", SPEAKER_IN_SHORT, "The person; null when a party spoke.", lambda v: v.speaker
        ),
        value("role", fields.TEXT, "The post that day, in the article's words."),
        one("actor", ACTOR_IN_SHORT, "The party spoken for.", lambda v: v.actor),
        value("actor_type", ACTOR_TYPE, "The type of the party that day."),
        value("country", fields.COUNTRY, "ISO 3166-1 alpha-2; empty where it has none."),
    ),
)

STANCE = Record(
    "Stance",
    "Where a quote stands on an issue: by editors' labels, or only as suggested.",
    (
        one("issue", ISSUE_IN_SHORT, "On what.", lambda stance: stance.issue),
        fields.Field(
            "label",
            or_null(one_of(Stance.Label.values)),
            "Null while editors disagree.",
            lambda stance, _absolute: stance.label or None,
        ),
        value(
            "standing",
            one_of(Stance.Standing.values),
            "What it rests on: a lead's decision, editors who agree or disagree, one editor, or "
            "a suggestion that no editor has judged.",
        ),
        value("is_suggestion", fields.FLAG, "No editor has judged it.", "is_suggested"),
        value("confidence", or_null(fields.SHARE), "Of a suggestion, how sure it is; else null."),
        value("label_count", fields.NUMBER, "How many editors' labels it rests on."),
        value("updated_at", fields.MOMENT, "When it last changed."),
    ),
)

QUOTE = Record(
    "Quote",
    "One attributed passage of an article.",
    (
        value("id", fields.UUID, "An identifier that lasts.", "uuid"),
        link("url", "Its permanent page for people.", lambda quote: quote.get_absolute_url()),
        link(
            "api_url",
            "This record.",
            lambda quote: reverse("statements:api_quote", args=[quote.uuid]),
        ),
        value("content", fields.TEXT, "What was said, its parts as one text."),
        many("parts", PART, "The exact parts, in order.", lambda quote: quote.parts.all()),
        value("kind", one_of(Quote.Kind.values), "Inside quotation marks, reported, or both."),
        value("cue", fields.TEXT, "The words that say that it was said: “warned”."),
        value("source", fields.TEXT, "The words that name the speaker, verbatim."),
        value("before", fields.TEXT, "The sentence before it."),
        value("after", fields.TEXT, "The sentence after it."),
        value("said_on", or_null(fields.DAY), "The day; null when it is not known."),
        many(
            "voices",
            VOICE,
            "Who said it, the lead first; empty while the text leaves it open.",
            lambda quote: quote.voices,
        ),
        value(
            "attribution",
            one_of(Quote.Attribution.values),
            "How sure it is who spoke: open, provisional, stated in the text, confirmed.",
        ),
        value("state", one_of(["proposed", "confirmed"]), "Whether an editor confirmed its words."),
        value("certainty", fields.SHARE, "How probable it is that its words and source are right."),
        many(
            "stances",
            STANCE,
            "Where it stands, an entry an issue. Suggestions are marked in each.",
            lambda quote: quote.stances.all(),
        ),
        one("article", ARTICLE_IN_SHORT, "Where it stands.", lambda quote: quote.article),
        value("stored_at", fields.MOMENT, "When it came here: what `asof` goes by.", "created_at"),
    ),
)

# The query string of Explore; `view` only changes the page for people.
PARAMETERS = (*FACETS, "from", "to", "q", "asof", "sort", "view", "after", "per_page")


@answers_json
def quotes(request: HttpRequest) -> dict[str, Any]:
    """Quotes that fit the query string, and the way to the next page: four queries."""
    wanted = QuoteFilter(request.GET)
    notes = wanted.notes
    note_unknown(request.GET, PARAMETERS, notes)
    size = page_size(request.GET, notes)
    after = request.GET.get("after", "")
    found = in_full(wanted.quotes(AnonymousUser()), request)
    if wanted.chosen["stance"]:
        found = chosen_by_stance(found, request.user, issues=wanted.chosen["issue"])
    ordered, keys = wanted.in_order(found)
    page = keyset_page(ordered, keys, after, size)
    check_cursor(after, page.is_first)
    own = reverse("statements:api_quotes")
    query = wanted.query(view="", after=page.after, per_page=request.GET.get("per_page") and size)
    return {
        "shows": wanted.in_words,
        "notes": notes,
        "next": request.build_absolute_uri(own + query) if page.after else None,
        "results": [QUOTE.of(each, request.build_absolute_uri) for each in page.rows],
    }


@answers_json
def quote(request: HttpRequest, uuid: UUID) -> dict[str, Any]:
    """One quote."""
    found = in_full(Quote.objects.public(), request).filter(uuid=uuid).first()
    return QUOTE.of(
        found_or_404(found, "There is no quote with this id, or it is not public."),
        request.build_absolute_uri,
    )


def in_full(quotes: QuoteQuerySet, request: HttpRequest) -> QuoteQuerySet:
    """With all that a record shows: four queries for any number.

    Whoever is signed in as an editor gets no stance of a quote that they are to judge blind.
    """
    return quotes.for_list(asked_blind(request.user)).defer("article__text")
