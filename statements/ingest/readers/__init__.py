"""Reading what newsrooms have: bytes or paths in, documents and refusals out.

Nothing here touches the database or the network. Whatever the bytes, nothing is raised: what
cannot be read is a Refusal whose reason says what to do.
"""

from __future__ import annotations

from statements.ingest.readers.files import read_bytes, read_file, read_paths, read_text
from statements.ingest.readers.formats import Detected, detect
from statements.ingest.readers.previews import Preview, preview
from statements.ingest.readers.reading import Reading

__all__ = [
    "Detected",
    "Preview",
    "Reading",
    "detect",
    "preview",
    "read_bytes",
    "read_file",
    "read_paths",
    "read_text",
]
