"""Reading by rules alone: a word list says which cue reports speech in which frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from statements.nlp.content import content_parts
from statements.nlp.cues import Cues
from statements.nlp.direct import Direct
from statements.nlp.marks import Quoted
from statements.nlp.proposals import Proposal
from statements.nlp.reported import reports

# How sure each way of finding a quotation is, by the share that was right on news text.
_CONFIDENCE = {
    "direct": 0.9,
    "continued": 0.6,
    "unattributed": 0.4,
    "clause": 0.75,
    "after": 0.75,
    "around": 0.75,
    "before": 0.8,
    "noun": 0.4,
    "inf": 0.55,
    "obj_inf": 0.6,
    "on_inf": 0.6,
    "obj_pred": 0.6,
}
_OTHER_FRAMES = 0.45
_SOURCE_CONFIDENCE = 0.95
_CONTINUED_SOURCE_CONFIDENCE = 0.8


@dataclass(frozen=True, slots=True)
class Rules:
    """The fast reading: no trained weights, confidence set by hand for each frame."""

    cues: Cues

    def reported(self, doc: Doc, quoted: Quoted, direct: Sequence[Direct]) -> list[Proposal]:
        """The reports whose cue is listed for its frame, the longest first."""
        taken = {q.attribution.cue for q in direct if q.attribution and q.attribution.cue}
        found = []
        for report in reports(doc, quoted, self.cues):
            act = self.cues.act(report.cue.lemma_.lower(), report.frame)
            if act is None or (report.source is None and report.frame != "noun"):
                continue
            place = (report.cue.idx, report.cue.idx + len(report.cue))
            if place in taken and report.frame != "clause":
                continue
            parts = content_parts(doc, quoted, report.parts)
            if parts:
                found.append(
                    Proposal(
                        parts=parts,
                        cue=report.cue,
                        frame=report.frame,
                        source=report.source,
                        speaker=report.speaker,
                        act=act,
                        confidence=_CONFIDENCE.get(report.frame, _OTHER_FRAMES),
                        source_confidence=_SOURCE_CONFIDENCE,
                    )
                )
        found.sort(key=lambda each: sum(start - end for start, end in each.parts))
        return found

    def weigh(self, quoted: Quoted, quote: Direct) -> tuple[float, float]:
        """By whether the quotation has words of its own that attribute it."""
        if quote.attribution is None:
            return _CONFIDENCE["unattributed"], 0.0
        if quote.continued:
            return _CONFIDENCE["continued"], _CONTINUED_SOURCE_CONFIDENCE
        return _CONFIDENCE["direct"], _SOURCE_CONFIDENCE
