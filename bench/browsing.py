"""Measure what a page of quotes costs, layer by layer: `make bench`, or

    python -m bench.browsing [--quotes 1000000] [--seed 1] [--combinations 400] [--check 100]

A corpus of so many made-up quotes is kept in a database server of its own, `var/bench-N`. Sixteen
requests with names and a number of random ones are answered by

- SQL: the statements of the page alone, sent again by psycopg2 and fetched;
- queries: counts, lists and cards as the view asks for them;
- view: the whole page, from the request to its bytes, in this process;
- HTTP: the same from a gunicorn worker, over a socket, compressed.

Times are milliseconds of processor: of the database's process and of those that ask, so that other
work on the machine moves them little. Each request is made once before it is measured.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from bench.extraction import table

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("SQL", "queries", "view", "HTTP")


@dataclass(slots=True)
class Cost:
    """What one request took: milliseconds of processor by layer."""

    name: str
    query: str
    total: str = ""
    statements: int = 0
    database: float = 0.0
    """Of the database's process alone, while the statements were sent again."""
    layers: dict[str, float] = field(default_factory=dict)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quotes", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--combinations", type=int, default=400)
    parser.add_argument("--check", type=int, default=0, help="compare so many with plain SQL")
    parser.add_argument("--pages", action="store_true", help="time the other pages")
    parser.add_argument("--export", action="store_true", help="export every quote")
    parser.add_argument("--admin", action="store_true", help="time Django's admin on the same rows")
    parser.add_argument("--datasette", metavar="PATH", help="time this Datasette on the same rows")
    options = parser.parse_args(arguments)
    _begin(options.quotes, options.seed)
    # These need Django.
    from bench import browsing_checks, browsing_pages, browsing_requests, peers

    known = browsing_requests.Known()
    requests = browsing_requests.named(known)
    with Server() as server:
        measure = Measure(server)
        costs = [measure(name, query) for name, query in requests.items()]
        _show_named(costs)
        drawn = browsing_requests.combinations(known, options.combinations, seed=7)
        found = [measure("", query) for query in drawn]
        if found:
            _show_random(found, "Random combinations")
    _show_depth(measure)
    if options.check:
        browsing_checks.show(options.check)
    if options.pages:
        browsing_pages.show(measure, known)
    if options.export:
        _show_export()
    if options.admin:
        peers.show_admin(measure)
    if options.datasette:
        peers.show_datasette(measure, options.datasette)


def _begin(quotes: int, seed: int) -> None:
    """Start the server of this corpus, and fill it the first time."""
    os.environ["NEWSROOM_VAR"] = str(ROOT / "var" / f"bench-{quotes}")
    os.environ |= {"NEWSROOM_DEBUG": "0", "NEWSROOM_HTTPS": "0"}
    # One address asks for everything here.
    os.environ["NEWSROOM_SEARCHES_PER_MINUTE"] = "0"
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from statements.models import Listing

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not Listing.objects.exists():
        began = time.monotonic()
        call_command("corpus", quotes=quotes, seed=seed, verbosity=0)
        print(f"Made a corpus of {quotes:,} quotes in {time.monotonic() - began:,.0f} s.")
    count = Listing.objects.count()
    print(f"## {count:,} quotes\n")


class Server:
    """A gunicorn worker that serves the site, and the time that it and its databases take."""

    PORT = 8099

    def __enter__(self) -> Server:
        self._run = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "newsroom.wsgi", "--workers=1", "--threads=1",
             f"--bind=127.0.0.1:{self.PORT}", "--log-level=error"],
            cwd=ROOT,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                self.get("/healthz")
                break
            if time.monotonic() > deadline:
                raise SystemExit("The site did not start.")
            time.sleep(0.2)
        return self

    def __exit__(self, *_: object) -> None:
        self._run.terminate()
        self._run.wait()

    def get(self, path: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.PORT, timeout=120)
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        response = connection.getresponse()
        body = response.read()
        if response.status != http.HTTPStatus.OK:
            raise SystemExit(f"{path}: {response.status}")
        connection.close()
        return body

    def clock(self) -> float:
        """Milliseconds of processor of the worker, and of all processes of the database."""
        from django.db import connection

        pids = [each.pid for each in psutil.Process(self._run.pid).children(recursive=True)]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' "
                "AND pid <> pg_backend_pid()"
            )
            pids += [pid for (pid,) in cursor.fetchall()]
        return sum(map(_spent, pids))


