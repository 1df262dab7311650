"""The page that explains the API to people, with examples from what is stored."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from statements.api.answers import MOST_PER_PAGE, PER_PAGE, answers_json
from statements.api.openapi import ENDPOINTS, RECORDS
from statements.models import Issue, Quote


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """What there is to ask, and addresses to try."""
    context = {
        "endpoints": ENDPOINTS,
        "records": RECORDS.values(),
        "examples": [
            (says, address, request.build_absolute_uri(address)) for says, address in _examples()
        ],
        "per_page": PER_PAGE,
        "most_per_page": MOST_PER_PAGE,
    }
    return render(request, "statements/api.html", context)


@answers_json
def nothing_here(request: HttpRequest, rest: str) -> dict[str, Any]:
    """What any other address under the API says."""
    raise Http404(
        "There is nothing at this address. Addresses end without a slash and identifiers are "
        "whole; openapi.json lists them all."
    )


def _examples() -> list[tuple[str, str]]:
    """Questions with the addresses that answer them here: three queries."""
    quotes = reverse("statements:api_quotes")
    found = [
        ("The newest quotes of governments and NGOs", f"{quotes}?type=government,ngo&per_page=10"),
        (
            "Reported speech since 2020, the oldest first",
            f"{quotes}?kind=indirect&from=2020&sort=oldest",
        ),
        ("The actors that are quoted", reverse("statements:api_actors")),
        ("Every issue", reverse("statements:api_issues")),
    ]
    if issue := Issue.objects.order_by("title").first():
        found += [
            (f"Who opposes “{issue.proposition}”", f"{quotes}?issue={issue.slug}&stance=opposes"),
            ("An issue", reverse("statements:api_issue", args=[issue.slug])),
            (
                "A feed of what is said about it",
                f"{reverse('statements:feed')}?issue={issue.slug}",
            ),
        ]
    public = Quote.objects.public().select_related("article", "actor", "speaker")
    known = public.filter(speaker__isnull=False, actor__isnull=False)
    if quote := known.newest().first() or public.newest().first():
        found.append(("A quote", reverse("statements:api_quote", args=[quote.uuid])))
        found.append(
            ("An article’s quotes", reverse("statements:api_article", args=[quote.article.uuid]))
        )
        if quote.actor:
            found.append(("An actor", reverse("statements:api_actor", args=[quote.actor.slug])))
        if quote.speaker:
            found.append(
                ("A speaker", reverse("statements:api_speaker", args=[quote.speaker.slug]))
            )
    found.append(("All of it described for programs", reverse("statements:openapi")))
    return found
