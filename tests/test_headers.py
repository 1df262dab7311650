"""What every kind of answer tells browsers and caches."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from newsroom.headers import PERMISSIONS
from statements.models import Quote
from tests.factories import PASSWORD, make_actor, make_quote, make_user

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent
HTMX = {"HX-Request": "true"}

PAGES = ["/", "/articles/", "/actors/", "/issues/", "/api/", "/accounts/login/", "quote"]
DATA = ["/export.csv", "/export.jsonl", "/export.dna.csv", "/feed.atom", "/api/v1/quotes"]
DATA += ["/api/v1/openapi.json", "/oembed", "/healthz"]
ERRORS = ["/no-such-page/", "/export.csv?x=" + "y" * 10_000, "/desk/", "/admin/"]
FILES = ["/static/css/base.css", "/static/img/favicon.svg", "/static/no-such-file.css"]


@pytest.fixture
def quote() -> Quote:
    return make_quote("We reject it", actor=make_actor("River Watch", type="ngo"))


@pytest.mark.parametrize("path", [*PAGES, *DATA, *ERRORS, *FILES, "card"])
def test_every_answer_has_every_header(client, quote, path):
    address = {
        "quote": quote.get_absolute_url(),
        "card": f"/quotes/{quote.uuid}/embed/",
    }.get(path, path)
    response = client.get(address)
    response.close()
    assert response["Permissions-Policy"] == PERMISSIONS
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["Cross-Origin-Resource-Policy"] in {"same-origin", "cross-origin"}


def test_an_answer_to_a_host_that_is_not_ours_has_them_too(client):
    response = client.get("/", headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Permissions-Policy"] == PERMISSIONS


def test_an_error_of_ours_has_them_too(monkeypatch):
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("statements.views.articles.Paginator", fail)
    client = Client(raise_request_exception=False)
    response = client.get("/articles/")
    assert response.status_code == 500
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "no-cache" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("path", "readers"),
    [
        ("/", "same-origin"),
        ("/export.csv", "same-origin"),
        ("/desk/", "same-origin"),
        ("card", "cross-origin"),
        ("/oembed", "cross-origin"),
        ("/api/v1/quotes", "cross-origin"),
        ("/feed.atom", "cross-origin"),
        # A card in a sandboxed frame is of no origin: to it our own style sheets are foreign.
        ("/static/css/embed.css", "cross-origin"),
    ],
)
def test_other_sites_may_load_what_is_made_for_them(client, quote, path, readers):
    response = client.get(path.replace("card", f"/quotes/{quote.uuid}/embed/"))
    response.close()
    assert response["Cross-Origin-Resource-Policy"] == readers


def test_a_closed_site_is_loaded_by_no_other(client, settings):
    settings.READERS_NEED_ACCOUNT = True
    for path in ("/oembed", "/api/v1/quotes", "/feed.atom"):
        assert client.get(path)["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", [*PAGES, "/desk/", "/no-such-page/"])
def test_no_cache_keeps_what_somebody_signed_in_saw(client, quote, path):
    client.force_login(make_user("admin"))
    response = client.get(path.replace("quote", quote.get_absolute_url()))
    assert response["Cache-Control"] == "private, no-store"
    assert "Cookie" in response["Vary"]


@pytest.mark.parametrize("path", ["/export.csv", "/export.jsonl", "/export.dna.csv"])
def test_no_cache_keeps_data_of_somebody_signed_in(client, path):
    client.force_login(make_user("admin"))
    assert client.get(path)["Cache-Control"] == "private, no-store"


def test_signing_in_and_out_is_kept_by_no_cache(client):
    user = make_user("editor")
    signed_in = client.post("/accounts/login/", {"username": user.username, "password": PASSWORD})
    assert signed_in.status_code == 302
    assert "no-store" in signed_in["Cache-Control"]
    assert "no-store" in client.post("/accounts/logout/")["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/articles/", "/actors/", "/issues/", "quote"])
def test_pages_for_anybody_are_asked_for_anew_each_time(client, quote, path):
    response = client.get(path.replace("quote", quote.get_absolute_url()))
    assert response["Cache-Control"] == "no-cache"
    assert "Cookie" in response["Vary"]
    assert not response.cookies


def test_a_form_with_a_token_is_kept_by_no_cache(client, quote):
    response = client.get(f"/quotes/{quote.uuid}/report/")
    assert response.cookies
    assert response["Cache-Control"] == "private, no-store"


def test_a_page_and_its_fragment_are_told_apart_by_caches(client):
    for headers in ({}, HTMX):
        vary = client.get("/", headers=headers)["Vary"]
        assert {"HX-Request", "HX-Boosted", "HX-History-Restore-Request"} <= set(vary.split(", "))


def test_the_feed_may_be_kept_for_a_minute(client):
    assert client.get("/feed.atom")["Cache-Control"] == "max-age=60"


def test_violations_are_reported_to_this_site(client):
    response = client.get("/")
    assert "report-uri /csp-report" in response["Content-Security-Policy"]
    assert "report-to csp" in response["Content-Security-Policy"]
    assert response["Reporting-Endpoints"] == 'csp="/csp-report"'


def test_data_that_is_the_same_for_everybody_may_be_kept(client):
    client.force_login(make_user("admin"))
    response = client.get("/api/v1/openapi.json")
    assert "Cache-Control" not in response
    assert "Cookie" not in response.get("Vary", "")


def test_a_file_that_is_opened_as_a_page_loads_nothing(client):
    response = client.get("/static/img/favicon.svg")
    response.close()
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_a_server_set_up_for_the_public_has_nothing_to_be_warned_of(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--tag=security"],
        cwd=ROOT,
        env={
            **{key: value for key, value in os.environ.items() if key in {"PATH", "HOME"}},
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
            "NEWSROOM_SECRET_KEY": "a-key-of-more-than-fifty-letters-for-this-test-0123456789",
            "NEWSROOM_HOSTS": "news.example",
            "NEWSROOM_VAR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "(0 silenced)" in done.stdout
