"""Reading older articles again: what would change in the next few, and doing it."""

from __future__ import annotations

from itertools import batched
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from newsroom.request_ids import request_id
from statements.ingest.rereading import Rereading, apply, outdated, reread, summary
from statements.models import Article
from statements.nlp import PIPELINE_VERSION
from statements.tasks import reread_lot

TEMPLATE = "statements/rereading.html"

# Articles that are read while the admin waits.
AT_ONCE = 5
_LOT = 20


@login_required
@permission_required("statements.add_importbatch", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def rereading(request: HttpRequest) -> HttpResponse:
    """Show what the next few articles would change; a POST follows it, in these or in all."""
    if request.method == "POST":
        said = _all() if "all" in request.POST else _these(request.POST.getlist("article"))
        messages.success(request, said)
        return redirect("statements:rereading")
    articles = list(outdated()[:AT_ONCE])
    found = list(reread(articles)) if articles else []
    context = {
        "waiting": outdated().count(),
        "rereadings": found,
        "counts": summary(change for each in found for change in each.changes),
        "version": PIPELINE_VERSION,
    }
    return render(request, TEMPLATE, context)


def _these(uuids: list[str]) -> str:
    done = 0
    for article in Article.objects.filter(uuid__in=[_uuid(each) for each in uuids[:AT_ONCE]]):
        try:
            apply(Rereading(article))
            done += 1
        except IntegrityError:
            # It stays as it was, and waits; the log has why.
            continue
    return f"{done} article{'s' * (done != 1)} read again."


def _all() -> str:
    waiting = list(outdated().values_list("pk", flat=True))
    with transaction.atomic():
        for lot in batched(waiting, _LOT):
            reread_lot.enqueue(list(lot), request_id=request_id())
    return f"{len(waiting):,} articles are read again in the background."


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
