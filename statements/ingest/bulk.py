"""Loading what was extracted elsewhere: a shard a transaction, its rows by COPY."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path

from django.db import DataError, IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone

from statements.browsing.keeping import listed_once
from statements.ingest.documents import Document, Facts, Refusal
from statements.ingest.extracted import Extracted, read_extracted
from statements.ingest.lots import IdentitiesInLots
from statements.ingest.storing import Prepared, copy_articles, new_article
from statements.models import Article, ImportBatch, ImportItem, Issue, Outlet, Quote
from statements.models.articles import outlet_named
from statements.nlp.shards import article_files, quotes_file, quotes_files
from statements.queueing import fill_queue

logger = logging.getLogger(__name__)

Outcome = ImportItem.Outcome
# Articles whose quotes are brought to the queues at once.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Pair:
    """A file of articles and the file of their quotations; either may be missing."""

    articles: Path
    quotes: Path

    @property
    def name(self) -> str:
        return self.articles.name


def pairs(articles: Path, quotes: Path) -> list[Pair]:
    """The shards of two folders, which may be one: articles in the first, quotations in the other.

    Every file of either is in one of them.
    """
    found = {quotes_file(each, quotes): each for each in article_files(articles)}
    alone = (each for each in quotes_files(quotes) if each not in found)
    return sorted(
        [
            *(Pair(each, its_quotes) for its_quotes, each in found.items()),
            *(Pair(articles / each.name.replace(".quotes.", "."), each) for each in alone),
        ],
        key=lambda pair: pair.name,
    )


@dataclass(slots=True)
class BulkLoad:
    """One load of many shards into a batch, whose items say what became of each article."""

    batch: ImportBatch
    pipeline: str
    facts: Facts | None = None
    identities: IdentitiesInLots = field(default_factory=IdentitiesInLots)
    _outlets: dict[str, Outlet] = field(default_factory=dict)

    def load(self, pair: Pair) -> Counter[str]:
        """Store the articles of one shard, all or, if the process dies, none.

        Returns how many ended which way, and under "quotes" how many quotes are new.
        """
        refused, prepared = self._read(pair)
        known = _known(each.article.text_hash for each in prepared)
        # Before the transaction begins, since no row is needed for it.
        for each in prepared:
            if each.article.text_hash not in known:
                _ = each.found
        items = [self._item(each, Outcome.REJECTED, reason=each.reason) for each in refused]
        with transaction.atomic():
            self.identities.begin()
            items += self._store(prepared)
            ImportItem.objects.bulk_create(items)
        counts = Counter[str](item.outcome for item in items)
        counts["quotes"] = sum(each.quote_count for each in items if each.outcome == Outcome.NEW)
        return counts

    def fill_queues(self) -> int:
        """Queue what the shards hold on each issue; returns how many are new there.

        What an earlier load brought is asked for too: it may have ended before it came to this.
        """
        loaded = self.batch.items.filter(article__isnull=False).order_by("pk")
        issues = list(Issue.objects.select_related("actor"))
        # In lots: asked for all at once, the database may read the text of every article it has.
        return sum(
            fill_queue(issue, Quote.objects.filter(article__in=some))
            for some in batched(loaded.values_list("article", flat=True).iterator(), _AT_ONCE)
            for issue in issues
        )

    def _read(self, pair: Pair) -> tuple[list[Refusal], list[Prepared]]:
        refused: list[Refusal] = []
        prepared: list[Prepared] = []
        try:
            for each in read_extracted(pair.articles, pair.quotes, self.facts):
                if isinstance(each, Refusal):
                    refused.append(each)
                else:
                    prepared.append(self._prepared(each))
        except FileNotFoundError as error:
            reason = f"There is no {error.filename}: run extract_shards, or name --articles."
            return [Refusal(pair.name, reason)], []
        except (OSError, EOFError) as error:
            return [Refusal(pair.name, f"It cannot be read: {error}. Make the file again.")], []
        return refused, prepared

    def _prepared(self, extracted: Extracted) -> Prepared:
        document = extracted.document
        name = document.facts.outlet
        if name and name not in self._outlets:
            # By itself, not with the shard: other loads are not to wait for an outlet.
            self._outlets[name] = outlet_named(name)
        article = new_article(document, self._outlets[name] if name else None)
        article.pipeline = self.pipeline
        return Prepared(document, article, extracted.quotations)

    def _store(self, lot: Sequence[Prepared]) -> list[ImportItem]:
        """Store those that are new; where the database refuses some, store the others."""
        if not lot:
            return []
        try:
            with transaction.atomic():
                return self._copy(lot)
        except (DataError, IntegrityError) as error:
            self.identities.forget()
            if len(lot) > 1:
                # Another load stored one of them just now, or one is broken: find out which.
                half = len(lot) // 2
                return self._store(lot[:half]) + self._store(lot[half:])
            return [self._refused(lot[0], error)]

    def _refused(self, prepared: Prepared, error: Exception) -> ImportItem:
        document, article = prepared.document, prepared.article
        if known := _known([article.text_hash]).get(article.text_hash):
            return self._item(document, Outcome.DUPLICATE, article=known[0], quotes=known[1])
        logger.error("%s could not be stored: %s", document.name, error)
        reason = f"The database refused it: {str(error).splitlines()[0]}. Please report this."
        return self._item(document, Outcome.REJECTED, reason=reason)

    def _copy(self, lot: Sequence[Prepared]) -> list[ImportItem]:
        known = _known(each.article.text_hash for each in lot)
        new: dict[str, Prepared] = {}
        for prepared in lot:
            if (text_hash := prepared.article.text_hash) not in known:
                new.setdefault(text_hash, prepared)
        with listed_once() as listed:
            copy_articles(list(new.values()), self.identities)
            listed.update(each.quote.pk for prepared in new.values() for each in prepared.found)
        items = []
        for prepared in lot:
            text_hash = prepared.article.text_hash
            first = new.get(text_hash)
            article, count = (first.article.pk, len(first.found)) if first else known[text_hash]
            outcome = Outcome.NEW if first is prepared else Outcome.DUPLICATE
            items.append(self._item(prepared.document, outcome, article=article, quotes=count))
        return items

    def _item(
        self,
        given: Document | Refusal,
        outcome: ImportItem.Outcome,
        *,
        reason: str = "",
        article: int | None = None,
        quotes: int = 0,
    ) -> ImportItem:
        return ImportItem(
            batch=self.batch,
            name=given.name[-500:],
            size=given.size,
            outcome=outcome,
            reason=reason,
            article_id=article,
            quote_count=quotes,
            finished_at=timezone.now(),
        )


def _known(hashes: Iterable[str]) -> dict[str, tuple[int, int]]:
    """The texts of these that are stored, each with its article's key and number of quotes."""
    stored = Article.objects.filter(text_hash__in=list(hashes)).annotate(count=Count("quotes"))
    return {key: (pk, count) for key, pk, count in stored.values_list("text_hash", "pk", "count")}
