"""`manage.py worker`: does what was handed to the background, such as long imports."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection
from django.utils import timezone

# By then an import that has just been begun has its tasks.
_QUIET = timedelta(minutes=5)


class Command(BaseCommand):
    help = (
        "Work through imports and other tasks until Ctrl-C or SIGTERM, which let the task at hand "
        "end. Run one on each host, with as many processes as it has cores to spare."
    )
    # A worker outlives the database that it works on, and waits for it.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, default=1, help="default: %(default)s")
        parser.add_argument(
            "--until-idle", action="store_true", help="end when nothing is left to do"
        )

        parser.add_argument(
            "--lease",
            type=float,
            metavar="SECONDS",
            help="take over what another worker began and has not been heard of for so long; "
            "default: 60",
        )

    def handle(
        self,
        *,
        processes: int,
        until_idle: bool,
        lease: float | None,
        verbosity: int,
        **options: Any,
    ) -> None:
        backend: str = settings.TASK_BACKEND
        if not backend.startswith("django_ox."):
            raise CommandError(
                f"NEWSROOM_TASKS is {backend}, which has workers of its own: start those."
            )
        if processes < 1:
            raise CommandError("--processes takes a whole number from 1 up.")
        if until_idle and processes > 1:
            raise CommandError("--until-idle runs one process; start several of them instead.")
        _look_for_missed()
        call_command(
            "ox_worker",
            processes=processes,
            batch=until_idle,
            lock_timeout=lease,
            interval=0.5,
            verbosity=verbosity,
        )


def _look_for_missed() -> None:
    """Hand out what is waited for in vain: items of imports, and articles that are not linked.

    Their tasks are kept with them; but an operator may have deleted one, or it was given up, or
    another version linked the articles.
    """
    from django_ox.models import OxTask

    from statements.ingest.importing import restart_stalled
    from statements.ingest.linking import unlinked
    from statements.tasks import link_missed, process_lot

    pending = OxTask.objects.filter(status__in=[OxTask.Status.READY, OxTask.Status.RUNNING])
    try:
        if not pending.filter(task_path=process_lot.module_path).exists():
            restart_stalled(quiet_since=timezone.now() - _QUIET)
        if unlinked().exists() and not pending.filter(task_path=link_missed.module_path).exists():
            link_missed.enqueue()
    except OperationalError:
        # A worker outlives its database: the next one looks.
        connection.close()
