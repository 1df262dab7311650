"""The quotations of one parsed text: direct, mixed and reported, without overlaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from statements.nlp.cues import Cues
from statements.nlp.direct import DirectQuotations
from statements.nlp.marks import Quoted
from statements.nlp.quotation import Quotation, Span
from statements.nlp.reported import Report, reports

_EDGE = " \t\r\n\f\v\u00a0\u200b,;:.–—-"
# How sure each way of finding a quotation is, by the share that was right on news text.
_CONFIDENCE = {
    "direct": 0.9,
    "inherited": 0.6,
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


@dataclass(frozen=True, slots=True)
class Found:
    """A quotation and the token that heads the words naming its source."""

    quotation: Quotation
    speaker: int | None
    continued: bool = False


def find_quotations(doc: Doc, cues: Cues) -> list[Found]:
    """The quotations of a parsed text in text order, their voices still to be told."""
    quoted = Quoted(doc.text)
    direct = DirectQuotations(doc, quoted, cues).found
    taken = _Taken(len(quoted.text))
    found = []
    for quote in direct:
        attribution = quote.attribution
        taken.add(quote.parts)
        how = "inherited" if quote.continued else "direct" if attribution else "unattributed"
        found.append(
            Found(
                Quotation(
                    parts=tuple(quote.parts),
                    kind=quoted.kind(quote.parts),
                    cue=attribution.cue if attribution else None,
                    source=attribution.source if attribution else None,
                    confidence=_CONFIDENCE[how],
                ),
                attribution.speaker.i if attribution and attribution.speaker is not None else None,
                quote.continued,
            )
        )
    direct_cues = {each.quotation.cue for each in found}
    for report, act, parts in _accepted(doc, quoted, cues):
        if taken.share(parts) > 0.3 or (
            _span(report.cue) in direct_cues and report.frame != "clause"
        ):
            continue
        taken.add(parts)
        found.append(_reported(doc, quoted, report, act, parts))
    return sorted(found, key=lambda each: each.quotation.parts)


def _accepted(
    doc: Doc, quoted: Quoted, cues: Cues
) -> Iterable[tuple[Report, str, tuple[Span, ...]]]:
    """The reports whose cue reports speech or thought in its frame, the longest first."""
    accepted = []
    for report in reports(doc, quoted, cues):
        act = cues.act(report.cue.lemma_.lower(), report.frame)
        if act is None or (report.source is None and report.frame != "noun"):
            continue
        parts = _trimmed(doc, quoted, report)
        if parts:
            accepted.append((report, act, parts))
    accepted.sort(key=lambda each: sum(start - end for start, end in each[2]))
    return accepted


def _reported(doc: Doc, quoted: Quoted, report: Report, act: str, parts: tuple[Span, ...]) -> Found:
    source = None
    if report.source is not None:
        start, end = report.source
        source = (doc[start].idx, doc[end - 1].idx + len(doc[end - 1]))
    quotation = Quotation(
        parts=parts,
        kind=quoted.kind(parts),
        cue=_span(report.cue),
        source=source,
        act=act,
        confidence=_CONFIDENCE.get(report.frame, _OTHER_FRAMES),
    )
    return Found(quotation, report.speaker.i if report.speaker is not None else None)


def _span(token: Token) -> Span:
    return token.idx, token.idx + len(token)


def _trimmed(doc: Doc, quoted: Quoted, report: Report) -> tuple[Span, ...]:
    """The content as offsets, grown to whole stretches in marks and cut at loose punctuation."""
    parts: list[Span] = []
    text = quoted.text
    for first, end in report.parts:
        if end <= first:
            continue
        start, stop = doc[first].idx, doc[end - 1].idx + len(doc[end - 1])
        while start < stop and text[start] in _EDGE:
            start += 1
        while stop > start and text[stop - 1] in _EDGE:
            stop -= 1
        if start >= stop:
            continue
        opening, closing = quoted.at(start), quoted.at(stop - 1)
        if (
            opening is not None
            and opening is closing
            and start <= opening.start
            and stop >= opening.end
        ):
            start, stop = opening.start, opening.end
        else:
            if opening is not None:
                start = opening.outer_start
            if closing is not None:
                stop = max(stop, closing.outer_end)
        if parts and start < parts[-1][1]:
            continue
        if any(character.isalnum() for character in text[start:stop]):
            parts.append((start, stop))
    return tuple(parts)


class _Taken:
    """Which characters of a text already belong to a quotation."""

    def __init__(self, length: int) -> None:
        self._taken = bytearray(length)

    def add(self, parts: Sequence[Span]) -> None:
        for start, end in parts:
            self._taken[start:end] = b"\x01" * (end - start)

    def share(self, parts: Sequence[Span]) -> float:
        """The share of the parts' characters that is already taken."""
        total = sum(end - start for start, end in parts)
        return sum(self._taken.count(1, start, end) for start, end in parts) / total
