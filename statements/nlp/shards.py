"""Extraction over shards of a corpus: what one worker does with one file. No Django, no tables."""

from __future__ import annotations

import gzip
import json
import os
import time
import uuid
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from statements.nlp import PIPELINE_VERSION, Quotation, extract, extract_text
from statements.nlp.lines import SUFFIXES, Reading, document, open_lines

QUOTES, ERRORS = ".quotes", ".errors"


@dataclass(frozen=True, slots=True)
class Shard:
    """One file of articles, and where its quotations go; what a task is sent to a worker as.

    `name` is the file as the command was given it: articles without an id are named after it.
    """

    source: str
    name: str
    target: str
    model: str | None
    fast: bool
    pipeline: str = PIPELINE_VERSION


@dataclass(frozen=True, slots=True)
class Done:
    """What one shard came to."""

    name: str
    articles: int
    words: int
    failed: int
    seconds: float


class OtherPipeline(RuntimeError):
    """A worker has another version of the code than the command that sent it work."""


def article_files(folder: Path) -> list[Path]:
    """The files of articles in a folder, in order of name; what extraction wrote is none."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.name.endswith(SUFFIXES)
        and not path.name.startswith(".")
        and not _stem(path).endswith((QUOTES, ERRORS))
    )


def quotes_files(folder: Path) -> list[Path]:
    """The files of quotations in a folder, in order of name."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.name.endswith(SUFFIXES)
        and not path.name.startswith(".")
        and _stem(path).endswith(QUOTES)
    )


def quotes_file(articles: Path, folder: Path) -> Path:
    """Where the quotations of a file of articles are: `part-1.jsonl` has `part-1.quotes.jsonl`."""
    stem = _stem(articles)
    return folder / f"{stem}{QUOTES}{articles.name.removeprefix(stem)}"


def errors_file(quotes: Path) -> Path:
    """Where the articles are listed that have no line in this file of quotations."""
    return quotes.with_name(f"{_stem(quotes).removesuffix(QUOTES)}{ERRORS}.jsonl")


def _stem(path: Path) -> str:
    return path.name.removesuffix(".gz").removesuffix(".jsonl")


def extract_shard(shard: Shard) -> Done:
    """Write the quotations of one shard, as `manage.py extract` prints them.

    The file appears complete or not at all, so that a worker may die at any moment and another
    begin anew. An article that cannot be read is listed beside it and does not stop the shard.
    """
    if shard.pipeline != PIPELINE_VERSION:
        raise OtherPipeline(
            f"This worker reads with pipeline {PIPELINE_VERSION}, and was asked for "
            f"{shard.pipeline}: give every worker the same version of Newsroom."
        )
    began = time.monotonic()
    target = Path(shard.target)
    failures: list[dict[str, Any]] = []
    articles = words = 0
    with open_lines(Path(shard.source)) as lines, written_whole(target) as output:
        reading = Reading(lambda reason: failures.append({"id": None, "reason": reason}))
        for name, text, found in _each_read(reading.lines(lines, shard.name), shard):
            articles += 1
            words += len(text.split())
            try:
                if isinstance(found, Exception):
                    raise found
                line = json.dumps(document(name, text, found), ensure_ascii=False) + "\n"
                output.write(line.encode())
            except Exception as error:
                failures.append({"id": name, "reason": f"{type(error).__name__}: {error}"})
        # Written first: where the quotations are, the list of what they lack is complete.
        _list_failures(errors_file(target), failures)
    return Done(target.name, articles, words, len(failures), time.monotonic() - began)


Given = tuple[str, tuple[Any, str]]


def _each_read(
    articles: Iterator[Given], shard: Shard
) -> Iterator[tuple[Any, str, list[Quotation] | Exception]]:
    """Each article with its quotations, or with what went wrong when it was read."""
    pending: deque[Given] = deque()
    broken: list[Exception] = []

    def given() -> Iterator[Given]:
        try:
            for each in articles:
                pending.append(each)
                yield each
        except (OSError, EOFError, zlib.error) as error:
            broken.append(error)
            raise

    while True:
        try:
            for found, (name, text) in extract(given(), model=shard.model, fast=shard.fast):
                pending.popleft()
                yield name, text, found
            return
        except Exception:
            # A file that breaks off has no end that anybody has seen.
            if broken or not pending:
                raise
            # One of those read together is at fault; by itself each tells whether it is that one.
            for text, (name, _) in pending:
                yield name, text, _read_alone(text, shard)
            pending.clear()


def _read_alone(text: str, shard: Shard) -> list[Quotation] | Exception:
    try:
        return extract_text(text, model=shard.model, fast=shard.fast)
    except Exception as error:
        return error


def _list_failures(path: Path, failures: list[dict[str, Any]]) -> None:
    if not failures:
        path.unlink(missing_ok=True)
        return
    with written_whole(path) as output:
        for each in failures:
            output.write(json.dumps(each).encode() + b"\n")


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A file that gets its name only when everything is written and on the disk."""
    # Another worker may still be at the same shard, when it was only thought to be dead.
    hidden = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        with hidden.open("wb") as raw:
            if path.suffix == ".gz":
                # Without a name and a time, the same content makes the same file.
                with gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
                    yield packed  # type: ignore[misc]
            else:
                yield raw
            raw.flush()
            os.fsync(raw.fileno())
        hidden.rename(path)
    finally:
        hidden.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def remove_remains(folder: Path) -> None:
    """Take away what killed workers left half written; only while none is at work there."""
    for path in folder.glob(".*.part"):
        path.unlink(missing_ok=True)
