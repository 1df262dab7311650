"""Annotating: one quote at a time in its context; one press saves it and shows the next."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import push_url

from newsroom.fragments import page_or_fragment, wants_fragment
from statements import learning
from statements.finding_words import UnusableRepair
from statements.forms import StanceForm
from statements.ingest.suggesting import suggestions_for
from statements.labelling import StaleJudgement, latest_seen, record_label
from statements.marked_text import mark_text, quotes_in_place
from statements.models import (
    Article,
    Issue,
    Overlap,
    QueueItem,
    Quote,
    QuoteEdit,
    StanceLabel,
)
from statements.repairing import change_state
from statements.undoing import Step, history, next_to_undo, undo
from statements.waiting import MOST_COUNTED, Queue

TEMPLATE = "statements/annotate.html"
HISTORY = "statements/annotate_history.html"
_STEPS = 100


@login_required
@permission_required("statements.add_stancelabel", raise_exception=True)
@require_safe
def annotate_start(request: HttpRequest) -> HttpResponse:
    """The issue that the editor worked on last, else the first one; a page when there is none."""
    latest = StanceLabel.objects.filter(editor=_editor(request)).order_by("-pk").first()
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
    queue = _queue(request, slug)
    if request.method == "POST":
        return _save(request, queue)
    named = {
        role: _open(request, request.GET[role])
        for role in ("quote", "after", "saved")
        if role in request.GET
    }
    note = ""
    if (quote := named.get("quote")) and quote.state == Quote.State.REJECTED:
        quote, note = None, "That one was marked as not a quote; here is the next."
    if quote:
        item = queue.item(quote)
        if item and queue.waiting().filter(pk=item.pk).exists():
            queue.keep(item)
    else:
        after = queue.item(named["after"]) if "after" in named else None
        if after:
            queue.release(after)
        item = queue.take(after)
        quote = item.quote if item else None
    context = _context(queue, quote, item, saved=named.get("saved"), note=note)
    return page_or_fragment(request, TEMPLATE, "work", context)


@login_required
@permission_required("statements.add_stancelabel", raise_exception=True)
@require_POST
def annotate_undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back the last thing that the editor did on the issue, and show its quote again."""
    queue = _queue(request, slug)
    complaint = ""
    try:
        step = undo(queue.editor, queue.issue)
    except (StaleJudgement, UnusableRepair) as error:
        step, complaint = next_to_undo(queue.editor, queue.issue), f"Nothing was undone: {error}"
    if step is None:
        return _show(request, queue, queue.take(), note="There is nothing left to undo.")
    learning.keep_up(queue.issue)
    # A step that could not be taken back is only shown.
    undone = None if complaint else step
    quote = Quote.objects.visible_to(request.user).filter(pk=step.quote.pk).first()
    if quote is None:
        note = complaint or "Its quote was marked as not a quote since; here is the next."
        return _show(request, queue, queue.take(), undone=undone, note=note)
    item = queue.item(quote)
    if item:
        queue.keep(item)
    return _show(request, queue, item, quote=quote, undone=undone, note=complaint)


