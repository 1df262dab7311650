"""The parties a text names, where it names them, and which of them a later word stands for."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from spacy.symbols import NOUN
from spacy.tokens import Doc, Span, Token

from statements.nlp.gazetteer import load_gazetteer
from statements.nlp.marks import Quoted
from statements.nlp.parties import Party, join_words, party_named, party_of
from statements.nlp.people import People, is_subject, proper_names
from statements.nlp.posts import OF_OFFICE
from statements.nlp.words import word_map, word_set

UNKNOWN = "unknown"
_NEAR_SENTENCES = 6
_PARTY_ENTITIES = frozenset({"ORG", "GPE", "NORP", "PERSON", "FAC", "PRODUCT"})
_STATE_KINDS = frozenset({"government", "legislature", "judiciary", "security"})
_PLACE_PREPOSITIONS = frozenset({"in", "between", "with", "into"})
_COUNTRY_NOUNS = frozenset({"neighbour", "neighbor", "country", "nation", "republic"})
_ARTICLES = frozenset({"the", "a", "an", "this", "that", "its", "their"})


@dataclass(frozen=True, slots=True, order=True)
class Naming:
    """A place in the text that names a party."""

    position: int
    party: Party = field(compare=False)
    subject: bool = field(compare=False)


class Namings:
    """The parties of one text and the documents they issued, in text order."""

    def __init__(self, doc: Doc, quoted: Quoted, people: People) -> None:
        self.doc = doc
        self.quoted = quoted
        self.people = people
        self._sentences: list[int] = (doc.to_array("SENT_START") == 1).cumsum().tolist()
        self.places = people.places
        self._inside: dict[int, int] = {}
        self.all = sorted(self._read())
        self.documents = list(self._read_documents())

    def at(self, head: Token) -> Party | None:
        """The party that a token names."""
        position = self._inside.get(head.i, head.i)
        index = bisect_left(self.all, Naming(position, Party(None, ""), False))
        if index < len(self.all) and self.all[index].position == position:
            return self.all[index].party
        return None

    def known(self, party: Party) -> Party:
        """A party under the fullest name and kind that the text gives it."""
        if party.settled or party.name is None:
            return party
        for naming in self.all:
            name = naming.party.name or ""
            longer = name.endswith(f" {party.name}") or name.startswith(f"{party.name}’ ")
            if name == party.name or (longer and not naming.party.settled):
                kind = party.type if naming.party.type == UNKNOWN else naming.party.type
                return replace(naming.party, type=kind)
        return party

    def within(self, start: int, end: int) -> Party | None:
        """The first party named in a range of tokens."""
        return next((n.party for n in self.all if start <= n.position < end), None)

    def add(self, head: Token, party: Party) -> None:
        """Remember what a token was found to name; a kind learnt holds for the whole text."""
        for index, naming in enumerate(self.all):
            same = naming.party.name == party.name and not naming.party.settled
            if same and party.type != UNKNOWN:
                self.all[index] = replace(naming, party=party)
        if self.at(head) is None:
            insort(self.all, Naming(head.i, party, is_subject(head)))

    def distance(self, earlier: int, later: int) -> int:
        """How many sentences lie between two tokens; 0 when they are in one."""
        return self._sentences[later] - self._sentences[earlier]

    def finer(self, party: Party) -> Party:
        """The body of a larger one whose document it is, where the text names that body."""
        for _, other in self.documents:
            if other.parent and other.parent == party.name:
                return other
        return party

    def nearest(
        self,
        position: int,
        kinds: Collection[str] | None = None,
        *,
        word: str = "",
        sentences: int = _NEAR_SENTENCES,
    ) -> Party | None:
        """The party named last before a token: of one sentence its subject, of two the first.

        It is of one of the kinds, or its name has the word in it: "the commission".
        """
        index = bisect_left(self.all, Naming(position, Party(None, ""), False))
        chosen: Naming | None = None
        while index > 0:
            index -= 1
            naming = self.all[index]
            if self.distance(naming.position, position) > sentences:
                break
            fits = kinds is None or naming.party.type in kinds
            if not fits and not (word and word in _name_words(naming.party)):
                continue
            if self.in_speech(naming.position):
                continue
            better = chosen is None or (naming.subject and not chosen.subject)
            if better or self._is_first_of_two(naming, chosen):
                chosen = naming
            if (
                chosen is not None
                and chosen.subject
                and self.distance(naming.position, chosen.position) > 0
            ):
                break
        return chosen.party if chosen is not None else None

    def _is_first_of_two(self, naming: Naming, later: Naming | None) -> bool:
        """Whether a party stands before another in one sentence, and in the same place of it."""
        if later is None or naming.subject != later.subject:
            return False
        return self.distance(naming.position, later.position) == 0

    def government_near(self, position: int) -> Party | None:
        """The government a post without a country belongs to: the last one named, or the first."""
        governments = [n for n in self.all if n.party.type == "government" and n.party.name]
        before = [n for n in governments if n.position < position]
        if before:
            return self.nearest(position, ("government",)) or before[-1].party
        return governments[0].party if governments else None

    def stands_for(self, head: Token, words: Sequence[str]) -> Party | None:
        """Whom "the rights office", "the group" or "the country" repeats."""
        content = {w.lower() for w in words if w.isalpha()} - _ARTICLES
        kinds = word_map("groups.txt").get(head.lower_)
        if not content:
            return None
        # "The party" alone repeats no name; it means the last party met.
        repeats = len(content) > 1 or head.pos_ == "PROPN"
        for naming in reversed(self.all):
            if repeats and naming.position < head.i and content <= _name_words(naming.party):
                return naming.party
        for position, party in reversed(self.documents):
            if repeats and position < head.i and content <= _name_words(party):
                return party
        if len(content) > 2:
            return None
        return self.nearest(head.i, kinds or (), word=head.lower_)

    # Reading the text.

    def _read(self) -> Iterator[Naming]:
        for entity in self.doc.ents:
            root = entity.root
            if entity.label_ not in _PARTY_ENTITIES:
                continue
            if self.people.at(root) is not None or self.people.ambiguous(root):
                continue
            words = [token.text for token in entity if not token.is_space]
            party = party_named(words)
            if party is None and entity.label_ in ("ORG", "FAC"):
                party = party_of(words, self.places)
            if party is None and len(words) == 1 and words[0] in self.places:
                party = Party(f"Government of {words[0]}", "government")
            if party is None and entity.label_ == "ORG" and self._is_name(entity):
                party = Party(name_of(entity), UNKNOWN)
            if party is not None and party.name is not None:
                if not party.settled:
                    told = self.kind_told(entity.root, entity.start)
                    party = party if told == UNKNOWN else replace(party, type=told)
                self._inside.update(dict.fromkeys(range(entity.start, entity.end), entity.root.i))
                yield Naming(entity.root.i, party, is_subject(entity.root))

    def _is_name(self, entity: Span) -> bool:
        """Whether an unknown body is one, no part of a title: "Secretary of State"."""
        following = self.doc[entity.end] if entity.end < len(self.doc) else None
        titled = following is not None and following.lower_ in word_set("posts.txt")
        before = [token.lower_ for token in self.doc[max(entity.start - 2, 0) : entity.start]]
        office = before[-1:] == ["of"] and before[0] in OF_OFFICE
        first = entity[1] if len(entity) > 1 and entity[0].tag_ == "DT" else entity[0]
        return first.text[:1].isupper() and not titled and not office

    def kind_told(self, head: Token, start: int | None = None) -> str:
        """The kind that the words around a name tell: "the aid group X", "X, an aid group"."""
        begin = head.left_edge.i if start is None else start
        before: list[str] = []
        while begin and self.doc[begin - 1].pos_ in ("NOUN", "ADJ") and len(before) < 4:
            begin -= 1
            before.insert(0, self.doc[begin].lower_)
        told = party_of(before)
        if told is not None and before[-1] not in word_set("posts.txt"):
            return told.type
        for child in head.children:
            if child.dep_ == "appos" and child.i > head.i:
                told = party_of([t.lower_ for t in self.doc[child.left_edge.i : child.i + 1]])
                if told is not None:
                    return told.type
        return UNKNOWN

    def _read_documents(self) -> Iterator[tuple[int, Party]]:
        """The documents whose issuer is named with them: "the UN human rights report"."""
        documents = word_set("documents.txt")
        for token in self.doc:
            if token.pos != NOUN or token.lower_ not in documents:
                continue
            party = self.issuer(token)
            if party is not None:
                yield token.i, party

    def issuer(self, document: Token) -> Party | None:
        """Who issued a document, where the words around it say so."""
        words = [t.text for t in self.doc[document.left_edge.i : document.i]]
        for child in document.children:
            made = [child, *(child.children if child.dep_ == "acl" else ())]
            for each in made:
                by = each.dep_ in ("prep", "agent") and each.lower_ in ("by", "from")
                if by or (each.dep_ == "prep" and each.lower_ == "of" and _names_body(each)):
                    words += [t.text for t in self.doc[each.i + 1 : each.right_edge.i + 1]]
        party = party_of(words, self.places) if words else None
        return party if party is not None and party.name is not None else None

    def in_speech(self, position: int) -> bool:
        """Whether a token stands in quotation marks."""
        stretch = self.quoted.at(self.doc[position].idx)
        return stretch is not None and stretch.double


def name_of(span: Span) -> str:
    """A span's words as a name, without an article before or a possessive behind."""
    words = [token.text for token in span if not token.is_space]
    if words and words[-1] in ("'s", "’s", "'", "’"):
        words = words[:-1]
    if words and words[0].lower() in ("the", "a", "an"):
        words = words[1:]
    return join_words(words)


