"""How much one address may ask for: searches, exports, data for programs, new passwords."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from newsroom import visits
from newsroom.visitors import visitor_address
from newsroom.waiting import come_back_later
from statements.api.answers import refused

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be asked for in a time, and what is said beyond."""

    kind: str
    setting: str
    seconds: int
    says: str


SEARCH = Limit(
    "search",
    "NEWSROOM_SEARCHES_PER_MINUTE",
    MINUTE,
    "Your connection searched very often within a minute.",
)
EXPORT = Limit(
    "export",
    "NEWSROOM_EXPORTS_PER_HOUR",
    HOUR,
    "Many exports went to your connection within an hour.",
)
API = Limit(
    "api", "NEWSROOM_API_PER_MINUTE", MINUTE, "Your connection asked very often within a minute."
)
FEED = Limit(
    "feed",
    "NEWSROOM_FEEDS_PER_MINUTE",
    MINUTE,
    "Your connection asked very often within a minute.",
)
RESET = Limit(
    "reset",
    "NEWSROOM_PASSWORD_RESETS_PER_HOUR",
    HOUR,
    "Many new passwords were asked for from your connection within an hour.",
)

_SEARCHED = {"statements:explore", "statements:actor_list"}
_LIMITS = {
    "statements:export_csv": EXPORT,
    "statements:export_jsonl": EXPORT,
    "statements:export_dna": EXPORT,
    "statements:feed": FEED,
    "statements:embed": FEED,
    "statements:oembed": FEED,
    "password_reset": RESET,
}


def limit_of(request: HttpRequest) -> Limit | None:
    """What limits the request, if anything does."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name in _SEARCHED:
        return SEARCH if request.GET.get("q", "").strip() else None
    if request.path.startswith("/api/v1/"):
        return API
    limit = _LIMITS.get(name)
    return None if limit is RESET and request.method != "POST" else limit


class LimitsMiddleware:
    """Answers 429 to an address that asks too often; editors may read as much as they like."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        limit = limit_of(request)
        most = getattr(settings, limit.setting) if limit else 0
        if limit is None or not most:
            return None
        if limit is not RESET and request.user.has_perm("statements.add_stancelabel"):
            return None
        key = visits.stand_in(limit.kind, visitor_address(request))
        wait = visits.count(key, most, limit.seconds).wait
        return _refused(request, limit, wait) if wait else None


def _refused(request: HttpRequest, limit: Limit, wait: int) -> HttpResponse:
    if limit is not API and limit is not FEED:
        return come_back_later(request, wait, limit.says)
    message = f"{limit.says} Ask again in {wait} seconds."
    response: HttpResponse
    if limit is API:
        response = refused(request, 429, "too_many_requests", message)
    elif request.path == "/oembed":
        response = JsonResponse({"error": message}, status=429)
    else:
        response = HttpResponse(message, status=429, content_type="text/plain; charset=utf-8")
    response.headers["Retry-After"] = str(wait)
    response.headers["Cache-Control"] = "no-store"
    if limit is API and not settings.READERS_NEED_ACCOUNT:
        # Scripts of other sites are to read why, and when to ask again.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    return response
