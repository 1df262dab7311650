"""Who answers whom: lists, decisions, links by hand, and the network of an issue or an actor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from newsroom.fragments import page_or_fragment, wants_fragment
from statements import network_exports, reply_network
from statements.forms import StanceForm
from statements.models import Actor, Issue, Quote, Reply
from statements.models.replies import ReplyQuerySet
from statements.reply_events import event_lines
from statements.reply_forms import ReplyDecisionForm, ReplyForm
from statements.reply_graph import reply_graph
from statements.reply_lists import ReplyFilter
from statements.reply_network import Network
from statements.replying import UnusableReply, add_by_hand, decide
from statements.views.quotes import TEMPLATE as QUOTE
from statements.views.quotes import quote_context

LIST, NETWORK = "statements/reply_list.html", "statements/reply_network.html"
PER_PAGE = 40


@require_safe
def reply_list(request: HttpRequest) -> HttpResponse:
    """The links of a query string, each with its evidence."""
    wanted = ReplyFilter.of(request.GET)
    found = wanted.apply(request.user).for_list().defer("quote__article__text")
    page = Paginator(found.prefetch_related("decisions__editor"), PER_PAGE)
    context = {
        "wanted": wanted,
        "page": page.get_page(request.GET.get("page")),
        "relations": Reply.Relation.choices,
        "states": Reply.State.choices,
    }
    return page_or_fragment(request, LIST, "results", context)


@login_required
@permission_required("statements.change_quote", raise_exception=True)
@require_POST
def reply_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep an editor's decision; what cannot be comes back with the reason."""
    reply = get_object_or_404(Reply.objects.visible_to(request.user), pk=pk)
    form = ReplyDecisionForm(request.POST)
    error, said = "", ""
    if form.is_valid():
        try:
            decide(reply, editor=cast("User", request.user), **form.cleaned_data)
        except UnusableReply as problem:
            error = str(problem)
        else:
            state = Reply.State(form.cleaned_data["state"])
            said = "Open again." if state == Reply.State.PROPOSED else f"Saved: {state.label}."
    else:
        error = "Say whether it is right or wrong."
    if said and not wants_fragment(request):
        messages.success(request, said)
        return redirect(reply)
    listed = Reply.objects.for_list().prefetch_related("decisions__editor").filter(pk=pk)
    context = {
        "wanted": ReplyFilter(),
        "page": Paginator(listed, 1).get_page(1),
        "reply": listed.first(),
        "error": error,
        "error_of": pk,
        "said": said,
        "relations": Reply.Relation.choices,
        "states": Reply.State.choices,
    }
    return page_or_fragment(request, LIST, "case", context, status=200 if said else 422)


@login_required
@permission_required("statements.change_quote", raise_exception=True)
@require_POST
def reply_add(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Link a quote by hand; a link that cannot be comes back with its words."""
    quote = get_object_or_404(Quote.objects.visible_to(request.user).for_list(), uuid=uuid)
    form = ReplyForm(request.POST)
    said = ""
    if form.is_valid():
        given = form.cleaned_data
        try:
            reply = add_by_hand(
                quote,
                given["whom"],
                given["relation"],
                given["words"],
                editor=cast("User", request.user),
            )
        except UnusableReply as problem:
            form.add_error(None, str(problem))
        else:
            said = f"Linked: it {reply.get_relation_display().lower()} {reply.to.name}."
            if not wants_fragment(request):
                messages.success(request, said)
                return redirect(reply)
    context = quote_context(request, quote, StanceForm(quote=quote)) | {"reply_said": said}
    if not said:
        context["reply_form"] = form
    return page_or_fragment(request, QUOTE, "replies", context, status=200 if said else 422)


@require_safe
def issue_network(request: HttpRequest, slug: str) -> HttpResponse:
    """Who answers whom on an issue, as a graph and a table."""
    issue = get_object_or_404(Issue, slug=slug)
    network = reply_network.issue_network(issue, request.user)
    return _network(request, network, {"issue": issue, "subject": issue})


@require_safe
def actor_network(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom an actor answers and who answers it, as a graph and a table."""
    actor = get_object_or_404(Actor, slug=slug)
    if actor.merged_into:
        return redirect("statements:actor_replies", actor.current.slug, permanent=True)
    network = reply_network.actor_network(actor, request.user)
    return _network(request, network, {"actor": actor, "subject": actor})


@require_safe
def issue_file(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    """The network of an issue as GraphML or CSV, or its links as events."""
    issue = get_object_or_404(Issue, slug=slug)
    replies = reply_network.issue_replies(issue, request.user)
    return _file(
        request, form, slug, replies, lambda: reply_network.issue_network(issue, request.user)
    )


@require_safe
def actor_file(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    """The network around an actor as GraphML or CSV, or its links as events."""
    actor = get_object_or_404(Actor, slug=slug)
    if actor.merged_into:
        return HttpResponsePermanentRedirect(
            request.path.replace(f"/{slug}/", f"/{actor.current.slug}/")
        )
    replies = reply_network.actor_replies(actor, request.user)
    return _file(
        request, form, slug, replies, lambda: reply_network.actor_network(actor, request.user)
    )


def _network(request: HttpRequest, network: Network, context: dict[str, Any]) -> HttpResponse:
    context |= {"network": network, "graph": reply_graph(network)}
    return page_or_fragment(request, NETWORK, "network", context)


def _file(
    request: HttpRequest,
    form: str,
    slug: str,
    replies: ReplyQuerySet,
    network: Any,
) -> HttpResponseBase:
    attached = {"Content-Disposition": f'attachment; filename="{slug}-replies.{form}"'}
    if form == "graphml":
        written = network_exports.graphml(network(), slug, request.build_absolute_uri)
        return HttpResponse(written, content_type="application/graphml+xml", headers=attached)
    lines: Iterator[str]
    if form == "csv":
        lines = network_exports.edge_lines(network())
    elif form == "dna.csv":
        lines = event_lines(replies)
    else:
        raise Http404
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=attached)
