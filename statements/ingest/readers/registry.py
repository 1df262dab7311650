"""The reader of each format, and what every reader has in common."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib import import_module

from statements.ingest.documents import Document, Refusal
from statements.ingest.readers import limits
from statements.ingest.readers.file_names import BadPattern
from statements.ingest.readers.reading import Reader, Reading, Refused

logger = logging.getLogger(__name__)

# Where the reader of a format is, and how large one file of it may be.
READERS = {
    "text": ("plain:read_plain", limits.LARGEST_FILE),
    "csv": ("tables:read_csv", limits.LARGEST_FILE),
    "xlsx": ("tables:read_xlsx", limits.LARGEST_OFFICE),
    "json": ("records:read_json", limits.LARGEST_FILE // 2),
    "jsonl": ("records:read_jsonl", limits.LARGEST_FILE),
    "html": ("pages:read_html", limits.LARGEST_MARKUP),
    "mhtml": ("pages:read_mhtml", limits.LARGEST_OFFICE),
    "feed": ("feeds:read_feed", limits.LARGEST_MARKUP),
    "warc": ("web_archives:read_warc", limits.LARGEST_FILE),
    "newsml": ("newsml:read_newsml", limits.LARGEST_MARKUP),
    "docx": ("office:read_docx", limits.LARGEST_OFFICE),
    "odt": ("office:read_odt", limits.LARGEST_OFFICE),
    "rtf": ("office:read_rtf", limits.LARGEST_MARKUP),
    "pdf": ("pdf:read_pdf", limits.LARGEST_OFFICE),
    # The headers or keys of what can be mapped, one a line, for the preview.
    "csv columns": ("tables:csv_columns", limits.LARGEST_FILE),
    "xlsx columns": ("tables:xlsx_columns", limits.LARGEST_OFFICE),
    "json columns": ("records:json_columns", limits.LARGEST_FILE // 2),
    "jsonl columns": ("records:jsonl_columns", limits.LARGEST_FILE),
}

UNEXPECTED = (
    "It could not be read: it is damaged or not what its name says; "
    "open it, and save its text as .txt."
)
TOO_DEEP = "It is nested too deeply, as harmful files are; save its text as .txt."
TOO_MUCH = "Reading it takes more memory than one file may; split it, or save its text as .txt."


def read_as(format_: str, name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """What a file in this format holds. Whatever goes wrong ends as a refusal, never an error."""
    where, largest = READERS[format_]
    size = len(raw)
    if size > largest:
        reason = f"It has {size:,} bytes, more than {limits.megabytes(largest)}; split it."
        yield Refusal(name, reason, size)
        return
    try:
        yield from _reader(where)(name, raw, reading)
    except (Refused, BadPattern) as refused:
        yield Refusal(name, str(refused), size)
    except RecursionError:
        yield Refusal(name, TOO_DEEP, size)
    except MemoryError:
        yield Refusal(name, TOO_MUCH, size)
    except Exception:
        # Libraries fail in a hundred ways on what nobody foresaw. The log keeps which.
        logger.warning("%s could not be read as %s", name, format_, exc_info=True)
        yield Refusal(name, UNEXPECTED, size)


def _reader(where: str) -> Reader:
    module, _, function = where.partition(":")
    found: Reader = getattr(import_module(f"statements.ingest.readers.{module}"), function)
    return found
