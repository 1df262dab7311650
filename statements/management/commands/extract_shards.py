"""`manage.py extract_shards`: the quotations of a corpus, found by many machines at once."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.nlp import PIPELINE_VERSION
from statements.nlp.shards import (
    Done,
    Shard,
    article_files,
    extract_shard,
    quotes_file,
    remove_remains,
    written_whole,
)

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
# How the quotations in a folder were made, so that none made otherwise are put beside them.
EXTRACTION = "extraction.json"
# What Dask sets for its workers and reading is slower with: memory given back at once and asked for
# again costs a fifth of the time, and its profiler a little.
FOR_READING = {
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
    "distributed.worker.profile.enabled": False,
}
# How long workers are waited for before the command gives up, in seconds.
PATIENCE = 300


class Command(BaseCommand):
    help = (
        "Find the quotations of a corpus on a Dask cluster: IN_DIR holds .jsonl or .jsonl.gz files "
        "of {id, text}, and each gets a file of its quotations in OUT_DIR, as `extract` prints "
        "them. Files that have theirs already are passed over, so a broken run is run again. "
        "Needs requirements-scale.txt."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("in_dir", type=Path, metavar="IN_DIR")
        parser.add_argument(
            "out_dir", type=Path, metavar="OUT_DIR", help="a folder that every worker can write to"
        )
        parser.add_argument(
            "--scheduler",
            required=True,
            metavar="ADDRESS",
            help=f"of a Dask scheduler, as in tcp://10.0.0.5:8786; or: {LOCAL}",
        )
        parser.add_argument(
            "--workers",
            type=int,
            help=f"with {LOCAL}: processes to start (2); with an address: workers to wait for (1)",
        )
        parser.add_argument("--model", help="spaCy model, by package or path")
        parser.add_argument(
            "--fast",
            action="store_true",
            default=settings.NEWSROOM_FAST_EXTRACTION,
            help="read by rules alone, without the trained weights",
        )

    def handle(
        self,
        *,
        in_dir: Path,
        out_dir: Path,
        scheduler: str,
        workers: int | None,
        model: str | None,
        fast: bool,
        **options: Any,
    ) -> None:
        if workers is not None and workers < 1:
            raise CommandError("--workers takes a whole number from 1 up.")
        if not in_dir.is_dir():
            raise CommandError(f"{in_dir} is no folder.")
        files = article_files(in_dir)
        if not files:
            raise CommandError(f"{in_dir} holds no .jsonl or .jsonl.gz file.")
        model = model or settings.NEWSROOM_SPACY_MODEL
        out_dir.mkdir(parents=True, exist_ok=True)
        _keep_to_one_way(out_dir / EXTRACTION, {"model": model, "fast": fast})
        shards = [
            Shard(str(each.resolve()), str(each), str(target.resolve()), model, fast)
            for each in files
            if not (target := quotes_file(each, out_dir)).exists()
        ]
        progress = Progress(len(shards))
        if len(shards) < len(files):
            self.stdout.write(f"{len(files) - len(shards):,} of {len(files):,} shards are there.")
        if shards:
            with _connected(scheduler, workers) as client:
                for name, done in _by_workers(client, shards):
                    if isinstance(done, BaseException):
                        self.stderr.write(f"{name}: {type(done).__name__}: {done}")
                    self.stdout.write(progress.after(name, done))
                    self.stdout.flush()
            remove_remains(out_dir)
        self.stdout.write(progress.summary())
        if progress.broken or progress.failed:
            sys.exit(1)


class Progress:
    """Counts what the workers finish, and says so in a line each."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.shards = self.broken = self.articles = self.words = self.failed = 0
        self.began = time.monotonic()

    def after(self, name: str, done: Done | BaseException) -> str:
        """The line for one more shard, with the sums so far."""
        self.shards += 1
        if isinstance(done, BaseException):
            self.broken += 1
            return f"{self.shards:,}/{self.total:,} {name}: not done"
        self.articles += done.articles
        self.words += done.words
        self.failed += done.failed
        return (
            f"{self.shards:,}/{self.total:,} {name}: {done.articles:,} articles, "
            f"{done.words:,} words, {done.failed:,} failed; so far {self.articles:,} articles, "
            f"{self._pace():,.0f} words/s"
        )

    def summary(self) -> str:
        """The last line."""
        if not self.total:
            return "Nothing was left to do."
        return (
            f"{self.shards - self.broken:,} shards with {self.articles:,} articles and "
            f"{self.words:,} words, {self._pace():,.0f} words/s; "
            f"{self.failed:,} articles failed, {self.broken:,} shards not done."
        )

    def _pace(self) -> float:
        return self.words / max(time.monotonic() - self.began, 1e-9)


@contextmanager
def _connected(scheduler: str, workers: int | None) -> Iterator[Client]:
    """A client of the cluster, whose workers are there."""
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise CommandError(
            "Dask is not installed: pip install --require-hashes -r requirements-scale.txt"
        ) from error
    # What the workers come to is told by the progress; of Dask only what went wrong is wanted.
    logging.getLogger("distributed").setLevel(logging.WARNING)
    if scheduler == LOCAL:
        with (
            dask.config.set(FOR_READING),
            LocalCluster(
                n_workers=workers or 2, threads_per_worker=1, dashboard_address="127.0.0.1:0"
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client
        return
    try:
        with Client(scheduler, timeout=30) as client:
            client.wait_for_workers(workers or 1, timeout=PATIENCE)
            yield client
    except (OSError, TimeoutError, ValueError) as error:
        raise CommandError(f"--scheduler {scheduler}: {error}") from error


def _by_workers(client: Client, shards: list[Shard]) -> Iterator[tuple[str, Done | BaseException]]:
    """Each shard with what it came to, as they end. Dask gives a dead worker's to another."""
    from distributed import as_completed

    tasks = client.map(extract_shard, shards, pure=False)
    names = {task.key: Path(shard.name).name for task, shard in zip(tasks, shards, strict=True)}
    for task in as_completed(tasks):
        failure = task.exception()
        yield names[task.key], failure or task.result()
        task.release()


def _keep_to_one_way(path: Path, given: dict[str, Any]) -> None:
    """Write down how the quotations here are made, or refuse to mix two ways."""
    way = {"pipeline": PIPELINE_VERSION, **given}
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        with written_whole(path) as output:
            output.write(json.dumps(way).encode() + b"\n")
        return
    except ValueError as error:
        raise CommandError(f"{path} is not what extract_shards wrote: {error}") from error
    if kept != way:
        raise CommandError(
            f"{path.parent} was begun with {kept}, and this would be {way}: take another folder."
        )
