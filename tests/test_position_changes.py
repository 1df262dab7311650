"""When a change of position is said of a party."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest

from statements.changes import MINIMUM, Change, Months, change_in


def change_of(found: Months) -> Change:
    change = change_in(found)
    assert change
    return change


def months(*rows: tuple[int, dict[str, int]]) -> Months:
    return {date(2024, month, 1): Counter(counts) for month, counts in rows}


def test_a_change_is_told_with_what_it_rests_on():
    change = change_of(
        months((1, {"opposes": 2}), (3, {"opposes": 2, "mixed": 1}), (6, {"supports": 3}))
    )
    before, after = change.before, change.after
    assert (before.label, before.count, before.total) == ("opposes", 4, 5)
    assert (after.label, after.count, after.total) == ("supports", 3, 3)
    assert (before.first, before.until) == (date(2024, 1, 1), date(2024, 3, 31))
    assert after.first == date(2024, 6, 1)


def test_a_part_that_ends_in_december_ends_with_the_year():
    change = change_of(
        {
            date(2023, 12, 1): Counter({"opposes": 3}),
            date(2024, 2, 1): Counter({"supports": 3}),
        }
    )
    assert change.before.until == date(2023, 12, 31)


def test_it_takes_enough_quotes_before_and_after():
    assert change_in(months((1, {"opposes": 5}), (2, {"supports": 2}))) is None
    assert change_in(months((1, {"opposes": 2}), (2, {"supports": 5}))) is None


def test_a_party_that_was_never_clear_did_not_change():
    assert change_in(months((1, {"opposes": 2, "supports": 2}), (2, {"supports": 4}))) is None


def test_the_same_label_before_and_after_is_no_change():
    assert change_in(months((1, {"opposes": 4}), (2, {"opposes": 4}))) is None


def test_within_one_month_or_with_none_nothing_changes():
    assert change_in(months((1, {"opposes": 3, "supports": 3}))) is None
    assert change_in({}) is None


def test_it_is_parted_where_most_quotes_agree():
    change = change_of(
        months((1, {"opposes": 3}), (2, {"opposes": 3}), (3, {"supports": 3}), (4, {"supports": 3}))
    )
    assert (change.before.last.month, change.after.first.month) == (2, 3)


@pytest.mark.parametrize("seed", range(40))
def test_it_is_where_most_quotes_agree_with_the_leading_label_of_their_part(seed):
    draw = random.Random(seed)
    labels = ("supports", "opposes", "mixed")
    found = {
        date(2020 + month // 12, month % 12 + 1, 1): Counter(
            {each: draw.choice((0, 0, 1, 4)) for each in labels}
        )
        for month in range(draw.randint(1, 14))
    }
    change = change_in(found)
    assert (change and (change.before.last, change.after.first)) == _best_cut(found)


def _best_cut(found: Months) -> tuple[date, date] | None:
    """The months on both sides of the best cut, by trying each."""
    ordered = [month for month in sorted(found) if found[month].total()]
    best, most = None, 0
    for place in range(1, len(ordered)):
        leading = []
        for part in (ordered[:place], ordered[place:]):
            counts = sum((found[month] for month in part), Counter[str]())
            label, count = counts.most_common(1)[0]
            if counts.total() >= MINIMUM and 3 * count >= 2 * counts.total():
                leading.append((label, count))
        if len(leading) == 2 and leading[0][0] != leading[1][0]:
            agree = leading[0][1] + leading[1][1]
            if agree > most:
                best, most = (ordered[place - 1], ordered[place]), agree
    return best
