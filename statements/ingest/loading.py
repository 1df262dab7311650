"""One import from documents to stored articles: the path that command and desk share."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, IntegrityError
from django.utils import timezone

from statements.ingest.documents import Document, Refusal
from statements.ingest.identities import Identities
from statements.ingest.storing import store_article
from statements.models import Article, ImportBatch, ImportItem
from statements.nlp import Quotation, extract

logger = logging.getLogger(__name__)

Outcome = ImportItem.Outcome


@dataclass(slots=True)
class Report:
    """What became of an import, item by item."""

    items: list[ImportItem] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        return sum(item.outcome == outcome for item in self.items)

    @property
    def quotes(self) -> int:
        return sum(item.quote_count for item in self.items if item.outcome == Outcome.NEW)

    @property
    def rejected(self) -> list[ImportItem]:
        return [item for item in self.items if item.outcome == Outcome.REJECTED]

    @property
    def undated(self) -> list[ImportItem]:
        """New items of which nobody knows when they were published."""
        return [
            item
            for item in self.items
            if item.outcome == Outcome.NEW and item.article and not item.article.published_on
        ]

    def as_json(self) -> dict[str, object]:
        return {
            "new": self.count(Outcome.NEW),
            "duplicate": self.count(Outcome.DUPLICATE),
            "rejected": self.count(Outcome.REJECTED),
            "quotes": self.quotes,
            "items": [
                {
                    "name": item.name,
                    "outcome": item.outcome,
                    "reason": item.reason,
                    "article": str(item.article.uuid) if item.article else None,
                    "title": item.article.title if item.article else None,
                    "quotes": item.quote_count,
                }
                for item in self.items
            ],
        }


def load_documents(
    documents: Iterable[Document | Refusal],
    *,
    channel: str,
    user: User | None = None,
    workers: int = 1,
    progress: Callable[[ImportItem], None] | None = None,
) -> tuple[Report, ImportBatch]:
    """Store every document that is new, with its quotes; running it again changes nothing.

    Each document ends as new, duplicate or rejected, is recorded in the batch, and is passed to
    `progress`. One that cannot be stored is rejected with its reason; the rest go on.
    """
    batch = ImportBatch.objects.create(channel=channel, user=user)
    return _Loading(batch, workers, progress or _silent).run(documents), batch


def _silent(_: ImportItem) -> None:
    """Report no progress."""


class _Loading:
    def __init__(
        self, batch: ImportBatch, workers: int, progress: Callable[[ImportItem], None]
    ) -> None:
        self.batch = batch
        self.workers = workers
        self.progress = progress
        self.report = Report()
        self.identities = Identities()
        # Texts of this import that are on their way, so that a second copy is seen as one.
        self.pending: dict[str, list[Document]] = {}

    def run(self, documents: Iterable[Document | Refusal]) -> Report:
        new_texts = self._new_texts(documents)
        # An import of what is there already does not wait for the language model.
        for first in new_texts:
            found = extract(
                chain([first], new_texts),
                model=settings.NEWSROOM_SPACY_MODEL,
                fast=settings.NEWSROOM_FAST_EXTRACTION,
                workers=self.workers,
            )
            for quotations, document in found:
                self._store(document, quotations)
        self.batch.finished_at = timezone.now()
        self.batch.save(update_fields=["finished_at"])
        return self.report

    def _new_texts(self, documents: Iterable[Document | Refusal]) -> Iterator[tuple[str, Document]]:
        for document in documents:
            if isinstance(document, Refusal):
                self._record(document.name, document.size, Outcome.REJECTED, reason=document.reason)
                continue
            text_hash = Article.hash_of(document.text)
            known = Article.objects.filter(text_hash=text_hash).first()
            if known:
                self._record(document.name, document.size, Outcome.DUPLICATE, article=known)
            elif text_hash in self.pending:
                self.pending[text_hash].append(document)
            else:
                self.pending[text_hash] = []
                yield document.text, document

    def _store(self, document: Document, quotations: list[Quotation]) -> None:
        text_hash = Article.hash_of(document.text)
        copies = self.pending.pop(text_hash)
        try:
            article = store_article(document, quotations, self.identities)
        except DatabaseError as error:
            self.identities.forget()
            known = Article.objects.filter(text_hash=text_hash).first()
            if known and isinstance(error, IntegrityError):
                # Another import stored the same text while this one was reading it.
                copies = [document, *copies]
                article = known
            else:
                logger.exception("%s could not be stored", document.name)
                reason = (
                    f"The database refused it: {str(error).splitlines()[0]}. Please report this."
                )
                for each in [document, *copies]:
                    self._record(each.name, each.size, Outcome.REJECTED, reason=reason)
                return
        else:
            self._record(document.name, document.size, Outcome.NEW, article=article)
        for copy in copies:
            self._record(copy.name, copy.size, Outcome.DUPLICATE, article=article)

    def _record(
        self,
        name: str,
        size: int,
        outcome: ImportItem.Outcome,
        *,
        article: Article | None = None,
        reason: str = "",
    ) -> None:
        item = ImportItem.objects.create(
            batch=self.batch,
            name=name[-500:],
            size=size,
            outcome=outcome,
            reason=reason,
            article=article,
            quote_count=article.quotes.count() if article else 0,
        )
        self.report.items.append(item)
        self.progress(item)
