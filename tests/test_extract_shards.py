"""Extraction over shards: what a worker does, and a cluster of which one worker is killed."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import psutil
import pytest
from django.core.management import CommandError, call_command

from statements.nlp.lines import UnfitQuotations, document, quotations
from statements.nlp.quotation import Quotation, Voice
from statements.nlp.shards import (
    OtherPipeline,
    Shard,
    article_files,
    errors_file,
    extract_shard,
    quotes_file,
    written_whole,
)

ROOT = Path(__file__).resolve().parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
ENVIRONMENT = os.environ | {"NEWSROOM_DEBUG": "1", "PYTHONUNBUFFERED": "1"}

scale = [
    pytest.mark.scale,
    pytest.mark.skipif(
        importlib.util.find_spec("distributed") is None,
        reason="Dask is not installed: it is in requirements-scale.txt",
    ),
]


def lines(*articles: object) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in articles)


def shard(articles: Path, folder: Path, **changes) -> Shard:
    target = quotes_file(articles, folder)
    fields = {"source": str(articles), "name": str(articles), "target": str(target)}
    return Shard(**(fields | {"model": None, "fast": True} | changes))


def serial(*files: Path) -> bytes:
    """What `manage.py extract` prints."""
    command = [sys.executable, "manage.py", "extract", "--fast", *map(str, files)]
    return subprocess.run(
        command, cwd=ROOT, env=ENVIRONMENT, check=True, stdout=subprocess.PIPE
    ).stdout


def content(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Six shards, one of them packed, each a second or so of work."""
    folder = tmp_path / "in"
    folder.mkdir()
    texts = [path.read_text(encoding="utf-8") for path in SEEDS]
    for number in range(6):
        articles = lines(
            *(
                {"id": f"{number}-{each}", "text": f"Day {number}.{each}\n\n{texts[each % 4]}"}
                for each in range(6)
            )
        )
        if number == 3:
            (folder / f"part-{number}.jsonl.gz").write_bytes(gzip.compress(articles))
        else:
            (folder / f"part-{number}.jsonl").write_bytes(articles)
    return folder


def test_a_shard_holds_what_the_serial_command_prints(tmp_path):
    articles = tmp_path / "a.jsonl"
    articles.write_bytes(
        lines({"id": 7, "text": SEEDS[0].read_text()}, {"text": "“No,” Ana Ruiz said."})
    )
    done = extract_shard(shard(articles, tmp_path))
    assert (done.articles, done.failed) == (2, 0)
    assert (tmp_path / "a.quotes.jsonl").read_bytes() == serial(articles)
    assert article_files(tmp_path) == [articles]


def test_what_cannot_be_read_is_listed_and_the_rest_is_written(tmp_path):
    articles = tmp_path / "a.jsonl"
    articles.write_bytes(
        lines(*({"id": n, "text": f"“No,” Ana Ruiz said on day {n}."} for n in range(20)))
        + b"no JSON\n"
        # Half of a pair: no text that anything could store.
        + b'{"id": "half", "text": "She said \\ud83d no."}\n'
        + lines({"id": "last", "text": "“Yes,” Ana Ruiz said."})
    )
    done = extract_shard(shard(articles, tmp_path))
    assert (done.articles, done.failed) == (22, 2)
    target = tmp_path / "a.quotes.jsonl"
    found = [json.loads(line) for line in target.read_text().splitlines()]
    assert [each["id"] for each in found] == [*range(20), "last"]
    assert all(each["quotes"] for each in found)
    failures = [json.loads(line) for line in errors_file(target).read_text().splitlines()]
    assert [each["id"] for each in failures] == [None, "half"]
    assert "line 21: not JSON" in failures[0]["reason"]


def test_a_file_that_breaks_off_is_not_done(tmp_path):
    articles = tmp_path / "a.jsonl.gz"
    whole = gzip.compress(lines(*({"id": n, "text": os.urandom(500).hex()} for n in range(60))))
    articles.write_bytes(whole[:-2000])
    with pytest.raises(EOFError):
        extract_shard(shard(articles, tmp_path))
    assert list(tmp_path.iterdir()) == [articles]


def test_a_file_that_is_not_finished_has_no_name(tmp_path):
    def begin_only() -> None:
        with written_whole(tmp_path / "x.jsonl") as output:
            output.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begin_only()
    assert list(tmp_path.iterdir()) == []


def test_a_worker_with_other_code_refuses(tmp_path):
    with pytest.raises(OtherPipeline, match="same version of Newsroom"):
        extract_shard(shard(tmp_path / "a.jsonl", tmp_path, pipeline="0"))


