"""Answers while the database is away or takes no more connections: come back in a moment."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

logger = logging.getLogger("newsroom.database")

RETRY_SECONDS = 10

# PostgreSQL's classes of errors: no connection, no room for one, and going down or coming up.
_AWAY = ("08", "53", "57P")


def is_away(error: BaseException | None) -> bool:
    """Whether the error says that the database cannot be asked, rather than that it refused."""
    if isinstance(error, InterfaceError):
        return "connection" in str(error)
    if not isinstance(error, OperationalError):
        return False
    # A connection that was never made, or broke, has no code.
    code = getattr(error.__cause__, "pgcode", None)
    return code is None or code.startswith(_AWAY)


class DatabaseAwayMiddleware:
    """Answers 503 instead of 500 when a view cannot reach the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return away(request, error) if is_away(error) else None


def failed(request: HttpRequest) -> HttpResponse:
    """What Django answers when something fails outside of a view, as in a session's middleware."""
    error = sys.exc_info()[1]
    if isinstance(error, Error) and is_away(error):
        return away(request, error)
    return server_error(request)


def away(request: HttpRequest, error: BaseException) -> HttpResponse:
    """A page, a fragment or JSON that needs no database, with the time to come back."""
    if not hasattr(request, "met_no_database"):
        # Saving the session fails too, after the view: once is enough.
        request.met_no_database = True  # type: ignore[attr-defined]
        said = " ".join(str(error).split())
        logger.error("The database is away: %s %s: %s", request.method, request.path, said)
    if _is_for_programs(request):
        response: HttpResponse = JsonResponse(
            {
                "error": "database_away",
                "message": f"The database does not answer just now: ask again in {RETRY_SECONDS} "
                "seconds.",
            }
        )
    elif request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        # Put before the page's content, so that what was typed stays.
        response = HttpResponse(render_to_string("503.html#notice"))
        response["HX-Retarget"] = "#main"
        response["HX-Reswap"] = "afterbegin show:window:top"
    else:
        response = HttpResponse(render_to_string("503.html"))
    response.status_code = 503
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    # Ours is the line of the log; Django would add one that says less, or a traceback.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _is_for_programs(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/v1/", "/oembed"))
