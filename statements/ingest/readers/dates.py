"""Dates as people write them, understood only when they can mean one day."""

from __future__ import annotations

import re
from datetime import date, datetime

LONGEST = 100

# Month names in the languages that newsrooms send; no word stands for two months.
_NAMES = """
january januar janvier enero gennaio janeiro januari jan
february februar février febrero febbraio fevereiro februari feb
march märz mars marzo março maart mar
april avril abril aprile apr
may mai mayo maggio maio mei
june juni juin junio giugno junho jun
july juli juillet julio luglio julho jul
august août agosto augustus aug
september septembre septiembre settembre setembro sep sept
october oktober octobre octubre ottobre outubro oct okt
november novembre noviembre novembro nov
december dezember décembre diciembre dicembre dezembro dec dez
""".strip().split("\n")
MONTHS = {word: number for number, line in enumerate(_NAMES, 1) for word in line.split()}

# What may follow a date: a time, which does not change the day that is written.
_TIME = r"(?:[T\s,]+(?:at\s+)?\d{1,2}[:.h]?\d{2}.*|Z|[+-]\d{2}:?\d{2})?$"
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{4,6}.*)?$")
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})" + _TIME)
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.|er|º)?(?:\s+de|\s+of)?[\s-]+([^\W\d_]+)\.?,?(?:\s+de)?[\s-]+(\d{4})"
    + _TIME
)
_MONTH_DAY = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})" + _TIME)
_WEEKDAY = re.compile(r"[^\W\d_]{2,10}\.?,?\s+(?=\d|[^\W\d_]+\.?\s+\d)")


def understood(written: object, order: str = "") -> date | None:
    """The day that is meant, or None when it could be another or is no date.

    `order` says of all-number dates whether the day ("dmy") or the month ("mdy") comes first.
    The day is the one written: a time zone does not move it.
    """
    if isinstance(written, datetime):
        return written.date()
    if isinstance(written, date):
        return written
    if not isinstance(written, str) or len(written) > LONGEST:
        return None
    text = " ".join(written.split())
    if not text.isprintable():
        return None
    for found in (text, _WEEKDAY.sub("", text, count=1)):
        day = _year_first(found) or _named(found) or _numbers(found, order)
        if day:
            return day
    return None


def _year_first(text: str) -> date | None:
    match = _YEAR_FIRST.match(text)
    if match:
        return _day(match[1], match[3], match[4])
    match = _COMPACT.match(text)
    return _day(*match.groups()) if match else None


def _named(text: str) -> date | None:
    match = _DAY_MONTH.match(text)
    if match and (month := MONTHS.get(match[2].casefold())):
        return _day(match[3], month, match[1])
    match = _MONTH_DAY.match(text)
    if match and (month := MONTHS.get(match[1].casefold())):
        return _day(match[3], month, match[2])
    return None


def _numbers(text: str, order: str) -> date | None:
    match = _NUMBERS.match(text)
    if not match:
        return None
    first, second, year = match[1], match[3], match[4]
    day_first, month_first = _day(year, second, first), _day(year, first, second)
    if order == "dmy":
        return day_first
    if order == "mdy":
        return month_first
    # 25/12/2022 has one reading, and 05/05/2022 has two that are the same day.
    if day_first and month_first:
        return day_first if day_first == month_first else None
    return day_first or month_first


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if 1500 <= found.year <= 2200 else None


def not_understood(written: object, where: str) -> str:
    """The note for a date that was left out."""
    shown = str(written)[:40]
    return (
        f"The date “{shown}” ({where}) was not understood, so it stays unknown; "
        "give the order of day and month, or write dates like 2022-09-01."
    )
