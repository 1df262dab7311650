"""Views and quotes for other sites and programs: feeds, and cards to embed."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.csp import CSP
from django.utils.http import http_date, quote_etag
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from statements import embeds
from statements.blind import asked_blind
from statements.feeds import atom
from statements.filters import QuoteFilter
from statements.models import Quote

_POLICY: dict[str, list[str]] = settings.SECURE_CSP
# The card alone may stand in a frame of any site; it takes no script at all.
FRAMED: dict[str, list[str]] = {
    **_POLICY,
    "script-src": [CSP.NONE],
    "frame-ancestors": ["*"],
}


@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """The newest quotes of a query string as Atom; 304 when a program has them already."""
    found = atom(QuoteFilter(request.GET), request.build_absolute_uri, request.user)
    etag = quote_etag(hashlib.sha256(found.content).hexdigest()[:32])
    modified = int(found.updated.timestamp())
    response = HttpResponse(
        found.content,
        content_type="application/atom+xml; charset=utf-8",
        headers={"ETag": etag, "Last-Modified": http_date(modified), "Cache-Control": "max-age=60"},
    )
    return get_conditional_response(request, etag, modified, response) or response


@require_safe
@csp_override(FRAMED)
@xframe_options_exempt
def embed(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The quote as a card for other sites' pages: text and links, no script."""
    found = get_object_or_404(Quote.objects.public().for_list(asked_blind(request.user)), uuid=uuid)
    address = request.build_absolute_uri(found.get_absolute_url())
    return render(request, "statements/embed.html", {"quote": found, "address": address})


@require_safe
def oembed(request: HttpRequest) -> JsonResponse:
    """What to put into a page for the address of a quote, as oembed.com has it."""
    if request.GET.get("format", "json") != "json":
        return embeds.refused(501, "Only format=json is spoken here.")
    found = embeds.quote_at(request.GET.get("url", ""), request.get_host())
    if found is None:
        return embeds.refused(
            404, "Give the address of a quote on this site as url=, such as …/quotes/<id>/."
        )
    sizes = (embeds.bound(request.GET.get(name, "")) for name in ("maxwidth", "maxheight"))
    return embeds.answer(embeds.card(found, request.build_absolute_uri, *sizes))
