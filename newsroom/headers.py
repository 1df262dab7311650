"""What every answer tells browsers and caches, whatever made it: page, file, export or error."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

# What pages here never ask a browser for; none of it may be asked for by what they show either.
_NEVER_ASKED = (
    "accelerometer",
    "autoplay",
    "bluetooth",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "web-share",
    "xr-spatial-tracking",
)
PERMISSIONS = ", ".join(f"{name}=()" for name in _NEVER_ASKED)

# A file is no page: should it be opened as one (an SVG, say), it loads and runs nothing.
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'"

# Answers that other sites load on purpose; without this a browser keeps them from those sites'
# pages. Cards stand in frames, and in a sandboxed one even their own style sheets are foreign.
_FOR_OTHER_SITES = ("/api/v1/", "/oembed", "/feed.atom")

PRIVATE = "private, no-store"


class HeadersMiddleware:
    """Comes first of all, so that answers of other middleware have these headers too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_file = request.path.startswith(settings.STATIC_URL)
        for name, value in {
            "Permissions-Policy": PERMISSIONS,
            "Cross-Origin-Opener-Policy": "same-origin",
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": _readers(request, is_file=is_file),
        }.items():
            response.headers.setdefault(name, value)
        if is_file:
            response.headers.setdefault("Content-Security-Policy", FILE_POLICY)
        if "report-to" in response.headers.get("Content-Security-Policy", ""):
            response.headers.setdefault("Reporting-Endpoints", 'csp="/csp-report"')
        if not is_file:
            _keep_private(request, response)
        return response


def _readers(request: HttpRequest, *, is_file: bool) -> str:
    """Which sites may load the answer into their pages."""
    match = request.resolver_match
    is_card = match is not None and match.view_name == "statements:embed"
    is_open = not settings.READERS_NEED_ACCOUNT and request.path.startswith(_FOR_OTHER_SITES)
    return "cross-origin" if is_file or is_card or is_open else "same-origin"


def _keep_private(request: HttpRequest, response: HttpResponseBase) -> None:
    """No cache keeps what was made for one person; what anybody gets is asked for anew each time.

    An answer for which nobody looked into the session is the same for everybody.
    """
    session = getattr(request, "session", None)
    for_one = session is not None and session.accessed and request.user.is_authenticated
    if for_one or response.cookies:
        response.headers["Cache-Control"] = PRIVATE
        patch_vary_headers(response, ["Cookie"])
    elif response.headers.get("Content-Type", "").startswith("text/html"):
        response.headers.setdefault("Cache-Control", "no-cache")
