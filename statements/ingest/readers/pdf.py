"""PDF files with a text layer."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from statements.ingest.documents import Document, Facts, Refusal
from statements.ingest.readers import limits
from statements.ingest.readers.office import title_given
from statements.ingest.readers.reading import Reading, Refused, made
from statements.ingest.readers.texts import cleaned, in_paragraphs

# Fewer letters than these on a page are its number or a stamp, not a text layer.
FEW_LETTERS = 20

_SENTENCE_ENDS = re.compile(r"[.!?:…][”’\"')\]]*$")
_CHECK = "Its text was put together from the lines of a PDF; check paragraphs and columns."


def read_pdf(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The article in a PDF, its lines joined into paragraphs."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PdfReadError

    try:
        reader = PdfReader(io.BytesIO(raw), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("It is protected by a password; save a copy without one.")
        if len(reader.pages) > limits.MOST_PDF_PAGES:
            raise Refused(
                f"It has more than {limits.MOST_PDF_PAGES} pages; save the article's pages alone."
            )
        pages = [page.extract_text() or "" for page in reader.pages]
    except (DependencyError, NotImplementedError):
        raise Refused("It is encrypted in a way that is not read; save a copy without.") from None
    except (PdfReadError, EOFError):
        raise Refused("It is cut off or damaged; download or save it again.") from None
    if sum(char.isalnum() for page in pages for char in page) < FEW_LETTERS:
        raise Refused(
            "It has no text, only pictures of pages; run text recognition (OCR) on it, "
            "or paste the text."
        )
    text = in_paragraphs(reflowed("\n".join(_without_numbers(pages))))
    own = Facts(title=_title(reader))
    yield made(name, text, len(raw), own, reading, format="pdf", notes=(_CHECK,))


def reflowed(text: str) -> Iterator[str]:
    """Paragraphs made of lines.

    One ends at a blank line, or where a sentence ends well before the right edge. A word broken at
    a line's end is joined when its rest begins with a small letter.
    """
    lines = [" ".join(line.split()) for line in cleaned(text).split("\n")]
    widths = sorted(len(line) for line in lines if line)
    edge = widths[len(widths) * 3 // 4] if widths else 0
    paragraph = ""
    for line in lines:
        if not line:
            yield paragraph
            paragraph = ""
            continue
        if re.search(r"[^\W\d_]-$", paragraph) and line[0].islower():
            paragraph = paragraph[:-1] + line
        else:
            paragraph = f"{paragraph} {line}" if paragraph else line
        if len(line) < 0.8 * edge and _SENTENCE_ENDS.search(line):
            yield paragraph
            paragraph = ""
    yield paragraph


def _without_numbers(pages: list[str]) -> Iterator[str]:
    for page in pages:
        lines = page.strip().split("\n")
        if len(lines) > 1 and re.fullmatch(r"\W*(?:page\s*)?\d{1,4}\W*", lines[-1], re.IGNORECASE):
            lines.pop()
        yield "\n".join(lines)


def _title(reader: Any) -> str:
    try:
        return title_given(reader.metadata.title) if reader.metadata else ""
    except Exception:  # The properties may be damaged where the pages are not.
        return ""
