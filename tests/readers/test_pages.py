from __future__ import annotations

from datetime import date

import pytest

from statements.ingest.readers.limits import MB
from tests.readers.builders import SENTENCES, document, facts, page, reason

LINKED = (
    '<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "datePublished": '
    '"2001-01-01"}, {"@type": "NewsArticle", "datePublished": "2024-05-01T08:00:00+02:00"}]}'
    "</script>"
)


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def test_the_article_is_taken_and_menus_are_left():
    found = document(
        "a.html", page(head=meta("og:site_name", "The Gazette") + meta("author", "Ana Ruiz"))
    )
    for sentence in SENTENCES:
        assert sentence in found.text.split("\n\n")
    assert "Home" not in found.text
    assert "Terms of use" not in found.text
    facts = found.facts
    assert (facts.title, facts.outlet, facts.byline) == ("Toll stays", "The Gazette", "Ana Ruiz")
    assert found.facts.published is None


@pytest.mark.parametrize(
    "head",
    [
        LINKED,
        meta("article:published_time", "2024-05-01T23:00:00-05:00"),
        '<meta name="dc.date.issued" content="1 May 2024">',
        '<meta itemprop="datePublished" content="20240501">',
    ],
)
def test_a_date_that_the_page_marks_is_taken_with_its_basis(head):
    found = facts("a.html", page(head=head))
    assert found.published == date(2024, 5, 1)
    assert found.published_basis.startswith("The page's own ")


def test_a_date_in_the_running_text_is_not_taken():
    body = "<p>Published 3 March 2019</p>" + "".join(f"<p>{each}</p>" for each in SENTENCES)
    assert facts("a-2019-03-03.html", page(body)).published is None


def test_a_marked_date_that_is_not_understood_is_noted():
    found = document("a.html", page(head=meta("article:published_time", "04/05/2024")))
    assert found.facts.published is None
    assert "04/05/2024" in found.notes[0]


@pytest.mark.parametrize(
    "before",
    [
        "<!-- saved from url=(0029)https://gazette.example/toll1 -->",
        "<!--\n Page saved with SingleFile \n url: https://gazette.example/toll1 \n date: x -->",
    ],
)
def test_the_address_that_browsers_write_down_is_taken(before):
    assert facts("a.html", page(before=before)).url == "https://gazette.example/toll1"


@pytest.mark.parametrize("codec", ["cp1252", "utf-16"])
def test_the_declared_encoding_is_used(codec):
    body = "".join(f"<p>Été à Genève. {each}</p>" for each in SENTENCES)
    raw = page(body, head='<meta charset="iso-8859-1">').encode(codec)
    assert "Été à Genève. “We are keeping the toll,”" in document("a.html", raw).text


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("<html><body></body></html>", "No article was found"),
        ("<html><script>document.write('x')</script></html>", "No article was found"),
        ("<html>" + "<div>" * 200_000, "."),
        ("<html>" + "<b><i>" * 50_000 + "x", "."),
        ("<html>" + " " * 21 * MB, "more than 20 MB"),
    ],
    ids=["empty", "script", "deep", "unclosed", "large"],
)
def test_a_page_without_an_article_says_so(raw, words):
    assert words in reason("a.html", raw)


def test_a_page_in_one_file_is_read_with_its_address():
    html = page().encode()
    raw = (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://gazette.example/toll\r\n"
        b"Subject: Toll stays\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="--x"\r\n\r\n'
        b"----x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + html
        + b"\r\n----x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
        b"\r\niVBO\r\n----x--\r\n"
    )
    found = document("a.mhtml", raw)
    assert found.format == "mhtml"
    assert found.facts.url == "https://gazette.example/toll"
    assert SENTENCES[0] in found.text
    assert "no page" in reason("a.mhtml", raw.replace(b"text/html", b"text/other"))
