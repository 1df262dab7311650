"""Measure extraction on annotated articles: `make eval`, or

    python -m bench.extraction FOLDER [--reading full|fast|both] [--no-speed]

The folder holds ``polnear.dev.jsonl``, ``gum.dev.jsonl`` and the scorer ``score.py``. What is
scored is what ``manage.py extract`` prints. Percentages; "statements" leaves thought out on both
sides.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.scorer import Scorer, load_scorer

ROOT = Path(__file__).resolve().parents[1]
NEWS, WIKINEWS = "polnear.dev.jsonl", "gum.dev.jsonl"
UNITS = {"quote": "whole quotes", "fragment": "fragments"}
COLUMNS = {
    "lenient_p": "precision",
    "lenient_r": "recall",
    "lenient_f1": "F1",
    "exact_f1": "exact F1",
    "source_acc": "source",
    "canon_acc": "name",
    "e2e_f1": "end to end",
}
BINS = 10
# Each way of reading is timed so often; the middle run counts.
RUNS = 3
# In characters: one text of each length is read, made of the articles one after the other.
LENGTHS = (10_000, 100_000, 1_000_000)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Score extraction on annotated articles.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reading", choices=("full", "fast", "both"), default="both")
    parser.add_argument("--no-speed", action="store_true", help="leave out the timing")
    options = parser.parse_args(arguments)
    scorer = load_scorer(options.folder)
    readings = ("full", "fast") if options.reading == "both" else (options.reading,)
    with TemporaryDirectory() as scratch:
        for reading in readings:
            for name in (NEWS, WIKINEWS):
                gold = options.folder / name
                if not gold.is_file():
                    sys.exit(f"{gold} is not there: the folder must hold {NEWS} and {WIKINEWS}.")
                found = Path(scratch) / f"{reading}-{name}"
                extract(gold, found, fast=reading == "fast")
                show(scorer, name, reading, scorer.load(str(gold)), scorer.load(str(found)))
    if not options.no_speed:
        texts = [each["text"] for each in _lines(options.folder / NEWS)]
        show_speed(texts)
        show_growth(texts)
    return 0


def extract(gold: Path, found: Path, *, fast: bool) -> None:
    """Run the product's own command on a file."""
    command = [sys.executable, "manage.py", "extract", str(gold.resolve())]
    with found.open("wb") as output:
        subprocess.run(command + ["--fast"] * fast, cwd=ROOT, stdout=output, check=True)


def show(
    scorer: Scorer, name: str, reading: str, gold: dict[str, Any], found: dict[str, Any]
) -> None:
    """Print the tables of one file."""
    for unit, words in UNITS.items():
        print(f"\n## {name}, {reading} reading, statements, {words}\n")
        result = scorer.score(gold, found, unit=unit, speech=True)
        print(
            table(
                [_score_row(kind, row) for kind, row in result.items()],
                ["", "gold", "found", *COLUMNS.values()],
            )
        )
    print(f"\n## {name}, {reading} reading: how often each confidence is right\n")
    print(
        table(
            list(reliability(scorer, gold, found)),
            ["confidence", "quotes", "mean", "cut right", "sources", "mean", "source right"],
        )
    )


def _score_row(kind: str, row: dict[str, Any]) -> list[str]:
    return [kind, str(row["gold"]), str(row["pred"]), *(_percent(row[name]) for name in COLUMNS)]


def reliability(scorer: Scorer, gold: dict[str, Any], found: dict[str, Any]) -> Iterator[list[str]]:
    """For each tenth of confidence how many quotes it holds and how many of them are right.

    A quote is right when an annotated one, of thought too, shares 80 % of its words; a source is
    looked at where the quote is right. The last row is the expected calibration error.
    """
    cuts: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    sources: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for name, document in gold.items():
        doc = scorer.Doc(document["text"])
        wanted = scorer.items(doc, document["quotes"], "quote")
        offered = scorer.items(doc, found[name]["quotes"], "quote")
        pairs = {second: first for first, second in scorer.pair_up(wanted, offered, 0.8)}
        for number, item in enumerate(offered):
            quote = item["q"]
            cuts[_bin(quote["confidence"])].append((quote["confidence"], number in pairs))
            if number in pairs:
                right = scorer.source_right(doc, wanted[pairs[number]]["q"], quote)
                confidence = quote["source_confidence"]
                sources[_bin(confidence)].append((confidence, right))
    for index in range(BINS):
        cells = [*_mean_and_right(cuts[index]), *_mean_and_right(sources[index])]
        yield [f"{index / BINS:.1f}–{(index + 1) / BINS:.1f}", *cells]
    yield ["calibration error", "", "", _percent(_error(cuts)), "", "", _percent(_error(sources))]


def _bin(confidence: float) -> int:
    return min(int(confidence * BINS), BINS - 1)


def _mean_and_right(judged: Sequence[tuple[float, bool]]) -> list[str]:
    if not judged:
        return ["0", "", ""]
    mean = sum(confidence for confidence, _ in judged) / len(judged)
    right = sum(right for _, right in judged) / len(judged)
    return [str(len(judged)), _percent(mean), _percent(right)]


def _error(bins: Sequence[Sequence[tuple[float, bool]]]) -> float:
    """The mean distance of confidence from the share that is right, weighed by bin size."""
    total = sum(map(len, bins))
    gaps = (abs(sum(c - right for c, right in judged)) for judged in bins)
    return sum(gaps) / total if total else 0.0


def show_speed(texts: list[str]) -> None:
    """Print what each reading costs beside the same model without it, taking turns."""
    from statements.nlp.pipeline import load_pipeline

    words = sum(len(text.split()) for text in texts)
    pipelines = {reading: load_pipeline(fast=reading == "fast") for reading in ("fast", "full")}
    rows = []
    for reading, nlp in pipelines.items():
        _seconds(nlp, texts)
        whole, bare = [], []
        for _ in range(RUNS):
            whole.append(_seconds(nlp, texts))
            with nlp.select_pipes(disable=["paragraphs", "quotations", "voices"]):
                bare.append(_seconds(nlp, texts))
        middle, middle_bare = sorted(whole)[RUNS // 2], sorted(bare)[RUNS // 2]
        share = f"{middle_bare / middle:.2f}"
        rows.append([reading, f"{words / middle:.0f}", f"{words / middle_bare:.0f}", share])
    print(f"\n## Speed on {NEWS}, one process, CPU time, middle of {RUNS} runs\n")
    print(table(rows, ["reading", "words a second", "the model alone", "share"]))


def show_growth(texts: list[str]) -> None:
    """Print what a character costs in texts of growing length, through the public function."""
    from statements.nlp import extract_text

    extract_text("The model is loaded before the clock starts.")
    everything = "\n\n".join(texts)
    whole = everything * (LENGTHS[-1] // len(everything) + 1)
    rows = []
    for length in LENGTHS:
        start = time.process_time()
        extract_text(whole[:length])
        seconds = time.process_time() - start
        rows.append([str(length), f"{seconds:.2f}", f"{1e6 * seconds / length:.1f}"])
    print("\n## One text of growing length, full reading\n")
    print(table(rows, ["characters", "CPU seconds", "microseconds a character"]))


def _seconds(nlp: Any, texts: list[str]) -> float:
    start = time.process_time()
    for _ in nlp.pipe(texts, batch_size=16):
        pass
    return time.process_time() - start


def table(rows: Sequence[Sequence[str]], head: Sequence[str]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    sys.exit(main())
