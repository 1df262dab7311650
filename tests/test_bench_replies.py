"""`python -m bench.replies` on the sample of the repository, and on a file."""

from __future__ import annotations

import json
from pathlib import Path

from bench.replies import SAMPLE, main, measure


def test_the_rules_are_precise_on_the_labelled_sample():
    score = measure(SAMPLE)
    assert score.precision >= 0.9, "\n".join(score.lines())
    assert score.recall >= 0.5, "\n".join(score.lines())


def test_wrong_and_missed_links_are_told(tmp_path: Path):
    sample = tmp_path / "sample.toml"
    text = "Toll\\n\\nThe toll stays. Japan urged China to “open the books”."
    sample.write_text(
        f'[[article]]\ntext = "{text}"\nreplies = [["Ana Ruiz", "cites", "Bo Lind"]]\n',
        encoding="utf-8",
    )
    score = measure(sample)
    lines = list(score.lines())
    assert (score.precision, score.recall) == (0.0, 0.0)
    assert any(line.startswith("wrong  | article 1 | Government of Japan") for line in lines)
    assert "missed | Ana Ruiz | cites | Bo Lind" in lines


def test_a_file_is_printed_to_be_judged(tmp_path: Path, capsys):
    file = tmp_path / "texts.jsonl"
    text = "Toll\n\nJapan urged China to “open the books”. “We have,” China said on Monday."
    file.write_text(json.dumps({"id": 7, "text": text}) + "\n", encoding="utf-8")
    assert main([str(file)]) == 0
    assert "proposals in 1 articles" in capsys.readouterr().out
