"""Measure imports through the queue, and kill what does them.

    python -m bench.imports [--articles 10000] [--workers 2]
    python -m bench.imports --kill [--articles 1000]

The first extracts the same articles with ``manage.py extract --workers N`` alone and then imports
them through the queue with N workers, and prints one as a share of the other, the counts and the
workers' memory. The second kills workers twenty times and the database three times at random while
an import runs, and counts what was lost or doubled. Both work in a database server of their own
that is removed at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import batched
from pathlib import Path
from typing import Any

from bench.articles import Newsroom

ROOT = Path(__file__).resolve().parent.parent
KILLS_OF_WORKERS, KILLS_OF_DATABASE = 20, 3
# Synthetic articles have 400 words; so many make one as long as those of newspapers.
JOINED = 2
# A worker that died is missed after so many seconds.
LEASE = 5


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kill", action="store_true", help="kill workers and database")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    count = options.articles or (1000 if options.kill else 10_000)
    # A short name: a socket's path is.
    folder = Path(tempfile.mkdtemp(prefix="newsroom-bench-", dir="/tmp"))
    # As a site runs: with DEBUG every statement to the database is kept.
    os.environ |= {"NEWSROOM_VAR": str(folder), "NEWSROOM_DEBUG": "0", "NEWSROOM_HTTPS": "0"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
    try:
        return _measure(folder, count, options)
    finally:
        _manage("localdb", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _measure(folder: Path, count: int, options: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    if options.kill:
        return kill(count, options.workers, options.seed)
    alone = extract_alone(folder, count, options.workers, options.seed)
    return throughput(count, options.workers, options.seed, alone)


def extract_alone(folder: Path, count: int, workers: int, seed: int) -> float:
    """Seconds that ``manage.py extract`` takes for the articles, and nothing else does."""
    path = folder / "articles.jsonl"
    texts = dict.fromkeys(each["text"] for each in _articles(count, seed))
    with path.open("w", encoding="utf-8") as out:
        for number, text in enumerate(texts):
            out.write(json.dumps({"id": number, "text": text}) + "\n")
    begun = time.monotonic()
    with Path(os.devnull).open("w") as nowhere:
        subprocess.run(
            [sys.executable, "manage.py", "extract", str(path), "--workers", str(workers)],
            cwd=ROOT,
            stdout=nowhere,
            check=True,
        )
    seconds = time.monotonic() - begun
    print(f"extract alone, {workers} processes: {count / seconds:.2f} articles/s")
    return seconds


def throughput(count: int, workers: int, seed: int, alone: float) -> int:
    from statements.ingest.importing import start
    from statements.models import Article, ImportItem, Quote

    batch = _batch(count, seed)
    running = [_worker() for _ in range(workers)]
    begun = time.monotonic()
    start(batch)
    memory: list[int] = []
    seconds = 0.0
    while (waiting := ImportItem.objects.waiting().exists()) or _unlinked():
        seconds = seconds or (0.0 if waiting else time.monotonic() - begun)
        time.sleep(1)
        memory.append(sum(_memory(each.pid) for each in running))
    linked = time.monotonic() - begun
    seconds = seconds or linked
    for each in running:
        each.terminate()
    third = max(1, len(memory) // 3)
    print(f"import through the queue, {workers} workers: {count / seconds:.2f} articles/s")
    print(
        f"share of extract alone: {alone / seconds:.2f} (bar 0.8), "
        f"until all are linked {alone / linked:.2f}"
    )
    print(
        "memory of the workers, MB: "
        f"{max(memory[:third]):,} in the first third, {max(memory[-third:]):,} in the last"
    )
    outcomes = Counter(batch.items.values_list("outcome", flat=True))
    print(f"outcomes: {dict(outcomes)}; {Quote.objects.count():,} quotes")
    for item in batch.items.filter(outcome="rejected")[:5]:
        print(f"rejected {item.name}: {item.reason}")
    new = distinct(count, seed)
    exact = outcomes == wanted(count, new) and Article.objects.count() == new
    print("counts are exact" if exact else "COUNTS ARE WRONG")
    return 0 if exact else 1


def kill(count: int, workers: int, seed: int) -> int:
    from django.db import DatabaseError, connection

    from statements.ingest.importing import start
    from statements.models import Article, ImportItem, Quote

    batch = _batch(count, seed)
    running = [_worker() for _ in range(workers)]
    start(batch)
    chance = random.Random(seed)
    kills = ["worker"] * KILLS_OF_WORKERS + ["database"] * KILLS_OF_DATABASE
    chance.shuffle(kills)
    begun, killed, waiting, unlinked = time.monotonic(), Counter[str](), count, 0
    while waiting or unlinked:
        time.sleep(chance.uniform(0.5, 2.5))
        # Spread over the run: the next kill comes when its share of the items is done.
        due = sum(killed.values()) / len(kills) * 0.9
        if kills and 1 - waiting / count >= due:
            what = kills[sum(killed.values())] if sum(killed.values()) < len(kills) else ""
            if what == "worker":
                place = chance.randrange(workers)
                os.killpg(running[place].pid, signal.SIGKILL)
                running[place].wait()
                running[place] = _worker()
            elif what == "database":
                _kill_database()
            if what:
                killed[what] += 1
        running = [each if each.poll() is None else _worker() for each in running]
        try:
            waiting, unlinked = ImportItem.objects.waiting().count(), _unlinked()
        except DatabaseError:
            connection.close()
    for each in running:
        each.terminate()
    outcomes = Counter(batch.items.values_list("outcome", flat=True))
    stored = Article.objects.count()
    texts = Article.objects.values("text_hash").distinct().count()
    places = Quote.objects.values("article", "start", "end").distinct().count()
    print(f"killed {dict(killed)} in {time.monotonic() - begun:.0f} s")
    print(f"outcomes: {dict(outcomes)}; {stored:,} articles, {Quote.objects.count():,} quotes")
    new = distinct(count, seed)
    lost = new - texts
    doubled = stored - texts + Quote.objects.count() - places
    print(f"lost {lost}, doubled {doubled}")
    return 0 if outcomes == wanted(count, new) and not lost and not doubled else 1


def _unlinked() -> int:
    """How many articles are stored and not linked with others yet."""
    from statements.models import Article

    return Article.objects.filter(sketch=None).count()


def _articles(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Articles as long as those of newspapers: two synthetic ones, each with its own beginning."""
    made = Newsroom(seed).articles(count * JOINED)
    for several in batched(made, JOINED):
        yield several[0] | {"text": "\n\n".join(each["text"] for each in several)}


