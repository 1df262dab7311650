"""A database that goes away under a site and a worker that serve, and comes back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import psycopg2
import pytest
from django.db import IntegrityError, InterfaceError, OperationalError

from newsroom.away import is_away
from newsroom.localdb.server import LocalServer
from tests.scratch import address_of, own_server
from tests.test_demo import free_port

ROOT = Path(__file__).resolve().parent.parent
JSON, FRAGMENT = "application/json", {"HX-Request": "true"}


@dataclass
class Site:
    """A server and a worker of the site, on a database of their own."""

    server: LocalServer
    address: str
    port: int
    log: Path

    def get(self, path: str, **headers: str) -> tuple[int, Message, str]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def status(self, path: str) -> int:
        return self.get(path)[0]

    def lines(self) -> list[dict[str, object]]:
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def ask(self, query: str, *values: object) -> list[tuple[object, ...]]:
        joined = psycopg2.connect(self.address)
        try:
            with joined, joined.cursor() as cursor:
                cursor.execute(query, values)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            joined.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("site")
    with own_server() as server, ExitStack() as stack:
        server.create_database("site")
        address = address_of(server, "site")
        surroundings = os.environ | {
            "DATABASE_URL": address,
            "NEWSROOM_DEBUG": "0",
            "NEWSROOM_HTTPS": "0",
            "NEWSROOM_LOG_FORMAT": "json",
            "NEWSROOM_METRICS_FROM": "127.0.0.1",
            "NEWSROOM_SECRET_KEY": "for one test only",
            "NEWSROOM_VAR": str(home),
        }

        def run(*command: str) -> None:
            subprocess.run(
                [sys.executable, "manage.py", *command], cwd=ROOT, env=surroundings, check=True
            )

        run("migrate", "--verbosity", "0")
        run("collectstatic", "--no-input", "--verbosity", "0")
        site = Site(server, address, free_port(), home / "log")
        output = stack.enter_context(site.log.open("w"))
        gunicorn = ("-m", "gunicorn", "newsroom.wsgi", "--bind", f"127.0.0.1:{site.port}")
        for command in ((*gunicorn, "--workers", "2"), ("manage.py", "worker")):
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, *command],
                    cwd=ROOT,
                    env=surroundings,
                    stdout=output,
                    stderr=output,
                )
            )
            stack.callback(process.terminate)
        until(lambda: _serves(site))
        yield site


def _serves(site: Site) -> bool:
    try:
        return site.status("/readyz") == 200
    except OSError:
        return False


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_pages_say_to_come_back_and_do_so_by_themselves(site):
    for path in ("/", "/articles/", "/api/v1/quotes"):
        assert site.status(path) == 200
    site.server.stop()
    asked = "restart-0001"
    status, headers, page = site.get("/articles/?q=secret", **{"X-Request-ID": asked})
    assert (status, headers["Retry-After"], headers["X-Request-ID"]) == (503, "10", asked)
    assert "Back in a moment" in page
    assert headers["Content-Security-Policy"]
    # Once, with the request's id, and without what was searched.
    [line] = [each for each in site.lines() if each.get("request_id") == asked]
    assert str(line["message"]).startswith("The database is away: GET /articles/: connection to")
    logged = site.log.read_text(encoding="utf-8")
    assert "secret" not in logged
    assert "Service Unavailable: /articles/" not in logged

    status, headers, answer = site.get("/api/v1/quotes")
    assert (status, headers["Content-Type"], headers["Retry-After"]) == (503, JSON, "10")
    assert json.loads(answer)["error"] == "database_away"

    status, headers, fragment = site.get("/", **FRAGMENT)
    assert (status, headers["HX-Retarget"]) == (503, "#main")
    assert headers["HX-Reswap"].startswith("afterbegin")
    assert fragment.strip().startswith('<p class="notice notice-error" role="alert">')
    assert "<html" not in fragment

    # Also outside of a view, where the page of an error asks who is signed in.
    status, headers, _ = site.get("/no-such-page", Cookie=f"session={'a' * 32}")
    assert (status, headers["Retry-After"]) == (503, "10")

    assert site.status("/healthz") == site.status("/readyz") == 503
    site.server.start()
    for path in ("/", "/articles/", "/api/v1/quotes", "/healthz", "/readyz"):
        assert [site.status(path) for _ in range(4)] == [200] * 4


def test_pages_say_so_when_the_database_takes_no_more_connections(site):
    site.ask("ALTER ROLE CURRENT_USER SET statement_timeout = '30s'")
    joined = psycopg2.connect(site.address)
    joined.autocommit = True
    joined.cursor().execute("ALTER SYSTEM SET max_connections = 8")
    joined.close()
    site.server.stop()
    site.server.start()
    taken: list[psycopg2.extensions.connection] = []
    # The worker and the site ask too: whoever comes first keeps a connection.
    with pytest.raises(psycopg2.OperationalError, match="too many clients"):
        taken.extend(iter(lambda: psycopg2.connect(site.address), None))
    try:
        found = {site.status("/") for _ in range(6)}
        assert 503 in found
        assert found <= {200, 503}
    finally:
        for each in taken:
            each.close()
    until(lambda: all(site.status("/") == 200 for _ in range(4)))


def test_the_worker_goes_on_after_a_restart(site):
    site.server.stop()
    time.sleep(2)
    site.server.start()
    [(batch,)] = site.ask(
        "INSERT INTO statements_importbatch (uuid, channel, state, reading, created_at) "
        "VALUES (gen_random_uuid(), 'command', 'running', '{}', now()) RETURNING id"
    )
    site.ask(
        "INSERT INTO django_ox_oxtask (id, task_path, args, kwargs, queue_name, priority, "
        "takes_context, backend_name, status, attempts, max_attempts, errors, worker_ids, "
        "enqueued_at, lease_epoch) VALUES (gen_random_uuid(), 'statements.tasks.process_lot', "
        "%s, '{}', 'default', 0, false, 'default', 'READY', 0, 3, '[]', '[]', now(), 0)",
        json.dumps([batch, []]),
    )

    def finished() -> bool:
        query = "SELECT state FROM statements_importbatch WHERE id = %s"
        [(state,)] = site.ask(query, batch)
        return bool(state == "finished")

    until(finished)


def test_processes_count_together(site):
    for _ in range(20):
        assert site.status("/actors/") == 200
    counts = {
        line.rpartition(" ")[2]
        for _ in range(6)
        for line in site.get("/metrics")[2].splitlines()
        if line.startswith("newsroom_requests_total") and "actor_list" in line
    }
    assert counts == {"20.0"}


def test_only_a_database_that_cannot_be_asked_is_away():
    def caused(code: str | None) -> OperationalError:
        error = OperationalError("told")
        error.__cause__ = type("Cause", (Exception,), {"pgcode": code})()
        return error

    assert all(is_away(caused(code)) for code in (None, "57P01", "57P03", "53300", "08006"))
    # A statement that took too long, a lock, two who wait for each other: the database is there.
    assert not any(is_away(caused(code)) for code in ("57014", "55P03", "40P01"))
    assert is_away(InterfaceError("connection already closed"))
    assert not is_away(InterfaceError("cursor already closed"))
    assert not is_away(IntegrityError("duplicate key"))
    assert not is_away(None)
