"""The posts people hold, as a text puts them before or behind their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from statements.nlp.gazetteer import load_gazetteer
from statements.nlp.parties import party_named
from statements.nlp.words import word_set

_LONGEST_ROLE = 14
_CUT_ROLE = frozenset(
    {"who", "which", "that", "whose", "said", "says", ",", ";", "(", "—", "–", "--"}
)
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
# Offices whose name goes on behind "of": "Secretary of State", "Speaker of the House".
OF_OFFICE = frozenset({"secretary", "minister", "speaker", "undersecretary"})
_FORMER = frozenset({"former", "ex", "onetime", "retired", "late", "ousted"})
_COURTESY = frozenset({"dr", "dr.", "mr.", "mrs.", "ms.", "prof."})
_NEXT_PREPOSITION = frozenset({"for", "at", "with", "in", "to", "and", "on"})


@dataclass(frozen=True, slots=True)
class Post:
    """A post as a text gives it, and the token range of the whole phrase that names it."""

    title: str
    start: int
    end: int


def is_former(post: Sequence[str]) -> bool:
    """Whether somebody held a post once and speaks for nobody by it now: "a former minister"."""
    if {"and", ","} & set(post):
        return False
    lower = [word.lower() for word in post]
    first = next((i for i, word in enumerate(lower) if word in word_set("posts.txt")), len(lower))
    return not _FORMER.isdisjoint(lower[:first])


def post_of(doc: Doc, start: int, end: int) -> Post | None:
    """The post that stands before a name or, between commas, behind it."""
    return _post_before(doc, start) or _post_behind(doc, end) or _post_of_apposition(doc, end)


def _post_before(doc: Doc, start: int) -> Post | None:
    # In "Senator Dr. Ann Bell" the post stands before the courtesy.
    start -= bool(start and doc[start - 1].lower_ in _COURTESY)
    position = start
    if position and doc[position - 1].text == ",":
        position -= 1
    comma = position != start
    end = position
    sentence_start = doc[start].sent.start
    sent_to: int | None = None
    while position > sentence_start and end - position < _LONGEST_ROLE:
        token = doc[position - 1]
        if token.ent_type_ in ("DATE", "TIME"):
            break
        if token.lower_ == "to" and doc[max(position - 2, 0)].lower_ in word_set("posts.txt"):
            # "Ambassador to the United Nations Ann Bell": the post stands before "to".
            sent_to = position - 1
            position -= 1
            continue
        if (
            token.pos_ in ("NOUN", "PROPN", "ADJ", "DET")
            or token.tag_ in ("POS", "PRP$", "HYPH", "VBN")
            or token.text == "-"
            or token.lower_ == "of"
            and position < end
        ):
            position -= 1
            away = doc[max(position - 1, 0)].lower_ == "to"
            if (token.pos_ == "DET" or token.tag_ == "PRP$") and not away:
                break
        else:
            break
    while position < end and _belongs_to_verb(doc[position]):
        position += 1
    if sent_to is None:
        position = _capitals_from(doc, position, end)
    phrase = doc[position : end if sent_to is None else sent_to]
    last = phrase[-1] if len(phrase) else None
    if last is None or not _ends_in_post(phrase):
        return None
    if comma and position > 1 and doc[position - 1].text == "," and doc[position - 2].tag_ == "NNP":
        # "For Bell, an engineer, Hale was a hero": the post is that of the name before.
        return None
    if (
        comma
        and phrase[0].tag_ not in ("DT", "PRP$", "NNP", "JJ")
        or comma
        and doc[start - 1].i + 1 != start
    ):
        return None
    return Post(title_of(doc, position, end), position, end)


def _post_behind(doc: Doc, end: int) -> Post | None:
    if end >= len(doc) or doc[end].text not in (",", "(", "—", "–"):
        return None
    stop = end + 1
    while stop < len(doc) and stop - end <= _LONGEST_ROLE:
        token = doc[stop]
        if token.lower_ in _CUT_ROLE or token.is_space or token.text in '.”"':
            break
        if token.tag_ in _FINITE:
            break
        stop += 1
    if stop <= end + 1 or not any(t.lower_ in word_set("posts.txt") for t in doc[end + 1 : stop]):
        return None
    first = doc[end + 1]
    if first.pos_ not in ("DET", "NOUN", "PROPN", "ADJ", "PRON") and first.tag_ not in (
        "PRP$",
        "VBN",
        "JJ",
    ):
        return None
    return Post(title_of(doc, end + 1, stop), end + 1, stop)


def _post_of_apposition(doc: Doc, end: int) -> Post | None:
    """ "its president, Brisa Callorin": the name explains the post."""
    head = doc[end - 1]
    if head.dep_ != "appos" or head.head.lower_ not in word_set("posts.txt"):
        return None
    start, stop = head.head.left_edge.i, head.head.i + 1
    return Post(title_of(doc, start, stop), start, stop)


def _ends_in_post(phrase: Span) -> bool:
    """Whether a phrase is one of a post: "ministers", "Secretary of State"."""
    posts, last = word_set("posts.txt"), phrase[-1].lower_
    if last in posts or last.rstrip("s") in posts:
        return True
    return len(phrase) > 2 and phrase[-2].lower_ == "of" and phrase[-3].lower_ in OF_OFFICE


def _capitals_from(doc: Doc, start: int, end: int) -> int:
    """Where a post in capitals begins, behind words that are none of it: "reason President"."""
    if end <= start or not doc[end - 1].text[:1].isupper():
        return start
    kinds = load_gazetteer().kinds.firsts
    for position in range(end - 1, start, -1):
        word = doc[position - 1]
        told = word.lower_ in kinds or word.lower_ in word_set("posts.txt")
        if word.pos_ == "NOUN" and word.text.islower() and not told:
            return position + (doc[position].lower_ == "of")
    return start


def _belongs_to_verb(token: Token) -> bool:
    """Whether a participle is part of a verb and not of the post behind it: "has brought Sen."."""
    before = token.doc[max(token.i - 1, 0)]
    return token.tag_ == "VBN" and before.pos_ in ("AUX", "NOUN", "PROPN", "PRON")


def title_of(doc: Doc, start: int, end: int) -> str:
    """The words of a post without whose it is: "Amnesty's chief" gives "chief"."""
    posts = word_set("posts.txt")
    last_post = max((t.i for t in doc[start:end] if t.lower_ in posts), default=end)
    for position in range(min(end - 1, last_post), start, -1):
        possessive = doc[position].text in "’'" and doc[position - 1].text.endswith("s")
        if doc[position].tag_ == "POS" or possessive:
            start = position + 1
            break
    start += _words_of_employer(doc, start, end)
    while start < end and (
        doc[start].tag_ in ("DT", "PRP$", "PDT")
        or doc[start].pos_ == "ADV"
        or doc[start].ent_type_ in ("NORP", "GPE", "ORG", "DATE")
        and doc[start].lower_ not in word_set("posts.txt")
        and party_named([doc[start].text]) is not None
        or doc[start].ent_type_ == "NORP"
    ):
        start += 1
    seen = False
    for position in range(start, end):
        if doc[position].lower_ in posts:
            seen = True
        elif (
            seen
            and doc[position].lower_ in ("for", "at", "with", "in", "to", "from")
            or seen
            and doc[position].text == "of"
            and doc[position - 1].lower_ not in OF_OFFICE
            and _names_body(doc[position + 1 : end])
        ):
            end = position
            break
    words = doc[start:end].text.strip(" ,-–—’'“”\"")
    return " ".join(words.split())


def _words_of_employer(doc: Doc, start: int, end: int) -> int:
    """How many words before a post name a known body that is no government."""
    first = start
    while first < end and doc[first].tag_ == "DT":
        first += 1
    stop = first + 1
    while stop < end and doc[stop].ent_iob_ == "I":
        stop += 1
    if first >= end or doc[first].ent_type_ != "ORG" or stop >= end:
        return 0
    body = party_named([token.text for token in doc[first:stop]])
    return stop - start if body is not None and body.type != "government" else 0


def _names_body(behind: Span) -> bool:
    """Whether what stands behind "of" is a name and no field of work: "of the Mercy Group"."""
    for token in behind:
        if token.lower_ in _NEXT_PREPOSITION or token.is_punct:
            return False
        if token.tag_ in ("NNP", "NNPS") and token.text[:1].isupper():
            return True
    return False
