"""How every address of the API answers: JSON, read-only, open to scripts of other sites."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from statements.api.fields import ADDRESS, TEXT, JsonSchema, Record, value

METHODS = "GET, HEAD, OPTIONS"
PER_PAGE, MOST_PER_PAGE = 50, 200

ERROR = Record(
    "Error",
    "Why there is no answer, and what to do.",
    (
        value("error", TEXT, "One word for programs: not_found, bad_request, method_not_allowed …"),
        value("message", TEXT, "What went wrong and what to do, for people."),
        value("help", ADDRESS, "Where the API is explained."),
    ),
)

NOTES: JsonSchema = {
    "type": "array",
    "items": TEXT,
    "description": "What of the question could not be used and was left out.",
}


class BadQuestion(Exception):
    """The question cannot be answered as it is; the text says what to do."""


def answers_json(view: Callable[..., dict[str, Any]]) -> Callable[..., HttpResponse]:
    """Make a view that returns what to say answer in JSON, its errors too."""

    @wraps(view)
    def answer(request: HttpRequest, **place: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers={"Allow": METHODS})
        elif request.method not in {"GET", "HEAD"}:
            response = refused(
                request, 405, "method_not_allowed", f"The API only tells; use one of {METHODS}."
            )
            response["Allow"] = METHODS
        else:
            try:
                response = _json(view(request, **place))
            except Http404 as missing:
                response = refused(request, 404, "not_found", str(missing))
            except BadQuestion as bad:
                response = refused(request, 400, "bad_request", str(bad))
        if not settings.READERS_NEED_ACCOUNT:
            response["Access-Control-Allow-Origin"] = "*"
            if request.method == "OPTIONS":
                response["Access-Control-Allow-Methods"] = METHODS
                response["Access-Control-Max-Age"] = "86400"
        return response

    # It changes nothing, so that a form sent here is told so rather than asked for a token.
    return csrf_exempt(answer)


def refused(request: HttpRequest, status: int, error: str, message: str) -> HttpResponse:
    """An error in the one form that all have."""
    where = request.build_absolute_uri(reverse("statements:api"))
    return _json({"error": error, "message": message, "help": where}, status)


def found_or_404[Row](row: Row | None, message: str) -> Row:
    if row is None:
        raise Http404(message)
    return row


def page_size(data: QueryDict, notes: list[str]) -> int:
    """How many rows a page has; a number that is none, or out of bounds, is told in `notes`."""
    asked = data.get("per_page", "").strip()
    if not asked:
        return PER_PAGE
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        notes.append(f"“{asked[:60]}” is no number for per_page; it was left out.")
        return PER_PAGE
    size = min(max(int(asked), 1), MOST_PER_PAGE)
    if size != int(asked):
        notes.append(f"per_page goes from 1 to {MOST_PER_PAGE}; it was taken as {size}.")
    return size


def note_unknown(data: QueryDict, known: Iterable[str], notes: list[str]) -> None:
    """Tell in `notes` of parameters that mean nothing here."""
    for name in sorted(set(data) - set(known)):
        notes.append(f"There is no parameter “{name[:60]}” here; it was left out.")


def check_cursor(after: str, is_first: bool) -> None:
    """Refuse a cursor that was not understood: the first page again would never end."""
    if after and is_first:
        raise BadQuestion(
            "“after” is no cursor of this list, or of another order of it. Take it from `next` of "
            "the page before, or leave it out to begin at the first page."
        )


def _json(content: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})
