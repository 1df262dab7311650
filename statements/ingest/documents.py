"""What an import reads, each a document or a refusal, and what is known of it."""

from __future__ import annotations

import textwrap
import tomllib
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

# The first line counts as a title when it is no longer than this and a blank line follows.
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a document besides its text; what is not known is empty."""

    title: str = ""
    published: date | None = None
    published_basis: str = ""
    outlet: str = ""
    byline: str = ""
    url: str = ""
    fiction: bool = False
    note: str = ""

    def or_else(self, other: Facts) -> Facts:
        """These facts, with what is missing taken from `other`."""
        names = [name for name in self.__dataclass_fields__ if not getattr(self, name)]
        facts = replace(self, **{name: getattr(other, name) for name in names})
        # Where a date comes from is said of that date alone.
        if self.published:
            return replace(facts, published_basis=self.published_basis)
        if other.published:
            return replace(facts, published_basis=other.published_basis)
        return facts


@dataclass(frozen=True, slots=True)
class Document:
    """A text ready to be stored: line ends are LF, no byte order mark or control character is left.

    `format` and `encoding` say how it was read; `notes` are sentences for the person who imports:
    what was not understood, and what deserves a look.
    """

    name: str
    text: str
    size: int
    facts: Facts = field(default_factory=Facts)
    format: str = ""
    encoding: str = ""
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The title given, else the first line when it stands alone, else the first words."""
        if self.facts.title:
            return self.facts.title
        first, _, rest = self.text.strip().partition("\n")
        if len(first) <= LONGEST_TITLE and (not rest or rest.startswith("\n")):
            return first.strip()
        return textwrap.shorten(first, 80, placeholder="…")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document that cannot be taken, and why, in a sentence that says what to do."""

    name: str
    reason: str
    size: int = 0


class UnreadableSidecar(ValueError):
    """A sidecar file that is no TOML or has a field that cannot be used."""


def read_sidecar(path: Path) -> Facts:
    """The facts in a sidecar file; nothing when there is none.

    Raises UnreadableSidecar, whose message names the file, the field and what it takes.
    """
    try:
        return sidecar_facts(path.name, path.read_bytes())
    except FileNotFoundError:
        return Facts()
    except OSError as error:
        raise UnreadableSidecar(
            f"Its sidecar {path.name} cannot be read: {error.strerror}; check its permissions."
        ) from None


def sidecar_facts(name: str, raw: bytes) -> Facts:
    """The facts in a sidecar of this name; raises UnreadableSidecar."""
    try:
        values = tomllib.loads(raw.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableSidecar(f"Its sidecar {name} is not valid TOML: {error}.") from None
    return _facts(name, values)


def _facts(name: str, values: dict[str, Any]) -> Facts:
    kinds = {"published": date, "fiction": bool}
    for key, value in values.items():
        if key not in Facts.__dataclass_fields__:
            known = ", ".join(Facts.__dataclass_fields__)
            raise UnreadableSidecar(f"Its sidecar {name} has “{key}”; it may have: {known}.")
        kind = kinds.get(key, str)
        if type(value) is not kind:
            wanted = {date: "a date like 2022-09-01", bool: "true or false"}.get(kind, "text")
            raise UnreadableSidecar(f"Its sidecar {name}: “{key}” must be {wanted}.")
    return Facts(**values)
