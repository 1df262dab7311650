"""The word lists of ``statements/nlp/data``, read once."""

from __future__ import annotations

from functools import cache
from importlib import resources


def lines(name: str) -> list[str]:
    """The lines of a word list, without comments and blank lines."""
    text = resources.files("statements.nlp.data").joinpath(name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


@cache
def word_set(name: str) -> frozenset[str]:
    """A list of one word or phrase a line, as a set."""
    return frozenset(lines(name))


@cache
def word_map(name: str) -> dict[str, tuple[str, ...]]:
    """A list of ``word: value value`` lines, as a mapping to the values."""
    found = {}
    for line in lines(name):
        word, _, values = line.partition(":")
        found[word.strip()] = tuple(values.split())
    return found


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """A list of ``a | b | c`` lines, as tuples of trimmed cells."""
    return tuple(tuple(cell.strip() for cell in line.split("|")) for line in lines(name))