def test_a_worker_needs_neither_django_nor_a_database():
    code = (
        "import sys; from statements.nlp.shards import extract_shard; "
        "print([each for each in ('django', 'psycopg2') if each in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    assert done.stdout == "[]\n"


TEXT = "“We waited,” Ana Ruiz said, “and left.”"
QUOTATION = Quotation(
    parts=((1, 10), (28, 37)),
    kind="direct",
    cue=(22, 26),
    source=(13, 21),
    voices=(Voice("Ana Ruiz", "mayor", "Orsel", "government", "", provisional=False), Voice(None)),
    candidates=("A", "B"),
    basis="named",
    confidence=0.8125,
    source_confidence=0.75,
)


def test_what_is_printed_is_read_again_as_it_was():
    printed = json.loads(json.dumps(document("a", TEXT, [QUOTATION])))
    assert quotations(TEXT, printed["quotes"]) == [QUOTATION]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"parts": [[1, 10], [28, 99]]}, "outside the text"),
        ({"parts": [[2, 11], [28, 37]]}, "not at their place"),
        ({"cue": {"start": 0, "end": 4, "text": "said"}}, "not at their place"),
        ({"kind": "sung"}, "not known"),
        ({"voices": [{"speaker": 5}]}, "not a name"),
        ({"voices": [{"speaker": "A", "shoe": 44}]}, "as `manage.py extract` writes them"),
        ({"confidence": 1.5}, "0 to 1"),
        ({"candidates": None}, "as `manage.py extract` writes them"),
    ],
)
def test_what_another_text_or_program_printed_is_refused(changes, message):
    printed = json.loads(json.dumps(document("a", TEXT, [QUOTATION])))["quotes"][0]
    with pytest.raises(UnfitQuotations, match=message):
        quotations(TEXT, [printed | changes])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing", "out", "--scheduler=local"], "missing is no folder"),
        (["empty", "out", "--scheduler=local"], "holds no .jsonl"),
        (["in", "out", "--scheduler=local", "--workers=0"], "from 1 up"),
        (["in", "begun", "--scheduler=local"], "take another folder"),
    ],
)
def test_bad_arguments_say_what_they_take(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    for name in ("in", "empty", "begun"):
        (tmp_path / name).mkdir()
    (tmp_path / "in" / "a.jsonl").write_bytes(lines({"id": 1, "text": "Nothing."}))
    (tmp_path / "begun" / "extraction.json").write_text('{"pipeline": "0"}')
    with pytest.raises(CommandError, match=message):
        call_command("extract_shards", *arguments, stdout=StringIO())


class TestOnTwoWorkers:
    pytestmark = scale

    def test_a_killed_worker_changes_nothing(self, corpus, tmp_path):
        out = tmp_path / "out"
        command = [sys.executable, "manage.py", "extract_shards", str(corpus), str(out)]
        running = subprocess.Popen(
            [*command, "--scheduler=local", "--workers=2", "--fast"],
            cwd=ROOT,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert running.stdout is not None
        try:
            first = running.stdout.readline()
            assert first.startswith("1/6 ")
            os.kill(worker_at_work(running.pid, out), signal.SIGKILL)
            printed, _ = running.communicate(timeout=300)
        finally:
            running.kill()
        assert running.returncode == 0, printed
        assert "6 shards with 36 articles" in printed
        files = article_files(corpus)
        found = b"".join(content(quotes_file(articles, out)) for articles in files)
        assert found == serial(*files)
        assert {path.name for path in out.iterdir()} == {
            "extraction.json",
            *(quotes_file(articles, out).name for articles in files),
        }

    def test_what_is_done_is_passed_over_and_the_rest_done(self, corpus, tmp_path):
        out = tmp_path / "out"
        out.mkdir()
        for articles in article_files(corpus)[1:]:
            quotes_file(articles, out).write_text("as it was\n")
        run = ["extract_shards", str(corpus), str(out), "--scheduler=local", "--fast"]
        for said in ("1 shards with 6 articles", "Nothing was left to do."):
            done = subprocess.run(
                [sys.executable, "manage.py", *run, "--workers=1"],
                cwd=ROOT,
                env=ENVIRONMENT,
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
            assert said in done.stdout
        first, *others = article_files(corpus)
        assert content(quotes_file(first, out)) == serial(first)
        assert {quotes_file(each, out).read_text() for each in others} == {"as it was\n"}


def worker_at_work(command: int, folder: Path) -> int:
    """The process that has a shard open which is not finished."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for process in psutil.Process(command).children(recursive=True):
            try:
                opened = process.open_files()
            except psutil.Error:
                continue
            if any(Path(each.path).parent == folder and ".part" in each.path for each in opened):
                return int(process.pid)
        time.sleep(0.01)
    raise AssertionError("No worker is at a shard.")
