"""How alike two texts are, and the keys by which an index finds the likely copies of one.

A text is taken as its runs of five words. Whatever is computed here is kept in databases, so it is
the same in every process and on every machine: it rests on BLAKE2 and on arithmetic modulo 2**64.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

# Changes whenever the same text may give other keys than before: all are to be made anew then.
VERSION = 2

RUN = 5
# Of two texts that share half of their runs, some band is the same (99.98 %); of those that share a
# third, nearly always (91 %); a twentieth, hardly ever (0.8 %); strangers share less than that.
BANDS, ROWS = 64, 3

# Found on the seeds and on synthetic copies (`python -m bench.duplicates --thresholds`): reports of
# one event that quote the same people stay below both, copies and updates above one of them.
ALIKE = 0.3
CONTAINED = 0.6
# Texts of fewer runs are alike too easily, by one quotation: they must be nearly the same.
LEAST_RUNS = 40
BRIEF_ALIKE = 0.8

Runs = NDArray[np.uint64]

_WORD = re.compile(r"\w+(?:'\w+)*")
_EMPTY: Runs = np.empty(0, dtype=np.uint64)
_BLOCK = 2048


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two texts share of their runs: of all of them, and of those of the shorter text."""

    similarity: float
    containment: float
    is_brief: bool = False

    @property
    def is_copy(self) -> bool:
        """Whether one is a copy of the other: edited, cut, or with something added."""
        if self.is_brief:
            return self.similarity >= BRIEF_ALIKE
        return self.similarity >= ALIKE or self.containment >= CONTAINED


def words_of(text: str) -> list[str]:
    """The words of a text as they compare: without case, accents and punctuation."""
    for apostrophe in "’‘ʼ":
        text = text.replace(apostrophe, "'")
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        # A text has few characters, each often.
        accents = [each for each in set(text) if unicodedata.combining(each)]
        text = text.translate(dict.fromkeys(map(ord, accents))) if accents else text
    return _WORD.findall(text)


def runs_of(words: Sequence[str], length: int = RUN) -> Runs:
    """A number for each run of `length` words, sorted, each once; fewer words are one run."""
    if not words:
        return _EMPTY
    hashes = np.fromiter(map(_hash, words), dtype=np.uint64, count=len(words))
    length = min(length, len(words))
    count = len(words) - length + 1
    runs = np.full(count, length, dtype=np.uint64)
    for place in range(length):
        runs = runs * _MULTIPLIER + hashes[place : place + count]
    return np.unique(_mixed(runs))


def by_voice(runs: Runs, voice: str) -> Runs:
    """Numbers for the same runs as one voice said them: those of another voice are others."""
    return _mixed(runs ^ np.uint64(_hash(voice)))


def likeness(first: Runs, second: Runs) -> Likeness:
    """How alike two texts are by their runs: the same both ways, and 1 for the same words."""
    shorter = min(len(first), len(second))
    if not shorter:
        same = float(len(first) == len(second))
        return Likeness(same, same, is_brief=True)
    shared = len(np.intersect1d(first, second, assume_unique=True))
    similarity = shared / (len(first) + len(second) - shared)
    return Likeness(similarity, shared / shorter, is_brief=shorter < LEAST_RUNS)


def bands_of(runs: Runs) -> list[int]:
    """The keys of a text, as PostgreSQL's bigint: of two texts alike, some are equal.

    MinHash: each of BANDS × ROWS orders of all runs has a first one in the text, and the chance
    that two texts agree on it is their Jaccard index; a key is what ROWS of them make together.
    """
    if not len(runs):
        return []
    offsets, multipliers = _orders()
    least = np.full(BANDS * ROWS, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, len(runs), _BLOCK):
        block = runs[start : start + _BLOCK, None]
        np.minimum(least, _mixed((block ^ offsets) * multipliers).min(axis=0), out=least)
    keys = np.arange(BANDS, dtype=np.uint64)
    for row in least.reshape(BANDS, ROWS).T:
        keys = _mixed(keys * _MULTIPLIER + row)
    return as_bigints(keys)


def as_bigints(keys: Runs) -> list[int]:
    """The same bits as signed numbers."""
    signed: list[int] = keys.view(np.int64).tolist()
    return signed


def word_share(first: Sequence[str], second: Sequence[str]) -> float:
    """The share of words that two texts have in common, each as often as it is there."""
    ours, theirs = Counter(first), Counter(second)
    return (ours & theirs).total() / (ours | theirs).total() if ours or theirs else 1.0


def holds(longer: Sequence[str], shorter: Sequence[str]) -> bool:
    """Whether the words of one stand in the other, in a row."""
    return f" {' '.join(shorter)} " in f" {' '.join(longer)} "


_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big"
    )


def _mixed(numbers: Runs) -> Runs:
    """Spread numbers over all 64 bits: the last step of SplitMix64."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * _MIX[0]
    numbers = (numbers ^ (numbers >> np.uint64(27))) * _MIX[1]
    return numbers ^ (numbers >> np.uint64(31))


@cache
def _orders() -> tuple[Runs, Runs]:
    drawn = [_hash(f"order {number}") for number in range(2 * BANDS * ROWS)]
    numbers = np.array(drawn, dtype=np.uint64)
    return numbers[: BANDS * ROWS], numbers[BANDS * ROWS :] | np.uint64(1)
