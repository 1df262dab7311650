"""What speaks for content to begin or end at a place in its sentence, as names of features."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.symbols import AUX, VERB
from spacy.tokens import Token

from statements.nlp.frames import TokenRange
from statements.nlp.learned.cues import Cue, word_feature
from statements.nlp.marks import Quoted

_MOST_CLIMBS = 8
_VERBS_AHEAD = 8
_COUNTED = 60
_SIZES = ((1, "1"), (2, "2"), (4, "4"), (8, "8"), (16, "16"), (32, "32"))


@dataclass(frozen=True, slots=True)
class Edge:
    """A token where content may begin, or before which it may end, with the edge's features."""

    position: int
    features: tuple[str, ...]


def start_behind(cue: Cue, position: int, behind: int, reasons: list[str]) -> Edge:
    """Content behind a cue beginning at a token; ``behind`` is the first that it could be."""
    here, before = cue.token.doc[position], cue.token.doc[position - 1]
    above = "cue" if here.head.i == cue.token.i else here.head.dep_
    return _edge(
        position,
        "b",
        [
            *reasons,
            *(f"{cue.lemma}|{reason}" for reason in reasons),
            "+".join(sorted(reasons)),
            f"first={word_feature(here)}",
            f"{cue.lemma}|first={word_feature(here)}",
            f"prev={word_feature(before)}",
            f"skips={min(position - behind, 6)}",
            f"here={here.dep_}|{above}",
        ],
    )


def end_behind(cue: Cue, position: int, stop: int, reasons: list[str], quoted: Quoted) -> Edge:
    """Content behind a cue ending before a token; ``stop`` is where the sentence does."""
    doc = cue.token.doc
    last = doc[position - 1]
    features = [f"e:last={last.tag_}", *(f"e:{reason}" for reason in reasons)]
    if position >= stop:
        features.append("e:stop")
    else:
        features += _left_out(cue, doc[position])
        features.append(f"e:left={min((stop - position) // 4, 6)}")
    within = quoted.at(last.idx)
    if within is not None:
        behind = quoted.at(doc[position].idx) if position < len(doc) else None
        closes = f"e:closes-marks|{within.double}"
        features.append("e:cuts-marks" if within is behind else closes)
    if word_feature(last) == "DATE":
        features.append("e:ends-in-date")
    if position < len(doc):
        features.append(f"e:around={word_feature(last)}|{word_feature(doc[position])}")
    return _edge(position, "b", features)


def _left_out(cue: Cue, here: Token) -> Iterator[str]:
    """The words that an end leaves out, and where they hang."""
    root = root_at(here)
    hangs = _hangs(root, cue.token)
    word = word_feature(here)
    yield f"e:next={word}"
    yield f"e:next={word}|{hangs}"
    yield f"e:hangs={hangs}|{root.dep_}"
    yield f"e:{cue.lemma}|{hangs}"
    yield f"e:dep={root.dep_}|{word_feature(root)}"
    if "DATE" in (word, word_feature(root)):
        yield f"e:date|{hangs}"
    opens = here
    if here.is_punct and here.i + 1 < len(here.doc):
        opens = here.doc[here.i + 1]
        inner = root_at(opens)
        to = _hangs(inner, cue.token)
        yield f"e:then={here.text}{word_feature(opens)}"
        yield f"e:then={here.text}{word_feature(opens)}|{to}"
        yield f"e:{cue.lemma}|then={here.text}{word_feature(opens)}"
        yield f"e:then-dep={inner.dep_}|{to}"
        yield f"e:then-dep={inner.dep_}|{inner.tag_}"
        if opens.tag_ == "VBG":
            yield f"e:then-ing={opens.lemma_.lower()}"
    yield from _goes_on(cue.token, here, opens)


def _goes_on(cue: Token, here: Token, opens: Token) -> Iterator[str]:
    """Whose the next verb is behind a conjunction: the source's once more, or the content's."""
    if opens.pos_ in ("CCONJ", "SCONJ", "ADV"):
        ahead = here.doc[opens.i + 1 : opens.i + _VERBS_AHEAD]
        verb = next((each for each in ahead if each.tag_.startswith(("VB", "MD"))), None)
        if verb is not None:
            own = any(child.dep_.startswith("nsubj") for child in verb.children)
            near = verb.i == opens.i + 1
            yield f"e:verb-on={opens.lower_}|{verb.tag_}"
            yield f"e:verb-on={verb.tag_}|{cue.tag_}|{own}|{near}"
            yield f"e:verb-on={verb.tag_ == cue.tag_}|{own}|{near}|{_hangs(verb, cue)}"
    elif opens.pos_ == "VERB":
        yield f"e:verb-next={opens.tag_}|{cue.tag_}|{here.text if here is not opens else ''}"


