"""Stances as an event list of Leifeld's Discourse Network Analyzer (DNA), streamed row by row."""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import batched

from django.db.models import F, OuterRef, Subquery

from statements.exports import Echo, cell
from statements.models import Article, Stance, StanceLabel
from statements.models.quotes import QuoteQuerySet
from statements.models.stances import StanceQuerySet

VARIABLES = ("person", "organization", "concept", "agreement")
COLUMNS = (
    "statement_id",
    "time",
    *VARIABLES,
    "start_position",
    "stop_position",
    "text",
    "coder",
    "document_id",
    "document_title",
    "document_author",
    "document_source",
    "document_section",
    "document_type",
)

# DNA's qualifier is yes or no.
_AGREEMENT = {Stance.Label.SUPPORTS: "1", Stance.Label.OPPOSES: "0"}
_AT_ONCE = 200


def events(
    quotes: QuoteQuerySet, *, issues: Collection[str] = (), labels: Collection[str] = ()
) -> StanceQuerySet:
    """The stances of these quotes that are statements for DNA: on the issues (slugs) and labels
    given, or on all.

    A stance counts when editors gave it and agree, or a lead decided; one that is only suggested
    or disputed does not. DNA knows agreement and disagreement alone, so that mixed, neutral and
    unrelated quotes are left out.
    """
    found = Stance.objects.labelled().filter(quote__in=quotes, label__in=list(_AGREEMENT))
    if issues:
        found = found.filter(issue__slug__in=issues)
    return found.filter(label__in=labels) if labels else found


def csv_lines(stances: StanceQuerySet) -> Iterator[str]:
    """A header, then a line per stance, by day; days that nobody knows come last and are empty.

    A quote of several voices is one line with the lead voice, since DNA's statements have one.
    As DNA's own export does, ";" becomes "," and '"' becomes "'" in every text; line breaks become
    blanks. Positions count as Java does, in UTF-16: a character beyond U+FFFF counts twice.
    """
    writer = csv.writer(Echo(), delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    yield writer.writerow(COLUMNS)
    # The lead who decided, else the first of the editors who agree.
    coders = (
        StanceLabel.objects.current()
        .filter(quote=OuterRef("quote"), issue=OuterRef("issue"))
        .order_by("-is_adjudication", "created_at", "pk")
    )
    joined = stances.select_related(
        "issue", "quote__article__outlet", "quote__speaker", "quote__actor"
    ).defer("quote__article__text")
    coded = joined.annotate(coder=Subquery(coders.values("editor__username")[:1]))
    ordered = coded.order_by(F("quote__said_on").asc(nulls_last=True), "pk")
    for chunk in batched(ordered.iterator(chunk_size=_AT_ONCE), _AT_ONCE):
        wide = wide_characters({stance.quote.article_id for stance in chunk})
        for stance in chunk:
            coder = stance.coder  # type: ignore[attr-defined]
            event = _event(stance, coder or "", wide.get(stance.quote.article_id, ()))
            yield writer.writerow([event_field(each) for each in event])


def wide_characters(articles: Collection[int]) -> Mapping[int, Sequence[int]]:
    """Where characters beyond U+FFFF stand in each article; texts are read one at a time."""
    texts = Article.objects.filter(pk__in=articles).values_list("pk", "text")
    return {
        pk: [place for place, each in enumerate(text) if each > "\uffff"]
        for pk, text in texts.iterator(chunk_size=1)
    }


def _event(stance: Stance, coder: str, wide: Sequence[int]) -> tuple[object, ...]:
    quote = stance.quote
    article = quote.article
    return (
        stance.pk,
        event_time(quote.said_on),
        quote.speaker.name if quote.speaker else "",
        quote.actor.name if quote.actor else "",
        stance.issue.title,
        _AGREEMENT[Stance.Label(stance.label)],
        quote.start + bisect_left(wide, quote.start),
        quote.end + bisect_left(wide, quote.end),
        quote.content,
        coder,
        article.pk,
        article.title,
        article.byline,
        article.outlet.name if article.outlet else "",
        "",
        "article",
    )


def event_time(day: date | None) -> str:
    """The day as DNA writes a time; empty when nobody knows it."""
    # Not strftime: it leaves out the zeros of early years.
    return f"{day.isoformat()} 00:00:00" if day else ""


def event_field(value: object) -> str:
    """The value as DNA writes it, safe for spreadsheets."""
    return cell(" ".join(str(value).replace(";", ",").replace('"', "'").splitlines()))
