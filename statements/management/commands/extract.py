"""`manage.py extract`: the quotations of texts as JSON lines, without a database."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper

from statements.nlp import Quotation, Voice, extract

STDIN = "<stdin>"
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)
_UNITED_STATES = re.compile(r"\bU\.?S\.?(?= [A-Z])")


class Command(BaseCommand):
    help = (
        "Print the quotations of texts as JSON lines: one document a line, in the order read. "
        "Reads .txt files, .jsonl files of {id, text}, or JSON lines on standard input."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=".txt or .jsonl")
        parser.add_argument("--workers", type=int, default=1, help="processes that read the texts")
        parser.add_argument("--model", help="spaCy model, by package or path")
        parser.add_argument(
            "--fast",
            action="store_true",
            default=settings.NEWSROOM_FAST_EXTRACTION,
            help="read by rules alone, without the trained weights",
        )

    def handle(
        self, *, files: list[Path], workers: int, model: str | None, fast: bool, **options: Any
    ) -> None:
        if workers < 1:
            raise CommandError("--workers takes a whole number from 1 up.")
        reading = Reading(self.stderr)
        texts = reading.files(files) if files else reading.lines(sys.stdin.buffer, STDIN)
        model = model or settings.NEWSROOM_SPACY_MODEL
        found = extract(texts, model=model, fast=fast, workers=workers)
        try:
            for quotations, (name, text) in found:
                self.stdout.write(json.dumps(document(name, text, quotations), ensure_ascii=False))
                self.stdout.flush()
        except BrokenPipeError:
            # The reader has seen enough. Python would complain once more when it closes stdout.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(141)
        if reading.refused:
            sys.exit(1)


class Reading:
    """Reads documents as they are asked for and says which could not be read."""

    def __init__(self, complaints: OutputWrapper) -> None:
        self.complaints = complaints
        self.refused = 0

    def files(self, paths: list[Path]) -> Iterator[tuple[str, tuple[str, str]]]:
        """The documents of the files, each text beside its id."""
        for path in paths:
            try:
                if path.suffix == ".jsonl":
                    with path.open("rb") as lines:
                        yield from self.lines(lines, str(path))
                else:
                    text = path.read_bytes().decode("utf-8-sig")
                    yield text, (path.stem, text)
            except OSError as error:
                self._refuse(f"{path}: {error.strerror or error}")
            except UnicodeDecodeError as error:
                self._refuse(f"{path}: not UTF-8 at byte {error.start}")

    def lines(self, lines: Any, name: str) -> Iterator[tuple[str, tuple[str, str]]]:
        """The documents of JSON lines, each text beside its id."""
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                given = json.loads(line.decode("utf-8-sig"))
            except UnicodeDecodeError as error:
                self._refuse(f"{name}, line {number}: not UTF-8 at byte {error.start}")
                continue
            except ValueError as error:
                self._refuse(f"{name}, line {number}: not JSON: {error}")
                continue
            text = given.get("text") if isinstance(given, dict) else None
            if not isinstance(text, str):
                self._refuse(f'{name}, line {number}: no "text" that is a string')
                continue
            yield text, (given.get("id", f"{name}:{number}"), text)

    def _refuse(self, reason: str) -> None:
        self.refused += 1
        self.complaints.write(reason)


def document(name: str, text: str, quotations: list[Quotation]) -> dict[str, Any]:
    """One document with its quotations, as it is printed."""
    return {"id": name, "quotes": [record(text, each) for each in quotations]}


def record(text: str, quotation: Quotation) -> dict[str, Any]:
    """One quotation, as it is printed; `actor` is that of the first voice, `voices` has all."""
    first = quotation.voices[0] if quotation.voices else Voice(None)
    return {
        "start": quotation.start,
        "end": quotation.end,
        "parts": [list(part) for part in quotation.parts],
        "kind": quotation.kind,
        "text": " ".join(text[start:end] for start, end in quotation.parts),
        "source": _words(text, quotation.source),
        "source_canonical": canonical_name(text, quotation, first),
        "cue": _words(text, quotation.cue),
        "act": quotation.act,
        "actor": first.actor,
        "actor_type": first.actor_type,
        "voices": [
            {
                "speaker": voice.speaker,
                "role": voice.role,
                "actor": voice.actor,
                "actor_type": voice.actor_type,
                "country": voice.country,
                "provisional": voice.provisional,
            }
            for voice in quotation.voices
        ],
        "candidates": list(quotation.candidates),
        "basis": quotation.basis,
        "confidence": round(quotation.confidence, 4),
        "source_confidence": round(quotation.source_confidence, 4),
    }


def canonical_name(text: str, quotation: Quotation, voice: Voice) -> str | None:
    """The name that a source stands for: of a person, else of a body, else of the party.

    A ministry or "U.S. officials" speak for a government, and keep the name the text gives them;
    "U.S." in a proper name is written out.
    """
    if voice.speaker or voice.actor is None:
        return voice.speaker
    for_state = voice.actor.startswith("Government of ")
    if for_state and quotation.basis in ("named", "nominal"):
        words = _words(text, quotation.source)
        if words is not None:
            return _UNITED_STATES.sub("United States", _ARTICLE.sub("", words["text"]))
    return voice.actor


def _words(text: str, span: tuple[int, int] | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return {"start": span[0], "end": span[1], "text": text[slice(*span)]}
