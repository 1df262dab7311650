"""Lists and counts against plain reading of the tables, for made-up quotes and conditions."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from statements.browsing import counting, keys, pages, scanning, tallies
from statements.browsing.conditions import Conditions
from statements.browsing.keys import KINDS, STANCES, TYPES, Facet
from statements.ingest.documents import Document
from statements.ingest.loading import load_documents
from statements.models import (
    Actor,
    Article,
    Issue,
    JointVoice,
    Outlet,
    Quote,
    Speaker,
    Stance,
    Statement,
    Suggestion,
    Tally,
    Variant,
)
from tests.factories import (
    make_actor,
    make_article,
    make_issue,
    make_joint_voice,
    make_outlet,
    make_quote,
    make_speaker,
)
from tests.tables import everything

pytestmark = pytest.mark.django_db

WORDS = ("dam", "river", "tax", "school", "bridge")


@dataclass
class World:
    """What there is to draw from."""

    draw: random.Random
    actors: list[Actor] = field(default_factory=list)
    speakers: list[Speaker] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    outlets: list[Outlet] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)

    @classmethod
    def made(cls, seed: int, quotes: int) -> World:
        draw = random.Random(seed)
        world = cls(draw)
        types = draw.sample(TYPES, 4)
        world.actors = [make_actor(type=draw.choice(types)) for _ in range(5)]
        world.speakers = [make_speaker() for _ in range(3)]
        world.issues = [make_issue() for _ in range(3)]
        world.outlets = [make_outlet(f"Paper {seed} {number}") for number in range(2)]
        statements = [Statement.objects.create() for _ in range(3)]
        for number in range(quotes):
            world.add(number, statements)
        return world

    def add(self, number: int, statements: list[Statement]) -> None:
        draw = self.draw
        words = f"{draw.choice(WORDS)} and {draw.choice(WORDS)} stay number {number}"
        article = make_article(
            f"Report\n\n“{words},” a person said.",
            outlet=draw.choice([*self.outlets, None]),
            is_draft=draw.random() < 0.1,
        )
        self.articles.append(article)
        day = date(2023, 11, 1) + timedelta(draw.randrange(150))
        quote = make_quote(
            words,
            article=article,
            actor=draw.choice([*self.actors, None]),
            speaker=draw.choice([*self.speakers, None]),
            kind=draw.choice(KINDS),
            said_on=draw.choice([day, day, day, None]),
            state=draw.choice(["proposed", "proposed", "confirmed", "rejected"]),
            confidence=draw.choice([0.5, 0.9]),
        )
        self.quotes.append(quote)
        if draw.random() < 0.3:
            make_joint_voice(quote, **self.voice())
        for issue in self.issues:
            if draw.random() < 0.4:
                self.stand(quote, issue)
            elif draw.random() < 0.2:
                Suggestion.objects.create(quote=quote, issue=issue, method="rules", reason="?")
        if draw.random() < 0.4:
            Variant.objects.create(quote=quote, statement=draw.choice(statements))

    def voice(self) -> dict[str, Any]:
        actor = self.draw.choice(self.actors)
        return {
            "actor": actor,
            "actor_type": actor.type,
            "speaker": self.draw.choice(self.speakers),
        }

    def stand(self, quote: Quote, issue: Issue) -> None:
        label = self.draw.choice(["supports", "opposes", "mixed", "neutral", "unrelated", ""])
        standing = "disputed" if not label else self.draw.choice(["single", "suggested"])
        Stance.objects.update_or_create(
            quote=quote, issue=issue, defaults={"label": label, "standing": standing}
        )

    def conditions(self) -> Conditions:
        """Any conditions on this world."""
        draw = self.draw
        chosen: dict[str, tuple[int, ...]] = {}

        def maybe(name: str, facet: Facet, values: Iterable[int], chance: float) -> None:
            if draw.random() < chance:
                some = draw.sample(sorted(values), draw.choice([1, 1, 2]))
                chosen[name] = tuple(facet.key(value) for value in some)

        maybe("type", Facet.TYPE, {TYPES.index(each.type) for each in self.actors} | {15}, 0.4)
        maybe("actor", Facet.ACTOR, [each.pk for each in self.actors], 0.2)
        maybe("speaker", Facet.SPEAKER, [each.pk for each in self.speakers], 0.2)
        maybe("issue", Facet.ISSUE, [each.pk for each in self.issues], 0.4)
        maybe("kind", Facet.KIND, range(3), 0.3)
        maybe("outlet", Facet.OUTLET, [each.pk for each in self.outlets], 0.2)
        return Conditions(
            chosen=chosen,
            stances=tuple(draw.sample(STANCES, 2)) if draw.random() < 0.3 else (),
            words=draw.choice(WORDS) if draw.random() < 0.3 else "",
            since=date(2023, 12, 10) if draw.random() < 0.2 else None,
            until=date(2024, 3, 5) if draw.random() < 0.2 else None,
            stored_by=date(2100, 1, 1) if draw.random() < 0.1 else None,
            once=draw.random() < 0.2,
            with_drafts=draw.random() < 0.3,
        )


class Plain:
    """The same questions, answered from the rows of quotes one by one."""

    def __init__(self, world: World) -> None:
        self.quotes = {
            quote.pk: quote
            for quote in Quote.objects.select_related("article").filter(
                act="speech", state__in=["proposed", "confirmed"]
            )
        }
        self.values: dict[int, dict[str, set[int]]] = {}
        for quote in self.quotes.values():
            voices = [quote, *JointVoice.objects.filter(quote=quote)]
            stances = dict(quote.stances.values_list("issue", "label"))
            for issue in quote.suggestions.values_list("issue", flat=True):
                stances.setdefault(issue, "none")
            self.values[quote.pk] = {
                "type": {TYPES.index(each.actor_type) for each in voices},
                "actor": {each.actor_id for each in voices if each.actor_id},
                "speaker": {each.speaker_id for each in voices if each.speaker_id},
                "kind": {KINDS.index(quote.kind)},
                "outlet": {quote.article.outlet_id} if quote.article.outlet_id else set(),
                "issue": {issue for issue, label in stances.items() if label != "unrelated"},
            }
            self.values[quote.pk]["stances"] = {
                issue * 16 + STANCES.index(label or "disputed") for issue, label in stances.items()
            }
        self.statements = dict(Variant.objects.values_list("quote", "statement"))

    def stances(self, pk: int, issues: tuple[int, ...]) -> set[int]:
        """Places of the stances on these issues, or on any."""
        found = {
            each % 16 for each in self.values[pk]["stances"] if not issues or each // 16 in issues
        }
        if not issues and not found - {STANCES.index("none")}:
            found = {STANCES.index("none")}
        elif not issues:
            found -= {STANCES.index("none")}
        return found

    def fits(self, pk: int, wanted: Conditions) -> bool:
        quote, values = self.quotes[pk], self.values[pk]
        days_fit = not (wanted.since or wanted.until) or (
            quote.said_on is not None
            and (not wanted.since or quote.said_on >= wanted.since)
            and (not wanted.until or quote.said_on <= wanted.until)
        )
        return (
            days_fit
            and (wanted.with_drafts or not quote.article.is_draft)
            and (not wanted.words or wanted.words in quote.content)
            and all(
                values[name] & {keys.parted(key)[1] for key in chosen}
                for name, chosen in wanted.chosen.items()
            )
            and (
                not wanted.stances
                or bool(
                    self.stances(pk, wanted.issues)
                    & {STANCES.index(stance) for stance in wanted.stances}
                )
            )
        )

    def fitting(self, wanted: Conditions) -> list[int]:
        """Keys of the quotes that fit, newest first and the undated last."""
        found = [pk for pk in self.quotes if self.fits(pk, wanted)]
        if wanted.once:
            earliest: dict[int, tuple[date, int]] = {}
            for pk in found:
                if pk in self.statements:
                    age = (self.quotes[pk].said_on or date.max, pk)
                    held = earliest.setdefault(self.statements[pk], age)
                    earliest[self.statements[pk]] = min(held, age)
            found = [
                pk
                for pk in found
                if pk not in self.statements or earliest[self.statements[pk]][1] == pk
            ]
        return sorted(found, key=lambda pk: self.newest(pk))

    def newest(self, pk: int) -> tuple[int, int, int, int]:
        quote = self.quotes[pk]
        return (-(quote.said_on or date.min).toordinal(), quote.article_id, quote.start, pk)

    def place(self, pk: int, sort: str) -> tuple[Any, ...]:
        quote = self.quotes[pk]
        rest = (quote.article_id, quote.start, pk)
        match sort:
            case "oldest":
                return (quote.said_on or date.max, *rest)
            case "doubtful":
                return (quote.certainty, *rest)
        return self.newest(pk)

    def counts(self, wanted: Conditions, name: str) -> Counter[int]:
        """What choosing each value would show, of one that is there."""
        found: dict[int, set[int]] = {}
        if name == "issue":
            for issue in {each.pk for each in Issue.objects.all()}:
                chosen = {**wanted.chosen, "issue": (Facet.ISSUE.key(issue),)}
                found[issue] = set(self.fitting(replace(wanted, chosen=chosen, once=False)))
        else:
            for pk in self.fitting(replace(wanted.without(name), once=False)):
                values = (
                    self.stances(pk, wanted.issues) if name == "stance" else self.values[pk][name]
                )
                for value in values:
                    found.setdefault(value, set()).add(pk)
        return +Counter({value: self.size(pks, wanted) for value, pks in found.items()})

    def months(self, wanted: Conditions) -> Counter[int]:
        found: dict[int, set[int]] = {}
        for pk in self.fitting(replace(wanted.without("date"), once=False)):
            if day := self.quotes[pk].said_on:
                found.setdefault(day.year * 12 + day.month - 1, set()).add(pk)
        return Counter({month: self.size(pks, wanted) for month, pks in found.items()})

    def size(self, quotes: set[int], wanted: Conditions) -> int:
        return len({self.statements.get(pk, -pk) if wanted.once else pk for pk in quotes})


def analyse() -> None:
    """Have the database know how many quotes fit what, as it does on a site at work."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE statements_listing")


