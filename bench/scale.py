"""Measure what a corpus takes on this machine: `make bench-scale`, or

    python -m bench.scale [--articles 500] [--copies 10] [--seed 1]

Synthetic articles are read by bare spaCy, by `manage.py extract` in one process and in two, and by
`manage.py extract_shards` on two Dask workers. Then so many copies of each, with what was found in
it, are stored by `manage.py load_extracted` in a database that is made for this and dropped, beside
a bare COPY of the same rows into the same tables. Starting a program and loading the model is timed
apart and taken off; shares are of bare spaCy. Memory is that of all processes of a run together.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from bench.articles import write_shards
from bench.extraction import table

ROOT = Path(__file__).resolve().parents[1]
SHARDS = 8
BARE = """
import json, sys
from statements.nlp.pipeline import load_pipeline
nlp = load_pipeline()
texts = [json.loads(line)["text"] for name in sys.argv[1:] for line in open(name, encoding="utf-8")]
with nlp.select_pipes(disable=["paragraphs", "quotations", "voices"]):
    for _ in nlp.pipe(texts, batch_size=16):
        pass
"""


@dataclass(slots=True)
class Run:
    """What one run took."""

    seconds: float = 0.0
    # Of the programs that it started and that have ended.
    cpu: float = 0.0
    peak: int = 0


@contextmanager
def measured() -> Iterator[Run]:
    """The time and the memory of this process and all that it starts meanwhile."""
    run, over = Run(), threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            run.peak = max(run.peak, _memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    began, used = time.perf_counter(), _cpu_of_children()
    try:
        yield run
    finally:
        run.seconds = time.perf_counter() - began
        run.cpu = _cpu_of_children() - used
        over.set()
        watcher.join()


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory() -> int:
    total = 0
    this = psutil.Process()
    for process in (this, *this.children(recursive=True)):
        # The one that has ended since it was listed has none.
        try:
            total += process.memory_info().rss
        except psutil.Error:
            continue
    return total


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure extraction and loading at some size.")
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--copies", type=int, default=10, help="of each article, to be loaded")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        files = write_shards(folder / "in", given.articles, shards=SHARDS, seed=given.seed)
        few = _write_few(folder / "few")
        show_extraction(files, few, folder)
        multiply(files, folder / "out", folder / "many", given.copies)
        show_loading(folder / "many")


def _write_few(folder: Path) -> list[Path]:
    """Two shards of almost nothing, which make every process of a run load the model."""
    folder.mkdir()
    files = [folder / f"part-{number}.jsonl" for number in range(2)]
    for path in files:
        lines = (json.dumps({"id": number, "text": "Nothing."}) + "\n" for number in range(32))
        path.write_text("".join(lines), encoding="utf-8")
    return files


def show_extraction(files: list[Path], few: list[Path], folder: Path) -> None:
    """Print how fast the articles are read in each way."""
    texts = [each["text"] for path in files for each in _lines(path)]
    words = sum(len(text.split()) for text in texts)

    def manage(*arguments: str) -> Callable[[list[Path]], list[str]]:
        return lambda paths: [sys.executable, "manage.py", *arguments, *map(str, paths)]

    def by_dask(paths: list[Path]) -> list[str]:
        out = folder / ("out" if paths is files else "few-out")
        command = [sys.executable, "manage.py", "extract_shards", str(paths[0].parent), str(out)]
        return [*command, "--scheduler=local", "--workers=2"]

    ways: dict[str, Callable[[list[Path]], list[str]]] = {
        "bare spaCy, one process": lambda paths: [sys.executable, "-c", BARE, *map(str, paths)],
        "`extract`": manage("extract"),
        "`extract --workers 2`": manage("extract", "--workers=2"),
        "`extract_shards`, two workers": by_dask,
    }
    rows = []
    bare = bare_cpu = 0.0
    for name, command in ways.items():
        start, run = _run(command(few)), _run(command(files))
        seconds = max(run.seconds - start.seconds, 1e-9)
        cpu = max(run.cpu - start.cpu, 1e-9)
        bare, bare_cpu = bare or seconds, bare_cpu or cpu
        rows.append(
            [
                name,
                f"{len(texts) / seconds:.1f}",
                f"{words / seconds:,.0f}",
                f"{bare / seconds:.2f}",
                f"{words / cpu:,.0f}",
                f"{bare_cpu / cpu:.2f}",
                f"{start.seconds:.1f}",
                f"{run.peak / 1e6:,.0f}",
            ]
        )
    print(f"\n## Reading {len(texts):,} articles of {words / len(texts):,.0f} words\n")
    paces = ["articles/s", "words/s", "share", "words per CPU second", "share"]
    print(table(rows, ["", *paces, "start, s", "peak, MB"]), flush=True)


def _run(command: list[str]) -> Run:
    with measured() as run:
        subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | {"OMP_NUM_THREADS": "1", "NEWSROOM_DEBUG": "1"},
            stdout=subprocess.DEVNULL,
            check=True,
        )
    return run


def multiply(files: list[Path], found: Path, target: Path, copies: int) -> None:
    """Write each article so often with another first line, its quotations moved along.

    A shard has one copy of each article.
    """
    from statements.nlp.shards import quotes_file

    target.mkdir()
    for copy in range(copies):
        lead = f"Edition {copy}.\n\n"
        to = target / f"{copy}.jsonl"
        with (
            to.open("w", encoding="utf-8") as articles,
            quotes_file(to, target).open("w", encoding="utf-8") as quotes,
        ):
            for path in files:
                for each in _lines(path):
                    articles.write(json.dumps(each | {"text": lead + each["text"]}) + "\n")
                for each in _lines(quotes_file(path, found)):
                    moved = [_moved(quote, len(lead)) for quote in each["quotes"]]
                    quotes.write(json.dumps(each | {"quotes": moved}) + "\n")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _moved(quote: dict[str, Any], by: int) -> dict[str, Any]:
    moved = quote | {"parts": [[start + by, end + by] for start, end in quote["parts"]]}
    for name in ("source", "cue"):
        if (words := quote[name]) is not None:
            moved[name] = words | {"start": words["start"] + by, "end": words["end"] + by}
    return moved


def show_loading(folder: Path) -> None:
    """Print how fast the shards are stored, in a database of their own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    os.environ.setdefault("NEWSROOM_DEBUG", "1")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    # With DEBUG on, Django keeps every statement in memory.
    settings.DEBUG = False
    connection.settings_dict["TEST"]["NAME"] = "newsroom_bench"
    made = setup_databases(verbosity=0, interactive=False)
    try:
        _show_loading(folder)
    finally:
        teardown_databases(made, verbosity=0)


