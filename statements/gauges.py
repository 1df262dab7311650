"""How much waits, runs and was refused, for `/metrics`: cheap to ask of tables of any size."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from statements.models import Article, ImportBatch, ImportItem, Quote, StanceLabel

_RECENT = timedelta(days=1)


def gauges() -> Iterable[Metric]:
    """The numbers of this moment; while the database is away only that it is."""
    found: list[Metric] = []
    try:
        found += _imports()
        found += _contents()
        if settings.TASK_BACKEND.startswith("django_ox."):
            found += _tasks()
    except Error:
        return [GaugeMetricFamily("newsroom_database_up", "Whether the database answers.", 0)]
    return [GaugeMetricFamily("newsroom_database_up", "Whether the database answers.", 1), *found]


def _imports() -> Iterable[Metric]:
    recent = ImportBatch.objects.filter(created_at__gt=timezone.now() - _RECENT)
    running = ImportBatch.objects.filter(state=ImportBatch.State.RUNNING).count()
    rejected = ImportItem.objects.filter(batch__in=recent, outcome=ImportItem.Outcome.REJECTED)
    waiting = ImportItem.objects.waiting().count()
    yield GaugeMetricFamily("newsroom_imports_running", "Imports that run.", running)
    yield GaugeMetricFamily(
        "newsroom_import_documents_waiting", "Documents that wait to be read.", waiting
    )
    yield GaugeMetricFamily(
        "newsroom_import_documents_rejected",
        "Documents rejected in imports of the last day.",
        rejected.count(),
    )


def _contents() -> Iterable[Metric]:
    labels = StanceLabel.objects.count()
    yield GaugeMetricFamily("newsroom_labels", "Stance labels, superseded ones too.", labels)
    for name, model in (("articles", Article), ("quotes", Quote)):
        yield GaugeMetricFamily(
            f"newsroom_{name}", f"About how many {name} there are.", _about(model._meta.db_table)
        )


def _about(table: str) -> int:
    """How many rows the server thinks that there are: counting millions takes seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        (rows,) = cursor.fetchone()
    return max(int(rows), 0)


def _tasks() -> Iterable[Metric]:
    from django_ox import stats
    from django_ox.models import OxTask

    age = stats.oldest_ready_age()
    yield GaugeMetricFamily(
        "newsroom_tasks_waiting", "Tasks that wait for a worker.", stats.ready_count()
    )
    yield GaugeMetricFamily(
        "newsroom_tasks_oldest_seconds",
        "How long the oldest waiting task has waited.",
        age.total_seconds() if age else 0,
    )
    given_up = OxTask.objects.filter(status__in=(OxTask.Status.FAILED, OxTask.Status.LOST))
    yield GaugeMetricFamily("newsroom_tasks_failed", "Tasks given up.", given_up.count())
