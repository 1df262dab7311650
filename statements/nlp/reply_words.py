"""The words of `data/reply_words.toml`, in every form in which a text may show them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from statements.nlp.stance_lexicon import load_lexicon, verb_forms
from statements.nlp.words import word_set

_DATA = Path(__file__).parent / "data"

REBUTS, CITES, RESPONDS_TO = "rebuts", "cites", "responds_to"


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a verb or phrase, as its words, and what it does to the party that it names."""

    words: tuple[str, ...]
    relation: str
    tense: str = ""


Forms = Mapping[str, tuple[Form, ...]]


@dataclass(frozen=True, slots=True)
class ReplyWords:
    """All forms by their first word, the longest first, and the sets of words beside them."""

    verbs: Forms
    phrases: Forms
    wishes: Forms
    replied: Forms
    naming: Forms
    subject: Forms
    finding: Forms
    duty: Forms
    judgement: Forms
    sayings: frozenset[str]
    of_their_maker: frozenset[str]
    reports: frozenset[str]
    offices: frozenset[str]
    firsts: frozenset[str] = field(init=False)
    """The words with which a form begins: no rule finds anything at any other."""

    def __post_init__(self) -> None:
        every = (
            self.verbs, self.phrases, self.replied, self.naming,
            self.subject, self.finding, self.duty, self.judgement,
        )  # fmt: skip
        object.__setattr__(self, "firsts", frozenset().union(*every))


@cache
def load_reply_words() -> ReplyWords:
    """The words, read once in a process."""
    data = tomllib.loads((_DATA / "reply_words.toml").read_text(encoding="utf-8"))
    stances = tomllib.loads((_DATA / "stance_predicates.toml").read_text(encoding="utf-8"))
    irregular: dict[str, list[str]] = {**stances["irregular"], **data["irregular"]}

    def verbs(section: str) -> Forms:
        given: dict[str, Any] = data[section]
        pairs = [
            (phrase, REBUTS if relation == "verbs" else relation)
            for relation, phrases in given.items()
            for phrase in phrases
        ]
        return _by_first(
            Form((form, *rest), relation, tense)
            for phrase, relation in pairs
            for verb, *rest in [phrase.split()]
            for form, tense in verb_forms(verb, irregular).items()
        )

    return ReplyWords(
        verbs=verbs("verbs"),
        phrases=_by_first(
            Form(tuple(phrase.split()), relation)
            for relation, phrases in data["phrases"].items()
            for phrase in phrases
        ),
        wishes=verbs("wishes"),
        replied=verbs("replied"),
        naming=verbs("naming"),
        subject=verbs("subject"),
        finding=verbs("finding"),
        duty=_phrases(data["duty"]["words"], RESPONDS_TO),
        judgement=_phrases([*data["judgement"]["words"], *stances["judgement"]["opposes"]], REBUTS),
        sayings=frozenset(data["sayings"]["words"]) | word_set("documents.txt"),
        of_their_maker=frozenset(data["sayings"]["of_their_maker"]),
        reports=frozenset(data["sayings"]["reports"]),
        offices=frozenset(data["offices"]["words"]),
    )


def small_words(*kinds: str) -> frozenset[str]:
    """The function words of these kinds, as the stance rules have them."""
    lexicon = load_lexicon().function_words
    return frozenset().union(*(lexicon[kind] for kind in kinds))


def _phrases(phrases: Iterable[str], relation: str) -> Forms:
    return _by_first(Form(tuple(phrase.split()), relation) for phrase in phrases)


def _by_first(forms: Iterable[Form]) -> Forms:
    found: dict[str, list[Form]] = {}
    for form in forms:
        found.setdefault(form.words[0], []).append(form)
    return {
        first: tuple(sorted(each, key=lambda f: -len(f.words))) for first, each in found.items()
    }
