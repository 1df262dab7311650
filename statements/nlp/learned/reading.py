"""Reading by trained weights: which cues report, which words they report, and how sure that is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.strings import StringStore
from spacy.tokens import Doc

from statements.nlp.content import Taken, content_parts
from statements.nlp.direct import Direct
from statements.nlp.frames import TokenRange
from statements.nlp.learned.confidence import (
    direct_features,
    direct_source_features,
    report_source_features,
)
from statements.nlp.learned.cues import Cue, possible_cues
from statements.nlp.learned.edges import joint_features
from statements.nlp.learned.extents import families
from statements.nlp.learned.linear import Linear
from statements.nlp.learned.weights import Weights
from statements.nlp.marks import Quoted
from statements.nlp.proposals import Proposal
from statements.nlp.quotation import Span

# Cues less likely than this are not looked into; chosen on the development articles, as is the
# next: reports less likely than this are dropped.
_LEAST_CUE = 0.15
_LEAST_REPORT = 0.4
# No sentence of news has more; one that has is not worth the time.
_MOST_CUES = 12
# Contents that share this much of their words are the same for whoever reads them.
_ALIKE = 0.8
_CERTAIN = 1e-6
# When less than this share of a cue's contents is free, the cue itself is in doubt.
_LEAST_LEFT = 0.25


@dataclass(frozen=True, slots=True)
class Content:
    """Words that a cue may report, as token ranges, and their share among all it may report."""

    side: str
    ranges: tuple[TokenRange, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Choice:
    """A likely cue, how likely it reports speech or thought, and all that it may report."""

    cue: Cue
    speech: float
    thought: float
    contents: list[Content]

    @property
    def likelihood(self) -> float:
        """How likely the cue reports its likeliest content."""
        return (self.speech + self.thought) * (self.contents[0].share if self.contents else 0.0)

    def odds(self, content: Content) -> float:
        """How likely the cue reports a content or one much like it."""
        return (self.speech + self.thought) * content.share

    def content(self, doc: Doc, taken: Taken) -> Content | None:
        """The likeliest content that is still free, with the share of all much like it.

        The shares of contents that are taken already count no more.
        """
        chosen: Content | None = None
        like = lost = 0.0
        for each in self.contents:
            if each.share < _CERTAIN:
                break
            if not taken.is_free(_places(doc, each.ranges)):
                lost += each.share
            elif chosen is None:
                chosen, like = each, each.share
            elif overlap(chosen.ranges, each.ranges) >= _ALIKE:
                like += each.share
        if chosen is None:
            return None
        return replace(chosen, share=min(like / max(1.0 - lost, _LEAST_LEFT), 1.0))


@dataclass(frozen=True, slots=True)
class Learned:
    """The full reading. Rules offer what could be meant; logistic models weigh it."""

    weights: Weights
    lemmas: frozenset[int]

    @classmethod
    def on(cls, strings: StringStore, weights: Weights) -> Learned:
        """The reading with its cue lemmas hashed for one vocabulary."""
        forms = {form for word in weights.lemmas for form in (word, word.title(), word.upper())}
        return cls(weights, frozenset(strings.add(form) for form in forms))

    def reported(self, doc: Doc, quoted: Quoted, direct: Sequence[Direct]) -> list[Proposal]:
        """The likely reports of a text, the likeliest first."""
        taken = Taken(len(quoted.text))
        for quote in direct:
            taken.add(quote.parts)
        choices = self.choices(doc, quoted, direct)
        choices.sort(key=lambda each: -each.likelihood)
        found = []
        for choice in choices:
            # What a likelier cue has taken, this one does not report: the next best is looked at.
            content = choice.content(doc, taken)
            parts = content_parts(doc, quoted, content.ranges) if content is not None else ()
            if content is None or not parts:
                continue
            proposal = self._proposal(choice, content, parts)
            if proposal.confidence >= _LEAST_REPORT:
                taken.add(parts)
                found.append(proposal)
        return found

    def possible(self, doc: Doc, quoted: Quoted, direct: Sequence[Direct]) -> Iterator[Cue]:
        """Every word of a text that may be a cue, likely or not."""
        used = frozenset(
            q.attribution.cue[0] for q in direct if q.attribution and q.attribution.cue
        )
        return possible_cues(doc, quoted, self.lemmas, used)

    def choices(self, doc: Doc, quoted: Quoted, direct: Sequence[Direct]) -> list[Choice]:
        """What each likely cue of a text may report."""
        found = []
        crowd: Counter[int] = Counter()
        for cue in self.possible(doc, quoted, direct):
            speech, thought = self._cue_probabilities(cue)
            sentence = cue.token.sent.start
            if speech + thought >= _LEAST_CUE and crowd[sentence] < _MOST_CUES:
                crowd[sentence] += 1
                weighed = weigh_contents(self.weights.extent, cue, quoted)
                found.append(Choice(cue, speech, thought, weighed))
        return found

    def weigh(self, quoted: Quoted, quote: Direct) -> tuple[float, float]:
        """The probabilities that a direct quotation is cut right and that its source is right."""
        content, source = self.weights.direct, self.weights.source
        return (
            content.probability(content.margin(direct_features(quoted, quote))),
            source.probability(source.margin(direct_source_features(quoted, quote))),
        )

    def _cue_probabilities(self, cue: Cue) -> tuple[float, float]:
        """How likely a word reports speech, and how likely it reports thought."""
        speech, thought = self.weights.speech, self.weights.thought
        return (
            speech.probability(speech.margin(cue.features)),
            thought.probability(thought.margin(cue.features)),
        )

    def _proposal(self, choice: Choice, content: Content, parts: tuple[Span, ...]) -> Proposal:
        report, source = self.weights.report, self.weights.source
        raw = report.weights.get("raw", 1.0) * log_odds(choice.odds(content))
        proposal = Proposal(
            parts=parts,
            cue=choice.cue.token,
            frame=content.side,
            source=choice.cue.source,
            speaker=choice.cue.speaker,
            act="speech" if choice.speech >= choice.thought else "other",
            confidence=report.probability(raw, report.margin([content.side])),
            source_confidence=0.0,
        )
        margin = source.margin(report_source_features(proposal))
        return replace(proposal, source_confidence=source.probability(margin))


def weigh_contents(extent: Linear, cue: Cue, quoted: Quoted) -> list[Content]:
    """What a cue may report, the likeliest first, each with its share among all."""
    weighed: list[tuple[float, str, tuple[TokenRange, ...]]] = []
    for family in families(cue, quoted):
        rest = (family.rest,) if family.rest is not None else ()
        starts = {edge.position: extent.margin(edge.features) for edge in family.starts}
        ends = {edge.position: extent.margin(edge.features) for edge in family.ends}
        for start, end in family.contents():
            joint = joint_features(cue, family.side, start.position, end.position, family.rest)
            margin = starts[start.position] + ends[end.position] + extent.margin(joint)
            weighed.append((margin, family.side, ((start.position, end.position), *rest)))
    if not weighed:
        return []
    weighed.sort(reverse=True)
    best = weighed[0][0]
    powers = [math.exp(margin - best) for margin, _, _ in weighed]
    total = sum(powers)
    return [
        Content(side, ranges, power / total)
        for (_, side, ranges), power in zip(weighed, powers, strict=True)
    ]


def _places(doc: Doc, ranges: Sequence[TokenRange]) -> list[Span]:
    """Token ranges as offsets; an empty one stands for nothing."""
    return [(doc[a].idx, doc[b - 1].idx + len(doc[b - 1])) for a, b in ranges if a < b]


def overlap(these: Sequence[TokenRange], those: Sequence[TokenRange]) -> float:
    """The tokens two contents have in common, as a share of the tokens of both."""
    common = sum(
        max(0, min(end, other_end) - max(start, other_start))
        for start, end in these
        for other_start, other_end in those
    )
    every = sum(end - start for start, end in (*these, *those)) - common
    return common / every if every else 0.0


def log_odds(probability: float) -> float:
    """The log-odds of a probability, kept finite."""
    kept = min(max(probability, _CERTAIN), 1 - _CERTAIN)
    return math.log(kept / (1 - kept))
