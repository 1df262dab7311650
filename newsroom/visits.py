"""How often something was asked for lately, counted in the database for all processes alike.

The table is no model: it is unlogged, so that counting writes no log and waits for no disk, and
whatever it holds may be lost. `create_table` makes it after each migration, as Django's
`createcachetable` would make its own. That cache itself would not do: it reads and writes in turn,
so that two workers lose each other's counts, and it takes several statements where this takes one.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.db import connection, connections
from django.utils.crypto import salted_hmac

# The longest time over which anything is counted; what is older than two of it is thrown away.
LONGEST = 24 * 3600
# How rarely a visit also throws away what is old.
_SWEEPS = 2000

_TABLE = """
CREATE UNLOGGED TABLE IF NOT EXISTS newsroom_visits (
    key text NOT NULL,
    began bigint NOT NULL,
    visits integer NOT NULL,
    PRIMARY KEY (key, began)
)
"""
# A visit that is refused is not counted: who goes on asking is let in as soon as who waits.
_COUNT = """
WITH earlier AS (
    SELECT COALESCE(
        (SELECT visits FROM newsroom_visits WHERE key = %(key)s AND began = %(before)s), 0
    ) AS visits
), this AS (
    INSERT INTO newsroom_visits AS v (key, began, visits)
    SELECT %(key)s, %(began)s, 1 FROM earlier WHERE 1 + visits * %(reach)s <= %(limit)s + 1e-6
    ON CONFLICT (key, began) DO UPDATE SET visits = v.visits + 1
    WHERE v.visits + 1 + (SELECT visits FROM earlier) * %(reach)s <= %(limit)s + 1e-6
    RETURNING visits
)
SELECT
    EXISTS (SELECT FROM this),
    COALESCE((SELECT visits FROM newsroom_visits WHERE key = %(key)s AND began = %(began)s), 0),
    (SELECT visits FROM earlier)
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of counting: `wait` is 0, or the seconds after which to ask again."""

    wait: int


def create_table(using: str = "default", **_: Any) -> None:
    """Make the table where it is missing; a receiver of `post_migrate`."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('newsroom_visits')")
        if cursor.fetchone() == (None,):
            cursor.execute(_TABLE)


def stand_in(kind: str, who: str) -> str:
    """A key for the table from which nobody can be told."""
    return f"{kind}:{salted_hmac(f'visits {kind}', who, algorithm='sha256').hexdigest()[:32]}"


def count(key: str, limit: int, seconds: int, *, now: float | None = None) -> Visit:
    """Count a visit, of which there may be `limit` in any `seconds`: one statement.

    The time before is counted in proportion to what of it lies within reach, so that nobody gets
    twice the limit around the turn of a minute. A limit of 0 means none.
    """
    if not limit:
        return Visit(0)
    now = time.time() if now is None else now
    began = int(now // seconds) * seconds
    passed = (now - began) / seconds
    values: dict[str, Any] = {"key": key, "began": began, "before": began - seconds}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values | {"reach": 1 - passed, "limit": limit})
        is_let_in, these, earlier = cursor.fetchone()
        if random.randrange(_SWEEPS) == 0:  # noqa: S311 - nothing depends on who draws it
            cursor.execute("DELETE FROM newsroom_visits WHERE began < %s", [now - 2 * LONGEST])
    return Visit(0 if is_let_in else _wait(these, earlier, limit, seconds, passed))


def _wait(these: int, earlier: int, limit: int, seconds: int, passed: float) -> int:
    """Seconds until one more visit fits, if none comes meanwhile."""
    # What others of the same address did in this very moment may not be in the counts yet.
    if earlier and these < limit:
        fits = 1 - (limit - these - 1) / earlier
    else:
        fits = 2 - (limit - 1) / max(these, 1)
    return max(ceil((fits - passed) * seconds), 1)
