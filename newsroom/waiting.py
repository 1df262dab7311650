"""The answer to somebody who asks too often: 429, and when to come back."""

from __future__ import annotations

from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from newsroom.fragments import wants_fragment


def come_back_later(request: HttpRequest, seconds: int, why: str) -> HttpResponse:
    """A page with status 429, or for an htmx swap a notice on top of the page that is there."""
    minutes = ceil(seconds / 60)
    is_fragment = wants_fragment(request) if hasattr(request, "htmx") else False
    response = render(
        request,
        "429.html#notice" if is_fragment else "429.html",
        {"why": why, "seconds": seconds, "minutes": minutes},
        status=429,
    )
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    if is_fragment:
        # Whatever the request was to replace stays as it is.
        response.headers["HX-Retarget"] = "#main"
        response.headers["HX-Reswap"] = "afterbegin"
        response.headers["HX-Push-Url"] = "false"
    return response
