"""Whom an editor may mean: people and parties by what is typed of their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Q, QuerySet

from statements.ingest.identities import Identities
from statements.models import Actor, Affiliation, Quote, Speaker
from statements.names import name_key

_MOST = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to choose: `value` is what the form sends, `about` tells namesakes apart."""

    value: str
    name: str
    about: str
    actor_type: str


def candidates(typed: str, *, on: date | None) -> list[Candidate]:
    """People and parties of whose names a word begins so, those whose name does first.

    People come with the post that they held on the day. Three queries for any number of names.
    """
    key = name_key(typed)
    if not key:
        return []
    people = _people(_named(Speaker.objects.live(), key), on)
    return people + [_party(actor) for actor in _named(Actor.objects.live(), key)]


def at_hand(quote: Quote) -> list[Candidate]:
    """The likeliest answers before anything is typed: who has the quote, who else is heard.

    That is whom the quote is given to, between whom the text leaves it open, and who says
    something else in its article.
    """
    others = quote.article.quotes.exclude(pk=quote.pk).exclude(state=Quote.State.REJECTED)
    others = others.select_related("speaker", "actor").order_by("start")
    voices = [*quote.voices, *others]
    known = [
        Speaker.objects.known_as(name).first() for name in quote.candidates if isinstance(name, str)
    ]
    speakers = list(
        dict.fromkeys(each for each in (*known, *(one.speaker for one in voices)) if each)
    )
    parties = dict.fromkeys(one.actor for one in voices if one.actor and not one.speaker)
    people = _people(speakers[:_MOST], quote.said_on)
    return people + [_party(actor) for actor in list(parties)[:_MOST]]


def is_known(name: str) -> bool:
    """Whether there is a person of exactly this name, however accented or capitalised."""
    return Speaker.objects.known_as(name).exists()


@transaction.atomic
def person_named(name: str) -> Speaker:
    """The person of this name, or a new one, provisional until somebody confirms them."""
    return Identities().speaker(" ".join(name.split())[:200])


def _people(speakers: Iterable[Speaker], on: date | None) -> list[Candidate]:
    speakers = list(speakers)
    posts: dict[int, Affiliation] = {}
    held = Affiliation.objects.filter(speaker__in=speakers).select_related("actor")
    if on:
        begun = Q(since__isnull=True) | Q(since__lte=on)
        held = held.filter(begun, Q(until__isnull=True) | Q(until__gte=on))
    # The order of Speaker.affiliation_on(), which decides once somebody is chosen.
    for each in held.order_by(F("since").desc(nulls_last=True), "-pk"):
        posts.setdefault(each.speaker_id, each)
    found = []
    for speaker in speakers:
        post = posts.get(speaker.pk)
        about = ", ".join(part for part in (post.post, post.actor.name) if part) if post else ""
        kind = post.actor.type if post else Actor.Type.UNKNOWN
        about = about or ("no post known on that day" if on else "no post known")
        found.append(Candidate(f"speaker:{speaker.slug}", speaker.name, about, kind))
    return found


def _party(actor: Actor) -> Candidate:
    return Candidate(f"actor:{actor.slug}", actor.name, actor.get_type_display(), actor.type)


def _named[T: (Speaker, Actor)](rows: QuerySet[T], key: str) -> list[T]:
    """Those whose whole name begins so, then those of whom a later word does."""
    first = list(rows.filter(names__key__startswith=key).distinct().order_by("sort_name")[:_MOST])
    if len(first) < _MOST:
        later = rows.filter(Q(names__key__contains=f" {key}")).exclude(
            pk__in=[each.pk for each in first]
        )
        first += later.distinct().order_by("sort_name")[: _MOST - len(first)]
    return first
