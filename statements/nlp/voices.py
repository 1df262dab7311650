"""From the words that name a source to the people and parties who speak.

The steps go through a text in order, as a reader does: a later "he" or "the group" means
somebody met before. What two candidates claim equally stays open, with both of them listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span, Token

from statements.nlp.affiliations import Affiliations, phrase_of
from statements.nlp.finding import Found
from statements.nlp.gazetteer import load_gazetteer
from statements.nlp.joint import speaking_together
from statements.nlp.marks import Quoted
from statements.nlp.namings import UNKNOWN, Namings, name_of, unlisted_places
from statements.nlp.parties import Party, party_named, party_of, speaks_for_state
from statements.nlp.people import FEMALE, MALE, People, Person, is_subject
from statements.nlp.posts import is_former, title_of
from statements.nlp.pronouns import likeliest
from statements.nlp.quotation import Quotation, Voice
from statements.nlp.words import word_map, word_set

_HE, _SHE = frozenset({"he", "him", "his"}), frozenset({"she", "her", "hers"})
_IT, _THEY = frozenset({"it", "its"}), frozenset({"they", "them", "their"})
_SPOKES = frozenset({"spokesman", "spokeswoman", "spokesperson"})
# By how much the likeliest person must lead for a pronoun to be taken as settled, and as given.
_CLEAR_LEAD, _ANY_LEAD = 1.0, 0.05


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who a source is: voices, or the names between whom it stays open."""

    voices: tuple[Voice, ...]
    basis: str
    candidates: tuple[str, ...] = ()


def resolve_voices(doc: Doc, quoted: Quoted, found: Sequence[Found]) -> list[Quotation]:
    """The quotations of a text with the voices it gives them, in the same order."""
    return _Reading(doc, quoted, found).quotations()


