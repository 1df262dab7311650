"""Linking what is alike, as it comes in or afterwards: copies of articles, repeats of quotes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from statements.ingest.copies import Keyed, join_copies, keyed, take_out
from statements.ingest.repeats import in_statements_of, join_anew, join_repeats, leave
from statements.models import (
    Article,
    ArticleCopy,
    ArticleSketch,
    CommonRun,
    CopyPair,
    Quote,
    QuoteSketch,
    Statement,
    Variant,
)
from statements.models.articles import ArticleQuerySet
from statements.nlp.likeness import VERSION

# Any number that no other advisory lock of the application uses.
_LINKING = 7_203_117
_AT_ONCE = 50


@dataclass(slots=True)
class Links:
    """How many articles were linked, and with how many copies and repeats."""

    articles: int = 0
    copies: int = 0
    repeats: int = 0


def wait_for_turn() -> None:
    """Wait until no other transaction links, and keep the turn until this one ends.

    Two copies that are stored at the same moment do not see each other; so the second waits for
    the first. Whoever locks rows of quotes and then links takes the turn before the rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LINKING])


@contextmanager
def _turn() -> Iterator[None]:
    """Take the turn, and search arrays by their index.

    The planner takes comparing arrays for cheaper than it is: every key with every other, in every
    row, which is 200 times as long as by the index at 600 articles.
    """
    wait_for_turn()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT")


def link_article(article: Article) -> Links:
    """Group the article with its copies, and link its quotes with their repeats.

    Linking again changes nothing. Call it last in a transaction: until its end others wait.
    """
    return _link([keyed(article.pk, article.text)])


def link_articles(articles: Collection[int]) -> Links:
    """Link those of these articles (their keys) that are not linked yet, in one transaction.

    Called in another one, it belongs to its end: until then others wait.
    """
    waiting = unlinked().filter(pk__in=articles).order_by("pk")
    return _link([keyed(*each) for each in waiting.values_list("pk", "text")])


@transaction.atomic
def _link(lot: Sequence[Keyed]) -> Links:
    keys = [each.pk for each in lot]
    if not keys:
        return Links()
    with _turn():
        # Some may have been taken away, with the import that brought them, before it was our turn.
        there = set(Article.objects.filter(pk__in=keys).values_list("pk", flat=True))
        lot = [each for each in lot if each.pk in there]
        copies = join_copies(lot)
        repeats = join_repeats(Quote.objects.filter(article__in=there), copies)
    return Links(articles=len(lot), copies=len(copies.keys() & there), repeats=repeats)


@transaction.atomic
def relink_quotes(quotes: Collection[int]) -> None:
    """Link quotes (their keys) anew whose words or voices have changed.

    Those of articles that are not linked yet are left to whoever links these.
    """
    with _turn():
        linked = Exists(ArticleSketch.objects.filter(article=OuterRef("article")))
        there = set(
            Quote.objects.filter(linked, pk__in=quotes).order_by().values_list("pk", flat=True)
        )
        whole = in_statements_of(there)
        if whole:
            join_anew(whole, _copies_of(whole))


def _copies_of(quotes: Collection[int]) -> dict[int, set[int]]:
    """The copies of each of the quotes' articles that has any."""
    articles = Quote.objects.filter(pk__in=quotes).order_by().values("article")
    pairs = CopyPair.objects.filter(Q(first__in=articles) | Q(second__in=articles))
    copies: dict[int, set[int]] = defaultdict(set)
    for first, second in pairs.values_list("first_id", "second_id"):
        copies[first].add(second)
        copies[second].add(first)
    return copies


@transaction.atomic
def unlink_articles(articles: Collection[int]) -> None:
    """Take articles (their keys) and their quotes out of all groups, as before deleting them."""
    wait_for_turn()
    take_out(articles)
    quotes = Quote.objects.filter(article__in=articles).values_list("pk", flat=True)
    for chunk in batched(quotes, 1000):
        leave(chunk)
        QuoteSketch.objects.filter(quote__in=chunk).delete()


def link_all(progress: Callable[[Links], None] | None = None) -> Links:
    """Link every article that is not linked yet, oldest first, some in each transaction."""
    total = Links()
    last = 0
    while True:
        links, last = _link_next(last)
        if not last:
            return total
        total.articles += links.articles
        total.copies += links.copies
        total.repeats += links.repeats
        if progress:
            progress(total)


def link_some() -> bool:
    """Link the oldest articles that are not linked yet; returns whether there were any."""
    return bool(_link_next(0)[1])


def _link_next(last: int) -> tuple[Links, int]:
    """Link some articles behind this key; returns the key of the last, or 0 for none."""
    rest = unlinked().filter(pk__gt=last).order_by("pk").values_list("pk", "text")
    chunk = [keyed(*each) for each in rest[:_AT_ONCE]]
    return _link(chunk), chunk[-1].pk if chunk else 0


def unlinked() -> ArticleQuerySet:
    """The articles that are not linked yet, or were by an older version."""
    sketched = ArticleSketch.objects.filter(article=OuterRef("pk"), version=VERSION)
    return Article.objects.exclude(Exists(sketched))


@transaction.atomic
def forget_links() -> None:
    """Drop every link, so that all are made anew; articles and quotes stay as they are."""
    wait_for_turn()
    for model in (Variant, Statement, QuoteSketch, CommonRun, ArticleCopy, CopyPair, ArticleSketch):
        rows = model._default_manager.all()
        rows._raw_delete(using=rows.db)  # Nothing refers to them but what went before.
