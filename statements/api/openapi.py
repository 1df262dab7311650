"""The API described for programs, as OpenAPI 3.1, from the tables that its answers are made by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from statements.api import actors, articles, fields, issues, quotes, records
from statements.api.answers import (
    ERROR,
    MOST_PER_PAGE,
    NOTES,
    PER_PAGE,
    answers_json,
)
from statements.api.fields import JsonSchema, Record, one_of
from statements.filters import FACETS, SORTS, STANCES, TITLES
from statements.models import ActorType, Quote

ROOT = "api/v1/"

_DESCRIBED = (
    quotes.QUOTE,
    quotes.PART,
    quotes.VOICE,
    quotes.STANCE,
    actors.ACTOR,
    actors.PERSON,
    actors.SPEAKER,
    actors.POST,
    issues.ISSUE,
    issues.GUIDELINE,
    articles.ARTICLE,
    records.SPEAKER_IN_SHORT,
    records.ACTOR_IN_SHORT,
    records.ISSUE_IN_SHORT,
    records.ARTICLE_IN_SHORT,
    records.OUTLET,
    ERROR,
)
RECORDS = {record.name: record for record in _DESCRIBED}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A part of a query string; a list may be repeated, or hold commas."""

    name: str
    says: str
    schema: JsonSchema
    is_list: bool = False

    @property
    def description(self) -> dict[str, Any]:
        schema = {"type": "array", "items": self.schema} if self.is_list else self.schema
        return {"name": self.name, "in": "query", "description": self.says, "schema": schema}


_FACET_SCHEMAS: dict[str, JsonSchema] = {
    "type": one_of(ActorType.values),
    "stance": one_of(STANCES),
    "kind": one_of(Quote.Kind.values),
}
_AFTER = Parameter("after", "The place where the page before ended, from its `next`.", fields.TEXT)
_PER_PAGE = Parameter(
    "per_page",
    "How many rows a page has.",
    {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PER_PAGE},
)
_DATE: JsonSchema = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}

_QUOTE_PARAMETERS = (
    *(
        Parameter(
            key, f"{TITLES[key]}: any of these.", _FACET_SCHEMAS.get(key, fields.TEXT), is_list=True
        )
        for key in FACETS
    ),
    Parameter("from", "Said on this day, month or year or later.", _DATE),
    Parameter("to", "Said on this day, month or year or earlier.", _DATE),
    Parameter("q", "Words, “a phrase”, or, and -without, as in a search engine.", fields.TEXT),
    Parameter("asof", "Only quotes stored by the end of this day, month or year.", _DATE),
    Parameter("sort", "The order.", one_of(SORTS)),
    Parameter("view", "Of the page for people; it changes nothing here.", fields.TEXT),
    _AFTER,
    _PER_PAGE,
)
_ACTOR_PARAMETERS = (
    Parameter("type", "Any of these types.", one_of(ActorType.values), is_list=True),
    Parameter("q", "Part of a name, however it is accented.", fields.TEXT),
    _AFTER,
    _PER_PAGE,
)


def _listed(record: Record, **others: JsonSchema) -> JsonSchema:
    """The schema of a page of records."""
    properties = {
        **others,
        "notes": NOTES,
        "results": {"type": "array", "items": record.reference},
    }
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_NEXT: JsonSchema = {
    "type": ["string", "null"],
    "format": "uri",
    "description": "The address of the next page; null on the last one.",
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address: how it is written, what it answers, and who answers."""

    place: str
    name: str
    says: str
    schema: JsonSchema
    view: Callable[..., HttpResponse]
    parameters: tuple[Parameter, ...] = ()

    @property
    def route(self) -> URLPattern:
        return path(f"{ROOT}{self.place}", self.view, name=self.name)

    @property
    def template(self) -> str:
        """The path as OpenAPI writes it: "/api/v1/actors/{slug}"."""
        return (
            f"/{ROOT}{self.place}".replace("<uuid:", "{").replace("<slug:", "{").replace(">", "}")
        )

    @property
    def description(self) -> dict[str, Any]:
        inside = [part[1:-1] for part in self.template.split("/") if part.startswith("{")]
        places: list[dict[str, Any]] = [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": fields.UUID if name == "uuid" else fields.TEXT,
            }
            for name in inside
        ]
        refused = {"$ref": "#/components/responses/Refused"}
        return {
            "get": {
                "operationId": self.name.removeprefix("api_"),
                "summary": self.says,
                "parameters": places + [each.description for each in self.parameters],
                "responses": {
                    "200": {
                        "description": self.says,
                        "content": {"application/json": {"schema": self.schema}},
                    },
                    **({"400": refused} if _AFTER in self.parameters else {}),
                    **({"404": refused} if places else {}),
                },
            }
        }


ENDPOINTS = (
    Endpoint(
        "quotes",
        "api_quotes",
        "Quotes that the query string asks for, a page at a time",
        _listed(
            quotes.QUOTE,
            shows={**fields.TEXT, "description": "What is shown, in words."},
            next=_NEXT,
        ),
        quotes.quotes,
        _QUOTE_PARAMETERS,
    ),
    Endpoint("quotes/<uuid:uuid>", "api_quote", "One quote", quotes.QUOTE.reference, quotes.quote),
    Endpoint(
        "actors",
        "api_actors",
        "Actors that are quoted, by name, a page at a time",
        _listed(records.ACTOR_IN_SHORT, next=_NEXT),
        actors.actors,
        _ACTOR_PARAMETERS,
    ),
    Endpoint("actors/<slug:slug>", "api_actor", "One actor", actors.ACTOR.reference, actors.actor),
    Endpoint(
        "speakers/<slug:slug>",
        "api_speaker",
        "One speaker",
        actors.SPEAKER.reference,
        actors.speaker,
    ),
    Endpoint("issues", "api_issues", "Every issue", _listed(issues.ISSUE), issues.issues),
    Endpoint("issues/<slug:slug>", "api_issue", "One issue", issues.ISSUE.reference, issues.issue),
    Endpoint(
        "articles/<uuid:uuid>",
        "api_article",
        "One article's metadata and all its quotes, without the text",
        articles.ARTICLE.reference,
        articles.article,
    ),
)


def document(address: str) -> dict[str, Any]:
    """The whole description; `address` is where the site answers."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Newsroom",
            "version": "1",
            "description": "Who said what in the news, and where they stand. Read-only.",
        },
        "servers": [{"url": address}],
        "paths": {each.template: each.description for each in ENDPOINTS},
        "components": {
            "schemas": {name: record.schema for name, record in RECORDS.items()},
            "responses": {
                "Refused": {
                    "description": ERROR.says,
                    "content": {"application/json": {"schema": ERROR.reference}},
                }
            },
        },
    }


@answers_json
def openapi(request: HttpRequest) -> dict[str, Any]:
    """The description as JSON."""
    return document(request.build_absolute_uri("/").removesuffix("/"))
