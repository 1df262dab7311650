"""Tables: CSV, TSV and Excel, each row an article."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from statements.ingest.documents import Document, Refusal
from statements.ingest.readers import limits
from statements.ingest.readers.archives import check_package
from statements.ingest.readers.encodings import Decoded, decoded
from statements.ingest.readers.mapping import mapped, row_document
from statements.ingest.readers.reading import Reading, Refused

SEPARATORS = (",", ";", "\t", "|")
# The most that a cell of Excel holds: a longer text was cut off when it was put there.
LONGEST_EXCEL_CELL = 32_767

# The module's own limit is far below a long article.
csv.field_size_limit(limits.LARGEST_FILE)


Rows = Iterator[tuple[str, list[Any]]]


def read_csv(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The articles in the rows of a CSV or TSV file, whose first row has the headers."""
    found, rows = _csv_rows(raw, reading)
    yield from _articles(
        name, rows, reading, format="csv", encoding=found.encoding, notes=found.notes
    )


def csv_columns(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The headers of a CSV file, one a line."""
    yield Document(name, "\n".join(_headers(_csv_rows(raw, reading)[1])), len(raw))


def read_xlsx(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The articles in the rows of the first sheet that has any."""
    rows, notes = _xlsx_rows(raw)
    yield from _articles(name, rows, reading, format="xlsx", notes=notes)


def xlsx_columns(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The headers of an Excel file, one a line."""
    yield Document(name, "\n".join(_headers(_xlsx_rows(raw)[0])), len(raw))


def _csv_rows(raw: bytes, reading: Reading) -> tuple[Decoded, Rows]:
    found = decoded(raw, reading.encoding)
    rows = csv.reader(io.StringIO(found.text, newline=""), delimiter=separator_of(found.text))
    return found, ((f"line {rows.line_num}", row) for row in rows if any(row))


def _xlsx_rows(raw: bytes) -> tuple[Rows, tuple[str, ...]]:
    check_package(raw)
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        # What the sheet says of its own size may be a million empty rows.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True, max_col=limits.MOST_COLUMNS + 1)
        numbered = ((f"row {number}", list(row)) for number, row in enumerate(rows, 1) if any(row))
        first = next(numbered, None)
        if first:
            others = len(book.worksheets) > 1
            notes = (f"Only the sheet “{sheet.title}” was read.",) if others else ()
            return chain([first], numbered), notes
    raise Refused("Its sheets are empty; check that the right file was saved.")


def _headers(rows: Rows) -> list[str]:
    headers = next((row for _, row in rows), None)
    if headers is None:
        raise Refused("It is empty; check that the right file was saved.")
    # A sheet of Excel is cut at one column more than it may have.
    if len(headers) > limits.MOST_COLUMNS and headers[-1]:
        raise Refused(f"It has more than {limits.MOST_COLUMNS} columns; check what separates them.")
    names = [" ".join(str(each).split()) if each is not None else "" for each in headers]
    while names and not names[-1]:
        names.pop()
    return names


def separator_of(text: str) -> str:
    """What separates the cells: the sign that gives the first rows the same number of cells."""
    lines = text[:100_000]
    best, most = ",", 0
    for separator in SEPARATORS:
        rows = csv.reader(io.StringIO(lines, newline=""), delimiter=separator)
        widths = [len(row) for row in islice(rows, 20) if row]
        if not widths or widths[0] < 2:
            continue
        agreeing = sum(width == widths[0] for width in widths)
        # Rows that agree count for more than cells: a comma also stands inside texts.
        score = agreeing * 1_000 // len(widths) + widths[0]
        if score > most:
            best, most = separator, score
    return best


def _articles(
    name: str,
    rows: Rows,
    reading: Reading,
    *,
    format: str,  # noqa: A002
    encoding: str = "",
    notes: tuple[str, ...] = (),
) -> Iterator[Document | Refusal]:
    names = _headers(rows)
    columns = mapped(names, reading.mapping)
    count = 0
    for place, row in rows:
        count += 1
        if count > limits.MOST_DOCUMENTS:
            yield Refusal(
                f"{name}, from {place}",
                f"It has more than {limits.MOST_DOCUMENTS:,} rows; split it and import the rest.",
            )
            return
        if len(row) > len(names) and any(row[len(names) :]):
            yield Refusal(
                f"{name}, {place}",
                f"The row has {len(row)} cells for {len(names)} columns; "
                "put quotation marks around cells that hold the separator.",
            )
            continue
        # Of two columns of one name the first counts.
        values = dict(reversed(list(zip(names, row, strict=False))))
        cut = format == "xlsx" and len(str(values.get(columns["text"]) or "")) == LONGEST_EXCEL_CELL
        more = ("Its text fills an Excel cell: the rest of it may be missing.",) if cut else ()
        yield row_document(
            name,
            place,
            values,
            columns,
            reading,
            format=format,
            encoding=encoding,
            notes=(*(notes if count == 1 else ()), *more),
        )
    if not count:
        raise Refused("It has headers and no rows; check that the right file was saved.")
