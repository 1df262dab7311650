from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsroom.environment import Environment


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("Yes", True), ("off", False), ("", True), ("  ", True)]
)
def test_flag_reads_common_words_and_falls_back_when_empty(value, expected):
    assert Environment({"X": value}).flag("X", default=True) is expected


def test_flag_is_loud_on_anything_else():
    with pytest.raises(ImproperlyConfigured, match="X='maybe'"):
        Environment({"X": "maybe"}).flag("X", default=False)


@pytest.mark.parametrize("value", ["many", "-1", "1.5", "9"])
def test_number_is_loud_below_its_minimum_and_on_words(value):
    with pytest.raises(ImproperlyConfigured, match="from 10 up"):
        Environment({"X": value}).number("X", 20, minimum=10)


def test_a_choice_is_the_first_by_default_and_loud_on_another():
    assert Environment({}).choice("X", ("line", "json")) == "line"
    assert Environment({"X": "JSON"}).choice("X", ("line", "json")) == "json"
    with pytest.raises(ImproperlyConfigured, match="X='xml': write line or json"):
        Environment({"X": "xml"}).choice("X", ("line", "json"))


def test_words_are_separated_by_commas():
    assert Environment({"X": " a, b ,,c"}).words("X") == ["a", "b", "c"]


def test_database_is_none_when_unset():
    assert Environment({}).database() is None


def test_database_reads_every_part():
    url = "postgres://us%40er:p%2Fw@db.example:6432/news?sslmode=require"
    assert Environment({"DATABASE_URL": url}).database() == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "news",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"connect_timeout": "5", "sslmode": "require"},
    }


def test_database_takes_a_socket_folder_and_another_patience():
    url = "postgresql:///news?host=/run/pg&port=5433&connect_timeout=2"
    found = Environment({"DATABASE_URL": url}).database()
    assert found is not None
    assert (found["HOST"], found["PORT"]) == ("/run/pg", "5433")
    assert found["OPTIONS"] == {"connect_timeout": "2"}


@pytest.mark.parametrize(
    "url", ["mysql://h/x", "postgres://host", "nonsense", "postgres://h:port/x"]
)
def test_database_is_loud_on_what_it_cannot_use(url):
    with pytest.raises(ImproperlyConfigured, match="Write postgresql://"):
        Environment({"DATABASE_URL": url}).database()


def test_mailer_reads_every_part():
    found = Environment({"X": "smtp+tls://n%40ws:p%2Fw@mail.example:2525"}).mailer("X")
    assert found is not None
    assert found["OPTIONS"] == {
        "host": "mail.example",
        "port": 2525,
        "username": "n@ws",
        "password": "p/w",
        "use_tls": True,
        "use_ssl": False,
        "timeout": 20,
    }
    assert Environment({}).mailer("X") is None


@pytest.mark.parametrize("url", ["mail.example", "smtp://", "imap://mail.example", "smtp://h:port"])
def test_mailer_is_loud_on_what_it_cannot_use(url):
    with pytest.raises(ImproperlyConfigured, match=r"Write smtp\+tls://"):
        Environment({"X": url}).mailer("X")
