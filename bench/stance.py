"""Measure stance suggestions on labelled texts: `make eval-stance`, or

    python -m bench.stance FOLDER [--no-new-issues]

The folder holds the files of NewsMTSC, IBM and Perspectrum named below and the scorer
``score.py``. What is scored is what ``manage.py suggest`` prints; what issues learn is simulated
(`bench/new_issues.py`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.extraction import table
from bench.scorer import Scorer, load_scorer

ROOT = Path(__file__).resolve().parents[1]
# Toward people, and on propositions; the rest of the data is for issues that learn.
ATTITUDES = ("newsmtsc-rw.dev", "newsmtsc-mt.dev")
PROPOSITIONS = ("ibmcs.train", "perspectrum.dev")
OTHERS = ("newsmtsc.train", "perspectrum.train")
RUNS = 3

Rows = list[dict[str, Any]]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Score stance suggestions on labelled texts.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--no-new-issues", action="store_true", help="leave out what issues learn")
    options = parser.parse_args(arguments)
    scorer = load_scorer(options.folder)
    rows = {name: read(options.folder, name) for name in (*ATTITUDES, *PROPOSITIONS, *OTHERS)}
    show_attitudes(scorer, options.folder, rows)
    show_propositions(options.folder, rows)
    show_speed(rows[ATTITUDES[-1]])
    if not options.no_new_issues:
        from bench.new_issues import show_new_issues

        show_new_issues(scorer, rows)
    return 0


def read(folder: Path, name: str) -> Rows:
    path = folder / f"{name}.jsonl"
    if not path.is_file():
        sys.exit(f"{path} is not there: name the folder of the evaluation data.")
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def suggest(folder: Path, names: Sequence[str], *options: str) -> Iterator[dict[str, Any]]:
    """What the product's own command answers to each row of the files, in order."""
    files = [str((folder / f"{name}.jsonl").resolve()) for name in names]
    command = [sys.executable, "manage.py", "suggest", *files, *options]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    yield from map(json.loads, done.stdout.splitlines())


def show_attitudes(scorer: Scorer, folder: Path, rows: dict[str, Rows]) -> None:
    """Print the scores toward people, all rows answered, and what it answers by itself."""
    everything = suggest(folder, ATTITUDES, "--threshold", "0")
    by_itself = suggest(folder, ATTITUDES)
    lines = []
    for name in ATTITUDES:
        # Rows of the two files may have one id: answers are told apart by their place.
        answers = [next(everything) for _ in rows[name]]
        sure = [next(by_itself) for _ in rows[name]]
        quoting = [bool(row.get("quote")) for row in rows[name]]
        for label, wanted in ((name, [True] * len(quoting)), (f"{name}, with “ ”", quoting)):
            chosen = [at for at, each in enumerate(wanted) if each]
            gold = [rows[name][at] for at in chosen]
            if gold:
                scores = _scores(scorer.score(gold, [answers[at] for at in chosen]))
                lines.append([label, *scores, *_answered(gold, [sure[at] for at in chosen])])
    print("\n## Toward people\n")
    print("In percent. Every row answered; the last two columns: what is answered by itself.\n")
    head = ["rows", "number", "macro-F1", "95 %", "accuracy", "calibration error"]
    head += ["accuracy at 50 %", "at 80 %", "answers", "right"]
    print(table(lines, head))


def _scores(result: dict[str, Any]) -> list[str]:
    low, high = result["macro_f1_ci95"]
    covered = result["accuracy_at_coverage"]
    figures = [result["accuracy"], result["ece"], covered["50"], covered["80"]]
    interval = f"{percent(low)}–{percent(high)}"
    return [str(result["n"]), percent(result["macro_f1"]), interval, *map(percent, figures)]


def _answered(gold: Rows, answers: Rows) -> list[str]:
    given = [(a["label"], g["label"]) for a, g in zip(answers, gold, strict=True) if a["label"]]
    right = sum(said == wanted for said, wanted in given)
    return [percent(len(given) / len(gold)), percent(right / len(given) if given else None)]


def show_propositions(folder: Path, rows: dict[str, Rows]) -> None:
    """Print how often it speaks on propositions that nobody has labelled."""
    answers = suggest(folder, PROPOSITIONS)
    lines = []
    for name in PROPOSITIONS:
        given = [next(answers) for _ in rows[name]]
        pairs = zip(given, rows[name], strict=True)
        right = [a["label"] == row["label"] for a, row in pairs if a["label"]]
        share = percent(sum(right) / len(right)) if right else "–"
        lines.append([name, str(len(given)), str(len(right)), share])
    print("\n## On propositions that nobody has labelled\n")
    print("Only explicit words count; wanted: no other answer, and 85 % of these right.\n")
    print(table(lines, ["rows", "number", "answers", "right, percent"]))


def show_speed(rows: Rows) -> None:
    """Print how many texts a second the model reads in one process, the middle of some runs."""
    from statements.nlp.targets import Target, suggest_targets

    targets = [Target(row["text"], row["target"], tuple(row["span"])) for row in rows]
    list(suggest_targets(targets[:1]))
    seconds = []
    for _ in range(RUNS):
        start = time.process_time()
        list(suggest_targets(targets))
        seconds.append(time.process_time() - start)
    speed = len(targets) / sorted(seconds)[RUNS // 2]
    print(f"\n{speed:.0f} texts a second, one process, CPU time, middle of {RUNS} runs.")


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}"


if __name__ == "__main__":
    sys.exit(main())
