"""Whatever the bytes, every file ends as documents or refusals with a reason."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statements.ingest.documents import Document, Refusal
from statements.ingest.readers import Reading, detect, read_bytes
from statements.ingest.readers.formats import BY_EXTENSION
from tests.readers.builders import TEXT, page, pdf, zipped
from tests.readers.test_feeds import FULL, rss
from tests.readers.test_newsml import XHTML, item
from tests.readers.test_office import odt, word
from tests.readers.test_tables import workbook
from tests.readers.test_web_archives import PAGE, warc

EXTENSIONS = [*BY_EXTENSION, "xml", "gz", "doc", "png", ""]
STARTS = [
    b"", b"%PDF-1.7\n", b"PK\x03\x04", b"PK\x05\x06", b"{\\rtf1", b"WARC/1.0\r\n", b"\x1f\x8b\x08",
    b"<html>", b"<rss>", b"<newsItem>", b"<nitf>", b"[{", b'{"text":', b"\xff\xfe", b"\xef\xbb\xbf",
    b"MIME-Version: 1.0\r\nContent-Type: multipart/related", b"title,text\n", b"\xd0\xcf\x11\xe0",
]  # fmt: skip
WHOLE = [
    page().encode(), pdf(["Words in a file of pages."]), zipped({"a.txt": TEXT, "b.html": page()}),
    rss(FULL).encode(), item(XHTML).encode(), odt("<text:p>Words</text:p>"), word(TEXT),
    workbook([["text"], ["Words"]]), warc(PAGE), b'[{"text": "Words"}]', b"text,title\nWords,T\n",
    rb"{\rtf1 Words\par more}", TEXT.encode("cp1252"), TEXT.encode("utf-16"),
]  # fmt: skip


def ends_well(name: str, raw: bytes, reading: Reading = Reading()) -> None:  # noqa: B008
    detect(name, raw)
    found = list(read_bytes(name, raw, reading))
    assert found
    for each in found:
        if isinstance(each, Refusal):
            assert each.reason.endswith(".")
            assert len(each.reason) < 600
        else:
            assert isinstance(each, Document)
            assert each.text.strip()
            assert "\0" not in each.text
            each.text.encode()
            each.facts.title.encode()


@given(
    raw=st.binary(max_size=3_000),
    start=st.sampled_from(STARTS),
    extension=st.sampled_from(EXTENSIONS),
)
@settings(max_examples=400, deadline=None)
def test_random_bytes_under_every_name_end_well(raw, start, extension):
    ends_well(f"a.{extension}", start + raw)


@given(
    text=st.text(max_size=500),
    codec=st.sampled_from(["utf-8", "utf-16", "utf-32", "cp1252", "shift_jis"]),
    extension=st.sampled_from(EXTENSIONS),
)
@settings(max_examples=200, deadline=None)
def test_random_texts_end_well(text, codec, extension):
    ends_well(f"a.{extension}", text.encode(codec, errors="ignore"))


@pytest.mark.parametrize("whole", WHOLE, ids=lambda raw: detect("a", raw).format)
def test_files_cut_off_or_changed_anywhere_end_well(whole):
    random.seed(7)
    for _ in range(25):
        ends_well("a", whole[: random.randrange(len(whole))])
        changed = bytearray(whole)
        for _ in range(random.randrange(1, 12)):
            changed[random.randrange(len(whole))] = random.randrange(256)
        ends_well("a", bytes(changed))


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.html", b"<html>" + b"<p>x" * 20_000),
        ("a.html", b"<html><table>" * 20_000),
        ("a.html", b"<!--" * 300_000),
        ("a.html", b"<html><p>" + b"word " * 400_000),
        ("a.html", b"<html " + b"a='b' " * 200_000 + b">"),
        ("a.xml", b"<rss><channel><item><description>" + b"&lt;b" * 200_000),
        ("a.csv", b'text\n"' + b"x" * 3_000_000),
        ("a.csv", b"text\n" + b"\n" * 1_000_000),
        ("a.json", b'[{"text": "' + b"x" * 3_000_000 + b'"}]'),
        ("a.rtf", rb"{\rtf1 " + rb"\'e9" * 300_000 + b"}"),
        ("a.rtf", rb"{\rtf1 " + rb"{\*\x " * 100_000),
        ("a.mhtml", b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"
         + b"--x\nContent-Type: multipart/mixed; boundary=x\n\n" * 5_000),
        ("a.txt", b"word " * 200_000),
        ("a.txt", "e\u0301\u202e\u0644".encode() * 100_000),
        ("a.txt", b"\xef\xbb\xbf" * 10_000),
        ("a.txt", b"\xff" * 10_000),
    ],
    ids=range(16),
)  # fmt: skip
def test_heavy_files_end_well(name, raw):
    ends_well(name, raw)
