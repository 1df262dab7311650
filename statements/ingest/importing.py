"""Imports from choosing to report: one path for the command, the desk and programs.

A batch is filled with items, each a document that was read or a refusal; what would become of them
is known before anything is stored (`expected`). Then items are read for quotes and stored, here or
by workers (`statements/tasks.py`), some in each transaction (`processing.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import batched
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q
from django.utils import timezone

from newsroom.request_ids import request_id
from statements.ingest.documents import Document, Facts, Refusal
from statements.ingest.readers import Reading, read_bytes, read_file
from statements.ingest.readers.folders import files_in
from statements.ingest.readers.limits import LARGEST_FILE
from statements.models import Article, ImportBatch, ImportFile, ImportItem

State, Outcome = ImportBatch.State, ImportItem.Outcome

# Up to so many articles are read while the person waits; more of them go to the workers.
AT_ONCE = 3
# By then articles that are read while the person waits are at their end, or who read them is.
_UNHEARD = timedelta(minutes=2)
# Items of one task: enough to keep a worker busy for seconds, few enough to share them out.
LOT = 16
_ROWS = 500


@dataclass(frozen=True, slots=True)
class Expected:
    """What would become of a batch: known without reading anything for quotes."""

    new: int
    duplicate: int
    rejected: int


def open_batch(*, channel: str, user: User | None = None) -> ImportBatch:
    """A batch to fill, of which nothing is stored before it is started."""
    return ImportBatch.objects.create(channel=channel, user=user, state=State.DRAFT)


def keep_file(content: bytes) -> ImportFile:
    """The file's bytes, kept once however often they come."""
    digest = hashlib.sha256(content).hexdigest()
    return ImportFile.objects.get_or_create(
        sha256=digest, defaults={"size": len(content), "content": content}
    )[0]


def add_documents(
    batch: ImportBatch,
    found: Iterable[Document | Refusal],
    *,
    file: ImportFile | None = None,
    file_name: str = "",
) -> int:
    """Put documents and refusals into the batch, in order; returns how many."""
    count = 0
    rows = (_item(batch, each, file, file_name) for each in found)
    for chunk in batched(rows, _ROWS):
        ImportItem.objects.bulk_create(chunk)
        count += len(chunk)
    return count


def add_paths(batch: ImportBatch, paths: Iterable[Path], reading: Reading) -> None:
    """Put the documents of files and folders into the batch, and keep the files' bytes."""
    for path in paths:
        for each in files_in(path) if path.is_dir() else (path,):
            if isinstance(each, Refusal):
                add_documents(batch, [each])
            else:
                add_documents(
                    batch, read_file(each, reading), file=_kept(each), file_name=str(each)
                )


def add_upload(
    batch: ImportBatch, name: str, content: bytes, found: Iterable[Document | Refusal]
) -> None:
    """Put what was read of an uploaded file into the batch, and keep its bytes."""
    file = keep_file(content) if content else None
    add_documents(batch, found, file=file, file_name=name)


def _kept(path: Path) -> ImportFile | None:
    """The file's bytes; nothing of one that is empty, unreadable or too large to be read."""
    try:
        if not 0 < path.stat().st_size <= LARGEST_FILE:
            return None
        return keep_file(path.read_bytes())
    except OSError:
        # Its item says what is wrong with it.
        return None


def expected(batch: ImportBatch) -> Expected:
    """The dry run: how many of the waiting items are new, or copies of what is there or comes."""
    waiting = batch.items.waiting()
    stored = Article.objects.filter(text_hash=OuterRef("text_hash"))
    fresh = waiting.exclude(Exists(stored)).values("text_hash").distinct().count()
    total = waiting.count()
    return Expected(fresh, total - fresh, batch.items.filter(outcome=Outcome.REJECTED).count())


def copies(items: Iterable[ImportItem]) -> dict[int, str]:
    """For each waiting item that is a copy, of what: an article's title or an earlier item."""
    items = list(items)
    hashes = {each.text_hash for each in items}
    stored = dict(Article.objects.filter(text_hash__in=hashes).values_list("text_hash", "title"))
    firsts = dict(
        ImportItem.objects.waiting()
        .filter(batch__in={each.batch_id for each in items}, text_hash__in=hashes)
        .values_list("text_hash")
        .annotate(first=Min("pk"))
    )
    names = ImportItem.objects.in_bulk(firsts.values())
    found = {}
    for item in items:
        if item.text_hash in stored:
            found[item.pk] = stored[item.text_hash]
        elif firsts.get(item.text_hash, item.pk) != item.pk:
            found[item.pk] = names[firsts[item.text_hash]].name
    return found


def start(batch: ImportBatch) -> None:
    """Read and store what waits: at once when it is little, by workers when it is more."""
    from statements.ingest.processing import process
    from statements.tasks import process_lot

    # Whatever stops this program, a batch that runs is one that workers know of.
    with transaction.atomic():
        if not _turn(batch, State.RUNNING, of=(State.DRAFT, State.PAUSED)):
            return
        waiting = list(batch.items.waiting().order_by("pk").values_list("pk", flat=True))
        is_little = len(waiting) <= AT_ONCE
        task = process_lot
        if is_little and task.get_backend().supports_defer:
            task = task.using(run_after=timezone.now() + _UNHEARD)
        for lot in batched(waiting, LOT) if task.run_after or not is_little else ():
            task.enqueue(batch.pk, list(lot), request_id=request_id())
    if is_little:
        process(batch.pk, waiting)


