"""Files, folders and bytes read in whatever format they are."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

from statements.ingest.documents import Document, Facts, Refusal, UnreadableSidecar, read_sidecar
from statements.ingest.readers import limits
from statements.ingest.readers.apart import read_apart
from statements.ingest.readers.archives import read_archive
from statements.ingest.readers.folders import files_in
from statements.ingest.readers.formats import NOT_READ, detect, extension
from statements.ingest.readers.reading import AS_DETECTED, Reading, Refused
from statements.ingest.readers.registry import TOO_MUCH, UNEXPECTED, read_as

logger = logging.getLogger(__name__)

EMPTY = "It is empty; check that the right file was saved."
SIDECAR = "It says what is known of an article and is none itself; leave it beside the article."
NESTED = "It is an archive inside an archive; unpack it and pack its files themselves."


def read_paths(
    paths: Iterable[Path], reading: Reading = AS_DETECTED
) -> Iterator[Document | Refusal]:
    """The documents of these files and of those in these folders, in order of name.

    A file's sidecar (`name.toml` beside `name.txt`) says what is known of it.
    """
    for path in paths:
        if not path.is_dir():
            yield from read_file(path, reading)
            continue
        for each in files_in(path):
            if isinstance(each, Refusal):
                yield each
            else:
                yield from read_file(each, reading)


def read_file(path: Path, reading: Reading = AS_DETECTED) -> Iterator[Document | Refusal]:
    """The documents in one file, with its sidecar's facts."""
    name = str(path)
    size = 0
    try:
        size = path.stat().st_size
        if not path.is_file():
            yield Refusal(name, "It is no file that can be read; give a file or a folder.")
            return
        if size > limits.LARGEST_FILE:
            yield Refusal(name, _too_large(size), size)
            return
        beside = path.with_suffix(".toml")
        sidecar = read_sidecar(beside) if beside != path else Facts()
        raw = path.read_bytes()
    except FileNotFoundError:
        yield Refusal(name, "There is no such file or folder; check the path.")
    except UnreadableSidecar as error:
        yield Refusal(name, str(error), size)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        yield Refusal(name, f"It cannot be read: {why}; check its permissions.", size)
    else:
        yield from read_bytes(name, raw, dataclasses.replace(reading, sidecar=sidecar))


def read_bytes(
    name: str, raw: bytes, reading: Reading = AS_DETECTED, *, nested: bool = False
) -> Iterator[Document | Refusal]:
    """The documents in these bytes, whose name says where they come from.

    The format is the one that the bytes show, and where they show none, the name's.
    """
    size = len(raw)
    if size > limits.LARGEST_FILE:
        yield Refusal(name, _too_large(size), size)
        return
    if extension(name) == "toml":
        yield Refusal(name, SIDECAR, size)
        return
    if not raw or raw.isspace():
        yield Refusal(name, EMPTY, size)
        return
    try:
        format_ = detect(name, raw).format
    except Exception:
        logger.warning("The format of %s could not be detected", name, exc_info=True)
        yield Refusal(name, UNEXPECTED, size)
        return
    if format_ == "zip":
        yield from _archive(name, raw, reading, nested=nested)
    elif format_ in NOT_READ:
        nested_archive = nested and format_ == "archive"
        yield Refusal(name, NESTED if nested_archive else NOT_READ[format_], size)
    elif format_ == "text":
        yield from read_as(format_, name, raw, reading)
    else:
        yield from read_apart(format_, name, raw, reading)


def read_text(name: str, text: str, reading: Reading = AS_DETECTED) -> Document | Refusal:
    """The article in a text that was pasted or typed: its characters are known already."""
    raw = text.encode(errors="replace")
    as_it_is = dataclasses.replace(reading, encoding="utf-8", pattern="")
    found = next(read_as("text", name, raw, as_it_is))
    return found if isinstance(found, Refusal) else dataclasses.replace(found, notes=())


def _archive(
    name: str, raw: bytes, reading: Reading, *, nested: bool
) -> Iterator[Document | Refusal]:
    if nested:
        yield Refusal(name, NESTED, len(raw))
        return

    def read_member(path: str, content: bytes, sidecar: Facts) -> Iterator[Document | Refusal]:
        own = dataclasses.replace(reading, sidecar=sidecar)
        return read_bytes(path, content, own, nested=True)

    try:
        yield from read_archive(name, raw, read_member)
    except Refused as refused:
        yield Refusal(name, str(refused), len(raw))
    except MemoryError:
        yield Refusal(name, TOO_MUCH, len(raw))
    except Exception:
        logger.warning("%s could not be read to its end", name, exc_info=True)
        yield Refusal(name, UNEXPECTED, len(raw))


def _too_large(size: int) -> str:
    most = limits.megabytes(limits.LARGEST_FILE)
    return f"It has {size:,} bytes, more than the {most} that one file may have; split it."
