"""Synthetic news articles, as many as wanted: `python -m bench.articles COUNT FOLDER [--shards N]`

The same seed gives the same articles. A few speakers, parties and outlets have most of the words,
as in the news; quotations are direct, mixed and indirect; some articles are wire copies of others.
All names are invented.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

SPEAKERS, PARTIES, OUTLETS = 5_000, 600, 40
# The share of articles whose text another outlet had before.
WIRE_COPIES = 0.05

_FIRST = """Ana Béla Carla Dario Edda Farid Greta Hugo Ilka Jonas Karim Lena Marek Nadia Oskar Petra
Quentin Ruta Samir Tilda Ugo Vera Wanda Xenia Yusuf Zora Amadou Beatriz Chidi Dmitri""".split()
_ONSET = "B Br C D Dr F G H J K L M N O P R S St T V W Z".split()
_NUCLEUS = "a e i o u ai ei au".split()
_CODA = "rn ld m nd sk r n l rt vic ren mann sson ova idis kel".split()
_ROLES = """spokesman spokeswoman director president minister secretary-general analyst chairwoman
coordinator ambassador professor lawyer""".split()
_KINDS = [
    "Ministry of {}", "{} Group", "{} Party", "Institute for {}", "{} Union", "Council for {}",
    "{} Watch", "University of {}", "{} Bank", "Committee on {}",
]  # fmt: skip
_MATTERS = """Water Energy Trade Health Housing Transport Fisheries Justice Migration Education
Climate Labour Defence Culture Finance Forests""".split()
_THINGS = """the dam|the treaty|the new tax|the ceasefire|the register of journalists|the budget
the rescue plan|the border fence|the vaccine programme|the coal phase-out|the trade deal
the election law|the water rights|the pension reform|the sanctions|the court's ruling""".replace(
    "\n", "|"
).split("|")
# What is said and told is put together of these, so that few sentences are alike, as in the news.
_CLAIMS = """{thing} {will} {hit} {who} {when}
nobody asked {who} what {thing} {will} cost {when}
we {back} {thing} because {who} need {what} {when}
we {back} {thing} although {who} wait for {what}
{who} waited {number} years for {what} and got {thing}
{doubt} {thing} {will} {help} {who} {when}
{number} percent of {who} {reject} {thing} and want {what}
without {what}, {who} {will} {reject} {thing} {when}
{thing} {will} deliver {what} to {who} in {place}
{who} in {place} {reject} {thing} for lack of {what}
the talks go on {when} with {who} and {what}
whoever {reject_s} {thing} owes {who} {what} {when}""".split("\n")
_NEWS = """Rain fell for {number} hours in {place}, and {who} stayed at home.
The talks between {place} and {place2} about {what} are to go on {when}.
A vote on {thing} was put off after {who} asked for {what}.
Some {number} buses brought {who} to {place}, where {thing} was debated {when}.
The price of {good} in {place} rose by {number} percent between {month} and {month2}.
Work on {thing} began in {year} and cost {place} {number} million, much of it for {what}.
It is the third time since {year} that {who} have gone to court in {place} over {what}.
Most sellers of {good} in {place} kept their shops closed in {month}.
An earlier draft of the report on {thing} had {number} pages about {what} and {good}.
The harbour of {place} reopened in {month} {year} after a fire among {good}.
In {place}, {number} kilometres from {place2}, {who} have no {good} {when}.
A study of {year} found that {who} spend {number} hours a month on {good}.""".split("\n")
_SLOTS = {
    name: choices.replace("\n", "|").split("|")
    for name, choices in {
        "will": "will|would|could|may still|is going to|is certain to|was meant to|does nothing to",
        "hit": """hurt|protect|bankrupt|divide|serve|silence|strengthen|punish|relieve|burden|unite
reward|displace|frighten""",
        "doubt": """there is no evidence that|few believe that|nothing shows that|I doubt that
no study finds that|our figures do not say that""",
        "help": "help|protect|reach|serve|convince|employ|comfort|insure|house",
        "back": "support|welcome|reject|oppose|regret|defend|want|fear|need|question",
        "reject": "reject|support|fear|welcome|oppose|mistrust|ignore|prefer",
        "reject_s": "rejects|supports|delays|defends|opposes|rewrites|hides|praises",
        "who": """farmers|young families|nurses and teachers|our members|small firms|the unemployed
tenants|fishing villages|the people of the north|commuters|pensioners|students|dock workers
the victims|first-time voters|refugees|bakers and butchers|the old mining towns|truck drivers
our neighbours abroad|doctors|seasonal workers|local councils|taxpayers|the islanders
apprentices|shepherds|border communities""",
        "what": """clean water|a fair hearing|honest figures|cheaper rents|safe roads|more time
an apology|a plan that works|open courts|better schools|a share of the profits|new jobs
protection from floods|an independent inquiry|peace|decent wages|hospitals nearby|secure borders
public transport|the rule of law|faster trains|affordable power|compensation|equal rights
the facts|permits""",
        "when": """before the winter|in the long run|after the election|this year|next spring
for a generation|within weeks|at the worst moment|before the next summit|by the end of March
once the courts have ruled|as early as Monday|in the coming decade|since the war
during the harvest|after the holidays|overnight|until the money is gone|behind closed doors
as long as prices rise""",
        "good": """bread|timber|coal|olive oil|paper|fresh fish|steel|second-hand cars|grain
medicines|wool|cement|copper|bicycles|fertiliser|salt|oranges|spare parts|glass|diesel""",
        "month": "January|March|April|May|June|July|August|September|October|November|December",
    }.items()
}
# How often people say again what they said before.
_SAID_AGAIN = 0.1
_SAID = "said|said|said|added|warned|insisted|announced".split("|")
_THAT = "said|said|argued|warned|claimed|announced".split("|")