@pytest.fixture(params=[1, 2, 3])
def world(request) -> World:
    made = World.made(request.param, quotes=40)
    if request.param > 1:
        analyse()
    return made


def test_every_count_is_what_plain_reading_counts(world):
    plain = Plain(world)
    for _ in range(60):
        wanted = world.conditions()
        counts = counting.count(wanted)
        assert counts.total == len(plain.fitting(wanted)), wanted
        assert not counts.is_least
        for name in counting.NAMES:
            assert +counts.facets[name].counts == plain.counts(wanted, name), (name, wanted)
        assert +counts.months.counts == plain.months(wanted), wanted


def test_sums_that_are_kept_say_what_counting_says(world):
    tallies.fold()
    for _ in range(40):
        wanted = replace(world.conditions(), words="", since=None, until=None, once=False)
        months, _ = counting.months_by_type(wanted)
        issue = world.issues[0].pk
        stances, _ = counting.stances_by_type(wanted, issue)
        # A word that all contain has everything counted one by one.
        counted = replace(wanted, words="number")
        assert months == counting.months_by_type(counted)[0], wanted
        assert +stances == +counting.stances_by_type(counted, issue)[0], wanted


def test_pages_in_every_order_hold_all_that_fits_once(world):
    plain = Plain(world)
    for _ in range(20):
        wanted = world.conditions()
        for sort in ("newest", "oldest", "doubtful"):
            shown, after = [], ""
            while True:
                page = pages.page(wanted, sort, after, most=7)
                shown += [row.pk for row in page.rows]
                after = page.after
                if not after:
                    break
            expected = sorted(plain.fitting(wanted), key=lambda pk: plain.place(pk, sort))
            assert shown == expected, (sort, wanted)


