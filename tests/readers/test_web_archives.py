from __future__ import annotations

import gzip

import pytest

from statements.ingest.documents import Document, Refusal
from statements.ingest.readers.web_archives import CUT_OFF
from tests.readers.builders import SENTENCES, page, read, reason


def warc(*answers: tuple[str, str, str, bytes], packed: bool = True) -> bytes:
    out = b""
    for number, (url, status, kind, content) in enumerate(answers):
        http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + content
        record = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
            f"WARC-Target-URI: {url}\r\nWARC-Date: 2024-06-01T00:00:00Z\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(http)}\r\n\r\n"
        ).encode()
        whole = record + http + b"\r\n\r\n"
        out += gzip.compress(whole) if packed else whole
    return out


PAGE = ("https://g.example/1", "200 OK", "text/html; charset=utf-8", page().encode())
OTHERS = [
    ("https://g.example/x.png", "200 OK", "image/png", b"\x89PNG"),
    ("https://g.example/gone", "404 Not Found", "text/html", b"<html>Not found</html>"),
]


@pytest.mark.parametrize("packed", [True, False])
def test_pages_that_were_answered_are_articles(packed):
    (found,) = read("a.warc", warc(OTHERS[0], PAGE, OTHERS[1], packed=packed))
    assert isinstance(found, Document)
    assert found.facts.outlet == ""
    assert found.facts.url == "https://g.example/1"
    assert SENTENCES[0] in found.text
    assert found.name == "a.warc, https://g.example/1"


def test_one_without_pages_says_so():
    assert "holds no HTML page" in reason("a.warc", warc(*OTHERS))


@pytest.mark.parametrize("packed", [True, False])
def test_a_truncated_one_keeps_what_comes_before_and_says_where_it_ends(packed):
    raw = warc(PAGE, ("https://g.example/2", *PAGE[1:]), packed=packed)
    first, second = read("a.warc.gz", raw[:-300])
    assert isinstance(first, Document)
    assert isinstance(second, Refusal)
    assert (second.name, second.reason) == ("a.warc.gz, from record 2", CUT_OFF)


def test_a_page_that_is_no_article_is_refused_and_the_rest_is_read():
    first, second = read(
        "a.warc", warc(("https://g.example/0", *PAGE[1:3], b"<html></html>"), PAGE)
    )
    assert isinstance(first, Refusal)
    assert isinstance(second, Document)
