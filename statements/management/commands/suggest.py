"""Suggest stances for texts in files, without a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.nlp.stance import Suggestion, suggest_stance

# The answer where no words take a side: the commonest one, with its share of such texts in the
# training data.
FALLBACK, FALLBACK_CONFIDENCE = "neutral", 0.35


class Command(BaseCommand):
    help = (
        "Read JSON lines of id, text, target and perhaps span (the target's place in the text); "
        "write JSON lines of id, label, confidence and evidence. A label of null abstains."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="JSON lines; none: standard input.")
        parser.add_argument(
            "--threshold",
            type=float,
            default=0.5,
            help="Abstain below this confidence (0 to 1); 0 never abstains. Default: %(default)s.",
        )

    def handle(self, *, files: list[Path], threshold: float, **options: Any) -> None:
        if not 0 <= threshold <= 1:
            raise CommandError("--threshold is a number from 0 to 1.")
        for row in _rows(files):
            answer = _answer(row, threshold)
            self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _answer(row: dict[str, Any], threshold: float) -> dict[str, Any]:
    span = row.get("span")
    found = suggest_stance(
        row["text"],
        terms=[row["target"]],
        voices=None,
        span=(span[0], span[1]) if span else None,
    )
    label, confidence = _certain_enough(found, threshold)
    evidence = list(found.evidence) if label == found.label else []
    return {"id": row["id"], "label": label, "confidence": confidence, "evidence": evidence}


def _certain_enough(found: Suggestion, threshold: float) -> tuple[str | None, float]:
    label, confidence = found.label, found.confidence
    if label is None:
        label, confidence = FALLBACK, FALLBACK_CONFIDENCE
    return (label, confidence) if confidence >= threshold or not threshold else (None, 0.0)


def _rows(files: list[Path]) -> Iterator[dict[str, Any]]:
    if not files:
        yield from _parsed(sys.stdin, "standard input")
    for path in files:
        try:
            with path.open(encoding="utf-8") as lines:
                yield from _parsed(lines, str(path))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{path} is not UTF-8 text.") from error


def _parsed(lines: Iterable[str], name: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise CommandError(f"{name}, line {number}: not JSON ({error.msg}).") from error
        missing = [key for key in ("id", "text", "target") if not _has(row, key)]
        if missing:
            raise CommandError(f"{name}, line {number}: no {' or '.join(missing)}.")
        yield row


def _has(row: Any, key: str) -> bool:
    return isinstance(row, dict) and row.get(key) is not None
