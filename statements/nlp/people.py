"""The people a text names: their full names, posts and parties, and where each is mentioned."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter

from spacy.tokens import Doc, Span, Token

from statements.nlp.parties import Party, join_words, party_named, party_of
from statements.nlp.posts import Post, is_former, post_of
from statements.nlp.words import word_map, word_set

_PARTICLES = frozenset(
    {"de", "da", "di", "van", "von", "bin", "al", "el", "la", "le", "der", "den", "ten", "of"}
)
# So many tokens back a full name is still in mind.
_SHORTLY = 150
# How many mentions before a pronoun are looked at.
_MENTIONS_BACK = 40
_DASHES = frozenset({"-", "‐", "‑"})
MALE, FEMALE = "m", "f"
# First names of so many letters that differ in one are a slip of the pen: "Kirsten", "Kirstan".
_LONG_NAME = 6


@dataclass(slots=True)
class Person:
    """Somebody a text names. ``mentions`` are indices of the tokens that end a mention."""

    names: tuple[str, ...]
    gender: str = ""
    post: Post | None = None
    party: Party | None = None
    mentions: list[int] = field(default_factory=list)
    # Whether the text also calls this person by the surname alone, and makes the name a subject.
    by_surname: bool = False
    acts: bool = False

    @property
    def name(self) -> str:
        """The fullest name the text gives."""
        return join_words(self.names)

    def mentioned_before(self, position: int) -> bool:
        """Whether the text mentions this person shortly before a token."""
        index = bisect_right(self.mentions, position)
        return index > 0 and position - self.mentions[index - 1] < _SHORTLY


class People:
    """Everybody a parsed text names, by the tokens of their names."""

    def __init__(self, doc: Doc, speakers: Iterable[Token], places: frozenset[str]) -> None:
        self.doc = doc
        self.places = places
        self.everybody: list[Person] = []
        self._by_word: dict[str, list[Person]] = defaultdict(list)
        self._at: dict[int, Person] = {}
        self._ambiguous: dict[int, list[Person]] = {}
        spans = sorted(self._spans(speakers), key=lambda span: (span[0], -span[1]))
        singles = []
        for start, end in _outermost(spans):
            words = tuple(token.text for token in doc[start:end])
            if len(words) > 1:
                self._add(words, start, end)
            else:
                singles.append((words, start, end))
        for words, start, end in singles:
            self._add(words, start, end)
        self._read_surnames()
        self._mentions = sorted(
            ((position, person) for person in self.everybody for position in person.mentions),
            key=itemgetter(0),
        )

    def at(self, token: Token) -> Person | None:
        """The person whose name a token belongs to."""
        return self._at.get(token.i)

    def ambiguous(self, token: Token) -> list[Person]:
        """The people of the same surname between whom a token leaves it open."""
        return self._ambiguous.get(token.i, [])

    def before(self, position: int) -> Iterator[tuple[int, Person]]:
        """The mentions of people before a token, the latest first."""
        index = bisect_left(self._mentions, position, key=itemgetter(0))
        yield from reversed(self._mentions[max(index - _MENTIONS_BACK, 0) : index])

    def _spans(self, speakers: Iterable[Token]) -> Iterator[tuple[int, int]]:
        for entity in self.doc.ents:
            if entity.label_ == "PERSON" or _is_full_name(entity):
                yield from self._cleaned(entity.start, entity.end)
        for head in speakers:
            span = self._named_by_context(head)
            if span is not None:
                yield from self._cleaned(*span)

    def _cleaned(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """A name without the titles and posts before it and what the model took in behind it."""
        titles, posts = word_map("titles.txt"), word_set("posts.txt")
        doc = self.doc
        if (
            end - start == 1
            and start
            and doc[start - 1].lower_ == "the"
            and doc[start].text[-1] == "s"
        ):
            # "The Bells" are a family.
            return
        # The entity model takes no titles in, so that "Dean" is a first name here.
        called_so = (
            end - start == 2 and doc[start].text in _genders() and doc[start].ent_iob_ == "B"
        )
        while (
            not called_so
            and start < end
            and (
                doc[start].lower_ in titles
                or doc[start].lower_ in posts
                or not doc[start].text[:1].isupper()
                or doc[start].is_punct
            )
        ):
            start += 1
        position = start
        while position < end:
            token = doc[position]
            named = token.text[:1].isupper() or token.lower_ in _PARTICLES or token.text in _DASHES
            if not named or token.tag_ == "POS" or token.is_space:
                break
            position += 1
        end = position
        if end - start == 1 and start and self._is_first_name(doc[start - 1], doc[start]):
            start -= 1
        while end > start and not doc[end - 1].text[:1].isupper():
            end -= 1
        words = [token.text for token in doc[start:end]]
        if end - start == 1 and words[0] in self.places:
            return
        if end > start and party_named(words) is None and any(c.isalpha() for c in words[0]):
            yield start, end

    def _is_first_name(self, before: Token, name: Token) -> bool:
        """Whether the model took only the surname of a full name."""
        return (
            before.tag_ == "NNP"
            and before.dep_ == "compound"
            and before.head.i == name.i
            and before.text.isalpha()
            and not before.text.isupper()
            and before.lower_ not in word_map("titles.txt")
            and before.lower_ not in word_set("posts.txt")
            and before.ent_type_ in ("", "PERSON")
        )

    def _named_by_context(self, head: Token) -> tuple[int, int] | None:
        """A speaker's name the entity model missed, told by a title or post beside it."""
        if head.lower_ in word_set("posts.txt") and head.right_edge.i > head.i:
            # "Ambassador to the United States Ann Bell" is headed by the post.
            head = head.right_edge
        if head.pos_ != "PROPN" or head.ent_type_ in ("PERSON", "GPE", "NORP"):
            return None
        start, end = head.i, head.i + 1
        entity_start = head.i if head.ent_type_ else 0
        while entity_start and self.doc[entity_start].ent_iob_ == "I":
            entity_start -= 1
        while (
            start > max(head.left_edge.i, entity_start)
            and self.doc[start - 1].pos_ == "PROPN"
            and self.doc[start - 1].text[:1].isupper()
        ):
            start -= 1
        if head.dep_ == "pobj" and self.doc[max(start - 1, 0)].pos_ != "PROPN":
            return None
        titled = any(
            token.lower_ in word_map("titles.txt") for token in self.doc[max(start - 1, 0) : head.i]
        )
        if titled or post_of(self.doc, start, end) is not None and end - start > 1:
            return start, end
        return None

    def _add(self, words: tuple[str, ...], start: int, end: int) -> None:
        found = self._same(words, start)
        if len(found) > 1:
            self._ambiguous.update(dict.fromkeys(range(start, end), found))
            return
        if found:
            person = found[0]
            fuller = len(words) > len(person.names) and len(person.names) == 1
            shouted = person.name.isupper() and not "".join(words).isupper()
            if fuller or shouted and len(words) == len(person.names):
                person.names = words
        else:
            person = Person(words)
            self.everybody.append(person)
        person.by_surname |= 1 == len(words) < len(person.names)
        person.acts |= is_subject(self.doc[end - 1])
        for word in words:
            if person not in self._by_word[word.casefold()]:
                self._by_word[word.casefold()].append(person)
        self._at.update(dict.fromkeys(range(start, end), person))
        insort(person.mentions, end - 1)
        if not person.gender:
            person.gender = self._gender(start) or _genders().get(words[0], "")
        if person.post is None or is_former(person.post.title.split()):
            person.post = post_of(self.doc, start, end) or person.post

    def _read_surnames(self) -> None:
        """Further mentions by surname, which the entity model often misses."""
        strings = self.doc.vocab.strings
        # Of all words few are names: they are found by hash, which costs no string.
        known = {strings.add(word.lower()) for word in self._by_word}
        for token in self.doc:
            if token.lower not in known or token.i in self._at:
                continue
            if not token.text[:1].isupper() or not self._may_be_name(token):
                continue
            word = token.text.casefold()
            if not any(p.names[-1].casefold() == word for p in self._by_word.get(word, ())):
                continue
            named = self._same((token.text,), token.i)
            if len(named) > 1:
                self._ambiguous[token.i] = named
            elif named and named[0].names[-1].casefold() == word and token.dep_ != "compound":
                self._at[token.i] = named[0]
                insort(named[0].mentions, token.i)
                named[0].by_surname = True

    def _may_be_name(self, token: Token) -> bool:
        """Whether a capitalised word stands alone, as a surname does."""
        if token.tag_ == "NN":
            # The tagger takes a surname that is also a noun for one where a sentence begins.
            return token.dep_ in ("nsubj", "nsubjpass") and token.left_edge.i == token.i
        if token.tag_ != "NNP":
            return False
        around = (self.doc[max(token.i - 1, 0)], self.doc[min(token.i + 1, len(self.doc) - 1)])
        titles = word_map("titles.txt")
        return all(n.i == token.i or n.tag_ != "NNP" or n.lower_ in titles for n in around)

    def _same(self, words: tuple[str, ...], start: int) -> list[Person]:
        alike = self._by_word.get(words[-1].casefold(), ())
        known = [p for p in alike if _same_name(words, p.names)]
        if len(known) > 1:
            gender = self._gender(start)
            if len(words) == 1:
                # A lone word is sooner a last name than a first.
                named = [p for p in known if p.names[-1].casefold() == words[0].casefold()]
                known = named or known
            fitting = [p for p in known if p.gender == gender] if gender else known
            fitting = fitting or [p for p in known if not p.gender] or known
            # Whoever alone was named in full shortly before is the one meant.
            near = [p for p in fitting if p.mentioned_before(start)]
            known = near if len(near) == 1 else _usual(fitting) or fitting
        return known

    def _gender(self, start: int) -> str:
        if start == 0:
            return ""
        before = self.doc[start - 1].lower_
        told = word_map("titles.txt").get(before, ())
        if told:
            return told[0]
        return MALE if before.endswith("sman") else FEMALE if before.endswith("swoman") else ""


