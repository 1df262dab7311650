"""Simulate issues that learn: labels drawn at random from a target's rows, the rest to test on.

An issue of an actor is every row whose target has the actor's name, "Mr. Trump" as well as "Donald
Trump". Its general model may not have seen it, as the one that comes with the product has: for each
actor another is fitted on the words of all other targets' rows.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.extraction import table
from bench.scorer import Scorer
from bench.stance import Rows, percent
from statements.nlp import issue_models
from statements.nlp.issue_models import CLASSES

LABELLED = (0, 30, 50, 100, 200)
SEEDS = range(5)
MOST_TESTED, FEWEST_TESTED = 500, 30
# A proposition is an issue from so many rows on.
FEWEST_ROWS = 60
# The strength of the correction and the weight of rare classes were chosen on these, and on the
# claims of Perspectrum; the others are for reporting.
CHOSEN_ON = ("Trump", "Sanders", "Romney", "Cruz")
REPORTED_ON = ("Clinton", "Obama")


@dataclass(frozen=True)
class SimulatedIssue:
    """An issue whose every quote has a true label; `offsets` are None for propositions."""

    name: str
    labels: Sequence[str]
    vectors: np.ndarray
    offsets: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one draw of labels did on the rest; `answers` are at the fit's own threshold."""

    macro_f1: float
    surest_half: float
    tested: int
    answers: int
    right: int


def show_new_issues(scorer: Scorer, rows: dict[str, Rows]) -> None:
    """Print how right issues get with so many labels, and how long a refit takes."""
    news = rows["newsmtsc.train"] + rows["newsmtsc-rw.dev"] + rows["newsmtsc-mt.dev"]
    claims = propositions(rows["perspectrum.train"] + rows["perspectrum.dev"])
    motions = propositions(rows["ibmcs.train"])
    chosen = [actor(name, news) for name in CHOSEN_ON]
    reported = [actor(name, news) for name in REPORTED_ON]
    print("\n## Issues that learn, simulated\n")
    print(
        f"Labels drawn at random, mean of {len(SEEDS)} draws and of the issues that have enough "
        f"rows;\nthe rest (at most {MOST_TESTED}) tests. In percent. The general model is not the "
        "product's, which has\nseen these rows, but TF-IDF of the words of all other targets' rows."
    )
    for title, issues in (
        (f"actors for reporting ({', '.join(REPORTED_ON)})", reported),
        (f"actors that the strength was chosen on ({', '.join(CHOSEN_ON)})", chosen),
    ):
        show(scorer, f"{title}, alone", [without_offsets(each) for each in issues])
        show(scorer, f"{title}, from the general model", issues)
    show(scorer, f"propositions for reporting ({len(motions)} motions)", motions)
    show(scorer, f"propositions that it was chosen on ({len(claims)} claims)", claims)
    show_refit(chosen[0])


def show(scorer: Scorer, title: str, issues: Sequence[SimulatedIssue]) -> None:
    """Print a line for each number of labels."""
    lines = []
    for count in LABELLED:
        fitting = [each for each in issues if len(each.labels) >= count + FEWEST_TESTED]
        draws = [simulate(scorer, each, count, seed) for each in fitting for seed in SEEDS]
        lines.append([str(count), str(len(fitting)), *_cells(draws)])
    print(f"\n### {title[0].upper()}{title[1:]}\n")
    head = ["labels", "issues", "macro-F1", "accuracy of the surest half", "answers", "right"]
    print(table(lines, [*head, "silent draws"]))


def _cells(draws: Sequence[Outcome | None]) -> list[str]:
    spoke = [each for each in draws if each]
    silent = f"{len(draws) - len(spoke)} of {len(draws)}"
    if not spoke:
        return ["–", "–", "–", "–", silent]
    answers = sum(each.answers for each in spoke)
    right = sum(each.right for each in spoke)
    return [
        percent(float(np.mean([each.macro_f1 for each in spoke]))),
        percent(float(np.mean([each.surest_half for each in spoke]))),
        percent(answers / sum(each.tested for each in spoke)),
        percent(right / answers if answers else None),
        silent,
    ]


