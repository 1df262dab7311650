"""WARC files: the HTML pages among the recorded responses."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from statements.ingest.documents import Document, Refusal
from statements.ingest.readers import limits
from statements.ingest.readers.encodings import decoded_markup
from statements.ingest.readers.pages import page_document
from statements.ingest.readers.reading import Reading, Refused

PAGE_TYPES = ("text/html", "application/xhtml+xml")
CHUNK = 65_536
CUT_OFF = "It is cut off or damaged from here on; record it again."


def read_warc(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The pages that were answered with success; pictures, redirects and errors are passed over."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    left = max(limits.LARGEST_UNPACKED // 4, len(raw))
    pages = number = 0
    try:
        records = ArchiveIterator(io.BytesIO(raw), arc2warc=True)
        for record in records:
            number += 1
            wanted = _is_page(record)
            content, size = _content(record, keep=wanted)
            left -= size
            if left < 0:
                reason = "It unpacks to more than it can hold honestly; split it."
                yield Refusal(f"{name}, from record {number}", reason)
                return
            if _is_cut_off(record):
                yield Refusal(f"{name}, from record {number}", CUT_OFF)
                return
            if not wanted:
                continue
            pages += 1
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            shown = f"{name}, {url[:300] or f'record {number}'}"
            if pages > limits.MOST_DOCUMENTS:
                reason = f"It has more than {limits.MOST_DOCUMENTS:,} pages; split it."
                yield Refusal(f"{name}, from record {number}", reason)
                return
            if content is None:
                most = limits.megabytes(limits.LARGEST_MARKUP)
                yield Refusal(shown, f"The page is larger than {most}; save its text.", size)
                continue
            found = decoded_markup(content, reading.encoding, _charset(record))
            yield page_document(shown, found, size, reading, url=url, format="warc", many=True)
    except Refused as refused:
        yield Refusal(f"{name}, record {number}", str(refused))
        return
    except (ArchiveLoadFailed, EOFError, ValueError):
        yield Refusal(f"{name}, from record {number + 1}", CUT_OFF)
        return
    if records.offset < len(raw):
        # Of a packed record that was cut off, nothing can come out at all.
        yield Refusal(f"{name}, from record {number + 1}", CUT_OFF)
    elif not pages:
        raise Refused("It holds no HTML page that was answered with success; record it again.")


def _is_page(record: Any) -> bool:
    if record.rec_type not in ("response", "resource"):
        return False
    if record.rec_type == "resource":
        return (record.rec_headers.get_header("Content-Type") or "").startswith(PAGE_TYPES)
    if not record.http_headers or record.http_headers.get_statuscode() != "200":
        return False
    kind = record.http_headers.get_header("Content-Type") or ""
    return kind.strip().lower().startswith(PAGE_TYPES)


def _content(record: Any, *, keep: bool) -> tuple[bytes | None, int]:
    """What the record holds, None when it is too large, and how much came out."""
    chunks, size = [], 0
    stream = record.content_stream()
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if keep and size <= limits.LARGEST_MARKUP:
            chunks.append(chunk)
        if size > limits.LARGEST_UNPACKED // 4:
            break
    return (b"".join(chunks) if size <= limits.LARGEST_MARKUP else None), size


def _is_cut_off(record: Any) -> bool:
    """Whether the file ends before the record does, once its content has been read."""
    return getattr(record.raw_stream, "limit", 0) > 0 and not record.raw_stream.read(1)


def _charset(record: Any) -> str:
    kind = record.http_headers.get_header("Content-Type") if record.http_headers else ""
    _, _, charset = (kind or "").lower().partition("charset=")
    return charset.split(";")[0].strip(" \"'")
