"""The front page: every quote, narrowed by facets and words, and the same as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from newsroom.fragments import page_or_fragment, wants_fragment
from statements import charts, citing, exports, facets
from statements.blind import asked_blind
from statements.browsing import cards, counting, naming, pages
from statements.browsing.conditions import Conditions
from statements.browsing.counting import Counts
from statements.browsing.scanning import Scans
from statements.facets import Facet
from statements.filters import SORTS, QuoteFilter
from statements.models import Issue, SavedView

# Of a name that is looked for, no more is read.
_LONGEST_NAME = 100


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """Quotes that fit the query string, with what there is to choose from beside them."""
    wanted = QuoteFilter(request.GET)
    is_fragment = wants_fragment(request)
    if wanted.moved and not is_fragment:
        return HttpResponsePermanentRedirect(request.path + wanted.query())
    conditions = wanted.conditions_for(request.user)
    after = request.GET.get("after", "")
    if after and is_fragment:
        context = _list_context(conditions, wanted, after)
        return page_or_fragment(request, "statements/explore.html", "more", context)
    here = reverse("statements:explore") + wanted.query()
    context = {
        **page_context(wanted, request.user, after),
        "cite_view": citing.view(wanted.in_words, request.build_absolute_uri(here)),
        "here": here.removesuffix("?"),
        "link": request.build_absolute_uri(here.removesuffix("?")),
        "query": wanted.query().removeprefix("?"),
        "saved_views": list(SavedView.objects.of(request.user)),
        # By htmx names are found while they are typed, without the rest of the page.
        "found": {} if is_fragment else _found(request, wanted),
        "is_fragment": is_fragment,
    }
    response = page_or_fragment(request, "statements/explore.html", "answer", context)
    if is_fragment:
        # The address without the empty fields that a form sends along.
        response["HX-Push-Url"] = reverse("statements:explore") + wanted.query().removesuffix("?")
    return response


@require_safe
def find_values(request: HttpRequest, facet: str) -> HttpResponse:
    """Actors or speakers by name, to tick; without htmx the whole page shows them."""
    if facet not in naming.FINDABLE:
        raise Http404
    wanted = QuoteFilter(request.GET)
    if not wants_fragment(request):
        query = urlencode({field: request.GET.get(field, "") for field in [_find_field(facet)]})
        return redirect(f"{reverse('statements:explore')}{_joined(wanted.query(), query)}")
    context = {**_found(request, wanted)[facet], "facet_key": facet}
    return page_or_fragment(request, "statements/explore.html", "found-now", context)


def _joined(query: str, more: str) -> str:
    return f"{query}&{more}" if len(query) > 1 else f"?{more}"


def _find_field(facet: str) -> str:
    return f"find-{facet}"


def _found(request: HttpRequest, wanted: QuoteFilter) -> dict[str, dict[str, Any]]:
    """For each facet whose values are found by name: what was typed, and who fits."""
    found = {}
    for facet in naming.FINDABLE:
        words = request.GET.get(_find_field(facet), "").strip()[:_LONGEST_NAME]
        staff = getattr(request.user, "is_staff", False)
        matches = naming.find(facet, words, with_drafts=staff)
        found[facet] = {"words": words, "matches": matches, "chosen": wanted.chosen[facet]}
    return found


def page_context(
    wanted: QuoteFilter, user: AbstractBaseUser | AnonymousUser, after: str = ""
) -> dict[str, Any]:
    """What the page says of the quotes that are asked for: all that it takes from the database."""
    conditions = wanted.conditions_for(user)
    counts = counting.count(conditions)
    choices = facets.facets(wanted, counts)
    today = timezone.localdate()
    if wanted.view == "timeline":
        listed = {"filter": wanted, **_timeline_context(conditions, wanted, counts)}
    else:
        listed = _list_context(conditions, wanted, after, counts.scans)
    return {
        **listed,
        **_stand_context(conditions, wanted, choices, counts),
        "facets": choices,
        "histogram": charts.histogram(facets.by_month(counts.months), wanted),
        "months_are_least": counts.months.is_least,
        "counts": counts,
        "suggested": sum(each.suggested for facet in choices for each in facet.options),
        "list_query": wanted.query(view=""),
        "timeline_query": wanted.query(view="timeline"),
        "contrast_url": _contrast_url(wanted),
        # Where nothing is found, a single word may be but the beginning of one.
        "starred_query": wanted.query(q=f"{wanted.words}*") if wanted.words.isalnum() else "",
        "cite_query": wanted.query(asof=wanted.asof or today),
        "is_day_open": wanted.asof is not None and wanted.asof >= today,
        "sorts": [
            (key, label, wanted.query(sort=key if key != "newest" else ""))
            for key, label in SORTS.items()
            if key != "relevance" or wanted.words
        ],
    }


@require_safe
def export_csv(request: HttpRequest) -> HttpResponseBase:
    """The quotes of a query string as CSV, all of them, in the list's order."""
    return _export(request, exports.csv_lines, "text/csv; charset=utf-8", "csv")


