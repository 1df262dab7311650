"""Keyset pages: every row once, in order, whatever its keys are."""

from __future__ import annotations

from datetime import date

import pytest

from statements.models import Quote
from statements.paging import Key, keyset_page
from tests.factories import make_article, make_quote

pytestmark = pytest.mark.django_db

PLACE = (Key("article_id"), Key("start"), Key("pk"))
NEWEST = (Key("said_on", descending=True, nullable=True), *PLACE)
OLDEST = (Key("said_on", nullable=True), *PLACE)


@pytest.fixture
def quotes() -> list[Quote]:
    """Two days, two quotes of an article on each, and two quotes without a day."""
    made = []
    for day in (date(2024, 1, 1), date(2024, 1, 2), None):
        article = make_article(f"On {day} one thing was said and another thing too.")
        article.published_on = day
        article.save()
        made += [
            make_quote(words, article=article, said_on=day)
            for words in ("one thing", "another thing")
        ]
    return made


def walk(keys: tuple[Key, ...], size: int) -> list[Quote]:
    """All rows, page by page."""
    rows: list[Quote] = []
    after = ""
    while True:
        page = keyset_page(Quote.objects.all(), keys, after, size)
        assert len(page.rows) <= size
        rows += page.rows
        after = page.after
        if not after:
            return rows


@pytest.mark.parametrize("size", [1, 2, 3, 4, 6, 100])
def test_pages_newest_first_hold_every_row_once(quotes, size):
    first, second, third, fourth, undated, undated_too = quotes
    assert walk(NEWEST, size) == [third, fourth, first, second, undated, undated_too]


@pytest.mark.parametrize("size", [1, 2, 5])
def test_pages_oldest_first_keep_rows_without_a_day_last(quotes, size):
    assert walk(OLDEST, size) == quotes


def test_order_is_that_of_the_queryset(quotes):
    assert walk(NEWEST, 2) == list(Quote.objects.newest())


def test_an_exact_page_has_no_next_one(quotes):
    assert keyset_page(Quote.objects.all(), NEWEST, size=6).after == ""
    assert keyset_page(Quote.objects.all(), NEWEST, size=5).after != ""


@pytest.mark.parametrize("spoil", [lambda c: c[:-1] + "!", lambda c: "x" + c, lambda c: "\0"])
def test_a_changed_cursor_shows_the_first_page(quotes, spoil):
    cursor = keyset_page(Quote.objects.all(), NEWEST, size=2).after
    page = keyset_page(Quote.objects.all(), NEWEST, spoil(cursor), size=2)
    assert page.is_first
    assert page.rows == [quotes[2], quotes[3]]


def test_a_cursor_of_another_order_shows_the_first_page(quotes):
    cursor = keyset_page(Quote.objects.all(), NEWEST, size=2).after
    assert keyset_page(Quote.objects.all(), OLDEST, cursor, size=2).is_first


def test_a_page_costs_one_query_wherever_it_is(quotes, django_assert_num_queries):
    cursor = keyset_page(Quote.objects.all(), NEWEST, size=4).after
    with django_assert_num_queries(1):
        assert not keyset_page(Quote.objects.all(), NEWEST, cursor, size=2).is_first