def simulate(scorer: Scorer, issue: SimulatedIssue, count: int, seed: int) -> Outcome | None:
    """What is right on the rest with so many labels; None where nothing can be learned."""
    order = np.random.default_rng(seed).permutation(len(issue.labels))
    known, rest = order[:count], order[count : count + MOST_TESTED]
    offsets = issue.offsets
    threshold = issue_models.NEVER
    classes: tuple[str, ...] = CLASSES
    if count:
        fitted = issue_models.fit(
            issue.vectors[known],
            [issue.labels[at] for at in known],
            None if offsets is None else offsets[known],
        )
        if fitted is None:
            return None
        threshold, classes = fitted.threshold, fitted.classes
        shares = fitted.probabilities(
            issue.vectors[rest], None if offsets is None else offsets[rest]
        )
    elif offsets is None:
        return None
    else:
        shares = np.exp(offsets[rest])
    gold = [{"id": int(at), "label": issue.labels[at]} for at in rest]
    found = [
        {"id": int(at), "label": classes[int(each.argmax())], "confidence": float(each.max())}
        for at, each in zip(rest, shares, strict=True)
    ]
    result = scorer.score(gold, found, boot=0)
    pairs = zip(found, gold, shares.max(1), strict=True)
    right = [f["label"] == g["label"] for f, g, share in pairs if share >= threshold]
    return Outcome(
        macro_f1=result["macro_f1"],
        surest_half=result["accuracy_at_coverage"]["50"],
        tested=len(rest),
        answers=len(right),
        right=sum(right),
    )


def without_offsets(issue: SimulatedIssue) -> SimulatedIssue:
    return SimulatedIssue(issue.name, issue.labels, issue.vectors)


def propositions(rows: Rows) -> list[SimulatedIssue]:
    """The targets with enough rows, each an issue."""
    by_target: dict[str, Rows] = defaultdict(list)
    for row in rows:
        by_target[row["target"]].append(row)
    return [
        SimulatedIssue(target, [row["label"] for row in own], vectors_of(own))
        for target, own in by_target.items()
        if len(own) >= FEWEST_ROWS
    ]


def actor(name: str, rows: Rows) -> SimulatedIssue:
    """The rows toward whoever has the name, with what a model of all others says of them."""
    named = re.compile(rf"\b{re.escape(name)}\b")
    own = [row for row in rows if named.search(row["target"])]
    others = [row for row in rows if not named.search(row["target"])]
    return SimulatedIssue(
        name, [row["label"] for row in own], vectors_of(own), general_model(others, own)
    )


def general_model(others: Rows, own: Rows) -> np.ndarray:
    """Log probabilities of CLASSES for the rows of an actor, by the words of the others' rows."""
    from statements.nlp.attitudes.encoder import SHA256, SIZE
    from statements.nlp.attitudes.model import LABELS, Attitudes
    from training.attitudes import fit_words

    answers = np.array([LABELS.index(row["label"]) for row in others])
    arrays, vocabulary = fit_words([_target(row) for row in others], answers)
    arrays |= {"head": np.zeros((3, 2 * SIZE)), "head_bias": np.zeros(3)}
    facts: dict[str, Any] = {"encoder": SHA256, "labels": list(LABELS), "vocabulary": vocabulary}
    facts |= {"mix": 1.0, "temperature": 1.0, "threshold": 1.0}
    shares = Attitudes.of(arrays, facts).by_words([_target(row) for row in own])
    logs: np.ndarray = np.log(shares[:, [LABELS.index(each) for each in CLASSES]])
    return logs


def vectors_of(rows: Iterable[dict[str, str]]) -> np.ndarray:
    from statements.nlp.attitudes.encoder import sentence_encoder

    return sentence_encoder().vectors([row["text"] for row in rows])


def show_refit(issue: SimulatedIssue, count: int = 200) -> None:
    """Print how long an issue takes to learn anew from so many labels."""
    seconds = []
    offsets = issue.offsets
    for _ in range(5):
        start = time.perf_counter()
        issue_models.fit(
            issue.vectors[:count],
            issue.labels[:count],
            None if offsets is None else offsets[:count],
        )
        seconds.append(time.perf_counter() - start)
    middle = sorted(seconds)[len(seconds) // 2]
    print(f"\nA refit from {count} labels takes {1000 * middle:.0f} ms (wanted: under 1000).")


def _target(row: dict[str, Any]) -> tuple[str, tuple[int, int]]:
    return row["text"], (row["span"][0], row["span"][1])
