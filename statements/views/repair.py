"""Repairing a quote: its words, its speaker, whether it is one; and taking a repair back."""

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
from django_htmx.http import HttpResponseClientRedirect, HttpResponseLocation

from newsroom.fragments import page_or_fragment, wants_fragment
from statements.finding_voices import at_hand, candidates, is_known, person_named
from statements.finding_words import UnusableRepair, find_words, words_around
from statements.models import Actor, Issue, Quote, QuoteEdit, Speaker
from statements.repairing import (
    accept_again,
    change_state,
    change_voice,
    latest_edit,
    repair_words,
    take_back_edit,
)

VOICE, WORDS = "statements/quote_voice.html", "statements/quote_words.html"

# A number of the database; what a form sends beyond it is nonsense.
_GREATEST = 2**31 - 1


@login_required
@permission_required("statements.change_quote", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def quote_voice(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give the quote to somebody else: `q` is what is typed of their name."""
    quote = _quote(request, uuid)
    context = _context(request, quote)
    status = 200
    if request.method == "POST":
        try:
            said = _change_voice(request, quote, context["issue"])
            return _back(request, quote, context["issue"], said)
        except UnusableRepair as error:
            quote = _quote(request, uuid)
            context |= {"quote": quote, "error": error, "seen": latest_edit(quote)}
            status = 422
    typed = " ".join(_text(request, "q")[:200].split())
    joint = list(quote.joint_voices.all())
    context |= {
        "typed": typed,
        "candidates": candidates(typed, on=quote.said_on) if typed else at_hand(quote),
        "new_name": typed if _is_name(typed) and not is_known(typed) else "",
        # The lead voice has a place even while it is nobody.
        "places": list(enumerate([quote, *joint])) if joint else [],
        "place": _number(request.POST.get("place", ""), default=0),
        "kept": request.POST.getlist("keep"),
    }
    part = "voices" if request.method != "POST" and "q" in request.GET else "voice"
    return page_or_fragment(request, VOICE, part, context, status=status)


@login_required
@permission_required("statements.change_quote", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def quote_words(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Cut the quote's words otherwise, each part as the article has it."""
    quote = _quote(request, uuid)
    context = _context(request, quote)
    parts = [(part.content, part.start) for part in quote.parts.all()]
    status = 200
    if request.method == "POST":
        sent = _parts(request, near=[start for _, start in parts] + [quote.end])
        try:
            places = [
                find_words(quote.article, words, near=near) for words, near in sent if words.strip()
            ]
            edit = repair_words(
                quote,
                places,
                editor=_editor(request),
                issue=context["issue"],
                seen=_seen(request),
            )
            said = f"{edit.in_words}." if edit else "These were its words already."
            return _back(request, quote, context["issue"], said)
        except UnusableRepair as error:
            context |= {"error": error, "seen": latest_edit(quote)}
            parts, status = sent, 422
    context |= {"parts": parts, "lines": words_around(quote)}
    return page_or_fragment(request, WORDS, "words", context, status=status)


@login_required
@permission_required("statements.change_quote", raise_exception=True)
@require_POST
def quote_state(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say that it is not a quote, so that readers do not see it; or that it is one after all."""
    quote = _quote(request, uuid)
    if request.POST.get("state") == "quote":
        accept_again(quote, editor=_editor(request))
        messages.success(request, "It is a quote again, and readers see it.")
    else:
        # The page itself says what has happened, and offers the way back.
        change_state(quote, Quote.State.REJECTED, editor=_editor(request))
    return redirect(quote)


@login_required
@permission_required("statements.change_quote", raise_exception=True)
@require_POST
def quote_edit_undo(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    """Take one repair of the quote back, whoever made it."""
    quote = _quote(request, uuid)
    edit = get_object_or_404(QuoteEdit, pk=min(pk, _GREATEST), quote=quote)
    try:
        take_back_edit(edit, editor=_editor(request))
        messages.success(request, f"Taken back: {edit.in_words.lower()}.")
    except UnusableRepair as error:
        messages.error(request, str(error))
    return redirect(f"{quote.get_absolute_url()}#edits")


def _context(request: HttpRequest, quote: Quote) -> dict[str, Any]:
    """What both forms need; `is_inline`: the form goes into a page, which goes on with htmx."""
    return {
        "quote": quote,
        "issue": _issue(request),
        "seen": latest_edit(quote),
        "is_inline": wants_fragment(request),
    }


def _quote(request: HttpRequest, uuid: UUID) -> Quote:
    quotes = Quote.objects.open_to(request.user)
    return get_object_or_404(quotes.select_related("article", "speaker", "actor"), uuid=uuid)


def _issue(request: HttpRequest) -> Issue | None:
    """The issue whose queue the editor comes from, if any."""
    return Issue.objects.filter(slug=_text(request, "issue")).first()


def _editor(request: HttpRequest) -> User:
    return cast("User", request.user)


def _text(request: HttpRequest, name: str) -> str:
    """A value of the form, else of the address; a database takes no NUL."""
    return request.POST.get(name, request.GET.get(name, "")).replace("\0", "")


def _number(value: str, *, default: int) -> int:
    return int(value) if value.isdecimal() and len(value) < 10 else default


def _seen(request: HttpRequest) -> int | None:
    value = request.POST.get("seen", "")
    return _number(value, default=0) if value else None


def _parts(request: HttpRequest, *, near: list[int]) -> list[tuple[str, int]]:
    """Each part as it was sent, and near which place of the article it is meant."""
    places = request.POST.getlist("near")
    found = []
    for at, words in enumerate(request.POST.getlist("part")):
        usual = near[min(at, len(near) - 1)]
        place = places[at] if at < len(places) else ""
        found.append((words.replace("\0", "").replace("\r\n", "\n"), _number(place, default=usual)))
    return found


def _change_voice(request: HttpRequest, quote: Quote, issue: Issue | None) -> str:
    """Do what the form says and tell it in words; raises UnusableRepair when it says nothing."""
    place = _number(request.POST.get("place", ""), default=0)
    speaker, actor = _chosen(_text(request, "who"))
    kept = request.POST.getlist("keep")
    # With one voice it is the quote's own; of several each is asked for by itself.
    if speaker and "party" in kept and place == 0:
        actor = quote.actor
    elif actor and "person" in kept and place == 0:
        speaker = quote.speaker
    edit = change_voice(
        quote,
        speaker=speaker,
        actor=actor,
        editor=_editor(request),
        issue=issue,
        place=place,
        seen=_seen(request),
    )
    who = speaker or actor or "nobody that the text names"
    return f"{edit.in_words}: {who}." if edit else f"It was given to {who} already."


def _chosen(who: str) -> tuple[Speaker | None, Actor | None]:
    """The person and the party that a value of the form names; raises UnusableRepair if none."""
    kind, _, value = who.partition(":")
    speaker = actor = None
    if kind == "speaker":
        found = Speaker.objects.filter(slug=value).first()
        speaker = found.current if found else None
    elif kind == "actor":
        party = Actor.objects.filter(slug=value).first()
        actor = party.current if party else None
    elif kind == "new" and _is_name(value):
        speaker = person_named(value)
    if not speaker and not actor and who != "nobody":
        raise UnusableRepair("Choose one of the names, or type another.")
    return speaker, actor


def _is_name(value: str) -> bool:
    return sum(character.isalpha() for character in value) > 1


def _back(request: HttpRequest, quote: Quote, issue: Issue | None, said: str) -> HttpResponse:
    """To where the editor came from: the quote in the issue's queue, else the quote's page."""
    if not issue:
        messages.success(request, said)
        address = quote.get_absolute_url()
        return HttpResponseClientRedirect(address) if wants_fragment(request) else redirect(address)
    address = f"{reverse('statements:annotate', args=[issue.slug])}?quote={quote.uuid}"
    if wants_fragment(request):
        return HttpResponseLocation(address, target="#work", swap="outerHTML")
    return redirect(address)
