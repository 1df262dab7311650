"""Signing in: the session that comes of it, and what failures lead to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _few(settings):
    settings.NEWSROOM_SIGN_IN_FAILURES = 3
    settings.NEWSROOM_SIGN_IN_FAILURES_PER_ADDRESS = 6


def sign_in(client: Client, name: str, password: str = "", address: str = "192.0.2.1"):
    values = {"username": name, "password": password or "wrong"}
    return client.post(SIGN_IN, values, REMOTE_ADDR=address)


def test_the_right_password_signs_in_under_another_session(client):
    user = make_user("editor")
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["session"] = session.session_key
    before = session.session_key
    answer = sign_in(client, user.username, PASSWORD)
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.session.session_key != before
    cookie = answer.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


def test_an_account_is_locked_after_failures_from_anywhere_and_says_for_how_long(client):
    user = make_user("editor")
    for number in range(2):
        assert sign_in(client, user.username, address=f"192.0.2.{number}").status_code == 422
    locking = sign_in(client, user.username, address="192.0.2.9")
    locked = sign_in(client, user.username, PASSWORD, address="198.51.100.1")
    for answer in (locking, locked):
        assert answer.status_code == 429
        assert 840 < int(answer.headers["Retry-After"]) <= 900
        assert "Try again in 15 minutes." in answer.text
    assert "_auth_user_id" not in client.session
    assert sign_in(client, make_user().username, PASSWORD).status_code == 302


def test_a_lock_ends_by_itself_though_somebody_goes_on_trying(client):
    user = make_user("editor")
    for _ in range(5):
        sign_in(client, user.username)
    assert AccessAttempt.objects.get().failures_since_start == 3
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert sign_in(client, user.username, PASSWORD).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_an_address_that_tries_many_names_is_locked_and_others_are_not(client):
    user = make_user("editor")
    for number in range(6):
        answer = sign_in(client, f"somebody{number}")
    assert answer.status_code == 429
    assert sign_in(client, user.username, PASSWORD).status_code == 429
    assert sign_in(client, user.username, PASSWORD, address="192.0.2.2").status_code == 302


def test_behind_a_proxy_the_address_is_the_visitors(client, settings):
    settings.BEHIND_PROXY = True
    for number in range(6):
        values = {"username": f"somebody{number}", "password": "wrong"}
        client.post(SIGN_IN, values, headers={"X-Forwarded-For": "6.6.6.6, 198.51.100.7"})
    user = make_user()
    values = {"username": user.username, "password": PASSWORD}
    for address, status in (("198.51.100.7", 429), ("198.51.100.8", 302)):
        forwarded = f"10.9.8.7, {address}"
        answer = client.post(SIGN_IN, values, headers={"X-Forwarded-For": forwarded})
        assert answer.status_code == status


def test_names_that_nobody_has_are_answered_like_those_that_somebody_has(client):
    user = make_user("editor", username="known-name")

    def answers(name: str) -> list[tuple[int, str]]:
        found = [sign_in(Client(), name, address="192.0.2.77") for _ in range(4)]
        AccessAttempt.objects.all().delete()
        return [
            (each.status_code, each.text.replace(name, "X").split("<main")[1].split("csrf")[0])
            for each in found
        ]

    assert answers(user.username) == answers("nobody-name")


def test_no_address_that_anybody_has_is_kept(client):
    sign_in(client, "somebody", address="192.0.2.55")
    attempt = AccessAttempt.objects.get()
    assert "192.0.2.55" not in str(vars(attempt))
    assert "wrong" not in attempt.post_data


def test_the_administration_has_no_sign_in_of_its_own(client):
    answer = client.get("/admin/login/?next=/admin/statements/quote/")
    assert answer.url == "/accounts/login/?next=/admin/statements/quote/"
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).status_code == 302
    assert client.get("/admin/login/?next=https://elsewhere.example/").url.endswith("next=/admin/")
    client.force_login(make_user("editor"))
    assert client.get("/admin/login/").status_code == 403
    client.force_login(make_user("admin"))
    assert client.get("/admin/login/").url == "/admin/"


def test_signing_out_is_a_post_that_ends_the_session(client):
    client.force_login(make_user("editor"))
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/").status_code == 302
    assert "_auth_user_id" not in client.session
