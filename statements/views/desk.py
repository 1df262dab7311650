"""The desk: importing articles and seeing what became of them."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from newsroom.fragments import page_or_fragment, wants_fragment
from statements.desk_forms import ImportForm
from statements.ingest.loading import load_documents
from statements.models import Actor, ImportBatch, ImportItem, Quote, Speaker, Standing

RECENT = 10


@login_required
@permission_required("statements.add_importbatch", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """Import by pasting or uploading; recent imports; what waits for an editor's eye."""
    sent = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if sent else ImportForm()
    if sent and form.is_valid():
        user = cast(User, request.user)
        _, batch = load_documents(form.documents(), channel=form.channel, user=user)
        if wants_fragment(request):
            return HttpResponseClientRedirect(batch.get_absolute_url())
        return redirect(batch)
    context = {
        "form": form,
        "batches": ImportBatch.objects.with_counts()[:RECENT],
        "open_quotes": Quote.objects.filter(attribution=Quote.Attribution.OPEN).count(),
        "doubtful_quotes": Quote.objects.visible_to(request.user).doubtful().count(),
        "provisional_actors": Actor.objects.filter(standing=Standing.PROVISIONAL).count(),
        "provisional_speakers": Speaker.objects.filter(standing=Standing.PROVISIONAL).count(),
    }
    status = 422 if sent else 200
    return page_or_fragment(request, "statements/desk.html", "import-form", context, status=status)


@login_required
@permission_required("statements.view_importbatch", raise_exception=True)
@require_safe
def batch(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One import: each document with its outcome, and the quotes found in it."""
    quotes = Quote.objects.visible_to(request.user).order_by("start")
    items = ImportItem.objects.select_related("article").prefetch_related(
        Prefetch("article__quotes", quotes.select_related("speaker", "actor"), to_attr="found")
    )
    batches = ImportBatch.objects.with_counts().prefetch_related(Prefetch("items", items))
    found = get_object_or_404(batches, uuid=uuid)
    return page_or_fragment(request, "statements/batch.html", "batch", {"batch": found})
