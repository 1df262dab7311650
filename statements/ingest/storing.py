"""Storing articles with their quotes, a lot in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from statements.browsing.keeping import listed_once
from statements.ingest.answering import link_replies
from statements.ingest.copying import copy_rows, next_keys
from statements.ingest.documents import Document
from statements.ingest.identities import Identities
from statements.ingest.suggesting import suggest_stances
from statements.models import Article, Issue, JointVoice, Outlet, Quote, QuotePart
from statements.models.articles import outlet_named
from statements.nlp import PIPELINE_VERSION, Quotation
from statements.nlp.quotation import words_said
from statements.nlp.sentences import Sentences
from statements.queueing import fill_queue


@transaction.atomic
def store_article(
    document: Document, quotations: Sequence[Quotation], identities: Identities
) -> Article:
    """Store the document and what was found in it; raises IntegrityError when its text is known."""
    name = document.facts.outlet
    article = new_article(document, outlet_named(name) if name else None)
    store_articles([Prepared(document, article, quotations)], identities)
    return article


@transaction.atomic
def store_articles(lot: Sequence[Prepared], identities: Identities) -> None:
    """Store articles of different texts, with their quotes, queues and suggestions: all or none.

    Raises IntegrityError when one of the texts is known. They are not linked with others yet.
    """
    identities.begin()
    with listed_once() as listed:
        joint = copy_articles(lot, identities)
        quotes = [each.quote for prepared in lot for each in prepared.found]
        listed.update(quote.pk for quote in quotes)
        _follow_up(quotes)
    link_replies([(each.article, each.found) for each in lot], joint)


def copy_articles(lot: Sequence[Prepared], identities: Identities) -> list[JointVoice]:
    """Store articles of different texts, with their quotes, and nothing else of them.

    Call it in a transaction, after `identities.begin()`. Returns the other voices of the quotes.
    """
    articles = [each.article for each in lot]
    for article, key in zip(articles, next_keys(Article, len(articles)), strict=True):
        article.pk = key
    # In the same order everywhere: two imports of the same texts never wait for each other.
    copy_rows(Article, sorted(articles, key=lambda each: each.text_hash))
    return _copy_found([each for prepared in lot for each in prepared.found], identities)


def new_article(document: Document, outlet: Outlet | None) -> Article:
    """The article that the document becomes, not yet stored."""
    facts = document.facts
    return Article(
        title=document.title[:500],
        text=document.text,
        text_hash=Article.hash_of(document.text),
        outlet=outlet,
        byline=facts.byline[:300],
        url=facts.url[:1000],
        published_on=facts.published,
        published_basis=facts.published_basis,
        is_fiction=facts.fiction,
        note=facts.note,
        pipeline=PIPELINE_VERSION,
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A quote as the pipeline found it, not yet stored, with its parts and who is said to speak."""

    quote: Quote
    parts: list[QuotePart]
    quotation: Quotation

    def give_voices(self, identities: Identities) -> list[JointVoice]:
        """Write the lead voice into the quote and return the others, not yet stored."""
        return _voices(self.quote, self.quotation, identities)


@dataclass(slots=True)
class Prepared:
    """A document on its way, and the rows that it becomes if its text is new."""

    document: Document
    article: Article
    quotations: Sequence[Quotation]
    _found: list[Found] | None = None

    @property
    def found(self) -> list[Found]:
        """The article's quotes; to cut out what stands around them takes a while."""
        if self._found is None:
            self._found = found_quotes(self.article, self.quotations)
        return self._found


def found_quotes(article: Article, quotations: Sequence[Quotation]) -> list[Found]:
    """The quotations as quotes of the article, one for each place."""
    sentences = Sentences(article.text)
    found = []
    for quotation in _one_per_place(quotations):
        quote = _quote(article, quotation, sentences)
        found.append(Found(quote, _parts(quote, quotation), quotation))
    return found


def store_found(found: Sequence[Found], identities: Identities) -> None:
    """Store new quotes of articles that are stored, and what follows for queues and suggestions."""
    _copy_found(found, identities)
    _follow_up([each.quote for each in found])


