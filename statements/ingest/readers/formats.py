"""Which format a file is in: by what it holds first, then by its name."""

from __future__ import annotations

import codecs
import io
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

# How much of the beginning is looked at.
HEAD = 8_192

CERTAIN, LIKELY, BY_NAME = "certain", "likely", "by its name"

BY_EXTENSION = {
    "txt": "text",
    "text": "text",
    "csv": "csv",
    "tsv": "csv",
    "tab": "csv",
    "xlsx": "xlsx",
    "json": "json",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "mhtml": "mhtml",
    "mht": "mhtml",
    "rss": "feed",
    "atom": "feed",
    "warc": "warc",
    "docx": "docx",
    "odt": "odt",
    "rtf": "rtf",
    "pdf": "pdf",
    "zip": "zip",
}

# What is said of files that are not read. The keys stand beside the formats above.
NOT_READ = {
    "archive": "It is an archive of a kind that is not opened; unpack it and import the folder.",
    "office": (
        "It is an old Office file or one with a password; "
        "save it without a password as .docx or .xlsx."
    ),
    "slides": "It is no article but slides or an e-book; copy the text into a .txt or .docx file.",
    "spreadsheet": "It is a spreadsheet that is not read; save it as .xlsx or .csv.",
    "picture": "It is a picture; run text recognition (OCR) on it and import the text.",
    "recording": "It is sound or video; import its transcript as text.",
    "mail": "It is an e-mail; save its text as .txt, or the page that it points to as .html.",
    "xml": "It is XML of a kind that is not read; save the article as HTML or plain text.",
    "damaged": "It is cut off or damaged; download or save it again.",
}

