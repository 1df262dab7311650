"""Long imports in the background: workers that die, a pause, and nothing lost or doubled."""

from __future__ import annotations

import gc
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone
from django.utils.module_loading import import_string
from django_ox.models import OxTask

from newsroom.localdb.postmaster import PORT
from newsroom.localdb.server import ROLE, LocalServer
from statements.ingest.documents import Document, Facts
from statements.ingest.importing import (
    LOT,
    add_documents,
    cancel,
    open_batch,
    pause,
    restart_stalled,
    start,
)
from statements.ingest.processing import MOST_ATTEMPTS
from statements.models import (
    Article,
    ArticleCopy,
    ArticleSketch,
    ImportBatch,
    ImportItem,
    Quote,
)
from statements.tasks import _keep_what_is_loaded, link_lot, process_lot
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)


def text(number: int) -> str:
    return f"Toll {number}\n\n“We keep toll {number},” transport minister Ana Ruiz said on Monday."


def batch_of(count: int) -> ImportBatch:
    batch = open_batch(channel="command")
    add_documents(batch, (Document(f"{n}.txt", text(n), 80) for n in range(count)))
    return batch


def outcomes(batch: ImportBatch) -> Counter[str]:
    return Counter(batch.items.values_list("outcome", flat=True))


def run_tasks() -> None:
    """Do what waits for a worker, here; what that hands out in turn too."""
    done: set[Any] = set()
    while waiting := OxTask.objects.exclude(pk__in=done).order_by("enqueued_at"):
        for each in waiting:
            import_string(each.task_path).call(*each.args)
            done.add(each.pk)


def test_a_long_import_is_handed_out_in_lots():
    batch = batch_of(LOT + 1)
    start(batch)
    assert batch.state == "running"
    assert outcomes(batch) == {"": LOT + 1}
    assert OxTask.objects.count() == 2
    run_tasks()
    batch.refresh_from_db()
    assert (batch.state, outcomes(batch)) == ("finished", {"new": LOT + 1})


def test_a_task_done_twice_stores_nothing_twice():
    batch = batch_of(5)
    start(batch)
    run_tasks()
    run_tasks()
    assert outcomes(batch) == {"new": 5}
    assert Article.objects.count() == Quote.objects.count() == ArticleSketch.objects.count() == 5


def test_new_articles_are_linked_by_tasks_that_are_there_once_they_are():
    batch = open_batch(channel="command")
    long = " ".join(f"word{n}" for n in range(100))
    texts = [f"{text(n)} {long if n < 2 else n}" for n in range(5)]
    add_documents(batch, (Document(f"{n}.txt", each, 80) for n, each in enumerate(texts)))
    start(batch)
    (task,) = OxTask.objects.all()
    process_lot.call(*task.args)
    assert outcomes(batch) == {"new": 5}
    assert not ArticleSketch.objects.exists()
    articles = set(Article.objects.values_list("pk", flat=True))
    (linking,) = OxTask.objects.exclude(pk=task.pk)
    assert set(linking.args[0]) == articles
    # It comes before other imports, and may be done twice.
    assert linking.priority > task.priority
    for _ in range(2):
        link_lot.call(*linking.args)
        assert set(ArticleSketch.objects.values_list("article", flat=True)) == articles
        assert ArticleCopy.objects.count() == 1


def test_a_few_articles_are_linked_while_the_person_waits():
    start(batch_of(2))
    # There is one for later alone, should this have stopped half-way.
    assert not OxTask.objects.filter(run_after=None).exists()
    assert ArticleSketch.objects.count() == 2


def test_one_article_that_the_database_refuses_stops_no_other():
    batch = batch_of(5)
    long = Facts(outlet="x" * 1000)
    add_documents(batch, [Document("long.txt", text(9), 80, long), Document("z", text(10), 80)])
    start(batch)
    run_tasks()
    assert outcomes(batch) == {"new": 6, "rejected": 1}
    assert "The database refused it" in batch.items.get(name="long.txt").reason
    assert Article.objects.count() == Quote.objects.count() == ArticleSketch.objects.count() == 6


def test_a_paused_import_waits_and_goes_on():
    batch = batch_of(5)
    start(batch)
    assert pause(batch)
    run_tasks()
    done = outcomes(batch)["new"]
    assert done == 0
    start(batch)
    run_tasks()
    assert outcomes(batch) == {"new": 5}


def test_a_cancelled_import_stores_no_more():
    batch = batch_of(5)
    start(batch)
    assert cancel(batch)
    run_tasks()
    assert outcomes(batch) == {"cancelled": 5}
    assert not Article.objects.exists()
    assert not cancel(batch)


def test_a_text_that_keeps_stopping_the_program_is_given_up_with_its_reason():
    batch = batch_of(5)
    batch.items.filter(name="2.txt").update(attempts=MOST_ATTEMPTS)
    start(batch)
    run_tasks()
    assert outcomes(batch) == {"new": 4, "rejected": 1}
    assert "stopped the program" in batch.items.get(outcome="rejected").reason


