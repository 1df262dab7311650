"""One import from documents to stored articles while the caller waits: what the command does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import batched

from django.contrib.auth.models import User

from statements.ingest.documents import Document, Refusal
from statements.ingest.importing import add_documents, open_batch
from statements.ingest.processing import process
from statements.models import ImportBatch, ImportItem

Outcome = ImportItem.Outcome

# So many items are read in one go; a long import is seen to go on between them.
_AT_ONCE = 1000


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
                    "notes": item.notes,
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
    batch = open_batch(channel=channel, user=user)
    add_documents(batch, documents)
    return finish_here(batch, workers=workers, progress=progress), batch


def finish_here(
    batch: ImportBatch,
    *,
    workers: int = 1,
    progress: Callable[[ImportItem], None] | None = None,
) -> Report:
    """Read and store what waits in the batch while the caller waits."""
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportBatch.State.RUNNING)
    if progress:
        for item in batch.items.filter(outcome=Outcome.REJECTED):
            progress(item)
    waiting = batch.items.waiting().order_by("pk").values_list("pk", flat=True)
    for keys in batched(list(waiting), _AT_ONCE):
        process(batch.pk, keys, workers=workers, progress=progress)
    if not waiting.exists():
        process(batch.pk, [])
    batch.refresh_from_db()
    return Report(list(batch.items.select_related("article").order_by("pk")))