def test_the_first_page_is_made_of_what_was_counted(world, django_assert_num_queries):
    counted = 0
    for _ in range(30):
        wanted = world.conditions()
        scans = counting.count(wanted).scans
        counted += scans.newest(wanted) is not None
        page = pages.page(wanted, "newest", most=7, scans=scans)
        again = pages.page(wanted, "newest", most=7)
        assert page.rows == again.rows, wanted
        # A cursor says too when it was signed.
        assert page.after.partition(":")[0] == again.after.partition(":")[0]
    assert counted > 10
    scans = scanning.Scans()
    scans.of(Conditions(words="number"))
    with django_assert_num_queries(1):
        assert pages.page(Conditions(words="number"), "newest", most=7, scans=scans).after
    # What was counted for something else, or in part, is of no use.
    assert scans.newest(Conditions(words="numbers")) is None
    scans.of(Conditions(), only=scanning.MONTHS)
    assert scans.newest(Conditions()) is None


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_of_very_many_some_quarters_are_read_first_and_nothing_is_missed(sort, monkeypatch):
    """The quick ways are for corpora that no test makes: here few quotes count as very many."""
    world = World.made(4, quotes=100)
    analyse()
    plain = Plain(world)
    monkeypatch.setattr("statements.browsing.reading.LIKELY", 1.0)
    for words in ("number", *WORDS):
        wanted = Conditions(words=words)
        shown, after = [], ""
        while True:
            page = pages.page(wanted, sort, after, most=4)
            shown += [row.pk for row in page.rows]
            after = page.after
            if not after:
                break
        assert shown == sorted(plain.fitting(wanted), key=lambda pk: plain.place(pk, sort))


