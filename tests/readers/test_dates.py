from __future__ import annotations

from datetime import date, datetime

import pytest

from statements.ingest.readers.dates import understood

DAY = date(2022, 9, 1)


@pytest.mark.parametrize(
    "written",
    [
        "2022-09-01",
        "2022/9/1",
        "20220901",
        "20220901T101500Z",
        "2022-09-01T23:30:00-05:00",
        "2022-09-01 10:15",
        "2022-09-01Z",
        "2022-09-01+02:00",
        "Thu, 01 Sep 2022 10:00:00 GMT",
        "1 September 2022",
        "1st of September, 2022",
        "September 1, 2022",
        "Sept. 1, 2022 at 10:15",
        "Thursday, September 1, 2022",
        "1. September 2022",
        "1 septembre 2022",
        "1 de septiembre de 2022",
        "01-Sep-2022",
        datetime(2022, 9, 1, 23, 59),  # noqa: DTZ001
        DAY,
    ],
)
def test_dates_that_mean_one_day_are_understood(written):
    assert understood(written) == DAY


@pytest.mark.parametrize(
    "written",
    ["04/05/2022", "1.9.2022", "01.09.22", "yesterday", "September 2022", "2022", "2022-13-01",
     "31 June 2022", "on Thursday", "1 Smarch 2022", "", None, 44805, "9" * 500, "1\x002022"],
)  # fmt: skip
def test_dates_that_could_be_others_are_not_guessed(written):
    assert understood(written) is None


def test_the_order_given_decides_between_day_and_month():
    assert understood("04/05/2022", "dmy") == date(2022, 5, 4)
    assert understood("04/05/2022", "mdy") == date(2022, 4, 5)
    assert understood("25/12/2022", "mdy") is None


@pytest.mark.parametrize("written", ["25/12/2022", "12/25/2022", "25.12.2022"])
def test_numbers_with_one_reading_are_understood(written):
    assert understood(written) == date(2022, 12, 25)


def test_a_day_that_is_its_month_has_one_reading():
    assert understood("05/05/2022") == date(2022, 5, 5)
