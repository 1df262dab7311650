"""Passwords: what is taken for one, changing it, and a link by e-mail when it is forgotten."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

CHANGE, RESET = "/account/password/", "/accounts/password/"
NEW = "seven quiet herons"


@pytest.fixture(autouse=True)
def _mail_at_once(settings):
    """Do at once what a worker would."""
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    settings.SENDS_MAIL = True


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("eleven char", "at least 12 characters"),
        ("123456789123", "entirely numeric"),
        ("1q2w3e4r5t6y", "too common"),
        ("annabelle.smith1", "too similar"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(client, password, says):
    client.force_login(make_user("editor", username="annabelle.smith"))
    values = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    answer = client.post(CHANGE, values)
    assert answer.status_code == 422
    assert says in answer.text


def test_changing_the_password_signs_other_devices_out_and_keeps_this_one(client):
    user = make_user("editor")
    other = Client()
    for each in (client, other):
        each.force_login(user)
    values = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post(CHANGE, values).status_code == 302
    assert "other devices are signed out" in client.get("/account/").text
    assert other.get("/account/").status_code == 302


def test_the_old_password_is_needed_for_it(client):
    client.force_login(make_user())
    values = {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW}
    assert client.post(CHANGE, values).status_code == 422


def test_a_link_by_mail_sets_a_new_password_once(client, mailoutbox):
    user = make_user("editor", email="Ann@news.example")
    assert client.post(RESET, {"email": "ann@news.example"}).url == f"{RESET}sent/"
    (mail,) = mailoutbox
    assert mail.to == ["Ann@news.example"]
    link = re.search(r"http://testserver(\S+)", mail.body)
    assert link
    form = client.get(link[1]).url
    weak = client.post(form, {"new_password1": "short", "new_password2": "short"})
    assert weak.status_code == 422
    done = client.post(form, {"new_password1": NEW, "new_password2": NEW})
    assert done.status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "_auth_user_id" not in client.session
    assert "does not work" in Client().get(link[1]).text


def test_unknown_addresses_and_accounts_put_aside_get_the_same_answer_and_no_mail(
    client, mailoutbox
):
    make_user(email="left@news.example", is_active=False)
    make_user(email="ann@news.example")
    pages = set()
    for email in ("ann@news.example", "left@news.example", "nobody@news.example"):
        answer = client.post(RESET, {"email": email}, follow=True)
        pages.add((answer.status_code, answer.redirect_chain[0], answer.text))
    assert len(pages) == 1
    assert [mail.to for mail in mailoutbox] == [["ann@news.example"]]


def test_an_account_gets_few_links_a_day_whoever_asks(client, settings, mailoutbox):
    settings.NEWSROOM_PASSWORD_RESETS_PER_ACCOUNT = 2
    make_user(email="ann@news.example")
    for number in range(4):
        address = f"192.0.2.{number}"
        answer = client.post(RESET, {"email": "ann@news.example"}, REMOTE_ADDR=address)
        assert answer.status_code == 302
    assert len(mailoutbox) == 2


def test_an_address_asks_for_few_links_an_hour(client, settings):
    settings.NEWSROOM_PASSWORD_RESETS_PER_HOUR = 2
    answers = [client.post(RESET, {"email": f"x{n}@news.example"}) for n in range(3)]
    assert [each.status_code for each in answers] == [302, 302, 429]
    assert int(answers[2].headers["Retry-After"]) >= 1
    assert client.get(RESET).status_code == 200


def test_a_site_without_mail_says_so(client, settings):
    settings.SENDS_MAIL = False
    answer = client.post(RESET, {"email": "ann@news.example"})
    assert answer.status_code == 422
