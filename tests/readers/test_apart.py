"""The process that reads what may hang, swell or crash."""

from __future__ import annotations

import os
import signal
import sys
import time
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import pytest

from statements.ingest.documents import Document, Refusal
from statements.ingest.readers import apart, limits
from statements.ingest.readers.apart import _Process, read_apart
from statements.ingest.readers.reading import Reading
from tests.readers.builders import document, page, reason

ROWS = "title,text\n" + "T,Words\n" * 5_000


def rows(raw: str = ROWS) -> list[Document | Refusal]:
    return list(read_apart("csv", "in.csv", raw.encode(), Reading()))


def one_waits() -> int:
    """The process id of the one reader that waits."""
    rows()
    while len(_Process.idle) > 1:
        _Process.idle.pop().kill()
    return _Process.idle[0].process.pid


def test_one_process_serves_many_files():
    pid = one_waits()
    assert len(rows()) == 5_000
    assert one_waits() == pid


def test_the_size_of_the_parent_is_not_the_readers():
    ballast = bytearray(600_000_000)
    while _Process.idle:
        _Process.idle.pop().kill()
    pid = one_waits()
    assert one_waits() == pid
    del ballast


def test_a_file_that_is_not_read_to_its_end_leaves_nothing_behind():
    pid = one_waits()
    assert len(list(islice(read_apart("csv", "in.csv", ROWS.encode(), Reading()), 3))) == 3
    assert not _Process.idle
    assert not Path(f"/proc/{pid}").exists()


def test_two_files_can_be_read_by_turns():
    first = read_apart("csv", "a.csv", ROWS.encode(), Reading())
    second = read_apart("csv", "b.csv", ROWS.encode(), Reading())
    names = [each.name for pair in zip(first, second, strict=True) for each in pair]
    assert names[:2] == ["a.csv, line 2", "b.csv, line 2"]
    assert len(names) == 10_000


def test_a_reader_that_dies_ends_as_a_refusal_and_the_next_file_is_read():
    found = read_apart("csv", "in.csv", ROWS.encode(), Reading())
    next(found)
    (child,) = children()
    os.kill(child, signal.SIGKILL)
    rest = list(found)
    assert isinstance(rest[-1], Refusal)
    assert "Reading it failed" in rest[-1].reason
    assert len(rows()) == 5_000


def test_a_reader_that_takes_too_long_ends_as_a_refusal_that_says_so(monkeypatch):
    document("a.html", page())
    monkeypatch.setattr(limits, "SECONDS_PER_DOCUMENT", 1)
    begun = time.monotonic()
    assert "longer than 1 seconds" in reason("a.html", "<html>" + "<p>x" * 300_000)
    assert time.monotonic() - begun < 5
    assert document("a.html", page()).text


def test_one_that_has_waited_long_is_replaced(monkeypatch):
    pid = one_waits()
    monkeypatch.setattr(limits, "IDLE_SECONDS", 0)
    rows()
    monkeypatch.undo()
    assert one_waits() != pid


def _read_page(name: str) -> bool:
    return isinstance(document(name, page()), Document)


def test_a_forked_process_uses_a_reader_of_its_own():
    one_waits()
    with get_context("fork").Pool(2) as pool:
        assert pool.map(_read_page, ["a.html", "b.html", "c.html"]) == [True] * 3
    assert len(rows()) == 5_000


@pytest.mark.parametrize(
    ("deed", "forbidden"),
    [
        ("import socket; socket.create_connection(('127.0.0.1', 9))", True),
        ("import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')", True),
        ("import subprocess; subprocess.run(['true'])", True),
        ("import os; os.system('true')", True),
        ("import json; json.dumps([])", False),
    ],
)
def test_a_reader_has_no_network_and_starts_no_programs(deed, forbidden, capfd):
    code = f"import sys; from {apart.__name__} import _forbid; sys.addaudithook(_forbid); {deed}"
    status = os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", code])  # noqa: S606
    assert (status != 0) is forbidden
    assert ("A reader must not do this" in capfd.readouterr().err) is forbidden


def test_memory_is_limited():
    code = f"from {apart.__name__} import _limit_memory; _limit_memory(); b'x' * 3_000_000_000"
    assert os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", code]) != 0  # noqa: S606


def test_a_slow_parent_is_not_held_against_the_document(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS_PER_DOCUMENT", 2)
    found = read_apart("csv", "in.csv", ROWS.encode(), Reading())
    next(found)
    # The pipe is full by now, and the reader waits to be heard.
    time.sleep(3)
    assert len(list(found)) == 4_999


def children() -> list[int]:
    """The readers at work: those of this process that do not wait."""
    waiting = {each.process.pid for each in _Process.idle}
    tasks = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    readers = [int(pid) for pid in tasks if b"apart" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return [pid for pid in readers if pid not in waiting]
