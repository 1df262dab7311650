"""The attitude of a text toward somebody named in it: probabilities, and the words behind them.

Two models are mixed: TF-IDF of the words around the target with logistic regression, and MiniLM
with its upper half tuned. What they were fitted on and how right they are: MODEL_CARD.md.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from io import BytesIO
from typing import Any

import numpy as np

from statements.nlp.attitudes.encoder import SHA256, Encoder
from statements.nlp.attitudes.words import Span, features
from statements.nlp.integrity import WrongModel, checked

ARRAYS, FACTS = "attitudes.npz", "attitudes.json"
LABELS = ("neutral", "opposes", "supports")

# How many words are shown as evidence.
_MOST_WORDS = 4
# How many words are tried out for an explanation, each by a reading without it.
_MOST_TRIED = 10


@dataclass(frozen=True)
class Attitudes:
    """The trained model; `halves` and `probabilities` have a row a text and a column a label."""

    vocabulary: Mapping[str, int]
    words: np.ndarray
    words_bias: np.ndarray
    idf: np.ndarray
    head: np.ndarray
    head_bias: np.ndarray
    replaced: Mapping[int, bytes]
    mix: float
    temperature: float
    threshold: float

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray], facts: Mapping[str, Any]) -> Attitudes:
        """The model of the two files' contents. Raises WrongModel when they do not fit the code."""
        if facts["encoder"] != SHA256 or tuple(facts["labels"]) != LABELS:
            raise WrongModel(f"{FACTS} was made for another encoder: run `make train-attitudes`.")
        return cls(
            vocabulary={name: row for row, name in enumerate(facts["vocabulary"])},
            words=arrays["words"].astype(np.float32),
            words_bias=arrays["words_bias"],
            idf=arrays["idf"].astype(np.float32),
            head=arrays["head"],
            head_bias=arrays["head_bias"],
            replaced={
                int(name.removeprefix("at ")): values.tobytes()
                for name, values in arrays.items()
                if name.startswith("at ")
            },
            mix=facts["mix"],
            temperature=facts["temperature"],
            threshold=facts["threshold"],
        )

    def probabilities(self, texts: Sequence[tuple[str, Span]]) -> np.ndarray:
        """Calibrated probabilities of LABELS."""
        if not texts:
            return np.zeros((0, len(LABELS)))
        return mixed(*self.halves(texts), self.mix, self.temperature)

    def halves(self, texts: Sequence[tuple[str, Span]]) -> tuple[np.ndarray, np.ndarray]:
        """What the words and what the encoder say, each by itself."""
        by_encoder = self._encoder.targeted(texts) @ self.head.T + self.head_bias
        return self.by_words(texts), _shares(by_encoder)

    def by_words(self, texts: Sequence[tuple[str, Span]]) -> np.ndarray:
        """What the words say, without the encoder."""
        return _shares(np.stack([self._weights(*each)[0] for each in texts]))

    def evidence(self, text: str, span: Span, label: str) -> tuple[str, ...]:
        """The few words that speak most for the label against the next best, in text order.

        They come from the half that reads words, which costs nothing; `explanation` asks both.
        """
        ranked = [place for place, weight in self._ranked(text, span, label) if weight > 0]
        return tuple(text[start:end] for start, end in sorted(ranked[:_MOST_WORDS]))

    def explanation(self, text: str, span: Span, label: str) -> tuple[tuple[str, float], ...]:
        """Words without which the label is less likely, with how much: about ten readings.

        Each is left out in turn (occlusion); the largest losses come first.
        """
        places = [place for place, _ in self._ranked(text, span, label)[:_MOST_TRIED]]
        texts = [(text, span)]
        for start, end in places:
            shift = end - start if end <= span[0] else 0
            texts.append((text[:start] + text[end:], (span[0] - shift, span[1] - shift)))
        shares = self.probabilities(texts)[:, LABELS.index(label)]
        losses = [
            (text[start:end], float(shares[0] - share))
            for (start, end), share in zip(places, shares[1:], strict=True)
        ]
        losses.sort(key=lambda each: -each[1])
        return tuple(each for each in losses if each[1] > 0.005)[:_MOST_WORDS]

    @cached_property
    def _encoder(self) -> Encoder:
        return Encoder(self.replaced)

    def _weights(self, text: str, span: Span) -> tuple[np.ndarray, dict[Span, np.ndarray]]:
        """The scores of the labels by words, and what each stretch of the text adds to them."""
        places: dict[int, list[Span]] = defaultdict(list)
        for name, place in features(text, span):
            if (row := self.vocabulary.get(name)) is not None:
                places[row].append(place)
        rows = np.fromiter(places, int, len(places))
        counts = np.array([len(each) for each in places.values()])
        values = (1 + np.log(counts, where=counts > 0, out=np.zeros(len(rows)))) * self.idf[rows]
        length = np.linalg.norm(values)
        added = self.words[rows] * (values / (length or 1.0))[:, None]
        by_place: dict[Span, np.ndarray] = defaultdict(lambda: np.zeros(len(LABELS)))
        for (_, stretches), share in zip(places.items(), added, strict=True):
            for stretch in stretches:
                by_place[stretch] = by_place[stretch] + share / len(stretches)
        return added.sum(0) + self.words_bias, by_place

    def _ranked(self, text: str, span: Span, label: str) -> list[tuple[Span, float]]:
        """Single words by how much they speak for the label against the next best."""
        scores, by_place = self._weights(text, span)
        own = LABELS.index(label)
        rival = max((at for at in range(len(LABELS)) if at != own), key=lambda at: scores[at])
        words = {
            place: share[own] - share[rival]
            for place, share in by_place.items()
            if text[place[0] : place[1]].isalpha() and place != span
        }
        return sorted(words.items(), key=lambda each: (-each[1], each[0]))


def mixed(words: np.ndarray, encoder: np.ndarray, mix: float, temperature: float) -> np.ndarray:
    """`mix` parts of the words to one minus it of the encoder, with the temperature applied."""
    shares = mix * words + (1 - mix) * encoder
    return _shares(np.log(np.maximum(shares, 1e-9)) / temperature)


def _shares(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(1, keepdims=True))
    shares: np.ndarray = raised / raised.sum(1, keepdims=True)
    return shares


@cache
def load_attitudes() -> Attitudes:
    """The model that comes with the package, loaded once in a process."""
    facts = json.loads(checked("statements.nlp.attitudes", FACTS))
    file = BytesIO(checked("statements.nlp.attitudes", ARRAYS))
    with np.load(file, allow_pickle=False) as arrays:
        return Attitudes.of(dict(arrays.items()), facts)
