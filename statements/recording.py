"""Who changes what the record of changes tells of: a request, a command or a task."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pghistory
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from pghistory.middleware import HistoryMiddleware
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

_SETTING = "pghistory.context_metadata"
# Addresses below these may carry what signs somebody in; the record says no more than where.
_CONFIDENTIAL = "/accounts/"
_LONGEST = 300

# Commands that read articles: what they find is no person's doing.
READING = frozenset({"demo", "ingest", "load_extracted", "reread"})
# Commands that serve or work for others, each of whom has a name of their own.
SERVING = frozenset({"ox_worker", "runserver", "test", "worker"})

_program: ContextVar[dict[str, Any] | None] = ContextVar("program", default=None)
# Whether a request tells with each of its statements who it is.
_telling: ContextVar[bool] = ContextVar("telling", default=False)


class RecordingMiddleware(HistoryMiddleware):
    """Tells the record of changes who sent a request that may write, and where to.

    Which those are, PGHISTORY_MIDDLEWARE_METHODS says. It stands behind the one that finds out who
    is signed in; who signs in by the request itself counts from then on.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _telling.set(request.method in settings.PGHISTORY_MIDDLEWARE_METHODS)
        try:
            response: HttpResponseBase = super().__call__(request)
            return response
        finally:
            _telling.reset(token)

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request)
        return context | {"url": _address(request.path)}


@contextmanager
def done_by(**who: Any) -> Iterator[None]:
    """What is written meanwhile is recorded as the doing of this command or task.

    It is told to the connection rather than with each statement, so that COPY is covered too, and
    told again to any connection that takes its place. What a request does itself stays the doing of
    who sent it.
    """
    before = _program.get()
    token = _program.set((before or {}) | who)
    connection_created.connect(_tell_new, dispatch_uid=_SETTING)
    if connection.connection is not None:
        _tell(connection)
    try:
        with _added_to_request(who):
            yield
    finally:
        _program.reset(token)
        if connection.connection is not None:
            _tell(connection)


@contextmanager
def _added_to_request(who: dict[str, Any]) -> Iterator[None]:
    if not _telling.get():
        yield
        return
    with pghistory.context() as told:
        before = dict(told.metadata)
        told.metadata.update({name: each for name, each in who.items() if name not in before})
        try:
            yield
        finally:
            told.metadata.clear()
            told.metadata.update(before)


def command_context(arguments: list[str]) -> dict[str, Any] | None:
    """What a command line says of who writes; None for programs that write for others."""
    command = arguments[1] if len(arguments) > 1 else ""
    if not command or command in SERVING or command.startswith("-"):
        return None
    return {"command": command} | ({"reading": True} if command in READING else {})


def _tell_new(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    if _program.get() is not None:
        _tell(connection)


def _tell(connection: BaseDatabaseWrapper) -> None:
    who = _program.get()
    raw = connection.connection
    if raw is None or raw.closed or raw.get_transaction_status() == TRANSACTION_STATUS_INERROR:
        # A transaction that failed takes back what was told in it.
        return
    with raw.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, %s, false)", [_SETTING, json.dumps(who) if who else ""]
        )


def _address(path: str) -> str:
    if path.startswith(_CONFIDENTIAL):
        return "/".join(path.split("/")[:3]) + "/"
    return path[:_LONGEST]
