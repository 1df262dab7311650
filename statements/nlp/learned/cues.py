"""The words of a text that may report speech, who would be their source, and what tells them.

The features are names; `statements.nlp.learned.weights` says what each is worth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.symbols import AUX, NOUN, PROPN, VERB
from spacy.tokens import Doc, Token

from statements.nlp.frames import TokenRange
from statements.nlp.marks import Quoted
from statements.nlp.sources import source_of

_CUE_CLASSES = frozenset({VERB, AUX, NOUN, PROPN})
_COMPLEMENTS = frozenset({"ccomp", "xcomp", "dobj", "oprd", "attr", "acomp", "dative", "prt"})
_CLOSES_AHEAD = frozenset({",", "—", "--", "–", "-", "?", "!", ".", "...", "…"})
_LONGEST_LOOK = 3
_SHORT_LINE = 25


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that may report speech, and who would be its source.

    ``source`` is the token range of the words that name it, ``speaker`` the noun that heads them.
    """

    token: Token
    source: TokenRange | None
    speaker: Token | None
    lemma: str
    features: tuple[str, ...]


def possible_cues(
    doc: Doc, quoted: Quoted, lemmas: frozenset[int], direct: frozenset[int]
) -> Iterator[Cue]:
    """The words of some lemmas that stand outside double marks, with their features.

    ``direct`` holds the character offsets of the cues that direct quotations have already.
    """
    for token in doc:
        if token.lemma not in lemmas:
            continue
        if token.pos not in _CUE_CLASSES and token.lower_ != "according":
            continue
        stretch = quoted.at(token.idx)
        if stretch is not None and stretch.double:
            continue
        yield _cue(token, quoted, token.idx in direct)


def _cue(token: Token, quoted: Quoted, is_direct: bool) -> Cue:
    source, speaker = source_of(token)
    lemma = token.lemma_.lower()
    features = [lemma, f"{lemma}|{token.tag_}", f"tag={token.tag_}", f"dep={token.dep_}"]
    features += _around(token, lemma)
    features += _governed(token, lemma)
    features += _of_source(token, source, speaker, lemma)
    sentence = token.sent
    if len(sentence) < _SHORT_LINE and sentence[-1].text not in (".", "\n", "?", "!"):
        features.append("headline")
    if is_direct:
        features += ["direct", f"direct|{lemma}"]
    features.append(_marks_after(token, quoted))
    return Cue(token, source, speaker, lemma, tuple(features))


def _around(token: Token, lemma: str) -> Iterator[str]:
    doc, position = token.doc, token.i
    before = doc[position - 1] if position else None
    after = doc[position + 1] if position + 1 < len(doc) else None
    second = doc[position + 2] if position + 2 < len(doc) else None
    yield f"before={word_feature(before)}"
    yield f"after={word_feature(after)}"
    yield f"after2={word_feature(after)},{word_feature(second)}"
    yield f"{lemma}|after={word_feature(after)}"
    yield f"{lemma}|before={word_feature(before)}"
    if token.pos not in (VERB, AUX):
        yield f"noun|after={word_feature(after)}"


def _governed(token: Token, lemma: str) -> Iterator[str]:
    for child in token.children:
        if child.dep_ in _COMPLEMENTS:
            side = "<" if child.i < token.i else ">"
            yield f"has{side}{child.dep_}"
            yield f"{lemma}|has{side}{child.dep_}"
            if child.dep_ in ("ccomp", "xcomp", "acl"):
                yield f"{lemma}|{child.dep_}:{child.tag_}"
            elif child.i > token.i and child.dep_ == "dobj":
                yield f"dobj:{child.pos_}"
                yield f"{lemma}|dobj:{child.pos_}"
                yield f"{lemma}|dobj={child.lemma_.lower()}"
        elif child.dep_ == "prep" and child.i > token.i:
            yield f"prep={child.lower_}"
            yield f"{lemma}|prep={child.lower_}"
        elif child.dep_ in ("neg", "aux", "auxpass", "mark", "agent"):
            yield f"{child.dep_}={child.lower_}"
            yield f"{lemma}|{child.dep_}"
        elif child.dep_ in ("acl", "relcl", "advcl", "poss", "det", "amod", "compound"):
            yield f"has-{child.dep_}"
    head = token.head
    yield f"dep={token.dep_}|head={head.lemma_.lower()}"
    yield f"{lemma}|dep={token.dep_}"


def _of_source(
    token: Token, source: TokenRange | None, speaker: Token | None, lemma: str
) -> Iterator[str]:
    if source is None or speaker is None:
        yield "source=none"
        yield f"{lemma}|source=none"
        return
    kind = speaker.lower_ if speaker.pos_ == "PRON" else speaker.ent_type_ or speaker.pos_
    yield f"source={kind}"
    yield f"{lemma}|source={kind}"
    if speaker.pos_ == "NOUN":
        yield f"source-noun={speaker.lemma_.lower()}"
    ahead = source[0] > token.i
    yield f"source-ahead={ahead}"
    edge = min(source[0], token.i)
    if edge > token.sent.start:
        mark = token.doc[edge - 1].text
        if mark in _CLOSES_AHEAD or mark in "”\"''":
            yield f"mark-ahead={mark}"
            yield f"{lemma}|mark-ahead"
    else:
        yield "opens-sentence"
    if not ahead and token.i - source[1] > _LONGEST_LOOK:
        yield "source-far"


def _marks_after(token: Token, quoted: Quoted) -> str:
    """Whether quotation marks open or close near behind a cue."""
    doc = token.doc
    for ahead in range(1, _LONGEST_LOOK + 1):
        if token.i + ahead >= len(doc):
            break
        stretch = quoted.at(doc[token.i + ahead].idx)
        if stretch is not None:
            return f"marks-after={ahead}|{'double' if stretch.double else 'single'}"
    return "marks-after=none"


def word_feature(token: Token | None) -> str:
    """A word as a feature: itself where it is a word of grammar, else its tag."""
    if token is None or token.is_space:
        return "¶"
    if token.ent_type_ in ("DATE", "TIME"):
        return "DATE"
    if token.pos_ in ("NOUN", "PROPN", "VERB", "ADJ", "NUM", "X", "SYM"):
        return token.tag_
    return token.lower_
