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
_CLAIMS = """{} must be stopped before the winter|nobody was asked about {}|we will vote for {}
{} has cost this region ten years|{} is a step in the right direction
we cannot accept {} in its present form|people here have waited long enough for {}
{} would put thousands out of work|there is no evidence that {} works|we support {} without reserve
{} breaks every promise that was made to us|without {} the talks have no future""".replace(
    "\n", "|"
).split("|")
_NEWS = """Rain fell for most of the day in {place}, and few people were in the streets.
The talks in {place} are to go on next week, behind closed doors.
A vote on {thing} was put off twice in the past year.
Some {number} people marched through {place} on Saturday, according to the police.
The price of bread in {place} rose by {number} percent between March and June.
Work on {thing} began in {year}, and it was to be finished two years later.
It is the third time since {year} that {thing} has been before the court.
Most shops in {place} stayed closed, and buses ran every {number} minutes.
An earlier draft of the report on {thing} had {number} pages.
The harbour of {place} reopened in {year} after a fire.""".split("\n")
_SAID = "said|said|said|added|warned|insisted|announced".split("|")
_THAT = "said|said|argued|warned|claimed|announced".split("|")


class Newsroom:
    """Makes articles about the same people, parties and outlets."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.places = [self._surname() for _ in range(60)]
        self.parties = self._different(self._party, PARTIES)
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
        claim, second = self._claim(), self._claim()
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

    def _claim(self) -> str:
        return self.random.choice(_CLAIMS).format(self._thing())

    def _thing(self) -> str:
        return self._often(_THINGS).strip()

    def _news(self) -> str:
        return self.random.choice(_NEWS).format(
            place=self.random.choice(self.places),
            thing=self._thing(),
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
