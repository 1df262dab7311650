"""How the API answers: methods, errors, other sites' scripts, and the page that explains it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories import make_user

pytestmark = pytest.mark.django_db

PATHS = ["quotes", "actors", "issues", "openapi.json"]


@pytest.mark.parametrize("path", PATHS)
def test_scripts_of_other_sites_may_ask(client, path):
    response = client.get(f"/api/v1/{path}", headers={"Origin": "https://elsewhere.example"})
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert not response.cookies


def test_a_script_can_ask_first_whether_it_may(client):
    response = client.options("/api/v1/quotes", headers={"Origin": "https://elsewhere.example"})
    assert (response.status_code, response.content) == (204, b"")
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_head_answers_without_a_body(client):
    response = client.head("/api/v1/quotes")
    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(method):
    response = getattr(Client(enforce_csrf_checks=True), method)("/api/v1/quotes")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert response.json()["error"] == "method_not_allowed"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "nothing at this address"),
        ("quotes/", "end without a slash"),
        ("quotes/not-an-id", "nothing at this address"),
        ("quotes/00000000-0000-0000-0000-000000000000", "no quote with this id"),
        ("articles/00000000-0000-0000-0000-000000000000", "no article with this id"),
        ("actors/nobody", "no actor"),
        ("speakers/nobody", "no speaker"),
        ("issues/nothing", "no issue"),
    ],
)
def test_what_is_not_there_is_said_in_json(client, path, words):
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 404
    assert response["Access-Control-Allow-Origin"] == "*"
    found = response.json()
    assert found["error"] == "not_found"
    assert words in found["message"]
    assert found["help"] == "http://testserver/api/"


@pytest.mark.parametrize("path", [*PATHS, "quotes/x", ""])
def test_a_closed_site_answers_only_those_who_signed_in(client, settings, path):
    settings.READERS_NEED_ACCOUNT = True
    closed = client.get(f"/api/v1/{path}")
    assert closed.status_code == 401
    assert closed.json()["error"] == "sign_in_needed"
    assert "Access-Control-Allow-Origin" not in closed
    assert "Access-Control-Allow-Origin" not in client.options(f"/api/v1/{path}")
    client.force_login(make_user())
    response = client.get(f"/api/v1/{path}")
    assert response.status_code in {200, 404}
    assert "Access-Control-Allow-Origin" not in response


def test_every_example_of_the_page_works(client, stored):
    page = client.get("/api/").text
    examples = re.findall(r'class="copy-code" href="([^"]+)">', page)
    assert len(examples) == 12
    for address in examples:
        response = client.get(address.replace("&amp;", "&"))
        assert (address, response.status_code) == (address, 200)
        if response["Content-Type"] == "application/json":
            assert response.json().get("notes", []) == []


def test_the_page_answers_on_an_empty_site(client):
    assert client.get("/api/").status_code == 200


def test_the_page_explains_every_address_and_field(client, stored):
    page = client.get("/api/").text
    described = client.get("/api/v1/openapi.json").json()
    for path in described["paths"]:
        assert f"<code>{path}</code>" in page
    for schema in described["components"]["schemas"].values():
        for name in schema["properties"]:
            assert f"<code>{name}</code>" in page
