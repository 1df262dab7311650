"""How much a request may carry: what is longer is refused before any of it is read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

# Who is signed in sends files, several at once. What goes beyond memory lies on the disk.
LARGEST = 100_000_000
# A visitor sends a password, or a sentence about a mistake.
LARGEST_OF_VISITORS = 100_000


class BodiesMiddleware:
    """Stands behind those that know the user, before a form is read: its token is in it.

    Without a length Django reads nothing, and a server in front reads no more than the length.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > LARGEST_OF_VISITORS and length > (largest := _largest(request)):
            return HttpResponse(
                f"At most {largest / 1_000_000:g} MB can be sent at once.\n",
                status=413,
                content_type="text/plain; charset=utf-8",
            )
        return self.get_response(request)


def _largest(request: HttpRequest) -> int:
    if not request.user.is_authenticated:
        return LARGEST_OF_VISITORS
    return max(LARGEST, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
