"""Rows into tables by PostgreSQL's COPY, past the cost of a statement each."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import connection, models

# Rows that are sent at once: enough to make a statement cheap, few enough to keep in memory.
_AT_ONCE = 500


def next_keys(model: type[models.Model], count: int) -> list[int]:
    """So many primary keys of the model that nobody else gets."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [key for (key,) in cursor.fetchall()]


def copy_rows[M: models.Model](model: type[M], rows: Iterable[M]) -> None:
    """Store new rows that have their primary keys; triggers and constraints hold as ever."""
    fields = [each for each in model._meta.local_concrete_fields if not each.generated]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(each.column)) for each in fields)
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.cursor() as cursor:
        for some in batched(rows, _AT_ONCE):
            lines = io.StringIO("".join(_line(fields, row) for row in some))
            with connection.wrap_database_errors:
                cursor.copy_expert(statement, lines, 1 << 20)


def _line(fields: Sequence[models.Field[Any, Any]], row: models.Model) -> str:
    return "\t".join([_column(each, each.pre_save(row, add=True)) for each in fields]) + "\n"


def _column(field: models.Field[Any, Any], value: object) -> str:
    if isinstance(value, str) and not isinstance(field, models.JSONField):
        # Quicker than a table of characters, of which most texts have none.
        escaped = value.replace("\\", "\\\\").replace("\t", "\\t")
        return escaped.replace("\n", "\\n").replace("\r", "\\r")
    if value is None:
        return "\\N"
    if isinstance(field, models.JSONField):
        return json.dumps(value).replace("\\", "\\\\")
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | float | UUID):
        return repr(value) if isinstance(value, float) else str(value)
    raise TypeError(f"{field} holds {value!r}, which is not known how to copy")
