"""Many people at once on the real site while its database fails: `make bench-load`, or

    python -m bench.load [--minutes 10] [--users 50] [--quotes 100000] [--restarts 2]

Readers explore, editors label and an admin imports, on gunicorn with its configuration, a worker
and a PostgreSQL of its own (`var/bench-load-N`, kept for the next time). Meanwhile the database is
restarted, and once between all its connections are taken. Fails unless the site asked everybody to
come back meanwhile, never failed otherwise, and kept once what it said it had kept.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from bench.load_site import ROOT, Site

if TYPE_CHECKING:
    from bench.load_checks import Outage
    from bench.load_people import Person, Record

_ISSUES = 3
# How much longer than a reader's page a label or an import takes.
_WORK = 3
_SHOWN = 20


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    var = Path(options.var) if options.var else ROOT / "var" / f"bench-load-{options.quotes}"
    site = Site(
        var.resolve(),
        port=options.port or _free_port(),
        workers=options.workers,
        threads=options.threads,
        lease=options.lease,
    )
    try:
        began = time.monotonic()
        site.prepare(options.quotes)
        print(f"The site has been prepared in {time.monotonic() - began:,.0f} s.", flush=True)
        complaints = _load(site, options)
    finally:
        site.stop()
    for each in complaints[:_SHOWN]:
        print(f"- {each}")
    if complaints:
        print(f"\nFAILED: {len(complaints)} complaints. Logs: {', '.join(map(str, site.logs))}")
        sys.exit(1)
    print("Everything that was said to be kept is there once, and nobody got a wrong answer.")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--users", type=int, default=50, help="at least 4; one of them imports")
    parser.add_argument("--quotes", type=int, default=100_000)
    parser.add_argument("--restarts", type=int, default=2, help="0: the database stays")
    parser.add_argument(
        "--pause", type=float, default=4, help=f"seconds on a page; {_WORK} times that at work"
    )
    parser.add_argument("--away", type=float, default=4, help="seconds that the database is away")
    parser.add_argument("--workers", type=int, default=2, help="processes of gunicorn")
    parser.add_argument("--threads", type=int, default=4, help="threads of each")
    parser.add_argument("--lease", type=float, default=60, help="of the worker, in seconds")
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--var", default="", help="folder of the data")
    options = parser.parse_args(arguments)
    if options.users < 4:
        parser.error("--users takes a number from 4 up.")
    return options


def _load(site: Site, options: argparse.Namespace) -> list[str]:
    """Let people at the site, then say what went wrong."""
    from django.db import connections

    from bench import load_checks
    from bench.load_people import Record

    record, stop = Record(), threading.Event()
    outages: list[Outage] = []
    people = _people(site, options, record, stop)
    # The database goes away under this program too.
    connections.close_all()
    with site.serving():
        seconds = 60 * options.minutes
        began = time.monotonic()
        for each in people:
            each.until = began + seconds
            each.start()
        try:
            _fail_now_and_then(site, options, outages)
            for each in people:
                each.join()
        finally:
            stop.set()
        seconds = time.monotonic() - began
        answers = [answer for each in people for answer in each.answers]
        complaints = [each.failure for each in people if each.failure]
        complaints += load_checks.wrong_answers(answers, outages)
        complaints += load_checks.wrong_labels(record)
        complaints += load_checks.wrong_imports(record, within=2 * options.lease + 60)
    complaints += _logged(site.logs, cut=sum(each.status == 0 for each in answers))
    connections.close_all()
    print(f"\n{len(people)} people, {seconds:.0f} s, {options.quotes:,} quotes; "
          f"{options.workers} processes of {options.threads} threads\n")  # fmt: skip
    print(load_checks.latencies(answers, outages, seconds), "\n")
    _tell(record, outages)
    for answer in answers:
        if not answer.status:
            print(f"Cut off after {answer.took:,.0f} ms: {answer.path}: {answer.trouble}")
    slowest = max(answers, key=lambda each: each.took)
    print(f"Slowest: {slowest.took:,.0f} ms, {slowest.status}: {slowest.path}\n")
    return complaints


def _people(
    site: Site, options: argparse.Namespace, record: Record, stop: threading.Event
) -> list[Person]:
    from bench.articles import Newsroom
    from bench.browsing_requests import Known, combinations
    from bench.load_people import Editor, Importer, Reader

    editors = max(2, round(0.18 * options.users))
    run = token_hex(3)
    queries = combinations(Known(), 300, seed=7)
    issues = _queued(round(editors * 60 * options.minutes / options.pause))
    password = token_hex(12)
    common = {"stop": stop, "until": 0.0}
    work = {"pause": _WORK * options.pause, "password": password, "record": record, **common}
    people: list[Person] = [
        Reader(site.port, number, queries=queries, pause=options.pause, **common)
        for number in range(options.users - editors - 1)
    ]
    for number in range(editors):
        people.append(
            Editor(
                site.port,
                1000 + number,
                user=_account(f"load-{run}-editor-{number + 1}", "editor", password),
                issue=issues[number % len(issues)],
                **work,
            )
        )
    people.append(
        Importer(
            site.port,
            2000,
            user=_account(f"load-{run}-admin", "admin", password),
            articles=Newsroom(int(run, 16)).articles(1_000_000),
            **work,
        )
    )
    return people


def _account(name: str, role: str, password: str) -> str:
    from django.contrib.auth.models import Group, User

    User.objects.create_user(name, password=password).groups.add(Group.objects.get(name=role))
    return name


def _queued(most: int) -> list[str]:
    """Issues, so that so many quotes wait in their queues together; made-up ones have none."""
    from statements.models import Issue, QueueItem, Quote
    from statements.queueing import add_to_queue

    issues = list(Issue.objects.order_by("pk")[:_ISSUES])
    for issue in issues:
        there = QueueItem.objects.filter(issue=issue)
        lacking = most // len(issues) + 50 - there.filter(label_count=0, is_dropped=False).count()
        fresh = Quote.objects.exclude(pk__in=there.values("quote")).select_related("article")
        for quote in fresh.order_by("-pk")[: max(0, lacking)]:
            add_to_queue(issue, quote)
    return [each.slug for each in issues]


def _fail_now_and_then(site: Site, options: argparse.Namespace, outages: list[Outage]) -> None:
    """Restart the database so often, evenly spread; in between take all its connections once."""
    from bench.load_checks import Outage

    if not options.restarts:
        return
    happens: list[tuple[str, Callable[[float], object]]] = [
        ("the database was restarted", site.restart_database)
    ] * options.restarts
    happens.insert(1, ("all connections were taken", site.use_up_connections))
    every = 60 * options.minutes / (len(happens) + 1)
    for what, happen in happens:
        time.sleep(max(0, every - (options.away if outages else 0)))
        outage = Outage(what, time.monotonic(), float("inf"))
        outages.append(outage)
        happen(options.away)
        outage.ended = time.monotonic()


def _logged(logs: list[Path], cut: int) -> list[str]:
    """Tracebacks by their last line, but for those that say what befell the database.

    Of these the worker may have any number, the site as many as answers broke off half-way: those
    had begun, so that nothing else could be said.
    """
    found = Counter[str]()
    for log in logs:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        ends = [
            next((each for each in lines[number + 1 :] if each[:1].strip()), "")
            for number, line in enumerate(lines)
            if line.startswith("Traceback")
        ]
        # Django's error comes with psycopg2's, which it stems from.
        expected = [each for each in ends if each.startswith("django.db.utils.OperationalError: ")]
        if log.name != "worker.log" and len(expected) > cut:
            found[f"{log.name}: {len(expected)} errors of the database, {cut} answers cut off"] += 1
        found.update(f"{log.name}: {each}" for each in ends if "OperationalError: " not in each)
    return [f"{text} ({count} times)" for text, count in found.most_common()]


def _tell(record: Record, outages: list[Outage]) -> None:
    labels = Counter(each.said for each in record.labels)
    undone = Counter(each.said for some in record.undone.values() for each in some)
    articles = Counter(each.said for each in record.articles)
    for name, said in (("Labels", labels), ("Taken back", undone), ("Articles", articles)):
        print(f"{name}: {said['saved']:,} saved, {said['unknown']:,} without an answer, "
              f"{said['refused']:,} refused")  # fmt: skip
    for each in outages:
        print(f"For {each.ended - each.began:.1f} s {each.what}.")
    print()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
