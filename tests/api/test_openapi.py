"""The description of the API: every path answers, and every answer is as it says."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker

from statements.api import actors, quotes
from tests.api.conftest import Stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def described(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


def check(answer: object, schema: dict[str, Any], described: dict[str, Any]) -> None:
    """Fail with every place where the answer is not as the schema says."""
    whole = {**schema, "components": described["components"]}
    checker = Draft202012Validator(whole, format_checker=FormatChecker())
    assert [f"{each.json_path}: {each.message}" for each in checker.iter_errors(answer)] == []


def schema_of(described: dict[str, Any], path: str) -> dict[str, Any]:
    content = described["paths"][path]["get"]["responses"]["200"]["content"]
    found: dict[str, Any] = content["application/json"]["schema"]
    return found


def place(path: str, stored: Stored) -> str:
    """The path with what is stored in its braces."""
    kind = path.split("/")[3]
    slugs = {"actors": "river-watch", "speakers": "ada-lind", "issues": stored.issue.slug}
    uuids = {"quotes": stored.labelled.uuid, "articles": stored.labelled.article.uuid}
    return path.format(slug=slugs.get(kind), uuid=uuids.get(kind))


def test_every_path_answers_as_described(client, stored, described):
    assert set(described["paths"]) == {
        "/api/v1/quotes",
        "/api/v1/quotes/{uuid}",
        "/api/v1/actors",
        "/api/v1/actors/{slug}",
        "/api/v1/speakers/{slug}",
        "/api/v1/issues",
        "/api/v1/issues/{slug}",
        "/api/v1/articles/{uuid}",
    }
    for path in described["paths"]:
        response = client.get(place(path, stored))
        assert (path, response.status_code) == (path, 200)
        check(response.json(), schema_of(described, path), described)


def test_pages_with_a_next_one_and_notes_are_as_described(client, stored, described):
    for path in ("/api/v1/quotes", "/api/v1/actors"):
        answer = client.get(path, {"per_page": "1", "type": "no-such", "colour": "red"}).json()
        assert answer["next"]
        assert len(answer["notes"]) == 2
        check(answer, schema_of(described, path), described)


def test_errors_are_as_described(client, stored, described):
    refused = described["components"]["responses"]["Refused"]["content"]["application/json"]
    for path, status in (("quotes?after=x", 400), ("actors/nobody", 404), ("nothing", 404)):
        response = client.get(f"/api/v1/{path}")
        assert response.status_code == status
        check(response.json(), refused["schema"], described)


def test_every_schema_is_one_and_every_reference_leads_somewhere(described):
    schemas = described["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    wanted = {
        part.split('"')[0] for part in str(described).replace("'", '"').split("/schemas/")[1:]
    }
    assert wanted <= set(schemas)


@pytest.mark.parametrize(
    ("path", "known"),
    [("/api/v1/quotes", quotes.PARAMETERS), ("/api/v1/actors", actors.PARAMETERS)],
)
def test_the_parameters_described_are_those_that_are_known(client, stored, described, path, known):
    names = [each["name"] for each in described["paths"][path]["get"]["parameters"]]
    assert sorted(names) == sorted(known)
    for name in names:
        assert client.get(path, {name: ""}).json()["notes"] == []
