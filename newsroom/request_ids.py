"""What a request is called in the log, from its first line to the tasks that it leaves behind."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("newsroom.access")

# What a proxy may send; anything else could forge lines of the log.
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")

_id: ContextVar[str] = ContextVar("request_id", default="")
_task: ContextVar[str] = ContextVar("task", default="")


def request_id() -> str:
    """The id of the request at hand, or that a task was left by; empty outside of both."""
    return _id.get()


def task_name() -> str:
    """The task at hand, empty outside of one."""
    return _task.get()


@contextmanager
def following(identity: str, *, task: str) -> Iterator[None]:
    """What is logged inside belongs to the task, and to the request that left it."""
    marks = _id.set(identity), _task.set(task)
    begun = time.perf_counter()
    logger.info("%s begun", task)
    try:
        yield
        seconds = round(time.perf_counter() - begun, 4)
        logger.info("%s done", task, extra={"seconds": seconds})
    finally:
        _id.reset(marks[0])
        _task.reset(marks[1])


class RequestIdMiddleware:
    """Gives each request its id, answers with it, and notes the request at level INFO.

    Of the address only the path is noted: what people search for stands behind it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get("X-Request-ID", "")
        identity = sent if _WELL_FORMED.fullmatch(sent) else uuid.uuid4().hex
        mark, begun = _id.set(identity), time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = identity
            seconds = time.perf_counter() - begun
            logger.info(
                "%s %s %s",
                request.method,
                request.path,
                response.status_code,
                extra={"status": response.status_code, "seconds": round(seconds, 4)},
            )
        finally:
            _id.reset(mark)
        return response
