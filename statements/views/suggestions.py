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
from statements.ingest.suggesting import ATTITUDE, LEARNED, actor_names
from statements.models import Issue, QueueItem, Quote, StanceLabel, Suggestion
from statements.nlp.attitudes.actors import explain
from statements.suggestion_record import disagreements, records

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
    if _is_blind_to(request, found):
        raise PermissionDenied("You are asked to judge this quote without suggestions.")
    context: dict[str, Any] = {"suggestion": found, "quote": found.quote}
    if found.method == ATTITUDE and found.issue.actor:
        context["words"] = explain(found.quote.content, actor_names(found.issue.actor))
    if found.method == LEARNED:
        context["nearest"] = learning.nearest_labelled(found.quote, found.issue)
    return page_or_fragment(request, WHY, "why", context)


@login_required
@permission_required("statements.view_stancelabel", raise_exception=True)
@require_safe
def suggestion_record(request: HttpRequest, slug: str) -> HttpResponse:
    """How often editors said what had been suggested, by method and by confidence."""
    issue = get_object_or_404(Issue, slug=slug)
    context = {
        "issue": issue,
        "records": records(issue),
        "against": disagreements(issue, most=_MOST),
        "learned": learning.current_model(issue),
        "versions": issue.learned.order_by("-number")[:_MOST],
        "still_missing": learning.still_missing(issue),
    }
    return page_or_fragment(request, RECORD, "record", context)


def _is_blind_to(request: HttpRequest, suggestion: Suggestion) -> bool:
    quote, issue = suggestion.quote, suggestion.issue
    double = QueueItem.objects.filter(quote=quote, issue=issue, is_double=True, is_dropped=False)
    own = (
        StanceLabel.objects.current()
        .judgements()
        .filter(quote=quote, issue=issue, editor=request.user.pk)
    )
    return double.exists() and not own.exists()
