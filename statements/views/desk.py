"""The desk: importing articles and seeing what became of them."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from newsroom.fragments import page_or_fragment, wants_fragment
from statements.desk_forms import ImportForm
from statements.ingest.importing import open_batch, start
from statements.ingest.linking import unlinked
from statements.ingest.rereading import outdated
from statements.models import Actor, ImportBatch, Quote, Reply, Speaker, Standing

RECENT = 10


@login_required
@permission_required("statements.add_importbatch", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """Import by pasting or uploading; recent imports; what waits for an editor's eye."""
    sent = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if sent else ImportForm()
    if sent and form.is_valid():
        batch = open_batch(channel=form.channel, user=cast(User, request.user))
        form.fill(batch)
        if "preview" not in request.POST:
            start(batch)
        if wants_fragment(request):
            return HttpResponseClientRedirect(batch.get_absolute_url())
        return redirect(batch)
    provisional = {"standing": Standing.PROVISIONAL}
    context = {
        "form": form,
        "batches": ImportBatch.objects.with_counts()[:RECENT],
        "unlinked_articles": unlinked().count(),
        "outdated_articles": outdated().count(),
        "proposed_replies": Reply.objects.visible_to(request.user).undecided().count(),
        "open_quotes": Quote.objects.filter(attribution=Quote.Attribution.OPEN).count(),
        "doubtful_quotes": Quote.objects.visible_to(request.user).doubtful().count(),
        "provisional_actors": Actor.objects.live().filter(**provisional).count(),
        "provisional_speakers": Speaker.objects.live().filter(**provisional).count(),
    }
    status = 422 if sent else 200
    return page_or_fragment(request, "statements/desk.html", "import-form", context, status=status)
