"""Speech reported without quotation marks, or with only some of it in marks.

Every way English has of joining a cue to what was said is a frame: "said that …", "…, she said",
"urged X to …", "called for …", "according to …". `reports` finds each frame a parsed text
offers; `statements.nlp.cues` says which cue words really report speech in which frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.symbols import AUX, VERB
from spacy.tokens import Doc, Span, Token

from statements.nlp.cues import Cues
from statements.nlp.marks import Quoted

_SUBJECTS = frozenset({"nsubj", "csubj"})
_INHERITING = frozenset({"conj", "xcomp", "advcl", "pcomp", "ccomp"})
_RELATIVE = frozenset({"who", "which", "that", "whom"})
_MOST_CLIMBS = 6


@dataclass(frozen=True, slots=True)
class Report:
    """A cue in one of its frames: what was said, and the words that name who said it."""

    cue: Token
    frame: str
    parts: tuple[tuple[int, int], ...]
    """Token ranges of the content, end exclusive."""
    source: tuple[int, int] | None
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
            yield from _of_verb(token, cues)
        else:
            yield from _of_noun(token)


def subject_of(verb: Token) -> Token | None:
    """Who does what a verb says, also where the verb shares the subject of another."""
    for _ in range(_MOST_CLIMBS):
        agent = None
        passive = False
        for child in verb.children:
            if child.dep_ in _SUBJECTS:
                return child
            if child.dep_ == "nsubjpass":
                passive = True
            elif child.dep_ == "agent":
                agent = next((each for each in child.children if each.dep_ == "pobj"), None)
        if agent is not None:
            return agent
        if passive:
            return None
        if verb.dep_ == "acl":
            return verb.head if verb.tag_ == "VBG" else None
        if verb.dep_ in _INHERITING:
            head = verb.head
            if verb.dep_ == "pcomp":
                head = head.head
            if head.pos not in (VERB, AUX) or head.i == verb.i:
                return None
            if verb.dep_ == "xcomp" and any(
                c.dep_ == "dobj" and c.i < verb.i for c in head.children
            ):
                return None
            verb = head
        else:
            return None
    return None


def antecedent(mention: Token) -> Token:
    """The noun that "who" or "which" stands for; any other word stands for itself."""
    if mention.lower_ in _RELATIVE:
        verb = mention.head
        for _ in range(_MOST_CLIMBS):
            if verb.dep_ == "relcl":
                return verb.head
            if verb.head.i == verb.i:
                break
            verb = verb.head
    return mention


def source_range(head: Token, sentence: Span, away_from: Token) -> tuple[int, int]:
    """The token range of the words that name a source, without its relative clauses."""
    start, end = head.left_edge.i, head.right_edge.i + 1
    for child in head.children:
        if child.i > head.i and child.dep_ == "relcl":
            end = min(end, child.left_edge.i)
    if start <= away_from.i < head.i:
        start = away_from.i + 1
    if head.i < away_from.i < end:
        end = away_from.i
    start, end = max(start, sentence.start), min(end, sentence.end)
    doc = head.doc
    while end - 1 > head.i and (
        doc[end - 1].is_punct and doc[end - 1].text not in ")]" or doc[end - 1].is_space
    ):
        end -= 1
    while start < head.i and (doc[start].is_punct or doc[start].is_space):
        start += 1
    return start, end


def _source(verb: Token) -> tuple[tuple[int, int] | None, Token | None]:
    subject = subject_of(verb)
    if subject is None:
        return None, None
    return source_range(subject, subject.sent, verb), antecedent(subject)


def _of_verb(verb: Token, cues: Cues) -> Iterator[Report]:
    source, speaker = _source(verb)
    for frame, parts in _frames(verb, source):
        yield Report(verb, frame, parts, source, speaker)


def _frames(
    verb: Token, source: tuple[int, int] | None
) -> Iterator[tuple[str, tuple[tuple[int, int], ...]]]:
    sentence = verb.sent
    clause = infinitive = thing = predicate = None
    prepositions = []
    for child in verb.children:
        if child.dep_ == "ccomp":
            clause = child
        elif child.i < verb.i:
            continue
        elif child.dep_ == "xcomp":
            infinitive = child
        elif child.dep_ == "dobj":
            thing = child
        elif child.dep_ == "oprd":
            predicate = child
        elif child.dep_ == "prep":
            prepositions.append(child)
        elif (
            child.dep_ == "advcl"
            and child.left_edge.tag_ in ("WRB", "WP")
            or child.left_edge.lower_ in ("whether", "if")
            and child.dep_ == "advcl"
        ):
            clause = clause or child
    after = _after(verb, source, clause, sentence)
    if after is not None:
        yield after
        return
    if clause is not None and clause.i > verb.i:
        yield "clause", (_complement(verb, clause, sentence),)
        return
    if infinitive is not None:
        start, end = _complement(verb, infinitive, sentence)
        if thing is not None and thing.i < infinitive.i:
            yield "obj_inf", ((thing.left_edge.i, end),)
        else:
            target = next((p for p in prepositions if p.i < infinitive.i), None)
            if target is not None and target.lower_ in ("on", "for"):
                yield f"{target.lower_}_inf", ((target.i + 1, end),)
            elif infinitive.tag_ in ("VB",):
                yield "inf", ((start, end),)
            elif infinitive.tag_ != "VBG":
                yield "pred", ((start, end),)
            else:
                yield "ing", ((start, end),)
        return
    if thing is not None:
        start, end = _complement(verb, thing, sentence)
        if predicate is not None and predicate.i > thing.i:
            yield "obj_pred", ((start, _complement(verb, predicate, sentence)[1]),)
            return
        later = [p for p in prepositions if p.i >= end]
        if later:
            yield f"obj_{later[0].lower_}", ((start, _complement(verb, later[-1], sentence)[1]),)
        yield "obj", ((start, end),)
        return
    if predicate is not None:
        yield "pred", (_complement(verb, predicate, sentence),)
        return
    for preposition in prepositions:
        start, end = _complement(verb, preposition, sentence)
        yield preposition.lower_, ((start + 1, end),)


def _complement(verb: Token, head: Token, sentence: Span) -> tuple[int, int]:
    start, end = max(head.left_edge.i, verb.i + 1), min(head.right_edge.i + 1, sentence.end)
    return start, end


def _after(
    verb: Token, source: tuple[int, int] | None, clause: Token | None, sentence: Span
) -> tuple[str, tuple[tuple[int, int], ...]] | None:
    """What stands before its attribution, or around it: "…, she said", "…, she said, …"."""
    if source is None or (clause is not None and clause.i > verb.i and clause.left_edge.i > verb.i):
        return None
    doc = verb.doc
    begin = min(
        source[0],
        min(
            (
                c.i
                for c in verb.children
                if c.dep_ in ("aux", "neg", "advmod") and c.i > source[0] - 2
            ),
            default=verb.i,
        ),
        verb.i,
    )
    if source[0] < sentence.start or begin <= sentence.start:
        return None
    before = doc[begin - 1]
    while before.i > sentence.start and before.tag_ in ("''", "``"):
        before = before.nbor(-1)
    if before.text not in (",", "-", "–", "—", "--", "?", "!"):
        return None
    if clause is None and not (verb.dep_ in ("parataxis", "ROOT") or verb.dep_ == "ccomp"):
        return None
    if clause is not None and clause.i > verb.i:
        return None
    first = (sentence.start, before.i)
    if first[1] <= first[0]:
        return None
    # The attribution ends at the comma that resumes the sentence, or with the sentence.
    resumed = None
    position = max(verb.i, source[1] - 1) + 1
    outer = verb.head if verb.dep_ in ("parataxis", "ccomp") else clause
    if outer is not None and outer.right_edge.i > position:
        for token in doc[position : sentence.end]:
            if token.text in (",", "--", "—", "–"):
                resumed = token.i + 1
                break
    if (
        verb.dep_ in ("parataxis", "ccomp")
        and outer is not None
        and outer.i > verb.i
        and resumed is None
    ):
        return None
    if resumed is not None and outer is not None and outer.i > verb.i:
        return "around", (first, (resumed, sentence.end))
    # "At the ceremony, he announced …" has no words of his before the comma.
    if not any(token.pos in (VERB, AUX) for token in doc[first[0] : first[1]]):
        return None
    return "after", (first,)


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
    for later in doc[end : sentence.end]:
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
