"""`manage.py migrate`: Django's own, made safe beside a version of the site that is at work."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# Any number that no other advisory lock of the application uses.
_MIGRATING = 7_203_117
# What PostgreSQL calls a lock that was not given in time, and two who wait for each other.
_IN_THE_WAY = ("55P03", "40P01")
_LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")


class Command(migrate.Command):
    """A change that waits for a table makes everybody after it wait too, readers among them.

    So it gives up soon, lets the others pass and comes back; what is done stays done.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--lock-timeout",
            type=float,
            default=3.0,
            metavar="SECONDS",
            help="how long a change waits for a table before it lets others pass; "
            "default: %(default)s",
        )
        parser.add_argument(
            "--tries",
            type=int,
            default=20,
            help="how often it comes back to such a table; default: %(default)s",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        seconds, tries = options["lock_timeout"], options["tries"]
        if seconds <= 0 or tries < 1:
            raise CommandError("--lock-timeout and --tries take numbers above 0.")
        connection = connections[options["database"]]
        for count in range(1, tries + 1):
            try:
                with _at_work(connection, seconds):
                    super().handle(*args, **options)
            except OperationalError as error:
                if getattr(error.__cause__, "pgcode", None) not in _IN_THE_WAY:
                    raise
                if count == tries:
                    raise CommandError(
                        f"Others kept a table busy at each of {tries} tries, and nothing of that "
                        "change was made. Run it again when less goes on, or see in "
                        "pg_stat_activity who holds a transaction open."
                    ) from error
                self.stderr.write(f" a table is busy; trying again ({count} of {tries}).")
                time.sleep(min(count, 10) * 0.5)
            else:
                return


@contextmanager
def _at_work(connection: BaseDatabaseWrapper, seconds: float) -> Iterator[None]:
    """The connection with the limits of a migration, which it has not before and after."""
    with connection.cursor() as cursor:
        # Of several hosts that start a new version at once, one migrates and the others wait.
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds * 1000:.0f}"])
        # Limits on the role are meant for pages, not for the making of an index.
        for name in _LIMITS:
            cursor.execute(f"SET {name} = 0")
    try:
        yield
    except BaseException:
        # Django leaves a transaction open whose last statements fail: begin anew.
        connection.close()
        connection.connect()
        raise
    with connection.cursor() as cursor:
        for name in ("lock_timeout", *_LIMITS):
            cursor.execute(f"RESET {name}")
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])