class Measure:
    """Answers requests in every layer and says what each took."""

    def __init__(self, server: Server) -> None:
        from django.contrib.auth.models import AnonymousUser
        from django.db import connection
        from django.test import RequestFactory

        connection.ensure_connection()
        self.connection = connection
        self.backend = connection.connection.info.backend_pid
        self.server = server
        self.user = AnonymousUser()
        self.requests = RequestFactory()

    def __call__(self, name: str, query: str) -> Cost:
        from django.db import reset_queries

        cost = Cost(name, query)
        context = self.queries(query)
        counts = context["counts"]
        cost.total = f"{counts.total:,}{'+' if counts.is_least else ''}"
        statements = self.captured(lambda: self.queries(query))
        cost.statements = len(statements)
        before = _spent(self.backend)
        cost.layers["SQL"] = self.cpu(lambda: self.replayed(statements))
        cost.database = _spent(self.backend) - before
        cost.layers["queries"] = self.cpu(lambda: self.queries(query))
        self.view(query)
        cost.layers["view"] = self.cpu(lambda: self.view(query))
        self.server.get(f"/?{query}")
        began = self.server.clock()
        self.server.get(f"/?{query}")
        cost.layers["HTTP"] = self.server.clock() - began
        reset_queries()
        return cost

    def cpu(self, work: Callable[[], object]) -> float:
        """Milliseconds of processor of this process and of its database's."""
        before = _spent(self.backend) + time.process_time() * 1e3
        work()
        return _spent(self.backend) + time.process_time() * 1e3 - before

    def database_clock(self) -> float:
        """Milliseconds of processor that its database's process has taken."""
        return _spent(self.backend)

    def queries(self, query: str) -> dict[str, Any]:
        """What the view asks of the database, without the page."""
        from django.http import QueryDict

        from statements.filters import QuoteFilter
        from statements.views.explore import page_context

        return page_context(QuoteFilter(QueryDict(query)), self.user)

    def view(self, query: str) -> bytes:
        from statements.views.explore import explore

        request = self.requests.get(f"/?{query}")
        request.user = self.user
        request.htmx = False  # type: ignore[attr-defined]
        return explore(request).content

    def captured(self, work: Callable[[], object]) -> list[tuple[str, Any]]:
        """The statements that some work sends, with their parameters."""
        found: list[tuple[str, Any]] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            found.append((sql, params))
            return execute(sql, params, many, context)

        with self.connection.execute_wrapper(note):
            work()
        return found

    def replayed(self, statements: list[tuple[str, Any]]) -> None:
        with self.connection.connection.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)
                cursor.fetchall()


def _spent(pid: int) -> float:
    """Milliseconds that a process has been running on a processor."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6
    except FileNotFoundError:
        return 0.0


def _show_named(costs: list[Cost]) -> None:
    rows = [
        [
            each.name,
            each.total,
            f"{each.statements}",
            f"{each.database:.1f}",
            *(f"{each.layers[layer]:.1f}" for layer in LAYERS),
            f"{each.layers['view'] / each.layers['SQL']:.1f}",
        ]
        for each in costs
    ]
    head = ["request", "quotes", "statements", "database ms", *(f"{each} ms" for each in LAYERS)]
    print(table(rows, [*head, "view / SQL"]))
    ratios = sorted(each.layers["view"] / each.layers["SQL"] for each in costs)
    print(f"\nView by SQL, median: {ratios[len(ratios) // 2]:.2f}\n")


def _show_random(costs: list[Cost], title: str) -> None:
    print(f"### {title}: {len(costs)}\n")
    rows = []
    values: dict[str, Callable[[Cost], float]] = {"database": lambda each: each.database}
    for layer in LAYERS:
        values[layer] = lambda each, layer=layer: each.layers[layer]  # type: ignore[misc]
    whole = sum(each.layers["HTTP"] for each in costs)
    for name, value in values.items():
        found = sorted(map(value, costs))
        rows.append(
            [
                name,
                *(f"{found[int(share * (len(found) - 1))]:.1f}" for share in (0.5, 0.95, 0.99, 1)),
                *(f"{100 * sum(each < most for each in found) / len(found):.1f} %"
                  for most in (50, 100)),
                f"{sum(found) / whole:.2f}",
            ]
        )  # fmt: skip
    print(table(rows, ["layer", "p50", "p95", "p99", "most", "< 50 ms", "< 100 ms", "of HTTP"]))
    slowest = sorted(costs, key=lambda each: -each.database)[:5]
    print("\nThe slowest for the database:\n")
    for each in slowest:
        print(f"- {each.database:.0f} ms, {each.total} quotes: `?{each.query}`")
    ratios = sorted(each.layers["view"] / each.layers["SQL"] for each in costs)
    print(f"\nView by SQL, median: {ratios[len(ratios) // 2]:.2f}\n")


def _show_depth(measure: Measure) -> None:
    """A page in the middle of everything, beside the first."""
    from django.db import connection

    from statements.browsing import cards, pages
    from statements.browsing.conditions import Conditions
    from statements.models import Listing
    from statements.paging import write_cursor

    wanted, keys = Conditions(), pages.ORDERS["newest"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) / 2 FROM statements_listing")
        half = cursor.fetchone()[0]
    ordered = Listing.objects.order_by("-day", "article_id", "start", "quote_id")
    place = write_cursor(ordered[half], keys)

    def shown(after: str) -> object:
        return cards.cards([row.pk for row in pages.page(wanted, "newest", after).rows])

    found = []
    for after in ("", place):
        shown(after)
        found.append(min(measure.cpu(lambda after=after: shown(after)) for _ in range(5)))  # type: ignore[misc]
    print(f"List alone, first page {found[0]:.1f} ms; behind {half:,} quotes {found[1]:.1f} ms: "
          f"{found[1] / found[0]:.2f} times\n")  # fmt: skip


def _show_export() -> None:
    from django.test import Client

    lines = size = 0
    client = Client()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    for chunk in client.get("/export.csv").streaming_content:  # type: ignore[attr-defined]
        lines += chunk.count(b"\n")
        size += len(chunk)
    took = time.monotonic() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"Export: {lines:,} lines, {size / 1e6:,.0f} MB in {took:,.0f} s; "
          f"memory grew by {grown:.0f} MB at most\n")  # fmt: skip


if __name__ == "__main__":
    main()
