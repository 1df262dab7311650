"""What a quotation says outright about an issue: a side with its words, or a reason for silence.

Only explicit words count ("we firmly oppose the report", "the law must be repealed"), and only
where the thing they judge is named beside them. Tone is not read: an angry quotation may support.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from .stance_clauses import Mention, Reading, Sentence, Side, Word, split_sentences

METHOD = "predicates"

# The share of right answers on the data the words were chosen with, rounded down. One number for
# all: whether one word spoke or several made no difference that could be measured.
CONFIDENCE = 0.85

_NO_TERM = "no term of the issue in the quote"
_NO_WORDS = "no explicit stance words about it"
_BOTH = "words for both sides"
_SMALL_WORDS = frozenset({"a", "an", "and", "for", "government", "in", "of", "on", "the"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed label with its evidence, or an abstention (`label` None) with its reason."""

    label: str | None
    confidence: float
    evidence: tuple[str, ...]
    method: str
    reason: str

    @property
    def mentions(self) -> bool:
        """Whether the quote names the issue at all, so that silence about it says something."""
        return self.reason != _NO_TERM


def suggest_stance(
    quote: str,
    *,
    terms: Sequence[str],
    counter_terms: Sequence[str] = (),
    kind: str = "direct",
    context: str = "",
    cue: str = "",
    voices: Sequence[str] | None = (),
    span: tuple[int, int] | None = None,
) -> Suggestion:
    """The stance of a quote toward an issue as far as its words say it, else an abstention.

    `terms` are things whose support means supporting the issue's proposition, `counter_terms`
    things whose support means opposing it. `context` is the sentence around the quote and `cue` its
    reporting words: "called the report" counts although the quote is only "a farce". `voices` are
    names of the speaker and the actor, as speakers name themselves ("Estmark now supports the
    dam"); None stands for a text that is not a quotation, in which anybody's stance counts. `span`
    narrows the terms to one place in the quote.
    """
    patterns = _patterns(tuple(terms)), _patterns(tuple(counter_terms))
    holders = None if voices is None else frozenset(_name_words(voices))
    found = sorted(_sides(quote, patterns, Reading(kind == "direct", holders), span))
    evidence = _words_of(found, quote)
    if context and cue:
        at_cue = sorted(
            each
            for each in _sides(context, patterns, Reading(False, None))
            if _is_cue(each, context, cue)
        )
        found += at_cue
        evidence = tuple(dict.fromkeys(evidence + _words_of(at_cue, context)))
    if not found:
        mentioned = any(
            _mentions(sentence, patterns)
            for text in (quote, context if cue else "")
            for sentence in split_sentences(text)
        )
        return Suggestion(None, 0.0, (), METHOD, _NO_WORDS if mentioned else _NO_TERM)
    sides = {each.side for each in found}
    if len(sides) > 1:
        return Suggestion(None, 0.0, evidence, METHOD, _BOTH)
    return Suggestion(
        label="supports" if sides == {1} else "opposes",
        confidence=CONFIDENCE,
        evidence=evidence,
        method=METHOD,
        reason="",
    )


_Patterns = tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]


def _sides(
    text: str, patterns: _Patterns, reading: Reading, span: tuple[int, int] | None = None
) -> Iterator[Side]:
    for words in split_sentences(text):
        mentions = _mentions(words, patterns)
        if span:
            mentions = [
                each
                for each in mentions
                if words[each.first].start < span[1] and words[each.last].end > span[0]
            ]
        if mentions:
            yield from Sentence(words, mentions, reading).sides()


def is_about(text: str, terms: Iterable[str]) -> bool:
    """Whether a text names an issue by one of the terms that are names (with a capital letter).

    Words like "report" or "law" mean the issue's own only in such a text. An issue without names is
    taken to be meant in every text.
    """
    names = [term for term in terms if term != term.lower()]
    return not names or _naming(tuple(names)).search(text) is not None


@cache
def _naming(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})", re.IGNORECASE)


def _words_of(sides: Sequence[Side], text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text[first:last] for each in sides for first, last in each.spans))


def _is_cue(side: Side, context: str, cue: str) -> bool:
    """Whether the reporting words themselves are among those that take the side."""
    places = [match.span() for match in re.finditer(re.escape(cue), context)]
    return any(
        first < cue_end and last > cue_start
        for first, last in side.spans
        for cue_start, cue_end in places
    )


@cache
def _patterns(terms: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The words of each term, the longest term first."""
    split = (
        tuple(word.text for sentence in split_sentences(term) for word in sentence)
        for term in terms
    )
    return tuple(sorted(filter(None, split), key=len, reverse=True))


def _mentions(words: Sequence[Word], patterns: _Patterns) -> list[Mention]:
    """Where a sentence names the thing or its opposite, longer names before the shorter in them."""
    sided = [
        (pattern, side) for side, group in zip((1, -1), patterns, strict=True) for pattern in group
    ]
    sided.sort(key=lambda each: -len(each[0]))
    taken: dict[int, Mention] = {}
    for pattern, side in sided:
        for first in range(len(words) - len(pattern) + 1):
            last = first + len(pattern) - 1
            places = range(first, last + 1)
            if taken.keys().isdisjoint(places) and _matches(words[first : last + 1], pattern):
                taken |= dict.fromkeys(places, Mention(first, last, side))
    return sorted(set(taken.values()), key=lambda each: each.first)


def _matches(words: Sequence[Word], pattern: Sequence[str]) -> bool:
    """Whether words are those of a term, its last word in the plural or the genitive perhaps."""
    *head, end = pattern
    if [word.text for word in words[:-1]] != head:
        return False
    stem = words[-1].stem if not end.count("'") else words[-1].text
    return stem in {end, end + "s", end + "es"}


def _name_words(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        for sentence in split_sentences(name):
            yield from (word.stem for word in sentence if word.text not in _SMALL_WORDS)
