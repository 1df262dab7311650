"""Choosing the sides of a contrast: by their addresses, or by names as people type them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from statements.countries import country_code
from statements.models import Actor, ActorType, Speaker
from statements.names import name_key
from statements.sides import (
    KINDS,
    OTHERS,
    Side,
    Term,
    actor_term,
    country_term,
    everyone_but,
    one,
    read_sides,
    speaker_term,
    type_term,
)

EVERYONE_ELSE = "Everyone else"

# How a name that is typed goes with the side that is there.
WAYS = {"instead": "instead of it", "or": "or it", "and": "and at once"}

# So many parties that a name may mean are offered to choose from.
_MEANT = 8


@dataclass(slots=True)
class Choice:
    """What was asked for on one side.

    `meant` are the parties that a typed name may be, each with the side that it would make.
    """

    name: str
    side: Side | None
    typed: str = ""
    how: str = "instead"
    meant: list[tuple[Term, Side]] = field(default_factory=list)
    is_settled: bool = False


@dataclass(slots=True)
class Choices:
    left: Choice
    right: Choice
    notes: list[str]

    @property
    def both(self) -> tuple[Choice, Choice]:
        return self.left, self.right

    @property
    def is_settled(self) -> bool:
        """Whether a name was typed and it is clear who is meant: the address can say so."""
        return any(each.is_settled for each in self.both)


def read_choices(data: Mapping[str, str]) -> Choices:
    """The sides that a query string asks for, typed names included.

    Two queries where sides name actors or speakers, two more for each name that is typed.
    """
    (left, right), notes = read_sides(data.get("left", ""), data.get("right", ""))
    found = Choices(Choice("left", left), Choice("right", right), notes)
    for choice, other in (found.both, found.both[::-1]):
        choice.typed = data.get(f"{choice.name}_name", "").replace("\0", "").strip()[:200]
        how = data.get(f"{choice.name}_how", "")
        choice.how = how if how in WAYS else "instead"
        if choice.typed:
            _settle(choice, other, found.notes)
    # Whoever is everyone else follows the other side, also where that one is new.
    for choice, other in (found.both, found.both[::-1]):
        if choice.side and choice.side.besides and other.side:
            choice.side = everyone_but(other.side)
    return found


def joined(side: Side | None, term: Term, how: str) -> Side | None:
    """The side with a party put to it; None where nobody can be both."""
    if side is None or side.besides or how == "instead":
        return one(term)
    if how == "or":
        return Side(tuple(dict.fromkeys([*side.alternatives, (term,)])))
    alternatives = []
    for terms in side.alternatives:
        if any(each.kind == term.kind and each != term for each in terms):
            return None
        both = {*terms, term}
        alternatives.append(tuple(sorted(both, key=lambda each: KINDS.index(each.kind))))
    return Side(tuple(dict.fromkeys(alternatives)))


def without(side: Side, term: Term) -> Side | None:
    """The side with one of its parts taken away; None when nothing is left."""
    rest = [tuple(each for each in terms if each != term) for terms in side.alternatives]
    left = tuple(dict.fromkeys(terms for terms in rest if terms))
    return Side(left) if left else None


def parties_named(words: str) -> list[Term]:
    """Who may be meant by a name: only those that are called exactly so, if there are any."""
    key = name_key(words)
    exact = [
        type_term(value)
        for value, label in ActorType.choices
        if key in (value, name_key(label), name_key(type_term(value).name))
    ]
    if country := country_term(country_code(words)):
        exact.append(country)
    exact += [actor_term(each) for each in Actor.objects.known_as(words)[:_MEANT]]
    exact += [speaker_term(each) for each in Speaker.objects.known_as(words)[:_MEANT]]
    if exact:
        return exact[:_MEANT]
    like = [actor_term(each) for each in Actor.objects.named_like(words)[:_MEANT]]
    return like + [speaker_term(each) for each in Speaker.objects.named_like(words)[:_MEANT]]


def _settle(choice: Choice, other: Choice, notes: list[str]) -> None:
    """Put who is meant to the side; leave it as it is when that is open or nobody is."""
    if choice.typed.casefold() in (OTHERS, EVERYONE_ELSE.casefold()):
        choice.side = everyone_but(other.side)
        choice.is_settled = choice.side is not None
        return
    (written,), _ = read_sides(choice.typed)
    if written and choice.how == "instead":
        choice.side, choice.is_settled = written, True
        return
    meant = parties_named(choice.typed)
    sides = [(term, joined(choice.side, term, choice.how)) for term in meant]
    possible = [(term, side) for term, side in sides if side]
    if len(possible) == 1:
        choice.side, choice.is_settled = possible[0][1], True
    elif possible:
        choice.meant = possible
    elif meant:
        notes.append(
            f"Nobody is “{choice.side.name if choice.side else ''}” and “{meant[0].name}” at once."
        )
    else:
        notes.append(f"No party is called “{choice.typed[:60]}”.")
