"""Who is named where in a text: parties, people, and what they issued ("the UN report")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache, lru_cache

from statements.nlp.gazetteer import load_gazetteer
from statements.nlp.parties import government_of, known_party
from statements.nlp.reply_words import load_reply_words, small_words
from statements.nlp.stance_clauses import Word, split_sentences
from statements.nlp.words import word_map, word_set

# What kind of words a mention is; of the unsure ones it is guessed whom they mean.
PERSON, BODY, PLACE, PEOPLE, DOCUMENT, GENERIC, NAME = (
    "person", "body", "place", "people", "document", "generic", "name",
)  # fmt: skip

_SMALL = small_words("preposition", "conjunction", "determiner", "be", "have", "light", "denial")
_LINKS = small_words("preposition", "conjunction", "be", "have", "light")
_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_INDEFINITE = frozenset({"its", "his", "her", "their", "our", "my", "your", "a", "an", "no", "any"})
_DAYS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december""".split()
)
TITLES = frozenset(word_map("titles.txt")) | word_set("posts.txt") | frozenset({"the", "mr", "ms"})
_NO_NAMES = TITLES | _SMALL | _DAYS
_LEAST_GENERIC = 4


@dataclass(frozen=True, slots=True)
class Party:
    """Who is meant: a person, a party, or both; or only a name that no list and no voice has."""

    speaker: str | None = None
    actor: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words (first, last) that mean a party; not `sure` when the text leaves whom to a guess."""

    first: int
    last: int
    party: Party
    kind: str
    sure: bool = True
    head: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    words: tuple[str, ...]
    party: Party
    kind: str


class Names:
    """Names of one or more words by their first word, the longest first."""

    def __init__(self, entries: Iterable[_Entry]) -> None:
        self._entries: dict[str, list[_Entry]] = {}
        for entry in entries:
            if entry.words:
                self._entries.setdefault(entry.words[0], []).append(entry)
        for found in self._entries.values():
            found.sort(key=lambda entry: -len(entry.words))

    @property
    def firsts(self) -> Set[str]:
        """The words with which names begin."""
        return self._entries.keys()

    def at(self, words: Sequence[str], place: int) -> _Entry | None:
        for entry in self._entries.get(words[place], ()):
            if tuple(words[place : place + len(entry.words)]) == entry.words:
                return entry
        return None


@cache
def _listed() -> Names:
    """The names of the word lists."""
    gazetteer = load_gazetteer()
    entries = []
    for name, organisation in gazetteer.organisations.values.items():
        party = Party(actor=known_party(organisation).name)
        entries.append(_Entry(_joined(name), party, BODY))
    for names, kind in (
        (gazetteer.countries, PLACE),
        (gazetteer.metonyms, PLACE),
        (gazetteer.demonyms, PEOPLE),
    ):
        for name, code in names.values.items():
            party = Party(actor=government_of(code).name)
            entries.append(_Entry(_joined(name), party, kind))
    return Names(entries)


@cache
def _parents() -> Mapping[str, str]:
    found = load_gazetteer().organisations.values.values()
    return {each.name: each.parent for each in found if each.parent}


def _joined(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(words).replace(" - ", "-").split())


@lru_cache(maxsize=4096)
def name_words(name: str) -> tuple[str, ...]:
    """A name as the words that a sentence has of it."""
    return tuple(
        _bare(name[word.start : word.end]) for words in split_sentences(name) for word in words
    )


def _bare(word: str) -> str:
    return word if word.isalnum() else word.replace("’", "'").removesuffix("'s")


@dataclass(slots=True)
class Cast:
    """Those to whom a text gives quotations, and the documents that it calls theirs."""

    voices: Iterable[Party]
    names: Names = field(init=False)
    firsts: set[str] = field(init=False)
    """The words with which someone or something that this text names may begin."""
    generic: dict[str, Party] = field(init=False)
    issued: list[tuple[int, str, Party]] = field(default_factory=list)
    heard: dict[str, Party] = field(default_factory=dict)
    _actors: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        voices = list(dict.fromkeys(self.voices))
        self._actors = frozenset(each.actor for each in voices if each.actor)
        self.names = Names(self._entries(voices))
        self.firsts = {*self.names.firsts, "the"}
        self.generic = _unique(
            (words[-1].lower(), Party(actor=actor))
            for actor in sorted(self._actors)
            if len(words := name_words(actor)) > 1 and len(words[-1]) >= _LEAST_GENERIC
        )
        governments = [each for each in self._actors if each.startswith("Government of ")]
        if len(governments) == 1:
            self.generic["government"] = Party(actor=governments[0])

    def _entries(self, voices: Sequence[Party]) -> Iterator[_Entry]:
        people: dict[str, Party] = {}
        for each in voices:
            # Once with a party is enough: who speaks for one speaks for it throughout.
            if each.speaker and (each.speaker not in people or each.actor):
                people[each.speaker] = each
        for name, party in people.items():
            yield _Entry(name_words(name), party, PERSON)
        surnames = _unique(
            (name_words(name)[-1], party)
            for name, party in people.items()
            if len(name_words(name)) > 1
        )
        for surname, party in surnames.items():
            yield _Entry((surname,), party, PERSON)
        for actor in self._actors:
            yield _Entry(name_words(actor), Party(actor=actor), BODY)
            place = actor.removeprefix("Government of ")
            if place != actor:
                yield _Entry(name_words(place), Party(actor=actor), PLACE)

    def hear(self, sentences: Iterable[Sentence]) -> None:
        """Keep the names of people who do not speak: a later "Orme" is the Ada Orme of before."""
        names = [each.party for sentence in sentences for each in sentence.named if each.party.name]
        self.heard = _unique((name_words(each.name)[-1], each) for each in names)
        self.firsts |= self.heard.keys()

    def finer(self, party: Party) -> Party:
        """Of a body whose part speaks in the text, that part: the UN report is of one office."""
        if party.actor is None or party.speaker or party.actor in self._actors:
            return party
        parts = [each for each in self._actors if _parents().get(each) == party.actor]
        return Party(actor=parts[0]) if len(parts) == 1 else party

    def issuer(self, head: str, place: int) -> Party | None:
        """Whose the document is that a text calls only "the report" at a place."""
        same = [(at, party) for at, each, party in self.issued if each == head]
        if same:
            before = [party for at, party in same if at < place]
            return before[-1] if before else same[0][1]
        words = load_reply_words()
        if head not in words.reports:
            return None
        found = {party for _, each, party in self.issued if each in words.reports}
        return found.pop() if len(found) == 1 else None


def _unique(pairs: Iterable[tuple[str, Party]]) -> dict[str, Party]:
    found: dict[str, Party | None] = {}
    for word, party in pairs:
        found[word] = None if word in found and found[word] != party else party
    return {word: party for word, party in found.items() if party is not None}


@dataclass(slots=True)
class Sentence:
    """One sentence with its words, lowercase and as written, and who is named in it."""

    text: str
    words: list[Word]
    cast: Cast = field(init=False)
    written: list[str] = field(init=False)
    named: list[Mention] = field(init=False)
    _mentions: list[Mention] | None = None

    @property
    def mentions(self) -> list[Mention]:
        """Documents, and the names that are not part of these.

        Not to be asked for before the names are found and the cast knows all that was issued.
        """
        # Few sentences are near a quotation, and finding documents takes the longest.
        if self._mentions is None:
            self._mentions = self._find_mentions()
        return self._mentions

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return self.words[-1].end

    def lower(self, at: int) -> str:
        return self.words[at].text if 0 <= at < len(self.words) else ""

    def is_possessive(self, at: int) -> bool:
        word = self.words[at]
        if word.text.endswith("'s"):
            return True
        after = self.text[word.end : word.end + 2]
        return word.text.endswith("s") and after[:1] in ("'", "’") and after[1:] == " "

    def is_capital(self, at: int) -> bool:
        return 0 <= at < len(self.words) and self.written[at][:1].isupper()

    # -- Names ---------------------------------------------------------------------------------

    def find_names(self, cast: Cast) -> None:
        """Fill `named`: the names of lists and voices, then other capitalised names."""
        self.cast, listed = cast, _listed()
        self.written = [_bare(self.text[word.start : word.end]) for word in self.words]
        self.named = []
        own, others = cast.firsts, listed.firsts
        at = -1
        while (at := at + 1) < len(self.words):
            word = self.written[at]
            if not (word[:1].isupper() or word in own or word in others):
                continue
            # Who speaks in the text is meant before whom the lists know.
            entry = cast.names.at(self.written, at) or listed.at(self.written, at)
            if entry is not None and self._stands_alone(at, at + len(entry.words) - 1, entry):
                last = at + len(entry.words) - 1
                self.named.append(Mention(at, last, entry.party, entry.kind))
                at = last
                continue
            heard = cast.heard.get(word)
            last = self._capitalised(at)
            if last == at and heard and self._stands_alone(at, at, _Entry(("",), heard, PERSON)):
                self.named.append(Mention(at, at, heard, NAME))
            elif last > at:
                name = " ".join(self.written[at : last + 1])
                self.named.append(Mention(at, last, Party(name=name), NAME))
                at = last
            elif self.lower(at) == "the" and self.lower(at + 1).removesuffix("'s") in cast.generic:
                party = cast.generic[self.lower(at + 1).removesuffix("'s")]
                self.named.append(Mention(at, at + 1, party, GENERIC, sure=False))
                at += 1

    def _stands_alone(self, first: int, last: int, entry: _Entry) -> bool:
        """Whether a name is not part of a longer one: "Bill Clinton", "New Mexico"."""
        if len(entry.words) > 1 and entry.kind == BODY:
            return True
        follows = self.lower(last + 1)
        if (
            self.is_capital(last + 1)
            and not self.is_possessive(last)
            and follows not in _DAYS
            and self._touch(last)
            and (entry.kind == PERSON or follows not in load_reply_words().offices)
            and entry.kind != PEOPLE
        ):
            return False
        before = self.lower(first - 1)
        return not (
            first > 1
            and self.is_capital(first - 1)
            and before not in TITLES
            and not self.is_possessive(first - 1)
            and self._touch(first - 1)
            and len(entry.words) == 1
            and before not in _DAYS
        )

    def _touch(self, at: int) -> bool:
        """Whether only a blank stands between a word and the next."""
        if at + 1 >= len(self.words):
            return False
        return self.text[self.words[at].end : self.words[at + 1].start] == " "

    def _capitalised(self, at: int) -> int:
        """The last of the capitalised words from a place, of which a name has two to four."""
        if not self.is_capital(at) or self.lower(at) in _NO_NAMES:
            return at
        last = at
        while (
            last - at < 3
            and self._touch(last)
            and self.is_capital(last + 1)
            and self.lower(last + 1) not in _DAYS
            and not self.is_possessive(last)
        ):
            last += 1
        return last

    # -- What they issued ------------------------------------------------------------------------

    def find_issued(self) -> Iterator[Mention]:
        """What the sentence calls somebody's: "the UN report", "a claim by Bell"."""
        sayings = load_reply_words().sayings
        for at, word in enumerate(self.words):
            head = word.text.removesuffix("'s")
            if head not in sayings or any(m.first <= at <= m.last for m in self.named):
                continue
            found = self._maker_before(at) or self._maker_behind(at, head)
            if found is not None:
                yield Mention(
                    min(at, found.first), max(at, found.last), found.party, DOCUMENT,
                    found.sure, head,
                )  # fmt: skip

    def _find_mentions(self) -> list[Mention]:
        cast = self.cast
        issued = [
            Mention(m.first, m.last, cast.finer(m.party), m.kind, m.sure, m.head)
            for m in self.find_issued()
        ]
        for at, word in enumerate(self.words):
            head = word.text.removesuffix("'s")
            if any(m.first <= at <= m.last for m in issued):
                continue
            first = self._definite(at)
            party = None if first is None else cast.issuer(head, word.start)
            if first is not None and party is not None:
                issued.append(Mention(first, at, party, DOCUMENT, sure=False, head=head))
        alone = [
            each
            for each in self.named
            if not any(m.first <= each.last and each.first <= m.last for m in issued)
        ]
        return sorted([*issued, *alone], key=lambda each: each.first)

    def _maker_before(self, at: int) -> Mention | None:
        for mention in reversed(self.named):
            gap = at - mention.last - 1
            if not 0 <= gap <= 3:
                continue
            between = [self.lower(each) for each in range(mention.last + 1, at)]
            if set(between) & _LINKS or any(
                each.endswith("'s") or not each[0].isalnum() for each in between
            ):
                return None
            if self.is_possessive(mention.last):
                return mention
            # "The Clinton deposition request" is about her, "the UN human rights report" by it.
            return mention if gap <= (mention.kind not in (PERSON, NAME)) else None
        return None

    def _maker_behind(self, at: int, head: str) -> Mention | None:
        words = load_reply_words()
        by = at + 1
        if self.lower(by).endswith("ed") and self.lower(by + 1) == "by":
            by += 1
        if self.lower(by) not in ("by", "from") and not (
            self.lower(by) == "of" and head in words.of_their_maker
        ):
            return None
        return next((m for m in self.named if by < m.first <= by + 3), None)

    def _definite(self, at: int) -> int | None:
        """Where the "the" of a noun stands, if it has one."""
        for before in range(at - 1, max(at - 5, -1), -1):
            text = self.lower(before)
            if text in _DEFINITE:
                return before
            if text in _INDEFINITE or text in _LINKS or not text[0].isalnum():
                return None
        return None
