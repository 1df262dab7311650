"""Actors and speakers that a reader looks for by name, among any number of them.

The words are matched with the names as `name_key` writes them, so that neither accents nor
capitals matter. The trigram indexes `actor_name_alike` and `speaker_name_alike` serve it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from statements.browsing.keys import SHIFT, Facet
from statements.models import Actor, ActorName, Speaker, SpeakerName, Tally
from statements.names import name_key

# Fewer letters than this mean nearly everybody.
LEAST_LETTERS = 2
SHOWN = 8
# So many names that fit are compared; of vaguer words it is the most quoted whose names fit too.
_COMPARED = 250

_NAMES: dict[str, tuple[type[Actor] | type[Speaker], type[ActorName] | type[SpeakerName]]] = {
    "actor": (Actor, ActorName),
    "speaker": (Speaker, SpeakerName),
}
FINDABLE = tuple(_NAMES)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody with a name that fits; `count` quotes in all, whatever else is asked for."""

    value: str
    label: str
    count: int
    type: str = ""


def find(facet: str, words: str, *, with_drafts: bool = False, most: int = SHOWN) -> list[Found]:
    """Those whose name fits and who are quoted, the likeliest first: five queries.

    A name that begins with the words comes first, then one with words that begin so, then one
    that holds them anywhere; of alike ones the most quoted.
    """
    key = name_key(words.replace("\0", ""))
    if len(key) < LEAST_LETTERS:
        return []
    _, names = _NAMES[facet]
    rows = names.objects.values_list(f"{facet}_id", "key")
    fitting = rows.filter(*(_fits(word) for word in key.split()))
    ranks: dict[int, int] = {}
    kind = Facet[facet.upper()]
    for some in (
        rows.filter(key=key)[:_COMPARED],
        fitting.filter(**{f"{facet}__in": list(_most_quoted(kind))}),
        fitting[:_COMPARED],
    ):
        for pk, name in some:
            ranks[pk] = min(_rank(name, key), ranks.get(pk, 3))
    counts = _counts(kind, ranks, with_drafts=with_drafts)
    likeliest = sorted(counts, key=lambda pk: (ranks[pk], -counts[pk], pk))[:most]
    return _found(facet, likeliest, counts)


def _fits(word: str) -> Q:
    """Within a name from three letters on, which an index can find; else where a word begins."""
    if len(word) > 2:
        return Q(key__contains=word)
    return Q(key__startswith=word) | Q(key__contains=f" {word}") | Q(key__contains=f"-{word}")


def _rank(name: str, key: str) -> int:
    if name.startswith(key):
        return 0
    return 1 if all(f" {word}" in f" {name}".replace("-", " ") for word in key.split()) else 2


def _most_quoted(kind: Facet) -> Iterable[int]:
    heads = Tally.objects.alias(facet=F("slice").bitrightshift(SHIFT)).filter(
        facet=kind, month=Tally.TOTAL, is_folded=True
    )
    keys = heads.order_by("facet", "-n").values_list("slice", flat=True)[:_COMPARED]
    return (each - kind.first for each in keys)


def _counts(kind: Facet, ids: Iterable[int], *, with_drafts: bool) -> dict[int, int]:
    cells = Tally.objects.filter(month=Tally.TOTAL, slice__in=[kind.key(each) for each in ids])
    if not with_drafts:
        cells = cells.filter(is_draft=False)
    sums = cells.values_list("slice").annotate(n=Sum("n")).filter(n__gt=0)
    return {slice_ - kind.first: n for slice_, n in sums}


def _found(facet: str, ids: list[int], counts: dict[int, int]) -> list[Found]:
    model, _ = _NAMES[facet]
    rows: QuerySet[Any] = model._default_manager.filter(pk__in=ids, merged_into__isnull=True)
    columns = ("pk", "slug", "name", *(["type"] if facet == "actor" else []))
    known = {pk: rest for pk, *rest in rows.values_list(*columns)}
    return [
        Found(slug, name, counts[pk], *kind)
        for pk in ids
        if pk in known
        for slug, name, *kind in [known[pk]]
    ]
