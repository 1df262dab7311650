"""Which words a cue may report: every beginning and end that its sentence offers.

A `Family` holds the contents on one side of a cue. Any of its beginnings goes with any end behind
it, so that each edge is weighed once however many contents it bounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.symbols import AUX, VERB
from spacy.tokens import Doc, Token

from statements.nlp.frames import TokenRange
from statements.nlp.learned.cues import Cue
from statements.nlp.learned.edges import Edge, end_ahead, end_behind, start_ahead, start_behind
from statements.nlp.marks import Quoted

BREAKS = frozenset({",", ";", ":", "—", "–", "--", "-", "(", ")", "...", "…"})
_RESUMES = frozenset({",", "—", "--", "–"})
_GOVERNED = frozenset(
    """dobj xcomp ccomp oprd attr acomp advcl acl dative relcl prep pobj nsubj conj appos npadvmod
    agent""".split()
)
_INNER = frozenset({"prep", "ccomp", "acl", "xcomp", "relcl"})
_CUTS = frozenset(
    """prep advcl relcl cc conj npadvmod advmod acl parataxis appos mark punct ccomp xcomp dep
    agent prt nsubj""".split()
)
_CLAUSE_WORDS = frozenset({"that", "whether", "how", "why", "what", "if"})
_RELATIVE = frozenset({"who", "whose", "whom", "which", "where"})
_JOINTS = frozenset({"CCONJ", "SCONJ", "ADV"})
_MOST_STARTS = 8
_MOST_ENDS = 26
# In tokens: how far from the cue content may begin, how long it may be, how long an attribution.
_FARTHEST_START = 25
_LONGEST = 120
_LONGEST_ASIDE = 40


@dataclass(frozen=True, slots=True)
class Family:
    """The contents on one side of a cue; those "around" it have the same ``rest`` behind it."""

    side: str
    starts: tuple[Edge, ...]
    ends: tuple[Edge, ...]
    rest: TokenRange | None = None

    def contents(self) -> Iterator[tuple[Edge, Edge]]:
        """Every beginning with every end behind it."""
        for start in self.starts:
            for end in self.ends:
                if start.position < end.position <= start.position + _LONGEST:
                    yield start, end


def families(cue: Cue, quoted: Quoted) -> Iterator[Family]:
    """The ways to read what a cue reports: behind it, ahead of it, around it."""
    token = cue.token
    first, stop = token.sent.start, _last_word(token)
    behind = _behind(cue)
    if behind < stop:
        starts = _starts_behind(cue, behind, stop)
        yield Family("behind", starts, _ends_behind(cue, starts[0].position, stop, quoted))
    ahead = token.i
    if cue.source is not None and first <= cue.source[0] < token.i and token.pos in (VERB, AUX):
        ahead = cue.source[0]
    mark = _mark_ahead(token.doc, first, ahead)
    if mark is None:
        return
    starts, ends = _starts_ahead(cue, first, ahead), (end_ahead(cue, mark, ahead),)
    yield Family("ahead", starts, ends)
    resumed = _resumed(token.doc, behind, stop)
    if resumed is not None:
        yield Family("around", starts, ends, (resumed, stop))


def _last_word(token: Token) -> int:
    """Where a cue's sentence ends, without its last stop and marks."""
    doc, end = token.doc, token.sent.end
    while end > token.i + 1 and (doc[end - 1].is_punct or doc[end - 1].is_space):
        end -= 1
    return end


def _behind(cue: Cue) -> int:
    """Where content behind a cue may begin first: after a source that follows it."""
    token, source = cue.token, cue.source
    if source is not None and source[0] > token.i:
        inverted = source[0] == token.i + 1 and token.dep_ in ("ROOT", "parataxis", "ccomp")
        if inverted or token.lower_ == "according":
            return source[1]
    return token.i + 1


