"""Plain text: the whole file is one article."""

from __future__ import annotations

from collections.abc import Iterator

from statements.ingest.documents import Document, Facts, Refusal
from statements.ingest.readers.encodings import decoded
from statements.ingest.readers.reading import Reading, made, too_large


def read_plain(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The article in these bytes."""
    # Two bytes a letter at most shrink to one, in UTF-16; what is larger is not looked into.
    if len(raw) > reading.largest * 2 + 4:
        yield Refusal(name, too_large(len(raw), reading.largest), len(raw))
        return
    found = decoded(raw, reading.encoding)
    yield made(
        name,
        found.text,
        len(raw),
        Facts(),
        reading,
        format="text",
        encoding=found.encoding,
        notes=found.notes,
    )
