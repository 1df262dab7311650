"""Suggestions: why one was made, and how right they have been."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from newsroom.fragments import page_or_fragment
from statements import learning
from statements.blind import asked_blind
from statements.ingest.suggesting import ATTITUDE, actor_names
from statements.models import Issue, Quote, Suggestion
from statements.nlp.attitudes.actors import explain
from statements.suggestion_record import decisions, disagreements, records

WHY, RECORD = "statements/suggestion_why.html", "statements/suggestion_record.html"
_MOST = 30


@login_required
@permission_required("statements.add_stancelabel", raise_exception=True)
@require_safe
def suggestion_why(request: HttpRequest, pk: int) -> HttpResponse:
    """The words or the labelled quotes that a suggestion rests on, worked out when asked for."""
    readable = Quote.objects.visible_to(request.user)
    suggestions = Suggestion.objects.filter(quote__in=readable)
    found = get_object_or_404(suggestions.select_related("quote", "issue__actor"), pk=pk)
    hidden = asked_blind(request.user).filter(quote=found.quote, issue=found.issue)
    if hidden.exists():
        raise PermissionDenied("You are asked to judge this quote without suggestions.")
    context: dict[str, Any] = {"suggestion": found, "quote": found.quote}
    if found.method == ATTITUDE and found.issue.actor:
        context["words"] = explain(found.quote.content, actor_names(found.issue.actor))
    if found.method == learning.METHOD:
        context["nearest"] = learning.nearest_labelled(found.quote, found.issue, user=request.user)
    return page_or_fragment(request, WHY, "why", context)


@login_required
@permission_required("statements.view_stancelabel", raise_exception=True)
@require_safe
def suggestion_record(request: HttpRequest, slug: str) -> HttpResponse:
    """How often editors said what had been suggested, by method and by confidence."""
    issue = get_object_or_404(Issue, slug=slug)
    judged = decisions(issue)
    by_method = records(judged)
    context = {
        "issue": issue,
        "records": by_method,
        "bands": [(each.method, *row) for each in by_method for row in each.rows],
        "against": disagreements(judged, request.user, most=_MOST),
        "learned": learning.current_model(issue),
        "versions": issue.learned.defer("weights").order_by("-number")[:_MOST],
        "still_missing": learning.still_missing(issue),
    }
    return page_or_fragment(request, RECORD, "record", context)
