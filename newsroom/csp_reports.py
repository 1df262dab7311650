"""What browsers report as forbidden by the content security policy, counted by kind.

Anybody can send such a report, true or not. So little of one is kept: the directive, what was
blocked without its path, and which page it was on. Counts are those of one server process since
it started; the log, where each kind stands once per process, is what all processes share.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from newsroom.visitors import visitor_key

logger = logging.getLogger(__name__)

LARGEST = 16_384
# Reports in one request, kinds that are told apart, requests that are read in a minute.
MOST_IN_ONE = 20
MOST_KINDS = 100
MOST_PER_VISITOR = 20
MOST_PER_MINUTE = 300

_TYPES = ("application/csp-report", "application/reports+json", "application/json")
_DIRECTIVE = re.compile(r"[a-z-]{1,40}")
# What browsers write in place of an address.
_WORDS = frozenset(
    "inline eval self data blob wasm-eval trusted-types-policy trusted-types-sink".split()
)
_EXTENSIONS = ("chrome-extension", "moz-extension", "safari-web-extension")


@dataclass(frozen=True, slots=True)
class Violation:
    """One kind: "script-src-elem", "inline" or "https://a.example", "statements:quote"."""

    directive: str
    blocked: str
    page: str


OTHERS = Violation("other", "other", "other")


class _Tally:
    """Counts of this process, bounded whatever is sent."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counts: Counter[Violation] = Counter()
        self.refused = 0
        self.minute = 0
        self.visits: Counter[str] = Counter()

    def may_report(self, visitor: str) -> bool:
        """Whether another report of this visitor is read in this minute."""
        minute = int(time.monotonic() // 60)
        with self.lock:
            if minute != self.minute:
                self.minute = minute
                self.visits.clear()
            if self.visits[visitor] >= MOST_PER_VISITOR or self.visits.total() >= MOST_PER_MINUTE:
                self.refused += 1
                return False
            self.visits[visitor] += 1
            return True

    def add(self, violation: Violation) -> bool:
        """Count it; True when its kind is new."""
        with self.lock:
            if violation not in self.counts and len(self.counts) >= MOST_KINDS:
                violation = OTHERS
            self.counts[violation] += 1
            return self.counts[violation] == 1

    def clear(self) -> None:
        with self.lock:
            self.counts.clear()
            self.visits.clear()
            self.refused = 0


_tally = _Tally()


def csp_violations() -> dict[Violation, int]:
    """How often each kind was reported to this process, most often first."""
    with _tally.lock:
        return dict(_tally.counts.most_common())


def csp_reports_refused() -> int:
    """How many requests with reports were not read, since too many came."""
    return _tally.refused


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Take what a browser reports: 204, or a status that says why it was not read."""
    if not _tally.may_report(visitor_key(request)):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    if request.content_type not in _TYPES:
        return HttpResponse(status=415)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return HttpResponse(status=413)
    try:
        sent = json.loads(request.read(LARGEST))
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    for each in (sent if isinstance(sent, list) else [sent])[:MOST_IN_ONE]:
        violation = _violation(each)
        if violation and _tally.add(violation):
            logger.warning(
                "Content security policy: %s blocked %s on %s",
                violation.directive,
                violation.blocked,
                violation.page,
            )
    return HttpResponse(status=204)


def _violation(report: Any) -> Violation | None:
    """What is counted of one report, in the form of report-uri or of the Reporting API."""
    if not isinstance(report, dict):
        return None
    body = report.get("csp-report", report.get("body"))
    if not isinstance(body, dict):
        return None
    found = [
        next((body[name] for name in names if isinstance(body.get(name), str)), "")
        for names in (
            ("effectiveDirective", "effective-directive", "violated-directive"),
            ("blockedURL", "blocked-uri"),
            ("documentURL", "document-uri"),
        )
    ]
    directive = _DIRECTIVE.match(found[0])
    blocked = _blocked(found[1])
    # What an extension of somebody's browser does to the page is not the page's doing.
    if not directive or blocked in _EXTENSIONS:
        return None
    return Violation(directive[0], blocked, _page(found[2]))


def _blocked(address: str) -> str:
    """The origin of what was blocked: an address may tell what somebody read."""
    if address in _WORDS:
        return address
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        return "unreadable"
    scheme = parts.scheme if parts.scheme.isascii() and len(parts.scheme) < 25 else ""
    if scheme in {"http", "https", "ws", "wss"} and re.fullmatch(r"[a-z0-9.-]{1,100}", host):
        return f"{scheme}://{host}"
    return scheme if scheme in {*_EXTENSIONS, "data", "blob", "about", "file"} else "other"


def _page(address: str) -> str:
    """Which page of this site it was on, by the name of its address."""
    try:
        return resolve(urlsplit(address).path).view_name
    except (ValueError, Resolver404):
        return "other"
