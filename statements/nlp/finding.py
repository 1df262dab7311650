"""The quotations of one parsed text: direct, mixed and reported, without overlaps."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc

from statements.nlp.content import Taken
from statements.nlp.cues import Cues
from statements.nlp.direct import Direct, DirectQuotations
from statements.nlp.marks import Quoted
from statements.nlp.proposals import Proposal, Reading
from statements.nlp.quotation import Quotation, Span

# The frames in which content stands ahead of its attribution and nothing of it behind.
_AHEAD = frozenset({"after", "ahead"})


@dataclass(frozen=True, slots=True)
class Found:
    """A quotation and the token that heads the words naming its source."""

    quotation: Quotation
    speaker: int | None
    continued: bool = False


def find_quotations(doc: Doc, quoted: Quoted, cues: Cues, reading: Reading) -> list[Found]:
    """The quotations of a parsed text in text order, their voices still to be told."""
    direct = DirectQuotations(doc, quoted, cues).found
    taken = Taken(len(quoted.text))
    for quote in direct:
        taken.add(quote.parts)
    unattributed = {
        quote.stretches[0].outer_start: quote
        for quote in direct
        if quote.continued or quote.attribution is None
    }
    found, joined = [], set()
    for proposal in reading.reported(doc, quoted, direct):
        if not taken.is_free(proposal.parts):
            continue
        taken.add(proposal.parts)
        rest = unattributed.pop(_follows(quoted.text, proposal), None)
        if rest is not None:
            joined.add(rest.parts[0])
        found.append(_reported(doc, quoted, proposal, rest.parts if rest is not None else []))
    for quote in direct:
        if quote.parts[0] not in joined:
            found.append(_direct(quote, quoted, reading.weigh(quoted, quote)))
    return sorted(found, key=lambda each: each.quotation.parts)


def _follows(text: str, proposal: Proposal) -> int:
    """Where a quotation would begin that goes on right behind an attribution: `…, Bell said. “…”`.

    -1 where nothing can: behind a thought, words in marks are speech of their own.
    """
    if proposal.frame not in _AHEAD or proposal.act != "speech":
        return -1
    last = proposal.cue.sent[-1]
    position = last.idx + len(last)
    while position < len(text) and text[position] in " \t":
        position += 1
    return position


def _direct(quote: Direct, quoted: Quoted, weights: tuple[float, float]) -> Found:
    attribution = quote.attribution
    quotation = Quotation(
        parts=tuple(quote.parts),
        kind=quoted.kind(quote.parts),
        cue=attribution.cue if attribution else None,
        source=attribution.source if attribution else None,
        confidence=weights[0],
        source_confidence=weights[1],
    )
    speaker = attribution.speaker if attribution else None
    return Found(quotation, speaker.i if speaker is not None else None, quote.continued)


def _reported(doc: Doc, quoted: Quoted, proposal: Proposal, rest: list[Span]) -> Found:
    parts = (*proposal.parts, *rest)
    source = None
    if proposal.source is not None:
        start, end = proposal.source
        source = (doc[start].idx, doc[end - 1].idx + len(doc[end - 1]))
    quotation = Quotation(
        parts=parts,
        kind=quoted.kind(parts),
        cue=(proposal.cue.idx, proposal.cue.idx + len(proposal.cue)),
        source=source,
        act=proposal.act,
        confidence=proposal.confidence,
        source_confidence=proposal.source_confidence,
    )
    return Found(quotation, proposal.speaker.i if proposal.speaker is not None else None)
