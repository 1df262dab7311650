from __future__ import annotations

from datetime import date

import pytest

from statements.ingest.documents import Document
from tests.readers.builders import SENTENCES, TEXT, read, reason

PARAGRAPHS = "".join(f"<p>{each}</p>" for each in SENTENCES)


def rss(items: str) -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>The Gazette</title>{items}</channel></rss>"
    )


FULL = (
    "<item><title>Toll &amp;amp; tax</title><link>https://g.example/1</link>"
    "<dc:creator>Ana Ruiz</dc:creator><pubDate>Wed, 01 May 2024 10:00:00 GMT</pubDate>"
    f"<description>Short.</description><content:encoded><![CDATA[{PARAGRAPHS}]]></content:encoded>"
    "</item>"
)


def test_entries_with_their_text_are_articles_and_summaries_are_refused():
    short = "<item><title>S</title><description>Only the beginning …</description></item>"
    first, second = read("feed.xml", rss(FULL + short))
    assert isinstance(first, Document)
    assert first.text == TEXT
    facts = first.facts
    assert (facts.title, facts.outlet, facts.byline) == ("Toll & tax", "The Gazette", "Ana Ruiz")
    assert (facts.published, facts.url) == (date(2024, 5, 1), "https://g.example/1")
    assert not isinstance(second, Document)
    assert "only a summary" in second.reason
    assert "“S”" in second.name


def test_a_long_description_is_taken_with_a_note():
    body = PARAGRAPHS * 3
    (found,) = read("a.rss", rss(f"<item><description><![CDATA[{body}]]></description></item>"))
    assert isinstance(found, Document)
    assert "check that it is the whole" in found.notes[0]
    cut = f"<item><description><![CDATA[{body} Read more]]></description></item>"
    assert "only a summary" in reason("a.rss", rss(cut))


def test_an_atom_feed_is_read():
    raw = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>The Gazette</title><entry>'
        '<title>Toll</title><link href="https://g.example/1"/><author><name>A. Ruiz</name></author>'
        "<published>2024-05-01T10:00:00Z</published><updated>2024-06-01T10:00:00Z</updated>"
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>Two.</p></div>'
        "</content></entry></feed>"
    )
    (found,) = read("a.atom", raw)
    assert isinstance(found, Document)
    assert found.text == "One.\n\nTwo."
    assert found.facts.published == date(2024, 5, 1)


@pytest.mark.parametrize(
    "raw",
    [
        rss(""),
        "<rss><channel><item></item></channel></rss>",
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><content src="http://x.example/"/></entry></feed>',
        '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss><channel><item>'
        "<description>&b;</description></item></channel></rss>",
        "<rss>" * 50_000,
    ],
    ids=["no entries", "empty entry", "elsewhere", "entities", "deep"],
)
def test_a_feed_without_texts_is_refused(raw):
    assert reason("a.rss", raw)
