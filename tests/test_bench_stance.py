"""`make eval-stance` on texts made up for it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from bench import new_issues, stance
from bench.scorer import load_scorer
from statements.nlp.issue_models import CLASSES

EVAL = Path(__file__).resolve().parents[2] / "shared" / "eval" / "stance"
PRAISE = "The minister praised Anna Berg."
BLAME = "“Anna Berg lied to voters for years and lost their trust,” he said."
MOTION = "This house would build the dam"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Evaluation data: the real scorer, made-up texts."""
    if not (EVAL / "score.py").is_file():
        pytest.skip(f"the scorer is kept outside the repository, and not at {EVAL}")
    shutil.copy(EVAL / "score.py", tmp_path)
    people = [
        {
            "id": number,
            "text": text,
            "target": "Anna Berg",
            "span": [text.index("Anna"), text.index("Anna") + 9],
            "label": label,
            "quote": int("“" in text),
        }
        for number, (text, label) in enumerate([(PRAISE, "supports"), (BLAME, "opposes")])
    ]
    motions = [
        {"id": 0, "text": "The valley would be lost.", "target": MOTION, "label": "opposes"},
        {"id": 1, "text": "We firmly oppose the dam.", "target": "the dam", "label": "opposes"},
    ]
    for names, rows in ((stance.ATTITUDES, people), (stance.PROPOSITIONS, motions)):
        for name in names:
            lines = "\n".join(map(json.dumps, rows))
            (tmp_path / f"{name}.jsonl").write_text(f"{lines}\n", encoding="utf-8")
    for name in stance.OTHERS:
        (tmp_path / f"{name}.jsonl").write_text("", encoding="utf-8")
    return tmp_path


def test_it_scores_what_the_command_prints(folder, capsys):
    assert stance.main([str(folder), "--no-new-issues"]) == 0
    printed = capsys.readouterr().out
    rows = {
        cells[0]: cells[1:]
        for line in printed.splitlines()
        if line.startswith("|")
        for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
    }
    assert rows["newsmtsc-rw.dev"][:2] == ["2", "100.0"]
    assert rows["newsmtsc-mt.dev, with “ ”"][0] == "1"
    assert rows["ibmcs.train"] == ["2", "1", "100.0"]
    assert "texts a second" in printed


def test_a_missing_file_is_named(folder):
    (folder / "ibmcs.train.jsonl").unlink()
    with pytest.raises(SystemExit, match=r"ibmcs\.train\.jsonl is not there"):
        stance.main([str(folder)])


@pytest.fixture
def issue() -> new_issues.SimulatedIssue:
    """Labels that the vectors give away, and a general model that knows two in three."""
    draw = np.random.default_rng(0)
    answers = draw.permutation(np.arange(150) % 3)
    vectors = np.eye(12)[answers] + 0.5 * draw.normal(size=(150, 12)) / 12**0.5
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    guesses = np.where(np.arange(150) % 3, answers, (answers + 1) % 3)
    offsets = np.log(np.where(np.eye(3)[guesses] > 0, 0.6, 0.2))
    labels = [CLASSES[at] for at in answers]
    return new_issues.SimulatedIssue("dam", labels, vectors.astype(np.float32), offsets)


def test_simulated_labels_teach_an_issue_what_the_rest_is(folder, issue):
    scorer = load_scorer(folder)
    nothing = new_issues.simulate(scorer, issue, 0, seed=0)
    assert nothing is not None
    assert (nothing.tested, nothing.answers) == (150, 0)
    learned = new_issues.simulate(scorer, issue, 50, seed=0)
    assert learned is not None
    assert learned.tested == 100
    assert learned.macro_f1 > max(0.9, nothing.macro_f1)
    assert learned.right <= learned.answers <= 100
    assert new_issues.simulate(scorer, issue, 50, seed=0) == learned
    assert new_issues.simulate(scorer, new_issues.without_offsets(issue), 0, seed=0) is None


def test_every_number_of_labels_is_a_line_with_the_issues_that_have_enough(folder, issue, capsys):
    new_issues.show(load_scorer(folder), "a dam", [new_issues.without_offsets(issue)])
    new_issues.show_refit(issue)
    printed = capsys.readouterr().out
    assert "### A dam" in printed
    assert "| 0 | 1 | – | – | – | – | 5 of 5 |" in printed
    assert "| 200 | 0 |" in printed
    assert "A refit from 200 labels takes" in printed


def test_a_proposition_is_an_issue_from_enough_rows_on(monkeypatch):
    monkeypatch.setattr(new_issues, "FEWEST_ROWS", 2)
    rows = [{"target": each, "text": "We agree.", "label": "supports"} for each in ("a", "b", "a")]
    (issue,) = new_issues.propositions(rows)
    assert (issue.name, len(issue.labels), issue.vectors.shape) == ("a", 2, (2, 384))
