"""`make eval` and `make train` on articles made up for it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bench import extraction
from statements.nlp.learned.weights import MODELS, Weights
from training import quotations

EVAL = Path(__file__).resolve().parents[2] / "shared" / "eval" / "quotes"
TEXT = "“We will go,” said Ann Bell. The minister said that taxes would fall in June."
THOUGHT = "The minister hopes that it will rain."


def annotated(name: str, text: str, *quotes: tuple[str, str, str, str, str]) -> dict[str, Any]:
    """An article whose quotes are given by their words, source, cue, kind and act."""

    def span(words: str) -> dict[str, Any]:
        start = text.index(words)
        return {"start": start, "end": start + len(words), "text": words}

    return {
        "id": name,
        "text": text,
        "quotes": [
            {
                **span(words),
                "kind": kind,
                "source": span(source),
                "source_canonical": source,
                "cue": span(cue),
                "act": act,
            }
            for words, source, cue, kind, act in quotes
        ],
    }


ARTICLES = [
    annotated(
        "a",
        TEXT,
        ("We will go,", "Ann Bell", "said", "direct", "speech"),
        ("that taxes would fall in June", "The minister", "said", "indirect", "speech"),
    ),
    annotated("b", THOUGHT, ("that it will rain", "The minister", "hopes", "indirect", "other")),
]
# The second "said", not the first.
ARTICLES[0]["quotes"][1]["cue"]["start"] = TEXT.rindex("said")
ARTICLES[0]["quotes"][1]["cue"]["end"] = TEXT.rindex("said") + 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Evaluation data: the real scorer, made-up articles."""
    if not (EVAL / "score.py").is_file():
        pytest.skip(f"the scorer is kept outside the repository, and not at {EVAL}")
    shutil.copy(EVAL / "score.py", tmp_path)
    for name in (extraction.NEWS, extraction.WIKINEWS):
        lines = (json.dumps(each) for each in ARTICLES)
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    train = [{**each, "id": f"{each['id']}{n}"} for n in range(6) for each in ARTICLES]
    lines = (json.dumps(each) for each in train)
    (tmp_path / "polnear.train.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_eval_prints_every_table(folder, capsys):
    assert extraction.main([str(folder), "--reading", "full", "--no-speed"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("statements, whole quotes") == 2
    assert printed.count("statements, fragments") == 2
    # Of two statements both are found; the thought counts on neither side.
    assert "| all | 2 | 2 | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 |" in printed
    assert printed.count("| calibration error |") == 2


def test_eval_times_each_reading_beside_the_bare_model(capsys):
    extraction.show_speed([TEXT] * 3)
    rows = [line.split("|")[1:5] for line in capsys.readouterr().out.splitlines()[-2:]]
    assert [name.strip() for name, *_ in rows] == ["fast", "full"]
    assert all(int(words) > 0 and float(share) > 0 for _, words, _, share in rows)


def test_a_folder_without_the_scorer_is_named(tmp_path):
    with pytest.raises(SystemExit, match=r"score\.py is not there"):
        extraction.main([str(tmp_path)])


def test_a_file_that_is_missing_is_named(folder):
    (folder / extraction.WIKINEWS).unlink()
    with pytest.raises(SystemExit, match=r"gum\.dev\.jsonl is not there"):
        extraction.main([str(folder), "--no-speed"])


def test_training_fits_weights_that_read(folder, tmp_path):
    out = tmp_path / "weights.json"
    assert quotations.main([str(folder), "--out", str(out)]) == 0
    given = json.loads(out.read_text(encoding="utf-8"))
    assert len(given["lemmas"]) == 2
    assert "say" in given["lemmas"]
    assert set(given["models"]) == set(MODELS)
    weights = Weights.of(given)
    said = ["say", "say|has>ccomp", "has>ccomp"]
    assert weights.speech.margin(said) > weights.thought.margin(said)
