"""What workers do. Arguments are keys; running a task twice is harmless."""

from __future__ import annotations

from django.tasks import task

from statements.ingest.processing import process


@task
def process_lot(batch: int, items: list[int]) -> None:
    """Read and store some items of an import."""
    process(batch, items)
