"""The words of `data/stance_predicates.toml`, in every form in which a text may show them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_PREDICATES = Path(__file__).parent / "data" / "stance_predicates.toml"


@dataclass(frozen=True, slots=True)
class Predicate:
    """One form of a word or phrase that takes a side: +1 for, -1 against, 0 for neither yet."""

    place: str
    side: int
    words: tuple[str, ...]
    tense: str = ""
    plain: bool = False
    """Whether denying it takes the other side ("do not support") instead of saying nothing."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All forms by their first word, and the words that turn a side round or cast doubt."""

    forms: dict[str, tuple[Predicate, ...]]
    duty: frozenset[str]
    turn: frozenset[str]
    scare: frozenset[str]
    function_words: dict[str, frozenset[str]]


@cache
def load_lexicon() -> Lexicon:
    """The lexicon, read once in a process."""
    data = tomllib.loads(_PREDICATES.read_text(encoding="utf-8"))
    forms: dict[str, list[Predicate]] = {}
    for predicate in _every_form(data):
        forms.setdefault(predicate.words[0], []).append(predicate)
    return Lexicon(
        # The longest first, so that "support for" is not read as "support".
        forms={
            word: tuple(sorted(found, key=lambda each: -len(each.words)))
            for word, found in forms.items()
        },
        duty=frozenset(data["action"]["duty"]),
        turn=frozenset(data["turn"]["words"]),
        scare=frozenset(data["scare"]["words"]),
        function_words={kind: frozenset(words) for kind, words in data["function_words"].items()},
    )


def _every_form(data: dict[str, Any]) -> Iterator[Predicate]:
    irregular: dict[str, list[str]] = data["irregular"]
    for place in ("object", "subject", "action", "naming"):
        plain = set(data[place].get("plain", ()))
        not_base = set(data[place].get("not_base", ()))
        for side, phrase in _sided(data[place]):
            for form in _inflected(phrase, place, side, irregular, plain=phrase in plain):
                if not (form.tense == "base" and phrase in not_base):
                    yield form
    for phrase in data["action"]["wish"]:
        yield from _inflected(phrase, "wish", 0, irregular)
    for phrase in data["action"]["impersonal"]:
        yield Predicate("impersonal", 0, tuple(phrase.split()))
    for place in ("noun", "judgement"):
        for side, phrase in _sided(data[place]):
            yield Predicate(place, side, tuple(phrase.split()))


def _sided(section: dict[str, list[str]]) -> Iterator[tuple[int, str]]:
    for side, key in ((1, "supports"), (-1, "opposes"), (0, "neither")):
        for phrase in section.get(key, ()):
            yield side, phrase


def _inflected(
    phrase: str, place: str, side: int, irregular: dict[str, list[str]], *, plain: bool = False
) -> Iterator[Predicate]:
    verb, *rest = phrase.split()
    for form, tense in verb_forms(verb, irregular).items():
        yield Predicate(place, side, (form, *rest), tense, plain)


def verb_forms(verb: str, irregular: dict[str, list[str]]) -> dict[str, str]:
    """The forms of a verb with their tense; a past form may be a participle too."""
    if verb in irregular:
        present, past, gerund, *participle = irregular[verb]
        return dict.fromkeys(participle, "past") | {
            past: "past",
            present: "present",
            gerund: "gerund",
            verb: "base",
        }
    stem = verb
    if verb.endswith("e"):
        stem = verb[:-1]
    elif _doubles_its_last_letter(verb):
        stem = verb + verb[-1]
    present = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return {
            verb: "base",
            verb[:-1] + "ies": "present",
            verb[:-1] + "ied": "past",
            verb + "ing": "gerund",
        }
    return {verb: "base", present: "present", stem + "ed": "past", stem + "ing": "gerund"}


def _doubles_its_last_letter(verb: str) -> bool:
    """Whether a verb of one closed syllable doubles: stop, stopped; drop, dropped."""
    vowels = [letter for letter in verb if letter in "aeiou"]
    return len(vowels) == 1 and verb[-1] in "bdgmnpt" and verb[-2] in "aeiou"
