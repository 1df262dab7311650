"""One import: what would become of it, how far it is, what became of it, and its undoing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsroom.fragments import page_or_fragment
from statements.desk_forms import ReadingForm
from statements.ingest import importing, mappings
from statements.ingest.linking import unlinked
from statements.ingest.removing import preview_undo, undo_batch
from statements.models import ArticleCopy, ImportBatch, ImportFile, ImportItem, Quote
from statements.paging import Key, keyset_page

TEMPLATE, UNDO = "statements/batch.html", "statements/batch_undo.html"
_ROWS = 50
_SHOWN_QUOTES = 10

# What may be done with a batch, by the state that it is in.
STEPS: dict[str, tuple[str, ...]] = {
    "start": ("draft", "paused"),
    "pause": ("running",),
    "cancel": ("draft", "running", "paused"),
    "retry": ("finished", "cancelled"),
}
_DO: dict[str, Callable[[ImportBatch], Any]] = {
    "start": importing.start,
    "pause": importing.pause,
    "cancel": importing.cancel,
}


@login_required
@permission_required("statements.view_importbatch", raise_exception=True)
@require_safe
def batch(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The batch with its items; `outcome` narrows them. While it runs the page asks again."""
    found = get_object_or_404(ImportBatch.objects.with_counts(), uuid=uuid)
    outcome = request.GET.get("outcome", "all")
    items = found.items.select_related("article")
    if outcome in ImportItem.Outcome.values or outcome == "waiting":
        items = items.filter(outcome="" if outcome == "waiting" else outcome)
    quotes = Quote.objects.visible_to(request.user).order_by("start")
    items = items.prefetch_related(
        Prefetch("article__quotes", quotes.select_related("speaker", "actor"), to_attr="found")
    )
    page = keyset_page(items, keys=(Key("pk"),), after=request.GET.get("after"), size=_ROWS)
    total = found.items.count()
    retries = found.items.filter(outcome="rejected").exclude(
        document__isnull=True, file__isnull=True
    )
    waiting = [item for item in page.rows if not item.outcome]
    context = {
        "batch": found,
        "page": page,
        "outcome": outcome,
        "copies": importing.copies(waiting) if waiting else {},
        "expected": importing.expected(found) if found.state == "draft" else None,
        "files": _files(found) if found.state == "draft" else [],
        "steps": [step for step, states in STEPS.items() if found.state in states],
        "total": total,
        "done": total - found.items.waiting().count(),
        "linking": unlinked().filter(pk__in=found.articles.values("pk")).count(),
        "copied": ArticleCopy.objects.filter(article__in=found.articles).count(),
        "has_retries": retries.exists(),
        "shown_quotes": f":{_SHOWN_QUOTES}",
    }
    return page_or_fragment(request, TEMPLATE, "batch", context)


def _files(batch: ImportBatch) -> list[tuple[int, str]]:
    """The files of a batch, each with the name under which it came."""
    rows = batch.items.filter(file__isnull=False).order_by("file", "pk").distinct("file")
    return list(rows.values_list("file", "file_name"))


@login_required
@permission_required("statements.add_importbatch", raise_exception=True)
@require_POST
def batch_step(request: HttpRequest, uuid: UUID, step: str) -> HttpResponse:
    """Start, pause, cancel or retry the batch, and show it."""
    found = get_object_or_404(ImportBatch, uuid=uuid)
    if step not in STEPS:
        raise Http404("There is no such step.")
    if found.state not in STEPS[step]:
        messages.error(request, f"It is {found.get_state_display().lower()} meanwhile.")
    elif step == "retry":
        count = importing.retry(found)
        messages.success(request, f"Wait again: {count} rejected item{'s' * (count != 1)}.")
        importing.start(found)
    else:
        _DO[step](found)
    return redirect(found)


@login_required
@permission_required("statements.add_importbatch", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_undo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what undoing the batch takes away, or what holds it; a POST does it."""
    found = get_object_or_404(ImportBatch, uuid=uuid)
    if request.method == "POST":
        undoing = undo_batch(found)
        if undoing.is_possible:
            gone = f"{undoing.articles} articles and {undoing.quotes} quotes are gone."
            messages.success(request, f"Undone: {gone}")
            return redirect(found)
    else:
        undoing = preview_undo(found)
    status = 422 if request.method == "POST" else 200
    return render(request, UNDO, {"batch": found, "undoing": undoing}, status=status)


@login_required
@permission_required("statements.add_importbatch", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_file(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    """How a file of a draft is read: look at it read otherwise (GET), or read it so (POST)."""
    found = get_object_or_404(ImportBatch, uuid=uuid, state=ImportBatch.State.DRAFT)
    file = get_object_or_404(ImportFile.objects.filter(items__batch=found).distinct(), pk=pk)
    columns = mappings.look(found, file, mapping={}, encoding="", order="").columns
    known = mappings.remembered(columns)
    data = request.POST if request.method == "POST" else request.GET
    form = ReadingForm(data or None, columns=columns)
    mapping, encoding, order = (known.mapping, "", known.date_order) if known else ({}, "", "")
    if form.is_bound and form.is_valid():
        mapping = form.mapping
        encoding, order = form.cleaned_data["encoding"], form.cleaned_data["date_order"]
        if request.method == "POST":
            count = mappings.read_again(
                found, file, mapping=mapping, encoding=encoding, order=order
            )
            messages.success(request, f"Read so: {count} document{'s' * (count != 1)}.")
            return redirect(found)
    context = {
        "batch": found,
        "file": file,
        "form": form,
        "preview": mappings.look(found, file, mapping=mapping, encoding=encoding, order=order),
    }
    status = 422 if request.method == "POST" else 200
    return page_or_fragment(request, "statements/batch_file.html", "file", context, status=status)
