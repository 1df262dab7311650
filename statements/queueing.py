"""Bringing quotes to the queues of the issues that they bear on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from statements.models import Article, Issue, QueueItem, Quote
from statements.models.queues import QueueItemQuerySet
from statements.models.quotes import SHOWN, QuoteQuerySet

Reason = QueueItem.Reason

_RANKS = {Reason.TERM: 0, Reason.HAND: 0, Reason.ARTICLE: 1}
_AT_ONCE = 1000


def fill_queue(issue: Issue, quotes: QuoteQuerySet | None = None) -> int:
    """Add the quotes (all by default) that mention the issue, or whose article does.

    Returns how many are new there. Those that are there stay as they are, judged or dropped.
    """
    quotes = Quote.objects.all() if quotes is None else quotes
    shown = {name: value for name, value in SHOWN.items() if name != "article__is_draft"}
    there = QueueItem.objects.filter(issue=issue, quote=OuterRef("pk"))
    found = _bearing_on(issue, quotes.filter(**shown).exclude(Exists(there)))
    return sum(
        len(QueueItem.objects.bulk_create(chunk, ignore_conflicts=True))
        for chunk in batched(_items(issue, found), _AT_ONCE)
    )


def add_to_queue(issue: Issue, quote: Quote) -> QueueItem:
    """Put one quote into the issue's queue by hand, or back into it."""
    place = (quote.article.text_hash, quote.start, quote.end)
    item = _item(issue, quote.pk, place, Reason.HAND)
    item, created = QueueItem.objects.get_or_create(
        issue=issue,
        quote=quote,
        defaults={
            name: getattr(item, name) for name in ("reason", "rank", "draw", "place", "is_double")
        },
    )
    if not created and (item.is_dropped or item.reason == Reason.ARTICLE):
        item.is_dropped, item.reason, item.rank = False, Reason.HAND, _RANKS[Reason.HAND]
        item.save(update_fields=["is_dropped", "reason", "rank"])
    return item


def drop_from_queue(issue: Issue, quote: Quote) -> None:
    """Take a quote out of the issue's queue; what was judged of it stays."""
    QueueItem.objects.filter(issue=issue, quote=quote).update(is_dropped=True)


def redraw_double(issue: Issue) -> QueueItemQuerySet:
    """Apply the issue's share of quotes judged twice to those that nobody has judged yet."""
    unjudged = QueueItem.objects.filter(issue=issue, label_count=0)
    share = issue.double_percent / 100
    unjudged.update(is_double=Case(When(draw__lt=share, then=True), default=False))
    return unjudged


def _bearing_on(issue: Issue, quotes: QuoteQuerySet) -> QuoteQuerySet:
    """The quotes that bear on the issue, each with the `reason`."""
    terms = [*issue.terms, *issue.counter_terms]
    if issue.actor:
        terms += issue.actor.names.values_list("text", flat=True)
        quotes = quotes.exclude(actor=issue.actor)
    if not terms:
        return quotes.none().annotate(distance=Value(0))
    mentioned = Q(content__iregex=_pattern(terms))
    if issue.actor:
        # What an article says of somebody tells nothing of whom its other quotes are about.
        return quotes.filter(mentioned).annotate(distance=Value(0))
    # Words like "report" mean the issue's own only where it is named: by a capital letter.
    names = [term for term in terms if term != term.lower()] or terms
    articles = Article.objects.filter(text__iregex=_pattern(names)).values("pk")
    return quotes.filter(article__in=articles).annotate(
        distance=Case(When(mentioned, then=0), default=1, output_field=IntegerField())
    )


def _pattern(terms: Sequence[str]) -> str:
    # Whole words, or their plural: a dam is not mentioned by damage.
    return rf"(?<!\w)({'|'.join(re.escape(term) for term in terms)})(s|es)?(?!\w)"


def _items(issue: Issue, quotes: QuerySet[Any, Any]) -> Iterator[QueueItem]:
    rows = quotes.values_list("pk", "distance", "article__text_hash", "start", "end")
    for pk, distance, *place in rows.iterator():
        yield _item(issue, pk, place, Reason.ARTICLE if distance else Reason.TERM)


def _item(
    issue: Issue, quote: int, place: Sequence[str | int], reason: QueueItem.Reason
) -> QueueItem:
    # Drawn by hash, so that the same quotes come in the same order wherever they are loaded.
    digest = hashlib.sha256(f"{issue.slug} {[*place]}".encode()).digest()
    draw = int.from_bytes(digest[:6]) / 2**48
    return QueueItem(
        issue=issue,
        quote_id=quote,
        reason=reason,
        rank=_RANKS[reason],
        draw=draw,
        # Another number: those judged twice are to come anywhere in the queue.
        place=int.from_bytes(digest[6:12]) / 2**48,
        is_double=draw < issue.double_percent / 100,
    )
