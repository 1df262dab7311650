"""A code of an app besides the password: set up, asked for, lost, and demanded."""

from __future__ import annotations

import re
import time

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from newsroom.accounts.second_factor import new_recovery_codes
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

SIGN_IN, CODE = "/accounts/login/", "/accounts/login/code/"
FACTOR, CHANGE = "/account/second-factor/", "/account/second-factor/change/"


def code_of(app: TOTPDevice) -> str:
    return f"{totp(app.bin_key):06d}"


def give_app(user: User) -> TOTPDevice:
    return TOTPDevice.objects.create(user=user, name="App", confirmed=True)


def forget_the_wait(user: User) -> None:
    """Let the time pass for which a wrong code keeps the next one out."""
    TOTPDevice.objects.filter(user=user).update(throttling_failure_timestamp=None, last_t=-1)
    StaticDevice.objects.filter(user=user).update(throttling_failure_timestamp=None)


def begin(client: Client, user: User, there: str = "") -> None:
    """Give the password."""
    values = {"username": user.username, "password": PASSWORD, "next": there}
    assert client.post(SIGN_IN, values).headers["Location"] == CODE


def sign_in_with_code(client: Client, user: User) -> None:
    begin(client, user)
    forget_the_wait(user)
    client.post(CODE, {"code": code_of(TOTPDevice.objects.get(user=user))})


def test_setting_up_shows_a_drawing_takes_a_code_and_gives_recovery_codes_once(client):
    user = make_user("lead")
    client.force_login(user)
    page = client.get(FACTOR)
    app = TOTPDevice.objects.get()
    assert re.search(r'<svg[^>]*class="qr"', page.text)
    assert "style=" not in page.text
    assert client.get(FACTOR).text.count(app.key) == page.text.count(app.key) == 0
    assert client.post(FACTOR, {"code": "000000"}).status_code == 422
    assert not TOTPDevice.objects.filter(confirmed=True).exists()
    forget_the_wait(user)
    answer = client.post(FACTOR, {"code": code_of(app)})
    assert answer.url == "/account/recovery-codes/"
    shown = re.findall(r"<li><code>(\w+)</code>", client.get(answer.url).text)
    assert len(shown) == 10
    assert client.get(answer.url).url == "/account/"
    assert "10 recovery codes left" in client.get("/account/").text


def test_signing_in_asks_for_the_code_and_then_leads_where_one_was_going(client):
    user = make_user("lead")
    app = give_app(user)
    begin(client, user, "/review/")
    assert client.get("/account/").status_code == 302
    assert client.get(CODE).status_code == 200
    answer = client.post(CODE, {"code": code_of(app)})
    assert answer.url == "/review/"
    assert client.get("/account/").status_code == 200


def test_a_code_works_once(client):
    user = make_user("lead")
    code = code_of(give_app(user))
    begin(client, user)
    assert client.post(CODE, {"code": code}).status_code == 302
    other = Client()
    begin(other, user)
    assert other.post(CODE, {"code": code}).status_code == 422


def test_a_wrong_code_keeps_even_the_right_one_out_for_a_while(client):
    user = make_user("lead")
    app = give_app(user)
    begin(client, user)
    assert client.post(CODE, {"code": "000000"}).status_code == 422
    assert client.post(CODE, {"code": code_of(app)}).status_code == 422
    forget_the_wait(user)
    assert client.post(CODE, {"code": code_of(app)}).status_code == 302


def test_a_recovery_code_opens_the_account_once(client):
    user = make_user("lead")
    give_app(user)
    code = new_recovery_codes(user)[0]
    begin(client, user)
    assert client.post(CODE, {"code": f" {code[:4].upper()} {code[4:]}"}).status_code == 302
    other = Client()
    begin(other, user)
    assert other.post(CODE, {"code": code}).status_code == 422


