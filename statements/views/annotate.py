"""Annotating: one quote at a time in its context; one press saves it and shows the next."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import push_url

from newsroom.fragments import page_or_fragment, wants_fragment
from statements.forms import StanceForm
from statements.labelling import record_label
from statements.marked_text import mark_text, quotes_in_place
from statements.models import Article, Issue, Quote, StanceLabel
from statements.waiting import Queue

TEMPLATE = "statements/annotate.html"


@login_required
@permission_required("statements.add_stancelabel", raise_exception=True)
@require_safe
def annotate_start(request: HttpRequest) -> HttpResponse:
    """The issue that the editor worked on last, else the first one; a page when there is none."""
    latest = StanceLabel.objects.filter(editor=cast("User", request.user)).order_by("-pk").first()
    issue = latest.issue if latest else Issue.objects.first()
    if issue is None:
        return render(request, TEMPLATE, {"issue": None})
    return redirect("statements:annotate", issue.slug)


@login_required
@permission_required("statements.add_stancelabel", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def annotate(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the quote named by `quote`, else the next one that waits behind `after`.

    A POST judges a quote and goes on to the next.
    """
    issue = get_object_or_404(Issue.objects.prefetch_related("guidelines"), slug=slug)
    queue = Queue(issue, cast("User", request.user))
    if request.method == "POST":
        return _save(request, queue)
    named = {
        role: _visible(request, request.GET[role])
        for role in ("quote", "after", "saved")
        if role in request.GET
    }
    quote = named.get("quote") or queue.next(named.get("after"))
    saved = named.get("saved")
    return page_or_fragment(request, TEMPLATE, "work", _context(queue, quote, saved=saved))


def _save(request: HttpRequest, queue: Queue) -> HttpResponse:
    quote = _visible(request, request.POST.get("quote", ""))
    sent = request.POST.copy()
    sent["issue"] = queue.issue.slug
    form = StanceForm(sent, quote=quote)
    if not form.is_valid():
        context = _context(queue, quote, form=form)
        return page_or_fragment(request, TEMPLATE, "work", context, status=422)
    record_label(quote=quote, editor=queue.editor, **form.judgement)
    following = queue.next(after=quote)
    address = reverse("statements:annotate", args=[queue.issue.slug])
    place = {"quote": following.uuid} if following else {}
    address = f"{address}?{urlencode(place | {'saved': quote.uuid})}"
    if not wants_fragment(request):
        return redirect(address)
    context = _context(queue, following, saved=quote)
    return push_url(page_or_fragment(request, TEMPLATE, "work", context), address)


def _context(
    queue: Queue, quote: Quote | None, *, saved: Quote | None = None, form: StanceForm | None = None
) -> dict[str, Any]:
    judged, waiting = queue.count_judged(), queue.waiting().count()
    context: dict[str, Any] = {
        "issue": queue.issue,
        "issues": Issue.objects.all(),
        "judged": judged,
        "waiting": waiting,
        "total": judged + waiting,
        "answers": StanceLabel.Label,
        "saved": _judgement(queue, saved) if saved else None,
    }
    if quote is None:
        return context
    article = Article.objects.select_related("outlet").get(pk=quote.article_id)
    quotes = quotes_in_place(article, queue.editor)
    shown = next(each for each in quotes if each.pk == quote.pk)
    own = _judgement(queue, shown)
    initial = {"unsure": not own.is_sure, "note": own.note} if own else {}
    return context | {
        "quote": shown,
        "article": article,
        "quotes": quotes,
        "marked": mark_text(article, quotes),
        "previous": queue.previous(shown),
        "own": own,
        "form": form or StanceForm(quote=shown, initial=initial),
        "suggestions": shown.suggestions.filter(issue=queue.issue).order_by("-confidence", "pk"),
    }


def _visible(request: HttpRequest, uuid: str) -> Quote:
    try:
        wanted = UUID(uuid)
    except ValueError as wrong:
        raise Http404("There is no such quote.") from wrong
    return get_object_or_404(Quote.objects.visible_to(request.user), uuid=wanted)


def _judgement(queue: Queue, quote: Quote) -> StanceLabel | None:
    """What the editor says now about the quote on the issue, if anything."""
    return (
        StanceLabel.objects.current()
        .filter(quote=quote, issue=queue.issue, editor=queue.editor, is_adjudication=False)
        .select_related("quote")
        .first()
    )
