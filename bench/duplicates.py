"""Measure how copies and repeated statements are found, on articles made up for it:

    python -m bench.duplicates [--articles 10000] [--seed 1] [--thresholds]

Half of the articles are copies of wire stories: edited, cut, led in, or updated. Some of the others
report the same event in their own words, with the same quotations, and are no copies. A database
is made for it on the configured server, and dropped. `--thresholds` needs none: it prints how alike
copies of each kind are, and articles that are none.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
os.environ.setdefault("NEWSROOM_DEBUG", "1")

VOCABULARY = 20_000
KINDS = ("edited", "cut", "led in", "updated", "brief")
AT_ONCE = 1000


@dataclass(slots=True)
class Said:
    """One quotation: `statement` is the same for all that repeat it."""

    statement: int
    speaker: int
    words: str


@dataclass(slots=True)
class Made:
    """An article with its truth: `story` is the same for all copies of one."""

    story: int
    kind: str
    day: int
    paragraphs: list[str | Said] = field(default_factory=list)


class Newsroom:
    """Makes articles up, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "en", "or")]
        words = {
            "".join(self.draw.choices(syllables, k=self.draw.randint(1, 4))) for _ in range(90_000)
        }
        self.words = sorted(words)[:VOCABULARY]
        self.draw.shuffle(self.words)
        # As in any language, a few words are most of the text.
        self.weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(self.words))))
        self.stock = [self.sentence(self.draw.randint(5, 9)) for _ in range(200)]
        self.footers = [self.sentence(25) for _ in range(12)]
        self.stories = itertools.count(1)
        self.statements = itertools.count(1)

    def articles(self, count: int) -> Iterator[Made]:
        """As many articles, half of them copies; copies follow within days."""
        made = 0
        while made < count:
            day = made * 365 // count
            wire = self.story(day)
            batch = [wire]
            # One copy for each article that is none: this one, and often a rival's report.
            rivals = [self.rival(wire)] * self.draw.choice((0, 0, 1))
            copies = min(int(self.draw.paretovariate(1.2)), 40) if self.draw.random() < 0.45 else 0
            batch += rivals + [self.copy(wire) for _ in range(copies)]
            yield from batch[: count - made]
            made += len(batch)

    def sentence(self, length: int) -> str:
        return " ".join(self.draw.choices(self.words, cum_weights=self.weights, k=length))

    def paragraph(self) -> str:
        sentences = [
            self.sentence(self.draw.randint(8, 24)) for _ in range(self.draw.randint(1, 3))
        ]
        if self.draw.random() < 0.3:
            sentences.append(self.draw.choice(self.stock))
        return ". ".join(sentences) + "."

    def said(self, speaker: int) -> Said:
        return Said(next(self.statements), speaker, self.sentence(self.draw.randint(8, 35)))

    def story(self, day: int) -> Made:
        made = Made(next(self.stories), "story", day)
        speakers = [self.draw.randrange(3000) for _ in range(3)]
        for _ in range(self.draw.randint(6, 16)):
            if self.draw.random() < 0.3:
                made.paragraphs.append(self.said(self.draw.choice(speakers)))
            else:
                made.paragraphs.append(self.paragraph())
        return self.signed(made)

    def rival(self, wire: Made) -> Made:
        """Another's report of the event: own words, the same quotations."""
        made = Made(next(self.stories), "rival", wire.day)
        quoted = [each for each in wire.paragraphs if isinstance(each, Said)]
        for each in self.draw.sample(quoted, k=min(3, len(quoted))):
            made.paragraphs += [self.paragraph(), self.paragraph(), each]
        made.paragraphs += [self.paragraph() for _ in range(6)]
        return self.signed(made)

    def signed(self, made: Made) -> Made:
        if self.draw.random() < 0.5:
            made.paragraphs.append(self.draw.choice(self.footers))
        return made

    def copy(self, wire: Made) -> Made:
        kind = self.draw.choices(KINDS, weights=(4, 3, 2, 2, 1))[0]
        body = [self.edited(each, 0.02) for each in wire.paragraphs]
        if kind == "edited":
            body = [self.edited(each, 0.03) for each in body]
        elif kind == "cut":
            body = body[: max(3, int(len(body) * self.draw.uniform(0.5, 0.9)))]
        elif kind == "brief":
            body = body[: max(3, int(len(body) * 0.3))]
        elif kind == "led in":
            body[:0] = [self.paragraph() for _ in range(self.draw.randint(1, 3))]
        else:
            for _ in range(self.draw.randint(2, 5)):
                body.insert(self.draw.randint(0, len(body)), self.paragraph())
        return self.signed(Made(wire.story, kind, wire.day + self.draw.randint(0, 3), body))

    def edited(self, part: str | Said, share: float) -> str | Said:
        """With some words changed; a quotation is left as it is, or cut at its end."""
        if isinstance(part, Said):
            words = part.words.split()
            if self.draw.random() < 0.2 and len(words) > 14:
                words = words[: self.draw.randint(8, len(words) - 2)]
            return Said(part.statement, part.speaker, " ".join(words))
        words = part.split(" ")
        return " ".join(
            self.draw.choice(self.words) if self.draw.random() < share else each for each in words
        )


