"""Lines of the log: whose request they belong to, and what they keep quiet about."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError
from django_ox.models import OxTask

from newsroom.logs import JsonFormatter, LineFormatter
from newsroom.request_ids import following, request_id, task_name
from statements.ingest.documents import Document
from statements.ingest.importing import LOT, add_documents, open_batch, start
from statements.tasks import process_lot


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """All that is logged, as JSON lines."""
    taken, root = StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(taken), root.level
    handler.setFormatter(JsonFormatter())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield taken
    root.removeHandler(handler)
    root.setLevel(level)


def read(lines: StringIO, logger: str = "newsroom.access") -> list[dict[str, object]]:
    found = [json.loads(line) for line in lines.getvalue().splitlines()]
    return [line for line in found if line["logger"] == logger]


def test_an_answer_carries_the_id_that_a_proxy_gave(client, db):
    answer = client.get("/api/", headers={"X-Request-ID": "proxy-12345.abc"})
    assert answer["X-Request-ID"] == "proxy-12345.abc"
    assert request_id() == ""


@pytest.mark.parametrize(
    "sent", ["", "short", "x" * 65, 'a"},{"level', "eight eight", "näher-näher"]
)
def test_an_id_that_could_be_anything_is_replaced(client, db, sent):
    answer = client.get("/api/", headers={"X-Request-ID": sent})
    assert answer["X-Request-ID"] != sent
    assert len(answer["X-Request-ID"]) == 32


def test_a_request_is_one_line_without_what_was_searched(client, db, lines):
    client.get("/?q=secret+plans&speaker=somebody", headers={"X-Request-ID": "search-0001"})
    [line] = read(lines)
    assert line["message"] == "GET / 200"
    assert line["request_id"] == "search-0001"
    assert line["status"] == 200
    assert isinstance(line["seconds"], float)
    assert "secret" not in lines.getvalue()
    assert "somebody" not in lines.getvalue()


def test_a_line_stays_one_line_whatever_was_asked_for(client, db, lines):
    client.get("/no%0Asuch%22page")
    assert [line["status"] for line in read(lines)] == [404]


@pytest.mark.django_db
@pytest.mark.parametrize("formatter", [JsonFormatter(), LineFormatter("{message}", style="{")])
def test_values_of_rows_stay_out_of_tracebacks(formatter):
    name = "ana.ruiz" + "@example.org"  # In two: a traceback shows the line itself.
    User.objects.create(username=name)
    try:
        User.objects.create(username=name)
    except IntegrityError:
        record = logging.LogRecord("x", 40, "x.py", 1, "failed", (), sys.exc_info())
    told = formatter.format(record)
    assert "duplicate key value" in told
    assert name not in told


def test_a_line_to_read_names_the_request():
    record = logging.LogRecord("x", 40, "x.py", 1, "failed", (), None)
    formatter = LineFormatter("{levelname} [{request_id}]: {message}", style="{")
    assert formatter.format(record) == "ERROR [-]: failed"
    with following("search-0001", task="t"):
        assert formatter.format(record) == "ERROR [search-0001]: failed"


@pytest.mark.django_db
def test_a_task_follows_the_request_that_left_it(lines):
    batch = open_batch(channel="command")
    add_documents(batch, (Document(f"{n}.txt", f"Text {n}.", 8) for n in range(LOT + 1)))
    with following("upload-0001", task="upload"):
        start(batch)
    [first, _] = OxTask.objects.order_by("enqueued_at")
    process_lot.call(batch.pk, [], **first.kwargs)
    begun = [line for line in read(lines) if line.get("task") == f"process_lot {batch.pk}"]
    assert [line["request_id"] for line in begun] == ["upload-0001"] * 2
    assert (request_id(), task_name()) == ("", "")