class Newsroom:
    """Makes articles about the same people, parties and outlets."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.places = [self._surname() for _ in range(60)]
        self.parties = self._different(self._party, PARTIES)
        self._claims: dict[str, list[str]] = {}
        self.outlets = self._different(
            lambda: f"{self.random.choice(self.places)} {self.random.choice(_PAPERS)}", OUTLETS
        )
        names = self._different(lambda: f"{self.random.choice(_FIRST)} {self._surname()}", SPEAKERS)
        self.speakers = [
            (name, self.random.choice(_ROLES), self._often(self.parties)) for name in names
        ]

    def articles(self, count: int) -> Iterator[dict[str, Any]]:
        """So many articles, each with the fields that `load_extracted` reads."""
        texts: list[str] = []
        for number in range(count):
            is_copy = texts and self.random.random() < WIRE_COPIES
            title = f"{self._thing().capitalize()} divides {self.random.choice(self.places)}"
            text = self.random.choice(texts) if is_copy else self._text(title, number)
            texts = [*texts[-200:], text]
            day = date(2020, 1, 1) + timedelta(days=self.random.randrange(2000))
            yield {
                "id": f"synthetic-{number}",
                "title": title,
                "published": day.isoformat(),
                "outlet": self._often(self.outlets),
                "byline": f"By {self._often(self.speakers)[0]}",
                "url": f"https://news.example/{day:%Y/%m/%d}/{number}",
                "text": text,
            }

    def _text(self, title: str, number: int) -> str:
        paragraphs = [title, f"{self._news()} This is report {number:,} on the matter."]
        voices = [self._often(self.speakers) for _ in range(self.random.randint(2, 4))]
        for _ in range(self.random.randint(6, 16)):
            sentences = [self._news() for _ in range(self.random.randint(1, 3))]
            if self.random.random() < 0.55:
                sentences.insert(0, self._quotation(*self.random.choice(voices)))
            paragraphs.append(" ".join(sentences))
        return "\n\n".join(paragraphs)

    def _quotation(self, name: str, role: str, party: str) -> str:
        claim, second = self._claim(name), self._claim(name)
        who = self.random.choice([f"{name}, {role} of the {party},", name, name.split()[1]])
        kind = self.random.random()
        if kind < 0.45:
            end = f" “{second[0].upper()}{second[1:]}.”" if kind < 0.2 else ""
            said = self.random.choice(_SAID)
            if who.endswith(","):
                return f"“{claim[0].upper()}{claim[1:]},” {said} {who[:-1]}.{end}"
            return f"“{claim[0].upper()}{claim[1:]},” {who} {said}.{end}"
        if kind < 0.65:
            thing = self._thing()
            return f"{who} {self.random.choice(_THAT)} that {thing} was “{self._verdict()}”."
        return f"{who} {self.random.choice(_THAT)} that {claim}."

    def _verdict(self) -> str:
        return self.random.choice(
            ["a tax on questions", "long overdue", "an insult to every farmer", "a good start"]
        )

    def _claim(self, name: str) -> str:
        before = self._claims.setdefault(name, [])
        if before and self.random.random() < _SAID_AGAIN:
            return self.random.choice(before)
        before.append(self._filled(self.random.choice(_CLAIMS)))
        return before[-1]

    def _thing(self) -> str:
        return self._often(_THINGS).strip()

    def _news(self) -> str:
        news = self._filled(self.random.choice(_NEWS))
        return news[0].upper() + news[1:]

    def _filled(self, sentence: str) -> str:
        values = {name: self.random.choice(choices) for name, choices in _SLOTS.items()}
        return sentence.format(
            **values,
            month2=self.random.choice(_SLOTS["month"]),
            thing=self._thing(),
            place=self.random.choice(self.places),
            place2=self.random.choice(self.places),
            number=self.random.randint(3, 90),
            year=self.random.randint(1990, 2019),
        )

    def _party(self) -> str:
        matter = self.random.choice([*_MATTERS, *self.places])
        return self.random.choice(_KINDS).format(matter)

    def _surname(self) -> str:
        pick = self.random.choice
        return f"{pick(_ONSET)}{pick(_NUCLEUS)}{pick(_CODA)}"

    def _different(self, make: Any, count: int) -> list[str]:
        """So many different ones; where the words for them run out, fewer."""
        found: dict[str, None] = {}
        for _ in range(20 * count):
            found[make()] = None
            if len(found) == count:
                break
        return list(found)

    def _often[T](self, choices: Sequence[T]) -> T:
        """One of these: the second half as often as the first, the third a third as often …"""
        return self.random.choices(choices, cum_weights=_weights(len(choices)))[0]


_PAPERS = "Gazette Herald Post Times Courier Observer Wire".split()
_WEIGHTS: dict[int, list[float]] = {}


def _weights(count: int) -> list[float]:
    if count not in _WEIGHTS:
        _WEIGHTS[count] = list(accumulate(1 / (rank + 1) for rank in range(count)))
    return _WEIGHTS[count]


def write_shards(folder: Path, count: int, *, shards: int = 8, seed: int = 1) -> list[Path]:
    """Write so many articles into so many files of JSON lines."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"part-{number:04}.jsonl" for number in range(shards)]
    articles = Newsroom(seed).articles(count)
    for number, path in enumerate(paths):
        with path.open("w", encoding="utf-8") as output:
            for _ in range((number + 1) * count // shards - number * count // shards):
                output.write(json.dumps(next(articles), ensure_ascii=False) + "\n")
    return paths


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Write synthetic articles as JSON lines.")
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shards", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    write_shards(given.folder, given.count, shards=given.shards, seed=given.seed)


if __name__ == "__main__":
    main()