def root_at(token: Token) -> Token:
    """The head of the largest constituent that begins with a token."""
    position = token.i
    while token.head.i != token.i and token.head.left_edge.i == position:
        token = token.head
    return token


def _hangs(constituent: Token, cue: Token) -> str:
    """Where in the sentence a constituent hangs, seen from the cue."""
    head = constituent.head
    if head.i == cue.i:
        return "cue"
    for steps in range(1, _MOST_CLIMBS):
        if head.head.i == head.i:
            return "above"
        if head.head.i == cue.i:
            return f"below-{head.dep_}{min(steps, 3)}"
        head = head.head
    return "deep"


def start_ahead(cue: Cue, position: int, first: int, reasons: list[str]) -> Edge:
    """Content ahead of a cue beginning at a token; ``first`` begins the sentence."""
    doc = cue.token.doc
    return _edge(
        position,
        "a",
        [
            *reasons,
            *(f"{cue.lemma}|{reason}" for reason in reasons),
            "+".join(sorted(reasons)),
            f"first={word_feature(doc[position])}",
            f"skipped={word_feature(doc[first])}" if position > first else "whole",
        ],
    )


def end_ahead(cue: Cue, mark: int, ahead: int) -> Edge:
    """Content that ends at a mark before its attribution, which begins at ``ahead``."""
    token, doc = cue.token, cue.token.doc
    clauses = [child.i for child in token.children if child.dep_ == "ccomp"]
    return _edge(
        mark,
        "a",
        [
            f"mark={doc[mark].text}",
            f"{cue.lemma}|mark={doc[mark].text}",
            f"between={ahead - mark - 1}",
            f"source-follows={cue.source is not None and cue.source[0] > token.i}",
            f"opens={doc[ahead].text.istitle()}",
            f"dep={token.dep_}",
            f"{cue.lemma}|dep={token.dep_}",
            f"clause={any(clause < ahead for clause in clauses)}",
            f"clause-behind={any(clause > token.i for clause in clauses)}",
        ],
    )


def joint_features(
    cue: Cue, side: str, start: int, end: int, rest: TokenRange | None
) -> Iterator[str]:
    """What speaks for a beginning and an end together; ``end`` is exclusive, in tokens."""
    doc = cue.token.doc
    first = word_feature(doc[start])
    size = next((name for most, name in _SIZES if end - start <= most), "64")
    said = doc[start : min(end, start + _COUNTED)]
    verbs = min(sum(each.pos in (VERB, AUX) for each in said), 3)
    root = root_at(doc[start])
    over = root.right_edge.i + 1 - end
    shape = "whole" if over == 0 else "short" if over > 0 else "long"
    names = [
        "",
        size,
        f"{size}|{cue.lemma}",
        f"{size}|{first}",
        f"verbs={verbs}",
        f"verbs={verbs}|{size}",
        f"commas={min(sum(each.text == ',' for each in said), 3)}",
        shape,
        f"{shape}|{root.dep_}",
        f"{shape}|{first}",
        f"{shape}|{cue.lemma}",
    ]
    if over < 0:
        more = doc[root.right_edge.i + 1]
        names.append(f"long|{more.dep_}|{word_feature(more)}")
    if rest is not None:
        names += _of_rest(cue, rest)
    return (f"j:{side}:{name}" for name in names)


def _of_rest(cue: Cue, rest: TokenRange) -> Iterator[str]:
    """Whether the words behind an attribution go on with what was said ahead of it."""
    doc = cue.token.doc
    root = root_at(doc[rest[0]])
    verbs = sum(each.pos in (VERB, AUX) for each in doc[rest[0] : min(rest[1], rest[0] + _COUNTED)])
    yield f"rest={word_feature(doc[rest[0]])}"
    yield f"rest-hangs={_hangs(root, cue.token)}|{root.dep_}"
    yield f"rest-verbs={min(verbs, 2)}"
    yield f"above={cue.token.head.i > rest[0]}|{cue.token.dep_}"


def _edge(position: int, side: str, features: Iterable[str]) -> Edge:
    return Edge(position, tuple(f"{side}:{each}" for each in features))
