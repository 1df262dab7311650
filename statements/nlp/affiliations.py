"""Which party a person speaks for: by a post, a seat in parliament, or the words beside a name."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from statements.nlp.namings import UNKNOWN, Namings, name_of
from statements.nlp.parties import Party, party_named, party_of, speaks_for_state
from statements.nlp.people import People, Person
from statements.nlp.posts import Post, is_former
from statements.nlp.words import word_map, word_set

_PHRASE_PREPOSITIONS = frozenset({"of", "for", "at", "in", "from", "with"})
_LONGEST_PHRASE = 12
# What a member of Congress is marked by: Republican, Democrat, independent.
_SEATED = frozenset({"R", "D", "I"})
_OWNERS = frozenset({"it", "its", "they", "them", "their"})


class Affiliations:
    """The parties of the people of one text."""

    def __init__(self, doc: Doc, people: People, names: Namings) -> None:
        self.doc = doc
        self.people = people
        self.names = names
        self._looked_for: set[int] = set()

    def of(self, person: Person) -> Party | None:
        """The party that the text gives a person anywhere; looked for once."""
        if id(person) in self._looked_for:
            return person.party
        self._looked_for.add(id(person))
        if person.party is None and person.post is not None:
            person.party = self._party_of_post(person.post)
        if person.party is None or person.party.name is None:
            person.party = self._seat(person) or person.party
        if person.party is None or person.party.name is None:
            beside, kind = self._party_beside(person), person.party and person.party.type
            if beside is not None and beside.type == UNKNOWN and kind:
                beside = replace(beside, type=kind)
            person.party = beside or person.party
        return person.party

    def _seat(self, person: Person) -> Party | None:
        """The chamber of a member named with party and state: "Sen. Ann Bell (R-Texas)"."""
        if person.post is None:
            return None
        chamber = word_map("seats.txt").get(person.post.title.lower())
        if chamber is None:
            return None
        for position in person.mentions:
            following = self.doc[position + 1 : position + 4]
            marked = len(following) == 3 and following[1].text in _SEATED
            if marked and following[0].text in "(," and following[2].text in ("-", "–"):
                return party_named(chamber)
        return None

    def _party_beside(self, person: Person) -> Party | None:
        """The party a name is joined to without a post: "Hentzau of the Ruritanian Bank"."""
        for position in person.mentions:
            following = self.doc[position + 1 : position + 3]
            if len(following) < 2:
                continue
            joined = following[0].lower_ in ("of", "from", "at", "with")
            if joined or [t.lower_ for t in following] == [",", "whose"]:
                stop = min(position + _LONGEST_PHRASE, len(self.doc))
                end = next((t.i for t in self.doc[position + 3 : stop] if t.text in ",.”"), stop)
                party = self.names.within(position + 2, end)
                if party is not None and party.type != "government":
                    return replace(party, settled=False)
        return None

    def _party_of_post(self, post: Post) -> Party | None:
        phrase = self.doc[post.start : post.end]
        words = [token.text for token in phrase if not token.is_space]
        if is_former(words):
            return None
        party = party_of(words, self.names.places)
        if party is not None and party.name is not None:
            return self.names.known(party)
        owner = self.owner(phrase)
        if owner is not None:
            return replace(owner, settled=False)
        named = self.names.within(post.start, post.end)
        if named is not None and named.type == "government" and _is_private(phrase, party):
            # The country tells where a coach or an economist is from, not for whom they speak.
            return party or Party(None, UNKNOWN, named.country)
        if named is not None:
            kind = party.type if party is not None and named.type == UNKNOWN else named.type
            return replace(named, type=kind)
        if party is not None and speaks_for_state(party, words):
            nearby = self.names.government_near(post.start)
            return replace(nearby, settled=False) if nearby is not None else party
        return party

    def owner(self, phrase: Span) -> Party | None:
        """Whose post it is, told by "its", "the group's", "Open Page's" or "for the group"."""
        for token in phrase:
            if token.tag_ == "PRP$" and token.lower_ in _OWNERS:
                return self.names.nearest(token.i)
            possessive = token.i + 1 < len(self.doc) and self.doc[token.i + 1].tag_ == "POS"
            if token.pos_ == "NOUN" and (possessive or token.dep_ == "pobj"):
                owner = self.names.stands_for(token, [t.text for t in phrase_of(token)])
                if owner is not None:
                    return owner
            if possessive and token.pos_ == "PROPN" and self.people.at(token) is None:
                name = name_of(self.doc[max(token.left_edge.i, phrase.start) : token.i + 1])
                return self.names.known(Party(name, UNKNOWN))
        return None


def _is_private(post: Span, party: Party | None) -> bool:
    """Whether a post is none of a government: "the Kenya coach", "a Kenya economist"."""
    if party is not None:
        return party.type != "government"
    posts = [t.lower_ for t in post if t.lower_ in word_set("posts.txt")]
    return bool(posts) and set(posts) <= word_set("private_posts.txt")


def phrase_of(head: Token) -> Span:
    """A noun with what stands before it and the names its prepositions bring."""
    end = head.i + 1
    for child in head.children:
        if child.i < head.i:
            continue
        if child.dep_ != "prep" or child.lower_ not in _PHRASE_PREPOSITIONS:
            break
        end = max(end, child.right_edge.i + 1)
    return head.doc[head.left_edge.i : min(end, head.i + _LONGEST_PHRASE, len(head.doc))]
