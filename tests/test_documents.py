from __future__ import annotations

from datetime import date

import pytest

from statements.ingest.documents import Document, Facts, Refusal
from statements.ingest.readers import Reading, read_paths
from statements.ingest.readers import read_bytes as read_all_bytes
from statements.ingest.readers import read_file as read_all


def read_file(path, facts=None):
    (found,) = read_all(path, Reading(facts=facts or Facts()))
    return found


def read_bytes(name, raw):
    (found,) = read_all_bytes(name, raw)
    return found


def written(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_text_is_read_without_byte_order_mark_and_with_plain_line_ends(tmp_path):
    document = read_file(written(tmp_path, "a.txt", b"\xef\xbb\xbfTitle\r\n\r\nOne.\rTwo."))
    assert isinstance(document, Document)
    assert document.text == "Title\n\nOne.\nTwo."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A headline\n\nThe body.", "A headline"),
        ("A headline", "A headline"),
        ("First line of the body\nsecond line", "First line of the body"),
        ("\n\nAfter blank lines\n\nBody", "After blank lines"),
        ("words " * 100, "words " * 12 + "words…"),
    ],
    ids=["alone", "only", "run on", "leading blanks", "long"],
)
def test_title_is_the_first_line_when_it_stands_alone(text, title):
    assert Document("a", text, 0).title == title


def test_a_given_title_wins():
    assert Document("a", "Line\n\nBody", 0, Facts(title="Given")).title == "Given"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "It is empty"),
        (b" \n\t\n", "It is empty"),
        (b"\x7fELF\x00\x01", "binary data"),
        (b"x" * 20_000_000, "20,000,000 bytes"),
    ],
    ids=["empty", "blank", "binary", "20 MB"],
)
def test_what_is_no_article_is_refused_with_a_reason(tmp_path, content, reason):
    refusal = read_file(written(tmp_path, "a.txt", content))
    assert isinstance(refusal, Refusal)
    assert reason in refusal.reason
    assert refusal.size == len(content)
    same = read_bytes("a.txt", content)
    assert isinstance(same, Refusal)
    assert same.reason == refusal.reason


def test_a_missing_path_and_a_damaged_file_are_refused(tmp_path):
    found = list(read_paths([tmp_path / "no.txt", written(tmp_path, "a.pdf", b"%PDF")]))
    reasons = [each.reason for each in found if isinstance(each, Refusal)]
    assert ["no such file" in reasons[0], "cut off or damaged" in reasons[1]] == [True, True]


def test_a_folder_gives_its_texts_in_order_and_an_empty_one_says_so(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "none").mkdir()
    for name in ("b.txt", "a.txt", "sub/c.txt", "readme.md"):
        written(tmp_path, name, f"Text of {name}")
    texts = [each.text for each in read_paths([tmp_path]) if isinstance(each, Document)]
    assert texts == ["Text of a.txt", "Text of b.txt", "Text of sub/c.txt"]
    (refusal,) = read_paths([tmp_path / "none"])
    assert isinstance(refusal, Refusal)
    assert "holds no file" in refusal.reason


def test_a_basis_belongs_to_its_date_alone(tmp_path):
    written(tmp_path, "a.toml", "published = 2022-09-01")
    given = Facts(published=date(2020, 1, 1), published_basis="Given with the import.")
    assert read_file(written(tmp_path, "a.txt", "Text"), given).facts.published_basis == ""
    assert read_file(written(tmp_path, "b.txt", "Text"), given).facts == given


def test_sidecar_says_what_is_known_and_the_rest_is_filled_in(tmp_path):
    written(tmp_path, "a.toml", 'published = 2022-09-01\npublished_basis = "the report"')
    path = written(tmp_path, "a.txt", "Text")
    document = read_file(path, Facts(published=date(2020, 1, 1), outlet="The Gazette"))
    assert isinstance(document, Document)
    assert document.facts.published == date(2022, 9, 1)
    assert document.facts.published_basis == "the report"
    assert document.facts.outlet == "The Gazette"


@pytest.mark.parametrize(
    ("sidecar", "reason"),
    [
        ("published = ", "not valid TOML"),
        ('published = "yesterday"', "“published” must be a date like 2022-09-01"),
        ('fiction = "no"', "“fiction” must be true or false"),
        ("author = 'X'", "has “author”; it may have: title"),
        ("byline = 3", "“byline” must be text"),
    ],
)
def test_a_sidecar_that_cannot_be_used_refuses_its_text(tmp_path, sidecar, reason):
    written(tmp_path, "a.toml", sidecar)
    refusal = read_file(written(tmp_path, "a.txt", "Text"))
    assert isinstance(refusal, Refusal)
    assert reason in refusal.reason
