"""The guidelines of an issue: every version, and what changed between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from statements.models import Guideline, Issue, StanceLabel
from statements.revisions import Change, changes


@dataclass(frozen=True, slots=True)
class Version:
    """A published guideline beside the one before it."""

    guideline: Guideline
    label_count: int
    before: Guideline | None
    changes: list[Change]


@require_safe
def guidelines(request: HttpRequest, slug: str) -> HttpResponse:
    issue = get_object_or_404(Issue, slug=slug)
    rows = issue.guidelines.select_related("published_by").order_by("-number")
    current = StanceLabel.objects.current().filter(issue=issue)
    counts = dict(current.order_by().values_list("guideline").annotate(Count("pk")))
    versions = [
        Version(
            guideline=each,
            label_count=counts.get(each.pk, 0),
            before=before,
            changes=changes(before.text, each.text) if before else [],
        )
        for each, before in pairwise([*rows, None])
        if each
    ]
    context = {"issue": issue, "versions": versions, "without": counts.get(None, 0)}
    return render(request, "statements/guidelines.html", context)
