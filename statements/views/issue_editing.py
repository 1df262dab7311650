"""Writing issues and changing them."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import pluralize
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from newsroom.fragments import page_or_fragment, wants_fragment
from statements.issue_forms import IssueForm, actors_meant, attitude_toward
from statements.issue_keeping import Saved
from statements.models import Actor, Issue, QueueItem, StanceLabel

TEMPLATE = "statements/issue_form.html"


@login_required
@permission_required(("statements.add_issue", "statements.add_guideline"), raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def issue_new(request: HttpRequest) -> HttpResponse:
    """Write an issue; `actor` in the address begins one on how others see that actor."""
    if request.method == "POST":
        return _save(request, IssueForm(request.POST))
    initial = {}
    if slug := request.GET.get("actor", ""):
        actor = get_object_or_404(Actor, slug=slug).current
        if there := actor.issues.first():
            messages.info(request, f"How others see {actor.name} is judged here already.")
            return redirect(there)
        initial = attitude_toward(actor)
    return page_or_fragment(request, TEMPLATE, "issue-form", {"form": IssueForm(initial=initial)})


@login_required
@permission_required(("statements.change_issue", "statements.add_guideline"), raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def issue_edit(request: HttpRequest, slug: str) -> HttpResponse:
    issue = get_object_or_404(Issue.objects.select_related("actor", "parent"), slug=slug)
    if request.method == "POST":
        return _save(request, IssueForm(request.POST, issue=issue))
    context = _context(IssueForm(issue=issue))
    return page_or_fragment(request, TEMPLATE, "issue-form", context)


@login_required
@permission_required(("statements.change_issue", "statements.add_guideline"), raise_exception=True)
@require_safe
def issue_actors(request: HttpRequest) -> HttpResponse:
    """The actors that a name typed into the form may mean, while it is being typed."""
    if not wants_fragment(request):
        return redirect("statements:issue_new")
    matches = actors_meant(request.GET.get("actor", ""))
    marked = matches.only.slug if matches.only else ""
    context = {"matches": matches, "marked": marked}
    return page_or_fragment(request, TEMPLATE, "actor-matches", context)


def _save(request: HttpRequest, form: IssueForm) -> HttpResponse:
    saved = form.save(by=cast("User", request.user)) if form.is_valid() else None
    if saved is None:
        return page_or_fragment(request, TEMPLATE, "issue-form", _context(form), status=422)
    messages.success(request, _in_words(saved))
    if wants_fragment(request):
        return HttpResponseClientRedirect(saved.issue.get_absolute_url())
    return redirect(saved.issue)


def _context(form: IssueForm) -> dict[str, object]:
    context: dict[str, object] = {"form": form, "issue": form.issue}
    if form.issue:
        queue = QueueItem.objects.filter(issue=form.issue, is_dropped=False)
        labels = StanceLabel.objects.current().filter(issue=form.issue)
        context |= {"queued": queue.count(), "labels": labels.count()}
    return context


def _in_words(saved: Saved) -> str:
    said = ["Saved."]
    if saved.published:
        said.append(f"Version {saved.published.number} of the guideline is published.")
    if saved.queued:
        said.append(f"{saved.queued} quote{pluralize(saved.queued)} came to its queue.")
    elif saved.is_new:
        said.append("No quote mentions it yet; new articles bring theirs to its queue.")
    return " ".join(said)
