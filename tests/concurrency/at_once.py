"""Doing several things at the same moment, each by its own connection as requests do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

# Longer than any lock may be waited for: what takes so long waits for ever.
PATIENCE = 60


def at_once(*doing: Callable[[], Any]) -> list[Any]:
    """What each came to, after all began together; an exception of one is raised here."""
    begin = threading.Barrier(len(doing))

    def run(one: Callable[[], Any]) -> Any:
        try:
            begin.wait(timeout=PATIENCE)
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doing)) as pool:
        futures = [pool.submit(run, each) for each in doing]
        return [each.result(timeout=PATIENCE) for each in futures]


def one_after_the_other(steps: Sequence[Callable[[], Any]]) -> Callable[[], list[Any]]:
    """All of the steps, as one person does them."""
    return lambda: [step() for step in steps]


def signed_in(user: User) -> Client:
    """A browser of this user, which sees an error page where something fails."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def wait_until_one_waits() -> None:
    """Until another connection to this database waits for a lock, as one that this one holds."""
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while True:
            cursor.execute("""
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
            """)
            # Within a transaction the first look is kept unless it is thrown away.
            (waiting,) = cursor.fetchone() or (0,)
            if waiting:
                return
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            assert time.monotonic() < deadline, "Nobody came to wait."
            time.sleep(0.01)
