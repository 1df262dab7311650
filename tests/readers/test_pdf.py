from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter

from statements.ingest.readers.pdf import reflowed
from tests.readers.builders import document, pdf, reason

LINES = [
    "The minister said that the toll would stay in place for an-",
    "other year. She did not say what it would come to after it.",
    "It is too early.",
    "Two councils have asked for it to be lifted at once, among",
    "them the one in Orsel.",
]


def protected(raw: bytes, password: str, algorithm: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(raw)))
    writer.encrypt(user_password=password, owner_password="owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_lines_become_paragraphs_and_broken_words_are_joined():
    found = document("a.pdf", pdf(LINES))
    assert found.text.split("\n\n") == [
        "The minister said that the toll would stay in place for another year. She did not say "
        "what it would come to after it. It is too early.",
        "Two councils have asked for it to be lifted at once, among them the one in Orsel.",
    ]
    assert "check paragraphs and columns" in found.notes[0]


def test_blank_lines_end_paragraphs_and_hyphens_before_capitals_stay():
    found = [each for each in reflowed("The Anglo-\nIrish accord\n\nholds") if each]
    assert found == ["The Anglo- Irish accord", "holds"]


def test_a_pdf_of_pictures_says_what_to_do():
    assert "text recognition (OCR)" in reason("a.pdf", pdf([]))


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_password_is_needed_only_where_one_was_set_for_reading(algorithm):
    raw = pdf(LINES)
    assert "toll would stay" in document("a.pdf", protected(raw, "", algorithm)).text
    assert "password" in reason("a.pdf", protected(raw, "secret", algorithm))


@pytest.mark.parametrize("raw", [b"%PDF-1.4", b"%PDF-1.4\n%%EOF", pdf(LINES)[:300]])
def test_a_damaged_one_is_refused(raw):
    assert reason("a.pdf", raw)
