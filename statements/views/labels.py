"""Labels out and in: an issue's labels as data, its stances as events, labels from a file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import cast

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.fragments import page_or_fragment, wants_fragment
from statements import dna, label_exports
from statements.blind import asked_blind
from statements.desk_forms import LabelFileForm
from statements.filters import QuoteFilter
from statements.ingest import labels as ingest
from statements.ingest.label_rows import read_lines
from statements.models import Issue, Quote, StanceLabel

CSV = "text/csv; charset=utf-8"
# Rejected lines that the page shows; the command tells all.
MOST_SHOWN = 100
# So long an upload is read, in seconds: servers end a request that takes half a minute.
LONGEST = 20.0

_REPORT = "label_report"


@login_required
@permission_required("statements.view_stancelabel", raise_exception=True)
@require_safe
def labels_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Every label of the issue as CSV, those superseded and taken back too."""
    issue = get_object_or_404(Issue, slug=slug)
    labels = StanceLabel.objects.visible_to(request.user).filter(issue=issue)
    labels = labels.without(asked_blind(request.user))
    lines = label_exports.csv_lines(labels, request.build_absolute_uri)
    return _file(lines, CSV, f"{_dated(issue.slug)}-labels.csv")


@login_required
@permission_required("statements.view_stancelabel", raise_exception=True)
@require_safe
def labels_jsonl(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Every label of the issue as JSON lines, which `manage.py import_labels` reads."""
    issue = get_object_or_404(Issue, slug=slug)
    labels = StanceLabel.objects.visible_to(request.user).filter(issue=issue)
    labels = labels.without(asked_blind(request.user))
    lines = label_exports.jsonl_lines(labels, request.build_absolute_uri)
    return _file(lines, "application/jsonl", f"{_dated(issue.slug)}-labels.jsonl")


@login_required
@permission_required("statements.view_stancelabel", raise_exception=True)
@require_safe
def labels_dna(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The issue's stances as an event list for the Discourse Network Analyzer."""
    issue = get_object_or_404(Issue, slug=slug)
    events = dna.events(Quote.objects.visible_to(request.user), issues=[issue.slug])
    events = events.without(asked_blind(request.user))
    return _file(dna.csv_lines(events), CSV, f"{_dated(issue.slug)}-events.dna.csv")


@require_safe
def export_dna(request: HttpRequest) -> HttpResponseBase:
    """The stances of a query string's quotes as an event list, on its issues and labels only."""
    wanted = QuoteFilter(request.GET)
    if wanted.moved:
        return HttpResponsePermanentRedirect(request.path + wanted.query())
    quotes = wanted.quotes(request.user, variants=True)
    chosen = {"issues": wanted.chosen["issue"], "labels": wanted.chosen["stance"]}
    events = dna.events(quotes, **chosen).without(asked_blind(request.user))
    if wanted.once:
        # The earliest of those that are labelled, or a statement's only label could be left out.
        events = dna.events(quotes.filter(pk__in=events.values("quote")).once(), **chosen)
    return _file(dna.csv_lines(events), CSV, wanted.file_name("dna.csv"))


@login_required
@permission_required("statements.change_issue", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def import_labels(request: HttpRequest) -> HttpResponse:
    """Upload a file of labels and read what became of each line.

    Without JavaScript the report is shown once, by the page that the form leads to.
    """
    sent = request.method == "POST"
    form = LabelFileForm(request.POST, request.FILES) if sent else LabelFileForm()
    report = None if sent else request.session.pop(_REPORT, None)
    status = 200
    if sent and form.is_valid():
        file = form.cleaned_data["file"]
        user = cast("User", request.user)
        outcome = ingest.import_labels(read_lines(file), name=file.name, user=user, seconds=LONGEST)
        report = outcome.as_json(most=MOST_SHOWN)
        if not wants_fragment(request):
            request.session[_REPORT] = report
            return redirect("statements:import_labels")
        form = LabelFileForm()
    elif sent:
        status = 422
    context = {"form": form, "report": report}
    return page_or_fragment(
        request, "statements/import_labels.html", "import-labels", context, status=status
    )


def _file(lines: Iterator[str], content_type: str, name: str) -> StreamingHttpResponse:
    # The first row is read before anything is sent: a query that fails is an error page, not the
    # beginning of a file.
    begun = list(islice(lines, 2))
    return StreamingHttpResponse(
        chain(begun, lines),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _dated(slug: str) -> str:
    return f"{slug}-{timezone.localdate().isoformat()}"
