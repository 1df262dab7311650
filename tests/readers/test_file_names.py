from __future__ import annotations

import time
from datetime import date

import pytest

from statements.ingest.readers.file_names import BadPattern, NamePattern
from tests.readers.builders import document, zipped


@pytest.mark.parametrize(
    ("pattern", "name", "values"),
    [
        ("{date}_{outlet}_{title}.txt", "2022-09-01_Gazette_Toll stays.txt",
         {"date": "2022-09-01", "outlet": "Gazette", "title": "Toll stays"}),
        ("{date}_{outlet}_{title}.txt", "2022_09_01_Gazette_Toll_stays.txt",
         {"date": "2022_09_01", "outlet": "Gazette", "title": "Toll_stays"}),
        ("{outlet}/{date} {title}", "in/The Times/20220901 Toll stays.html",
         {"outlet": "The Times", "date": "20220901", "title": "Toll stays"}),
        ("{skip}-{title} ({byline}).txt", "0012-Toll (A. Ruiz).txt",
         {"skip": "0012", "title": "Toll", "byline": "A. Ruiz"}),
        ("{date}-{title}.txt", "notes.txt", None),
        ("{date}_{title}.txt", "2022-09-01_x.html", None),
    ],
)  # fmt: skip
def test_a_name_is_read_by_its_pattern(pattern, name, values):
    assert NamePattern.of(pattern).match(name) == values


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("articles.txt", "names no field"),
        ("{date}{title}", "Nothing stands between"),
        ("{when}_{title}", "it may have {date}"),
        ("{title}_{title}", "twice"),
        ("{date_{title}", "a brace|it may have"),
        ("{date}_}", "brace"),
        ("{title}" + "x" * 400, "longer than 300"),
    ],
)
def test_a_pattern_that_cannot_be_used_says_why(pattern, words):
    with pytest.raises(BadPattern, match=words):
        NamePattern.of(pattern)


def test_signs_that_regular_expressions_use_are_plain():
    assert NamePattern.of("({title}).*+").match("(Toll).*+") == {"title": "Toll"}


def test_a_long_hostile_name_takes_no_time():
    begun = time.monotonic()
    pattern = NamePattern.of("{outlet}a{title}a{byline}a{skip}b")
    assert pattern.match("a" * 100_000) is None
    assert time.monotonic() - begun < 0.5


def test_what_the_name_says_becomes_facts():
    raw = zipped({"2022-09-01_The_Gazette_Toll_stays.txt": "Words."})
    facts = document("a.zip", raw, pattern="{date}_{skip}_{outlet}_{title}.txt").facts
    assert (facts.published, facts.outlet, facts.title) == (
        date(2022, 9, 1),
        "Gazette",
        "Toll stays",
    )
    assert facts.published_basis == "The name of the file."


def test_a_date_of_two_readings_is_noted_and_stays_unknown():
    found = document("04-05-2022_Toll.txt", "Words.", pattern="{date}_{title}.txt")
    assert found.facts.published is None
    assert "“04-05-2022” (in the file name) was not understood" in found.notes[0]
    found = document(
        "04-05-2022_Toll.txt", "Words.", pattern="{date}_{title}.txt", date_order="dmy"
    )
    assert found.facts.published == date(2022, 5, 4)


def test_a_name_that_does_not_fit_is_noted():
    assert (
        "does not fit the pattern" in document("x.txt", "Words.", pattern="{date}_{title}").notes[0]
    )
