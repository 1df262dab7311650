"""What tells whether a quotation in marks is cut right, and whether a source is right."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from statements.nlp.direct import Direct
from statements.nlp.marks import Quoted
from statements.nlp.proposals import Proposal

_SIZES = (1, 2, 4, 8, 16, 32, 64)


def direct_features(quoted: Quoted, quote: Direct) -> Iterator[str]:
    """What speaks for a stretch in marks to be a whole quotation."""
    text, first, last = quoted.text, quote.stretches[0], quote.stretches[-1]
    way = _way(quote)
    inner = text[quote.parts[-1][0] : quote.parts[-1][1]]
    words = sum(text.count(" ", start, end) + 1 for start, end in quote.parts)
    size = sum(words > size for size in _SIZES)
    before = text[max(first.outer_start - 2, 0) : first.outer_start].strip()[-1:] or "¶"
    behind = text[last.outer_end : last.outer_end + 2].strip()[:1] or "¶"
    yield way
    yield f"{way}|size={size}"
    yield f"size={size}"
    yield f"parts={min(len(quote.parts), 4)}"
    yield f"{way}|parts={min(len(quote.parts), 4)}"
    yield f"closed={last.closed}"
    yield f"double={first.double}"
    yield f"{way}|double={first.double}"
    yield f"upper={text[quote.parts[0][0]].isupper()}"
    yield f"stop={inner[-1:]}"
    yield f"{way}|stop={inner[-1:]}"
    yield f"before={before if not before.isalnum() else 'a'}"
    yield f"behind={behind if not behind.isalnum() else 'a'}"
    cue = quote.attribution.cue if quote.attribution else None
    if cue is not None:
        yield f"cue={text[slice(*cue)].lower()}"


def direct_source_features(quoted: Quoted, quote: Direct) -> Iterator[str]:
    """What speaks for the words that a quotation in marks is attributed to."""
    way = _way(quote)
    yield f"direct|{way}"
    if quote.attribution is None or quote.attribution.speaker is None:
        return
    speaker = quote.attribution.speaker
    kind = _kind(speaker)
    yield f"direct|{kind}"
    yield f"direct|{way}|{kind}"
    cue = quote.attribution.cue
    if cue is not None:
        yield f"direct|cue={quoted.text[slice(*cue)].lower()}"
        yield f"direct|far={abs(speaker.idx - cue[0]) > 60}"


def report_source_features(proposal: Proposal) -> Iterator[str]:
    """What speaks for the words that reported speech is attributed to."""
    cue, speaker = proposal.cue, proposal.speaker
    yield proposal.frame
    if speaker is None or proposal.source is None:
        yield "none"
        yield f"none|{cue.pos_}"
        return
    kind = _kind(speaker)
    own = speaker.head.i == cue.i
    yield kind
    yield f"{kind}|{speaker.dep_}"
    yield f"own={own}|{cue.pos_}"
    yield f"own={own}|{cue.dep_}|{cue.tag_}"
    yield f"cue={cue.lemma_.lower()}"
    yield f"far={min(abs(cue.i - speaker.i) // 6, 4)}"
    yield f"size={min(proposal.source[1] - proposal.source[0], 8)}"


def _way(quote: Direct) -> str:
    if quote.attribution is None:
        return "unattributed"
    if quote.continued:
        return "continued"
    return "cue" if quote.attribution.cue is not None else "label"


def _kind(speaker: Token) -> str:
    return speaker.lower_ if speaker.pos_ == "PRON" else speaker.ent_type_ or speaker.pos_