@login_required
@permission_required("statements.change_quote", raise_exception=True)
@require_POST
def annotate_reject(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that the quote at hand is not a quote, and show the next one."""
    queue = _queue(request, slug)
    quote = _open(request, request.POST.get("quote", ""))
    item = queue.item(quote)
    edit = change_state(quote, Quote.State.REJECTED, editor=queue.editor, issue=queue.issue)
    if item:
        queue.release(item)
    note = "Marked as not a quote." if edit else "It was marked as not a quote already."
    return _show(request, queue, queue.take(after=item), note=note)


@login_required
@permission_required("statements.add_stancelabel", raise_exception=True)
@require_POST
def annotate_told(request: HttpRequest, slug: str) -> HttpResponse:
    """The editor has read that others judged the same quotes; they are not told again."""
    queue = _queue(request, slug)
    _overlaps(queue).update(first_told_at=timezone.now())
    quote = _visible(request, request.POST["quote"]) if request.POST.get("quote") else None
    item = queue.item(quote) if quote else queue.take()
    return _show(request, queue, item, quote=quote)


@login_required
@permission_required("statements.add_stancelabel", raise_exception=True)
@require_safe
def annotate_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that the editor did on the issue, with what was taken back."""
    issue = get_object_or_404(Issue, slug=slug)
    editor = _editor(request)
    steps = history(editor, issue, before=_moment(request.GET.get("before", "")), most=_STEPS)
    context = {
        "issue": issue,
        "steps": steps,
        "total": StanceLabel.objects.judgements().filter(editor=editor, issue=issue).count()
        + QuoteEdit.objects.filter(editor=editor, issue=issue).count(),
        "before": steps[-1].at if len(steps) == _STEPS else None,
    }
    return page_or_fragment(request, HISTORY, "steps", context)


def _save(request: HttpRequest, queue: Queue) -> HttpResponse:
    quote = _visible(request, request.POST.get("quote", ""))
    sent = request.POST.copy()
    sent["issue"] = queue.issue.slug
    form = StanceForm(sent, quote=quote)
    item = queue.item(quote)
    if not form.is_valid():
        context = _context(queue, quote, item, form=form)
        return page_or_fragment(request, TEMPLATE, "work", context, status=422)
    try:
        record_label(quote=quote, editor=queue.editor, **form.judgement)
    except StaleJudgement as stale:
        context = _context(queue, quote, item, form=form, stale=stale.current)
        return page_or_fragment(request, TEMPLATE, "work", context, status=422)
    except Quote.DoesNotExist:
        note = "That quote is gone: the import that brought it was undone. Here is the next."
        return _show(request, queue, queue.take(), note=note)
    learning.keep_up(queue.issue)
    return _show(request, queue, queue.take(after=item), saved=quote)


def _show(
    request: HttpRequest,
    queue: Queue,
    item: QueueItem | None,
    *,
    quote: Quote | None = None,
    saved: Quote | None = None,
    undone: Step | None = None,
    note: str = "",
) -> HttpResponse:
    """The page after a press: at once for htmx, by its address for a form."""
    quote = quote or (item.quote if item else None)
    place = {"quote": quote.uuid} if quote else {}
    place |= {"saved": saved.uuid} if saved else {}
    address = reverse("statements:annotate", args=[queue.issue.slug])
    address = f"{address}?{urlencode(place)}" if place else address
    if not wants_fragment(request):
        for said in (f"Taken back: {undone.in_words.lower()}." if undone else "", note):
            if said:
                messages.info(request, said)
        return redirect(address)
    context = _context(queue, quote, item, saved=saved, undone=undone, note=note)
    return push_url(page_or_fragment(request, TEMPLATE, "work", context), address)


def _context(
    queue: Queue,
    quote: Quote | None,
    item: QueueItem | None,
    *,
    saved: Quote | None = None,
    form: StanceForm | None = None,
    stale: StanceLabel | None = None,
    undone: Step | None = None,
    note: str = "",
) -> dict[str, Any]:
    judged, waiting = queue.count_judged(), queue.count_waiting()
    label = _judgement(queue, saved) if saved else None
    context: dict[str, Any] = {
        "issue": queue.issue,
        "issues": Issue.objects.all(),
        "judged": judged,
        "waiting": min(waiting, MOST_COUNTED),
        "more_waiting": waiting > MOST_COUNTED,
        "total": judged + waiting,
        "answers": StanceLabel.Label,
        "saved": label,
        "undone": undone,
        "note": note,
        "met": Overlap.objects.filter(second=label).select_related("first__editor"),
        "overlaps": _overlaps(queue).select_related("first", "second__editor", "first__quote"),
        "to_undo": next_to_undo(queue.editor, queue.issue),
        "learned": learning.current_model(queue.issue),
    }
    if not context["learned"]:
        context["still_missing"] = learning.still_missing(queue.issue)
    if quote is None:
        return context
    article = Article.objects.select_related("outlet").filter(pk=quote.article_id).first()
    if article is None:
        # The import that brought it was undone this moment.
        return context
    quotes = quotes_in_place(article, queue.editor)
    shown = next((each for each in quotes if each.pk == quote.pk), None)
    if shown is None:
        # It was marked as not a quote this moment, by somebody else.
        return context
    own = _judgement(queue, shown)
    is_blind = bool(item and item.is_double and own is None)
    initial = {"unsure": not own.is_sure, "note": own.note} if own else {}
    return context | {
        "quote": shown,
        "item": item,
        "article": article,
        "quotes": quotes,
        "marked": mark_text(article, quotes),
        "previous": queue.previous(item) if item else None,
        "own": own,
        "is_blind": is_blind,
        "openers": queue.openers(item) if item and not item.is_double else [],
        "seen": latest_seen(shown, queue.issue),
        "form": form or StanceForm(quote=shown, initial=initial),
        "stale": stale,
        "suggestions": [] if is_blind else suggestions_for(shown, queue.issue),
    }


def _queue(request: HttpRequest, slug: str) -> Queue:
    issues = Issue.objects.select_related("actor").prefetch_related("guidelines")
    return Queue(get_object_or_404(issues, slug=slug), _editor(request))


def _editor(request: HttpRequest) -> User:
    return cast("User", request.user)


def _visible(request: HttpRequest, uuid: str) -> Quote:
    return get_object_or_404(Quote.objects.visible_to(request.user), uuid=_uuid(uuid))


def _open(request: HttpRequest, uuid: str) -> Quote:
    """A quote that is visible, or that was marked as none since the page was shown."""
    return get_object_or_404(Quote.objects.open_to(request.user), uuid=_uuid(uuid))


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError as wrong:
        raise Http404("There is no such quote.") from wrong


def _moment(value: str) -> datetime | None:
    """A moment of an address; None for what is none."""
    try:
        moment = parse_datetime(value)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


def _judgement(queue: Queue, quote: Quote) -> StanceLabel | None:
    """What the editor says now about the quote on the issue, if anything."""
    return (
        StanceLabel.objects.current()
        .judgements()
        .filter(quote=quote, issue=queue.issue, editor=queue.editor)
        .select_related("quote", "guideline")
        .first()
    )


def _overlaps(queue: Queue) -> QuerySet[Overlap]:
    """Quotes that the editor judged and then somebody else at the same time, not yet told."""
    return Overlap.objects.filter(
        first__editor=queue.editor, first__issue=queue.issue, first_told_at=None
    )
