"""Small files of every format, made where they are used."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

from statements.ingest.documents import Document, Facts, Refusal
from statements.ingest.readers import Reading, read_bytes

SAID = "“We are keeping the toll,” transport minister Ana Ruiz said."
SENTENCES = [
    f"{SAID} She told reporters of the paper number {n} that nothing had been decided so far, and "
    "that the council would meet again before the end of the year to hear every side of it."
    for n in range(1, 6)
]
TEXT = "\n\n".join(SENTENCES)


def read(name: str, raw: bytes | str, **said) -> list[Any]:
    """The documents and refusals in these bytes, read as is said."""
    raw = raw.encode() if isinstance(raw, str) else raw
    return list(read_bytes(name, raw, Reading(**said)))


def document(name: str, raw: bytes | str, **said) -> Document:
    (found,) = read(name, raw, **said)
    assert isinstance(found, Document), found
    return found


def reason(name: str, raw: bytes | str, **said) -> str:
    (found,) = read(name, raw, **said)
    assert isinstance(found, Refusal), found
    return found.reason


def facts(name: str, raw: bytes | str, **said) -> Facts:
    return document(name, raw, **said).facts


def zipped(members: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these members; any name goes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=compression)
    return out.getvalue()


def encrypted(raw: bytes) -> bytes:
    """The archive with the mark of encryption on each of its members."""
    changed = bytearray(raw)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(signature)
        while at >= 0:
            (flags,) = struct.unpack_from("<H", raw, at + offset)
            struct.pack_into("<H", changed, at + offset, flags | 1)
            at = raw.find(signature, at + 4)
    return bytes(changed)


def page(body: str = "", head: str = "", before: str = "") -> str:
    body = body or "".join(f"<p>{each}</p>" for each in SENTENCES)
    return (
        f"<!DOCTYPE html>{before}<html><head><title>Toll stays</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a></nav><article><h1>Toll stays</h1>{body}</article>"
        "<footer>Terms of use</footer></body></html>"
    )


def pdf(lines: list[str]) -> bytes:
    """A PDF of one page with these lines; none makes a page without text."""
    shown = b" T* ".join(b"(%s) Tj" % line.encode("latin-1") for line in lines)
    stream = b"BT /F1 12 Tf 14 TL 72 720 Td %s ET" % shown
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)