def test_a_text_stored_by_somebody_else_meanwhile_is_a_duplicate():
    batch = batch_of(5)
    start(batch)
    make_article(text(3))
    run_tasks()
    assert outcomes(batch) == {"new": 4, "duplicate": 1}


def test_what_nobody_works_on_is_handed_out_again():
    batch = batch_of(5)
    start(batch)
    OxTask.objects.all().delete()
    assert restart_stalled(quiet_since=timezone.now() - timedelta(minutes=5)) == 0
    assert restart_stalled(quiet_since=timezone.now() + timedelta(seconds=1)) == 1
    run_tasks()
    assert outcomes(batch) == {"new": 5}


def test_a_worker_that_starts_hands_out_what_is_waited_for_in_vain(monkeypatch):
    monkeypatch.setattr("statements.management.commands.worker.call_command", lambda *a, **k: None)
    batch = batch_of(5)
    start(batch)
    # As long as there is a task of an import, or one was just begun, nothing is handed out twice.
    call_command("worker", "--until-idle")
    assert OxTask.objects.count() == 1
    OxTask.objects.all().delete()
    call_command("worker", "--until-idle")
    assert not OxTask.objects.exists()
    ImportBatch.objects.update(created_at=timezone.now() - timedelta(hours=1))
    call_command("worker", "--until-idle")
    run_tasks()
    assert outcomes(batch) == {"new": 5}


def test_what_was_read_at_once_and_stopped_is_ended_by_a_worker(monkeypatch):
    def gone(*args, **kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    batch = batch_of(1)
    with monkeypatch.context() as broken:
        broken.setattr("statements.ingest.processing.extract", gone)
        with pytest.raises(OperationalError):
            start(batch)
    assert outcomes(batch) == {"": 1}
    # Not before whoever reads it can be taken for dead.
    later = OxTask.objects.get()
    assert later.run_after
    assert later.run_after > timezone.now() + timedelta(minutes=1)
    run_tasks()
    assert outcomes(batch) == {"new": 1}


def test_a_worker_links_what_was_missed(start_worker):
    for number in range(3):
        make_article(f"{text(number)} and more")
    assert not ArticleSketch.objects.exists()
    worker = start_worker("--until-idle")
    worker.wait(60)
    assert ArticleSketch.objects.count() == 3
    # The last found nothing left.
    assert set(OxTask.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}


def _unlinked() -> Any:
    return Article.objects.filter(sketch=None)


# -- Workers that are killed ----------------------------------------------------------------------


def database_url() -> str:
    """The address under which another process finds the database of this test."""
    given = connection.settings_dict
    if given["HOST"]:
        user = f"{given['USER']}:{given['PASSWORD']}"
        return f"postgresql://{user}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    folder = LocalServer(settings.VAR_DIR).start()
    query = urlencode({"host": str(folder), "port": PORT})
    return f"postgresql://{ROLE}@/{given['NAME']}?{query}"


@pytest.fixture
def start_worker() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    environment = os.environ | {"DATABASE_URL": database_url(), "NEWSROOM_DEBUG": "1"}

    def begin(*options: str) -> subprocess.Popen[bytes]:
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker", "--lease", "3", "--verbosity", "0", *options],
            cwd=Path(settings.BASE_DIR),
            env=environment,
            start_new_session=True,
        )
        started.append(worker)
        return worker

    yield begin
    for worker in started:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def test_a_worker_collects_no_garbage_among_what_it_has_loaded():
    _keep_what_is_loaded.cache_clear()
    gc.unfreeze()
    batch = batch_of(1)
    process_lot.call(batch.pk, [])
    once = gc.get_freeze_count()
    assert once > 10_000
    process_lot.call(batch.pk, [])
    assert gc.get_freeze_count() <= once


def test_workers_killed_at_any_time_lose_and_double_nothing(start_worker):
    count = 120
    batch = batch_of(count)
    start(batch)
    chance = random.Random(7)
    workers = [start_worker(), start_worker()]
    kills, begun = 0, time.monotonic()
    while ImportItem.objects.waiting().exists() or _unlinked().exists():
        assert time.monotonic() - begun < 240, outcomes(batch)
        time.sleep(chance.uniform(0.2, 1.0))
        moving = batch.items.exclude(outcome="").exists()
        if moving and kills < 6:
            place = chance.randrange(2)
            os.killpg(workers[place].pid, signal.SIGKILL)
            workers[place].wait()
            workers[place] = start_worker()
            kills += 1
            time.sleep(chance.uniform(1.0, 4.0))
    # Whoever was killed, what was stored is linked by the next.
    assert kills > 0
    assert outcomes(batch) == {"new": count}
    assert Article.objects.count() == Quote.objects.count() == count
    titles = set(Article.objects.values_list("title", flat=True))
    assert titles == {f"Toll {n}" for n in range(count)}
