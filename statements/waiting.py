"""The quotes that wait for an editor's judgement on an issue, and the order in which they come."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When
from django.db.models.fields.tuple_lookups import (
    Tuple,
    TupleGreaterThan,
    TupleLessThan,
)

from statements.models import Article, Issue, Quote, StanceLabel

# What a quote is sorted by: does it mention the issue, does its article, and where it stands.
_KEYS = ("distance", "article_id", "start", "pk")


@dataclass(frozen=True, slots=True)
class Queue:
    """One editor's way through the quotes on one issue.

    Quotes that mention the issue come first, then those of articles that do, then the rest.
    """

    issue: Issue
    editor: User

    def everything(self) -> QuerySet[Quote]:
        """All quotes that the editor may read, in the queue's order, judged or not."""
        quotes = Quote.objects.visible_to(self.editor)
        return quotes.annotate(distance=_distance(self.issue)).order_by(*_KEYS)

    def waiting(self) -> QuerySet[Quote]:
        """Those that this editor has not judged on the issue."""
        return self.everything().exclude(Exists(self._judgements().filter(quote=OuterRef("pk"))))

    def count_judged(self) -> int:
        return self._judgements().filter(quote__in=Quote.objects.visible_to(self.editor)).count()

    def next(self, after: Quote | None = None) -> Quote | None:
        """The quote to judge next: the first that waits behind `after`, else the first of all."""
        waiting = self.waiting()
        place = self._place(after)
        if place is not None:
            following = waiting.filter(TupleGreaterThan(Tuple(*_KEYS), place)).first()
            if following is not None:
                return following
        return waiting.exclude(pk=after.pk).first() or waiting.first() if after else waiting.first()

    def previous(self, before: Quote) -> Quote | None:
        """The quote in front of this one, judged or not: the way back to change one's mind."""
        place = self._place(before)
        if place is None:
            return None
        return self.everything().filter(TupleLessThan(Tuple(*_KEYS), place)).reverse().first()

    def _judgements(self) -> QuerySet[StanceLabel]:
        return StanceLabel.objects.current().filter(
            issue=self.issue, editor=self.editor, is_adjudication=False
        )

    def _place(self, quote: Quote | None) -> tuple[int, ...] | None:
        if quote is None:
            return None
        return self.everything().filter(pk=quote.pk).values_list(*_KEYS).first()


def _distance(issue: Issue) -> Case | Value:
    terms = [*issue.terms, *issue.counter_terms]
    if not terms:
        return Value(0, output_field=IntegerField())
    # Whole words, or their plural: a dam is not mentioned by damage.
    pattern = rf"(?<!\w)({'|'.join(re.escape(term) for term in terms)})(s|es)?(?!\w)"
    # Asked of each article once, not of each of its quotes.
    articles = Article.objects.filter(text__iregex=pattern).values("pk")
    return Case(
        When(content__iregex=pattern, then=Value(0)),
        When(article__in=articles, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
