from __future__ import annotations

import gzip

import pytest

from statements.ingest.readers import detect
from statements.ingest.readers.formats import NOT_READ
from tests.readers.builders import TEXT, page, pdf, reason, zipped

RSS = "<rss version='2.0'><channel/></rss>"


@pytest.mark.parametrize(
    ("name", "raw", "format_"),
    [
        ("a.txt", TEXT, "text"),
        ("a", TEXT, "text"),
        ("a.txt", "[London] The toll stays.", "text"),
        ("a.txt", "{not json}", "text"),
        ("a.txt", "From: the editor\nThe toll stays.", "text"),
        ("wrong.txt", pdf(["Text"]), "pdf"),
        ("wrong.docx", rb"{\rtf1 Text}", "rtf"),
        ("a.txt", page(), "html"),
        ("a", "\ufeff  " + page(), "html"),
        ("a.xml", page().encode("utf-16"), "html"),
        ("a.html", "Only words", "html"),
        ("a.xml", '<?xml version="1.0"?>\n<!-- x -->' + RSS, "feed"),
        ("a.xml", '<feed xmlns="http://www.w3.org/2005/Atom"/>', "feed"),
        ("a.xml", '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"/>', "newsml"),
        ("a.xml", "<!DOCTYPE nitf SYSTEM 'x'><nitf/>", "newsml"),
        ("a.xml", '<?xml version="1.0"?><catalogue/>', "xml"),
        ("a.json", '{"text": "x"}', "json"),
        ("a", '[{"text": "x"}]', "json"),
        ("a", '{"text": "x"}\n{"text": "y"}', "jsonl"),
        ("a.csv", "title,text\nA,B", "csv"),
        ("a.tsv", "title\ttext", "csv"),
        ("a.warc", b"WARC/1.0\r\n", "warc"),
        ("a.gz", gzip.compress(b"WARC/1.0\r\n", mtime=0), "warc"),
        ("a.gz", gzip.compress(b"Text", mtime=0), "archive"),
        ("a.mht", "From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related", "mhtml"),
        ("a.eml", "Received: x\nMIME-Version: 1.0\nContent-Type: text/plain\n\nHi", "mail"),
        ("a.zip", zipped({"a.txt": "Text"}), "zip"),
        ("a.docx", zipped({"a.txt": "Text"}), "damaged"),
        ("a.zip", zipped({"word/document.xml": "", "[Content_Types].xml": ""}), "docx"),
        ("a.zip", zipped({"xl/workbook.xml": ""}), "xlsx"),
        ("a", zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "odt"),
        ("a", zipped({"mimetype": "application/epub+zip"}), "slides"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "office"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "picture"),
        ("a.mp4", b"\0\0\0\x18ftypmp42", "recording"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "archive"),
        ("a.pdf", "no pdf at all", "damaged"),
        ("a.zip", b"PK\x03\x04" + b"x" * 100, "damaged"),
    ],
)  # fmt: skip
def test_a_format_is_seen_in_the_bytes_before_the_name(name, raw, format_):
    assert detect(name, raw.encode() if isinstance(raw, str) else raw).format == format_


@pytest.mark.parametrize(
    ("name", "raw", "sureness"),
    [("a.pdf", pdf(["x"]), "certain"), ("a.csv", b"a,b", "by its name"), ("a", b"words", "likely")],
)
def test_how_sure_it_is_is_said(name, raw, sureness):
    assert detect(name, raw).sureness == sureness


def test_what_is_not_read_says_what_to_do():
    assert reason("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") == NOT_READ["office"]
    assert "leave it beside the article" in reason("a.toml", "title = 'x'")
