"""Who is who: speakers and actors as the pipeline found them, put right by a lead."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from newsroom.fragments import page_or_fragment, wants_fragment
from statements.identity_evidence import evidence
from statements.identity_forms import FORMS, IdentityForm, forms_for, meant
from statements.ledger import Refused, undo
from statements.matching import likely_matches
from statements.models import Actor, IdentityEvent, Quote, Speaker, Standing
from statements.models.actors import Name
from statements.paging import Key, keyset_page

# Either kind is worked on alike; what differs asks which it is.
KINDS: dict[str, Any] = {"speaker": Speaker, "actor": Actor}
STANDINGS = {**dict(Standing.choices), "all": "All"}
MAY = ("statements.change_actor", "statements.change_speaker")

LIST, ONE = "statements/identities.html", "statements/identity.html"
_ORDER = (Key("sort_name"), Key("pk"))
RECENT, EVENTS, QUOTES = 8, 30, 5


@login_required
@permission_required(MAY, raise_exception=True)
@require_safe
def identities(request: HttpRequest) -> HttpResponse:
    """Speakers or actors with their evidence and likely matches; `q` is part of a name."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else "speaker"
    standing = request.GET.get("standing", "")
    standing = standing if standing in STANDINGS else Standing.PROVISIONAL.value
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    rows: Any = KINDS[kind]._default_manager
    rows = rows.named_like(words) if words else rows.live()
    if standing != "all":
        rows = rows.filter(standing=standing)
    page = keyset_page(rows, _ORDER, request.GET.get("after", ""))
    known, matches = evidence(page.rows), likely_matches(page.rows, most=2)
    context = {
        "kind": kind,
        "kinds": [("speaker", "Speakers"), ("actor", "Actors")],
        "standing": standing,
        "standings": list(STANDINGS.items()),
        "words": words,
        "total": rows.count(),
        "rows": [(each, known[each.pk], matches[each.pk]) for each in page.rows],
        "is_first": page.is_first,
        "next_query": _query(kind=kind, standing=standing, q=words, after=page.after)
        if page.after
        else "",
        "events": IdentityEvent.objects.for_list()[:RECENT],
    }
    return page_or_fragment(request, LIST, "results", context)


@login_required
@permission_required(MAY, raise_exception=True)
@require_safe
def identity(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """One identity: its evidence, who may be the same, what was done, and what can be."""
    found = find(kind, slug)
    if found.merged_into:
        return redirect(desk_url(found.current), permanent=True)
    return page_or_fragment(request, ONE, "identity", _context(found))


@login_required
@permission_required(MAY, raise_exception=True)
@require_POST
def identity_edit(request: HttpRequest, kind: str, slug: str, do: str) -> HttpResponse:
    """Take one step: confirm, rename, retype … and show the identity as it is then."""
    found = find(kind, slug)
    if do not in FORMS[kind]:
        raise Http404
    form = FORMS[kind][do](request.POST, identity=found)
    if form.is_valid():
        try:
            event = form.save(editor=_editor(request))
        except Refused as refusal:
            form.add_error("who" if "who" in form.fields else None, str(refusal))
        else:
            if request.POST.get("from") == "list":
                return _answer_in_list(request, found, event)
            return _answer(request, found, event.summary if event else "That is so already.")
    context = _context(found.current, form)
    return page_or_fragment(request, ONE, "identity", context, status=422)


@login_required
@permission_required(MAY, raise_exception=True)
@require_POST
def identity_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo one step of the ledger and go back to the identity it was done on, if it is there."""
    event = get_object_or_404(IdentityEvent, pk=pk)
    try:
        _, left = undo(event, editor=_editor(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        kept = f" {left} that editors gave to others since stay with those." if left else ""
        messages.success(request, f"Undone: {event.summary}{kept}")
    address = _back(request)
    return HttpResponseClientRedirect(address) if wants_fragment(request) else redirect(address)


@login_required
@permission_required(MAY, raise_exception=True)
@require_safe
def identity_names(request: HttpRequest, kind: str) -> HttpResponse:
    """Who a name typed into a form may mean, while it is being typed."""
    if kind not in KINDS:
        raise Http404
    if not wants_fragment(request):
        return redirect("statements:identities")
    found = meant(KINDS[kind], request.GET.get("who", ""))
    context = {
        "meant": found,
        "marked": found.only.slug if found.only else "",
        "may_be_new": "may_be_new" in request.GET,
    }
    return page_or_fragment(request, "statements/_whom.html", "whom", context)


def find(kind: str, slug: str) -> Any:
    """The speaker or the actor at this address, one who was merged into another too."""
    if kind not in KINDS:
        raise Http404
    return get_object_or_404(KINDS[kind]._default_manager.all(), slug=slug)


def desk_url(identity: Actor | Speaker, name: str = "identity") -> str:
    kind = "actor" if isinstance(identity, Actor) else "speaker"
    return reverse(f"statements:{name}", args=[kind, identity.slug])


def _context(found: Any, bound: IdentityForm | None = None) -> dict[str, Any]:
    kind = "actor" if isinstance(found, Actor) else "speaker"
    matches = likely_matches([found])[found.pk]
    known = evidence([found, *(match.identity for match in matches)])
    quotes = Quote.objects.voiced_by(**{kind: found}).select_related("article", "speaker", "actor")
    return {
        "kind": kind,
        "identity": found,
        "evidence": known[found.pk],
        "matches": [(match, known[match.identity.pk]) for match in matches],
        "names": sorted(
            found.names.all(), key=lambda name: (name.kind != Name.Kind.PRIMARY, name.key)
        ),
        "affiliations": found.affiliations.select_related("speaker", "actor").order_by("-since")[
            :50
        ],
        "quotes": quotes.defer("article__text").newest()[:QUOTES],
        "events": IdentityEvent.objects.on(found).for_list()[:EVENTS],
        "forms": forms_for(found, bound),
        "bound": bound,
    }


def _answer(request: HttpRequest, found: Any, said: str) -> HttpResponse:
    if not wants_fragment(request):
        messages.success(request, said)
        return redirect(desk_url(found))
    found = find("actor" if isinstance(found, Actor) else "speaker", found.slug)
    return page_or_fragment(request, ONE, "identity", _context(found) | {"said": said})


def _answer_in_list(request: HttpRequest, found: Any, event: IdentityEvent | None) -> HttpResponse:
    """A line with the way back in place of the row, so that reading the list goes on."""
    kind = "actor" if isinstance(found, Actor) else "speaker"
    if wants_fragment(request):
        context = {"kind": kind, "identity": found, "event": event}
        return page_or_fragment(request, LIST, "confirmed", context)
    messages.success(request, event.summary if event else "That is so already.")
    return redirect(reverse("statements:identities") + _query(kind=kind))


def _back(request: HttpRequest) -> str:
    """The identity's page from which the undo was sent, or the list when it is gone."""
    kind, slug = request.POST.get("kind", ""), request.POST.get("slug", "").replace("\0", "")
    there = KINDS[kind]._default_manager.filter(slug=slug).first() if kind in KINDS else None
    return desk_url(there) if there else reverse("statements:identities")


def _editor(request: HttpRequest) -> User:
    return cast("User", request.user)


def _query(**values: str) -> str:
    return "?" + urlencode({key: value for key, value in values.items() if value})
