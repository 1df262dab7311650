"""Numbers for Prometheus: who may read them, what they say, and how many there can be."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from prometheus_client.parser import text_string_to_metric_families

from newsroom.environment import Environment
from statements.gauges import gauges
from statements.ingest.documents import Document, Refusal
from statements.ingest.importing import LOT, add_documents, open_batch, start
from statements.labelling import record_label
from tests.factories import make_issue, make_quote, make_user

pytestmark = pytest.mark.django_db
TOKEN = {"Authorization": "Bearer a-token-of-tests"}


@pytest.fixture(autouse=True)
def _token(settings):
    settings.METRICS_TOKEN = "a-token-of-tests"
    settings.METRICS_FROM = []


def numbers(client) -> dict[tuple[str, ...], float]:
    """Each number by its name and labels."""
    answer = client.get("/metrics", headers=TOKEN)
    assert answer.status_code == 200
    return {
        (sample.name, *(f"{name}={value}" for name, value in sorted(sample.labels.items()))): (
            sample.value
        )
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer other"}, {"Authorization": "x"}])
def test_nobody_reads_them_without_the_token(client, headers):
    assert client.get("/metrics", headers=headers).status_code == 404


def test_no_token_at_all_opens_them_to_nobody(client, settings):
    settings.METRICS_TOKEN = ""
    for value in ("Bearer ", "Bearer", "Bearer x"):
        assert client.get("/metrics", headers={"Authorization": value}).status_code == 404


def test_addresses_that_may_need_no_token_and_none_can_be_made_up(client, settings):
    settings.METRICS_FROM = Environment({"X": "10.1.0.0/16, ::1"}).networks("X")
    for address, status in (
        ("10.1.2.3", 200),
        ("::1", 200),
        ("::ffff:10.1.0.9", 200),
        ("10.2.0.1", 404),
    ):
        assert client.get("/metrics", REMOTE_ADDR=address).status_code == status
    forged = {"X-Forwarded-For": "10.1.2.3"}
    assert client.get("/metrics", headers=forged, REMOTE_ADDR="1.2.3.4").status_code == 404
    settings.BEHIND_PROXY = True
    forged = {"X-Forwarded-For": "10.1.2.3, 1.2.3.4"}
    assert client.get("/metrics", headers=forged, REMOTE_ADDR="10.1.2.3").status_code == 404


def test_requests_are_counted_and_timed_by_view(client):
    view = "view=statements:article_list"
    key = ("newsroom_requests_total", "method=GET", "status=2xx", view)
    timed = ("newsroom_request_seconds_count", "method=GET", view)
    before = numbers(client)
    client.get("/articles/?q=secret")
    found = numbers(client)
    assert found[key] == before.get(key, 0) + 1
    assert found[timed] == before.get(timed, 0) + 1
    assert found["newsroom_request_database_seconds_sum", view] > 0
    assert (
        found["newsroom_request_database_seconds_sum", view]
        < found["newsroom_request_seconds_sum", "method=GET", view]
    )


def test_no_visitor_adds_a_number(client):
    for path in ("/a", "/quotes/x/", "/actors/nobody/", "/actors/nobody-else/"):
        client.get(path)
    client.generic("BREW", "/")
    client.get("/metrics", headers=TOKEN)
    before = set(numbers(client))
    for path in ("/b", "/quotes/y/", "/actors/somebody/"):
        client.get(path)
    client.generic("SMELL", "/")
    assert set(numbers(client)) == before
    assert {key[1] for key in before if key[0] == "newsroom_requests_total"} <= {
        "method=GET",
        "method=HEAD",
        "method=POST",
        "method=other",
    }


def test_imports_tasks_and_labels_are_told(client):
    batch = open_batch(channel="command")
    add_documents(batch, (Document(f"{n}.txt", f"Text {n}.", 8) for n in range(LOT + 1)))
    add_documents(batch, [Refusal("b.pdf", "It has no text.", 3)])
    start(batch)
    record_label(
        quote=make_quote(), issue=make_issue(), editor=make_user("editor"), label="opposes"
    )
    found = numbers(client)
    assert found["newsroom_database_up",] == 1
    assert found["newsroom_imports_running",] == 1
    assert found["newsroom_import_documents_waiting",] == LOT + 1
    assert found["newsroom_import_documents_rejected",] == 1
    assert found["newsroom_tasks_waiting",] == 2
    assert found["newsroom_tasks_oldest_seconds",] > 0
    assert found["newsroom_labels",] == 1


def test_without_the_database_they_say_so():
    def gone(*_: object) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(gone):
        [family] = gauges()
    assert [sample.value for sample in family.samples] == [0]