def _starts_behind(cue: Cue, behind: int, stop: int) -> tuple[Edge, ...]:
    token, doc = cue.token, cue.token.doc
    reasons: defaultdict[int, list[str]] = defaultdict(list)
    reasons[behind].append("next")
    for child in token.children:
        if child.right_edge.i < behind or child.dep_ not in _GOVERNED:
            continue
        reasons[max(child.left_edge.i, behind)].append(child.dep_)
        if child.dep_ in ("prep", "agent") and child.i >= behind:
            reasons[child.i + 1].append(f"of-{child.lower_}")
        for below in child.children:
            if below.dep_ in _INNER and below.i > token.i:
                reasons[max(below.left_edge.i, behind)].append(f"{child.dep_}>{below.dep_}")
                if below.dep_ == "prep":
                    reasons[below.i + 1].append(f"{child.dep_}>{below.lower_}")
    for position in range(behind, min(stop, behind + _FARTHEST_START)):
        text = doc[position].text
        if text in _RESUMES or text == ":":
            reasons[position + 1].append(f"mark{text}")
        elif text.lower() in _CLAUSE_WORDS:
            reasons[position].append(f"word-{text.lower()}")
    positions = [position for position in sorted(reasons) if behind <= position < stop]
    return tuple(
        start_behind(cue, position, behind, reasons[position])
        for position in positions[:_MOST_STARTS]
    )


def _ends_behind(cue: Cue, start: int, stop: int, quoted: Quoted) -> tuple[Edge, ...]:
    token, doc = cue.token, cue.token.doc
    reasons: defaultdict[int, list[str]] = defaultdict(list)
    reasons[stop].append("sentence")
    limit = min(stop, start + _LONGEST)
    for child in token.children:
        if start < child.right_edge.i + 1 <= limit:
            reasons[child.right_edge.i + 1].append(f"right-{child.dep_}")
    for position in range(start + 1, limit):
        here = doc[position]
        if here.text in BREAKS:
            reasons[position].append("break")
        elif here.dep_ in _CUTS and here.head.i < position and here.left_edge.i == position:
            reasons[position].append("cut")
    positions = sorted(reasons)
    if len(positions) > _MOST_ENDS:
        weighty = {p for p in positions if reasons[p] != ["cut"]}
        kept = sorted(weighty.union(positions[:_MOST_ENDS]))[: 2 * _MOST_ENDS]
        positions = kept if stop in kept else [*kept, stop]
    return tuple(end_behind(cue, p, stop, reasons[p], quoted) for p in positions)


def _starts_ahead(cue: Cue, first: int, ahead: int) -> tuple[Edge, ...]:
    doc = cue.token.doc
    reasons: defaultdict[int, list[str]] = defaultdict(list)
    reasons[first].append("sentence")
    if doc[first].pos_ in _JOINTS and first + 1 < ahead:
        reasons[first + 1].append("after-joint")
    for child in cue.token.children:
        if child.dep_ in ("ccomp", "dep", "advcl") and first <= child.left_edge.i < ahead - 1:
            reasons[child.left_edge.i].append(child.dep_)
    for position in range(first, min(ahead - 1, first + _FARTHEST_START)):
        if doc[position].text in BREAKS:
            reasons[position + 1].append("break")
    positions = sorted(reasons)[:_MOST_STARTS]
    return tuple(start_ahead(cue, position, first, reasons[position]) for position in positions)


def _mark_ahead(doc: Doc, first: int, ahead: int) -> int | None:
    """The mark that ends content ahead of an attribution: only small words stand between."""
    end = ahead
    while end - 1 > first and ahead - end < 4 and not doc[end - 1].is_punct:
        if end < ahead and doc[end - 1].pos_ in ("VERB", "NOUN", "PROPN"):
            return None
        end -= 1
    return end - 1 if end - 1 > first and doc[end - 1].is_punct else None


def _resumed(doc: Doc, behind: int, stop: int) -> int | None:
    """Where the sentence goes on behind an attribution in its midst."""
    for position in range(behind, min(stop - 1, behind + _LONGEST_ASIDE)):
        # "…, according to Ann Bell, who teaches law": the clause is about her, and none of hers.
        if doc[position].text in _RESUMES and doc[position + 1].lower_ not in _RELATIVE:
            return position + 1
    return None
