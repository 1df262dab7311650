"""Articles that are copies of each other: wire copy, updates, cut and edited versions.

They are grouped, not dropped: each stays an article with its quotes. Call what is here only in its
turn, see `statements.ingest.linking`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import batched

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from statements.ingest.groups import Groups
from statements.models import Article, ArticleCopy, ArticleSketch, CopyPair
from statements.nlp.likeness import VERSION, Runs, bands_of, likeness, runs_of, words_of

# Of a much copied text the likeliest are compared; the others are reached through them.
MOST_COMPARED = 50
_AT_ONCE = 8
_LONGEST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Keyed:
    """What is compared of an article, and the keys by which its likely copies are found."""

    pk: int
    runs: Runs
    bands: list[int]


def join_copies(lot: Sequence[Keyed]) -> dict[int, set[int]]:
    """Keep the articles' keys, and put each into the group of its copies.

    Returns the copies of each that has any, with those of them in the lot.
    """
    ArticleSketch.objects.bulk_create(
        [ArticleSketch(article_id=each.pk, version=VERSION, bands=each.bands) for each in lot],
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["version", "bands"],
    )
    pairs = _pairs(lot, likely_copies([each.pk for each in lot]))
    CopyPair.objects.bulk_create(
        pairs,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["similarity", "containment"],
    )
    copies: dict[int, set[int]] = defaultdict(set)
    groups = Groups()
    for pair in pairs:
        copies[pair.first_id].add(pair.second_id)
        copies[pair.second_id].add(pair.first_id)
        groups.join(pair.first_id, pair.second_id)
    for group in groups.all():
        group_together(group)
    return dict(copies)


def likely_copies(articles: Collection[int]) -> list[tuple[int, int]]:
    """Each of these articles beside those that share a key with it: one query.

    Those that share most come first: the more keys two texts share, the more of their runs.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT own.article_id, near.article_id "
            "FROM statements_articlesketch AS own CROSS JOIN LATERAL ("
            "SELECT other.article_id, ("
            "SELECT count(*) FROM unnest(other.bands) AS band WHERE band = ANY(own.bands)"
            ") AS shared FROM statements_articlesketch AS other "
            "WHERE other.bands && own.bands AND other.version = own.version "
            "AND other.article_id <> own.article_id "
            "ORDER BY shared DESC, other.article_id LIMIT %s) AS near "
            "WHERE own.article_id = ANY(%s) "
            "ORDER BY own.article_id, near.shared DESC, near.article_id",
            [MOST_COMPARED, list(articles)],
        )
        found: list[tuple[int, int]] = cursor.fetchall()
        return found


def keyed(pk: int, text: str) -> Keyed:
    """The article of this key and text as it is compared."""
    runs = _runs(text)
    return Keyed(pk, runs, bands_of(runs))


def _runs(text: str) -> Runs:
    return _runs_kept(text) if len(text) <= _LONGEST_KEPT else runs_of(words_of(text))


@lru_cache(maxsize=256)
def _runs_kept(text: str) -> Runs:
    # Copies of one wire story come soon after each other.
    return runs_of(words_of(text))


def _pairs(lot: Sequence[Keyed], likely: Iterable[tuple[int, int]]) -> list[CopyPair]:
    """The likely copies that are copies, each pair once."""
    own = {each.pk: each.runs for each in lot}
    wanted: dict[int, set[int]] = defaultdict(set)
    # Two of the lot find each other, and are one pair.
    for low, high in {(min(each), max(each)) for each in likely}:
        mine, other = (low, high) if low in own else (high, low)
        wanted[other].add(mine)
    pairs = []
    for other, runs in _runs_of(wanted, own):
        for pk in wanted[other]:
            alike = likeness(own[pk], runs)
            if alike.is_copy:
                pairs.append(
                    CopyPair(
                        first_id=min(pk, other),
                        second_id=max(pk, other),
                        similarity=alike.similarity,
                        containment=alike.containment,
                    )
                )
    return sorted(pairs, key=lambda pair: (pair.first_id, pair.second_id))


def _runs_of(articles: Iterable[int], known: Mapping[int, Runs]) -> Iterator[tuple[int, Runs]]:
    unknown = []
    for pk in articles:
        if pk in known:
            yield pk, known[pk]
        else:
            unknown.append(pk)
    for pk, text in _texts(unknown):
        yield pk, _runs(text)


def _texts(articles: Collection[int]) -> Iterator[tuple[int, str]]:
    for chunk in batched(articles, _AT_ONCE):
        yield from Article.objects.filter(pk__in=chunk).values_list("pk", "text")


def group_together(articles: Collection[int]) -> None:
    """Make one group of these articles and of those in their groups; the earliest is its head."""
    heads = Article.objects.filter(pk__in=articles).values_list(
        Coalesce("copy__head", "pk"), flat=True
    )
    known = set(heads)
    copies = ArticleCopy.objects.filter(head__in=known).values("article")
    members = Article.objects.filter(Q(pk__in=known) | Q(pk__in=copies))
    ordered = members.order_by(F("published_on").asc(nulls_last=True), "pk")
    (head, its_head), *rest = ordered.values_list("pk", "copy__head")
    if its_head:
        ArticleCopy.objects.filter(article=head).delete()
    ArticleCopy.objects.bulk_create(
        [ArticleCopy(article_id=pk, head_id=head) for pk, there in rest if there != head],
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["head"],
    )


def take_out(articles: Collection[int]) -> None:
    """Undo what links these articles to others, whose groups are made anew without them."""
    heads = set(
        Article.objects.filter(pk__in=articles).values_list(Coalesce("copy__head", "pk"), flat=True)
    )
    members = heads | set(
        ArticleCopy.objects.filter(head__in=heads).values_list("article_id", flat=True)
    )
    ArticleSketch.objects.filter(article__in=articles).delete()
    CopyPair.objects.filter(Q(first__in=articles) | Q(second__in=articles)).delete()
    ArticleCopy.objects.filter(article__in=members).delete()
    pairs = CopyPair.objects.filter(Q(first__in=members) | Q(second__in=members))
    groups = Groups()
    for first, second in pairs.values_list("first_id", "second_id").iterator():
        groups.join(first, second)
    for group in groups.all():
        group_together(group)
