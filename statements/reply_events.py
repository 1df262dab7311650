"""Who answers whom as an event list in the form of DNA: a statement from one party to another."""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import batched

from django.db.models import F, OuterRef, Subquery

from statements.dna import event_field, event_time, wide_characters
from statements.exports import Echo
from statements.models import Reply, ReplyDecision
from statements.models.replies import ReplyQuerySet

COLUMNS = (
    "statement_id",
    "time",
    "person",
    "organization",
    "target_person",
    "target_organization",
    "relation",
    "state",
    "agreement",
    "start_position",
    "stop_position",
    "text",
    "evidence",
    "coder",
    "document_id",
    "document_title",
    "document_author",
    "document_source",
    "document_section",
    "document_type",
)

_AT_ONCE = 200


def event_lines(replies: ReplyQuerySet) -> Iterator[str]:
    """A header, then a line per link, by day; days that nobody knows come last and are empty.

    `agreement` is 0 where one rebuts the other and empty else, since to respond or to cite is
    neither yes nor no. The coder is who decided last; a link that is only proposed has none.
    """
    writer = csv.writer(Echo(), delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    yield writer.writerow(COLUMNS)
    last = ReplyDecision.objects.filter(reply=OuterRef("pk")).order_by("-pk")
    joined = (
        replies.select_related(
            "actor", "speaker", "quote__actor", "quote__speaker", "quote__article__outlet"
        )
        .defer("quote__article__text")
        .annotate(coder=Subquery(last.values("editor__username")[:1]))
        .order_by(F("quote__said_on").asc(nulls_last=True), "pk")
    )
    for chunk in batched(joined.iterator(chunk_size=_AT_ONCE), _AT_ONCE):
        wide = wide_characters({reply.quote.article_id for reply in chunk})
        for reply in chunk:
            event = _event(reply, wide.get(reply.quote.article_id, ()))
            yield writer.writerow([event_field(each) for each in event])


def _event(reply: Reply, wide: Sequence[int]) -> tuple[object, ...]:
    quote = reply.quote
    article = quote.article
    decided = reply.state != Reply.State.PROPOSED
    return (
        reply.pk,
        event_time(quote.said_on),
        quote.speaker.name if quote.speaker else "",
        quote.actor.name if quote.actor else "",
        reply.speaker.name if reply.speaker else "",
        reply.actor.name if reply.actor else "",
        reply.get_relation_display().lower(),
        reply.get_state_display().lower(),
        "0" if reply.relation == Reply.Relation.REBUTS else "",
        quote.start + bisect_left(wide, quote.start),
        quote.end + bisect_left(wide, quote.end),
        quote.content,
        reply.evidence,
        (reply.coder or "") if decided else "",  # type: ignore[attr-defined]
        article.pk,
        article.title,
        article.byline,
        article.outlet.name if article.outlet else "",
        "",
        "article",
    )