def _show_loading(folder: Path) -> None:
    from django.core.management import call_command

    from statements.models import Article, JointVoice, Quote, QuotePart

    models = (Article, Quote, QuotePart, JointVoice)
    call_command("load_issues", str(ROOT / "seeds" / "issues.toml"), stdout=StringIO())
    with measured() as load:
        call_command("load_extracted", str(folder), stdout=StringIO())
    counts = {model.__name__: model._default_manager.count() for model in models}
    with measured() as again:
        call_command("load_extracted", str(folder), stdout=StringIO())
    sizes = _sizes([model._meta.db_table for model in models])
    copied = _bare_copy([model._meta.db_table for model in models])
    rows = sum(counts.values())
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    print(f"\n## Storing {rows:,} rows: {told}\n")
    body = [
        [name, f"{run.seconds:.1f}", f"{rows / run.seconds:,.0f}", share, peak]
        for name, run, share, peak in (
            ("bare COPY", copied, "1.00", ""),
            (
                "`load_extracted`",
                load,
                f"{copied.seconds / load.seconds:.2f}",
                f"{load.peak / 1e6:,.0f}",
            ),
            ("the same again", again, "", f"{again.peak / 1e6:,.0f}"),
        )
    ]
    print(table(body, ["", "seconds", "rows a second", "share of bare COPY", "peak, MB"]))
    print("\n## On the disk, for each quote\n")
    per_quote = [
        [name, *(f"{size / counts['Quote']:,.0f}" for size in both)] for name, both in sizes.items()
    ]
    print(table(per_quote, ["table", "rows, bytes", "indexes, bytes"]))


def _sizes(tables: list[str]) -> dict[str, tuple[int, int]]:
    """What the rows of each table take, and what its indexes take."""
    from django.db import connection

    with connection.cursor() as cursor:
        sizes = {}
        for name in tables:
            cursor.execute("SELECT pg_table_size(%s), pg_indexes_size(%s)", [name, name])
            sizes[name] = cursor.fetchone()
        return sizes


def _bare_copy(tables: list[str]) -> Run:
    """Take the rows out, empty the tables and put the rows in again: only this is timed."""
    from django.db import connection

    with TemporaryDirectory() as scratch, connection.cursor() as cursor:
        columns = {}
        for name in tables:
            cursor.execute(
                "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute "
                "WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = '' "
                "AND NOT attisdropped",
                [name],
            )
            columns[name] = cursor.fetchone()[0]
            with (Path(scratch) / name).open("wb") as output:
                cursor.copy_expert(f"COPY {name} ({columns[name]}) TO STDOUT", output)
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        with measured() as run:
            for name in tables:
                with (Path(scratch) / name).open("rb") as rows:
                    cursor.copy_expert(f"COPY {name} ({columns[name]}) FROM STDIN", rows)
    return run


if __name__ == "__main__":
    main()
