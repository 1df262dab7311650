"""Actors and speakers: who is quoted, and all there is about one."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from statements.api import fields
from statements.api.answers import answers_json, check_cursor, found_or_404, note_unknown, page_size
from statements.api.fields import Record, link, many, one, value
from statements.api.records import (
    ACTOR_IN_SHORT,
    AFFILIATION,
    SPEAKER_IN_SHORT,
)
from statements.models import Actor, ActorType, Affiliation, JointVoice, Quote, Speaker
from statements.models.actors import ActorQuerySet
from statements.paging import Key, keyset_page

PERSON = Record(
    "Person",
    "Somebody who speaks for the actor.",
    (one("speaker", SPEAKER_IN_SHORT, "Who.", lambda post: post.speaker), *AFFILIATION),
)

POST = Record(
    "Post",
    "A party that the person speaks for.",
    (one("actor", ACTOR_IN_SHORT, "For whom.", lambda post: post.actor), *AFFILIATION),
)

_NAMES = fields.Field(
    "names",
    {"type": "array", "items": fields.TEXT},
    "Every spelling that is known, this one too.",
    lambda row, _absolute: sorted(each.text for each in row.names.all()),
)
_SUMMARY = value("summary", fields.TEXT, "A sentence or two; empty when nobody wrote any.")


def _follow(facet: str) -> tuple[fields.Field, fields.Field]:
    query = f"?{facet}="
    return (
        link(
            "quotes_url",
            "The quotes, as JSON.",
            lambda row: f"{reverse('statements:api_quotes')}{query}{row.slug}",
        ),
        link(
            "feed_url",
            "The quotes, as an Atom feed.",
            lambda row: f"{reverse('statements:feed')}{query}{row.slug}",
        ),
    )


ACTOR = Record(
    "Actor",
    "A party that takes positions: a government, an NGO, a company …",
    (
        *ACTOR_IN_SHORT.fields,
        _NAMES,
        _SUMMARY,
        one("parent", ACTOR_IN_SHORT, "What it is part of.", lambda actor: actor.parent),
        many("people", PERSON, "Who speaks for it.", lambda actor: actor.affiliations.all()),
        *_follow("actor"),
    ),
)

SPEAKER = Record(
    "Speaker",
    "A natural person who is quoted.",
    (
        *SPEAKER_IN_SHORT.fields,
        _NAMES,
        _SUMMARY,
        many(
            "posts", POST, "For whom, the latest first.", lambda person: person.affiliations.all()
        ),
        *_follow("speaker"),
    ),
)

PARAMETERS = ("type", "q", "after", "per_page")
_ORDER = (Key("sort_name"), Key("pk"))


@answers_json
def actors(request: HttpRequest) -> dict[str, Any]:
    """Actors that are quoted, by name: two queries a page."""
    notes: list[str] = []
    note_unknown(request.GET, PARAMETERS, notes)
    types = _types(request.GET, notes)
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    size = page_size(request.GET, notes)
    after = request.GET.get("after", "")
    found = _quoted()
    if types:
        found = found.filter(type__in=types)
    if words:
        found = found.named_like(words)
    page = keyset_page(found, _ORDER, after, size)
    check_cursor(after, page.is_first)
    return {
        "notes": notes,
        "next": _next(request, page.after, size, types, words),
        "results": [ACTOR_IN_SHORT.of(each, request.build_absolute_uri) for each in page.rows],
    }


@answers_json
def actor(request: HttpRequest, slug: str) -> dict[str, Any]:
    """One actor with its names and people."""
    posts = Affiliation.objects.select_related("speaker").order_by(
        "speaker__sort_name", F("since").asc(nulls_first=True), "pk"
    )
    found = Actor.objects.select_related("parent").prefetch_related(
        "names", Prefetch("affiliations", posts)
    )
    row = found_or_404(found.filter(slug=slug).first(), "There is no actor of this name.")
    return ACTOR.of(row, request.build_absolute_uri)


@answers_json
def speaker(request: HttpRequest, slug: str) -> dict[str, Any]:
    """One person with their names and posts."""
    posts = Affiliation.objects.select_related("actor").order_by(
        F("since").desc(nulls_last=True), "pk"
    )
    found = Speaker.objects.prefetch_related("names", Prefetch("affiliations", posts))
    row = found_or_404(found.filter(slug=slug).first(), "There is no speaker of this name.")
    return SPEAKER.of(row, request.build_absolute_uri)


def _quoted() -> ActorQuerySet:
    """Actors with a quote that anybody may read, alone or with others."""
    public = Quote.objects.public()
    joint = JointVoice.objects.filter(actor=OuterRef("pk"), quote__in=public.values("pk"))
    return Actor.objects.filter(Q(Exists(public.filter(actor=OuterRef("pk")))) | Q(Exists(joint)))


def _types(data: QueryDict, notes: list[str]) -> list[str]:
    asked = [part.strip() for each in data.getlist("type") for part in each.split(",")]
    for each in asked:
        if each and each not in ActorType.values:
            notes.append(f"There is no actor type “{each[:60]}”; it was left out.")
    return [each for each in dict.fromkeys(asked) if each in ActorType.values]


def _next(request: HttpRequest, after: str, size: int, types: list[str], words: str) -> str | None:
    if not after:
        return None
    query = QueryDict(mutable=True)
    query.setlist("type", types)
    query.update({"q": words} if words else {})
    query.update({"per_page": str(size), "after": after})
    return request.build_absolute_uri(f"{reverse('statements:api_actors')}?{query.urlencode()}")
