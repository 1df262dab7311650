"""The words that name the source of a cue: its subject, its owner, whoever controls it."""

from __future__ import annotations

from spacy.symbols import AUX, VERB
from spacy.tokens import Span, Token

from statements.nlp.frames import TokenRange

_SUBJECTS = ("nsubj", "csubj")
_INHERITING = frozenset({"conj", "xcomp", "advcl", "pcomp", "ccomp"})
_RELATIVE = frozenset({"who", "which", "that", "whom"})
_MOST_CLIMBS = 6
# What is done to somebody by others: "faced criticism" does not say whose criticism it was.
_SUFFERED = frozenset(
    {"face", "draw", "receive", "prompt", "spark", "reject", "hear", "get", "take"}
)


def source_of(cue: Token) -> tuple[TokenRange | None, Token | None]:
    """The words that name who would speak by a cue, and the noun that heads them.

    Where a verb has no subject, whoever controls it is taken: "forced Bell to admit", "stopped
    short of calling", "an opportunity to remind".
    """
    if cue.lower_ == "according":
        return _behind_to(cue)
    if cue.pos not in (VERB, AUX):
        return _of_noun(cue)
    if _is_asked(cue):
        return None, None
    subject = subject_of(cue)
    if subject is None and not any(child.dep_ == "auxpass" for child in cue.children):
        subject = _controller(cue)
    if subject is None:
        return None, None
    return source_range(subject, subject.sent, cue), antecedent(subject)


def subject_of(verb: Token) -> Token | None:
    """Who does what a verb says, also where the verb shares the subject of another."""
    for climbed in range(_MOST_CLIMBS):
        own = {child.dep_: child for child in reversed(list(verb.children))}
        for role in _SUBJECTS:
            if role in own:
                return own[role]
        if climbed and "nsubjpass" in own:
            # "was arrested and said": whoever suffers the one does the other.
            return own["nsubjpass"]
        if "agent" in own and not climbed:
            return next((each for each in own["agent"].children if each.dep_ == "pobj"), None)
        if "nsubjpass" in own or "auxpass" in own and not climbed:
            return None
        if verb.dep_ == "acl":
            return verb.head if verb.tag_ == "VBG" else None
        governor = _governor(verb)
        if governor is None:
            return None
        verb = governor
    return None


def _governor(verb: Token) -> Token | None:
    """The verb whose subject a verb without its own shares."""
    if verb.dep_ not in _INHERITING:
        return None
    head = verb.head.head if verb.dep_ == "pcomp" else verb.head
    if head.pos not in (VERB, AUX) or head.i == verb.i:
        return None
    # In "urged Kenya to say" it is Kenya that is to say something.
    if verb.dep_ == "xcomp" and any(c.dep_ == "dobj" and c.i < verb.i for c in head.children):
        return None
    return head


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


def source_range(head: Token, sentence: Span, away_from: Token) -> TokenRange:
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


def _is_asked(verb: Token) -> bool:
    """Whether a participle is passive: in "Asked whether …, Bell left" it is not Bell who asks."""
    if verb.tag_ != "VBN" or verb.dep_ not in ("advcl", "acl"):
        return False
    return not any(child.dep_ in ("aux", "agent") for child in verb.children)


def _controller(verb: Token) -> Token | None:
    """Who does what a verb without a subject says, by the words that govern it."""
    below = verb
    for _ in range(_MOST_CLIMBS):
        head = below.head
        if head.i == below.i:
            return None
        children = {child.dep_: child for child in reversed(list(head.children))}
        owner = children.get("poss")
        if owner is not None and owner.i < verb.i:
            return owner
        if head.pos in (VERB, AUX):
            moved = children.get("dobj")
            if below.dep_ in ("xcomp", "ccomp") and moved is not None and moved.i < verb.i:
                return moved
            subject = subject_of(head) or children.get("nsubjpass")
            if subject is not None and subject.i != verb.i:
                return subject
        below = head
    return None


def _behind_to(according: Token) -> tuple[TokenRange | None, Token | None]:
    doc = according.doc
    to = according.nbor(1) if according.i + 1 < len(doc) else None
    if to is None or to.lower_ != "to":
        return None, None
    named = next((each for each in to.children if each.dep_ == "pobj"), None)
    if named is None:
        return None, None
    return source_range(named, according.sent, to), antecedent(named)


def _of_noun(noun: Token) -> tuple[TokenRange | None, Token | None]:
    """Whose a noun is: "Bell’s promise", "claims by the group", "the ministry made a promise"."""
    owner = next((each for each in noun.children if each.dep_ == "poss"), None)
    if owner is not None:
        source = source_range(owner, noun.sent, noun)
        if noun.doc[source[1] - 1].tag_ == "POS" and source[1] - source[0] > 1:
            source = (source[0], source[1] - 1)
        return source, owner
    for preposition in noun.children:
        if preposition.dep_ == "prep" and preposition.lower_ in ("by", "from"):
            named = next((each for each in preposition.children if each.dep_ == "pobj"), None)
            if named is not None:
                return source_range(named, noun.sent, preposition), antecedent(named)
    verb = noun.head
    if noun.dep_ in ("dobj", "attr") and verb.pos in (VERB, AUX) and verb.lemma_ not in _SUFFERED:
        subject = subject_of(verb)
        if subject is not None:
            return source_range(subject, subject.sent, verb), antecedent(subject)
    return None, None