def _copy_found(found: Sequence[Found], identities: Identities) -> list[JointVoice]:
    for each, key in zip(found, next_keys(Quote, len(found)), strict=True):
        each.quote.pk = key
        # Set again, now that the article and the quote have their keys.
        each.quote.article = each.quote.article
        for part in each.parts:
            part.quote = each.quote
    identities.prepare(
        [(voice, each.quote.article.title) for each in found for voice in each.quotation.voices]
    )
    quotes, parts, joint = rows_of(found, identities)
    copy_rows(Quote, quotes)
    copy_rows(QuotePart, _with_keys(QuotePart, parts))
    copy_rows(JointVoice, _with_keys(JointVoice, joint))
    return joint


def _follow_up(quotes: Sequence[Quote]) -> None:
    if quotes:
        stored = Quote.objects.filter(article__in={quote.article_id for quote in quotes})
        for issue in Issue.objects.select_related("actor"):
            fill_queue(issue, stored)
        suggest_stances(quotes)


def rows_of(
    found: Sequence[Found], identities: Identities
) -> tuple[list[Quote], list[QuotePart], list[JointVoice]]:
    """The quotes with their voices, and the rows that belong to them; none is stored yet."""
    joint = [voice for each in found for voice in each.give_voices(identities)]
    quotes = [each.quote for each in found]
    for row in (*quotes, *joint):
        # A later voice may have told what an actor is.
        if row.actor:
            row.actor_type, row.country = row.actor.type, row.actor.country
    return quotes, [part for each in found for part in each.parts], joint


def _with_keys[M: (QuotePart, JointVoice)](model: type[M], rows: Sequence[M]) -> Iterator[M]:
    for row, key in zip(rows, next_keys(model, len(rows)), strict=True):
        row.pk = key
        yield row


def _one_per_place(quotations: Sequence[Quotation]) -> list[Quotation]:
    return list({(each.start, each.end): each for each in reversed(quotations)}.values())[::-1]


def _quote(article: Article, quotation: Quotation, sentences: Sentences) -> Quote:
    text = article.text
    cue_start, cue_end = quotation.cue or (None, None)
    source_start, source_end = quotation.source or (None, None)
    quote = Quote(
        article=article,
        kind=quotation.kind,
        act=quotation.act,
        start=quotation.start,
        end=quotation.end,
        content=words_said(text[start:end] for start, end in quotation.parts),
        cue_start=cue_start,
        cue_end=cue_end,
        cue=text[cue_start:cue_end] if quotation.cue else "",
        source_start=source_start,
        source_end=source_end,
        source=text[source_start:source_end] if quotation.source else "",
        attribution=_attribution(quotation),
        basis=quotation.basis,
        candidates=list(quotation.candidates),
        said_on=article.published_on,
        said_basis="article" if article.published_on else "",
        # As many digits as `manage.py extract` prints: both ways of loading store the same.
        confidence=round(quotation.confidence, 4),
        source_confidence=round(quotation.source_confidence, 4),
    )
    quote.before, quote.after = sentences.around(*quote.passage)
    return quote


def _attribution(quotation: Quotation) -> Quote.Attribution:
    if not quotation.voices:
        return Quote.Attribution.OPEN
    if any(voice.provisional for voice in quotation.voices):
        return Quote.Attribution.PROVISIONAL
    return Quote.Attribution.STATED


def _parts(quote: Quote, quotation: Quotation) -> list[QuotePart]:
    text = quote.article.text
    return [
        QuotePart(quote=quote, ordinal=ordinal, start=start, end=end, content=text[start:end])
        for ordinal, (start, end) in enumerate(quotation.parts)
    ]


def _voices(quote: Quote, quotation: Quotation, identities: Identities) -> list[JointVoice]:
    """Write the lead voice into the quote and return the others."""
    joint = []
    for ordinal, voice in enumerate(quotation.voices):
        party = identities.party(voice, evidence=quote.article.title)
        row = quote if ordinal == 0 else JointVoice(quote=quote, ordinal=ordinal)
        row.speaker, row.actor, row.affiliation = party.speaker, party.actor, party.affiliation
        row.actor_type, row.country = party.actor_type, party.country
        row.role = voice.role[:300]
        if isinstance(row, JointVoice) and (party.speaker or party.actor):
            joint.append(row)
    return joint