def test_the_code_alone_or_late_or_after_a_new_password_opens_nothing(client, monkeypatch):
    user = make_user("lead")
    app = give_app(user)
    assert client.post(CODE, {"code": code_of(app)}).url == SIGN_IN
    begin(client, user)
    later = time.time() + 700
    with monkeypatch.context() as patch:
        patch.setattr("newsroom.accounts.views.time.time", lambda: later)
        assert client.get(CODE).url == SIGN_IN
    begin(client, user)
    user.set_password("another password of twelve")
    user.save()
    assert client.get(CODE).url == SIGN_IN


@pytest.mark.parametrize("change", ["codes", "off"])
def test_new_recovery_codes_and_taking_it_off_need_the_password(client, change):
    user = make_user("lead")
    give_app(user)
    old = new_recovery_codes(user)
    sign_in_with_code(client, user)
    assert client.get(FACTOR).status_code == 200
    assert client.post(CHANGE, {"password": "wrong", change: ""}).status_code == 422
    assert TOTPDevice.objects.filter(confirmed=True).exists()
    answer = client.post(CHANGE, {"password": PASSWORD, change: ""})
    assert answer.url == ("/account/recovery-codes/" if change == "codes" else "/account/")
    assert TOTPDevice.objects.filter(confirmed=True).exists() is (change == "codes")
    left = set(user.staticdevice_set.values_list("token_set__token", flat=True))  # type: ignore[attr-defined]
    assert not left & set(old)


def test_a_session_without_the_code_cannot_take_it_off(client):
    user = make_user("lead")
    client.force_login(user)
    give_app(user)
    assert client.get(FACTOR).url.startswith(SIGN_IN)
    assert client.post(CHANGE, {"password": PASSWORD, "off": ""}).url.startswith(SIGN_IN)
    assert TOTPDevice.objects.exists()


@pytest.mark.parametrize("role", ["lead", "admin"])
def test_where_it_is_demanded_leads_and_admins_set_it_up_first(client, settings, role):
    settings.NEWSROOM_REQUIRE_SECOND_FACTOR = True
    user = make_user(role)
    client.force_login(user)
    for address in ("/", "/review/", "/admin/", "/export.csv"):
        assert client.get(address).url == FACTOR, address
    assert client.get("/api/v1/quotes").status_code == 403
    assert client.get("/account/").status_code == 200
    app = TOTPDevice.objects.get_or_create(user=user, defaults={"confirmed": False})[0]
    client.get(FACTOR)
    client.post(FACTOR, {"code": code_of(app)})
    assert client.get("/review/").status_code == 200
    elsewhere = Client()
    elsewhere.force_login(user)
    assert elsewhere.get("/review/").headers["Location"] == f"{SIGN_IN}?next=/review/"


def test_where_it_is_demanded_editors_and_readers_go_on_as_before(client, settings):
    settings.NEWSROOM_REQUIRE_SECOND_FACTOR = True
    assert client.get("/").status_code == 200
    for role in ("editor", ""):
        client.force_login(make_user(role))
        assert client.get("/").status_code == 200


def test_reading_costs_nothing_more_where_it_is_demanded(
    client, settings, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as before:
        client.get("/articles/")
    settings.NEWSROOM_REQUIRE_SECOND_FACTOR = True
    with django_assert_num_queries(len(before)):
        client.get("/articles/")


def test_neither_browsers_nor_proxies_keep_what_shows_a_key_or_a_code(client):
    user = make_user("lead")
    client.force_login(user)
    shown = client.get(FACTOR)
    answers = [shown, client.post(FACTOR, {"code": code_of(TOTPDevice.objects.get())})]
    answers += [client.get("/account/recovery-codes/"), client.get("/account/")]
    begin(client, user)
    answers.append(client.get(CODE))
    for answer in answers:
        assert {"no-store", "private"} <= set(answer.headers["Cache-Control"].split(", "))
    # The drawing is in the page itself, so that no file of its own could be kept or asked for.
    assert 'class="qr"' in shown.text
    assert "otpauth:" not in shown.text
