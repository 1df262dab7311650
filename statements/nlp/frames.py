"""The frames in which a verb can report speech, and the words that are then its content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.symbols import AUX, VERB
from spacy.tokens import Span, Token

TokenRange = tuple[int, int]
Framed = tuple[str, tuple[TokenRange, ...]]

# How far behind a cue the comma that resumes the sentence is looked for, in tokens.
LONGEST_ASIDE = 60
_DASHES = frozenset({"-", "–", "—", "--"})
_QUOTE_TAGS = frozenset({"''", "``"})
_BESIDE = frozenset({"parataxis", "ccomp"})


@dataclass(slots=True)
class Complements:
    """What a verb governs, by the part it can play in reporting speech."""

    clause: Token | None = None
    infinitive: Token | None = None
    thing: Token | None = None
    predicate: Token | None = None
    prepositions: list[Token] = field(default_factory=list)


def frames(verb: Token, source: TokenRange | None) -> Iterator[Framed]:
    """Every frame a verb stands in, with the token ranges of the content."""
    found = _complements(verb)
    sentence = verb.sent
    beside = _beside(verb, source, found.clause, sentence)
    if beside is not None:
        yield beside
    elif found.clause is not None and found.clause.i > verb.i:
        yield "clause", (_range(verb, found.clause, sentence),)
    elif found.infinitive is not None:
        yield _with_infinitive(verb, found, found.infinitive, sentence)
    elif found.thing is not None:
        yield from _with_object(verb, found, found.thing, sentence)
    elif found.predicate is not None:
        yield "pred", (_range(verb, found.predicate, sentence),)
    else:
        for preposition in found.prepositions:
            # These words name frames of whole sentences; as prepositions they tell only when.
            if preposition.lower_ in ("after", "around", "before"):
                continue
            start, end = _range(verb, preposition, sentence)
            yield preposition.lower_, ((start + 1, end),)


def _complements(verb: Token) -> Complements:
    found = Complements()
    for child in verb.children:
        if child.dep_ == "ccomp":
            found.clause = child
        elif child.i < verb.i:
            continue
        elif child.dep_ == "xcomp" or (found.infinitive is None and _is_infinitive(child)):
            found.infinitive = child
        elif child.dep_ == "dobj":
            found.thing = child
        elif child.dep_ == "oprd":
            found.predicate = child
        elif child.dep_ == "prep":
            found.prepositions.append(child)
        elif child.dep_ == "advcl" and _is_question(child):
            found.clause = found.clause or child
    return found


def _is_infinitive(clause: Token) -> bool:
    """Whether an adverbial clause may be what somebody is urged to: "called on X to go"."""
    return clause.dep_ == "advcl" and clause.tag_ == "VB" and clause.left_edge.tag_ == "TO"


def _is_question(clause: Token) -> bool:
    first = clause.left_edge
    return first.tag_ in ("WRB", "WP") or first.lower_ in ("whether", "if")


def _range(verb: Token, head: Token, sentence: Span) -> TokenRange:
    """The tokens under a head, so far as they stand behind the verb and in its sentence."""
    return max(head.left_edge.i, verb.i + 1), min(head.right_edge.i + 1, sentence.end)


def _with_infinitive(verb: Token, found: Complements, infinitive: Token, sentence: Span) -> Framed:
    start, end = _range(verb, infinitive, sentence)
    if found.thing is not None and found.thing.i < infinitive.i:
        return "obj_inf", ((found.thing.left_edge.i, end),)
    target = next((each for each in found.prepositions if each.i < infinitive.i), None)
    if target is not None and target.lower_ in ("on", "for"):
        return f"{target.lower_}_inf", ((target.i + 1, end),)
    kind = {"VB": "inf", "VBG": "ing"}.get(infinitive.tag_, "pred")
    return kind, ((start, end),)


def _with_object(verb: Token, found: Complements, thing: Token, sentence: Span) -> Iterator[Framed]:
    start, end = _range(verb, thing, sentence)
    if found.predicate is not None and found.predicate.i > thing.i:
        yield "obj_pred", ((start, _range(verb, found.predicate, sentence)[1]),)
        return
    later = [each for each in found.prepositions if each.i >= end]
    if later:
        whole = (start, _range(verb, later[-1], sentence)[1])
        yield f"obj_{later[0].lower_}", (whole,)
    yield "obj", ((start, end),)


def _beside(
    verb: Token, source: TokenRange | None, clause: Token | None, sentence: Span
) -> Framed | None:
    """What stands before its attribution, or around it: "…, she said", "…, she said, …"."""
    if source is None or source[0] < sentence.start:
        return None
    if (clause is not None and clause.i > verb.i) or (
        clause is None and verb.dep_ not in _BESIDE | {"ROOT"}
    ):
        return None
    doc = verb.doc
    if doc[sentence.start].lower_ == "according":
        return None
    comma = _comma_before(verb, source, sentence)
    if comma is None or comma.i <= sentence.start:
        return None
    first = (sentence.start, comma.i)
    outer = verb.head if verb.dep_ in _BESIDE else clause
    resumed = _resumed(verb, source, outer, sentence)
    goes_on = outer is not None and outer.i > verb.i
    if goes_on and resumed is not None:
        return "around", (first, (resumed, sentence.end))
    if goes_on:
        return None
    # "At the ceremony, he announced …" has no words of his before the comma.
    if not any(token.pos in (VERB, AUX) for token in doc[slice(*first)]):
        return None
    return "after", (first,)


def _comma_before(verb: Token, source: TokenRange, sentence: Span) -> Token | None:
    """The comma, or other mark, between what was said and the attribution behind it."""
    helpers = (
        child.i
        for child in verb.children
        if child.dep_ in ("aux", "neg", "advmod") and child.i > source[0] - 2
    )
    begin = min(source[0], verb.i, *helpers)
    if begin <= sentence.start:
        return None
    before = verb.doc[begin - 1]
    while before.i > sentence.start and before.tag_ in _QUOTE_TAGS:
        before = before.nbor(-1)
    return before if before.text in _DASHES | {",", "?", "!"} else None


def _resumed(verb: Token, source: TokenRange, outer: Token | None, sentence: Span) -> int | None:
    """Where the sentence goes on behind an attribution in its midst."""
    position = max(verb.i, source[1] - 1) + 1
    if outer is None or outer.right_edge.i <= position:
        return None
    for token in verb.doc[position : min(sentence.end, position + LONGEST_ASIDE)]:
        if token.text in _DASHES - {"-"} or token.text == ",":
            return token.i + 1
    return None