def test_where_more_fit_than_are_counted_the_newest_are_and_it_says_so(world):
    plain = Plain(world)
    for _ in range(30):
        wanted = world.conditions()
        found = scanning.scan(wanted, most=5)
        newest = plain.fitting(replace(wanted, once=False))
        if not wanted.once:
            assert found.total == min(len(newest), 5)
        assert found.is_capped == (len(newest) > 5)
        if found.is_capped and not wanted.once:
            # One more was read to know that there are more.
            kinds = Counter(KINDS.index(plain.quotes[pk].kind) for pk in newest[:6])
            counted = {place: found.counts[Facet.KIND.key(place)] for place in range(3)}
            assert +Counter(counted) == kinds


def change(world: World) -> None:
    """Something that listings depend on."""
    draw = world.draw
    quote = draw.choice(world.quotes)
    same = Quote.objects.filter(pk=quote.pk)
    some = draw.sample([each.pk for each in world.articles], 5)
    changes: list[Callable[[], Any]] = [
        lambda: same.update(state=draw.choice(["rejected", "proposed"])),
        lambda: same.update(said_on=date(2024, 2, draw.randrange(1, 29))),
        lambda: world.stand(quote, draw.choice(world.issues)),
        lambda: quote.stances.all().delete(),
        lambda: quote.joint_voices.all().delete(),
        lambda: make_joint_voice(quote, **world.voice()),
        lambda: Article.objects.filter(pk__in=some).update(outlet=draw.choice(world.outlets)),
        lambda: Article.objects.filter(pk=some[0]).update(is_draft=draw.random() < 0.5),
        lambda: Quote.objects.filter(actor=draw.choice(world.actors)).update(**world.voice()),
        lambda: Variant.objects.filter(quote=quote).delete(),
    ]
    draw.choice(changes)()


def refresh_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statements_refresh_listings(ARRAY(SELECT id FROM statements_quote))")


def test_changes_of_anything_they_are_copied_from_reach_listings_and_sums(world):
    for _ in range(40):
        change(world)
        if world.draw.random() < 0.2:
            tallies.fold()
    kept = everything()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM statements_listing")
        cursor.execute(
            "SELECT 1 FROM statements_tally GROUP BY slice, month, is_draft, types, kind, "
            "stances HAVING sum(n) <> 0"
        )
        assert cursor.fetchall() == []
    refresh_all()
    made_anew = everything()
    for table in ("statements_listing", "statements_tally"):
        assert kept[table] == made_anew[table]
    assert kept["statements_listing"]


def test_folding_keeps_one_row_of_each_cell(world):
    before = everything()["statements_tally"]
    assert tallies.fold() > 0
    assert everything()["statements_tally"] == before
    assert not Tally.objects.filter(is_folded=False).exists()
    world.quotes[0].stances.all().delete()
    tallies.fold()
    assert not Tally.objects.filter(n=0).exists()
    assert tallies.fold() == 0


TEXT = """River plan

“We will not build the dam,” minister Ana Ruiz said on Monday. “It {} work.”

Ana Ruiz and Olga Berg said that the river must stay free.
"""


def listings() -> list[dict[str, Any]]:
    return everything()["statements_listing"]


def test_an_import_lists_what_it_brings():
    make_issue(terms=["dam"])
    texts = [TEXT.format(word) for word in ("cannot", "will not")]
    load_documents(
        [Document(f"{n}.txt", text, 1) for n, text in enumerate(texts)], channel="command"
    )
    brought = listings()
    assert len(brought) == Quote.objects.public().count() > 2
    refresh_all()
    assert listings() == brought


def test_much_that_was_left_behind_is_summed_up():
    quotes = [make_quote() for _ in range(20)]
    for number in range(400):
        day = date(2020, 1, 1) + timedelta(number * 31)
        Quote.objects.filter(pk__in=[quote.pk for quote in quotes]).update(said_on=day)
    assert Tally.objects.filter(is_folded=False).count() <= 3100
