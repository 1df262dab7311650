"""Reading an import's items for quotes and storing them, each once, whatever stops in between."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from django.conf import settings
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.models import Count, F
from django.utils import timezone

from statements.ingest.importing import document_of, finish_if_done
from statements.ingest.linking import link_articles
from statements.ingest.lots import IdentitiesInLots
from statements.ingest.storing import Prepared, new_article, store_articles
from statements.models import Article, ImportBatch, ImportItem, Outlet
from statements.models.articles import outlet_named
from statements.nlp import Quotation, extract
from statements.recording import done_by

logger = logging.getLogger(__name__)

Outcome, State = ImportItem.Outcome, ImportBatch.State
Progress = Callable[[ImportItem], None]
Read = tuple[ImportItem, list[Quotation]]

# A text that stopped so many workers is taken to be what stopped them.
MOST_ATTEMPTS = 10
# Articles of one transaction: many make each cheap, few are soon stored; as many characters
# bound the memory that long ones take.
AT_ONCE = 16
_MOST_CHARACTERS = 1_000_000
# How often an article is stored anew that met another worker's.
_TRIES = 3


@done_by(reading=True)
def process(
    batch_id: int,
    items: Sequence[int],
    *,
    workers: int = 1,
    progress: Progress | None = None,
    link: Callable[[list[int]], object] = link_articles,
) -> None:
    """Bring these items of a running batch to their end, in order.

    What is at its end already is passed over, so it may be called twice, or by two workers. It
    stops behind the lot at hand when the batch is paused or cancelled. Raises OperationalError
    when the database goes away: nothing is lost then, and the rest waits on.

    `link` is called with the keys of new articles at the end of the transaction that stores them.
    """
    _Processing(batch_id, workers, progress, link).run(items)
    finish_if_done(batch_id)


class _Stopped(Exception):
    """The batch no longer runs."""


class _Processing:
    def __init__(
        self,
        batch_id: int,
        workers: int,
        progress: Progress | None,
        link: Callable[[list[int]], object],
    ) -> None:
        self.batch_id = batch_id
        self.workers = workers
        self.progress = progress
        self.link = link
        self.identities = IdentitiesInLots()
        self.outlets: dict[str, Outlet] = {}
        # Items that wait for a first one with the same text.
        self.copies: dict[str, list[ImportItem]] = {}

    def run(self, keys: Sequence[int]) -> None:
        waiting = ImportItem.objects.waiting().filter(pk__in=keys, batch=self.batch_id)
        items = list(waiting.order_by("pk"))
        fresh = [item for item in items if not item.attempts]
        try:
            self._stop_if_asked()
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
            found = extract(
                ((document_of(item).text, item) for item in chain([first], firsts)),
                model=settings.NEWSROOM_SPACY_MODEL,
                fast=settings.NEWSROOM_FAST_EXTRACTION,
                workers=self.workers,
            )
            for lot in _lots((item, quotations) for quotations, item in found):
                self._settle(lot)
                self._stop_if_asked()

    def _firsts(self, items: Sequence[ImportItem]) -> Iterator[ImportItem]:
        """The items whose text is new; the others are settled, or wait for theirs."""
        known = _known(items)
        for item in items:
            if item.text_hash in known:
                self._finish([item], Outcome.DUPLICATE, article=known[item.text_hash])
            elif item.text_hash in self.copies:
                self.copies[item.text_hash].append(item)
            else:
                self.copies[item.text_hash] = []
                yield item

    def _settle(self, lot: Sequence[Read]) -> None:
        """Bring to their end what was read, and the copies of it that waited."""
        self._store_or_split(lot)
        waited = {item.text_hash: self.copies.pop(item.text_hash) for item, _ in lot}
        known = _known([item for item, _ in lot if waited[item.text_hash]])
        for item, _ in lot:
            copies = waited[item.text_hash]
            if item.text_hash in known:
                self._finish(copies, Outcome.DUPLICATE, article=known[item.text_hash])
            else:
                self._finish(copies, Outcome.REJECTED, reason=item.reason)

    def _store_or_split(self, lot: Sequence[Read], tries: int = 1) -> None:
        """Store what was read; where the database refuses some of it, store the others."""
        try:
            self._store(lot)
        except OperationalError:
            raise
        except DatabaseError as error:
            self.identities.forget()
            self.outlets.clear()
            if len(lot) > 1:
                # One of them is there by now, or broken: find out which.
                half = len(lot) // 2
                self._store_or_split(lot[:half])
                self._store_or_split(lot[half:])
            elif known := _known([lot[0][0]]):
                # Another import stored the same text while this one was reading it.
                self._finish([lot[0][0]], Outcome.DUPLICATE, article=known[lot[0][0].text_hash])
            elif isinstance(error, IntegrityError) and tries < _TRIES:
                # Another worker made the same outlet, person or party at the same moment; now it
                # is there to be found.
                self._store_or_split(lot, tries + 1)
            else:
                logger.exception("%s could not be stored", lot[0][0].name)
                told = str(error).splitlines()[0]
                reason = f"The database refused it: {told}. Please report this."
                self._finish([lot[0][0]], Outcome.REJECTED, reason=reason)

    def _store(self, lot: Sequence[Read]) -> None:
        prepared = {item.pk: self._prepared(item, quotations) for item, quotations in lot}
        # Before the transaction begins, since no row is needed for it.
        for each in prepared.values():
            _ = each.found
        with transaction.atomic():
            # Held to the end: cancelling waits, and two workers never store one item twice.
            waiting = _still_waiting(prepared)
            items = [item for item, _ in lot if item.pk in waiting]
            if not items:
                return
            store_articles([prepared[item.pk] for item in items], self.identities)
            for item in items:
                item.article = prepared[item.pk].article
                item.quote_count = len(prepared[item.pk].found)
            self._end(items, Outcome.NEW)
            self.link([prepared[item.pk].article.pk for item in items])
        self._tell(items)

    def _prepared(self, item: ImportItem, quotations: Sequence[Quotation]) -> Prepared:
        document = document_of(item)
        name = document.facts.outlet
        if name and name not in self.outlets:
            # By itself, not with the lot: other imports are not to wait for an outlet.
            self.outlets[name] = outlet_named(name)
        article = new_article(document, self.outlets[name] if name else None)
        return Prepared(document, article, quotations)

    def _reject(self, item: ImportItem, reason: str) -> None:
        self._finish([item], Outcome.REJECTED, reason=reason)

    def _finish(
        self,
        items: Sequence[ImportItem],
        outcome: ImportItem.Outcome,
        *,
        article: Article | None = None,
        reason: str = "",
    ) -> None:
        """End items that store nothing, with the article that has their text or with none."""
        if not items:
            return
        for item in items:
            item.article, item.reason = article, reason
            item.quote_count = getattr(article, "count", 0)
        self._tell(self._end(items, outcome))

    def _end(self, items: Sequence[ImportItem], outcome: ImportItem.Outcome) -> list[ImportItem]:
        """Write down how items ended, in one statement; returns those that still waited."""
        now = timezone.now()
        for item in items:
            item.outcome, item.finished_at = outcome, now
        with connection.cursor() as cursor:
            # What somebody cancelled meanwhile stays cancelled.
            cursor.execute(
                "UPDATE statements_importitem SET outcome = %s, finished_at = %s, "
                "article_id = ended.article, reason = ended.reason, quote_count = ended.quotes, "
                "document = CASE WHEN %s THEN document END "
                "FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::int[]) "
                "AS ended(id, article, reason, quotes) "
                "WHERE statements_importitem.id = ended.id AND outcome = '' "
                "RETURNING statements_importitem.id",
                [
                    outcome.value,
                    now,
                    outcome == Outcome.REJECTED,
                    [item.pk for item in items],
                    [item.article_id for item in items],
                    [item.reason for item in items],
                    [item.quote_count for item in items],
                ],
            )
            ended = {key for (key,) in cursor.fetchall()}
        return [item for item in items if item.pk in ended]

    def _tell(self, items: Sequence[ImportItem]) -> None:
        if self.progress:
            for item in items:
                self.progress(item)

    def _stop_if_asked(self) -> None:
        state = ImportBatch.objects.values_list("state", flat=True).get(pk=self.batch_id)
        if state != State.RUNNING:
            raise _Stopped


def _lots(found: Iterable[Read]) -> Iterator[list[Read]]:
    """What was read, as much at once as one transaction stores."""
    lot: list[Read] = []
    characters = 0
    for item, quotations in found:
        lot.append((item, quotations))
        characters += len(document_of(item).text)
        if len(lot) == AT_ONCE or characters >= _MOST_CHARACTERS:
            yield lot
            lot, characters = [], 0
    if lot:
        yield lot


def _known(items: Sequence[ImportItem]) -> dict[str, Article]:
    """The articles that are stored of these texts, each with the `count` of its quotes."""
    hashes = {item.text_hash for item in items}
    if not hashes:
        return {}
    stored = Article.objects.filter(text_hash__in=hashes).defer("text")
    return {each.text_hash: each for each in stored.annotate(count=Count("quotes"))}


def _still_waiting(items: Iterable[int]) -> set[int]:
    """Which of the items still wait, locked in one order until the transaction ends."""
    rows = ImportItem.objects.waiting().select_for_update(of=("self",)).filter(pk__in=items)
    return set(rows.order_by("pk").values_list("pk", flat=True))
