"""Who many voices are, found and made with a few queries for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from statements.identifying import retype_actor
from statements.ingest.identities import (
    Identities,
    is_told_by,
    meant_actor,
    meant_speaker,
    slugs_like,
    wait_for_turn,
)
from statements.models import Actor, ActorName, ActorType, Affiliation, Speaker, SpeakerName
from statements.models.actors import Name
from statements.names import name_key, name_slug
from statements.nlp import Voice

Post = tuple[int, int, str]


class IdentitiesInLots(Identities):
    """Identities that are asked for in lots: after `prepare`, `party` answers from memory."""

    def prepare(self, voices: Sequence[tuple[Voice, str]]) -> None:
        """Find or make the rows for these voices, each beside its evidence, in their order.

        What comes of it is the same as if each were asked for by itself. Call it in a transaction:
        when something is new, other imports wait for its end.
        """
        self._prepare_speakers(voice.speaker for voice, _ in voices if voice.speaker)
        self._prepare_actors([voice for voice, _ in voices if voice.actor])
        self._prepare_affiliations(
            [each for each in voices if each[0].speaker and each[0].actor],
        )

    def _prepare_speakers(self, names: Iterable[str]) -> None:
        wanted: dict[str, str] = {}
        for name in names:
            if name_key(name) not in self._speakers:
                wanted.setdefault(name_key(name), name)
        self._speakers |= _known_speakers(wanted)
        if all(key in self._speakers for key in wanted):
            return
        wait_for_turn()
        # Whoever had the turn before may have made them.
        self._speakers |= _known_speakers(key for key in wanted if key not in self._speakers)
        new = {key: name[:200] for key, name in wanted.items() if key not in self._speakers}
        slugs = _new_slugs(Speaker, list(new.values()))
        made = [
            Speaker(name=name, slug=slug, sort_name=name_key(name)[:200])
            for name, slug in zip(new.values(), slugs, strict=True)
        ]
        Speaker.objects.bulk_create(made)
        SpeakerName.objects.bulk_create(
            SpeakerName(speaker=each, text=each.name, key=each.sort_name, kind=Name.Kind.PRIMARY)
            for each in made
        )
        self._speakers |= dict(zip(new, made, strict=True))

    def _prepare_actors(self, voices: Sequence[Voice]) -> None:
        wanted: dict[tuple[str, str], Voice] = {}
        for voice in voices:
            key = (name_key(voice.actor or ""), voice.actor_type)
            # Another import may have learned since of what type an actor is.
            if key not in self._actors or self._actors[key].type == ActorType.UNKNOWN:
                wanted.setdefault(key, voice)
        if not wanted:
            return
        keys = {name for name, _ in wanted}
        known = _known_actors(keys)
        if any(
            (actor := meant_actor(known.get(name, ()), actor_type)) is None
            or is_told_by(actor, voice)
            for (name, actor_type), voice in wanted.items()
        ):
            wait_for_turn()
            known = _known_actors(keys)
        new: dict[str, Actor] = {}
        told: dict[int, Actor] = {}
        for (name, actor_type), voice in wanted.items():
            found = meant_actor(known.get(name, ()), actor_type)
            actor = self._kept(found) if found else new.get(name)
            if actor is None:
                actor = new[name] = _unsaved_actor(voice)
            elif is_told_by(actor, voice):
                actor.type, actor.country = voice.actor_type, actor.country or voice.country
                if found:
                    # The next of that name is to find it as it is now.
                    found.type, found.country = actor.type, actor.country
                    told[actor.pk] = actor
            self._actors[name, actor_type] = actor
        for actor in told.values():
            retype_actor(actor, actor_type=actor.type, country=actor.country)
        self._make_actors(list(new.values()))

    def _make_actors(self, actors: Sequence[Actor]) -> None:
        for actor, slug in zip(
            actors, _new_slugs(Actor, [each.name for each in actors]), strict=True
        ):
            actor.slug = slug
        Actor.objects.bulk_create(actors)
        ActorName.objects.bulk_create(
            ActorName(actor=each, text=each.name, key=each.sort_name, kind=Name.Kind.PRIMARY)
            for each in actors
        )
        self._actor_rows |= {each.pk: each for each in actors}

    def _prepare_affiliations(self, voices: Sequence[tuple[Voice, str]]) -> None:
        wanted: dict[Post, Affiliation] = {}
        for voice, evidence in voices:
            speaker = self.speaker(voice.speaker or "")
            actor = self.actor(voice)
            key = (speaker.pk, actor.pk, voice.role[:300])
            if key not in self._affiliations and key not in wanted:
                wanted[key] = Affiliation(
                    speaker=speaker, actor=actor, post=key[2], evidence=evidence
                )
        self._affiliations |= _known_affiliations(wanted)
        if all(key in self._affiliations for key in wanted):
            return
        wait_for_turn()
        missing = [key for key in wanted if key not in self._affiliations]
        self._affiliations |= _known_affiliations(missing)
        made = {key: wanted[key] for key in missing if key not in self._affiliations}
        Affiliation.objects.bulk_create(made.values())
        self._affiliations |= made


def _known_speakers(keys: Iterable[str]) -> dict[str, Speaker]:
    found: dict[str, list[Speaker]] = {}
    names = SpeakerName.objects.filter(key__in=list(keys), speaker__merged_into=None)
    names = names.select_related("speaker")
    for name in names:
        found.setdefault(name.key, []).append(name.speaker)
    return {key: speaker for key, each in found.items() if (speaker := meant_speaker(each))}


def _known_actors(keys: Iterable[str]) -> dict[str, list[Actor]]:
    found: dict[str, list[Actor]] = {}
    # One object for an actor, whichever of its names it is found by.
    actors: dict[int, Actor] = {}
    names = ActorName.objects.filter(key__in=list(keys), actor__merged_into=None)
    for name in names.select_related("actor"):
        actor = actors.setdefault(name.actor_id, name.actor)
        found.setdefault(name.key, []).append(actor)
    return found


def _known_affiliations(posts: Iterable[Post]) -> dict[Post, Affiliation]:
    """The affiliations that are stored of these, with those that hold beside them."""
    posts = set(posts)
    found: QuerySet[Affiliation] = Affiliation.objects.filter(
        speaker__in={speaker for speaker, _, _ in posts},
        actor__in={actor for _, actor, _ in posts},
        since=None,
    )
    return {(each.speaker_id, each.actor_id, each.post): each for each in found}


def _unsaved_actor(voice: Voice) -> Actor:
    name = (voice.actor or "")[:200]
    return Actor(
        name=name,
        sort_name=name_key(name)[:200],
        type=voice.actor_type,
        country=voice.country,
    )


def _new_slugs(model: type[Speaker] | type[Actor], names: Sequence[str]) -> list[str]:
    """A slug for each of the names, which none has yet."""
    bases = {name_slug(name) for name in names}
    taken = set(model._default_manager.filter(slug__in=bases).values_list("slug", flat=True))
    slugs = []
    for name in names:
        if name_slug(name) in taken:
            taken |= slugs_like(model, name)
        slugs.append(name_slug(name, taken))
        taken.add(slugs[-1])
    return slugs
