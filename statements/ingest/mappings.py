"""How files of a draft are read: by their columns, encoding and dates, as somebody says of them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence

from django.db import transaction

from statements.ingest.desk_bounds import DeskBounds
from statements.ingest.importing import add_documents
from statements.ingest.readers import Preview, Reading, preview, read_bytes
from statements.models import ColumnMapping, ImportBatch, ImportFile, ImportItem

Outcome = ImportItem.Outcome


def reading_of(batch: ImportBatch) -> Reading:
    """What was said about all files of the batch."""
    return Reading.from_json(batch.reading) if batch.reading else Reading()


def as_remembered(name: str, content: bytes, reading: Reading) -> Reading:
    """The reading with the columns that somebody gave for a table with the same headers."""
    if reading.mapping:
        return reading
    known = remembered(preview(name, content, reading, first=0).columns)
    if known is None:
        return reading
    order = reading.date_order or known.date_order
    return dataclasses.replace(reading, mapping=known.mapping, date_order=order)


def remembered(columns: Sequence[str]) -> ColumnMapping | None:
    """What was last said of a table with these headers, if anything."""
    if not columns:
        return None
    return ColumnMapping.objects.filter(headers_hash=_hash(columns)).first()


def look(
    batch: ImportBatch, file: ImportFile, *, mapping: Mapping[str, str], encoding: str, order: str
) -> Preview:
    """The first documents of a file as they would be read so; nothing is changed."""
    return preview(
        _name(batch, file), bytes(file.content), _reading(batch, mapping, encoding, order)
    )


@transaction.atomic
def read_again(
    batch: ImportBatch, file: ImportFile, *, mapping: Mapping[str, str], encoding: str, order: str
) -> int:
    """Put what the file holds, read so, in the place of its items; returns how many there are.

    Somebody waits for it, so that it is bounded as the upload was.
    What was said of its columns is remembered for the next table with the same headers.
    """
    ImportBatch.objects.select_for_update().get(pk=batch.pk)
    name, content = _name(batch, file), bytes(file.content)
    reading = _reading(batch, mapping, encoding, order)
    found = list(DeskBounds().within(read_bytes(name, content, reading)))
    batch.items.filter(file=file, outcome__in=(Outcome.WAITING, Outcome.REJECTED)).delete()
    count = add_documents(batch, found, file=file, file_name=name)
    columns = preview(name, content, reading, first=0).columns
    if columns and mapping:
        ColumnMapping.objects.update_or_create(
            headers_hash=_hash(columns),
            defaults={"headers": list(columns), "mapping": dict(mapping), "date_order": order},
        )
    return count


def _reading(batch: ImportBatch, mapping: Mapping[str, str], encoding: str, order: str) -> Reading:
    return dataclasses.replace(
        reading_of(batch), mapping=dict(mapping), encoding=encoding, date_order=order
    )


def _name(batch: ImportBatch, file: ImportFile) -> str:
    names = batch.items.filter(file=file).values_list("file_name", "name")
    file_name, name = names.order_by("pk").first() or ("", "")
    return file_name or name


def _hash(columns: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(list(columns)).encode()).hexdigest()
