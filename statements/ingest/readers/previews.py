"""What an import would make of a file, before it is made."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from statements.ingest.documents import Document, Refusal
from statements.ingest.readers.apart import read_apart
from statements.ingest.readers.files import read_bytes
from statements.ingest.readers.formats import Detected, detect
from statements.ingest.readers.mapping import guessed, mapped
from statements.ingest.readers.reading import AS_DETECTED, Reading, Refused

MAPPED = ("csv", "xlsx", "json", "jsonl")


@dataclass(frozen=True, slots=True)
class Preview:
    """The first documents of a file, how it was read, and what is wrong.

    `columns` and `mapping` are empty for what has none. `problems` are sentences, each once.
    """

    detected: Detected
    encoding: str
    columns: tuple[str, ...]
    mapping: dict[str, str]
    documents: tuple[Document | Refusal, ...]
    problems: tuple[str, ...]


def preview(name: str, raw: bytes, reading: Reading = AS_DETECTED, first: int = 10) -> Preview:
    """The first few documents in these bytes, read as an import with this reading would."""
    detected = detect(name, raw)
    columns, mapping = _columns(name, raw, reading, detected)
    documents = tuple(islice(read_bytes(name, raw, reading), first))
    problems: dict[str, None] = {}
    for each in documents:
        problems |= dict.fromkeys((each.reason,) if isinstance(each, Refusal) else each.notes)
    encoding = next((each.encoding for each in documents if isinstance(each, Document)), "")
    return Preview(detected, encoding, columns, mapping, documents, tuple(problems))


def _columns(
    name: str, raw: bytes, reading: Reading, detected: Detected
) -> tuple[tuple[str, ...], dict[str, str]]:
    if detected.format not in MAPPED:
        return (), {}
    found = next(read_apart(f"{detected.format} columns", name, raw, reading))
    if isinstance(found, Refusal):
        return (), {}
    columns = found.text.split("\n")
    try:
        return tuple(columns), mapped(columns, reading.mapping)
    except Refused:
        return tuple(columns), guessed(columns)
