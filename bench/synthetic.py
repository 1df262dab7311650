"""Made-up news articles for measuring: as long as real ones, quoting as often, all of them new."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_FIRST = "Ana Olga Ole Mira Petra Lucan Ines Teodor Edda Sune Casimir Nadia Pavel Brisa".split()
_LAST = "Ruiz Berg Lund Toskan Lindqvar Meyrwick Corvane Brask Kolmbeck Abelgard Odelm".split()
_POSTS = (
    "transport minister",
    "foreign ministry spokesman",
    "mayor",
    "secretary-general",
    "party leader",
    "chief executive",
    "professor of law",
)
_PLACES = "Varonia Estmark Lindmar Orvane Sel Dornath Kelm Astrand".split()
_BODIES = ("River League", "Road Union", "Press Council", "Green Union", "Farmers’ Union")
_THINGS = ("toll", "dam", "register", "bridge", "treaty", "budget", "harbour", "school reform")
_SAID = (
    "The {thing} must be stopped before it does more harm to {place}",
    "We are keeping the {thing}, and nobody in {place} will pay more than last year",
    "There is no crisis, whatever the {body} claims about the {thing}",
    "I have never seen a {thing} that was planned with so little care",
    "Our members in {place} welcome the {thing} on these terms",
    "It will take years until the {thing} pays for itself",
)
_PLAIN = (
    "The decision on the {thing} comes after months of talks between {place} and its neighbours.",
    "About {number} people work for the {thing}, most of them in {place}.",
    "A first attempt to build a {thing} in {place} failed in the spring after heavy rain.",
    "The cabinet meets again on Thursday, and the {thing} is on its list for the third time.",
    "Officials in {place} put the cost of the {thing} at {number} million crowns.",
    "Shares of the company fell slightly while trade with {place} stayed almost unchanged.",
)
_DIRECT = (
    "“{said},” {post} {name} said on {day}.",
    "“{said},” said {name} of the {body}.",
    "{name}, {post} of {place}, said: “{said}.”",
)
_INDIRECT = (
    "{name} said that the {thing} would not be ready before the winter.",
    "The {body} called the {thing} a mistake and asked {place} to think again.",
    "According to {name}, {number} households in {place} are affected by the {thing}.",
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday".split()
_OUTLETS = ("The Gazette", "Morning Post", "Wire Service", "Orvane Courier")


@dataclass(frozen=True, slots=True)
class Synthetic:
    """One article with what is known of it."""

    title: str
    text: str
    published: date
    outlet: str


def articles(count: int, *, seed: int = 1, paragraphs: int = 26) -> Iterator[Synthetic]:
    """So many articles, the same for a seed; 26 paragraphs are about 750 words."""
    chance = random.Random(seed)
    for number in range(count):
        thing, place = chance.choice(_THINGS), chance.choice(_PLACES)
        title = f"{place} and the {thing}: report {seed}-{number}"
        text = "\n\n".join([title, *(_paragraph(chance, thing) for _ in range(paragraphs))])
        day = date(2020, 1, 1) + timedelta(days=chance.randrange(2000))
        yield Synthetic(title, text, day, chance.choice(_OUTLETS))


def _paragraph(chance: random.Random, thing: str) -> str:
    return " ".join(_sentence(chance, thing) for _ in range(chance.choice((1, 2, 2, 3))))


def _sentence(chance: random.Random, thing: str) -> str:
    # About every fourth sentence quotes somebody, as in the news.
    form = chance.choices((_PLAIN, _DIRECT, _INDIRECT), weights=(12, 3, 2))[0]
    values = {
        "thing": thing,
        "place": chance.choice(_PLACES),
        "body": chance.choice(_BODIES),
        "name": f"{chance.choice(_FIRST)} {chance.choice(_LAST)}",
        "post": chance.choice(_POSTS),
        "day": chance.choice(_DAYS),
        "number": chance.randrange(12, 990),
    }
    return chance.choice(form).format(said=chance.choice(_SAID).format(**values), **values)
