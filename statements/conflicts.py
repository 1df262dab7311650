"""What a person is told when somebody else changed the same at the same moment."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from psycopg2 import errorcodes

from newsroom.fragments import wants_fragment

logger = logging.getLogger(__name__)

CHANGED = (
    "Somebody else changed the same at the same moment, and the two did not go together. "
    "Look at it as it is now; what you sent may have to be sent again."
)
GONE = (
    "Somebody took away what you were working on while you did, as undoing an import does. "
    "What you sent was not saved."
)

_CROSSED = frozenset(
    {
        errorcodes.DEADLOCK_DETECTED,
        errorcodes.SERIALIZATION_FAILURE,
        errorcodes.LOCK_NOT_AVAILABLE,
        errorcodes.UNIQUE_VIOLATION,
    }
)


class ConflictMiddleware:
    """Answers 409 and says what happened where two people's changes crossed.

    The database has taken the one back whole by then. It stands last, so that messages and htmx are
    known; by htmx the page is loaded anew and tells it. Each case goes to the log with its trace:
    the order in which locks are taken is meant to leave none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        said = in_words(error)
        if said is None:
            return None
        logger.warning("Changes crossed at %s", request.path, exc_info=error)
        if wants_fragment(request):
            messages.error(request, said)
            return HttpResponse(status=409, headers={"HX-Redirect": _back(request)})
        return render(request, "409.html", {"said": said, "back": _back(request)}, status=409)


def _back(request: HttpRequest) -> str:
    """The page that was open; what was sent may have gone to an address that shows none."""
    referer = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referer, {request.get_host()})
    return referer if ours else reverse("statements:explore")


def in_words(error: Exception) -> str | None:
    """What to tell whoever met this error; None for one that others' changes do not explain."""
    if isinstance(error, ObjectDoesNotExist):
        # Addresses that lead nowhere are 404: what a view had and misses now, went meanwhile.
        return GONE
    if isinstance(error, IntegrityError | OperationalError):
        code = getattr(error.__cause__, "pgcode", None)
        if code == errorcodes.FOREIGN_KEY_VIOLATION:
            return GONE
        return CHANGED if code in _CROSSED else None
    return None
