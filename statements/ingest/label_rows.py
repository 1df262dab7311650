"""One line of a file of labels, read and checked; nothing here asks the database."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn, Protocol
from uuid import UUID

from django.utils import timezone

from statements.models import StanceLabel

LONGEST_LINE = 1_000_000  # in bytes; a label with a long quote has some thousands

# A database of PostgreSQL counts so far in offsets and versions.
_LARGEST = 2**31 - 1
# Before this nobody labelled for this site; clocks of two machines may differ by the rest.
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(minutes=5)
_ANSWERS = ", ".join(StanceLabel.Label.values)
_KINDS = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a fraction",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


class Unusable(ValueError):
    """A line that cannot be imported: in which field, and what to do about it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label as a file has it, its references still by name."""

    issue: str
    editor: str
    label: str
    created_at: datetime
    uuid: UUID | None
    quote: UUID | None
    article: str
    span: tuple[int, int] | None
    is_sure: bool
    is_blind: bool
    is_adjudication: bool
    note: str
    guideline: int | None
    suggestion: tuple[str, float, str] | None
    supersedes: UUID | None
    undoes: UUID | None

    @property
    def place(self) -> tuple[str, int, int] | None:
        """Article and offsets of the quote, where the line has them all."""
        return (self.article, *self.span) if self.article and self.span else None


class _Lines(Protocol):
    def readline(self, limit: int, /) -> bytes: ...


def read_lines(file: _Lines) -> Iterator[bytes]:
    """The lines of a file; of one that is too long only so much that it is seen to be."""
    while line := file.readline(LONGEST_LINE + 1):
        yield line
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE + 1)


def read_row(line: bytes | str) -> LabelRow:
    """The label that a line holds. Raises Unusable."""
    fields = _Fields(_record(line))
    label = fields.text("label", required=True, blank=True)
    if label and label not in StanceLabel.Label.values:
        raise Unusable("label", f"“{label[:40]}” is no answer; use {_ANSWERS}.")
    row = LabelRow(
        issue=fields.text("issue", required=True),
        editor=fields.text("editor", required=True),
        label=label,
        created_at=fields.moment("created_at"),
        uuid=fields.uuid("id"),
        quote=fields.uuid("quote"),
        article=fields.sha256("article_sha256"),
        span=fields.span(),
        is_sure=fields.flag("is_sure", usual=True),
        is_blind=fields.flag("is_blind"),
        is_adjudication=fields.flag("is_adjudication"),
        note=fields.text("note", blank=True),
        guideline=fields.number("guideline"),
        suggestion=fields.suggestion(),
        supersedes=fields.uuid("supersedes"),
        undoes=fields.uuid("undoes"),
    )
    if row.quote is None and row.place is None:
        raise Unusable(
            "quote", "Give the quote's id, or article_sha256, start and end of its place."
        )
    if row.is_adjudication:
        _check_decision(row)
    elif not row.label and row.undoes is None:
        raise Unusable("label", f"An empty one takes back what “undoes” names. Else: {_ANSWERS}.")
    return row


def _check_decision(row: LabelRow) -> None:
    if not row.note.strip():
        raise Unusable("note", "An adjudication needs its reason here.")
    if not row.label:
        raise Unusable("label", f"An adjudication needs an answer: {_ANSWERS}.")
    if row.undoes:
        raise Unusable("undoes", "An adjudication takes nothing back; leave it out.")


def _record(line: bytes | str) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise Unusable("", f"It is longer than {LONGEST_LINE:,} bytes; a label never is.")
    if isinstance(line, bytes):
        try:
            line = line.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Unusable("", "It is not UTF-8. Save the file in that encoding.") from None
    try:
        record = json.loads(line.removeprefix("\ufeff"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unusable(
            "", "It is not JSON. Each line is an object as the export writes it."
        ) from None
    if not isinstance(record, dict):
        raise Unusable("", f"It is {_kind(record)}. Each line is an object in braces.")
    return record


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _kind(value: object) -> str:
    return _KINDS[type(value)]


class _Fields:
    """The values of a line, each of the type that its name asks for."""

    def __init__(self, record: dict[str, Any]) -> None:
        self._record = record

    def _get(self, name: str, kind: type, *, required: bool = False) -> Any:
        value = self._record.get(name)
        if value is None:
            if required:
                raise Unusable(name, f"It is missing; it holds {_kind(kind())}.")
            return None
        # A bool is an int in Python, but not in a file.
        if type(value) is not kind:
            raise Unusable(name, f"It is {_kind(value)}; it holds {_kind(kind())}.")
        return value

    def text(self, name: str, *, required: bool = False, blank: bool = False) -> str:
        value: str = self._get(name, str, required=required) or ""
        if "\0" in value:
            raise Unusable(name, "It holds a NUL character; take that out.")
        if any("\ud800" <= each <= "\udfff" for each in value):
            raise Unusable(name, "It holds half a character (a lone surrogate); take that out.")
        if required and not blank and not value.strip():
            raise Unusable(name, "It is empty.")
        return value

    def flag(self, name: str, *, usual: bool = False) -> bool:
        value: bool | None = self._get(name, bool)
        return usual if value is None else value

    def number(self, name: str) -> int | None:
        value: int | None = self._get(name, int)
        if value is not None and not 0 <= value <= _LARGEST:
            raise Unusable(name, f"It is no number from 0 to {_LARGEST:,}.")
        return value

    def uuid(self, name: str) -> UUID | None:
        value = self.text(name)
        try:
            return UUID(value) if value else None
        except ValueError:
            raise Unusable(name, f"“{value[:40]}” is no id; take it from an export.") from None

    def sha256(self, name: str) -> str:
        value = self.text(name).lower()
        if value and not re.fullmatch("[0-9a-f]{64}", value):
            raise Unusable(name, "It is no SHA-256 of a text: 64 digits from 0 to f.")
        return value

    def span(self) -> tuple[int, int] | None:
        start, end = self.number("start"), self.number("end")
        if start is None or end is None:
            return None
        if start >= end:
            raise Unusable("end", f"The quote would end at {end}, not behind its start at {start}.")
        return start, end

    def moment(self, name: str) -> datetime:
        value = self.text(name, required=True)
        example = "2026-01-31T09:30:00+00:00"
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise Unusable(name, f"“{value[:40]}” is no time such as {example}.") from None
        if moment.tzinfo is None:
            raise Unusable(name, f"It has no time zone; write it like {example}.")
        if not _EARLIEST <= moment <= timezone.now() + _CLOCKS_DIFFER:
            raise Unusable(name, f"“{value[:40]}” cannot be; the years from 1990 to now can.")
        return moment.astimezone(UTC)

    def suggestion(self) -> tuple[str, float, str] | None:
        """What was on the screen: answer ("" when it abstained), confidence, method."""
        method = self.text("suggestion_method")
        label = self.text("suggestion_label")
        confidence = self._record.get("suggestion_confidence")
        if label and label not in StanceLabel.Label.values:
            raise Unusable("suggestion_label", f"“{label[:40]}” is no answer; use {_ANSWERS}.")
        if confidence is not None and (
            type(confidence) not in (int, float) or not 0 <= confidence <= 1
        ):
            raise Unusable("suggestion_confidence", "It is no number from 0 to 1.")
        if len(method) > 40:
            raise Unusable("suggestion_method", "It is longer than 40 characters.")
        return (label, float(confidence or 0), method) if method else None
