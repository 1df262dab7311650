"""Doing several things at the same moment, each by its own connection as requests do."""

from __future__ import annotations

import threading
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
