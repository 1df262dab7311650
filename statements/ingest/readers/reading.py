"""How to read: what the person who imports has said about the files, and what a reader gives."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from statements.ingest.documents import Document, Facts, Refusal
from statements.ingest.readers.file_names import NamePattern
from statements.ingest.readers.texts import cleaned

LONGEST_OUTLET = 200


class Refused(Exception):
    """Raised by a reader to refuse the whole file; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is said of the files to read; what is not said is detected or stays unknown."""

    # What is known of each document that does not say so itself.
    facts: Facts = field(default_factory=Facts)
    # What the file's sidecar says: it comes before what the document says of itself.
    sidecar: Facts = field(default_factory=Facts)
    # How the bytes of texts and tables are to be read; empty means detect it.
    encoding: str = ""
    # What the names of files say, such as `{date}_{outlet}_{title}.txt`.
    pattern: str = ""
    # Which column or key holds which field: {"text": "body"}. The rest is guessed from headers.
    mapping: dict[str, str] = field(default_factory=dict)
    # Whether 04/05/2022 is in May ("dmy") or in April ("mdy"); empty means such dates stay unknown.
    date_order: str = ""
    # The largest text of one article, in bytes.
    largest: int = 2_000_000

    def as_json(self) -> dict[str, Any]:
        values = dataclasses.asdict(self)
        return values | {name: facts_as_json(getattr(self, name)) for name in ("facts", "sidecar")}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Reading:
        facts = {name: facts_from_json(values[name]) for name in ("facts", "sidecar")}
        return cls(**{**values, **facts})


# Nothing is said: everything is detected.
AS_DETECTED = Reading()

Reader = Callable[[str, bytes, Reading], Iterator[Document | Refusal]]


def facts_as_json(facts: Facts) -> dict[str, Any]:
    values = dataclasses.asdict(facts)
    values["published"] = facts.published.isoformat() if facts.published else None
    return values


def facts_from_json(values: dict[str, Any]) -> Facts:
    published = values["published"]
    return Facts(**{**values, "published": date.fromisoformat(published) if published else None})


def made(
    name: str,
    text: str,
    size: int,
    own: Facts,
    reading: Reading,
    *,
    format: str,  # noqa: A002
    encoding: str = "",
    notes: tuple[str, ...] = (),
    many: bool = False,
) -> Document | Refusal:
    """The document with this text, cleaned, or its refusal when nothing is left or it is too long.

    `own` is what the document says of itself. The sidecar and the pattern of file names come before
    it, since a person wrote them, but not where `many` documents share one file.
    """
    text = cleaned(text)
    if not text.strip():
        return Refusal(name, "It is empty; check that the right file was saved.", size)
    length = len(text.encode())
    if length > reading.largest:
        return Refusal(name, too_large(length, reading.largest), size)
    said = Facts()
    if reading.pattern:
        said, trouble = NamePattern.of(reading.pattern).read(name, reading.date_order)
        notes = (*notes, *trouble)
    if many:
        facts = own.or_else(said).or_else(reading.sidecar)
    else:
        facts = reading.sidecar.or_else(said).or_else(own)
    facts = facts.or_else(reading.facts)
    facts = dataclasses.replace(facts, outlet=facts.outlet[:LONGEST_OUTLET])
    return Document(name, text, size, facts, format, encoding, notes)


def too_large(size: int, largest: int) -> str:
    return (
        f"It has {size:,} bytes, more than the {largest:,} that one article may have; "
        "split it, or raise NEWSROOM_MAX_DOCUMENT."
    )