@require_safe
def export_jsonl(request: HttpRequest) -> HttpResponseBase:
    """The quotes of a query string as JSON lines, all of them, in the list's order."""
    return _export(request, exports.jsonl_lines, "application/jsonl", "jsonl")


def _export(
    request: HttpRequest,
    lines: Callable[..., Iterator[str]],
    content_type: str,
    ending: str,
) -> HttpResponseBase:
    wanted = QuoteFilter(request.GET)
    if wanted.moved:
        return HttpResponsePermanentRedirect(request.path + wanted.query())
    quotes, keys = wanted.in_order(wanted.quotes(request.user))
    ordered = quotes.order_by(*(key.ordering() for key in keys))
    return StreamingHttpResponse(
        lines(ordered, request.build_absolute_uri, hidden=asked_blind(request.user)),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{wanted.file_name(ending)}"'},
    )


def _list_context(
    conditions: Conditions, wanted: QuoteFilter, after: str, scans: Scans | None = None
) -> dict[str, Any]:
    """A page of the list and the way to the next one."""
    page = pages.page(conditions, wanted.sort, after, scans=scans)
    keys = [each.pk for each in page.rows]
    shown = cards.cards(keys, wanted.words, wanted.chosen["issue"], conditions.asked)
    return {
        "filter": wanted,
        "page": page,
        "cards": shown,
        "more_query": wanted.query(after=page.after),
    }


def _timeline_context(
    conditions: Conditions, wanted: QuoteFilter, counts: Counts
) -> dict[str, Any]:
    months, is_least = counting.months_by_type(conditions, counts.scans)
    return {
        "timeline": charts.timeline(facets.by_month_and_type(months), wanted),
        "timeline_is_least": is_least,
    }


def _stand_context(
    conditions: Conditions, wanted: QuoteFilter, choices: list[Facet], counts: Counts
) -> dict[str, Any]:
    """Where types of actors stand on the issue in view, if there is one."""
    issue = _issue_in_view(wanted, choices)
    if not issue:
        return {"stand_issue": None, "stand": None}
    rows, is_least = facets.stances_by_type(conditions, issue, counts)
    return {"stand_issue": issue, "stand": charts.diverging(rows), "stand_is_least": is_least}


def _issue_in_view(wanted: QuoteFilter, choices: list[Facet]) -> Issue | None:
    """The first issue chosen, else the one that most quotes in view bear on."""
    slugs = list(wanted.chosen["issue"])
    if not slugs:
        options = next(facet.options for facet in choices if facet.key == "issue")
        slugs = [option.value for option in options]
    return Issue.objects.filter(slug=slugs[0]).first() if slugs else None


def _contrast_url(wanted: QuoteFilter) -> str:
    """The chosen issue's two columns, of the first two parties chosen; else the list of issues."""
    if not wanted.chosen["issue"]:
        return reverse("statements:issue_list")
    url = reverse("statements:issue", args=[wanted.chosen["issue"][0]])
    sides = [f"actor:{slug}" for slug in wanted.chosen["actor"]]
    sides += [f"type:{value}" for value in wanted.chosen["type"]]
    if len(sides) < 2:
        return url
    return f"{url}?{urlencode({'left': sides[0], 'right': sides[1]}, safe=':')}"
