"""The sides of a contrast: a small language that names parties, and the quotes it picks.

    type:government                        governments
    actor:un,actor:hrw                     either of the two: a comma is "or"
    type:government+country:CN             Chinese governments: a plus is "and", of one voice
    others                                 everyone else: voices that are not of the other side

docs/contrast.md has the whole of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_

from django.db.models import Q

from statements.countries import country_name
from statements.models import Actor, ActorType, JointVoice, Quote, Speaker

OTHERS = "others"
KINDS = ("type", "actor", "speaker", "country")

# What one address may ask for; nobody reaches it by choosing.
MOST_TERMS = 12

# In the query string of an address a plus stands for a space, so that both are "and".
_AND = re.compile(r"[+\s]+")

# What is said of an actor type as one side, where its label does not read as a group.
_PLURALS = {
    ActorType.GOVERNMENT: "Governments",
    ActorType.INTERGOVERNMENTAL: "Intergovernmental bodies",
    ActorType.NGO: "NGOs",
    ActorType.BUSINESS: "Businesses",
    ActorType.PARTY: "Parties",
    ActorType.LEGISLATURE: "Legislatures",
    ActorType.ARMED_GROUP: "Armed groups",
    ActorType.RELIGIOUS: "Religious bodies",
    ActorType.UNKNOWN: "Unknown voices",
}


@dataclass(frozen=True, slots=True)
class Term:
    """One condition on a voice: its type, its country, who it speaks for, or who it is."""

    kind: str
    value: str
    name: str
    pk: int = 0
    actor_type: str = ActorType.UNKNOWN

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.value}"

    @property
    def what(self) -> str:
        """What it is, beside its name: "NGO", "speaker"."""
        if self.kind == "actor":
            return str(ActorType(self.actor_type).label)
        return {"type": "type of actor", "country": "country", "speaker": "person"}[self.kind]

    def voices(self, path: str = "") -> Q:
        if self.kind == "actor":
            return Q(**{f"{path}actor": self.pk})
        if self.kind == "speaker":
            return Q(**{f"{path}speaker": self.pk})
        column = "actor_type" if self.kind == "type" else "country"
        return Q(**{f"{path}{column}": self.value})


@dataclass(frozen=True, slots=True)
class Who:
    """One voice of a quote as plain values, to sort rows that were counted by them."""

    actor: int | None
    speaker: int | None
    actor_type: str
    country: str


@dataclass(frozen=True, slots=True)
class Side:
    """Voices that fit one of the alternatives, each of which is terms that hold together.

    With `besides`, those that are known and do not fit that other side.
    """

    alternatives: tuple[tuple[Term, ...], ...] = ()
    besides: Side | None = field(default=None)

    @property
    def key(self) -> str:
        """How an address names it."""
        if self.besides:
            return OTHERS
        return ",".join("+".join(term.key for term in terms) for terms in self.alternatives)

    @property
    def name(self) -> str:
        if self.besides:
            return "Everyone else"
        return " or ".join(_named(terms) for terms in self.alternatives)

    @property
    def terms(self) -> list[Term]:
        return [term for terms in self.alternatives for term in terms]

    @property
    def actor_type(self) -> str:
        """The type that all of it has in common, for its colour; else unknown."""
        kinds = {
            next((term.actor_type for term in terms if term.kind in ("actor", "type")), "")
            for terms in self.alternatives
        }
        return kinds.pop() or ActorType.UNKNOWN if len(kinds) == 1 else ActorType.UNKNOWN

    @property
    def asks_for_people(self) -> bool:
        terms = self.besides.terms if self.besides else self.terms
        return any(term.kind == "speaker" for term in terms)

    @property
    def is_narrow(self) -> bool:
        """Whether each alternative names somebody, so that an index leads to few quotes."""
        return bool(self.alternatives) and all(
            any(term.kind in ("actor", "speaker") for term in terms) for terms in self.alternatives
        )

    def voices(self, path: str = "") -> Q:
        """The voices of the side: rows of quotes or joint voices, or what `path` leads to."""
        if self.besides:
            known = Q(**{f"{path}actor__isnull": False}) | Q(**{f"{path}speaker__isnull": False})
            return known & ~self.besides.voices(path)
        return reduce(
            or_,
            (reduce(and_, (term.voices(path) for term in terms)) for terms in self.alternatives),
        )

    def quotes(self, path: str = "", *, who: Term | None = None) -> Q:
        """Quotes that have such a voice, alone or with others; `who` holds of the same voice."""
        voices, lead = self.voices(), self.voices(path)
        if who:
            voices, lead = voices & who.voices(), lead & who.voices(path)
        joint = JointVoice.objects.filter(voices).values("quote")
        if self.is_narrow or (who and who.pk):
            # An index leads to either part; as two conditions each quote would be looked at.
            return Q(
                **{
                    f"{path}pk__in": Quote.objects.filter(voices)
                    .values("pk")
                    .union(joint, all=True)
                }
            )
        return lead | Q(**{f"{path}pk__in": joint})

    def has(self, who: Who) -> bool:
        """Whether a voice is of the side."""
        if self.besides:
            return bool(who.actor or who.speaker) and not self.besides.has(who)
        return any(all(_holds(term, who) for term in terms) for terms in self.alternatives)


def one(term: Term) -> Side:
    """The side of a single term."""
    return Side(((term,),))


def type_term(value: str) -> Term:
    name = _PLURALS.get(ActorType(value), str(ActorType(value).label))
    return Term("type", value, name, actor_type=value)


def actor_term(actor: Actor) -> Term:
    return Term("actor", actor.slug, actor.name, actor.pk, actor.type)


def speaker_term(speaker: Speaker) -> Term:
    return Term("speaker", speaker.slug, speaker.name, speaker.pk)


def country_term(code: str) -> Term | None:
    """None when no country has the code."""
    name = country_name(code)
    return Term("country", code, name) if name else None


def read_sides(*texts: str) -> tuple[list[Side | None], list[str]]:
    """The sides that texts of an address name, and notes on those that cannot be used.

    Two queries at most. A side of which a part is unknown is left out as a whole: to show less
    than was asked for under the same name would mislead. "others" needs one other side.
    """
    split = [_split(text) for text in texts]
    known = _known(part for alternatives in split for terms in alternatives or [] for part in terms)
    sides: list[Side | None] = []
    notes: list[str] = []
    for text, alternatives in zip(texts, split, strict=True):
        side, note = _side(text, alternatives, known)
        sides.append(side)
        notes += [note] if note else []
    others = [place for place, text in enumerate(texts) if text.strip() == OTHERS]
    if len(others) == 1 and len(texts) == 2:
        sides[others[0]] = everyone_but(sides[1 - others[0]])
    return sides, notes


def everyone_but(side: Side | None) -> Side | None:
    """The side of everyone else; None where there is no side to be beside."""
    return Side(besides=side) if side and not side.besides else None


def _split(text: str) -> list[list[str]] | None:
    """The parts of a text; None for too many of them. A NUL cannot even be compared with."""
    parts = [
        [part for part in _AND.split(alternative) if part]
        for alternative in text.replace("\0", "").split(",")
    ]
    parts = [terms for terms in parts if terms]
    return parts if sum(map(len, parts)) <= MOST_TERMS else None


def _known(parts: Iterable[str]) -> dict[str, Term]:
    """The terms by how they are written; identities that were merged lead to who they are now."""
    asked: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for part in parts:
        kind, _, value = part.partition(":")
        if kind in asked and value:
            asked[kind].add(value)
    found = {
        f"type:{value}": type_term(value) for value in asked["type"] if value in ActorType.values
    }
    for code in asked["country"]:
        if term := country_term(code.upper()):
            found[f"country:{code}"] = term
    if asked["actor"]:
        for actor in Actor.objects.filter(slug__in=asked["actor"]):
            found[f"actor:{actor.slug}"] = actor_term(actor.current)
    if asked["speaker"]:
        for speaker in Speaker.objects.filter(slug__in=asked["speaker"]):
            found[f"speaker:{speaker.slug}"] = speaker_term(speaker.current)
    return found


def _side(
    text: str, alternatives: list[list[str]] | None, known: dict[str, Term]
) -> tuple[Side | None, str]:
    if alternatives is None:
        return None, f"A side has at most {MOST_TERMS} parts; one that had more was left out."
    if not alternatives or text.strip() == OTHERS:
        return None, ""
    for part in (part for terms in alternatives for part in terms):
        if part not in known:
            return None, f"There is no party “{part[:60]}”; its side was left out."
    found = []
    for parts in alternatives:
        terms = tuple(dict.fromkeys(known[part] for part in parts))
        if len({term.kind for term in terms}) < len(terms):
            asked = " and ".join(term.name for term in terms)
            return None, f"Nobody is {asked} at once; with a comma it is either of them."
        found.append(tuple(sorted(terms, key=lambda term: KINDS.index(term.kind))))
    return Side(tuple(dict.fromkeys(found))), ""


def _holds(term: Term, who: Who) -> bool:
    value = {
        "actor": who.actor,
        "speaker": who.speaker,
        "type": who.actor_type,
        "country": who.country,
    }[term.kind]
    return value == (term.pk or term.value)


def _named(terms: tuple[Term, ...]) -> str:
    """ "Governments of China", "Zhao Lijian for Government of China", "River League (NGO)"."""
    by_kind = {term.kind: term.name for term in terms}
    person, actor = by_kind.pop("speaker", ""), by_kind.pop("actor", "")
    if person or actor:
        name = f"{person} for {actor}" if person and actor else person or actor
        return f"{name} ({', '.join(by_kind.values())})" if by_kind else name
    if "country" not in by_kind:
        return by_kind["type"]
    return f"{by_kind.get('type', 'All')} of {by_kind['country']}"
