"""Records: JSON and JSON lines, each object an article."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from statements.ingest.documents import Document, Refusal
from statements.ingest.readers import limits
from statements.ingest.readers.encodings import Decoded, decoded
from statements.ingest.readers.mapping import at_path, columns_of, mapped, row_document
from statements.ingest.readers.reading import Reading, Refused

# As many records are looked at for the keys that they have.
LOOKED_AT = 50


Records = Iterable[tuple[int, Any]]


def read_json(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The articles in a list of objects, in an object that holds one such list, or in one."""
    found, records = _json_records(raw, reading)
    yield from _articles(name, records, "record", reading, found, "json")


def read_jsonl(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The articles in the lines of a file, each an object."""
    found, records = _jsonl_records(raw, reading)
    yield from _articles(name, records, "line", reading, found, "jsonl")


def json_columns(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The keys of the first records as dotted paths, one a line."""
    first = list(islice(_json_records(raw, reading)[1], LOOKED_AT))
    yield Document(name, "\n".join(_keys(first)), len(raw))


def jsonl_columns(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The keys of the first lines as dotted paths, one a line."""
    first = list(islice(_jsonl_records(raw, reading)[1], LOOKED_AT))
    yield Document(name, "\n".join(_keys(first)), len(raw))


def _json_records(raw: bytes, reading: Reading) -> tuple[Decoded, Records]:
    found = decoded(raw, reading.encoding)
    try:
        value = json.loads(found.text)
    except RecursionError:
        raise Refused("It is nested too deeply; export the articles as a plain list.") from None
    except ValueError as error:
        place = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Refused(f"It is not valid JSON{place}; export it again.") from None
    return found, enumerate(_list_in(value), 1)


def _jsonl_records(raw: bytes, reading: Reading) -> tuple[Decoded, Records]:
    found = decoded(raw, reading.encoding)
    lines = ((n, line) for n, line in enumerate(found.text.split("\n"), 1) if line.strip())
    return found, ((number, _line(line)) for number, line in lines)


class _Broken:
    """A line that is no JSON."""


def _line(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return _Broken()


def _list_in(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        lists = {
            key: each
            for key, each in value.items()
            if isinstance(each, list) and each and all(isinstance(item, dict) for item in each)
        }
        own = {key: each for key, each in value.items() if isinstance(each, str)}
        if len(lists) == 1 and not own.keys() & {"text", "body", "content", "articleBody"}:
            return next(iter(lists.values()))
        if len(lists) > 1 and len(own) < len(lists):
            names = ", ".join(list(lists)[:5])
            raise Refused(f"It has several lists ({names}); keep the one with the articles.")
        return [value]
    raise Refused("It holds no list of articles; export them as a list of objects.")


def _keys(first: list[tuple[int, Any]]) -> list[str]:
    objects = [record for _, record in first if isinstance(record, dict)]
    if not first:
        raise Refused("It is empty; check that the right file was saved.")
    if not objects:
        raise Refused("It holds no objects with named values; export the articles as objects.")
    return columns_of(objects, limits.DEEPEST_KEY)[: limits.MOST_COLUMNS]


def _articles(
    name: str,
    records: Records,
    word: str,
    reading: Reading,
    found: Decoded,
    format_: str,
) -> Iterator[Document | Refusal]:
    rest = iter(records)
    first = list(islice(rest, LOOKED_AT))
    names = _keys(first)
    columns = mapped(names, reading.mapping)
    count = 0
    for batch in (first, rest):
        for number, record in batch:
            count += 1
            if count > limits.MOST_DOCUMENTS:
                yield Refusal(
                    f"{name}, from {word} {number}",
                    f"It has more than {limits.MOST_DOCUMENTS:,} records; "
                    "split it and import the rest.",
                )
                return
            if not isinstance(record, dict):
                what = "not valid JSON" if isinstance(record, _Broken) else "no object"
                reason = f"This {word} is {what}; export it again or leave it out."
                yield Refusal(f"{name}, {word} {number}", reason)
                continue
            yield row_document(
                name,
                f"{word} {number}",
                {path: at_path(record, path) for path in columns.values()},
                columns,
                reading,
                format=format_,
                encoding=found.encoding,
                notes=found.notes if count == 1 else (),
            )
