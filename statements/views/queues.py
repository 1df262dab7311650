"""Putting a quote into the queue of an issue by hand, and taking it out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from newsroom.fragments import page_or_fragment, wants_fragment
from statements.forms import QueueForm, StanceForm
from statements.models import Quote
from statements.queueing import add_to_queue, drop_from_queue
from statements.views.quotes import TEMPLATE, quote_context


@login_required
@permission_required("statements.add_stancelabel", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def queue_quote(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = get_object_or_404(Quote.objects.visible_to(request.user).for_list(), uuid=uuid)
    back = f"{found.get_absolute_url()}#queues"
    if request.method != "POST":
        # This is where signing in leads to.
        return redirect(back)
    form = QueueForm(request.POST)
    said, status = "", 422
    if form.is_valid():
        said, status = _move(found, form), 200
        if not wants_fragment(request):
            messages.success(request, said)
            return redirect(back)
    context = quote_context(request, found, StanceForm(quote=found))
    context |= {"queue_form": form, "queue_said": said}
    return page_or_fragment(request, TEMPLATE, "queues", context, status=status)


def _move(quote: Quote, form: QueueForm) -> str:
    """Do what the valid form says; returns it in words."""
    issue = form.cleaned_data["issue"]
    if form.cleaned_data["place"] == QueueForm.IN:
        add_to_queue(issue, quote)
        return f"The quote is in the queue of {issue.title}."
    drop_from_queue(issue, quote)
    return f"The quote is out of the queue of {issue.title}. What was judged of it stays."
