"""The parties that take positions and the people who speak: lists, and a page for each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from newsroom.fragments import page_or_fragment
from statements.blind import asked_blind
from statements.browsing import counting, pages
from statements.browsing.quoted import by_month, quoted_actors
from statements.changes import MINIMUM
from statements.charts import histogram
from statements.countries import country_name
from statements.evidence import side_query
from statements.filters import QuoteFilter
from statements.models import (
    Actor,
    ActorName,
    ActorType,
    Affiliation,
    IdentityEvent,
    Issue,
    Quote,
    Speaker,
)
from statements.names import name_key
from statements.profiles import profiles
from statements.sides import Side, actor_term, one, speaker_term

PER_PAGE = 60
NEWEST = 10


@dataclass(frozen=True, slots=True)
class TypeCount:
    """A choice of the type filter with the number of actors that it would show."""

    value: str
    label: str
    actors: int


@require_safe
def actor_list(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()
    chosen = request.GET.get("type", "")
    named = quoted_actors(request.user)
    if words:
        spelled = ActorName.objects.filter(key__contains=name_key(words))
        named = named.filter(pk__in=spelled.values("actor"))
    by_type = Actor.objects.filter(pk__in=named.order_by().values("pk")).order_by("type")
    counts = Counter(dict(by_type.values_list("type").annotate(Count("pk"))))
    actors = named.filter(type=chosen) if chosen in ActorType.values else named
    page = Paginator(actors, PER_PAGE)
    # Counted already.
    page.count = counts[chosen] if chosen in ActorType.values else counts.total()
    context = {
        "words": words,
        "chosen": chosen if chosen in ActorType.values else "",
        "types": [
            TypeCount(value, str(label), counts[value])
            for value, label in ActorType.choices
            if counts[value] or value == chosen
        ],
        "total": counts.total(),
        "page": page.get_page(request.GET.get("page")),
    }
    return page_or_fragment(request, "statements/actor_list.html", "results", context)


@require_safe
def actor(request: HttpRequest, slug: str) -> HttpResponse:
    attitude = Issue.objects.filter(actor=OuterRef("pk")).values("slug")
    actors = Actor.objects.select_related("parent").annotate(attitude=Subquery(attitude))
    found = get_object_or_404(actors, slug=slug)
    if found.merged_into:
        return HttpResponsePermanentRedirect(found.current.get_absolute_url())
    side = one(actor_term(found))
    affiliations = (
        Affiliation.objects.filter(actor=found)
        .select_related("speaker")
        .order_by("speaker__sort_name", "speaker", F("since").asc(nulls_first=True), "pk")
    )
    context = (
        _context(request, f"actor={found.slug}")
        | _positions(request, side, own={found.pk})
        | _done(request, found)
        | {
            "actor": found,
            "country": country_name(found.country),
            "aliases": _aliases(found),
            "people": [
                (speaker, list(posts))
                for speaker, posts in groupby(affiliations, key=attrgetter("speaker"))
            ],
        }
    )
    return render(request, "statements/actor_detail.html", context)


@require_safe
def speaker(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Speaker, slug=slug)
    if found.merged_into:
        return HttpResponsePermanentRedirect(found.current.get_absolute_url())
    side = one(speaker_term(found))
    posts = found.affiliations.select_related("actor")
    affiliations = list(posts.order_by(F("since").desc(nulls_last=True), "pk"))
    own = {each.actor_id for each in affiliations}
    context = (
        _context(request, f"speaker={found.slug}")
        | _positions(request, side, own=own)
        | _done(request, found)
        | {"speaker": found, "aliases": _aliases(found), "affiliations": affiliations}
    )
    return render(request, "statements/speaker_detail.html", context)


def _context(request: HttpRequest, query: str) -> dict[str, Any]:
    """What both pages show; `query` asks the explore page for the same quotes."""
    wanted = QuoteFilter(QueryDict(query))
    conditions = wanted.conditions_for(request.user)
    newest = [row.pk for row in pages.page(conditions, "newest", most=NEWEST).rows]
    quotes = Quote.objects.for_list(asked_blind(request.user)).defer("article__text")
    found = quotes.in_bulk(newest)
    return {
        "quotes": [found[pk] for pk in newest],
        "quote_count": counting.total(conditions),
        "explore": wanted,
        "histogram": histogram(by_month(conditions), wanted, width=640, height=64),
    }


def _positions(request: HttpRequest, side: Side, own: set[int]) -> dict[str, Any]:
    """Where the side stands on each issue."""
    return {
        "side": side,
        "figures_side": side_query(side),
        "profiles": profiles(side, request.user, own=own),
        "minimum": MINIMUM,
    }


def _done(request: HttpRequest, found: Actor | Speaker) -> dict[str, Any]:
    """What was done to the identity, for editors; readers cost no query."""
    if not request.user.has_perm("statements.change_quote"):
        return {}
    return {"events": IdentityEvent.objects.on(found).for_list()[:NEWEST]}


def _aliases(identity: Actor | Speaker) -> list[str]:
    names = identity.names.exclude(key=name_key(identity.name)).order_by("text")
    return list(names.values_list("text", flat=True))
