"""The posts people hold, as a text puts them before or behind their names."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc

from statements.nlp.parties import party_named
from statements.nlp.words import word_set

_LONGEST_ROLE = 14
_CUT_ROLE = frozenset(
    {"who", "which", "that", "whose", "said", "says", ",", ";", "(", "—", "–", "--"}
)


@dataclass(frozen=True, slots=True)
class Post:
    """A post as a text gives it, and the token range of the whole phrase that names it."""

    title: str
    start: int
    end: int


def post_of(doc: Doc, start: int, end: int) -> Post | None:
    """The post that stands before a name or, between commas, behind it."""
    return _post_before(doc, start) or _post_behind(doc, end) or _post_of_apposition(doc, end)


def _post_before(doc: Doc, start: int) -> Post | None:
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
    phrase = doc[position : end if sent_to is None else sent_to]
    last = phrase[-1] if len(phrase) else None
    if (
        last is None
        or last.lower_.rstrip("s") not in word_set("posts.txt")
        and last.lower_ not in word_set("posts.txt")
    ):
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
        if doc[stop].lower_ in _CUT_ROLE or doc[stop].is_space or doc[stop].text in '.”"':
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


def title_of(doc: Doc, start: int, end: int) -> str:
    """The words of a post without whose it is: "Amnesty's chief" gives "chief"."""
    for position in range(end - 1, start, -1):
        possessive = doc[position].text in "’'" and doc[position - 1].text.endswith("s")
        if doc[position].tag_ == "POS" or possessive:
            start = position + 1
            break
    while start < end and (
        doc[start].tag_ in ("DT", "PRP$")
        or doc[start].ent_type_ in ("NORP", "GPE", "ORG", "DATE")
        and doc[start].lower_ not in word_set("posts.txt")
        and party_named([doc[start].text]) is not None
        or doc[start].ent_type_ == "NORP"
    ):
        start += 1
    posts = word_set("posts.txt")
    seen = False
    for position in range(start, end):
        if doc[position].lower_ in posts:
            seen = True
        elif (
            seen
            and doc[position].lower_ in ("for", "at", "with", "in", "to")
            or seen
            and doc[position].text == "of"
            and position + 1 < end
            and doc[min(position + 2, end - 1)].text[:1].isupper()
        ):
            end = position
            break
    words = doc[start:end].text.strip(" ,-–—’'")
    return " ".join(words.split())
