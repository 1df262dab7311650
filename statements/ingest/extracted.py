"""Articles with the quotations that were found in them elsewhere, read from pairs of files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from statements.ingest.documents import Document, Facts, Refusal
from statements.ingest.readers import Reading, read_text
from statements.nlp import Quotation
from statements.nlp.lines import UnfitQuotations, open_lines, quotations

_WORDS = ("title", "published_basis", "outlet", "byline", "url", "note")


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document and its quotations."""

    document: Document
    quotations: list[Quotation]


class _Unfit(ValueError):
    """A line that cannot be taken; the message says what to do."""


def read_extracted(
    articles: Path, quotes: Path, facts: Facts | None = None
) -> Iterator[Extracted | Refusal]:
    """The articles of one file, in order, with what the other file has of each, by its id.

    A line of either that cannot be used is a refusal. Raises OSError or EOFError when a file
    cannot be read to its end.
    """
    found: dict[str, Any] = {}
    for number, line in _lines(quotes):
        try:
            given = _parsed(line)
            found.setdefault(_key(given), given.get("quotes"))
        except _Unfit as error:
            yield Refusal(f"{quotes.name}, line {number}", str(error), len(line))
    asked: set[str] = set()
    nameless = False
    for number, line in _lines(articles):
        name = f"{articles.name}, line {number}"
        try:
            try:
                given = _parsed(line)
                key = _key(given)
            except _Unfit:
                nameless = True
                raise
            name = str(given["id"])
            if key not in found:
                raise _Unfit(
                    f"There is no line of this id in {quotes.name}: extract it again, "
                    "or see in the list of errors beside it why it could not be."
                )
            asked.add(key)
            yield _extracted(name, given, found[key], facts)
        except _Unfit as error:
            yield Refusal(name, str(error), len(line))
    # Where a line cannot be read, its quotations are no riddle.
    for key in () if nameless else found.keys() - asked:
        yield Refusal(
            str(json.loads(key)),
            f"{quotes.name} has its quotations, and {articles.name} has no such article: "
            "keep both files as they were when it was extracted.",
        )


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with open_lines(path) as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, line


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        given = json.loads(line.decode("utf-8-sig"))
    except ValueError as error:
        raise _Unfit(f"It is not JSON: {error}. Correct the line.") from error
    if not isinstance(given, dict):
        raise _Unfit("It is no JSON object: write one with id and text a line.")
    if b"\\ud" in line.lower():
        try:
            json.dumps(given, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise _Unfit(
                "It holds half of a character, which nothing can store: correct its text."
            ) from error
    return given


def _key(given: Mapping[str, Any]) -> str:
    if given.get("id") is None:
        raise _Unfit('It has no "id": give each article one, and extract again.')
    return json.dumps(given["id"], sort_keys=True)


def _extracted(name: str, given: Mapping[str, Any], found: Any, facts: Facts | None) -> Extracted:
    text = given.get("text")
    if not isinstance(text, str):
        raise _Unfit('It has no "text" that is a string.')
    known = _facts(given)
    known = known.or_else(facts) if facts else known
    largest = settings.NEWSROOM_MAX_DOCUMENT
    document = read_text(name, text, Reading(facts=known, largest=largest))
    if isinstance(document, Refusal):
        raise _Unfit(document.reason)
    if document.text != text:
        raise _Unfit(
            "Its line ends are not LF, or it has a byte order mark: stored without, its quotations "
            "would be at other places. Correct its text and extract again."
        )
    try:
        return Extracted(document, quotations(text, found))
    except UnfitQuotations as error:
        raise _Unfit(f"Its quotations do not fit it, {error}: extract it again.") from error


def _facts(given: Mapping[str, Any]) -> Facts:
    """What the line says of the article besides its text; other fields are passed over."""
    values: dict[str, Any] = {}
    for key in _WORDS:
        value = given.get(key)
        if value is not None and not isinstance(value, str):
            raise _Unfit(f"“{key}” must be text.")
        values[key] = value or ""
    fiction = given.get("fiction", False)
    if not isinstance(fiction, bool):
        raise _Unfit("“fiction” must be true or false.")
    return Facts(**values, published=_day(given.get("published")), fiction=fiction)


def _day(value: Any) -> date | None:
    """The day as its source wrote it; a time behind it is left out."""
    if value is None or value == "":
        return None
    try:
        return datetime.fromisoformat(value).date()
    except (TypeError, ValueError):
        raise _Unfit("“published” must be a date like 2022-09-01.") from None
