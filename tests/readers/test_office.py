from __future__ import annotations

import io

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.readers.builders import SAID, document, reason, zipped

ODF = 'xmlns:office="o" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:dc="d"'


def word(*paragraphs: str, heading: str = "", title: str = "", xml: str = "") -> bytes:
    made = docx.Document()
    made.core_properties.title = title
    if heading:
        made.add_heading(heading, 1)
    for each in paragraphs:
        made.add_paragraph(each)
    if xml:
        made.element.body.insert(0, parse_xml(xml.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def odt(body: str, title: str = "") -> bytes:
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {ODF}><office:body><office:text>{body}"
            "</office:text></office:body></office:document-content>",
            "meta.xml": f"<office:document-meta {ODF}><dc:title>{title}</dc:title>"
            "</office:document-meta>",
        }
    )


def test_a_word_document_is_read_by_paragraphs_with_its_first_heading():
    found = document("a.docx", word(SAID, "", "Two\nlines", heading="Toll stays"))
    assert found.text == f"Toll stays\n\n{SAID}\n\nTwo\nlines"
    assert found.facts.title == "Toll stays"


@pytest.mark.parametrize(
    ("title", "shown"),
    [("The toll", "The toll"), ("Word Document", "Head"), ("draft.docx", "Head"), ("", "Head")],
)
def test_a_title_that_a_program_gave_is_passed_over(title, shown):
    assert document("a.docx", word(SAID, heading="Head", title=title)).facts.title == shown


def test_what_was_inserted_is_read_and_what_was_struck_out_is_not():
    xml = (
        "<w:p><w:r><w:t>It </w:t></w:r><w:ins><w:r><w:t>stays</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>goes</w:delText></w:r></w:del><w:r><w:tab/><w:t>here</w:t></w:r></w:p>"
    )
    assert document("a.docx", word(xml=xml)).text.startswith("It stays\there")


def test_tables_are_read_in_their_place():
    made = docx.Document()
    made.add_paragraph("Before")
    made.add_table(1, 2).rows[0].cells[1].text = "In a cell"
    made.add_paragraph("After")
    out = io.BytesIO()
    made.save(out)
    assert document("a.docx", out.getvalue()).text == "Before\n\nIn a cell\n\nAfter"


def test_an_opendocument_text_is_read():
    body = (
        "<text:tracked-changes><text:p>Struck out</text:p></text:tracked-changes>"
        '<text:h>Toll stays</text:h><text:p>One<text:s text:c="2"/>two<text:line-break/>three'
        "<office:annotation><text:p>A comment</text:p></office:annotation></text:p>"
        "<text:list><text:list-item><text:p>Four</text:p></text:list-item></text:list>"
    )
    found = document("a.odt", odt(body))
    assert found.text == "Toll stays\n\nOne  two\nthree\n\nFour"
    assert found.facts.title == "Toll stays"
    assert document("a.odt", odt(body, "The toll")).facts.title == "The toll"


def test_rich_text_is_read_with_its_letters():
    raw = (
        rb"{\rtf1\ansi\ansicpg1250{\fonttbl{\f0 Times;}}{\info{\title Toll \'e9}}"
        rb"{\*\generator Word;}\f0 Caf\'e9 \u8220\'93x\u8221\'94.\par Two.\par}"
    )
    found = document("a.rtf", raw)
    assert found.text == "Café “x”.\n\nTwo."
    assert found.facts.title == "Toll é"


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("a.docx", word(), "It is empty"),
        ("a.odt", odt(""), "It is empty"),
        ("a.docx", word(SAID)[:2_000], "damaged"),
        ("a.odt", odt("<text:p>" * 5), "not valid XML"),
        ("a.odt", odt("<text:p>" * 50_000 + "</text:p>" * 50_000), "."),
        ("a.rtf", rb"{\rtf1", "It is empty"),
        ("a.rtf", rb"{\rtf1" + b"{" * 100_000, "."),
        ("a.rtf", rb"{\rtf1" + bytes(range(1, 256)) * 20, "It is damaged"),
        ("a.docx", zipped({"word/document.xml": b" " * 30_000_000}), "times its size"),
        ("a.docx", zipped({"word/document.xml": "<x/>", "[Content_Types].xml": "<x/>"}), "damaged"),
    ],
)
def test_documents_without_text_or_with_too_much_are_refused(name, raw, words):
    assert words in reason(name, raw)
