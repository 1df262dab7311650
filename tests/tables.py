"""The whole database as values, to see that nothing but what is meant has changed."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection

from statements.models import Change, IdentityEvent, Tally

# Both only ever grow, by an undo too: that something was done and taken back stays on record.
RECORDS = (Change, IdentityEvent)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Each row of our tables but the ledger and the record of changes; of tallies the sums."""
    tables: dict[str, list[dict[str, Any]]] = {}
    order: str | None
    with connection.cursor() as cursor:
        for model in apps.get_app_config("statements").get_models(include_auto_created=True):
            table = model._meta.db_table
            # A proxy is another application's table.
            if model in RECORDS or model._meta.proxy:
                continue
            if model is Tally:
                # Sums and differences: what they come to is what counts.
                cells = "slice, month, is_draft, types, kind, stances"
                rows = f"{cells}, sum(n) AS n FROM {table} GROUP BY {cells} HAVING sum(n) <> 0"
                order = cells
            else:
                rows, order = f'* FROM "{table}"', model._meta.pk.column
            cursor.execute(f"SELECT {rows} ORDER BY {order}")
            names = [column[0] for column in cursor.description]
            tables[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return tables
