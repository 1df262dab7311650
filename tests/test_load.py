"""`make bench-load`, small and short: everything that it asks of the site, with few people."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.load_checks import GRACE, Outage, wrong_answers, wrong_imports, wrong_labels
from bench.load_people import Record, Sent
from bench.load_visits import Answer
from statements.labelling import record_label
from tests.factories import make_article, make_issue, make_quote, make_user

ROOT = Path(__file__).resolve().parent.parent
SHORT = "--minutes=0.4 --users=8 --quotes=2000 --restarts=1 --pause=0.4 --away=2 --lease=5"


def test_nothing_is_lost_and_nothing_fails_while_the_database_comes_and_goes():
    run = subprocess.run(
        [sys.executable, "-m", "bench.load", *SHORT.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "the database was restarted." in run.stdout
    assert "all connections were taken." in run.stdout


OUTAGES = [Outage("it was away", began=10, ended=14)]


def answer(status: int, began: float, **facts: str) -> Answer:
    return Answer("quote", "/quotes/1/", began, began + 1, status, **facts)


TOLD = answer(503, 11, retry_after="10")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (answer(500, 11), "500: quote"),
        (answer(404, 2), "404: quote"),
        (answer(503, 11), "503 without Retry-After"),
        (answer(503, 2, retry_after="10"), "503 while the database is there"),
        (answer(503, 14 + GRACE, retry_after="10"), "503 while the database is there"),
        (answer(0, 2, trouble="IncompleteRead"), "no answer: quote: IncompleteRead"),
    ],
    ids=lambda value: str(getattr(value, "status", value)),
)
def test_an_answer_that_nobody_should_get_is_told(wrong, said):
    [complaint] = wrong_answers([TOLD, wrong], OUTAGES)
    assert complaint.startswith(said)


def test_what_an_outage_brings_is_no_complaint():
    cut = answer(0, 9.5, trouble="IncompleteRead")
    assert list(wrong_answers([answer(200, 1), answer(302, 2), cut, TOLD], OUTAGES)) == []
    [complaint] = wrong_answers([answer(200, 11)], OUTAGES)
    assert complaint == "Nobody was told to come back while it was away"


@pytest.mark.django_db
def test_labels_are_compared_with_what_was_sent():
    quote, issue, editor = make_quote(), make_issue(), make_user()
    record = Record(undone={editor.username: []})
    for number, label in enumerate(("supports", "opposes")):
        record_label(quote=quote, issue=issue, editor=editor, label=label, note=f"n{number}")
        what = (str(quote.uuid), issue.slug, label)
        record.labels.append(Sent(f"n{number}", what, said="saved"))
    [queue] = wrong_labels(record)
    assert queue.endswith("1 labels, stance 1, queue None")

    record.labels.append(Sent("n2", (), said="saved"))
    record.labels[0].said = "refused"
    record.labels[1].what = (str(quote.uuid), issue.slug, "neutral")
    record.undone[editor.username].append(Sent("", (), said="saved"))
    told = " ".join(wrong_labels(record))
    assert "label n2, saved: 0 times there" in told
    assert "label n0, refused: 1 times there" in told
    assert "label n1: " in told
    assert "took back" in told


@pytest.mark.django_db
def test_articles_are_compared_with_what_was_sent():
    make_article("A text.\n\nFiled as load-1-admin-00001.")
    saved, open_ = Sent("load-1-admin-00001.", ()), Sent("load-1-admin-00002.", ())
    record = Record(articles=[saved, open_])
    saved.said, open_.said = "saved", "unknown"
    assert [each for each in wrong_imports(record, within=0) if "article " in each] == []
    saved.said, open_.said = "refused", "saved"
    assert [each for each in wrong_imports(record, within=0) if "article " in each] == [
        "article load-1-admin-00001., refused: 1 times there",
        "article load-1-admin-00002., saved: 0 times there",
    ]
