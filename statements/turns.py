"""Who has to wait for whom while identities change. Readers never do."""

from __future__ import annotations

from django.db import connection

# Any number that no other advisory lock of the application uses.
_IDENTITIES = 7_203_115


def change_identities() -> None:
    """Until the transaction ends, nobody else changes identities or gives quotes to them.

    Changes come one after the other, so that two merges crosswise can neither wait for each other
    nor make a circle. Take it before any row.
    """
    _lock("pg_advisory_xact_lock")


def rely_on_identities() -> None:
    """Until the transaction ends, no identity is merged, split or renamed.

    For whoever gives quotes, posts or issues to identities; any number may rely on them at once.
    Take it before any row.
    """
    _lock("pg_advisory_xact_lock_shared")


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_IDENTITIES])
