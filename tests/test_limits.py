"""An address that asks too often is told to wait; editors at work are not."""

from __future__ import annotations

import pytest

from tests.factories import make_quote, make_user

pytestmark = pytest.mark.django_db

LIMITED = [
    ("/?q=dam", "SEARCHES_PER_MINUTE"),
    ("/actors/?q=dam", "SEARCHES_PER_MINUTE"),
    ("/export.csv", "EXPORTS_PER_HOUR"),
    ("/export.jsonl", "EXPORTS_PER_HOUR"),
    ("/export.dna.csv", "EXPORTS_PER_HOUR"),
    ("/api/v1/quotes", "API_PER_MINUTE"),
    ("/api/v1/openapi.json", "API_PER_MINUTE"),
    ("/api/v1/no-such-thing", "API_PER_MINUTE"),
    ("/feed.atom", "FEEDS_PER_MINUTE"),
    ("/oembed?url=x", "FEEDS_PER_MINUTE"),
]


@pytest.mark.parametrize(("address", "setting"), LIMITED)
def test_beyond_the_limit_it_is_429_with_the_time_to_wait(client, settings, address, setting):
    setattr(settings, f"NEWSROOM_{setting}", 2)
    statuses = [client.get(address).status_code for _ in range(2)]
    assert 429 not in statuses
    refused = client.get(address)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert refused.headers["Cache-Control"] == "no-store"
    assert client.get(address, REMOTE_ADDR="192.0.2.7").status_code != 429


@pytest.mark.parametrize(("address", "setting"), LIMITED)
def test_editors_read_as_much_as_they_like(client, settings, address, setting):
    setattr(settings, f"NEWSROOM_{setting}", 1)
    client.force_login(make_user("editor"))
    assert 429 not in [client.get(address).status_code for _ in range(3)]


def test_readers_with_an_account_are_counted_like_those_without(client, settings):
    settings.NEWSROOM_SEARCHES_PER_MINUTE = 1
    client.force_login(make_user())
    assert [client.get("/?q=x").status_code for _ in range(2)] == [200, 429]


def test_looking_around_without_words_is_not_limited(client, settings):
    settings.NEWSROOM_SEARCHES_PER_MINUTE = 1
    make_quote()
    assert {client.get("/?type=ngo").status_code for _ in range(3)} == {200}


def test_one_kind_does_not_use_up_another(client, settings):
    settings.NEWSROOM_SEARCHES_PER_MINUTE = settings.NEWSROOM_FEEDS_PER_MINUTE = 1
    assert client.get("/?q=x").status_code == 200
    assert client.get("/feed.atom").status_code == 200
    assert client.get("/?q=x").status_code == 429


def test_programs_get_an_error_that_they_can_read(client, settings):
    settings.NEWSROOM_API_PER_MINUTE = 1
    client.get("/api/v1/quotes")
    answer = client.get("/api/v1/quotes")
    assert answer.json()["error"] == "too_many_requests"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Expose-Headers"] == "Retry-After"


def test_people_get_a_page_and_within_a_page_a_notice_that_replaces_nothing(client, settings):
    settings.NEWSROOM_SEARCHES_PER_MINUTE = 1
    client.get("/?q=x")
    page = client.get("/?q=x")
    assert "<h1>Please wait a little</h1>" in page.text
    notice = client.get("/?q=x", headers={"HX-Request": "true"})
    assert notice.status_code == 429
    assert notice.text.lstrip().startswith("<p")
    assert (notice.headers["HX-Retarget"], notice.headers["HX-Reswap"]) == ("#main", "afterbegin")


def test_a_closed_site_asks_to_sign_in_before_it_counts(client, settings):
    settings.READERS_NEED_ACCOUNT = True
    settings.NEWSROOM_SEARCHES_PER_MINUTE = 1
    assert {client.get("/?q=x").status_code for _ in range(3)} == {302}


def test_behind_a_proxy_visitors_are_told_apart(client, settings):
    settings.BEHIND_PROXY = True
    settings.NEWSROOM_SEARCHES_PER_MINUTE = 1
    for address, status in (("198.51.100.1", 200), ("198.51.100.2", 200), ("198.51.100.1", 429)):
        answer = client.get("/?q=x", headers={"X-Forwarded-For": f"6.6.6.6, {address}"})
        assert answer.status_code == status
