"""What changed from one version of a text to the next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# Lines less alike than this are told as one removed and another added, without marking words.
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of a line, and whether it is what changed there."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A line that only one of the versions has. Where it was reworded, its new words are marked."""

    kind: Literal["removed", "added"]
    words: tuple[Words, ...]

    @property
    def text(self) -> str:
        return "".join(each.text for each in self.words)


def changes(before: str, after: str) -> list[Change]:
    """The lines that went and those that came, in the order of the text, blank lines apart."""
    old, new = _lines(before), _lines(after)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        change
        for tag, i, j, k, m in steps
        if tag != "equal"
        for gone, come in _side_by_side(old[i:j], new[k:m])
        for change in _reworded(gone, come)
    ]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _side_by_side(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Each line beside the one that it was reworded to; "" where there is none."""
    for gone in old:
        alike = [_matcher(gone, come).ratio() for come in new]
        nearest = max(range(len(new)), key=alike.__getitem__, default=0)
        if new and alike[nearest] >= _ALIKE:
            yield from (("", come) for come in new[:nearest])
            yield gone, new[nearest]
            new = new[nearest + 1 :]
        else:
            yield gone, ""
    yield from (("", come) for come in new)


def _reworded(gone: str, come: str) -> Iterator[Change]:
    if not gone or not come:
        kind: Literal["removed", "added"] = "removed" if gone else "added"
        yield Change(kind, (Words(gone or come, is_changed=False),))
        return
    old, new = _split(gone), _split(come)
    steps = _matcher(gone, come).get_opcodes()
    went = [Words("".join(old[i:j]), tag != "equal") for tag, i, j, _, _ in steps if i < j]
    came = [Words("".join(new[k:m]), tag != "equal") for tag, _, _, k, m in steps if k < m]
    yield Change("removed", tuple(went))
    yield Change("added", tuple(came))


def _matcher(gone: str, come: str) -> SequenceMatcher[str]:
    return SequenceMatcher(None, _split(gone), _split(come), autojunk=False)


def _split(line: str) -> list[str]:
    return re.findall(r"\s+|\S+", line)
