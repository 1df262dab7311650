"""Review: how far editors agree on an issue, and a lead's decisions where they do not."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from newsroom.fragments import page_or_fragment, wants_fragment
from statements import learning
from statements.disputes import Dispute, decisions, disputes, hidden_from, open_disputes
from statements.labelling import StaleJudgement, adjudicate
from statements.models import Issue, Quote, StanceLabel
from statements.paging import Key, keyset_page
from statements.reliability import ENOUGH, Reliability, reliabilities, reliability_of
from statements.review_forms import DecisionForm

TEMPLATE = "statements/review.html"

# How many disagreements a page shows, how many decisions, and how many of the hardest quotes.
OPEN, DECIDED, HARDEST = 50, 20, 10


@login_required
@permission_required("statements.view_stancelabel", raise_exception=True)
@require_safe
def review_start(request: HttpRequest) -> HttpResponse:
    """Every issue with its agreement and the disagreements that wait."""
    found = reliabilities()
    waiting = open_disputes(request.user).values("issue").annotate(n=Count("pk")).order_by()
    counts = {row["issue"]: row["n"] for row in waiting}
    rows = [
        {"issue": each, "reliability": found[each.pk], "open": counts.get(each.pk, 0)}
        for each in Issue.objects.all()
    ]
    context = {"rows": rows, "enough": ENOUGH}
    return page_or_fragment(request, "statements/review_start.html", "issues", context)


@login_required
@permission_required("statements.view_stancelabel", raise_exception=True)
@require_safe
def review(request: HttpRequest, slug: str) -> HttpResponse:
    issue = _issue(slug)
    fragment = "decided" if "decided" in request.GET else "disagreements"
    return page_or_fragment(request, TEMPLATE, fragment, _page(request, issue))


@login_required
@permission_required("statements.change_issue", raise_exception=True)
@require_POST
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a lead's decision; what is incomplete or out of date comes back with its words."""
    issue = _issue(slug)
    quote = _judged_quote(request, issue)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            adjudicate(quote=quote, issue=issue, lead=cast("User", request.user), **form.decision)
        except StaleJudgement:
            pass
        else:
            learning.keep_up(issue)
            return _decided(request, issue, quote)
    # The newest label that the lead saw stays what it was, so that all news since is marked.
    (dispute,) = disputes(issue, [quote.pk], seen=form.cleaned_data.get("seen", 0))
    form.auto_id = f"{dispute.anchor}-%s"
    dispute.form = form
    context: dict[str, Any] = {"dispute": dispute, "fresh": True}
    if wants_fragment(request):
        context |= _frame(request, issue)
    else:
        context |= _page(request, issue, sent=dispute)
    return page_or_fragment(request, TEMPLATE, "case", context, status=422)


def _decided(request: HttpRequest, issue: Issue, quote: Quote) -> HttpResponse:
    (dispute,) = _with_forms(disputes(issue, [quote.pk]))
    if not wants_fragment(request):
        messages.success(request, f"Decided: {_named(dispute)}.")
        return redirect(f"{reverse('statements:review', args=[issue.slug])}#{dispute.anchor}")
    context = _frame(request, issue) | {"dispute": dispute, "fresh": True, "oob": True}
    return page_or_fragment(request, TEMPLATE, "decision", context)


def _named(dispute: Dispute) -> str:
    return dispute.decision.get_label_display() if dispute.decision else ""


def _issue(slug: str) -> Issue:
    return get_object_or_404(Issue.objects.prefetch_related("guidelines"), slug=slug)


def _judged_quote(request: HttpRequest, issue: Issue) -> Quote:
    """The quote that was sent, of those that somebody judged on the issue."""
    try:
        uuid = UUID(request.POST.get("quote", ""))
    except ValueError:
        raise Http404 from None
    judged = StanceLabel.objects.filter(issue=issue).values("quote")
    return get_object_or_404(Quote.objects.visible_to(request.user), uuid=uuid, pk__in=judged)


def _frame(request: HttpRequest, issue: Issue) -> dict[str, Any]:
    """What a single case needs around it, with the counts that a decision changes."""
    return {
        "issue": issue,
        "answers": StanceLabel.Label,
        "open_count": open_disputes(request.user).filter(issue=issue).count(),
        "decided_count": decisions(request.user).filter(issue=issue).count(),
    }


def _page(request: HttpRequest, issue: Issue, *, sent: Dispute | None = None) -> dict[str, Any]:
    """The whole page; a dispute that was sent and came back stands in its place, or on top."""
    user = request.user
    reliability = reliability_of(issue)
    open_rows = open_disputes(user).filter(issue=issue)
    waiting = keyset_page(open_rows, [Key("pk")], request.GET.get("open"), OPEN)
    decided = decisions(user).filter(issue=issue)
    newest = [Key("pk", descending=True)]
    settled = keyset_page(decided, newest, request.GET.get("decided"), DECIDED)
    open_keys = [each.quote_id for each in waiting.rows]
    settled_keys = [each.quote_id for each in settled.rows]
    if sent and sent.quote.pk not in (*open_keys, *settled_keys):
        open_keys.insert(0, sent.quote.pk)
    hard_keys, hidden_count = _hardest(request, issue, reliability)
    every = disputes(issue, [*open_keys, *settled_keys, *hard_keys])
    found = {each.quote.pk: each for each in _with_forms(every)}
    hardest = [found[pk] for pk in hard_keys]
    if sent:
        found[sent.quote.pk] = sent
    names = _names(reliability)
    return _frame(request, issue) | {
        "reliability": reliability,
        "pairs": [([names[each] for each in pair.editors], pair) for pair in reliability.pairs],
        "hidden_count": hidden_count,
        "waiting": [found[pk] for pk in open_keys],
        "waiting_after": waiting.after,
        "settled": [found[pk] for pk in settled_keys],
        "settled_after": settled.after,
        "hardest": [
            (each, [(names[said.editor], said) for said in reliability.units[each.quote.pk]])
            for each in hardest
        ],
    }


def _hardest(request: HttpRequest, issue: Issue, reliability: Reliability) -> tuple[list[int], int]:
    """The hardest quotes that the user may see, and how many of the page are hidden."""
    keys = reliability.hardest() if reliability.enough else []
    hidden = set(hidden_from(request.user, issue, keys).values_list("quote", flat=True))
    visible = Quote.objects.visible_to(request.user).filter(pk__in=keys)
    readable = set(visible.values_list("pk", flat=True)) - hidden
    return [pk for pk in keys if pk in readable][:HARDEST], len(hidden)


def _names(reliability: Reliability) -> dict[int, str]:
    editors = {said.editor for unit in reliability.units.values() for said in unit}
    return {pk: str(user) for pk, user in User.objects.in_bulk(editors).items()}


def _with_forms(found: list[Dispute]) -> list[Dispute]:
    for each in found:
        each.form = DecisionForm(auto_id=f"{each.anchor}-%s")
    return found
