"""From the words that name a source to the people and parties who speak.

The steps go through a text in order, as a reader does: a later "he" or "the group" means
somebody met before. What two candidates claim equally stays open, with both of them listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span, Token

from statements.nlp.finding import Found
from statements.nlp.gazetteer import load_gazetteer
from statements.nlp.marks import Quoted, marked_stretches
from statements.nlp.parties import Party, party_named, party_of
from statements.nlp.people import People, Person, Post, name_of
from statements.nlp.quotation import Quotation, Voice
from statements.nlp.words import word_map, word_set

_HE, _SHE = frozenset({"he", "him", "his", "himself"}), frozenset({"she", "her", "hers", "herself"})
_IT, _THEY = frozenset({"it", "its", "itself"}), frozenset({"they", "them", "their"})
_NOBODY = frozenset(
    """i we you me us one someone somebody everyone everybody nobody anyone who what that this these
    those which some many most few several others both all there people critics supporters""".split()
)
_SPOKES = frozenset({"spokesman", "spokeswoman", "spokesperson", "spokespeople"})
_ISSUED_BY_SPEAKER = frozenset(
    """protest statement letter reply response note complaint email e-mail message post tweet
    release speech petition manifesto communique communiqué rebuttal submission memo""".split()
)
_NEAR_SENTENCES = 6
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who a source is: voices, or the names between whom it stays open."""

    voices: tuple[Voice, ...]
    basis: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Naming:
    """A place in the text that names a party."""

    position: int
    party: Party
    subject: bool


class Voices:
    """Gives each quotation of a text its voices."""

    def resolve(self, doc: Doc, found: Sequence[Found]) -> list[Quotation]:
        """The quotations with the voices the text gives them, in the same order."""
        return list(_Reading(doc, found).quotations())


