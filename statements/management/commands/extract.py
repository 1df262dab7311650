"""`manage.py extract`: the quotations of texts as JSON lines, without a database."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.nlp import extract
from statements.nlp.lines import Reading, document

STDIN = "<stdin>"


class Command(BaseCommand):
    help = (
        "Print the quotations of texts as JSON lines: one document a line, in the order read. "
        "Reads .txt files, .jsonl and .jsonl.gz files of {id, text}, or JSON lines on standard "
        "input."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="*", type=Path, metavar="FILE", help=".txt, .jsonl or .jsonl.gz"
        )
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
        reading = Reading(self.stderr.write)
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
