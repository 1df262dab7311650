"""Numbers for Prometheus: how requests go, and what other parts of the site add."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from newsroom.visitors import sent_from

_METHODS = {"GET", "HEAD", "POST"}
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

# Labels are names of views, methods and classes of answers: as many as there are, whoever asks.
REQUESTS = Counter("newsroom_requests", "Requests answered.", ["view", "method", "status"])
SECONDS = Histogram(
    "newsroom_request_seconds", "Time to an answer.", ["view", "method"], buckets=_SECONDS
)
DATABASE_SECONDS = Histogram(
    "newsroom_request_database_seconds",
    "Time of an answer that the database took.",
    ["view"],
    buckets=_SECONDS,
)

# What is asked for at each scrape. The numbers are of the whole site, not of one process.
sources: list[Callable[[], Iterable[Metric]]] = []


class MetricsMiddleware:
    """Counts requests and times them, static files left out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        clock = _Clock()
        begun = time.perf_counter()
        with connection.execute_wrapper(clock):
            response = self.get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else ""
        method = request.method if request.method in _METHODS else "other"
        SECONDS.labels(view or "none", method).observe(time.perf_counter() - begun)
        DATABASE_SECONDS.labels(view or "none").observe(clock.seconds)
        REQUESTS.labels(view or "none", method, f"{response.status_code // 100}xx").inc()
        return response


class _Clock:
    """Adds up the time of all statements."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            self.seconds += time.perf_counter() - begun


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All numbers, for whoever holds the token or asks from an address that may; 404 for others."""
    if not _may_read(request):
        raise Http404
    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    if wanted and scheme.lower() == "bearer":
        return compare_digest(token.strip().encode(), wanted.encode())
    address = sent_from(request)
    return address is not None and any(address in network for network in settings.METRICS_FROM)


def _registry() -> CollectorRegistry:
    """What this process counted, or all processes of the server when they share a folder."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
    else:
        registry.register(REGISTRY)
    registry.register(_Asked())
    return registry


class _Asked(Collector):
    def collect(self) -> Iterable[Metric]:
        for source in sources:
            yield from source()
