"""`manage.py corpus`: a made-up corpus, to measure with."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.synthetic import corpus


class Command(BaseCommand):
    help = (
        "Fill an empty, migrated database with a made-up corpus, skewed as news are. For "
        "benchmarks only: name a database of its own in DATABASE_URL."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quotes", type=int, required=True, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")

    def handle(self, *, quotes: int, seed: int, verbosity: int, **options: Any) -> None:
        if not 1 <= quotes <= 100_000_000:
            raise CommandError("--quotes must be from 1 to 100,000,000.")
        if seed < 0:
            raise CommandError("--seed must not be negative.")
        try:
            corpus.fill(quotes, seed, self._tell if verbosity else lambda line: None)
        except corpus.NotEmpty as error:
            raise CommandError(f"{error} A corpus goes into an empty database.") from error

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
