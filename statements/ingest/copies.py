"""Articles that are copies of each other: wire copy, updates, cut and edited versions.

They are grouped, not dropped: each stays an article with its quotes. Call what is here only in its
turn, see `statements.ingest.linking`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import batched

from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from statements.ingest.groups import Groups
from statements.models import Article, ArticleCopy, ArticleSketch, CopyPair
from statements.nlp.likeness import VERSION, Runs, bands_of, likeness, runs_of, words_of

# Of a much copied text the likeliest are compared; the others are reached through them.
MOST_COMPARED = 50
_AT_ONCE = 8
_LONGEST_KEPT = 20_000


def join_copies(article: Article, runs: Runs, bands: Collection[int]) -> list[int]:
    """Keep the article's keys, find its copies and put it into their group; returns their keys."""
    ArticleSketch.objects.bulk_create(
        [ArticleSketch(article=article, version=VERSION, bands=list(bands))],
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["version", "bands"],
    )
    pairs = list(_pairs(article, runs, likely_copies(bands, article)))
    CopyPair.objects.bulk_create(
        pairs,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["similarity", "containment"],
    )
    others = [pair.first_id + pair.second_id - article.pk for pair in pairs]
    if others:
        group_together([article.pk, *others])
    return others


def likely_copies(bands: Collection[int], article: Article) -> list[int]:
    """The articles that share a key with this one, those that share most first: one query."""
    if not bands:
        return []
    # The more keys two texts share, the more of their runs.
    shared = RawSQL(
        "(SELECT count(*) FROM unnest(bands) AS band WHERE band = ANY(%s::bigint[]))",
        [list(bands)],
    )
    found = ArticleSketch.objects.filter(bands__overlap=list(bands), version=VERSION)
    found = found.exclude(article=article).order_by(shared.desc(), "article_id")
    return list(found.values_list("article_id", flat=True)[:MOST_COMPARED])


def runs_and_bands(text: str) -> tuple[Runs, list[int]]:
    """What of a text is compared, and the keys by which its likely copies are found."""
    runs = _runs(text)
    return runs, bands_of(runs)


def _runs(text: str) -> Runs:
    return _runs_kept(text) if len(text) <= _LONGEST_KEPT else runs_of(words_of(text))


@lru_cache(maxsize=256)
def _runs_kept(text: str) -> Runs:
    # Copies of one wire story come soon after each other.
    return runs_of(words_of(text))


def _pairs(article: Article, runs: Runs, likely: Collection[int]) -> Iterator[CopyPair]:
    for pk, text in _texts(likely):
        alike = likeness(runs, _runs(text))
        if alike.is_copy:
            yield CopyPair(
                first_id=min(pk, article.pk),
                second_id=max(pk, article.pk),
                similarity=alike.similarity,
                containment=alike.containment,
            )


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
