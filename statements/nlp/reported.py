"""Speech reported without quotation marks, or with only some of it in marks.

Every way English has of joining a cue to what was said is a frame: "said that …", "…, she said",
"urged X to …", "called for …", "according to …". `reports` finds each frame a parsed text
offers; `statements.nlp.cues` says which cue words really report speech in which frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.symbols import AUX, VERB
from spacy.tokens import Doc, Token

from statements.nlp.cues import Cues
from statements.nlp.frames import LONGEST_ASIDE, TokenRange, frames
from statements.nlp.marks import Quoted
from statements.nlp.sources import antecedent, source_range, subject_of


@dataclass(frozen=True, slots=True)
class Report:
    """A cue in one of its frames: what was said, and the words that name who said it."""

    cue: Token
    frame: str
    parts: tuple[TokenRange, ...]
    """Token ranges of the content, end exclusive."""
    source: TokenRange | None
    speaker: Token | None
    """The head of the source; for "who" the noun it stands for."""


def reports(doc: Doc, quoted: Quoted, cues: Cues) -> Iterator[Report]:
    """Every report of speech outside quotation marks, in the order of the cues."""
    for token in doc:
        if token.lemma not in cues.lemmas:
            continue
        stretch = quoted.at(token.idx)
        if stretch is not None and stretch.double:
            continue
        if token.lower_ == "according":
            yield from _according(token)
        elif token.pos in (VERB, AUX):
            yield from _of_verb(token)
        else:
            yield from _of_noun(token)


def _source(verb: Token) -> tuple[TokenRange | None, Token | None]:
    subject = subject_of(verb)
    if subject is None:
        return None, None
    return source_range(subject, subject.sent, verb), antecedent(subject)


def _of_verb(verb: Token) -> Iterator[Report]:
    source, speaker = _source(verb)
    for frame, parts in frames(verb, source):
        yield Report(verb, frame, parts, source, speaker)


def _according(token: Token) -> Iterator[Report]:
    doc, sentence = token.doc, token.sent
    to = token.nbor(1) if token.i + 1 < len(doc) else None
    if to is None or to.lower_ != "to":
        return
    named = next((each for each in to.children if each.dep_ == "pobj"), None)
    if named is None:
        return
    source = source_range(named, sentence, to)
    end = source[1]
    parts = []
    if token.i - sentence.start > 1:
        parts.append((sentence.start, token.i))
        if any(each.pos in (VERB, AUX) for each in doc[sentence.start : token.i]):
            yield Report(token, "after", tuple(parts), source, antecedent(named))
            return
    for later in doc[end : min(sentence.end, end + LONGEST_ASIDE)]:
        if later.text in (",", "—", "--", "–"):
            parts.append((later.i + 1, sentence.end))
            break
    if not parts:
        return
    frame = "before" if parts[0][0] > token.i else "after" if len(parts) == 1 else "around"
    yield Report(token, frame, tuple(parts), source, antecedent(named))


def _of_noun(noun: Token) -> Iterator[Report]:
    clause = next(
        (
            each
            for each in noun.children
            if each.i > noun.i
            and each.dep_ in ("acl", "ccomp", "relcl")
            and any(c.dep_ == "mark" and c.lower_ in ("that", "whether") for c in each.children)
        ),
        None,
    )
    if clause is None:
        return
    owner = next((each for each in noun.children if each.dep_ == "poss"), None)
    sentence = noun.sent
    source = source_range(owner, sentence, noun) if owner is not None else None
    start = next(c.left_edge.i for c in clause.children if c.dep_ == "mark")
    end = min(clause.right_edge.i + 1, sentence.end)
    if source is not None and noun.doc[source[1] - 1].tag_ == "POS" and source[1] - source[0] > 1:
        source = (source[0], source[1] - 1)
    yield Report(noun, "noun", ((start, end),), source, owner)
