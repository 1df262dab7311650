"""What quotes say of somebody who is known by several names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from statements.nlp.attitudes.model import LABELS, load_attitudes
from statements.nlp.attitudes.words import Span

VERSION = 1

# More mentions in one quote than these tell nothing new.
_MOST_MENTIONS = 3


@dataclass(frozen=True, slots=True)
class Attitude:
    """A proposed label, or None with the reason; the confidence is the likeliest label's."""

    label: str | None
    confidence: float
    shares: dict[str, float]
    evidence: tuple[str, ...] = ()
    reason: str = ""
    version: int = VERSION


def names_pattern(names: Sequence[str]) -> re.Pattern[str] | None:
    """What finds a mention of somebody by one of the names, the longest first; None for nobody."""
    ordered = sorted(filter(None, names), key=len, reverse=True)
    if not ordered:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)")


def mentions(text: str, pattern: re.Pattern[str] | None) -> list[Span]:
    """Where the text names them, the first few places."""
    if pattern is None:
        return []
    return [match.span() for match in pattern.finditer(text)][:_MOST_MENTIONS]


def attitude_toward(texts: Sequence[str], pattern: re.Pattern[str] | None) -> list[Attitude | None]:
    """The attitude of each text toward the one whom the pattern finds; None where it does not.

    Several mentions count alike. Below the model's threshold it abstains.
    """
    places = [mentions(text, pattern) for text in texts]
    shares = _shares([(text, spans) for text, spans in zip(texts, places, strict=True) if spans])
    return [
        _attitude(text, spans, next(shares)) if spans else None
        for text, spans in zip(texts, places, strict=True)
    ]


def explain(text: str, names: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """Words without which the likeliest label is less likely, with the loss; first mention only."""
    spans = mentions(text, names_pattern(names))
    if not spans:
        return ()
    model = load_attitudes()
    label = LABELS[int(model.probabilities([(text, spans[0])])[0].argmax())]
    return model.explanation(text, spans[0], label)


def _shares(texts: Sequence[tuple[str, list[Span]]]) -> Iterator[np.ndarray]:
    """The mean over the mentions of each text, one after the other."""
    if not texts:
        return iter(())
    flat = [(text, span) for text, spans in texts for span in spans]
    ends = np.cumsum([len(spans) for _, spans in texts])[:-1]
    shares = load_attitudes().probabilities(flat)
    return iter([part.mean(0) for part in np.split(shares, ends)])


def _attitude(text: str, spans: Sequence[Span], shares: np.ndarray) -> Attitude:
    model = load_attitudes()
    confidence = float(shares.max())
    label = LABELS[int(shares.argmax())]
    each = {name: round(float(share), 4) for name, share in zip(LABELS, shares, strict=True)}
    if confidence < model.threshold:
        reason = f"it is only {confidence:.0%} sure, and speaks from {model.threshold:.0%} on"
        return Attitude(None, confidence, each, reason=reason)
    return Attitude(label, confidence, each, model.evidence(text, spans[0], label))
