"""One quote: who said it, where it stands, and an editor's judgement of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db.models import OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from newsroom.fragments import page_or_fragment, wants_fragment
from statements import embeds, learning
from statements.blind import asked_blind
from statements.citing import citations
from statements.forms import StanceForm
from statements.labelling import record_label
from statements.linked_data import quotation
from statements.models import Guideline, Issue, Quote, Stance, StanceLabel, Suggestion
from statements.quote_history import edits_of
from statements.reply_forms import ReplyForm
from statements.reply_lists import answered_by, answers_of, names_near
from statements.reporting import corrections, reports_for
from statements.variants import same_words

TEMPLATE = "statements/quote_detail.html"


@dataclass(slots=True)
class IssueStance:
    """Where a quote stands on one issue, and what that rests on.

    `is_hidden`: the editor is to judge it first, so there is nothing else here.
    """

    issue: Issue
    is_hidden: bool = False
    stance: Stance | None = None
    suggestions: list[Suggestion] = field(default_factory=list)
    labels: list[StanceLabel] = field(default_factory=list)


@require_safe
def quote(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = get_object_or_404(Quote.objects.open_to(request.user).for_list(), uuid=uuid)
    form = StanceForm(quote=found, initial={"issue": request.GET.get("issue", "")})
    return page_or_fragment(request, TEMPLATE, "stances", quote_context(request, found, form))


@login_required
@permission_required("statements.add_stancelabel", raise_exception=True)
@require_POST
def label_quote(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = get_object_or_404(Quote.objects.visible_to(request.user), uuid=uuid)
    form = StanceForm(request.POST, quote=found)
    if not form.is_valid():
        found = Quote.objects.for_list().get(pk=found.pk)
        context = quote_context(request, found, form)
        return page_or_fragment(request, TEMPLATE, "stances", context, status=422)
    judged_on = form.cleaned_data["issue"]
    label = record_label(
        quote=found,
        editor=cast("User", request.user),
        is_independent=judged_on in _hidden(found, request.user),
        **form.judgement,
    )
    learning.keep_up(judged_on)
    said = f"Saved: {label.get_label_display()} on {label.issue.title}."
    if not wants_fragment(request):
        messages.success(request, said)
        return redirect(f"{found.get_absolute_url()}#stances")
    found = Quote.objects.for_list().get(pk=found.pk)
    fresh = StanceForm(quote=found, initial={"issue": label.issue.slug})
    context = quote_context(request, found, fresh) | {"said": said}
    return page_or_fragment(request, TEMPLATE, "stances", context)


def quote_context(request: HttpRequest, quote: Quote, form: StanceForm) -> dict[str, Any]:
    """What the page shows of a quote from `for_list()`; its queues and edits only to editors."""
    hidden = _hidden(quote, request.user)
    address = request.build_absolute_uri(quote.get_absolute_url())
    context: dict[str, Any] = {
        "quote": quote,
        "address": address,
        "issue_stances": issue_stances(quote, hidden=hidden),
        "corrections": corrections(quote, blind=bool(hidden)),
        "form": form,
        "answers": StanceLabel.Label,
        "citations": citations(quote, address),
        "linked_data": quotation(quote, request.build_absolute_uri),
        "embed_code": embeds.code(quote, request.build_absolute_uri),
        "oembed_query": urlencode({"url": address, "format": "json"}),
        "elsewhere": same_words(quote, request.user),
        "replies": answers_of(quote, request.user),
        "answered": answered_by(quote, request.user),
    }
    if request.user.has_perm("statements.add_stancelabel"):
        context["queues"] = quote.queues.select_related("issue").order_by("issue__title", "pk")
        context["other_issues"] = Issue.objects.exclude(queue__quote=quote)
    if request.user.has_perm("statements.change_quote"):
        context["edits"] = edits_of(quote)
        context["reply_form"] = ReplyForm()
        context["reply_names"] = names_near(quote)
        context["open_reports"] = reports_for(request.user).open().filter(quote=quote).count()
    return context


def _hidden(quote: Quote, user: AbstractBaseUser | AnonymousUser) -> list[Issue]:
    """The issues on which this editor is asked to judge the quote blind."""
    return [item.issue for item in asked_blind(user).filter(quote=quote).select_related("issue")]


def issue_stances(quote: Quote, *, hidden: Collection[Issue] = ()) -> list[IssueStance]:
    """Each issue on which somebody judged the quote or something was proposed: two queries.

    The quote comes from `for_list()`; labels are newest first, each with `guideline_in_force`: the
    number of the version by which its issue is judged now. Of a hidden issue it gives nothing but
    that it is hidden, whether there is anything to hide or not.
    """
    found: dict[int, IssueStance] = {}

    def of(issue: Issue) -> IssueStance:
        return found.setdefault(issue.pk, IssueStance(issue))

    for stance in quote.stances.all():
        of(stance.issue).stance = stance
    versions = Guideline.objects.filter(issue=OuterRef("issue")).order_by("-number")
    labels = quote.labels.select_related("issue", "editor", "guideline", "suggestion_shown")
    labels = labels.annotate(guideline_in_force=versions.values("number")[:1])
    for label in labels.order_by("-created_at", "-pk"):
        of(label.issue).labels.append(label)
    for suggestion in (
        quote.suggestions.current().select_related("issue").order_by("-confidence", "pk")
    ):
        of(suggestion.issue).suggestions.append(suggestion)
    found |= {issue.pk: IssueStance(issue, is_hidden=True) for issue in hidden}
    return sorted(found.values(), key=lambda each: each.issue.title)
