"""Issues: every proposition that quotes take a stance on, and one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from statements.api import fields
from statements.api.answers import answers_json, found_or_404, note_unknown
from statements.api.fields import Record, link, one, one_of, value
from statements.api.records import ACTOR_IN_SHORT, ISSUE_IN_SHORT
from statements.models import Issue

GUIDELINE = Record(
    "Guideline",
    "How editors judge quotes on the issue.",
    (
        value("number", fields.NUMBER, "The version."),
        value("text", fields.TEXT, "The rules."),
        value("published_at", fields.MOMENT, "When it came into force."),
    ),
)

_TERMS = {"type": "array", "items": fields.TEXT}

ISSUE = Record(
    "Issue",
    "A directed proposition with two named poles.",
    (
        *ISSUE_IN_SHORT.fields,
        value("proposition", fields.TEXT, "A sentence that one can agree with."),
        value("kind", one_of(Issue.Kind.values), "A proposition, or an attitude toward an actor."),
        one("actor", ACTOR_IN_SHORT, "Toward whom the attitude is.", lambda issue: issue.actor),
        value("supports_pole", fields.TEXT, "What supporting it is called."),
        value("opposes_pole", fields.TEXT, "What opposing it is called."),
        value("terms", _TERMS, "Words that mention it."),
        value("counter_terms", _TERMS, "Words for the opposite."),
        one("parent", ISSUE_IN_SHORT, "The issue that it is part of.", lambda issue: issue.parent),
        one("guideline", GUIDELINE, "The version in force.", lambda issue: issue.guideline),
        link(
            "quotes_url",
            "The quotes that bear on it, as JSON.",
            lambda issue: f"{reverse('statements:api_quotes')}?issue={issue.slug}",
        ),
        link(
            "feed_url",
            "The quotes that bear on it, as an Atom feed.",
            lambda issue: f"{reverse('statements:feed')}?issue={issue.slug}",
        ),
    ),
)


@answers_json
def issues(request: HttpRequest) -> dict[str, Any]:
    """Every issue, by title, on one page: two queries."""
    notes: list[str] = []
    note_unknown(request.GET, (), notes)
    found = _in_full().order_by("title", "pk")
    return {
        "notes": notes,
        "results": [ISSUE.of(each, request.build_absolute_uri) for each in found],
    }


@answers_json
def issue(request: HttpRequest, slug: str) -> dict[str, Any]:
    """One issue."""
    row = found_or_404(_in_full().filter(slug=slug).first(), "There is no issue of this name.")
    return ISSUE.of(row, request.build_absolute_uri)


def _in_full() -> Any:
    return Issue.objects.select_related("actor", "parent").prefetch_related("guidelines")