class _Reading:
    """One text as it is read from beginning to end."""

    def __init__(self, doc: Doc, quoted: Quoted, found: Sequence[Found]) -> None:
        self.doc = doc
        self.found = found
        self.quoted = quoted
        heads = [doc[each.speaker] for each in found if each.speaker is not None]
        self.people = People(doc, heads, unlisted_places(doc))
        self.names = Namings(doc, self.quoted, self.people)
        self.affiliations = Affiliations(doc, self.people, self.names)
        self.last: Resolved | None = None
        self.last_position = 0

    def quotations(self) -> list[Quotation]:
        """Each quotation with its voices."""
        done = []
        for each in self.found:
            resolved = self._resolve(each)
            voices, basis = resolved.voices, resolved.basis
            if each.continued:
                voices = tuple(replace(voice, provisional=True) for voice in voices)
                basis = "continued" if voices else basis
            if voices and each.speaker is not None:
                self.last, self.last_position = resolved, each.speaker
            done.append(
                replace(each.quotation, voices=voices, candidates=resolved.candidates, basis=basis)
            )
        for index in range(len(done) - 1):
            done[index] = self._named_later(self.found[index], done[index], done[index + 1])
        return done

    def _resolve(self, each: Found) -> Resolved:
        if each.speaker is None:
            return Resolved((), "unnamed")
        head = self.doc[each.speaker]
        heads = speaking_together(head, each.quotation.source, self.people)
        resolved = [self._one(token) for token in heads]
        voices = tuple(dict.fromkeys(voice for one in resolved for voice in one.voices))
        return Resolved(voices, resolved[0].basis) if voices else resolved[0]

    def _one(self, head: Token) -> Resolved:
        """Who one name, pronoun or noun is."""
        person = self.people.at(head) or self._explained(head)
        if person is not None:
            return Resolved((self._voice(person),), "named")
        if head.pos_ == "NOUN":
            explained = next((c for c in head.children if c.dep_ == "appos"), None)
            party = self.names.at(explained) if explained is not None else None
            if party is not None:
                return self._institution(party, "named")
        same = self.people.ambiguous(head)
        if same:
            return Resolved((), "named", tuple(each.name for each in same))
        lower = head.lower_
        if lower in _HE or lower in _SHE:
            return self._he_or_she(head)
        if lower in _IT:
            return self._it(head)
        if lower in _THEY:
            return Resolved(self._several(), "pronoun")
        if head.pos_ == "PRON" or lower in word_set("nobody.txt"):
            return Resolved((), "unnamed")
        phrase = phrase_of(head)
        words = [token.text for token in phrase if not token.is_space]
        if head.pos_ == "NOUN" and lower in word_set("documents.txt"):
            return self._document(head)
        named = self._named(head, words)
        if named is not None:
            return named
        return self._nominal(head, phrase, words)

    def _explained(self, head: Token) -> Person | None:
        """The person whose name explains a post: "its president, Brisa Callorin"."""
        for child in head.children:
            if child.dep_ == "appos" and self.people.at(child) is not None:
                return self.people.at(child)
        if head.lower_ not in word_set("posts.txt"):
            return None
        # The parse often hangs the name elsewhere: "Ambassador to Ruritania Rupert Hentzau".
        following = self.doc[head.right_edge.i + 1 : head.right_edge.i + 3]
        behind = [t for t in following if not t.is_space]
        if len(behind) == 2 and behind[0].text == "," and self.people.at(behind[1]) is not None:
            return self.people.at(behind[1])
        return None if self._served(head) is not None else self.people.at(head.right_edge)

    def _served(self, post: Token) -> Person | None:
        """Whom somebody in a post works for: "a spokesman for Ann Bell"."""
        person = self.people.at(post.right_edge)
        return person if person is not None and self._is_served(post, post.right_edge) else None

    def _is_served(self, post: Token, name: Token) -> bool:
        """Whether a name is of whom somebody in a post works for."""
        first = name.i
        while first > post.i and (
            self.people.at(self.doc[first]) is self.people.at(name)
            or self.doc[first].lower_ in word_map("titles.txt")
        ):
            first -= 1
        return self.doc[first].tag_ == "IN" and self.doc[first].head.i == post.i

    # Names.

    def _named(self, head: Token, words: Sequence[str]) -> Resolved | None:
        """The party or person that a proper name names."""
        party = party_named(words)
        if party is not None:
            return self._institution(party, "metonym" if party.type == "government" else "named")
        party, at = party_of(words, self.names.places), self.names.at(head)
        if party is not None and party.settled:
            return None if head.pos_ == "NOUN" else self._institution(party, "named")
        if at is not None and (at.settled or party is None):
            if at.type == UNKNOWN:
                at = replace(at, type=self.names.kind_told(head))
            return self._remembered(head, at)
        if head.pos_ != "PROPN":
            return None
        if party is not None and (party.name or at):
            return self._remembered(
                head, replace(party, name=party.name or (at.name if at else None))
            )
        name, kind = name_of(self.doc[head.left_edge.i : head.i + 1]), self.names.kind_told(head)
        if kind != UNKNOWN or self.names.known(Party(name, "")).type:
            return self._remembered(head, Party(name, kind))
        if party is None and 1 < len(name.split()) < 4 and words[0].lower() != "the":
            return Resolved((Voice(name),), "named")
        return None

    def _remembered(self, head: Token, party: Party) -> Resolved:
        party = self.names.known(party)
        self.names.add(head, party)
        return self._institution(party, "named")

    @staticmethod
    def _institution(
        party: Party, basis: str, role: str = "", *, provisional: bool = False
    ) -> Resolved:
        unsure = provisional or not party.settled
        voice = Voice(None, role, party.name, party.type, party.country, unsure)
        return Resolved((voice,), basis)

    def _voice(self, person: Person, *, provisional: bool = False) -> Voice:
        """A person with the post and party that the text gives them anywhere."""
        party = self.affiliations.of(person)
        role = person.post.title if person.post else ""
        if party is None:
            return Voice(person.name, role)
        unsure = provisional or not party.settled or len(person.names) == 1
        return Voice(person.name, role, party.name, party.type, party.country, unsure)

    # Words that stand for somebody named before.

    def _he_or_she(self, head: Token) -> Resolved:
        gender = MALE if head.lower_ in _HE else FEMALE
        spoke = {voice.speaker for voice in self.last.voices} if self.last is not None else set()
        order = likeliest(head, gender, self.people, self.names, spoke)
        if not order:
            return Resolved((), "pronoun")
        best, lead = order[0][1], order[0][0] - order[1][0] if len(order) > 1 else _CLEAR_LEAD
        if lead < _ANY_LEAD:
            return Resolved((), "pronoun", tuple(person.name for _, person in order[:2]))
        best.gender = best.gender or gender
        return Resolved((self._voice(best, provisional=lead < _CLEAR_LEAD),), "pronoun")

    def _several(self) -> tuple[Voice, ...]:
        """Those who spoke last, when they were more than one: two voices, or "the scientists"."""
        if self.last is None:
            return ()
        head, voices = self.doc[self.last_position], self.last.voices
        plural = head.tag_ in ("NNS", "NNPS") or head.lower_ in _THEY | word_set("crowds.txt")
        many = len(voices) > 1 or plural and all(voice.speaker is None for voice in voices)
        return voices if many else ()

    def _it(self, head: Token) -> Resolved:
        """The institution or document that was the subject before."""
        if self.last is not None and all(v.speaker is None for v in self.last.voices):
            other = self.names.nearest(head.i, sentences=1)
            if other is None or any(v.actor == other.name for v in self.last.voices):
                return Resolved(self.last.voices, "pronoun")
        for position, issuer in reversed(self.names.documents):
            near = position < head.i and self.names.distance(position, head.i) <= 1
            if near and is_subject(self.doc[position]):
                return self._institution(self.names.finer(issuer), "pronoun")
        start = head.sent.start
        before = self.doc[start - 1].sent if start else ()
        subject = next((t for t in before if t.dep_ in ("nsubj", "nsubjpass")), None)
        if subject is not None and subject.lower_ in word_set("documents.txt"):
            return self._document(subject, "pronoun")
        party = self.names.nearest(head.i)
        if party is None:
            return Resolved((), "pronoun")
        return self._institution(party, "pronoun", provisional=True)

    def _document(self, head: Token, basis: str = "document") -> Resolved:
        """Whose document it is: of those it names, or of whoever spoke last, or as before."""
        party = self.names.issuer(head)
        if party is not None:
            return self._institution(self.names.finer(party), basis)
        person = self._possessor(head)
        if person is not None:
            return Resolved((self._voice(person),), basis)
        if head.lower_ in word_set("messages.txt") and self.last is not None:
            return Resolved(self.last.voices, basis)
        earlier = [party for position, party in self.names.documents if position < head.i]
        if earlier:
            return self._institution(self.names.finer(earlier[-1]), basis)
        return Resolved((), basis)

    def _possessor(self, head: Token) -> Person | None:
        owner = next((child for child in head.children if child.dep_ == "poss"), None)
        if owner is None:
            return None
        if owner.lower_ in _HE | _SHE:
            speakers = {voice.speaker for voice in self._he_or_she(owner).voices}
            return next((p for p in self.people.everybody if p.name in speakers), None)
        return self.people.at(owner)

    def _nominal(self, head: Token, phrase: Span, words: Sequence[str]) -> Resolved:
        """A common noun: a person in a post, an institution, or one that was named before."""
        is_post = head.lower_ in word_set("posts.txt")
        person = self._possessor(head)
        role = title_of(self.doc, phrase.start, phrase.end) if is_post else ""
        if person is not None:
            if not is_post and not _is_group(head):
                return Resolved((), "nominal")
            return self._of_person(person, words, role)
        party = party_of(words, self.names.places)
        if party is not None and party.name is not None:
            return self._institution(party, "nominal" if is_post else "named", role)
        holder = self._holder(head) if is_post else None
        if holder is not None:
            return Resolved((self._voice(holder, provisional=True),), "nominal")
        if is_post and is_former(words):
            return Resolved((), "nominal")
        served = self._served(head) if is_post else None
        if served is not None:
            return self._of_person(served, words, role)
        owner = self.affiliations.owner(phrase) if is_post else self.names.stands_for(head, words)
        if owner is None and party is None and head.lower_ in _SPOKES:
            before = self._just_spoke(head)
            if before:
                return Resolved(tuple(replace(v, role=role) for v in before), "nominal")
        if owner is None and party is not None and speaks_for_state(party, words):
            owner = self.names.government_near(head.i)
        if owner is not None and owner.name is not None:
            return self._institution(owner, "nominal", role, provisional=True)
        if party is not None:
            return self._institution(party, "nominal", role, provisional=True)
        return Resolved((), "unnamed")

    def _of_person(self, person: Person, words: Sequence[str], role: str) -> Resolved:
        """Who works for somebody named: "her campaign", "a spokesman for Ann Bell"."""
        if "campaign" in words:
            party: Party | None = Party(f"{person.names[-1]} campaign", "party")
        elif role and not _SPOKES & {word.lower() for word in words}:
            # "Her lawyer" and "his mother" speak for nobody the text has named as a party.
            party = None
        else:
            party = self.affiliations.of(person)
        if party is None:
            return Resolved((), "nominal")
        return self._institution(party, "nominal", role, provisional=True)

    def _just_spoke(self, head: Token) -> tuple[Voice, ...]:
        """The institution that spoke in the sentence before, whose spokesman may go on."""
        if self.last is None or any(v.speaker or not v.actor for v in self.last.voices):
            return ()
        return self.last.voices if self.names.distance(self.last_position, head.i) <= 2 else ()

    def _holder(self, head: Token) -> Person | None:
        """Whoever was named with the post that "the minister" repeats, if it is one person."""
        if head.i == 0 or self.doc[head.i - 1].lower_ not in ("the", "this"):
            return None
        holders = [
            person
            for person in self.people.everybody
            if person.mentions[0] < head.i
            and person.post is not None
            and head.lower_ in person.post.title.lower().split()
        ]
        return holders[0] if len(holders) == 1 else None

    def _named_later(self, each: Found, quotation: Quotation, following: Quotation) -> Quotation:
        """ "Its spokesperson urged …" is whoever speaks next for the same party, provisionally."""
        if each.speaker is None or self.doc[each.speaker].lower_ not in _SPOKES:
            return quotation
        if len(quotation.voices) != 1 or len(following.voices) != 1:
            return quotation
        voice, other = quotation.voices[0], following.voices[0]
        if voice.speaker is None and other.speaker and other.actor == voice.actor:
            voice = replace(voice, speaker=other.speaker, provisional=True)
            return replace(quotation, voices=(voice,))
        return quotation


def _is_group(noun: Token) -> bool:
    """Whether a noun means several people or a body, so that it can be somebody's and speak."""
    kinds = load_gazetteer().kinds
    return noun.lower_ in word_map("groups.txt") or kinds.get([noun.lower_]) is not None
