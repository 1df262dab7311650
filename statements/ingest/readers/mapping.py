"""Which column or key of a table holds which field of an article."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from statements.ingest.documents import Document, Facts, Refusal
from statements.ingest.readers.dates import not_understood, understood
from statements.ingest.readers.markup import text_of_html
from statements.ingest.readers.reading import Reading, Refused, made
from statements.ingest.readers.texts import one_line

FIELDS = ("title", "text", "date", "outlet", "byline", "url")

# Headers as newsrooms and their tools write them, best first; compared without case and signs.
_HEADERS = {
    "title": "title headline head heading articletitle titel titre titulo",
    "text": "text fulltext body content articletext articlebody article bodytext maintext plaintext"
    " cleanedtext contenttext story transcript texte texto",
    "date": "published publishedon publisheddate publicationdate publishdate datepublished"
    " datepublish publishedat pubdate date issued datum fecha",
    "outlet": "outlet publication newspaper publisher source sourcename sitename medium media site"
    " journal zeitung",
    "byline": "byline author authors creator writer journalist reporter autor auteur",
    "url": "url link address permalink canonicalurl weburl sourceurl href",
}
HEADERS = {field: words.split() for field, words in _HEADERS.items()}

_MARKED = re.compile(r"</(?:p|div|br|a|b|i|em|strong|span|h[1-6])>|<br\s*/?>|<p>", re.IGNORECASE)
LONGEST_SHOWN = 12


def plain(header: str) -> str:
    """A header without case, accents, blanks and signs."""
    letters = unicodedata.normalize("NFKD", header.casefold())
    return "".join(char for char in letters if char.isalnum())


def guessed(columns: Iterable[str]) -> dict[str, str]:
    """The column of each field that a header names; a column is taken for one field at most."""
    by_word: dict[str, str] = {}
    for column in columns:
        if column:
            by_word.setdefault(plain(column), column)
    found: dict[str, str] = {}
    for field, words in HEADERS.items():
        for word in words:
            # `source.name` of a record is its outlet as `source` is.
            match = by_word.get(word) or by_word.get(f"{word}name")
            if match and match not in found.values():
                found[field] = match
                break
    return found


def mapped(columns: list[str], given: Mapping[str, str]) -> dict[str, str]:
    """The column of each field: as given, the rest guessed.

    Raises Refused when a column that is given is not there, or none is known to hold the text.
    """
    shown = ", ".join(column[:40] for column in columns[:LONGEST_SHOWN] if column) or "none"
    found = {}
    for field, column in given.items():
        if field not in FIELDS:
            raise Refused(f"“{field[:40]}” is no field; map one of {', '.join(FIELDS)}.")
        match = next((each for each in columns if each == column), None) or next(
            (each for each in columns if plain(each) == plain(column)), None
        )
        if match is None:
            raise Refused(f"It has no column “{column[:40]}”; its columns are: {shown}.")
        found[field] = match
    taken = set(found.values())
    for field, column in guessed(each for each in columns if each not in taken).items():
        found.setdefault(field, column)
    if "text" not in found:
        raise Refused(
            f"None of its columns is known to hold the text of the articles; "
            f"say which one does. Its columns are: {shown}."
        )
    return found


def row_document(
    name: str,
    place: str,
    row: Mapping[str, Any],
    columns: Mapping[str, str],
    reading: Reading,
    *,
    format: str,  # noqa: A002
    encoding: str = "",
    notes: tuple[str, ...] = (),
) -> Document | Refusal:
    """The article in one row of a table or one record, by the column of each field."""
    shown = f"{name}, {place}"
    text = row.get(columns["text"])
    if isinstance(text, list) and all(isinstance(each, str) for each in text):
        text = "\n\n".join(text)
    if text is None or text == "":
        return Refusal(shown, f"Its {columns['text']} is empty; fill it in or leave the row out.")
    if not isinstance(text, str):
        return Refusal(shown, f"Its {columns['text']} is no text; map the column that holds it.")
    size = len(text.encode(errors="replace"))
    if size <= 2 * reading.largest and _MARKED.search(text):
        text = text_of_html(text)
        notes = (*notes, "HTML tags in its text were taken out.")
    values = {field: words(row.get(column)) for field, column in columns.items() if field != "text"}
    published = None
    if "date" in columns and row.get(columns["date"]) not in (None, ""):
        published = understood(row[columns["date"]], reading.date_order)
        if not published:
            where = f"column {columns['date']}"
            notes = (*notes, not_understood(row[columns["date"]], where))
    own = Facts(
        title=values.get("title", ""),
        published=published,
        published_basis=f"The column “{columns['date']}” of the import." if published else "",
        outlet=values.get("outlet", "")[:200],
        byline=values.get("byline", ""),
        url=address(values.get("url", "")),
    )
    return made(
        shown, text, size, own, reading, format=format, encoding=encoding, notes=notes, many=True
    )


def words(value: Any) -> str:
    """A name or title in whatever shape it comes: text, a list of names, an object with a name."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(words, value[:20])))
    if isinstance(value, dict):
        return next((words(value[key]) for key in ("name", "title", "value") if value.get(key)), "")
    if isinstance(value, bool | float) or value is None:
        return ""
    return one_line(str(value) if isinstance(value, int) else value)


def address(url: str) -> str:
    """The address, when it is one that a page may link to."""
    url = url.strip()
    if not re.match(r"https?://[^\s<>\"]+$", url):
        return ""
    try:
        return url if urlsplit(url).hostname else ""
    except ValueError:
        return ""


def columns_of(records: Iterable[Mapping[str, Any]], deepest: int) -> list[str]:
    """The keys of some records as dotted paths, in the order met."""
    found: dict[str, None] = {}

    def add(record: Mapping[str, Any], before: str, depth: int) -> None:
        for key, value in record.items():
            path = f"{before}{key}"
            found.setdefault(path, None)
            if isinstance(value, dict) and depth < deepest:
                add(value, f"{path}.", depth + 1)

    for record in records:
        add(record, "", 1)
    return list(found)


def at_path(record: Mapping[str, Any], path: str) -> Any:
    """What a record holds at a dotted path; a key that itself has full stops is found too."""
    if path in record:
        return record[path]
    first, _, rest = path.partition(".")
    inner = record.get(first)
    return at_path(inner, rest) if rest and isinstance(inner, dict) else None


def shortened(value: object) -> str:
    """A value as a preview shows it."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 200 else f"{text[:199]}…"
