"""What extraction returns: quotations as offsets, and the voices they are given to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# Changes whenever the same text may give other quotations than before.
PIPELINE_VERSION = "2"

ACTOR_TYPES: tuple[str, ...] = (
    "government",
    "intergovernmental",
    "ngo",
    "business",
    "media",
    "academia",
    "party",
    "legislature",
    "judiciary",
    "security",
    "armed_group",
    "religious",
    "labour",
    "civil_society",
    "citizen",
    "unknown",
)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Voice:
    """One party to which a quotation is given, and the person who spoke for it."""

    speaker: str | None
    role: str = ""
    actor: str | None = None
    actor_type: str = "unknown"
    country: str = ""
    provisional: bool = True


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch of reported speech, as offsets into the text it was found in.

    ``parts`` leave out the outer quotation marks. ``voices`` is empty when the text does not say
    who speaks; ``candidates`` then names those between whom it leaves the matter open.
    ``confidence`` is the probability that the parts are cut right (at least 80 % of the words in
    common with an annotator's), ``source_confidence`` that ``source`` is then the right words.
    """

    parts: tuple[Span, ...]
    kind: str
    cue: Span | None
    source: Span | None
    voices: tuple[Voice, ...] = ()
    candidates: tuple[str, ...] = ()
    basis: str = "unnamed"
    act: str = "speech"
    confidence: float = 0.5
    source_confidence: float = 0.5

    @property
    def start(self) -> int:
        """The offset of the first character said."""
        return self.parts[0][0]

    @property
    def end(self) -> int:
        """The offset after the last character said."""
        return self.parts[-1][1]


def words_said(parts: Iterable[str]) -> str:
    """The parts as one text, without the commas that only led to the attribution between them.

    "We waited," she said. "It rained." becomes: We waited. It rained.
    """
    said = ""
    for part in parts:
        if said.endswith(",") and part[:1].isupper():
            said = said[:-1] + "."
        said = f"{said} {part}" if said else part
    return said.removesuffix(",")
