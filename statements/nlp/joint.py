"""Several who speak together: "Oxfam and Greenpeace", "Ann Bell, a director, and Carl Hale"."""

from __future__ import annotations

from spacy.tokens import Token

from statements.nlp.people import People
from statements.nlp.quotation import Span

_MOST_JOINED = 8


def speaking_together(head: Token, source: Span | None, people: People) -> list[Token]:
    """The nouns that head the names of all who speak, among the words that name the source."""
    if source is None:
        return [head]
    found = [each for each in _joined(head) if each.i == head.i or _within(each, source)]
    return found + [each for each in _behind_posts(head, source, people) if each not in found]


def _joined(head: Token) -> list[Token]:
    """A head and the nouns joined to it by "and", few enough to be people who speak together."""
    # The parse takes the first of two names for a part of the second where titles precede both.
    ahead = [
        c for c in head.children if c.dep_ == "nmod" and any(j.dep_ == "cc" for j in c.children)
    ]
    found = [*ahead, head]
    waiting = [head]
    while waiting and len(found) < _MOST_JOINED:
        joined = [
            c for c in waiting.pop().children if c.dep_ == "conj" and c.pos_ in ("PROPN", "NOUN")
        ]
        found += joined
        waiting += joined
    return found


def _behind_posts(head: Token, source: Span, people: People) -> list[Token]:
    """People whom the parse joins to the post of the first: "Bell, a director, and Carl Hale"."""
    joined: list[Token] = []
    if people.at(head) is None:
        return joined
    for token in head.doc[head.i + 2 : head.sent.end]:
        if not _within(token, source) or len(joined) == _MOST_JOINED:
            break
        person = people.at(token)
        if person is None or token.dep_ != "conj" or people.at(token.head) is not None:
            continue
        first = token.i
        while people.at(head.doc[first - 1]) is person:
            first -= 1
        if [each.lower_ for each in head.doc[first - 2 : first]] == [",", "and"]:
            joined.append(token)
    return joined


def _within(token: Token, source: Span) -> bool:
    return source[0] <= token.idx < source[1]
