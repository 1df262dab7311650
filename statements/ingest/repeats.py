"""Quotes of the same words, linked as variants of one statement.

Linked are quotes of the same speaker or party, or in articles that are copies of each other, whose
words are the same, or nearly: direct speech that shares nine words in ten, or of which one holds
the other. Call what is here only in its turn, see `statements.ingest.linking`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count

from statements.ingest.groups import Groups
from statements.ingest.repeat_keys import TellingKeys, telling_keys
from statements.models import Quote, QuoteSketch, Statement, Variant
from statements.models.quotes import QuoteQuerySet
from statements.nlp.likeness import (
    Runs,
    as_bigints,
    by_voice,
    holds,
    runs_of,
    word_share,
    words_of,
)

# Fewer words, such as "No comment", are said again and again without being the same statement.
LEAST_WORDS = 6
NEARLY = 0.9
# Of two longer statements a few words in a row may be the same by habit, not days apart.
SAME_OCCASION = timedelta(days=14)
_AT_ONCE = 200


@dataclass(frozen=True)
class Said:
    """What decides of a quote whether another one is the same statement."""

    pk: int
    article: int
    kind: str
    speaker: int | None
    actor: int | None
    day: date | None
    words: tuple[str, ...]

    @cached_property
    def runs(self) -> Runs:
        """Its runs of words; none where it has too few words to be looked for."""
        return runs_of(self.words if len(self.words) >= LEAST_WORDS else ())

    @property
    def keys(self) -> list[list[int]]:
        """By what it is found: its runs as its speaker said them, and as its party did."""
        voices = (("speaker", self.speaker), ("actor", self.actor))
        return [
            as_bigints(by_voice(self.runs, f"{kind} {pk}")) for kind, pk in voices if pk is not None
        ]

    def is_same(self, other: Said, *, in_copies: bool) -> bool:
        """Whether both are the same words of the same party, or in copies of one article."""
        if not (in_copies or self._is_by(other)):
            return False
        shorter, longer = sorted((self.words, other.words), key=len)
        if shorter == longer:
            return in_copies or len(shorter) >= LEAST_WORDS
        if len(shorter) < LEAST_WORDS or Quote.Kind.INDIRECT in (self.kind, other.kind):
            return False
        if len(shorter) >= NEARLY * len(longer) and word_share(shorter, longer) >= NEARLY:
            return True
        return (in_copies or self._is_about_when(other)) and holds(longer, shorter)

    def _is_by(self, other: Said) -> bool:
        same_speaker = self.speaker is not None and self.speaker == other.speaker
        return same_speaker or (self.actor is not None and self.actor == other.actor)

    def _is_about_when(self, other: Said) -> bool:
        return bool(self.day and other.day and abs(self.day - other.day) <= SAME_OCCASION)


def join_repeats(quotes: QuoteQuerySet, copies: Mapping[int, Collection[int]]) -> int:
    """Link these quotes with others of the same words; returns how many have others.

    `copies` are, of each of the quotes' articles that has any, its copies.
    """
    own = list(_said(quotes))
    keys = telling_keys({each.pk: each.keys for each in own})
    groups = _groups(own, keys, copies)
    keys.keep(groups)
    make_one(groups.all())
    return sum(1 for each in own if each.pk in groups)


def join_anew(quotes: Collection[int], copies: Mapping[int, Collection[int]]) -> None:
    """Link these quotes as they are by now, and part those that only they had held together.

    `quotes` are whole statements (`in_statements_of`), of which what stays together keeps its row.
    """
    own = list(_said(Quote.objects.filter(pk__in=quotes)))
    keys = telling_keys({each.pk: each.keys for each in own})
    found = _groups(own, keys, copies)
    kept = keys.keep(found)
    QuoteSketch.objects.filter(quote__in=[pk for pk in quotes if pk not in kept]).delete()
    groups = sorted(found.all(), key=lambda group: (-len(group), min(group)))
    there = dict(Variant.objects.filter(quote__in=quotes).values_list("quote_id", "statement_id"))
    stay: set[int] = set()
    taken: set[int] = set()
    for group in groups:
        before = Counter(there[pk] for pk in group if pk in there and there[pk] not in taken)
        if before:
            # The statement that most of them were.
            same = min(before, key=lambda each: (-before[each], each))
            taken.add(same)
            stay |= {pk for pk in group if there.get(pk) == same}
    Variant.objects.filter(quote__in=there.keys() - stay).delete()
    make_one(groups)
    _drop_single(set(there.values()))


def in_statements_of(quotes: Collection[int]) -> set[int]:
    """These quotes, and all variants of the statements that they are of."""
    statements = Variant.objects.filter(quote__in=quotes).values("statement")
    others = Variant.objects.filter(statement__in=statements)
    return {*quotes, *others.values_list("quote_id", flat=True)}


def _groups(
    own: Collection[Said], keys: TellingKeys, copies: Mapping[int, Collection[int]]
) -> Groups:
    """Which of the quotes are the same as others, or as each other."""
    groups = Groups()
    mine = {each.pk: each for each in own}

    def compare(each: Said, other: Said) -> None:
        in_copies = other.article in copies.get(each.article, ())
        if other.pk != each.pk and each.is_same(other, in_copies=in_copies):
            groups.join(each.pk, other.pk)

    likely = keys.likely_repeats()
    for other in _said(Quote.objects.filter(pk__in=likely)) if likely else ():
        for pk in likely[other.pk]:
            compare(mine[pk], other)
    # Among each other, and in copies, whoever said it.
    articles = {other for each in own for other in copies.get(each.article, ())}
    known = list(_said(Quote.objects.filter(article__in=articles))) if articles else []
    by_run: dict[Any, dict[int, Said]] = defaultdict(dict)
    for each in (*known, *own):
        for key in _shared_by_same(each):
            by_run[key][each.pk] = each
    for each in own:
        near = {pk: other for key in _shared_by_same(each) for pk, other in by_run[key].items()}
        for other in near.values():
            compare(each, other)
    return groups


def leave(quotes: Collection[int]) -> None:
    """Take these quotes out of their statements; one that is left with a single quote goes."""
    variants = Variant.objects.filter(quote__in=quotes)
    statements = set(variants.values_list("statement_id", flat=True))
    variants.delete()
    _drop_single(statements)


def _drop_single(statements: Collection[int]) -> None:
    """Of these statements drop those of which no two quotes are left."""
    left = Statement.objects.filter(pk__in=statements).annotate(quotes=Count("variants"))
    single = list(left.filter(quotes__lt=2).values_list("pk", flat=True))
    Variant.objects.filter(statement__in=single).delete()
    Statement.objects.filter(pk__in=single).delete()


def _said(quotes: QuoteQuerySet) -> Iterator[Said]:
    """What decides of each of the quotes that have words and are statements."""
    spoken = quotes.filter(act=Quote.Act.SPEECH).order_by()
    for pk, article, kind, speaker, actor, day, content in spoken.values_list(
        "pk", "article_id", "kind", "speaker_id", "actor_id", "said_on", "content"
    ):
        if words := tuple(words_of(content)):
            yield Said(pk, article, kind, speaker, actor, day, words)


def _shared_by_same(said: Said) -> tuple[Any, ...]:
    """What two quotes share whenever they may be the same."""
    return (said.words, *said.runs.tolist())


def make_one(groups: Collection[set[int]]) -> None:
    """Make each group, with those that are one with any of it, variants of one statement."""
    if not groups:
        return
    quotes = [pk for group in groups for pk in group]
    there = dict(Variant.objects.filter(quote__in=quotes).values_list("quote_id", "statement_id"))
    new: dict[int, int] = {}
    # Groups may meet in a statement: into which one an earlier group has merged it.
    merged: dict[int, int] = {}
    unknown = sum(1 for group in groups if not any(pk in there for pk in group))
    fresh = iter(Statement.objects.bulk_create([Statement() for _ in range(unknown)]))
    for group in groups:
        known = sorted({merged.get(there[pk], there[pk]) for pk in group if pk in there})
        first, *others = known or [next(fresh).pk]
        if others:
            Variant.objects.filter(statement__in=others).update(statement=first)
            Statement.objects.filter(pk__in=others).delete()
            merged |= {each: first for each in merged if merged[each] in others}
            merged |= dict.fromkeys(others, first)
        new |= {pk: first for pk in group if pk not in there}
    # A statement that a group was given may have been merged by a later one.
    Variant.objects.bulk_create(
        (Variant(quote_id=pk, statement_id=merged.get(new[pk], new[pk])) for pk in sorted(new)),
        _AT_ONCE,
    )