class _Reading:
    """One text as it is read from beginning to end."""

    def __init__(self, doc: Doc, found: Sequence[Found]) -> None:
        self.doc = doc
        self.found = found
        self.quoted = Quoted(marked_stretches(doc.text))
        heads = [doc[each.speaker] for each in found if each.speaker is not None]
        self.places = self._unlisted_places()
        self.people = People(doc, self.quoted, heads)
        self.namings = sorted(self._namings(), key=lambda naming: naming.position)
        self.documents: list[tuple[int, Party]] = []
        self.last: Resolved | None = None
        self._read_documents()

    def quotations(self) -> Iterator[Quotation]:
        """Each quotation with its voices."""
        done: list[Quotation] = []
        for each in self.found:
            resolved = self._resolve(each)
            quotation = replace(
                each.quotation,
                voices=resolved.voices,
                candidates=resolved.candidates,
                basis="continued" if each.continued and resolved.voices else resolved.basis,
            )
            if each.continued:
                quotation = replace(
                    quotation, voices=tuple(replace(v, provisional=True) for v in quotation.voices)
                )
            elif resolved.voices:
                self.last = resolved
            done.append(quotation)
        for index, quotation in enumerate(done[:-1]):
            done[index] = self._named_later(self.found[index], quotation, done[index + 1])
        yield from done

    # What the text names.

    def _unlisted_places(self) -> frozenset[str]:
        """Places and peoples of one word that no list knows, such as invented countries."""
        gazetteer = load_gazetteer()
        found = set()
        for entity in self.doc.ents:
            words = [t.text for t in entity if t.tag_ != "POS" and t.lower_ != "the"]
            if len(words) == 1 and words[0][:1].isupper() and gazetteer.country_in(words) is None:
                if entity.label_ == "GPE" and gazetteer.metonyms.get(words) is None:
                    found.add(words[0])
        return frozenset(found)

    def _namings(self) -> Iterator[Naming]:
        for entity in self.doc.ents:
            if entity.label_ not in ("ORG", "GPE", "NORP", "PERSON", "FAC", "PRODUCT"):
                continue
            if self.people.at(entity.root) is not None:
                continue
            words = [token.text for token in entity if not token.is_space]
            party = party_named(words) or (
                party_of(words, self.places) if entity.label_ in ("ORG", "FAC") else None
            )
            if party is None and entity.label_ == "GPE" and words[-1] in self.places:
                party = Party(f"Government of {words[-1]}", "government")
            if party is None and entity.label_ == "ORG" and words[0][:1].isupper():
                party = self._described(entity)
            if party is not None and party.name is not None:
                yield Naming(entity.root.i, party, self._is_subject(entity.root))

    def _described(self, entity: Span) -> Party:
        """An organisation no list knows, its kind taken from the words that explain it."""
        kind = _UNKNOWN
        for child in entity.root.children:
            if child.dep_ == "appos" and child.i > entity.root.i:
                told = party_of([t.lower_ for t in self.doc[child.left_edge.i : child.i + 1]])
                kind = told.type if told is not None else kind
        return Party(name_of(entity), kind)

    @staticmethod
    def _is_subject(token: Token) -> bool:
        while token.dep_ in ("conj", "compound") and token.head.i != token.i:
            token = token.head
        return token.dep_ in ("nsubj", "nsubjpass")

    def _read_documents(self) -> None:
        """The documents of known institutions: "the UN human rights report"."""
        for token in self.doc:
            if token.pos_ == "NOUN" and token.lower_ in word_set("documents.txt"):
                words = [t.text for t in self.doc[token.left_edge.i : token.i]]
                words += [
                    t.text
                    for child in token.children
                    if child.dep_ in ("prep", "agent") and child.lower_ in ("by", "from", "of")
                    for t in self.doc[child.i + 1 : child.right_edge.i + 1]
                    if child.lower_ != "of" or t.ent_type_ == "ORG"
                ]
                party = party_of(words, self.places)
                if party is not None and party.name is not None:
                    self.documents.append((token.i, party))

    # Who a source is.

    def _resolve(self, each: Found) -> Resolved:
        if each.speaker is None:
            return Resolved((), "unnamed")
        head = self.doc[each.speaker]
        heads = [head, *(c for c in self._conjuncts(head) if self._in_source(c, each.quotation))]
        resolved = [self._one(each_head, each.quotation) for each_head in heads]
        voices = tuple(dict.fromkeys(voice for one in resolved for voice in one.voices))
        if not voices:
            return resolved[0]
        return Resolved(voices, resolved[0].basis)

    @staticmethod
    def _conjuncts(head: Token) -> Iterator[Token]:
        for child in head.children:
            if child.dep_ == "conj" and child.pos_ in ("PROPN", "NOUN"):
                yield child
                yield from _Reading._conjuncts(child)

    @staticmethod
    def _in_source(token: Token, quotation: Quotation) -> bool:
        return (
            quotation.source is not None and quotation.source[0] <= token.idx < quotation.source[1]
        )

    def _one(self, head: Token, quotation: Quotation) -> Resolved:
        person = self.people.at(head)
        if person is not None:
            return Resolved((self._voice(person),), "named")
        same = self.people.ambiguous(head)
        if same:
            return Resolved((), "named", tuple(each.name for each in same))
        lower = head.lower_
        if lower in _HE or lower in _SHE:
            return self._pronoun(head)
        if lower in _IT:
            return self._it(head)
        if lower in _THEY:
            return self._they()
        if lower in _NOBODY or head.pos_ == "PRON":
            return Resolved((), "unnamed")
        phrase = self._phrase(head)
        words = [token.text for token in phrase if not token.is_space]
        party = party_named(words) or self._named_here(head)
        if party is not None:
            basis = "metonym" if party.type == "government" and head.pos_ == "PROPN" else "named"
            return self._institution(party, basis)
        if lower in word_set("documents.txt") and head.pos_ == "NOUN":
            return self._document(head, words)
        return self._nominal(head, phrase, words)

    def _phrase(self, head: Token) -> Span:
        """A noun with what stands before it and the names its prepositions bring."""
        end = head.i + 1
        for child in head.children:
            if (
                child.dep_ == "prep"
                and child.i > head.i
                and child.lower_ in ("of", "for", "at", "in", "from", "with")
            ):
                end = max(end, child.right_edge.i + 1)
            elif child.i > head.i and child.dep_ in ("relcl", "acl", "appos", "punct", "cc"):
                break
        return self.doc[head.left_edge.i : min(end, head.i + 12, len(self.doc))]

    def _named_here(self, head: Token) -> Party | None:
        return next((n.party for n in self.namings if n.position == head.i), None)

    def _institution(
        self, party: Party, basis: str, role: str = "", *, provisional: bool | None = None
    ) -> Resolved:
        voice = Voice(
            None,
            role,
            party.name,
            party.type,
            party.country,
            not party.settled if provisional is None else provisional,
        )
        return Resolved((voice,), basis)

    def _voice(self, person: Person, *, provisional: bool = False) -> Voice:
        """A person with the post and party that the text gives them anywhere."""
        party = self._party_of_person(person)
        if party is None:
            return Voice(person.name, person.post.title if person.post else "")
        return Voice(
            person.name,
            person.post.title if person.post else "",
            party.name,
            party.type,
            party.country,
            provisional or not party.settled or len(person.names) == 1,
        )

    def _party_of_person(self, person: Person) -> Party | None:
        if person.party is None and person.post is not None:
            person.party = self._party_of_post(person.post)
        return person.party

    def _party_of_post(self, post: Post) -> Party | None:
        phrase = self.doc[post.start : post.end]
        words = [token.text for token in phrase if not token.is_space]
        party = party_of(words, self.places)
        if party is not None and party.name is not None:
            return party
        named = next((n.party for n in self.namings if post.start <= n.position < post.end), None)
        if named is not None:
            return named
        stated = self._owner(phrase)
        if stated is not None:
            return replace(stated, settled=False)
        if party is not None and party.type == "government":
            nearby = self._nearest(post.start, ("government",), subjects=True)
            return replace(nearby, settled=False) if nearby is not None else party
        return party

    def _owner(self, phrase: Span) -> Party | None:
        """Whose post it is, told by "its", "the group's" or "for the group"."""
        groups = word_map("groups.txt")
        for token in phrase:
            if token.tag_ == "PRP$" and token.lower_ in _IT | _THEY:
                return self._nearest(token.i, None, subjects=True)
            if token.lower_ in groups and token.i + 1 < len(self.doc):
                possessive = self.doc[token.i + 1].tag_ == "POS"
                prepositional = token.dep_ == "pobj"
                if possessive or prepositional:
                    return self._stands_for(token, [t.text for t in self._phrase(token)])
        return None

    # Words that stand for somebody named before.

    def _pronoun(self, head: Token) -> Resolved:
        gender = "m" if head.lower_ in _HE else "f"
        ranked: dict[int, tuple[float, Person]] = {}
        sentence = head.sent.start
        distance = 0
        seen = sentence
        for position, person in self.people.before(head.i):
            token = self.doc[position]
            if person.gender not in ("", gender):
                continue
            stretch = self.quoted.at(token.idx)
            if stretch is not None and stretch.double:
                continue
            if token.sent.start != seen:
                seen, distance = token.sent.start, distance + 1
            score = -float(distance)
            score += 1.2 if self._is_subject(token) else 0.0
            score += 0.5 if token.dep_ == "ROOT" or token.sent.root.i == token.head.i else 0.0
            if self.last is not None and any(v.speaker == person.name for v in self.last.voices):
                score += 0.8
            if person.gender == gender:
                score += 0.6
            key = id(person)
            if key not in ranked or ranked[key][0] < score:
                ranked[key] = (score, person)
        if not ranked:
            return Resolved((), "pronoun")
        order = sorted(ranked.values(), key=lambda each: -each[0])
        best = order[0]
        if len(order) > 1 and best[0] - order[1][0] < 0.05:
            return Resolved((), "pronoun", tuple(person.name for _, person in order[:2]))
        if not best[1].gender:
            best[1].gender = gender
        alone = len(order) == 1 or best[0] - order[1][0] >= 1.0
        return Resolved((self._voice(best[1], provisional=not alone),), "pronoun")

    def _it(self, head: Token) -> Resolved:
        """The institution or document that was the subject before."""
        sentence = head.sent
        if self.last is not None and all(v.speaker is None for v in self.last.voices):
            near = self._nearest(head.i, None, subjects=True, sentences=1)
            if near is None or any(v.actor == near.name for v in self.last.voices):
                return Resolved(self.last.voices, "pronoun")
        for position, party in reversed(self.documents):
            if position < head.i and self._sentences_between(position, head.i) <= 1:
                if self._is_subject(self.doc[position]):
                    return self._institution(self._finer(party), "pronoun")
        document = self._subject_before(sentence)
        if document is not None and document.lower_ in word_set("documents.txt"):
            return self._document(document, [t.text for t in self._phrase(document)], "pronoun")
        party = self._nearest(head.i, None, subjects=True)
        if party is None:
            return Resolved((), "pronoun")
        return self._institution(party, "pronoun", provisional=True)

    def _subject_before(self, sentence: Span) -> Token | None:
        if sentence.start == 0:
            return None
        previous = self.doc[sentence.start - 1].sent
        return next((t for t in previous if t.dep_ in ("nsubj", "nsubjpass")), None)

    def _they(self) -> Resolved:
        if self.last is not None and len(self.last.voices) > 1:
            return Resolved(self.last.voices, "pronoun")
        return Resolved((), "pronoun")

    def _document(self, head: Token, words: Sequence[str], basis: str = "document") -> Resolved:
        party = party_of(words, self.places)
        named = party is not None and party.name is not None
        if named and party is not None:
            return self._institution(self._finer(party), basis)
        person = self._possessor(head)
        if person is not None:
            return Resolved((self._voice(person),), basis)
        if head.lower_ in _ISSUED_BY_SPEAKER and self.last is not None:
            return Resolved(self.last.voices, basis)
        earlier = [party for position, party in self.documents if position < head.i]
        if earlier:
            return self._institution(self._finer(earlier[-1]), basis)
        return Resolved((), basis)

    def _possessor(self, head: Token) -> Person | None:
        owner = next((child for child in head.children if child.dep_ == "poss"), None)
        if owner is None:
            return None
        person = self.people.at(owner)
        if person is None and owner.lower_ in _HE | _SHE:
            resolved = self._pronoun(owner)
            names = {voice.speaker for voice in resolved.voices}
            person = next((p for p in self.people.everybody if p.name in names), None)
        return person

    def _finer(self, party: Party) -> Party:
        """The body of a larger one whose document it is, where the text names that body."""
        for _, other in self.documents:
            if other.parent and other.parent == party.name:
                return other
        return party

    def _nominal(self, head: Token, phrase: Span, words: Sequence[str]) -> Resolved:
        """A common noun: a person in a post, an institution, or one that was named before."""
        person = self._possessor(head)
        is_post = head.lower_ in word_set("posts.txt")
        if person is not None and not is_post:
            party = self._party_of_person(person)
            if party is not None:
                return self._institution(party, "nominal", provisional=True)
            return Resolved((), "nominal")
        role = self.people.title(phrase.start, head.i + 1) if is_post else ""
        party = party_of(words, self.places)
        if party is not None and party.name is not None:
            return self._institution(party, "nominal" if is_post else "named", role)
        if is_post and head.i - phrase.start <= 2:
            holder = self._holder(head)
            if holder is not None:
                return Resolved((self._voice(holder, provisional=True),), "nominal")
        owner = self._owner(phrase) if is_post else self._stands_for(head, words)
        if owner is not None and owner.name is not None:
            return self._institution(owner, "nominal", role, provisional=True)
        if party is not None:
            return self._institution(party, "nominal", role, provisional=True)
        return Resolved((), "unnamed")

    def _holder(self, head: Token) -> Person | None:
        """Whoever was named with the post that "the minister" repeats, if it is one person."""
        if not any(child.lower_ in ("the", "this") for child in head.children):
            return None
        holders = {
            id(person): person
            for person in self.people.everybody
            if person.mentions[0] < head.i
            and person.post is not None
            and head.lower_ in person.post.title.lower().split()
        }
        return next(iter(holders.values())) if len(holders) == 1 else None

    def _stands_for(self, head: Token, words: Sequence[str]) -> Party | None:
        content = {
            word.lower()
            for word in words
            if word.isalpha() and word.lower() not in ("the", "a", "an", "this", "that")
        }
        kinds = word_map("groups.txt").get(head.lower_)
        for naming in reversed(self.namings):
            name = naming.party.name or ""
            if (
                naming.position < head.i
                and content
                and content <= set(name.lower().replace("-", " ").split())
            ):
                return naming.party
        for position, party in reversed(self.documents):
            if position < head.i and content <= set((party.name or "").lower().split()):
                return party
        if kinds is None or len(content) > 2 and head.lower_ not in ("country",):
            return None
        return self._nearest(head.i, kinds, subjects=True)

    def _nearest(
        self,
        position: int,
        kinds: Sequence[str] | None,
        *,
        subjects: bool,
        sentences: int = _NEAR_SENTENCES,
    ) -> Party | None:
        """The party named last before a token; of one sentence, its subject, of two, the first."""
        before = [
            naming
            for naming in self.namings
            if naming.position < position
            and (kinds is None or naming.party.type in kinds)
            and not self._in_speech(naming.position)
            and self._sentences_between(naming.position, position) <= sentences
        ]
        if not before:
            return None
        chosen = [naming for naming in before if naming.subject] if subjects else before
        chosen = chosen or before
        last = self.doc[chosen[-1].position].sent.start
        return next(n.party for n in chosen if self.doc[n.position].sent.start == last)

    def _in_speech(self, position: int) -> bool:
        stretch = self.quoted.at(self.doc[position].idx)
        return stretch is not None and stretch.double

    def _sentences_between(self, earlier: int, later: int) -> int:
        return sum(1 for token in self.doc[earlier + 1 : later + 1] if token.is_sent_start)

    def _named_later(self, each: Found, quotation: Quotation, following: Quotation) -> Quotation:
        """ "Its spokesperson urged …" is whoever speaks next for the same party, provisionally."""
        if each.speaker is None or self.doc[each.speaker].lower_ not in _SPOKES:
            return quotation
        if len(quotation.voices) != 1 or len(following.voices) != 1:
            return quotation
        voice, other = quotation.voices[0], following.voices[0]
        if voice.speaker is None and other.speaker and other.actor == voice.actor:
            voice = replace(voice, speaker=other.speaker, role=voice.role, provisional=True)
            return replace(quotation, voices=(voice,))
        return quotation
