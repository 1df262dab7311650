"""Fill an empty database with made-up articles and quotes by COPY: same numbers, same corpus.

Actors and speakers are quoted by a law of Zipf (1.0), issues are spoken of by another (0.8), and
one word in eight is drawn from those of an article's first issue, so that words and issues go
together as they do in news. Articles are stored nearly in the order of their days.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt
from django.contrib.auth.models import User
from django.db import connection

from statements.browsing.rebuilding import rebuild
from statements.models import (
    Actor,
    ActorName,
    Article,
    Issue,
    JointVoice,
    Outlet,
    Quote,
    QuotePart,
    Speaker,
    SpeakerName,
    Stance,
    StanceLabel,
    Suggestion,
)
from statements.synthetic.tables import (
    ARTICLE,
    IDENTITY,
    JOINT_VOICE,
    LABEL,
    QUOTE,
    STANCE,
    SUGGESTION,
    copy,
    set_sequences,
    without_triggers,
)
from statements.synthetic.words import Vocabulary

Ints = npt.NDArray[np.int64]

ISSUES, OUTLETS, YEARS = 40, 60, 5
LAST_DAY = date(2025, 12, 31)
_STORED = datetime(2026, 1, 1, tzinfo=UTC).isoformat()
_TYPES = {
    "government": 0.21,
    "intergovernmental": 0.05,
    "ngo": 0.12,
    "business": 0.18,
    "media": 0.07,
    "academia": 0.09,
    "citizen": 0.18,
    "party": 0.09,
    "armed_group": 0.01,
}
_KINDS = {"direct": 0.55, "indirect": 0.35, "mixed": 0.10}
_LABELS = {"supports": 0.4, "opposes": 0.36, "neutral": 0.17, "mixed": 0.05, "unrelated": 0.02}
_COUNTRIES = ("US", "GB", "CN", "DE", "FR", "IN", "BR", "ZA", "KE", "")
# Of what an article is about, a quote takes sides on so much; the rest it but mentions.
_TAKES_SIDES, _BY_AN_EDITOR, _DISPUTED = 0.6, 0.4, 0.03
_HAS_SPEAKER, _HAS_JOINT_VOICE, _UNDATED, _DRAFT = 0.7, 0.03, 0.01, 0.002
_ARTICLES_AT_ONCE = 20_000


class NotEmpty(Exception):
    """The database holds articles or actors, among which made-up ones have no place."""


def fill(quotes: int, seed: int = 1, tell: Callable[[str], None] = lambda line: None) -> None:
    """Make a corpus of so many quotes in the empty database; `tell` hears how far it is.

    Raises `NotEmpty`. Where the database's role may, triggers do not run meanwhile: what they keep
    true is made at the end, and nothing is made that they would refuse.
    """
    for model in (Article, Actor, Speaker, Issue, Outlet):
        if model._default_manager.exists():
            raise NotEmpty(f"The database has {model._meta.verbose_name_plural} already.")
    with without_triggers():
        _Corpus(quotes, seed, tell).write()
        set_sequences()
    tell("listing")
    rebuild()
    with connection.cursor() as cursor:
        # What was summed up in one transaction leaves holes, which a site at work does not have.
        cursor.execute("VACUUM FULL statements_tally")
        cursor.execute("VACUUM ANALYZE")


@dataclass
class _Corpus:
    quotes: int
    seed: int
    tell: Callable[[str], None]
    label: int = 0
    stance: int = 0
    suggestion: int = 0
    joint: int = 0
    types: Ints = field(init=False)
    countries: Ints = field(init=False)
    names: list[str] = field(init=False)

    def write(self) -> None:
        rng = self.rng = np.random.default_rng(self.seed)
        self.actors = max(100, min(200_000, self.quotes // 5))
        self.articles = max(1, self.quotes // 4)
        self.words = Vocabulary(rng, ISSUES)
        self.editor = User.objects.get_or_create(username="corpus-editor")[0].pk
        self._identities()
        self._outlets_and_issues()
        days = int(YEARS * 365.25)
        start = LAST_DAY - timedelta(days - 1)
        # Half as much again at the end as at the beginning, and less at weekends.
        weights = np.linspace(1, 1.5, days) * np.where(np.arange(days) % 7 >= 5, 0.5, 1)
        day = np.sort(rng.choice(days, self.articles, p=weights / weights.sum()))
        day = np.clip(day + rng.normal(0, 20, self.articles).astype(int), 0, days - 1)
        dates = [(start + timedelta(each)).isoformat() for each in range(days)]
        outlets = np.minimum(rng.zipf(1.3, self.articles), OUTLETS)
        share = 1 / (np.arange(ISSUES) + 1) ** 0.8
        drawn = rng.choice(ISSUES, size=(self.articles, 3), p=share / share.sum())
        many = rng.choice([1, 2, 3], self.articles, p=[0.4, 0.4, 0.2])
        article_of = np.sort(rng.integers(0, self.articles, self.quotes))
        ranks = 1.0 / (np.arange(self.actors) + 1.0)
        self.cumulated = np.cumsum(ranks / ranks.sum())
        self.ranked = rng.permutation(self.actors)
        for first in range(0, self.articles, _ARTICLES_AT_ONCE):
            last = min(self.articles, first + _ARTICLES_AT_ONCE)
            begin, end = np.searchsorted(article_of, [first, last])
            self._articles(
                range(first, last),
                [dates[each] for each in day[first:last]],
                outlets[first:last],
                [
                    list(dict.fromkeys(row[:n]))
                    for row, n in zip(
                        drawn[first:last].tolist(), many[first:last].tolist(), strict=True
                    )
                ],
                int(begin),
                article_of[begin:end],
            )
            self.tell(f"{end:,} of {self.quotes:,} quotes")

    def _identities(self) -> None:
        rng = self.rng
        self.types = rng.choice(len(_TYPES), self.actors, p=list(_TYPES.values()))
        self.countries = rng.integers(0, len(_COUNTRIES), self.actors)
        self.names = self.words.names(rng, self.actors)
        types = list(_TYPES)
        for model, name_model, what, ending in (
            (Actor, ActorName, "actor", " Council"),
            (Speaker, SpeakerName, "speaker", ""),
        ):
            rows, names = [], []
            for place, made in enumerate(self.names):
                name = f"{made}{ending}"
                own: tuple[object, ...] = (
                    (types[self.types[place]], _COUNTRIES[self.countries[place]], None)
                    if model is Actor
                    else ()
                )
                slug = name.lower().replace(" ", "-")
                rows.append(
                    (
                        place + 1,
                        self._uuid(),
                        slug,
                        name,
                        name.lower(),
                        "provisional",
                        "",
                        None,
                        _STORED,
                        *own,
                    )
                )
                names.append((place + 1, name, name.lower(), "primary", place + 1))
            extra = ("type", "country", "parent_id") if model is Actor else ()
            copy(model, (*IDENTITY, *extra), rows)
            copy(name_model, ("id", "text", "key", "kind", f"{what}_id"), names)

    def _outlets_and_issues(self) -> None:
        copy(
            Outlet,
            ("id", "slug", "name", "country", "homepage"),
            [(n, f"outlet-{n}", f"Outlet {n}", "", "") for n in range(1, OUTLETS + 1)],
        )
        for place in range(ISSUES):
            word = self.words.words[self.words.topics[place, 0]]
            Issue.objects.create(
                pk=place + 1,
                slug=f"issue-{place + 1}",
                title=f"{word} {place + 1}".capitalize(),
                proposition=f"There should be more {word}",
                supports_pole="wants more",
                opposes_pole="wants less",
            )

    def _articles(
        self,
        numbers: range,
        days: list[str],
        outlets: Ints,
        issues: list[list[int]],
        begin: int,
        article_of: Ints,
    ) -> None:
        """Write some articles and their quotes, whose numbers go on from `begin`."""
        rng, count = self.rng, len(article_of)
        places = article_of - numbers.start
        actors = self.ranked[np.searchsorted(self.cumulated, rng.random(count))]
        kinds = np.array(list(_KINDS), dtype=object)[
            rng.choice(len(_KINDS), count, p=list(_KINDS.values()))
        ]
        lengths = np.clip(rng.gamma(6, 5, count).astype(int), 6, 90)
        first_issue = np.array([each[0] for each in issues])[places]
        said = self.words.texts(rng, lengths, first_issue)
        titles = self.words.texts(
            rng, np.full(len(numbers), 9), np.array([each[0] for each in issues])
        )
        texts = [f"{title} {number + 1}" for title, number in zip(titles, numbers, strict=True)]
        chance = rng.random((5, count))
        sureness = rng.beta(5, 1.5, (2, count)).round(3)
        quotes, parts = [], []
        types = list(_TYPES)
        for place in range(count):
            at, actor, words = int(places[place]), int(actors[place]), said[place]
            pk = begin + place + 1
            has_speaker = chance[0][place] < _HAS_SPEAKER
            source = self.names[actor] if has_speaker else f"{self.names[actor]} Council"
            start = len(texts[at]) + 3
            end = start + len(words)
            texts[at] += f"\n\n“{words},” {source} said."
            cue = end + len(",” ") + len(source) + 1
            day = None if chance[1][place] < _UNDATED else days[at]
            quotes.append(
                (
                    pk,
                    actor + 1 if has_speaker else None,
                    actor + 1,
                    None,
                    "",
                    types[self.types[actor]],
                    _COUNTRIES[self.countries[actor]],
                    self._uuid(),
                    numbers.start + at + 1,
                    kinds[place],
                    "speech",
                    "proposed",
                    start,
                    end,
                    words,
                    cue,
                    cue + 4,
                    "said",
                    cue - 1 - len(source),
                    cue - 1,
                    source,
                    "",
                    "",
                    "provisional",
                    "name",
                    "[]",
                    day,
                    "article" if day else "",
                    sureness[0][place],
                    sureness[1][place],
                    _STORED,
                )
            )
            parts.append((pk, pk, 0, start, end, words))
        copy(
            Article,
            ARTICLE,
            [
                (
                    number + 1,
                    self._uuid(),
                    title,
                    text,
                    hashlib.sha256(text.encode()).hexdigest(),
                    int(outlet),
                    "",
                    "",
                    day,
                    "Made up.",
                    False,
                    hidden,
                    "",
                    "synthetic",
                    _STORED,
                )
                for number, title, text, outlet, day, hidden in zip(
                    numbers,
                    titles,
                    texts,
                    outlets,
                    days,
                    (rng.random(len(numbers)) < _DRAFT).tolist(),
                    strict=True,
                )
            ],
        )
        copy(Quote, QUOTE, quotes)
        copy(QuotePart, ("id", "quote_id", "ordinal", "start", "end", "content"), parts)
        self._joint_voices(begin, actors, chance[2])
        self._stances(begin, [issues[each] for each in places])

    def _joint_voices(self, begin: int, actors: Ints, chance: npt.NDArray[np.float64]) -> None:
        types, rows = list(_TYPES), []
        for place in np.nonzero(chance < _HAS_JOINT_VOICE)[0].tolist():
            other = (int(actors[place]) + 1) % self.actors
            self.joint += 1
            rows.append(
                (
                    self.joint,
                    None,
                    other + 1,
                    None,
                    "",
                    types[self.types[other]],
                    _COUNTRIES[self.countries[other]],
                    begin + place + 1,
                    1,
                )
            )
        copy(JointVoice, JOINT_VOICE, rows)

    def _stances(self, begin: int, issues: list[list[int]]) -> None:
        """What each quote says on the issues of its article: labels, suggestions and mentions."""
        rng = self.rng
        pairs = [
            (begin + place + 1, issue + 1) for place, own in enumerate(issues) for issue in own
        ]
        takes, edited, disputed = rng.random((3, len(pairs)))
        drawn = rng.choice(len(_LABELS), len(pairs), p=list(_LABELS.values()))
        names = list(_LABELS)
        stances: list[tuple[object, ...]] = []
        labels, suggestions = [], []
        for place, (quote, issue) in enumerate(pairs):
            label = names[drawn[place]]
            if takes[place] > _TAKES_SIDES:
                suggestions.append(self._suggestion(quote, issue, "", "Nothing says which side."))
                continue
            self.stance += 1
            if edited[place] > _BY_AN_EDITOR:
                label = label if label != "unrelated" else "neutral"
                suggestions.append(self._suggestion(quote, issue, label, ""))
                stances.append((self.stance, quote, issue, label, "suggested", 0, 0.8, _STORED))
                continue
            self.label += 1
            labels.append(
                (
                    self.label,
                    self._uuid(),
                    quote,
                    issue,
                    self.editor,
                    label,
                    True,
                    False,
                    False,
                    "",
                    None,
                    None,
                    None,
                    None,
                    True,
                    _STORED,
                )
            )
            if disputed[place] < _DISPUTED:
                stances.append((self.stance, quote, issue, "", "disputed", 2, None, _STORED))
            else:
                stances.append((self.stance, quote, issue, label, "single", 1, None, _STORED))
        copy(Stance, STANCE, stances)
        copy(StanceLabel, LABEL, labels)
        copy(Suggestion, SUGGESTION, suggestions)

    def _suggestion(self, quote: int, issue: int, label: str, reason: str) -> tuple[object, ...]:
        self.suggestion += 1
        sure = 0.8 if label else 0.0
        return (
            self.suggestion,
            quote,
            issue,
            label,
            sure,
            "{}",
            "[]",
            "rules",
            reason,
            1,
            True,
            _STORED,
        )

    def _uuid(self) -> str:
        # Of version 4, as all others are.
        high, low = self.rng.integers(0, 1 << 63, 2).tolist()
        text = f"{high:016x}{low:016x}"
        return f"{text[:12]}4{text[13:16]}a{text[17:]}"
