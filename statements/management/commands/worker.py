"""`manage.py worker`: does what was handed to the background, such as long imports."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection


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
    """Hand out what is stored and not linked, unless somebody is about to look for it.

    A task that links is kept with the articles that it is for; but an operator may have deleted
    it, or it was given up, or another version linked them.
    """
    from django_ox.models import OxTask

    from statements.ingest.linking import unlinked
    from statements.tasks import link_missed

    pending = [OxTask.Status.READY, OxTask.Status.RUNNING]
    path = link_missed.module_path
    try:
        if (
            unlinked().exists()
            and not OxTask.objects.filter(task_path=path, status__in=pending).exists()
        ):
            link_missed.enqueue()
    except OperationalError:
        # A worker outlives its database: the next one looks.
        connection.close()