def _names_body(preposition: Token) -> bool:
    return any(child.ent_type_ == "ORG" for child in preposition.children)


def _name_words(party: Party) -> set[str]:
    return set((party.name or "").lower().replace("-", " ").split())


def unlisted_places(doc: Doc) -> frozenset[str]:
    """Names a text uses as those of countries though no list has them, such as invented ones."""
    gazetteer = load_gazetteer()
    uses: dict[str, set[str]] = defaultdict(set)
    for token in proper_names(doc):
        if len(token) > 3 and token.text[:1].isupper():
            use = _use_as_place(token)
            if use:
                uses[token.text].add(use)
    people = {t.text for e in doc.ents if e.label_ == "PERSON" and len(e) > 1 for t in e}
    listed = (gazetteer.countries, gazetteer.demonyms, gazetteer.metonyms, gazetteer.organisations)
    return frozenset(
        word
        for word, found in uses.items()
        if ("state" in found or found >= {"subject", "location"})
        and word not in people
        and all(names.get([word]) is None for names in listed)
    )


def _use_as_place(token: Token) -> str:
    """How a name is used: "state" as a country's, "location" or "subject" as one's may be."""
    if token.dep_ == "compound" and token.head.lower_ in word_set("posts.txt"):
        return "location"
    if token.i and token.doc[token.i - 1].lower_ in _COUNTRY_NOUNS:
        return "state"
    if token.ent_iob_ == "I" or any(c.dep_ in ("compound", "det") for c in token.children):
        return ""
    if token.dep_ == "poss":
        kind = party_of([t.lower_ for t in token.doc[token.i + 1 : token.head.i + 1]])
        return "state" if kind is not None and kind.type in _STATE_KINDS else ""
    if token.dep_ == "pobj" and token.head.lower_ == "of":
        kind = party_of([token.head.head.lower_])
        return "state" if kind is not None and kind.type == "government" else ""
    if token.dep_ == "pobj":
        return "location" if token.head.lower_ in _PLACE_PREPOSITIONS else ""
    if token.dep_ in ("nsubj", "nsubjpass"):
        return "state" if token.ent_type_ == "GPE" else "subject"
    return ""