_MAGIC = [
    (b"{\\rtf", "rtf"),
    (b"WARC/", "warc"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"\x89PNG\r\n\x1a\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"ID3", "recording"),
    (b"OggS", "recording"),
    (b"\x1aE\xdf\xa3", "recording"),
]
_ROOT = re.compile(r"<(?!\?|!)(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_COMMENT = re.compile(r"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_ROOTS = {
    "rss": "feed",
    "feed": "feed",
    "RDF": "feed",
    "newsMessage": "newsml",
    "newsItem": "newsml",
    "packageItem": "newsml",
    "nitf": "newsml",
}
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_HTML_PART = re.compile(r"\s*<(?:article|div|p|section|main|h1|meta|title)\b", re.IGNORECASE)
_RECORDS = re.compile(r"\s*(?:\[\s*[\]{]|\{\s*[\"}])")


@dataclass(frozen=True, slots=True)
class Detected:
    """A format, how sure it is (certain, likely or by its name), and what showed it."""

    format: str
    sureness: str
    because: str


def extension(name: str) -> str:
    """What follows the last full stop of a name, in small letters."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower().removeprefix(".")


def detect(name: str, raw: bytes) -> Detected:
    """The format of these bytes. Never fails: what is nothing else is text."""
    named = BY_EXTENSION.get(extension(name))
    head = raw[:HEAD]
    for magic, format_ in _MAGIC:
        if head.startswith(magic):
            return Detected(format_, CERTAIN, "its first bytes")
    if b"%PDF-" in head[:1024]:
        return Detected("pdf", CERTAIN, "its first bytes")
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        return _packed(raw, named)
    if head.startswith(b"\x1f\x8b"):
        return _gzipped(raw)
    if head[257:262] == b"ustar":
        return Detected("archive", CERTAIN, "its first bytes")
    if head[4:8] == b"ftyp" or head[:4] == b"RIFF":
        kind = "picture" if head[8:12] in (b"WEBP", b"heic", b"avif") else "recording"
        return Detected(kind, CERTAIN, "its first bytes")
    by_text = _by_text(_readable(head), raw, named)
    if by_text:
        return by_text
    if named in ("docx", "xlsx", "odt", "zip", "pdf", "warc") and head:
        return Detected("damaged", BY_NAME, "its name, which its first bytes belie")
    if named:
        # Nothing but its name tells a table or a feed without a root from plain text.
        return Detected(named, CERTAIN if named == "text" else BY_NAME, "its name")
    return Detected("text", LIKELY, "nothing else fits")


def _readable(head: bytes) -> str:
    """The beginning as text, good enough to see ASCII markup in it."""
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(codec, "ignore")
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _by_text(head: str, raw: bytes, named: str | None) -> Detected | None:
    start = head.lstrip()
    if start.startswith("<"):
        root = _ROOT.search(_COMMENT.sub("", start))
        if root and root[1] in _ROOTS:
            return Detected(_ROOTS[root[1]], CERTAIN, f"its root element {root[1]}")
        if _HTML.search(start):
            return Detected("html", CERTAIN, "its tags")
        if named == "html" or _HTML_PART.match(start):
            return Detected("html", LIKELY, "its tags")
        if start.startswith("<?xml") and named != "text":
            return Detected("xml", CERTAIN, "its declaration")
        return None
    if _is_mail(start):
        whole = "multipart/related" in head.lower() or named == "mhtml"
        return Detected("mhtml" if whole else "mail", CERTAIN, "its headers")
    if _RECORDS.match(start):
        return _records(raw, named)
    if named not in ("text", "csv") and _HTML.search(head):
        return Detected("html", LIKELY, "its tags")
    return None


def _is_mail(start: str) -> bool:
    names = re.findall(r"^([A-Za-z-]{2,40}):", start[:4_000], re.MULTILINE)
    known = {"mime-version", "content-type", "received", "message-id", "snapshot-content-location"}
    return (
        bool(re.match(r"[A-Za-z-]{2,40}: ", start))
        and len(known & {name.lower() for name in names}) >= 2
    )


def _records(raw: bytes, named: str | None) -> Detected | None:
    """JSON or JSON lines, told apart by whether the first line is complete."""
    if named == "csv":
        return None
    lines = raw[: 64 * HEAD].lstrip().splitlines()
    try:
        first = json.loads(lines[0])
    except (ValueError, IndexError, RecursionError):
        first = None
    if isinstance(first, dict) and len(lines) > 1 and lines[1].lstrip().startswith(b"{"):
        return Detected("jsonl", CERTAIN, "its lines")
    if named in ("json", "jsonl"):
        sure = CERTAIN if named == "json" or isinstance(first, dict) else BY_NAME
        return Detected(named, sure, "its first characters")
    if named == "text" and first is None:
        return None
    return Detected("json", LIKELY, "its first characters")


def _packed(raw: bytes, named: str | None) -> Detected:
    """What a zip archive is: a document of an office program, or an archive of files."""
    from statements.ingest.readers.archives import too_many_members

    if too_many_members(raw):
        return Detected("zip", LIKELY, "its first bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = {info.filename for info in archive.infolist()}
            kind = ""
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                kind = archive.open("mimetype").read(200).decode("ascii", "replace").strip()
    except Exception:  # zipfile raises many kinds on damaged archives.
        return Detected("damaged", CERTAIN, "its list of members cannot be read")
    if "word/document.xml" in names:
        return Detected("docx", CERTAIN, "its parts")
    if "xl/workbook.xml" in names:
        return Detected("xlsx", CERTAIN, "its parts")
    if kind.startswith("application/vnd.oasis.opendocument.text"):
        return Detected("odt", CERTAIN, "its parts")
    sheets = kind.startswith("application/vnd.oasis.opendocument.spreadsheet")
    if sheets or "xl/workbook.bin" in names:
        return Detected("spreadsheet", CERTAIN, "its parts")
    if kind or "ppt/presentation.xml" in names:
        return Detected("slides", CERTAIN, "its parts")
    if named in ("docx", "xlsx", "odt") or "[Content_Types].xml" in names:
        return Detected("damaged", LIKELY, "parts are missing")
    return Detected("zip", CERTAIN, "its first bytes")


def _gzipped(raw: bytes) -> Detected:
    import zlib

    try:
        start = zlib.decompressobj(wbits=31).decompress(raw[:HEAD], 64)
    except zlib.error:
        return Detected("damaged", CERTAIN, "its first bytes cannot be unpacked")
    if start.startswith(b"WARC/"):
        return Detected("warc", CERTAIN, "its first record")
    return Detected("archive", CERTAIN, "its first bytes")
