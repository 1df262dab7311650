"""What browsers report as forbidden: counted by kind, and never more than a little of it kept."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from newsroom import csp_reports
from newsroom.csp_reports import Violation, csp_reports_refused, csp_violations


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    csp_reports._tally.clear()
    yield
    csp_reports._tally.clear()


def report(**fields: str) -> dict[str, Any]:
    body = {
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/steal.js?who=me",
        "document-uri": "http://testserver/actors/",
    }
    return {"csp-report": body | {key.replace("_", "-"): value for key, value in fields.items()}}


def send(client: Any, sent: Any, kind: str = "application/csp-report") -> int:
    body = sent if isinstance(sent, bytes | str) else json.dumps(sent)
    return int(client.post("/csp-report", body, content_type=kind).status_code)


def test_a_violation_is_counted_by_directive_origin_and_page(client):
    assert send(client, report()) == 204
    assert send(client, report(blocked_uri="https://evil.example/another.js")) == 204
    page = "statements:actor_list"
    kind = Violation("script-src-elem", "https://evil.example", page)
    assert csp_violations() == {kind: 2}


def test_both_forms_of_reports_are_read(client):
    body = {
        "effectiveDirective": "style-src-attr",
        "blockedURL": "inline",
        "documentURL": "http://testserver/",
    }
    sent = [{"type": "csp-violation", "body": body}, {"type": "deprecation", "body": {}}]
    assert send(client, sent, "application/reports+json") == 204
    assert csp_violations() == {Violation("style-src-attr", "inline", "statements:explore"): 1}


def test_each_kind_is_logged_once_and_on_one_line(client, caplog):
    with caplog.at_level(logging.WARNING, logger="newsroom.csp_reports"):
        for _ in range(3):
            send(client, report(document_uri="http://testserver/x\r\nERROR root: forged"))
    assert len(caplog.records) == 1
    assert "\n" not in caplog.records[0].getMessage()
    assert "forged" not in caplog.records[0].getMessage()


def test_what_an_extension_of_the_browser_does_is_not_counted(client):
    assert send(client, report(blocked_uri="chrome-extension://abc/x.js")) == 204
    assert csp_violations() == {}


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "http://[", "\u202ehttps://a.example", "https://" + "a" * 400, "ä:ö"],
)
def test_nothing_is_kept_of_an_address_that_is_none(client, address):
    assert send(client, report(blocked_uri=address)) == 204
    (kind,) = csp_violations()
    assert kind.blocked in {"other", "unreadable"}


@pytest.mark.parametrize(
    ("sent", "kind", "status"),
    [
        (b"not json", "application/csp-report", 400),
        (b"[" * 10_000, "application/csp-report", 400),
        (b"\xff\xfe", "application/csp-report", 400),
        (b"{}", "text/html", 415),
        (b"x" * 20_000, "application/csp-report", 413),
        (b"[1, null, {}]", "application/csp-report", 204),
        (b'{"csp-report": []}', "application/csp-report", 204),
        (b'{"csp-report": {"effective-directive": 7}}', "application/csp-report", 204),
    ],
)
def test_what_is_no_report_is_refused_or_passed_over(client, sent, kind, status):
    assert send(client, sent, kind) == status
    assert csp_violations() == {}


def test_only_posts_are_taken(client):
    assert client.get("/csp-report").status_code == 405


def test_one_visitor_is_not_read_for_ever(client):
    found = [send(client, report()) for _ in range(csp_reports.MOST_PER_VISITOR + 5)]
    assert found.count(204) == csp_reports.MOST_PER_VISITOR
    assert found.count(429) == csp_reports_refused() == 5


def test_all_visitors_together_are_not_read_for_ever(client, monkeypatch):
    monkeypatch.setattr(csp_reports, "MOST_PER_MINUTE", 3)
    found = [
        client.post(
            "/csp-report",
            json.dumps(report()),
            content_type="application/csp-report",
            REMOTE_ADDR=f"192.0.2.{number}",
        ).status_code
        for number in range(5)
    ]
    assert found == [204, 204, 204, 429, 429]


def test_kinds_are_bounded(client, monkeypatch):
    monkeypatch.setattr(csp_reports, "MOST_KINDS", 5)
    for number in range(15):
        send(client, report(blocked_uri=f"https://{number}.example/"))
    assert len(csp_violations()) == 6
    assert csp_violations()[csp_reports.OTHERS] == 10


def test_a_closed_site_takes_reports(client, settings):
    settings.READERS_NEED_ACCOUNT = True
    assert send(client, report()) == 204
