"""The same words elsewhere: the other variants of a quote's statement, and what differs in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db.models import F

from statements.blind import asked_blind
from statements.models import Quote, Stance, Variant
from statements.nlp.likeness import words_of

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that both quotes have ("same"), or one alone: "added" elsewhere, "removed" there."""

    change: str
    text: str


@dataclass(frozen=True, slots=True)
class SameWords:
    """Another variant: how its words differ, and how editors labelled it, for editors alone."""

    quote: Quote
    stretches: list[Stretch]
    judged: list[Stance]

    @property
    def is_same(self) -> bool:
        return all(each.change == "same" for each in self.stretches)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The variants that are shown, earliest first, and how many more there are."""

    shown: list[SameWords]
    more: int

    def __bool__(self) -> bool:
        return bool(self.shown)


def same_words(quote: Quote, user: AbstractBaseUser | AnonymousUser) -> Elsewhere:
    """The quote's other variants that this user may read.

    What editors made of them is left out on issues on which this user is to judge one blind.
    """
    variant = Variant.objects.filter(quote=quote).first()
    if variant is None:
        return Elsewhere([], 0)
    others = Quote.objects.visible_to(user).filter(variant__statement=variant.statement_id)
    others = others.exclude(pk=quote.pk)
    earliest = (F("said_on").asc(nulls_last=True), "article_id", "start", "pk")
    found = list(others.for_list().order_by(*earliest)[: MOST_SHOWN + 1])
    more = others.count() - MOST_SHOWN if len(found) > MOST_SHOWN else 0
    hidden = _hidden(variant, user)
    is_editor = isinstance(user, User) and user.has_perm("statements.add_stancelabel")
    shown = [
        SameWords(
            each,
            list(differences(quote.content, each.content)),
            [stance for stance in _judged(each) if is_editor and stance.issue_id not in hidden],
        )
        for each in found[:MOST_SHOWN]
    ]
    return Elsewhere(shown, more)


def _hidden(variant: Variant, user: AbstractBaseUser | AnonymousUser) -> Collection[int]:
    blind = asked_blind(user).filter(quote__variant__statement=variant.statement_id)
    return set(blind.values_list("issue_id", flat=True))


def _judged(quote: Quote) -> list[Stance]:
    return [stance for stance in quote.stances.all() if not stance.is_suggested]


def differences(here: str, there: str) -> Iterator[Stretch]:
    """What one text says otherwise than another, word by word; case and marks do not count."""
    ours, theirs = here.split(), there.split()
    matcher = SequenceMatcher(None, _keys(ours), _keys(theirs), autojunk=False)
    for change, start, end, other_start, other_end in matcher.get_opcodes():
        if change == "equal":
            yield Stretch("same", " ".join(theirs[other_start:other_end]))
            continue
        if start < end:
            yield Stretch("removed", " ".join(ours[start:end]))
        if other_start < other_end:
            yield Stretch("added", " ".join(theirs[other_start:other_end]))


def _keys(words: Sequence[str]) -> list[str]:
    return [" ".join(words_of(word)) for word in words]
