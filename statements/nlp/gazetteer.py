"""Countries, seats of government, known organisations and words for kinds of party, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import pycountry

from statements.nlp.words import rows, word_map

Words = tuple[str, ...]
_LONGEST_NAME = 10


@dataclass(frozen=True, slots=True)
class Organisation:
    """A known organisation, with the larger one it is part of."""

    name: str
    type: str
    country: str
    parent: str


@dataclass(frozen=True, slots=True)
class Match[V]:
    """Where in a sequence of words a name was found, and what it stands for."""

    start: int
    end: int
    value: V


@dataclass(frozen=True, slots=True)
class Names[V]:
    """Names of one or more words, found in a sequence of words, the longest first."""

    values: Mapping[Words, V]
    firsts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "firsts", frozenset(name[0] for name in self.values))

    def get(self, words: Sequence[str]) -> V | None:
        """What a whole sequence of words is the name of."""
        return self.values.get(tuple(words))

    def matches(self, words: Sequence[str]) -> Iterator[Match[V]]:
        """Every name found in the words, from left to right, without overlaps."""
        position = 0
        while position < len(words):
            if words[position] in self.firsts:
                for length in range(min(_LONGEST_NAME, len(words) - position), 0, -1):
                    value = self.values.get(tuple(words[position : position + length]))
                    if value is not None:
                        yield Match(position, position + length, value)
                        position += length - 1
                        break
            position += 1


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All names, each list ready to be searched in a sequence of words."""

    country_names: Mapping[str, str]
    countries: Names[str]
    demonyms: Names[str]
    metonyms: Names[str]
    organisations: Names[Organisation]
    country_posts: Names[str]
    kinds: Names[str]

    def country_in(self, words: Sequence[str]) -> Match[str] | None:
        """The first country that the words name, or whose people or government they name."""
        found = [
            match
            for match in (*self.countries.matches(words), *self.demonyms.matches(words))
            # New Jersey and New Mexico are no countries.
            if not match.start or words[match.start - 1] != "New"
        ]
        return min(found, key=lambda match: match.start, default=None)

    def government(self, code: str) -> str:
        """The name of a country's government."""
        return f"Government of {self.country_names[code]}"


def split_name(name: str) -> Words:
    """The words of a name as the tokenizer gives them, without possessive endings."""
    return tuple(name.replace("’", "'").replace("'s", "").replace("-", " - ").split())


@cache
def load_gazetteer() -> Gazetteer:
    """The names of the word lists and of ISO 3166."""
    country_names: dict[str, str] = {}
    countries: dict[Words, str] = {}
    for country in pycountry.countries:
        name = getattr(country, "common_name", country.name)
        country_names[country.alpha_2] = name
        for each in {name, country.name, getattr(country, "official_name", name)}:
            countries[split_name(each)] = country.alpha_2
    for code, name, others in rows("countries.txt"):
        country_names[code] = name
        for each in (name.removeprefix("the "), *_listed(others)):
            countries[split_name(each)] = code
    organisations = {}
    for name, kind, country_code, parent, others in rows("organisations.txt"):
        organisation = Organisation(name, kind, country_code, parent)
        for each in (name, *_listed(others)):
            organisations[split_name(each)] = organisation
    kinds = {}
    for kind, words in word_map("heads.txt").items():
        for word in words:
            parts = tuple(word.split("-"))
            kinds[parts] = kind
            if len(word) > 3 and not word.endswith("s"):
                plural = parts[-1][:-1] + "ies" if parts[-1].endswith("y") else parts[-1] + "s"
                kinds.setdefault((*parts[:-1], plural), kind)
    return Gazetteer(
        country_names=country_names,
        countries=Names(countries),
        demonyms=Names(
            {
                tuple(word.replace("-", " ").split()): code
                for code, words in word_map("demonyms.txt").items()
                for word in words
            }
        ),
        metonyms=Names(_coded("metonyms.txt")),
        organisations=Names(organisations),
        country_posts=Names(_coded("country_posts.txt")),
        kinds=Names(kinds),
    )


def _listed(cell: str) -> list[str]:
    return [name.strip() for name in cell.split(",") if name.strip()]


def _coded(name: str) -> dict[Words, str]:
    return {split_name(each): code for code, names in rows(name) for each in _listed(names)}
