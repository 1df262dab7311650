"""A server of one's own, set up as the documentation says, passes Django's checks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent

SERVER = {
    "NEWSROOM_SECRET_KEY": "k9-7_Qd0x4TnVb2Lw8Zr5Yc3Hs6Jf1GmPaEuKiOoXeRtWqBvNzMlS",
    "NEWSROOM_HOSTS": "news.example",
    "NEWSROOM_BEHIND_PROXY": "1",
    "NEWSROOM_EMAIL_URL": "smtp+tls://news:secret@mail.example",
}


pytestmark = pytest.mark.django_db


def database() -> str:
    """The address of the database of the tests: some checks ask it."""
    connection.ensure_connection()
    assert connection.connection
    info = connection.connection.info
    who = f"{quote(info.user)}:{quote(info.password or '', safe='')}"
    place = urlencode({"host": info.host, "port": info.port})
    return f"postgresql://{who}@/{quote(info.dbname)}?{place}"


def run(code: str, **variables: str) -> str:
    # The browser's tests set DJANGO_ALLOW_ASYNC_UNSAFE for this process.
    ours = ("NEWSROOM_", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env=kept
        | SERVER
        | variables
        | {"DATABASE_URL": database()}
        | {"DJANGO_SETTINGS_MODULE": "newsroom.settings"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_checks_for_deployment_have_nothing_to_say():
    said = run(
        "import django; django.setup()\n"
        "from django.core import checks\n"
        "print([str(each) for each in checks.run_checks(include_deployment_checks=True)])"
    )
    assert said == "[]"


def test_over_https_cookies_are_taken_from_this_host_alone():
    said = run(
        "from django.conf import settings as s\n"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH)"
    )
    assert said == "__Host-session __Host-csrf True True None /"


def test_the_second_factor_and_a_closed_site_pass_the_checks_too():
    said = run(
        "import django; django.setup()\n"
        "from django.core import checks\n"
        "print(len(checks.run_checks(include_deployment_checks=True)))",
        NEWSROOM_REQUIRE_SECOND_FACTOR="1",
        NEWSROOM_READERS_NEED_ACCOUNT="1",
    )
    assert said == "0"
