"""Issues: the list of them, and each one's two sides face to face."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from newsroom.fragments import page_or_fragment
from statements.contrast import Contrast, party
from statements.models import Issue, Quote, Stance
from statements.positions import Position, count
from statements.stance_chart import stance_chart


@require_safe
def issue_list(request: HttpRequest) -> HttpResponse:
    found = {issue.pk: Position(issue) for issue in Issue.objects.all()}
    rows = (
        Stance.objects.filter(quote__in=Quote.objects.visible_to(request.user))
        .values("issue", "label", "standing")
        .annotate(quotes=Count("pk"))
        .order_by("issue")
    )
    for row in rows:
        count(
            found[row["issue"]],
            label=row["label"],
            standing=row["standing"],
            quotes=row["quotes"],
        )
    context = {"positions": list(found.values())}
    return page_or_fragment(request, "statements/issue_list.html", "results", context)


@require_safe
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    issues = Issue.objects.select_related("actor", "parent").prefetch_related("guidelines")
    found = get_object_or_404(issues, slug=slug)
    contrast = Contrast(found, request.user)
    usual = contrast.most_opposed()
    chosen = [
        party(request.GET.get(name, "")) or other
        for name, other in zip(("left", "right"), usual, strict=True)
    ]
    left, right = contrast.sides(*chosen)
    types, actors = contrast.parties()
    context = {
        "issue": found,
        "slugs": (found.slug,),
        "left": left,
        "right": right,
        "sides": [("left", left), ("right", right)],
        "types": types,
        "actors": actors,
        "chart": stance_chart(left, right),
        "silent": contrast.silent(),
    }
    return page_or_fragment(request, "statements/issue_detail.html", "contrast", context)
