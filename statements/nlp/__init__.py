"""Quotations in news text, and who they are given to. No Django, and spaCy only when it is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from statements.nlp.quotation import ACTOR_TYPES, PIPELINE_VERSION, Quotation, Voice

__all__ = ["ACTOR_TYPES", "PIPELINE_VERSION", "Quotation", "Voice", "extract", "extract_text"]


def extract[T](
    texts: Iterable[tuple[str, T]],
    *,
    model: str | None = None,
    fast: bool = False,
    batch_size: int = 16,
    workers: int = 1,
) -> Iterator[tuple[list[Quotation], T]]:
    """The quotations of each text in text order, beside what came in with the text.

    Texts are read as results are taken, a few batches ahead when several workers share the work.
    ``fast`` reads by rules alone, without the trained weights.
    """
    from statements.nlp.pipeline import quotations_by_workers, quotations_of

    if workers > 1:
        return quotations_by_workers(
            texts, model=model, fast=fast, batch_size=batch_size, workers=workers
        )
    return quotations_of(texts, model=model, fast=fast, batch_size=batch_size)


def extract_text(text: str, *, model: str | None = None, fast: bool = False) -> list[Quotation]:
    """The quotations of one text in text order."""
    ((quotations, _),) = extract([(text, None)], model=model, fast=fast)
    return quotations
