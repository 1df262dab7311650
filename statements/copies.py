"""The other versions of an article, as its page names them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import F, Q

from statements.models import Article, ArticleCopy, CopyPair

MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class Version:
    """Another article of the same group, and how alike both are where they were compared."""

    article: Article
    pair: CopyPair | None
    is_head: bool

    @property
    def similarity(self) -> float:
        """What to show: rounding makes no edited copy the same."""
        found = self.pair.similarity if self.pair else 0.0
        return found if found == 1 else min(found, 0.99)


@dataclass(frozen=True, slots=True)
class Versions:
    """The others of a group, earliest first, and how many more there are."""

    named: list[Version]
    more: int

    def __bool__(self) -> bool:
        return bool(self.named)


def copies_of(article: Article, user: AbstractBaseUser | AnonymousUser) -> Versions:
    """The article's copies, and what it is a copy of, that this user may read.

    Of an article with its `copy` fetched it takes one query, or two where there are any.
    """
    copy: ArticleCopy | None = getattr(article, "copy", None)
    head = copy.head_id if copy else article.pk
    group = Article.objects.visible_to(user).filter(Q(pk=head) | Q(copy__head=head))
    others = group.exclude(pk=article.pk).select_related("outlet").defer("text")
    others = others.order_by(F("published_on").asc(nulls_last=True), "pk")
    named = list(others[: MOST_NAMED + 1])
    more = others.count() - MOST_NAMED if len(named) > MOST_NAMED else 0
    if not named:
        return Versions([], 0)
    pairs = {
        pair.first_id + pair.second_id - article.pk: pair
        for pair in CopyPair.objects.filter(Q(first=article) | Q(second=article))
    }
    versions = [Version(each, pairs.get(each.pk), each.pk == head) for each in named[:MOST_NAMED]]
    return Versions(versions, more)
