"""What the other pages take of the same corpus: lists, and who and what is quoted most."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING
from urllib.parse import quote as escaped

from django.test import Client
from django.urls import reverse

from bench.extraction import table
from statements.models import Article, Listing, Quote

if TYPE_CHECKING:
    from bench.browsing import Measure
    from bench.browsing_requests import Known


def show(measure: Measure, known: Known) -> None:
    """Milliseconds of processor of each page, of the database's process and of both together."""
    client = Client()
    rows = []
    for name, path in _paths(known).items():
        # Once before, for what is kept of templates and plans.
        _get(client, path)
        statements = measure.captured(lambda path=path: _get(client, path))  # type: ignore[misc]
        before = measure.database_clock()
        whole = measure.cpu(lambda path=path: _get(client, path))  # type: ignore[misc]
        database = measure.database_clock() - before
        rows.append([name, f"{len(statements)}", f"{database:,.0f}", f"{whole:,.0f}"])
    print(table(rows, ["page", "statements", "database ms", "database and program ms"]), "\n")


def _paths(known: Known) -> dict[str, str]:
    newest = Listing.objects.filter(is_draft=False).order_by("-day", "article", "start", "quote")
    quote = Quote.objects.get(pk=newest.values_list("quote", flat=True)[:1])
    article = Article.objects.get(pk=quote.article_id)
    actor, speaker, issue = known.actors[0], known.speakers[0], known.issues[0]
    types = "left=type:government&right=type:ngo"
    actors = f"left=actor:{escaped(actor)}&right=actor:{escaped(known.actors[1])}"
    return {
        "actors": reverse("statements:actor_list"),
        "articles": reverse("statements:article_list"),
        "issues": reverse("statements:issue_list"),
        "the most quoted actor": reverse("statements:actor", args=[actor]),
        "the most quoted speaker": reverse("statements:speaker", args=[speaker]),
        "a rare actor": reverse("statements:actor", args=[known.rare[0]]),
        "the largest issue": reverse("statements:issue", args=[issue]),
        "two types on it": f"{reverse('statements:issue', args=[issue])}?{types}",
        "two actors on it": f"{reverse('statements:issue', args=[issue])}?{actors}",
        "who answers whom on it": reverse("statements:issue_replies", args=[issue]),
        "an article": reverse("statements:article", args=[article.uuid]),
        "a quote": reverse("statements:quote", args=[quote.uuid]),
        "names that fit": f"{reverse('statements:find_values', args=['actor'])}?find-actor=min",
        "the feed": reverse("statements:feed"),
        "the first page of the API": "/api/v1/quotes",
    }


def _get(client: Client, path: str) -> None:
    response = client.get(path, headers={"HX-Request": "true"} if "/find/" in path else {})
    if response.status_code != http.HTTPStatus.OK:
        raise SystemExit(f"{path}: {response.status_code}")
