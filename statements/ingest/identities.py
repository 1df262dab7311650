"""Who a voice is: the stored speaker and actor of that name, made provisional when new.

A name that the pipeline finds never becomes a confirmed identity by itself; an editor confirms it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Max

from statements.identifying import retype_actor
from statements.models import (
    Actor,
    ActorName,
    ActorType,
    Affiliation,
    IdentityEvent,
    Speaker,
    SpeakerName,
)
from statements.models.actors import Name
from statements.names import name_key, name_slug
from statements.nlp import Voice
from statements.turns import rely_on_identities

# Any number that no other advisory lock of the application uses.
_NEW_IDENTITIES = 7_203_114


@dataclass(frozen=True, slots=True)
class Party:
    """A voice as stored rows; what the text leaves open is None."""

    speaker: Speaker | None
    actor: Actor | None
    affiliation: Affiliation | None
    actor_type: str
    country: str


@dataclass(slots=True)
class Identities:
    """Finds the rows for voices and remembers them while one import runs."""

    _speakers: dict[str, Speaker] = field(default_factory=dict)
    _actors: dict[tuple[str, str], Actor] = field(default_factory=dict)
    _affiliations: dict[tuple[int, int, str], Affiliation] = field(default_factory=dict)
    _as_of: int = 0
    # Under each of its names an actor is the same object: what is learned of it, all see.
    _actor_rows: dict[int, Actor] = field(default_factory=dict)

    def begin(self) -> None:
        """Call it first in a transaction: until its end nobody merges or renames what is found.

        What was remembered is dropped if somebody did so since the transaction before.
        """
        rely_on_identities()
        last = IdentityEvent.objects.aggregate(last=Max("pk"))["last"] or 0
        if last != self._as_of:
            self.forget()
            self._as_of = last

    def prepare(self, voices: Sequence[tuple[Voice, str]]) -> None:
        """Be ready for these voices, each beside its evidence; here each is asked for by itself."""

    def party(self, voice: Voice, evidence: str) -> Party:
        """The rows for this voice. Call it in a transaction, after `begin()`."""
        actor = self.actor(voice) if voice.actor else None
        speaker = self.speaker(voice.speaker) if voice.speaker else None
        affiliation = None
        if speaker and actor:
            affiliation = self.affiliation(speaker, actor, voice.role, evidence)
        return Party(
            speaker=speaker,
            actor=actor,
            affiliation=affiliation,
            actor_type=actor.type if actor else voice.actor_type,
            country=actor.country if actor else voice.country,
        )

    def speaker(self, name: str) -> Speaker:
        """The speaker known by this name, or a new provisional one."""
        key = name_key(name)
        if key not in self._speakers:
            wait_for_turn()
            known = meant_speaker(Speaker.objects.known_as(name))
            self._speakers[key] = known or _new_speaker(name)
        return self._speakers[key]

    def actor(self, voice: Voice) -> Actor:
        """The actor known by the voice's name, or a new provisional one.

        Of several actors with one name, one that an editor confirmed is meant before others, and
        of those the one of the same type. A type that the text settles replaces "unknown" as long
        as nobody has confirmed the actor.
        """
        name = voice.actor or ""
        key = (name_key(name), voice.actor_type)
        if key not in self._actors:
            wait_for_turn()
            known = meant_actor(Actor.objects.known_as(name), voice.actor_type)
            actor = self._kept(known or _new_actor(voice))
            if is_told_by(actor, voice):
                retype_actor(
                    actor, actor_type=voice.actor_type, country=actor.country or voice.country
                )
            self._actors[key] = actor
        return self._actors[key]

    def affiliation(self, speaker: Speaker, actor: Actor, post: str, evidence: str) -> Affiliation:
        """The affiliation of this post; its dates stay open, since one day's text tells neither."""
        post = post[:300]
        key = (speaker.pk, actor.pk, post)
        if key not in self._affiliations:
            wait_for_turn()
            self._affiliations[key] = Affiliation.objects.get_or_create(
                speaker=speaker, actor=actor, post=post, since=None, defaults={"evidence": evidence}
            )[0]
        return self._affiliations[key]

    def _kept(self, actor: Actor) -> Actor:
        """The object that stands for the actor, as it is stored now."""
        kept = self._actor_rows.setdefault(actor.pk, actor)
        kept.type, kept.country, kept.standing = actor.type, actor.country, actor.standing
        return kept

    def forget(self) -> None:
        """Drop what is remembered, after a transaction that made some of it was undone."""
        self._speakers.clear()
        self._actors.clear()
        self._affiliations.clear()
        self._actor_rows.clear()


def meant_speaker(known: Iterable[Speaker]) -> Speaker | None:
    """Of the speakers with one name, the one that a text means: one confirmed before others."""
    return min(known, key=lambda each: (each.standing, each.pk), default=None)


def meant_actor(known: Iterable[Actor], actor_type: str) -> Actor | None:
    """Of the actors with one name, the one that a text means.

    One that an editor confirmed is meant before others, and of those the one of the same type.
    """
    return min(
        known,
        key=lambda each: (each.is_provisional, each.type != actor_type, each.pk),
        default=None,
    )


def is_told_by(actor: Actor, voice: Voice) -> bool:
    """Whether the voice says of what type the actor is, and nobody else did so far."""
    return actor.is_provisional and actor.type == ActorType.UNKNOWN != voice.actor_type


def wait_for_turn() -> None:
    """One import at a time makes identities, so that two never make the same one twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NEW_IDENTITIES])


def _new_speaker(name: str) -> Speaker:
    name = name[:200]
    slug = name_slug(name, slugs_like(Speaker, name))
    speaker = Speaker.objects.create(name=name, slug=slug)
    SpeakerName.objects.create(speaker=speaker, text=name, kind=Name.Kind.PRIMARY)
    return speaker


def _new_actor(voice: Voice) -> Actor:
    name = (voice.actor or "")[:200]
    slug = name_slug(name, slugs_like(Actor, name))
    actor = Actor.objects.create(name=name, slug=slug, type=voice.actor_type, country=voice.country)
    ActorName.objects.create(actor=actor, text=name, kind=Name.Kind.PRIMARY)
    return actor


def slugs_like(model: type[Speaker] | type[Actor], name: str) -> set[str]:
    return set(
        model._default_manager.filter(slug__startswith=name_slug(name)).values_list(
            "slug", flat=True
        )
    )