def pause(batch: ImportBatch) -> bool:
    """Stop behind what is being read just now; `start` goes on."""
    return _turn(batch, State.PAUSED, of=(State.RUNNING,))


@transaction.atomic
def cancel(batch: ImportBatch) -> bool:
    """Store no more of the batch; what is stored stays, until it is undone."""
    if not _turn(batch, State.CANCELLED, of=(State.DRAFT, State.RUNNING, State.PAUSED)):
        return False
    # Locked in the order in which workers lock them, so that neither waits for the other for ever.
    waiting = batch.items.waiting().select_for_update(of=("self",)).order_by("pk")
    keys = list(waiting.values_list("pk", flat=True))
    batch.items.filter(pk__in=keys).update(outcome=Outcome.CANCELLED, document=None)
    return True


@transaction.atomic
def retry(batch: ImportBatch) -> int:
    """Let rejected items wait again; returns how many.

    Those that could not be read are read anew from the bytes that were kept, where their file is
    one document: another version may understand it.
    """
    rejected = batch.items.filter(outcome=Outcome.REJECTED)
    for item in rejected.filter(document__isnull=True, file__isnull=False).select_related("file"):
        if item.file and batch.items.filter(file=item.file).count() == 1:
            found = list(read_bytes(item.name, bytes(item.file.content), Reading()))
            if len(found) == 1 and isinstance(found[0], Document):
                again = _item(batch, found[0], item.file)
                item.document, item.text_hash = again.document, again.text_hash
                item.notes = again.notes
                item.save(update_fields=["document", "text_hash", "notes"])
    count = rejected.filter(document__isnull=False).update(
        outcome=Outcome.WAITING, reason="", attempts=0, finished_at=None
    )
    if count:
        ImportBatch.objects.filter(pk=batch.pk).update(state=State.PAUSED, finished_at=None)
        batch.refresh_from_db()
    return count


def restart_stalled(*, quiet_since: Any) -> int:
    """Hand out again what no worker has touched for long; returns how many batches.

    A task whose attempts are used up, or that an operator deleted, would be waited for in vain.
    Handing an item out twice is harmless.
    """
    from statements.tasks import process_lot

    moving = ImportItem.objects.filter(batch=OuterRef("pk"), finished_at__gte=quiet_since)
    stalled = ImportBatch.objects.filter(
        Exists(ImportItem.objects.waiting().filter(batch=OuterRef("pk"))),
        ~Exists(moving),
        state=State.RUNNING,
        created_at__lt=quiet_since,
    )
    for batch in stalled:
        waiting = batch.items.waiting().order_by("pk").values_list("pk", flat=True)
        with transaction.atomic():
            for lot in batched(waiting, LOT):
                process_lot.enqueue(batch.pk, list(lot), request_id=request_id())
    return len(stalled)


def finish_if_done(batch_id: int) -> None:
    """Close a running batch of which nothing waits."""
    waiting = ImportItem.objects.waiting().filter(batch=OuterRef("pk"))
    ImportBatch.objects.filter(~Exists(waiting), pk=batch_id, state=State.RUNNING).update(
        state=State.FINISHED, finished_at=timezone.now()
    )


def document_of(item: ImportItem) -> Document:
    """What was read of a waiting item. Raises ValueError when its document is gone."""
    read = item.document
    if read is None:
        raise ValueError(f"{item} has no document any more.")
    facts = dict(read["facts"])
    if facts.get("published"):
        facts["published"] = date.fromisoformat(facts["published"])
    return Document(item.name, read["text"], item.size, Facts(**facts))


def _item(
    batch: ImportBatch, found: Document | Refusal, file: ImportFile | None, file_name: str = ""
) -> ImportItem:
    item = ImportItem(
        batch=batch,
        file=file,
        file_name=file_name[-500:],
        name=found.name[-500:],
        size=found.size,
    )
    if isinstance(found, Refusal):
        item.outcome, item.reason, item.finished_at = Outcome.REJECTED, found.reason, timezone.now()
        return item
    facts = {name: value for name, value in asdict(found.facts).items() if value}
    if found.facts.published:
        facts["published"] = found.facts.published.isoformat()
    item.document = {
        "text": found.text,
        "facts": facts,
        "format": found.format,
        "encoding": found.encoding,
    }
    item.notes = " ".join(found.notes)
    item.text_hash = Article.hash_of(found.text)
    return item


def _turn(batch: ImportBatch, state: str, *, of: tuple[str, ...]) -> bool:
    """Change the batch's state, unless somebody else has changed it meanwhile."""
    turned = ImportBatch.objects.filter(Q(state__in=of), pk=batch.pk).update(state=state)
    batch.refresh_from_db()
    return bool(turned)