def text_of(made: Made, number: int) -> tuple[str, list[tuple[int, int, Said]]]:
    """The article's text, which is like no other, and where its quotations stand."""
    text, places = f"Report {number}", []
    for part in made.paragraphs:
        text += "\n\n"
        if isinstance(part, Said):
            start = len(text) + 1
            text += f"“{part.words},” said speaker {part.speaker}."
            places.append((start, start + len(part.words), part))
        else:
            text += part
    return text, places


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure the linking of copies and repeats.")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--thresholds", action="store_true", help="print how alike copies are")
    options = parser.parse_args(arguments)
    if options.thresholds:
        show_thresholds(options.articles, options.seed)
    else:
        show_linking(options.articles, options.seed)
    return 0


def show_thresholds(count: int, seed: int) -> None:
    """Print, for each kind of copy, how alike it is to its story, and how often a key finds it."""
    from statements.nlp.likeness import bands_of, likeness, runs_of, words_of

    found: dict[str, list[tuple[float, float, bool, bool]]] = defaultdict(list)
    last = None
    for number, made in enumerate(Newsroom(seed).articles(count)):
        runs = runs_of(words_of(text_of(made, number)[0]))
        bands = set(bands_of(runs))
        if made.kind == "story":
            last = runs, bands
        elif last:
            alike = likeness(last[0], runs)
            found[made.kind].append(
                (alike.similarity, alike.containment, alike.is_copy, bool(bands & last[1]))
            )
    print(
        "| copy | pairs | similarity: 5 %, median | of the shorter: 5 %, median | a copy | keyed |"
    )
    print("|---|---|---|---|---|---|")
    for kind in ("rival", *KINDS):
        rows = found[kind]
        cells = [_quantiles([row[0] for row in rows]), _quantiles([row[1] for row in rows])]
        shares = [f"{100 * sum(row[at] for row in rows) / len(rows):.1f} %" for at in (2, 3)]
        print("|", " | ".join([kind, str(len(rows)), *cells, *shares]), "|")


def _quantiles(values: list[float]) -> str:
    ordered = sorted(values)
    return f"{ordered[len(ordered) // 20]:.2f}, {ordered[len(ordered) // 2]:.2f}"