def _is_full_name(entity: Span) -> bool:
    """Whether what the entity model takes for a body is a first name and a surname."""
    words = [token.text for token in entity]
    if entity.label_ != "ORG" or len(words) != 2 or words[0] not in _genders():
        return False
    return entity[1].tag_ == "NNP" and party_of(words) is None


def _usual(alike: Sequence[Person]) -> list[Person]:
    """Whom the text calls by the surname, where the others are only mentioned in passing."""
    usual = [person for person in alike if person.by_surname]
    acting = any(person.acts for person in alike if not person.by_surname)
    return usual if len(usual) == 1 and not acting else []


@cache
def _genders() -> dict[str, str]:
    """First names and the gender they tell."""
    return {name: kind for kind, names in word_map("first_names.txt").items() for name in names}


def is_subject(token: Token) -> bool:
    """Whether a name is the subject of its clause, or joined to it or explaining it."""
    while token.dep_ in ("conj", "compound", "appos") and token.head.i != token.i:
        token = token.head
    return token.dep_ in ("nsubj", "nsubjpass")


def proper_names(doc: Doc) -> Iterator[Token]:
    """The tokens that are tagged as proper names, without asking each for its tag as a string."""
    tags = doc.to_array("TAG")
    return (doc[int(index)] for index in (tags == doc.vocab.strings["NNP"]).nonzero()[0])


def _same_name(shorter: Sequence[str], names: Sequence[str]) -> bool:
    """Whether two names agree: "Hentzau" and "Rupert Hentzau", with or without a middle name."""
    shorter = [word.casefold() for word in shorter]
    names = [word.casefold() for word in names]
    if set(shorter) <= set(names) or set(names) <= set(shorter):
        return True
    if len(shorter) < 2 or len(names) < 2 or shorter[-1] != names[-1]:
        return False
    return _spelled_alike(shorter[0], names[0])


def _spelled_alike(one: str, other: str) -> bool:
    """Whether two first names are one: alike but for accents, or for one letter of a long name."""
    one, other = _plain(one), _plain(other)
    if one == other:
        return True
    differing = sum(a != b for a, b in zip(one, other, strict=False))
    return len(one) == len(other) >= _LONG_NAME and differing == 1


def _plain(name: str) -> str:
    """A name in small letters without accents."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(each for each in letters if not unicodedata.combining(each)).casefold()


def _outermost(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    end = -1
    for span in spans:
        if span[0] >= end:
            yield span
            end = span[1]
