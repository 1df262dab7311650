"""What the name of a file says about the article in it, by a pattern with plain field names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from statements.ingest.documents import Facts
from statements.ingest.readers.dates import not_understood, understood
from statements.ingest.readers.texts import one_line

FIELDS = ("date", "outlet", "title", "byline", "skip")
LONGEST_PATTERN = 300
LONGEST_NAME = 1_000

_PIECES = re.compile(r"\{([^{}]*)\}")
# A date may hold the very characters that separate the fields.
_DATE = re.compile(r"\d{4}[-_. ]\d{1,2}[-_. ]\d{1,2}|\d{1,2}[-_. ]\d{1,2}[-_. ]\d{4}|\d{8}")


class BadPattern(ValueError):
    """A pattern that cannot be used; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A compiled pattern such as `{date}_{outlet}_{title}.txt`.

    A field ends where the text that follows it in the pattern first occurs, so reading a name
    takes no longer than the name is long, whatever the pattern.
    """

    pattern: str
    # Texts around the fields: one more than there are fields.
    between: tuple[str, ...]
    fields: tuple[str, ...]

    @classmethod
    def of(cls, pattern: str) -> NamePattern:
        """The compiled pattern; raises BadPattern."""
        return _compiled(pattern)

    def read(self, name: str, date_order: str = "") -> tuple[Facts, tuple[str, ...]]:
        """What the name says, and notes on what could not be made out."""
        values = self.match(name)
        if values is None:
            return Facts(), (f"Its name does not fit the pattern {self.pattern}.",)
        notes: tuple[str, ...] = ()
        facts: dict[str, Any] = {}
        for field, value in values.items():
            if field == "date":
                published = understood(re.sub(r"[_ ]", "-", value), date_order)
                if published:
                    facts["published"] = published
                    facts["published_basis"] = "The name of the file."
                else:
                    notes = (not_understood(value, "in the file name"),)
            elif field != "skip":
                facts[field] = one_line(value if " " in value else value.replace("_", " "))
        return Facts(**facts), notes

    def match(self, name: str) -> dict[str, str] | None:
        """The text of each field, or None when the name does not fit."""
        levels = self.pattern.count("/") + 1
        parts = name.replace("\\", "/").split("/")
        rest = "/".join(parts[-levels:])[:LONGEST_NAME]
        if self.between[-1] == "" and "." in parts[-1].strip("."):
            # A pattern that ends in a field is about the name without its extension.
            rest = rest[: rest.rindex(".")]
        if not rest.startswith(self.between[0]):
            return None
        rest = rest[len(self.between[0]) :]
        values: dict[str, str] = {}
        for place, field in enumerate(self.fields):
            end = self._end(rest, place)
            if end is None or not rest[:end].strip():
                return None
            values[field] = rest[:end]
            rest = rest[end + len(self.between[place + 1]) :]
        return values

    def _end(self, rest: str, place: int) -> int | None:
        following = self.between[place + 1]
        if place == len(self.fields) - 1:
            if not rest.endswith(following):
                return None
            return len(rest) - len(following)
        found = _DATE.match(rest) if self.fields[place] == "date" else None
        if found and rest.startswith(following, found.end()):
            return found.end()
        end = rest.find(following)
        return None if end < 0 else end


@cache
def _compiled(pattern: str) -> NamePattern:
    if len(pattern) > LONGEST_PATTERN:
        raise BadPattern(f"The pattern is longer than {LONGEST_PATTERN} characters; shorten it.")
    pieces = _PIECES.split(pattern)
    between, fields = tuple(pieces[::2]), tuple(pieces[1::2])
    known = ", ".join(f"{{{field}}}" for field in FIELDS)
    if not fields:
        raise BadPattern(f"The pattern names no field; use {known}.")
    if any(brace in text for text in between for brace in "{}"):
        raise BadPattern("The pattern has a brace that is not closed or opened.")
    for field in fields:
        if field not in FIELDS:
            raise BadPattern(f"The pattern has {{{field}}}; it may have {known}.")
        if field != "skip" and fields.count(field) > 1:
            raise BadPattern(f"The pattern has {{{field}}} twice; use {{skip}} for what to ignore.")
    for place, text in enumerate(between[1:-1]):
        if not text:
            raise BadPattern(
                f"Nothing stands between {{{fields[place]}}} and {{{fields[place + 1]}}}; "
                "put the character there that separates them."
            )
    return NamePattern(pattern, between, fields)
