"""Admins keep accounts, and cannot make themselves more than admins."""

from __future__ import annotations

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories import make_user

pytestmark = pytest.mark.django_db

USERS = reverse("admin:auth_user_changelist")


@pytest.fixture
def by_admin(client):
    client.force_login(make_user("admin", username="boss"))
    return client


def address(user: User) -> str:
    return reverse("admin:auth_user_change", args=[user.pk])


def form(user: User, **values: object) -> dict[str, object]:
    return {"username": user.username, "email": user.email, "is_active": "on"} | values


def test_an_admin_makes_an_account_and_gives_it_a_role(by_admin):
    password = {"password1": "seven quiet herons", "password2": "seven quiet herons"}
    values = {"username": "new", "usable_password": "true", **password}
    assert by_admin.post(reverse("admin:auth_user_add"), values).status_code == 302
    user = User.objects.get(username="new")
    editor = Group.objects.get(name="editor")
    answer = by_admin.post(address(user), form(user, groups=[editor.pk], email="n@news.example"))
    assert answer.status_code == 302
    assert User.objects.get(pk=user.pk).has_perm("statements.add_stancelabel")


def test_an_admin_makes_nobody_a_superuser_and_gives_no_single_right(by_admin):
    user = User.objects.get(username="boss")
    values = form(user, is_superuser="on", is_staff="on", user_permissions=["1", "2"])
    assert by_admin.post(address(user), values).status_code == 302
    user.refresh_from_db()
    assert not user.is_superuser
    assert not user.user_permissions.exists()


def test_an_admin_changes_nothing_of_a_superuser(by_admin):
    root = make_user(username="root", is_superuser=True)
    TOTPDevice.objects.create(user=root, confirmed=True)
    assert by_admin.post(address(root), form(root, email="mine@evil.example")).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[root.pk])
    assert by_admin.get(password).status_code == 403
    action = {"action": "take_second_factor_off", "_selected_action": [root.pk]}
    by_admin.post(USERS, action)
    assert TOTPDevice.objects.exists()


def test_an_admin_takes_a_lost_app_off(by_admin):
    lead = make_user("lead")
    TOTPDevice.objects.create(user=lead, confirmed=True)
    action = {"action": "take_second_factor_off", "_selected_action": [lead.pk]}
    page = by_admin.post(USERS, action, follow=True)
    assert "1 of 1: the password alone signs in." in page.text
    assert not TOTPDevice.objects.exists()


def test_an_admin_unlocks_an_account(by_admin):
    attempt = AccessAttempt.objects.create(username="ann", failures_since_start=9)
    there = reverse("admin:axes_accessattempt_delete", args=[attempt.pk])
    assert by_admin.post(there, {"post": "yes"}).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_nobody_deletes_an_account_and_with_it_who_judged_what(by_admin, client):
    user = make_user("editor")
    there = reverse("admin:auth_user_delete", args=[user.pk])
    assert by_admin.post(there, {"post": "yes"}).status_code == 403
    client.force_login(make_user("admin", is_superuser=True))
    assert client.post(there, {"post": "yes"}).status_code == 403


def test_keys_of_apps_are_nowhere_to_be_seen():
    from django.contrib import admin

    assert TOTPDevice not in admin.site._registry
