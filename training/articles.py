"""Annotated articles as training sees them: parsed, their quotes as sets of words."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from bench.scorer import Scorer
from statements.nlp.cues import Cues
from statements.nlp.direct import Direct, DirectQuotations
from statements.nlp.marks import Quoted


@dataclass(slots=True)
class Article:
    """A parsed article with its annotated quotes, as sets of word indices."""

    doc: Doc
    quoted: Quoted
    direct: list[Direct]
    words: Any
    quotes: list[dict[str, Any]]
    contents: list[frozenset[int]]
    cued: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The quotes outside marks, by the token of their cue."""

    def quote_like(self, said: frozenset[int]) -> int | None:
        """Which annotated quote has a content much like some words, if any."""
        return next((i for i, other in enumerate(self.contents) if alike(said, other)), None)

    def said(self, parts: Sequence[tuple[int, int]]) -> frozenset[int]:
        """The words of some parts, without a leading "that", as the scorer counts them."""
        found: frozenset[int] = self.words.tokens(parts)
        if len(found) > 1 and self.words.words([min(found)]) == ["that"]:
            found -= {min(found)}
        return found


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The documents of a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def parsed(nlp: Language, given: list[dict[str, Any]]) -> Iterator[tuple[Doc, dict[str, Any]]]:
    """Each article parsed, without looking for quotations."""
    with nlp.select_pipes(disable=["quotations", "voices"]):
        yield from nlp.pipe(((each["text"], each) for each in given), as_tuples=True, batch_size=16)


def article(doc: Doc, entry: dict[str, Any], cues: Cues, scorer: Scorer) -> Article:
    """An article with its annotation; quotes that stand in marks leave their cue free."""
    quoted = Quoted(entry["text"])
    found = Article(
        doc,
        quoted,
        DirectQuotations(doc, quoted, cues).found,
        scorer.Doc(entry["text"]),
        entry["quotes"],
        [],
    )
    found.contents = [found.said(scorer.parts_of(quote)) for quote in entry["quotes"]]
    in_marks = [found.said(quote.parts) for quote in found.direct]
    for index, (quote, content) in enumerate(zip(found.quotes, found.contents, strict=True)):
        if quote["cue"] and not any(alike(content, each) for each in in_marks):
            token = cue_token(doc, quote["cue"])
            if token is not None:
                found.cued[token].append(index)
    return found


def cue_token(doc: Doc, cue: dict[str, int]) -> int | None:
    """The word of an annotated cue that is its last verb, or else its last noun."""
    span = doc.char_span(cue["start"], cue["end"], alignment_mode="expand")
    if span is None:
        return None
    according = [token.i for token in span if token.lower_ == "according"]
    verbs = [token.i for token in span if token.pos_ == "VERB"]
    others = [token.i for token in span if token.pos_ in ("NOUN", "PROPN", "AUX")]
    chosen = according or verbs or others
    return chosen[-1] if chosen else None


def share(these: frozenset[int], those: frozenset[int]) -> float:
    """The words two contents have in common, as a share of the words of both (Jaccard)."""
    every = len(these | those)
    return len(these & those) / every if every else 0.0


def alike(these: frozenset[int], those: frozenset[int]) -> bool:
    """Whether one content counts as the other, by the scorer's lenient measure."""
    return share(these, those) >= 0.8
