"""What a way of reading proposes as quotations, before overlaps are settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from spacy.tokens import Doc, Token

from statements.nlp.direct import Direct
from statements.nlp.frames import TokenRange
from statements.nlp.marks import Quoted
from statements.nlp.quotation import Span


@dataclass(frozen=True, slots=True)
class Proposal:
    """Words that a cue may report, who would be their source, and how sure that is.

    ``source`` is a token range, ``speaker`` the token that heads it. ``frame`` names the way
    the cue governs the words.
    """

    parts: tuple[Span, ...]
    cue: Token
    frame: str
    source: TokenRange | None
    speaker: Token | None
    act: str
    confidence: float
    source_confidence: float


class Reading(Protocol):
    """A way of reading reported speech, and of weighing what stands in marks."""

    def reported(self, doc: Doc, quoted: Quoted, direct: Sequence[Direct]) -> list[Proposal]:
        """The reports of a text, the one to be believed first coming first."""

    def weigh(self, quoted: Quoted, quote: Direct) -> tuple[float, float]:
        """How sure a direct quotation is to be cut right, and to name the right source."""
