"""Labels out: those of an issue as data."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from statements import label_exports
from statements.models import Issue, StanceLabel

CSV = "text/csv; charset=utf-8"


@login_required
@permission_required("statements.view_stancelabel", raise_exception=True)
@require_safe
def labels_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Every label of the issue as CSV, those superseded and taken back too."""
    issue = get_object_or_404(Issue, slug=slug)
    labels = StanceLabel.objects.visible_to(request.user).filter(issue=issue)
    lines = label_exports.csv_lines(labels, request.build_absolute_uri)
    return _file(lines, CSV, f"{_dated(issue.slug)}-labels.csv")


@login_required
@permission_required("statements.view_stancelabel", raise_exception=True)
@require_safe
def labels_jsonl(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Every label of the issue as JSON lines, which `manage.py import_labels` reads."""
    issue = get_object_or_404(Issue, slug=slug)
    labels = StanceLabel.objects.visible_to(request.user).filter(issue=issue)
    lines = label_exports.jsonl_lines(labels, request.build_absolute_uri)
    return _file(lines, "application/jsonl", f"{_dated(issue.slug)}-labels.jsonl")


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
