"""Suggestions for single texts with a named target, without a database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from statements.nlp.attitudes.actors import mentions, names_pattern
from statements.nlp.attitudes.model import LABELS, load_attitudes
from statements.nlp.attitudes.words import Span
from statements.nlp.stance import CONFIDENCE, Suggestion, suggest_stance

# The answer to a proposition on which no words take a side, where one has to be given: the
# commonest label, with its share among such texts in the training data.
FALLBACK, FALLBACK_CONFIDENCE = "neutral", 0.35

# A target of more words than a name has is a proposition, also where a text repeats it; so is one
# with words that names do not have: "Obesity is a disease".
_LONGEST_NAME = 6
_SMALL_WORDS = frozenset(
    "a al an and bin da de del der di du el for in la le of on the van von".split()
)


@dataclass(frozen=True, slots=True)
class Target:
    """A text and what its stance is asked toward; `span` is the target's place in it, if known."""

    text: str
    target: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A label with its probability and the words behind it, or None: it abstains."""

    label: str | None
    confidence: float
    evidence: tuple[str, ...] = ()


def suggest_targets(
    targets: Sequence[Target], *, threshold: float | None = None
) -> Iterator[Answer]:
    """An answer for each target in order; None below the threshold, which 0 switches off.

    A target named in the text is somebody: explicit words decide, else the model of attitudes. Any
    other is a proposition: only explicit words decide, because on issues that nobody has labelled
    no method does better than a coin.
    """
    model = load_attitudes()
    bound = model.threshold if threshold is None else threshold
    spans = [each.span or _named(each) for each in targets]
    shares = iter(
        model.probabilities(
            [(each.text, span) for each, span in zip(targets, spans, strict=True) if span]
        )
    )
    for each, span in zip(targets, spans, strict=True):
        said = suggest_stance(each.text, terms=[each.target], voices=None, span=span)
        if span is None:
            answer = _explicit(said)
        else:
            likely = dict(zip(LABELS, (float(share) for share in next(shares)), strict=True))
            answer = _toward(each, span, said, likely)
        if answer.label is None and not bound:
            answer = Answer(FALLBACK, FALLBACK_CONFIDENCE)
        yield answer if answer.confidence >= bound else Answer(None, answer.confidence)


def _named(target: Target) -> Span | None:
    """Where the text names a target that may be somebody's name."""
    name = target.target.strip()
    large = [word for word in name.split() if word not in _SMALL_WORDS]
    if len(name.split()) > _LONGEST_NAME or name == name.lower():
        return None
    if any(word[0].islower() for word in large):
        return None
    return next(iter(mentions(target.text, names_pattern([name]))), None)


def _explicit(said: Suggestion) -> Answer:
    return Answer(said.label, said.confidence, said.evidence)


def _toward(target: Target, span: Span, said: Suggestion, likely: dict[str, float]) -> Answer:
    if said.label:
        return Answer(said.label, max(CONFIDENCE, likely[said.label]), said.evidence)
    label = max(likely, key=lambda each: likely[each])
    words = load_attitudes().evidence(target.text, span, label)
    return Answer(label, likely[label], words)