def distinct(count: int, seed: int) -> int:
    """How many texts there are among so many articles; some are wire copies of others."""
    return len({each["text"] for each in _articles(count, seed)})


def wanted(count: int, new: int) -> dict[str, int]:
    """How the items are to end."""
    return {"new": new} | ({"duplicate": count - new} if count > new else {})


def _batch(count: int, seed: int) -> Any:
    from statements.ingest.documents import Document, Facts
    from statements.ingest.importing import add_documents, open_batch

    batch = open_batch(channel="command")
    add_documents(
        batch,
        (
            Document(
                str(each["id"]),
                each["text"],
                len(each["text"]),
                Facts(title=each["title"], outlet=each["outlet"]),
            )
            for each in _articles(count, seed)
        ),
    )
    return batch


def _worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "worker", "--lease", str(LEASE), "--verbosity", "0"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _kill_database() -> None:
    from newsroom.localdb.server import configured_server

    server = configured_server()
    if server and (pid := server.pid()):
        os.kill(pid, signal.SIGKILL)


def _memory(pid: int) -> int:
    """Megabytes that the process has in memory."""
    import psutil

    try:
        return int(psutil.Process(pid).memory_info().rss // 1_000_000)
    except psutil.NoSuchProcess:
        return 0


def _manage(*arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=False)


if __name__ == "__main__":
    sys.exit(main())
