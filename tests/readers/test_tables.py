from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime

import openpyxl
import pytest

from statements.ingest.documents import Document, Refusal
from statements.ingest.readers import Reading, preview
from tests.readers.builders import SAID, document, read, reason

ROWS = f'Headline,Body,Published,Source,Author,Link\nToll stays,"{SAID}",2024-05-01,The Gazette,A. Ruiz,https://g.example/1\n'


def workbook(*sheets: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_columns_are_guessed_from_headers():
    found = document("in.csv", ROWS)
    assert found.name == "in.csv, line 2"
    assert found.text == SAID
    facts = found.facts
    assert (facts.title, facts.published) == ("Toll stays", date(2024, 5, 1))
    assert (facts.outlet, facts.byline, facts.url) == (
        "The Gazette",
        "A. Ruiz",
        "https://g.example/1",
    )
    assert facts.published_basis == "The column “Published” of the import."


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_what_separates_cells_is_found(separator):
    rows = separator.join(("title", "text")) + "\r\n" + separator.join(("T", "A word.")) + "\r\n"
    assert document("in.csv", rows).text == "A word."


def test_a_comma_in_texts_does_not_separate():
    rows = "title;text\nOne, two, three;Four, five\nSix;Seven, eight, nine, ten\n"
    assert [each.facts.title for each in read("in.csv", rows)] == ["One, two, three", "Six"]


def test_columns_that_are_given_win_and_the_rest_is_guessed():
    rows = "title,text,notes\nT,Short,The long article.\n"
    found = document("in.csv", rows, mapping={"text": "Notes"})
    assert (found.text, found.facts.title) == ("The long article.", "T")


@pytest.mark.parametrize(
    ("rows", "said", "words"),
    [
        ("a,b\n1,2\n", {}, "None of its columns is known to hold the text"),
        ("title,text\n", {}, "no rows"),
        ("title,text\nT,X\n", {"mapping": {"text": "corps"}}, "its columns are: title, text"),
        ("title,text\nT,X\n", {"mapping": {"when": "title"}}, "is no field"),
        ("a," * 600 + "text\nX", {}, "more than 500 columns"),
    ],
)
def test_a_table_that_cannot_be_mapped_says_why(rows, said, words):
    assert words in reason("in.csv", rows, **said)


def test_rows_are_refused_one_by_one():
    found = read("in.csv", "title,text\nA,Text\nB,\n\nC,Text,and more\nD\nE,More text\n")
    kinds = [(each.name, isinstance(each, Document)) for each in found]
    assert kinds == [
        ("in.csv, line 2", True),
        ("in.csv, line 3", False),
        ("in.csv, line 5", False),
        ("in.csv, line 6", False),
        ("in.csv, line 7", True),
    ]
    assert "quotation marks" in found[2].reason


def test_a_date_of_two_readings_is_noted_unless_the_order_is_given():
    rows = "text,date\nWords,04/05/2024\n"
    found = document("in.csv", rows)
    assert found.facts.published is None
    assert "04/05/2024" in found.notes[0]
    assert document("in.csv", rows, date_order="dmy").facts.published == date(2024, 5, 4)


def test_the_encoding_is_detected_and_can_be_given():
    rows = "title,text\nÉté,Il a dit « non » à Genève.\n"
    assert document("in.csv", rows.encode("cp1252")).text == "Il a dit « non » à Genève."
    assert document("in.csv", rows.encode("cp850"), encoding="cp850").facts.title == "Été"
    assert document("in.csv", rows.encode("utf-16")).facts.title == "Été"


def test_cells_may_be_as_long_as_articles_and_hold_lines():
    text = "A paragraph of words.\n\n" * 20_000
    assert document("in.csv", f'title,text\nT,"{text}"\n').text == text


def test_tags_in_cells_are_taken_out():
    found = document("in.csv", "title,text\nT,<p>One &amp; two</p><p>Three<br>four</p>\n")
    assert found.text == "One & two\n\nThree\nfour"
    assert "HTML tags" in found.notes[0]


def test_a_workbook_is_read_with_its_dates():
    raw = workbook([["Title", "Text", "Date"], ["T", SAID, datetime(2024, 5, 1)], [], ["U", "V"]])  # noqa: DTZ001
    first, second = read("in.xlsx", raw)
    assert isinstance(first, Document)
    assert (first.name, first.facts.published) == ("in.xlsx, row 2", date(2024, 5, 1))
    assert second.name == "in.xlsx, row 4"


def test_the_first_sheet_with_rows_is_read_and_that_is_said():
    found = document("in.xlsx", workbook([], [["Text"], ["Words"]]))
    assert found.notes == ("Only the sheet “Sheet1” was read.",)
    assert "sheets are empty" in reason("in.xlsx", workbook([]))


def test_a_full_cell_of_excel_is_noted():
    found = document("in.xlsx", workbook([["Text"], ["w" * 32_767]]))
    assert "the rest of it may be missing" in found.notes[0]


@pytest.mark.parametrize("name", ["in.csv", "in.xlsx"])
def test_a_preview_shows_columns_mapping_first_rows_and_problems(name):
    rows = [["Head", "Corps", "Datum"]] + [[f"T{n}", f"Words {n}", "1/2/2024"] for n in range(50)]
    raw = workbook(rows) if name == "in.xlsx" else "\n".join(",".join(row) for row in rows).encode()
    shown = preview(name, raw)
    assert shown.columns == ("Head", "Corps", "Datum")
    assert shown.mapping == {"title": "Head", "date": "Datum"}
    assert "None of its columns" in shown.problems[0]
    shown = preview(name, raw, Reading(mapping={"text": "Corps"}), first=3)
    assert shown.mapping["text"] == "Corps"
    assert [each.text for each in shown.documents if isinstance(each, Document)] == [
        "Words 0",
        "Words 1",
        "Words 2",
    ]
    assert len(shown.problems) == 1
    assert not any(isinstance(each, Refusal) for each in shown.documents)
