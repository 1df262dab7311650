"""Storing one article with its quotes, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from statements.ingest.documents import Document
from statements.ingest.identities import Identities
from statements.ingest.linking import link_article
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
    identities.begin()
    outlet = document.facts.outlet
    article = new_article(document, outlet_named(outlet) if outlet else None)
    article.save(force_insert=True)
    store_found(article, found_quotes(article, quotations), identities)
    return article


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


def found_quotes(article: Article, quotations: Sequence[Quotation]) -> list[Found]:
    """The quotations as quotes of the article, one for each place."""
    sentences = Sentences(article.text)
    found = []
    for quotation in _one_per_place(quotations):
        quote = _quote(article, quotation, sentences)
        found.append(Found(quote, _parts(quote, quotation), quotation))
    return found


def store_found(article: Article, found: Sequence[Found], identities: Identities) -> None:
    """Store new quotes of an article, and what follows for queues and suggestions."""
    quotes, parts, joint = rows_of(found, identities)
    Quote.objects.bulk_create(quotes)
    QuotePart.objects.bulk_create(parts)
    JointVoice.objects.bulk_create(joint)
    for issue in Issue.objects.select_related("actor"):
        fill_queue(issue, Quote.objects.filter(article=article))
    suggest_stances(quotes)
    link_article(article)


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
