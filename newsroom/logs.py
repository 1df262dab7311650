"""Lines of the log, for people and for programs; neither holds what people wrote or searched."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

from newsroom.request_ids import request_id, task_name

# Values of rows, addresses of readers among them, which PostgreSQL adds to what went wrong.
_DETAIL = re.compile(r"\n(?:DETAIL|CONTEXT|LINE \d+|STATEMENT):.*(?:\n[ \t]+\^)?")
# What our own lines say besides their words.
_EXTRAS = ("status", "seconds", "count")


class LineFormatter(logging.Formatter):
    """A line to read: when, how bad, who says it, of which request, and what."""

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id() or "-"
        return super().format(record)

    def formatException(self, ei: object) -> str:
        return _DETAIL.sub("", super().formatException(ei))  # type: ignore[arg-type]


class JsonFormatter(logging.Formatter):
    """One JSON object a line, with the request's id and the task where there are such."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _DETAIL.sub("", record.getMessage()),
            "process": record.process,
        }
        if identity := request_id():
            line["request_id"] = identity
        if task := task_name():
            line["task"] = task
        line |= {name: vars(record)[name] for name in _EXTRAS if name in vars(record)}
        if record.exc_info:
            line["exception"] = _DETAIL.sub("", self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)