def show_linking(count: int, seed: int) -> None:
    """Print how fast the articles are linked, and how many pairs are right."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    settings.DEBUG = False  # Or every query would be kept.
    name = connection.settings_dict["NAME"]
    # Not the tests' own, which may be running.
    connection.settings_dict["TEST"]["NAME"] = "bench_duplicates"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        stories, statements = store(Newsroom(seed).articles(count))
        link(count, stories, statements)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def store(articles: Iterable[Made]) -> tuple[dict[int, int], dict[int, int]]:
    """Store them without links; returns the story of each article, the statement of each quote."""
    from statements.models import Article, Quote, Speaker

    speakers = Speaker.objects.bulk_create(
        Speaker(name=f"Speaker {n}", slug=f"speaker-{n}", sort_name=f"speaker {n}")
        for n in range(3000)
    )
    stories: dict[int, int] = {}
    statements: dict[int, int] = {}
    numbered = enumerate(articles)
    while chunk := list(itertools.islice(numbered, AT_ONCE)):
        rows, quotes, truths = [], [], []
        for number, made in chunk:
            text, places = text_of(made, number)
            day = date(2024, 1, 1) + timedelta(days=made.day)
            article = Article(
                title=f"Report {number}",
                text=text,
                text_hash=Article.hash_of(text),
                published_on=day,
            )
            rows.append(article)
            for start, end, said in places:
                quotes.append(
                    Quote(
                        article=article,
                        kind=Quote.Kind.DIRECT,
                        start=start,
                        end=end,
                        content=said.words,
                        speaker=speakers[said.speaker],
                        said_on=day,
                    )
                )
                truths.append(said.statement)
        Article.objects.bulk_create(rows)
        Quote.objects.bulk_create(quotes)
        stories |= {row.pk: made.story for row, (_, made) in zip(rows, chunk, strict=True)}
        statements |= {quote.pk: truth for quote, truth in zip(quotes, truths, strict=True)}
    return stories, statements


def link(count: int, stories: Mapping[int, int], statements: Mapping[int, int]) -> None:
    """Link them all, and print how fast that is and how many pairs are right."""
    from statements.ingest.linking import Links, link_all
    from statements.models import ArticleCopy, Variant

    marks = [(0, time.monotonic(), *_used())]

    def mark(links: Links) -> None:
        marks.append((links.articles, time.monotonic(), *_used()))

    link_all(mark)
    halves = (marks[0], marks[len(marks) // 2], marks[-1])
    print("|  | articles | a second | ms of Python each | ms of PostgreSQL each | memory |")
    print("|---|---|---|---|---|---|")
    for name, first, last in (("first half", *halves[:2]), ("second half", *halves[1:])):
        done = last[0] - first[0]
        spent = [f"{1000 * (last[at] - first[at]) / done:.1f}" for at in (2, 3)]
        rate = f"{done / (last[1] - first[1]):.0f}"
        print("|", " | ".join([name, f"{done:,}", rate, *spent, f"{last[4]:.0f} MB"]), "|")
    print(f"\n{len(statements):,} quotes; load of the machine {os.getloadavg()[0]:.1f}.\n")
    heads = dict(ArticleCopy.objects.values_list("article_id", "head_id"))
    groups = {pk: heads.get(pk, pk) for pk in stories}
    variants = dict(Variant.objects.values_list("quote_id", "statement_id"))
    said = {pk: variants.get(pk, -pk) for pk in statements}
    print("| pairs of | in truth | found | precision | recall |\n|---|---|---|---|---|")
    for name, truth, found in (("copies", stories, groups), ("repeats", statements, said)):
        print("|", " | ".join([name, *score(truth, found)]), "|")
    copied = Counter(stories.values())
    share = sum(n - 1 for n in copied.values()) / len(stories)
    print(f"\n{share:.0%} of the articles are copies of an earlier one.")


def score(truth: Mapping[int, int], found: Mapping[int, int]) -> list[str]:
    """Pairs in truth and found, and the shares of them that are both."""

    def pairs(key: Callable[[int], Hashable]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(map(key, truth)).values())

    wanted, offered = pairs(truth.__getitem__), pairs(found.__getitem__)
    both = pairs(lambda pk: (truth[pk], found[pk]))
    shares = [both / offered if offered else 1.0, both / wanted if wanted else 1.0]
    return [f"{wanted:,}", f"{offered:,}", *(f"{100 * share:.2f} %" for share in shares)]


def _used() -> tuple[float, float, float]:
    """Processor seconds of this process and of its database server's, and this one's most MB."""
    import psutil
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    times = psutil.Process(backend).cpu_times()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return time.process_time(), times.user + times.system, memory


if __name__ == "__main__":
    raise SystemExit(main())
