"""Reading an import's items for quotes and storing them, each once, whatever stops in between."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence

from django.conf import settings
from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from statements.ingest.identities import Identities
from statements.ingest.importing import document_of, finish_if_done
from statements.ingest.storing import store_article
from statements.models import Article, ImportBatch, ImportItem
from statements.nlp import Quotation, extract

logger = logging.getLogger(__name__)

Outcome, State = ImportItem.Outcome, ImportBatch.State
Progress = Callable[[ImportItem], None]

# A text that stopped so many workers is taken to be what stopped them.
MOST_ATTEMPTS = 10
# How often an article is stored anew that met another worker's.
_TRIES = 3


def process(
    batch_id: int,
    items: Sequence[int],
    *,
    workers: int = 1,
    progress: Progress | None = None,
) -> None:
    """Bring these items of a running batch to their end, in order.

    What is at its end already is passed over, so it may be called twice, or by two workers. It
    stops behind the item at hand when the batch is paused or cancelled. Raises OperationalError
    when the database goes away: nothing is lost then, and the rest waits on.
    """
    _Processing(batch_id, workers, progress).run(items)
    finish_if_done(batch_id)


class _Stopped(Exception):
    """The batch no longer runs."""


class _Processing:
    def __init__(self, batch_id: int, workers: int, progress: Progress | None) -> None:
        self.batch_id = batch_id
        self.workers = workers
        self.progress = progress
        self.identities = Identities()
        # Items that wait for a first one with the same text.
        self.copies: dict[str, list[ImportItem]] = {}

    def run(self, keys: Sequence[int]) -> None:
        waiting = ImportItem.objects.waiting().filter(pk__in=keys, batch=self.batch_id)
        items = list(waiting.order_by("pk"))
        fresh = [item for item in items if not item.attempts]
        try:
            self._begin(fresh)
            self._read(fresh)
            # One at a time: a text that stops the worker then stops no other's way.
            for item in items:
                if item.attempts and item not in fresh:
                    self._again(item)
        except _Stopped:
            return

    def _again(self, item: ImportItem) -> None:
        if item.attempts >= MOST_ATTEMPTS:
            self._reject(
                item,
                f"Reading it stopped the program {item.attempts} times; "
                "split the text, or report it with the file.",
            )
            return
        self._begin([item])
        self._read([item])

    def _begin(self, items: Sequence[ImportItem]) -> None:
        ImportItem.objects.filter(pk__in=[item.pk for item in items]).update(
            attempts=F("attempts") + 1
        )

    def _read(self, items: Sequence[ImportItem]) -> None:
        firsts = self._firsts(items)
        # An import of what is there already does not wait for the language model.
        for first in firsts:
            texts = _chain(first, firsts)
            found = extract(
                ((document_of(item).text, item) for item in texts),
                model=settings.NEWSROOM_SPACY_MODEL,
                fast=settings.NEWSROOM_FAST_EXTRACTION,
                workers=self.workers,
            )
            for quotations, item in found:
                self._settle(item, quotations)

    def _firsts(self, items: Sequence[ImportItem]) -> Iterator[ImportItem]:
        """The items whose text is new; the others are settled, or wait for theirs."""
        for item in items:
            known = Article.objects.filter(text_hash=item.text_hash).first()
            if known:
                self._finish(item, Outcome.DUPLICATE, article=known)
            elif item.text_hash in self.copies:
                self.copies[item.text_hash].append(item)
            else:
                self.copies[item.text_hash] = []
                yield item

    def _settle(self, item: ImportItem, quotations: list[Quotation]) -> None:
        copies = self.copies.pop(item.text_hash)
        for tries in range(_TRIES):
            try:
                self._store(item, quotations)
            except OperationalError:
                raise
            except DatabaseError as error:
                self.identities.forget()
                known = Article.objects.filter(text_hash=item.text_hash).first()
                if known and isinstance(error, IntegrityError):
                    # Another import stored the same text while this one was reading it.
                    self._finish(item, Outcome.DUPLICATE, article=known)
                elif isinstance(error, IntegrityError) and tries + 1 < _TRIES:
                    # Another worker made the same outlet, person or party at the same moment; now
                    # it is there to be found.
                    continue
                else:
                    logger.exception("%s could not be stored", item.name)
                    told = str(error).splitlines()[0]
                    self._reject(item, f"The database refused it: {told}. Please report this.")
            break
        article = Article.objects.filter(text_hash=item.text_hash).first()
        for copy in copies:
            if article:
                self._finish(copy, Outcome.DUPLICATE, article=article)
            else:
                self._reject(copy, item.reason)
        self._stop_if_asked()

    @transaction.atomic
    def _store(self, item: ImportItem, quotations: list[Quotation]) -> None:
        # Held to the end: cancelling waits, and two workers never store one item twice.
        if self._still_waits(item):
            stored = store_article(document_of(item), quotations, self.identities)
            self._finish(item, Outcome.NEW, article=stored)

    def _still_waits(self, item: ImportItem) -> bool:
        rows = ImportItem.objects.waiting().select_for_update(of=("self",)).filter(pk=item.pk)
        return bool(rows.values_list("pk", flat=True))

    def _reject(self, item: ImportItem, reason: str) -> None:
        self._finish(item, Outcome.REJECTED, reason=reason)

    def _finish(
        self,
        item: ImportItem,
        outcome: ImportItem.Outcome,
        *,
        article: Article | None = None,
        reason: str = "",
    ) -> None:
        item.outcome, item.article, item.reason = outcome, article, reason
        item.quote_count = article.quotes.count() if article else 0
        item.finished_at = timezone.now()
        kept = {} if outcome == Outcome.REJECTED else {"document": None}
        updated = (
            ImportItem.objects.waiting()
            .filter(pk=item.pk)
            .update(
                outcome=outcome,
                article=article,
                reason=reason,
                quote_count=item.quote_count,
                finished_at=item.finished_at,
                **kept,
            )
        )
        if updated and self.progress:
            self.progress(item)

    def _stop_if_asked(self) -> None:
        state = ImportBatch.objects.values_list("state", flat=True).get(pk=self.batch_id)
        if state != State.RUNNING:
            raise _Stopped


def _chain(first: ImportItem, rest: Iterator[ImportItem]) -> Iterator[ImportItem]:
    yield first
    yield from rest
