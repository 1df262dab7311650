"""Merging two identities and splitting one, each looked at before it is done."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from newsroom.fragments import page_or_fragment, wants_fragment
from statements.identity_evidence import evidence
from statements.identity_forms import meant
from statements.ledger import Refused
from statements.merging import merge, preview_merge
from statements.models import Actor, Quote, Speaker
from statements.paging import Key, keyset_page
from statements.splitting import choices, chosen, split
from statements.views.identities import MAY, desk_url, find

MERGE, SPLIT = "statements/identity_merge.html", "statements/identity_split.html"
CONDITIONS = ("outlet", "article", "role")
_PLACE = (Key("article_id"), Key("start"), Key("pk"))
PER_PAGE = 50


@login_required
@permission_required(MAY, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def identity_merge(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Choose whom it is to be merged into, see exactly what moves, and do it."""
    gone = find(kind, slug)
    if gone.merged_into:
        return redirect(desk_url(gone.current))
    sent = request.POST if request.method == "POST" else request.GET
    found = meant(type(gone), sent.get("who", ""))
    slug_chosen = sent.get("chosen", "").replace("\0", "")
    survivor = next((each for each in found.identities if each.slug == slug_chosen), found.only)
    context: dict[str, Any] = {
        "kind": kind,
        "gone": gone,
        "survivor": survivor,
        "typed": sent.get("who", "").replace("\0", "")[:200],
        "meant": found,
        "marked": slug_chosen,
        "nobody": bool(sent.get("who")) and not found.identities,
    }
    if survivor is None:
        return page_or_fragment(request, MERGE, "merge", context)
    if context["typed"] == survivor.slug:
        context["typed"] = survivor.name
    preview = preview_merge(gone, survivor)
    context |= {"preview": preview, "evidence": evidence([gone, survivor])}
    status = 200
    if request.method == "POST":
        if request.POST.get("seen") == preview.seen and not preview.refusal:
            try:
                event = merge(gone, survivor, editor=_editor(request))
            except Refused as refusal:
                preview.refusal = str(refusal)
            else:
                return _done(request, survivor, event.summary)
        context["has_changed"] = not preview.refusal
        status = 422
    context["known"] = [(each, context["evidence"].get(each.pk)) for each in (gone, survivor)]
    return page_or_fragment(request, MERGE, "merge", context, status=status)


@login_required
@permission_required(MAY, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def identity_split(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Choose quotes by outlet, article or role, or one by one, and whom they belong to."""
    source = find(kind, slug)
    if source.merged_into:
        return redirect(desk_url(source.current))
    is_sent = request.method == "POST"
    sent = request.POST if is_sent else request.GET
    conditions = _conditions({name: sent.get(name, "") for name in CONDITIONS})
    quotes = chosen(source, conditions)
    error = ""
    if is_sent:
        try:
            event, to = split(source, _picked(request, quotes), **_whom(request, source))
        except Refused as refusal:
            error = str(refusal)
        else:
            return _done(request, to, event.summary)
    listed = quotes.select_related("article__outlet").defer("article__text")
    page = keyset_page(listed, _PLACE, sent.get("after", ""), size=PER_PAGE)
    who = sent.get("who", "").replace("\0", "")[:200]
    context = {
        "kind": kind,
        "source": source,
        "conditions": conditions,
        "choices": choices(source),
        "page": page,
        "after": sent.get("after", ""),
        "total": quotes.count(),
        "error": error,
        "typed": who,
        "meant": meant(type(source), who),
        "marked": sent.get("chosen", ""),
        "picked": set(sent.getlist("quote")),
        "which": sent.get("which", "picked"),
    }
    return page_or_fragment(request, SPLIT, "split", context, status=422 if error else 200)


def _conditions(values: dict[str, str]) -> dict[str, str]:
    """What can be compared: an article is known by its UUID, and nothing holds a NUL."""
    kept = {name: value.replace("\0", "")[:500] for name, value in values.items() if value}
    try:
        UUID(kept.get("article") or "0" * 32)
    except ValueError:
        del kept["article"]
    return kept


def _picked(request: HttpRequest, quotes: Any) -> Any:
    if request.POST.get("which") == "all":
        return quotes
    keys = [each for each in request.POST.getlist("quote") if each.isdecimal() and len(each) < 19]
    return Quote.objects.filter(pk__in=quotes.order_by().values("pk")).filter(pk__in=keys)


def _whom(request: HttpRequest, source: Any) -> dict[str, Any]:
    """Whom the quotes go to: somebody chosen, the only one of that name, else somebody new."""
    who, slug = request.POST.get("who", "").replace("\0", ""), request.POST.get("chosen", "")
    if slug == "new":
        return {"name": who, "editor": _editor(request)}
    found = meant(type(source), who)
    to = next((each for each in found.identities if each.slug == slug), found.only)
    if to is None and found.identities:
        raise Refused("Choose who of these it is, or that it is somebody new.")
    return {"to": to, "name": who, "editor": _editor(request)}


def _done(request: HttpRequest, identity: Actor | Speaker, said: str) -> HttpResponse:
    messages.success(request, said)
    address = desk_url(identity)
    return HttpResponseClientRedirect(address) if wants_fragment(request) else redirect(address)


def _editor(request: HttpRequest) -> User:
    return cast("User", request.user)
