"""The whole database as values, to see that nothing but what is meant has changed."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection

from statements.models import IdentityEvent


def everything() -> dict[str, list[dict[str, Any]]]:
    """Each row of each of our tables, except the ledger."""
    tables: dict[str, list[dict[str, Any]]] = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("statements").get_models(include_auto_created=True):
            table = model._meta.db_table
            if model is IdentityEvent:
                continue
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY id')  # noqa: S608
            names = [column[0] for column in cursor.description]
            tables[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return tables
