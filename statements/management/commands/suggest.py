"""Suggest stances for texts in files, without a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import batched
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.nlp.targets import Target, suggest_targets

# Rows that are read at once, so that the encoder reads texts of like length together.
_AT_ONCE = 256


class Command(BaseCommand):
    help = (
        "Read JSON lines of id, text, target and perhaps span (the target's place in the text); "
        "write JSON lines of id, label, confidence and evidence. A target that the text names is "
        "somebody toward whom it takes an attitude; any other is a proposition, on which only "
        "explicit words count. A label of null abstains."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="JSON lines; none: standard input.")
        parser.add_argument(
            "--threshold",
            type=float,
            help="Abstain below this confidence (0 to 1); 0 never abstains. "
            "Default: the one that the model was measured with.",
        )

    def handle(self, *, files: list[Path], threshold: float | None, **options: Any) -> None:
        if threshold is not None and not 0 <= threshold <= 1:
            raise CommandError("--threshold is a number from 0 to 1.")
        for rows in batched(_rows(files), _AT_ONCE):
            targets = [_target(row) for row in rows]
            answers = suggest_targets(targets, threshold=threshold)
            for row, answer in zip(rows, answers, strict=True):
                line = {
                    "id": row["id"],
                    "label": answer.label,
                    "confidence": round(answer.confidence, 4),
                    "evidence": list(answer.evidence),
                }
                self.stdout.write(json.dumps(line, ensure_ascii=False))


def _target(row: dict[str, Any]) -> Target:
    span = row.get("span")
    return Target(row["text"], row["target"], (span[0], span[1]) if span else None)


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
        for key in ("text", "target"):
            if not isinstance(row[key], str):
                raise CommandError(f"{name}, line {number}: {key} is not text.")
        if row.get("span") and not _is_place(row["span"], row["text"]):
            raise CommandError(
                f"{name}, line {number}: span is not [start, end] of a place in the text."
            )
        yield row


def _is_place(span: Any, text: str) -> bool:
    if not (isinstance(span, list) and len(span) == 2 and all(type(at) is int for at in span)):
        return False
    start, end = span
    return bool(0 <= start < end <= len(text))


def _has(row: Any, key: str) -> bool:
    return isinstance(row, dict) and row.get(key) is not None
