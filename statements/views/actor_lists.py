"""Bringing in a list of actors and people."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from newsroom.fragments import page_or_fragment, wants_fragment
from statements.desk_forms import ActorListForm
from statements.ingest.actor_lists import import_actor_list
from statements.views.identities import MAY

# Rejected rows that the page shows; the command tells all.
MOST_SHOWN = 100

_REPORT = "actor_list_report"


@login_required
@permission_required(MAY, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def import_actors(request: HttpRequest) -> HttpResponse:
    """Upload a list and read what became of each row.

    Without JavaScript the report is shown once, by the page that the form leads to.
    """
    sent = request.method == "POST"
    form = ActorListForm(request.POST, request.FILES) if sent else ActorListForm()
    report = None if sent else request.session.pop(_REPORT, None)
    status = 200
    if sent and form.is_valid():
        user = cast("User", request.user)
        outcome = import_actor_list(form.listed, name=form.cleaned_data["file"].name, user=user)
        report = outcome.as_json(most=MOST_SHOWN)
        if not wants_fragment(request):
            request.session[_REPORT] = report
            return redirect("statements:import_actors")
        form = ActorListForm()
    elif sent:
        status = 422
    context = {"form": form, "report": report}
    return page_or_fragment(
        request, "statements/import_actors.html", "import-actors", context, status=status
    )
