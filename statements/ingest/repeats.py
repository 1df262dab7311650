"""Quotes of the same words, linked as variants of one statement.

Linked are quotes of the same speaker or party, or in articles that are copies of each other, whose
words are the same, or nearly: direct speech that shares nine words in ten, or of which one holds
the other. Call what is here only in its turn, see `statements.ingest.linking`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Count

from statements.ingest.groups import Groups
from statements.models import CommonRun, Quote, QuoteSketch, Statement, Variant
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
# A run that so many quotes of a voice hold leads to none of them any more: whoever speaks much has
# habits of speech, and a repeat shares rarer runs as well. Of a quote that has too few rare ones,
# some common ones are taken, the same of each.
COMMON = 20
_LEAST_KEYS = 4
# Of the runs of the shorter one of two quotes that are nearly the same, more than this share is in
# both: it is least where one word in nine is put in between, and lies in the middle.
_LEAST_SHARED = 0.15
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Said:
    """What decides of a quote whether another one is the same statement."""

    pk: int
    article: int
    kind: str
    speaker: int | None
    actor: int | None
    day: date | None
    words: tuple[str, ...]
    runs: Runs = field(repr=False, compare=False)

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
        if word_share(shorter, longer) >= NEARLY:
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
    keys = _telling_keys(own)
    groups = _groups(own, keys, copies)
    _keep(keys, groups)
    make_one(groups.all())
    return sum(1 for each in own if each.pk in groups)


def join_anew(quotes: Collection[int], copies: Mapping[int, Collection[int]]) -> None:
    """Link these quotes as they are by now, and part those that only they had held together.

    `quotes` are whole statements (`in_statements_of`), of which what stays together keeps its row.
    """
    own = list(_said(Quote.objects.filter(pk__in=quotes)))
    keys = _telling_keys(own)
    found = _groups(own, keys, copies)
    kept = _keep(keys, found)
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


@dataclass(frozen=True)
class _Keys:
    """By what quotes are found (by their keys), and which of that is common."""

    of: dict[int, list[list[int]]]
    """For each voice of a quote by itself."""
    common: set[int]

    def likely(self, other: Collection[int]) -> bool:
        """Whether a quote with these other keys may be the same as one of them."""
        shared = Counter(holder for key in other for holder in self._holders.get(key, ()))
        return any(
            count >= _LEAST_SHARED * min(len(self.of[pk][voice]), len(other) / 2)
            for (pk, voice), count in shared.items()
        )

    @cached_property
    def _holders(self) -> dict[int, list[tuple[int, int]]]:
        holders: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for pk, voices in self.of.items():
            for voice, keys in enumerate(voices):
                for key in keys:
                    holders[key].append((pk, voice))
        return holders


def _telling_keys(own: Collection[Said]) -> _Keys:
    """The rare keys of each quote, and a few common ones where it has too few: one query."""
    every = {each.pk: each.keys for each in own if len(each.runs)}
    asked = {key for voices in every.values() for keys in voices for key in keys}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM statements_commonrun WHERE key = ANY(%s::bigint[])",
            [_array(asked)],
        )
        common = {key for (key,) in cursor.fetchall()}
    telling: dict[int, list[list[int]]] = {pk: [] for pk in every}
    for pk, voices in every.items():
        for keys in voices:
            rare = [key for key in keys if key not in common]
            if len(rare) < _LEAST_KEYS:
                rare += sorted(common.intersection(keys))[: _LEAST_KEYS - len(rare)]
            telling[pk].append(rare)
    return _Keys(telling, common)


def _keep(keys: _Keys, groups: Groups) -> set[int]:
    """Keep the keys by which the quotes are found, and return which have any: one statement.

    A quote that was found to be a repeat needs no common ones: others find it through the first.
    """
    rows = {
        pk: [key for voice in voices for key in voice if pk not in groups or key not in keys.common]
        for pk, voices in keys.of.items()
    }
    rows = {pk: found for pk, found in rows.items() if found}
    if rows:
        with connection.cursor() as cursor:
            # As text, since arrays of different lengths are no array.
            cursor.execute(
                "INSERT INTO statements_quotesketch (quote_id, runs) "
                "SELECT quote, runs::bigint[] "
                "FROM unnest(%s::bigint[], %s::text[]) AS kept(quote, runs) "
                "ON CONFLICT (quote_id) DO UPDATE SET runs = excluded.runs",
                [list(rows), [_array(found) for found in rows.values()]],
            )
    return set(rows)


def _groups(own: Collection[Said], keys: _Keys, copies: Mapping[int, Collection[int]]) -> Groups:
    """Which of the quotes are the same as others, or as each other."""
    groups = Groups()
    known = {each.pk: each for each in _others(own, keys, copies)} | {each.pk: each for each in own}
    by_run: dict[Any, list[Said]] = defaultdict(list)
    for each in known.values():
        for key in _keys(each):
            by_run[key].append(each)
    for each in own:
        its_copies = copies.get(each.article, ())
        near = {other.pk: other for key in _keys(each) for other in by_run[key]}
        for other in near.values():
            if other.pk != each.pk and each.is_same(other, in_copies=other.article in its_copies):
                groups.join(each.pk, other.pk)
    return groups


def _likely_repeats(keys: _Keys) -> Iterator[Said]:
    """The quotes of the same speakers or parties that share a telling run of words.

    Three statements at most, of which one keeps what turns out to be common.
    """
    held = Counter(key for voices in keys.of.values() for voice in voices for key in voice)
    if not held:
        return
    # Apart, or the planner may begin with everything that is there.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_id, runs FROM statements_quotesketch WHERE runs && %s::bigint[]",
            [_array(held)],
        )
        found = [(pk, runs) for pk, runs in cursor.fetchall() if pk not in keys.of]
    for _, runs in found:
        held.update(held.keys() & set(runs))
    new = [key for key, count in held.items() if count >= COMMON and key not in keys.common]
    CommonRun.objects.bulk_create((CommonRun(key=key) for key in new), ignore_conflicts=True)
    likely = [pk for pk, runs in found if keys.likely(runs)]
    yield from _said(Quote.objects.filter(pk__in=likely))


def _array(numbers: Collection[int]) -> str:
    """The numbers as PostgreSQL writes an array: as one value, however many they are."""
    return f"{{{','.join(map(str, numbers))}}}"


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


def _others(
    own: Collection[Said], keys: _Keys, copies: Mapping[int, Collection[int]]
) -> Iterator[Said]:
    if own:
        yield from _likely_repeats(keys)
        if articles := {other for each in own for other in copies.get(each.article, ())}:
            yield from _said(Quote.objects.filter(article__in=articles))


def _said(quotes: QuoteQuerySet) -> Iterator[Said]:
    """What decides of each of the quotes that have words and are statements."""
    spoken = quotes.filter(act=Quote.Act.SPEECH).order_by()
    for pk, article, kind, speaker, actor, day, content in spoken.values_list(
        "pk", "article_id", "kind", "speaker_id", "actor_id", "said_on", "content"
    ):
        if words := tuple(words_of(content)):
            runs = runs_of(words if len(words) >= LEAST_WORDS else ())
            yield Said(pk, article, kind, speaker, actor, day, words, runs)


def _keys(said: Said) -> tuple[Any, ...]:
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
