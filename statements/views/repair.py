"""Repairing a quote: its words, its speaker, whether it is one."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from newsroom.fragments import page_or_fragment, wants_fragment
from statements.finding_voices import candidates, new_speaker
from statements.models import Actor, Issue, Quote, Speaker
from statements.repairing import (
    UnusableRepair,
    change_state,
    change_voice,
    find_words,
    repair_words,
)

VOICE, WORDS = "statements/quote_voice.html", "statements/quote_words.html"


@login_required
@permission_required("statements.change_quote", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def quote_voice(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give the quote to somebody else: `q` is what is typed of their name."""
    quote, issue = _quote(request, uuid), _issue(request)
    typed = request.GET.get("q", request.POST.get("q", "")).replace("\0", "")[:200]
    context: dict[str, Any] = {"quote": quote, "issue": issue, "typed": typed}
    context["candidates"] = candidates(typed)
    if request.method == "POST":
        who = _chosen(request.POST.get("who", "").replace("\0", ""))
        if who:
            speaker, actor = who
            change_voice(quote, speaker=speaker, actor=actor, editor=_editor(request), issue=issue)
            name = speaker or actor
            said = f"Said by {name}." if name else "Said by somebody unknown."
            return _back(request, quote, issue, said)
        context["error"] = "Choose one of the names, or type another."
        return page_or_fragment(request, VOICE, "voice", context, status=422)
    part = "voices" if "q" in request.GET else "voice"
    return page_or_fragment(request, VOICE, part, context)


@login_required
@permission_required("statements.change_quote", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def quote_words(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Cut the quote's words otherwise, each part as the article has it."""
    quote, issue = _quote(request, uuid), _issue(request)
    parts = list(quote.parts.all())
    context: dict[str, Any] = {
        "quote": quote,
        "issue": issue,
        "parts": [part.content for part in parts],
    }
    if request.method == "POST":
        sent = request.POST.getlist("part")
        # An empty part is dropped; each is looked for near its old place.
        near = [part.start for part in parts] + [quote.end] * len(sent)
        try:
            places = [
                find_words(quote.article, words.replace("\0", ""), near=start)
                for words, start in zip(sent, near, strict=False)
                if words.strip()
            ]
            if not places:
                raise UnusableRepair("Keep at least one word, or say that it is not a quote.")
            repair_words(quote, places, editor=_editor(request), issue=issue)
        except UnusableRepair as error:
            context |= {"error": str(error), "parts": sent}
            return page_or_fragment(request, WORDS, "words", context, status=422)
        return _back(request, quote, issue, "The words are repaired.")
    return page_or_fragment(request, WORDS, "words", context)


@login_required
@permission_required("statements.change_quote", raise_exception=True)
@require_POST
def quote_reject(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say that it is not a quote; it is shown to nobody from then on, and kept."""
    quote = _quote(request, uuid)
    change_state(quote, Quote.State.REJECTED, editor=_editor(request))
    messages.success(request, "Marked as not a quote. It is no longer shown.")
    return redirect(quote.article)


def _quote(request: HttpRequest, uuid: UUID) -> Quote:
    quotes = Quote.objects.visible_to(request.user)
    return get_object_or_404(quotes.select_related("article", "speaker", "actor"), uuid=uuid)


def _issue(request: HttpRequest) -> Issue | None:
    """The issue whose queue the editor comes from, if any."""
    slug = request.GET.get("issue", request.POST.get("issue", "")).replace("\0", "")
    return Issue.objects.filter(slug=slug).first()


def _editor(request: HttpRequest) -> User:
    return cast("User", request.user)


def _chosen(who: str) -> tuple[Speaker | None, Actor | None] | None:
    """The person and the party that a value of the form names; None when there is no such one."""
    kind, _, value = who.partition(":")
    if kind == "speaker" and (speaker := Speaker.objects.filter(slug=value).first()):
        return speaker, None
    if kind == "actor" and (actor := Actor.objects.filter(slug=value).first()):
        return None, actor
    if kind == "new" and any(character.isalpha() for character in value):
        return new_speaker(value), None
    return (None, None) if who == "nobody" else None


def _back(request: HttpRequest, quote: Quote, issue: Issue | None, said: str) -> HttpResponse:
    """To where the editor came from: the queue of the issue, else the quote's page."""
    messages.success(request, said)
    address = quote.get_absolute_url()
    if issue:
        address = f"{reverse('statements:annotate', args=[issue.slug])}?quote={quote.uuid}"
    return HttpResponseClientRedirect(address) if wants_fragment(request) else redirect(address)
