"""Other programs on the same rows: Django's administration, and Datasette where it is installed.

Datasette (`pip install datasette`, best in an environment of its own) gets the quotes as one SQLite
table with an index for each facet and a full-text index, and time enough to count all facets.
"""

from __future__ import annotations

import http.client
import os
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import psutil
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from bench.extraction import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.browsing import Measure

PORT = 8098
_FACETS = ("actor_type", "kind", "stance", "issue", "actor")
# What each of the programs is asked: by our query string, and by the columns of the table.
_ASKED: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "everything": ({}, {}),
    "a type": ({"type": "government"}, {"actor_type__exact": "government"}),
    "a kind": ({"kind": "indirect"}, {"kind__exact": "indirect"}),
    "type and kind": (
        {"type": "ngo", "kind": "direct"},
        {"actor_type__exact": "ngo", "kind__exact": "direct"},
    ),
    "30 days and a type": (
        {"from": "2024-03-01", "to": "2024-03-30", "type": "government"},
        {
            "said_on__gte": "2024-03-01",
            "said_on__lte": "2024-03-30",
            "actor_type__exact": "government",
        },
    ),
    "a common word": ({"q": "government"}, {"q": "government"}),
    "a rare word": ({"q": "biodiversity"}, {"q": "biodiversity"}),
    "word, type and kind": (
        {"q": "government", "type": "government", "kind": "direct"},
        {"q": "government", "actor_type__exact": "government", "kind__exact": "direct"},
    ),
}


def show_admin(measure: Measure) -> None:
    """Django's own list of the same rows with the same filters, facets shown."""
    user, _ = User.objects.get_or_create(
        username="bench-admin", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client()
    client.force_login(user)

    def ask(its: dict[str, str]) -> float:
        query = urlencode({"_facets": "True", **its})

        def page() -> None:
            response = client.get(f"/admin/statements/quote/?{query}")
            if response.status_code != http.HTTPStatus.OK:
                raise SystemExit(f"admin: {response.status_code}")

        page()
        return measure.cpu(page)

    # Its list of quotes has no filter by day.
    _compare(measure, "Django's admin", ask, without="said_on")


def show_datasette(measure: Measure, program: str) -> None:
    """Datasette's page of the same rows, with five facets and fifty rows."""
    file = Path(settings.VAR_DIR) / "datasette.db"
    if not file.exists():
        began = time.monotonic()
        _fill(file)
        print(f"Made a table for Datasette in {time.monotonic() - began:,.0f} s.\n")
    with _datasette(program, file) as process:

        def ask(its: dict[str, str]) -> float:
            words = {"_search": its["q"]} if "q" in its else {}
            asked = {name: value for name, value in its.items() if name != "q"} | words
            query = urlencode(
                [
                    *asked.items(),
                    *(("_facet", each) for each in _FACETS),
                    ("_size", "50"),
                    ("_sort_desc", "said_on"),
                ]
            )
            _page(f"/datasette/quotes?{query}")
            before = _spent(process)
            _page(f"/datasette/quotes?{query}")
            return _spent(process) - before

        _compare(measure, "Datasette", ask)


def _compare(
    measure: Measure, name: str, ask: Callable[[dict[str, str]], float], without: str = "-"
) -> None:
    rows = []
    for request, (ours, its) in _ASKED.items():
        if any(each.startswith(without) for each in its):
            continue
        query = urlencode(ours)
        measure.view(query)
        mine = measure.cpu(lambda query=query: measure.view(query))  # type: ignore[misc]
        theirs = ask(its)
        rows.append([request, f"{mine:.1f}", f"{theirs:,.0f}", f"{theirs / mine:,.0f}"])
    print(table(rows, ["filter", "Newsroom, ms", f"{name}, ms", "times"]), "\n")


def _fill(file: Path) -> None:
    half = file.with_suffix(".half")
    half.unlink(missing_ok=True)
    made = sqlite3.connect(half)
    columns = "id, content, speaker, actor, actor_type, kind, stance, issue, outlet, said_on"
    made.execute(f"CREATE TABLE quotes ({columns}, PRIMARY KEY (id))")
    with connection.cursor() as cursor:
        cursor.execute(
            "DECLARE every CURSOR WITH HOLD FOR SELECT q.id, q.content, p.name, a.name, "
            "q.actor_type, q.kind, s.label, i.title, o.name, q.said_on::text "
            "FROM statements_quote q JOIN statements_article t ON t.id = q.article_id "
            "LEFT JOIN statements_outlet o ON o.id = t.outlet_id "
            "LEFT JOIN statements_speaker p ON p.id = q.speaker_id "
            "LEFT JOIN statements_actor a ON a.id = q.actor_id "
            "LEFT JOIN LATERAL (SELECT label, issue_id FROM statements_stance "
            "WHERE quote_id = q.id ORDER BY issue_id LIMIT 1) s ON true "
            "LEFT JOIN statements_issue i ON i.id = s.issue_id"
        )
        while True:
            cursor.execute("FETCH 20000 FROM every")
            if not (rows := cursor.fetchall()):
                break
            made.executemany(f"INSERT INTO quotes VALUES ({','.join('?' * 10)})", rows)  # noqa: S608
        cursor.execute("CLOSE every")
    for column in ("speaker", "outlet", "said_on", *_FACETS):
        made.execute(f"CREATE INDEX quotes_{column} ON quotes ({column})")
    made.execute(
        "CREATE VIRTUAL TABLE quotes_fts USING fts5(content, content=quotes, content_rowid=id, "
        "tokenize='porter unicode61')"
    )
    made.execute("INSERT INTO quotes_fts (quotes_fts) VALUES ('rebuild')")
    made.commit()
    made.execute("ANALYZE")
    made.close()
    half.rename(file)


@contextmanager
def _datasette(program: str, file: Path) -> Iterator[psutil.Process]:
    limits = {
        "facet_time_limit_ms": "120000",
        "sql_time_limit_ms": "120000",
        "suggest_facets": "off",
    }
    given = [each for pair in limits.items() for each in ("--setting", *pair)]
    run = subprocess.Popen(
        [program, "serve", str(file), "--port", str(PORT), *given],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": ""},
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                _page("/-/versions.json")
                break
            except OSError:
                if time.monotonic() > deadline or run.poll() is not None:
                    raise SystemExit(f"{program} did not start.") from None
                time.sleep(0.2)
        yield psutil.Process(run.pid)
    finally:
        run.terminate()
        run.wait()


def _spent(process: psutil.Process) -> float:
    """Milliseconds of processor of all its threads."""
    times = process.cpu_times()
    return float(times.user + times.system) * 1e3


def _page(path: str) -> None:
    link = http.client.HTTPConnection("127.0.0.1", PORT, timeout=300)
    link.request("GET", path)
    response = link.getresponse()
    response.read()
    link.close()
    if response.status != http.HTTPStatus.OK:
        raise SystemExit(f"Datasette: {path}: {response.status}")
