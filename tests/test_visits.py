"""Counting visits: how many fit into a time, wherever it is cut, and how long to wait."""

from __future__ import annotations

import time

import pytest
from django.db import connection

from newsroom import visits

pytestmark = pytest.mark.django_db

# The beginning of a minute.
NOON = 1_700_000_040


def test_as_many_as_the_limit_fit_into_a_minute():
    waits = [visits.count("a", 3, 60, now=NOON + each).wait for each in range(5)]
    assert [wait > 0 for wait in waits] == [False, False, False, True, True]
    assert visits.count("b", 3, 60, now=NOON).wait == 0


def test_nobody_gets_twice_the_limit_around_the_turn_of_a_minute():
    for each in range(10):
        assert visits.count("a", 10, 60, now=NOON + 50 + each / 2).wait == 0
    let_in = sum(visits.count("a", 10, 60, now=NOON + 61).wait == 0 for _ in range(10))
    assert let_in == 0
    assert visits.count("a", 10, 60, now=NOON + 115).wait == 0


@pytest.mark.parametrize("limit", [1, 2, 7, 60])
@pytest.mark.parametrize("second", [0, 20, 59])
def test_who_waits_as_long_as_told_is_let_in(limit, second):
    for _ in range(limit):
        visits.count("a", limit, 60, now=NOON + second)
    wait = visits.count("a", limit, 60, now=NOON + second).wait
    assert 1 <= wait <= 120
    assert visits.count("a", limit, 60, now=NOON + second + wait).wait == 0


def test_who_never_stops_asking_still_gets_about_the_limit():
    let_in = sum(visits.count("a", 10, 60, now=NOON + each).wait == 0 for each in range(600))
    assert 90 <= let_in <= 110


def test_a_limit_of_none_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert visits.count("a", 0, 60).wait == 0


def test_it_is_one_statement_and_takes_less_than_a_millisecond(django_assert_num_queries):
    with django_assert_num_queries(1):
        visits.count("a", 1000, 60)
    took = []
    for each in range(200):
        began = time.perf_counter()
        visits.count(f"k{each % 20}", 1000, 60)
        took.append(time.perf_counter() - began)
    # The middle one: what else the machine does must not fail this.
    assert sorted(took)[100] < 0.001


def test_what_is_old_is_thrown_away(monkeypatch):
    visits.count("a", 5, 60, now=NOON)
    monkeypatch.setattr("newsroom.visits.random.randrange", lambda _: 0)
    visits.count("b", 5, 60, now=NOON + 3 * visits.LONGEST)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM newsroom_visits")
        assert cursor.fetchall() == [("b",)]


def test_counting_writes_no_log_and_nobody_can_be_told_from_it():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'newsroom_visits'")
        assert cursor.fetchone() == ("u",)
    assert "192.0.2.1" not in visits.stand_in("search", "192.0.2.1")
