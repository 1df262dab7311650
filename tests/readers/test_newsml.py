from __future__ import annotations

from datetime import date

import pytest

from statements.ingest.documents import Document
from tests.readers.builders import SAID, document, read, reason

NS = "http://iptc.org/std/nar/2006-10-01/"


def item(content: str, status: str = "stat:usable", kind: str = "text") -> str:
    return (
        f'<newsItem xmlns="{NS}" guid="urn:x" version="1"><itemMeta>'
        f'<itemClass qcode="ninat:{kind}"/>'
        '<provider qcode="agency:GZ"><name>Gazette Wire</name></provider>'
        "<versionCreated>2024-05-03T10:00:00Z</versionCreated>"
        f'<firstCreated>2024-05-01T10:00:00Z</firstCreated><pubStatus qcode="{status}"/></itemMeta>'
        "<contentMeta><headline>Toll <b>stays</b></headline><by>By Ana Ruiz</by></contentMeta>"
        f"<contentSet>{content}</contentSet></newsItem>"
    )


XHTML = (
    '<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">'
    f"<head><title>No</title></head><body><p>{SAID}</p><p>Two\n lines.</p>"
    "</body></html></inlineXML>"
)
NITF = (
    '<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><head><title>T</title>'
    '<docdata><date.issue norm="20240501T100000"/></docdata><pubdata name="The Gazette"/></head>'
    "<body><body.head><hedline><hl1>Toll stays</hl1></hedline>"
    "<byline>By A. Ruiz</byline></body.head>"
    f"<body.content><block><p>{SAID}</p><p>Two.</p></block></body.content></body></nitf>"
)
LINES = f'<inlineData contenttype="text/plain">{SAID}\n\nTwo.</inlineData>'


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (XHTML, f"{SAID}\n\nTwo lines."),
        (f"<inlineXML>{NITF}</inlineXML>", f"{SAID}\n\nTwo."),
        (LINES, f"{SAID}\n\nTwo."),
    ],
    ids=["xhtml", "nitf", "plain"],
)
def test_an_item_is_read_with_its_paragraphs(content, text):
    found = document("a.xml", item(content))
    assert found.text == text
    facts = found.facts
    assert (facts.title, facts.outlet, facts.byline) == ("Toll stays", "Gazette Wire", "Ana Ruiz")
    assert facts.published == date(2024, 5, 1)
    assert facts.published_basis == "The item's own firstCreated."


def test_a_message_gives_each_of_its_items():
    raw = f'<newsMessage xmlns="{NS}"><itemSet>{item(XHTML)}{item(LINES)}</itemSet></newsMessage>'
    found = read("a.xml", raw)
    assert [isinstance(each, Document) for each in found] == [True, True]
    assert found[1].name == "a.xml, item 2"


def test_a_nitf_file_is_read():
    found = document("a.xml", f"<!DOCTYPE nitf SYSTEM 'nitf.dtd'>{NITF}")
    assert found.text == f"{SAID}\n\nTwo."
    assert (found.facts.title, found.facts.outlet) == ("Toll stays", "The Gazette")
    assert found.facts.published == date(2024, 5, 1)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (item(LINES, status="stat:canceled"), "withdrawn"),
        (item('<remoteContent href="x.jpg"/>', kind="picture"), "It is a picture item"),
        (item('<remoteContent href="x.txt"/>'), "Its text is not in the file"),
        (f'<newsMessage xmlns="{NS}"/>', "no news item"),
        (item(LINES)[:-30], "not valid XML"),
        (f'<!DOCTYPE x [<!ENTITY a "b">]>{item("&a;")}', "entities of its own"),
        (f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{item("&a;")}', "entities"),
        (f'<newsItem xmlns="{NS}">' + "<p>" * 100_000 + "</p>" * 100_000 + "</newsItem>", "."),
    ],
    ids=["withdrawn", "picture", "remote", "nothing", "cut", "entity", "external", "deep"],
)
def test_what_holds_no_article_is_refused(raw, words):
    assert words in reason("a.xml", raw)
