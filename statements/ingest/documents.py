"""Reading what is to be imported: files, folders and pasted text, each a document or a refusal."""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

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
        names = self.__dataclass_fields__
        return replace(
            self, **{name: getattr(other, name) for name in names if not getattr(self, name)}
        )


@dataclass(frozen=True, slots=True)
class Document:
    """A text ready to be stored: line ends are LF and no byte order mark is left."""

    name: str
    text: str
    size: int
    facts: Facts = field(default_factory=Facts)

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


def read_paths(paths: Iterable[Path], facts: Facts | None = None) -> Iterator[Document | Refusal]:
    """The documents of these files and of the .txt files in these folders, in order of name.

    A file's sidecar (`name.toml` beside `name.txt`) says what is known of it; `facts` fills in
    what the sidecar leaves out.
    """
    for path in paths:
        if path.is_dir():
            found = sorted(each for each in path.rglob("*.txt") if each.is_file())
            if not found:
                yield Refusal(str(path), "The folder holds no .txt file; put the articles there.")
            for each in found:
                yield read_file(each, facts)
        else:
            yield read_file(path, facts)


def read_file(path: Path, facts: Facts | None = None) -> Document | Refusal:
    """The document in one file, with its sidecar's facts."""
    name = str(path)
    try:
        size = path.stat().st_size
        if path.suffix.lower() != ".txt":
            return Refusal(name, "Only .txt files are read; save the article as plain text.", size)
        if size > settings.NEWSROOM_MAX_DOCUMENT:
            return Refusal(name, _too_large(size), size)
        known = read_sidecar(path.with_suffix(".toml"))
        raw = path.read_bytes()
    except FileNotFoundError:
        return Refusal(name, "There is no such file or folder; check the path.")
    except UnreadableSidecar as error:
        return Refusal(name, str(error))
    except OSError as error:
        return Refusal(name, f"It cannot be read: {error.strerror}; check its permissions.")
    return read_bytes(name, raw, known.or_else(facts) if facts else known)


def read_bytes(name: str, raw: bytes, facts: Facts | None = None) -> Document | Refusal:
    """The document in these bytes, which must be UTF-8 text within the size limit."""
    size = len(raw)
    if size > settings.NEWSROOM_MAX_DOCUMENT:
        return Refusal(name, _too_large(size), size)
    if b"\0" in raw:
        return Refusal(
            name, "It holds binary data, not text; save the article as plain UTF-8 text.", size
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Refusal(
            name,
            f"It is not UTF-8: byte 0x{raw[error.start]:02x} at position {error.start:,} "
            "does not fit; save it as UTF-8.",
            size,
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        return Refusal(name, "It is empty; check that the right file was saved.", size)
    return Document(name, text, size, facts or Facts())


def read_sidecar(path: Path) -> Facts:
    """The facts in a sidecar file; nothing when there is none.

    Raises UnreadableSidecar, whose message names the file, the field and what it takes.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Facts()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableSidecar(f"Its sidecar {path.name} is not valid TOML: {error}.") from None
    return _facts(path.name, values)


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


def _too_large(size: int) -> str:
    limit = settings.NEWSROOM_MAX_DOCUMENT
    return (
        f"It has {size:,} bytes, more than the {limit:,} that one article may have; "
        "split it, or raise NEWSROOM_MAX_DOCUMENT."
    )
