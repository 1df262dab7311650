"""Whom an editor may mean: people and parties by what is typed of their names."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from statements.models import Actor, Affiliation, Speaker, SpeakerName
from statements.models.actors import Name
from statements.names import name_key, name_slug

_MOST = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to choose: `value` is what the form sends, `about` tells namesakes apart."""

    value: str
    name: str
    about: str
    actor_type: str


def candidates(typed: str) -> list[Candidate]:
    """People and parties of whose names a word begins so, those whose name does first.

    Three queries for any number of names.
    """
    key = name_key(typed)
    if not key:
        return []
    speakers = list(_named(Speaker.objects.all(), key))
    posts: dict[int, Affiliation] = {}
    affiliations = Affiliation.objects.filter(speaker__in=speakers).select_related("actor")
    for each in affiliations.order_by("since", "pk"):
        posts[each.speaker_id] = each
    people = []
    for speaker in speakers:
        held = posts.get(speaker.pk)
        about = ", ".join(part for part in (held.post, held.actor.name) if part) if held else ""
        kind = held.actor.type if held else Actor.Type.UNKNOWN
        people.append(Candidate(f"speaker:{speaker.slug}", speaker.name, about, kind))
    parties = [
        Candidate(f"actor:{actor.slug}", actor.name, actor.get_type_display(), actor.type)
        for actor in _named(Actor.objects.all(), key)
    ]
    return people + parties


def new_speaker(name: str) -> Speaker:
    """A person of this name, provisional until somebody confirms them."""
    name = " ".join(name.split())[:200]
    taken = Speaker.objects.filter(slug__startswith=name_slug(name)).values_list("slug", flat=True)
    speaker = Speaker.objects.create(name=name, slug=name_slug(name, set(taken)))
    SpeakerName.objects.create(speaker=speaker, text=name, kind=Name.Kind.PRIMARY)
    return speaker


def _named[T: (Speaker, Actor)](rows: QuerySet[T], key: str) -> list[T]:
    """Those whose whole name begins so, then those of whom a later word does."""
    first = list(rows.filter(names__key__startswith=key).distinct().order_by("sort_name")[:_MOST])
    if len(first) < _MOST:
        later = rows.filter(Q(names__key__contains=f" {key}")).exclude(
            pk__in=[each.pk for each in first]
        )
        first += later.distinct().order_by("sort_name")[: _MOST - len(first)]
    return first
