"""Rules that find, within one sentence, who takes which side about a thing that is named in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from .stance_lexicon import Predicate, load_lexicon

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|\w+(?:['’\-]\w+)*|\n+|[^\w\s]")
_MARKS = frozenset("“”‘’\"'«»‹›")
_SENTENCE_ENDS = frozenset(".!?")
_BREAKS = _SENTENCE_ENDS | frozenset(";:—–()[]…")

_LEXICON = load_lexicon()
_SMALL = _LEXICON.function_words
_BE, _HAVE = _SMALL["be"], _SMALL["have"]
_FIRST, _THIRD = _SMALL["first_person"], _SMALL["third_person"]
_LIGHT = _BE | _HAVE | _SMALL["light"]
# The object of a verb is not looked for beyond these.
_STOPS = (_SMALL["preposition"] - {"of"}) | _SMALL["conjunction"]
_CLOSED_CLASS = _STOPS | {"of"} | _LIGHT | _SMALL["determiner"] | _THIRD | _FIRST
_REACH = 8
"""How many words away the thing judged may stand."""


class Word(NamedTuple):
    """A word in lower case and its place in the text; a tuple, since texts have very many."""

    text: str
    start: int
    end: int

    @property
    def stem(self) -> str:
        """Without "’s", "’ll" and the like."""
        return self.text.partition("'")[0]


@dataclass(frozen=True, slots=True)
class Mention:
    """Words (first, last) that name the thing; side -1 when it is the opposite of the thing."""

    first: int
    last: int
    side: int


@dataclass(frozen=True, slots=True, order=True)
class Side:
    """A side taken (+1 or -1) and the stretches of text whose words take it; sorts by place."""

    spans: tuple[tuple[int, int], ...]
    side: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Whose words a sentence is made of. With `holders` None anybody's stance in it counts."""

    direct: bool
    holders: frozenset[str] | None

    @property
    def speaking(self) -> frozenset[str]:
        named = (self.holders or frozenset()) | _FIRST
        return named if self.direct else named | _THIRD


def split_sentences(text: str) -> Iterator[list[Word]]:
    """The sentences of a text as lowercase words and breaks, quotation marks left out."""
    words: list[Word] = []
    for match in _TOKEN.finditer(text):
        written = match[0]
        if written in _MARKS:
            continue
        shown = written.lower().replace("’", "'")
        if (
            shown == "."
            and words
            and (words[-1].text in _SMALL["title"] or len(words[-1].text) == 1)
        ):
            continue
        if shown.isspace():
            if words:
                yield words
            words = []
            continue
        words.append(Word(shown, *match.span()))
        if shown in _SENTENCE_ENDS:
            yield words
            words = []
    if words:
        yield words


@dataclass(frozen=True)
class Sentence:
    """One sentence with the places where the thing is named."""

    words: Sequence[Word]
    mentions: Sequence[Mention]
    reading: Reading

    def sides(self) -> Iterator[Side]:
        """Every side taken in it; none from a question or a condition."""
        texts = {word.text for word in self.words}
        if "?" in texts or texts & _SMALL["condition"]:
            return
        for at, predicate in self._predicates():
            last = at + len(predicate.words) - 1
            match predicate.place:
                case "object" | "noun":
                    yield from self._of_object(at, last, predicate)
                case "judgement":
                    yield from self._of_judgement(at, last, predicate)
                case "subject":
                    yield from self._of_subject(at, last, predicate)
                case "action":
                    yield from self._of_action(at, last, predicate)
        yield from self._of_doubt()

    # -- Rules ---------------------------------------------------------------------------------

    def _of_object(self, at: int, last: int, predicate: Predicate) -> Iterator[Side]:
        """ "We reject the report", "our support for the law", "the law was condemned"."""
        found = self._mention_after(last)
        if found is None:
            if predicate.tense == "past" and self.reading.holders is None:
                yield from self._of_passive(at, last, predicate)
            return
        mention, turned = found
        if predicate.words[-1] == "for" and self._text(mention.last + 1) == "to":
            # "We call for the committee to …" asks something of it; _of_action() reads what.
            return
        side = predicate.side * mention.side * turned
        first = at
        denial = self._denial(at)
        if denial is not None:
            if not predicate.plain:
                return
            side, first = -side, denial
        held = self._owned(at) if predicate.place == "noun" else self._held(at, predicate)
        if held:
            yield self._side(side, (first, last))

    def _of_passive(self, at: int, last: int, predicate: Predicate) -> Iterator[Side]:
        auxiliary = self._back(at, within=2, among=_BE)
        if auxiliary is None or self._denied(at):
            return
        mention = self._mention_before(auxiliary)
        if mention:
            yield self._side(predicate.side * mention.side, (at, last))

    def _of_judgement(self, at: int, last: int, predicate: Predicate) -> Iterator[Side]:
        """ "The report is a farce", "called the report a farce", "this shameful report"."""
        if self._denied(at) or self._somebody_elses(at):
            return
        copula = self._back(at, within=5, among=_BE, stops=_STOPS)
        if copula is not None:
            mention = self._mention_before(copula)
            if mention:
                yield self._side(predicate.side * mention.side, (at, last))
            return
        named = self._named_before(at)
        if named:
            mention, naming = named
            yield self._side(predicate.side * mention.side, (at, last), naming)

    def _of_subject(self, at: int, last: int, predicate: Predicate) -> Iterator[Side]:
        """ "The assessment distorts our laws"."""
        if predicate.tense == "gerund" or self._denied(at) or self._somebody_elses(at):
            return
        mention = self._mention_before(at)
        if mention:
            yield self._side(predicate.side * mention.side, (at, last))

    def _of_action(self, at: int, last: int, predicate: Predicate) -> Iterator[Side]:
        """ "We call on them to repeal the law", "the law must be repealed"."""
        denied = -1 if self._denied(at) else 1
        if predicate.tense == "past":
            passive = self._back(at, within=2, among=frozenset({"be"}))
            duty = self._back(passive, within=3, among=_LEXICON.duty) if passive else None
            mention = self._mention_before(duty) if duty is not None else None
            if mention and duty is not None and not self._somebody_elses(at):
                yield self._side(predicate.side * mention.side * denied, (duty, duty), (at, last))
            return
        found = self._mention_after(last)
        wish = self._wish_before(at) if predicate.tense == "base" else None
        if found and wish and not self._somebody_elses(at):
            mention, turned = found
            yield self._side(predicate.side * mention.side * turned * denied, wish, (at, last))

    def _of_doubt(self) -> Iterator[Side]:
        """ "The so-called assessment"."""
        for at, word in enumerate(self.words):
            if word.text in _LEXICON.scare and not self._somebody_elses(at):
                found = self._mention_after(at, reach=3)
                if found:
                    yield self._side(-found[0].side, (at, at))

    # -- What stands where -----------------------------------------------------------------------

    def _predicates(self) -> Iterator[tuple[int, Predicate]]:
        for at in range(len(self.words)):
            seen: set[str] = set()
            for predicate in _LEXICON.forms.get(self.words[at].text, ()):
                if predicate.place not in seen and self._reads(at, predicate.words):
                    seen.add(predicate.place)
                    yield at, predicate

    def _reads(self, at: int, words: Sequence[str]) -> bool:
        return [word.text for word in self.words[at : at + len(words)]] == list(words)

    def _mention_after(self, last: int, reach: int = _REACH) -> tuple[Mention, int] | None:
        """The first mention after a word in its clause, and -1 if words between turn it round."""
        turned = 1
        for at in range(last + 1, min(last + 1 + reach, len(self.words))):
            mention = self._starting.get(at)
            if mention:
                if not self._whole(mention):
                    return None
                return mention, -turned if self._belongs_to_a_turn(mention) else turned
            text = self.words[at].text
            if text in _STOPS or text in _BREAKS or text == ",":
                return None
            if self._is_another_verb(at):
                return None
            if text == "of" and self._text(at + 1).endswith("ing"):
                # "Accused them of building the dam": the reproach is to others.
                return None
            if text in _LEXICON.turn:
                turned = -turned
        return None

    def _is_another_verb(self, at: int) -> bool:
        """Whether a word has an object of its own; after "the" it is a noun: "the release of"."""
        if self.words[at - 1].text in _SMALL["determiner"]:
            return False
        forms = _LEXICON.forms.get(self.words[at].text, ())
        return any(each.place in ("object", "action") for each in forms)

    def _belongs_to_a_turn(self, mention: Mention) -> bool:
        """Whether it is the thing's end that is spoken of: "the minister's swift resignation"."""
        return self.words[mention.last].text.endswith("'s") and any(
            word.text in _LEXICON.turn for word in self.words[mention.last + 1 : mention.last + 4]
        )

    def _text(self, at: int) -> str:
        return self.words[at].text if at < len(self.words) else ""

    def _mention_before(self, at: int) -> Mention | None:
        """The mention that is the subject of the verb at a place."""
        for mention in reversed(self.mentions):
            if mention.last >= at or at - mention.last > _REACH:
                continue
            between = [word.text for word in self.words[mention.last + 1 : at]]
            if set(between) & (_BREAKS | _SMALL["conjunction"] | {","}):
                return None
            rest = [text for text in between if not (text in _LIGHT or text.endswith("ly"))]
            if rest and rest[0] not in _SMALL["preposition"]:
                return None
            if mention.first and self.words[mention.first - 1].text in _SMALL["preposition"]:
                continue
            return mention
        return None

    def _named_before(self, at: int) -> tuple[Mention, tuple[int, int]] | None:
        """The mention that a naming verb joins to the judgement at a place, with the verb."""
        for mention in reversed(self.mentions):
            if not 0 < at - mention.last <= _REACH:
                continue
            if any(word.text in _BREAKS for word in self.words[mention.last + 1 : at]):
                return None
            for verb in range(mention.first - 1, max(mention.first - _REACH, -1), -1):
                forms = _LEXICON.forms.get(self.words[verb].text, ())
                if any(each.place == "naming" for each in forms):
                    return mention, (verb, verb)
                if self.words[verb].text in _BREAKS | _STOPS:
                    return None
        return None

    def _wish_before(self, at: int) -> tuple[int, int] | None:
        """The words that wish for the action at a place, spoken by the holder."""
        for before in range(at - 1, max(at - 20, -1), -1):
            text = self.words[before].text
            if text in _BREAKS:
                return None
            if text in _LEXICON.duty and at - before <= 4:
                return before, before
            if text == "will" and at - before <= 3 and self.words[before - 1].text in _FIRST:
                return before, before
            for each in _LEXICON.forms.get(text, ()):
                if each.place in ("wish", "impersonal") and self._reads(before, each.words):
                    granted = each.place == "impersonal" or self._held(before, each)
                    if self._denied(before) or not granted:
                        return None
                    return before, before + len(each.words) - 1
        return None

    def _denial(self, at: int) -> int | None:
        """The place of the "not" that applies to the word at a place."""
        for before in range(at - 1, max(at - 5, -1), -1):
            text = self.words[before].text
            if text in _BREAKS or text == ",":
                return None
            if text in _SMALL["denial"] or text.endswith("n't"):
                return before
        return None

    def _denied(self, at: int) -> bool:
        return self._denial(at) is not None

    def _held(self, at: int, predicate: Predicate) -> bool:
        """Whether the subject of the verb at a place is the one whose stance is asked for."""
        reading = self.reading
        if reading.holders is None:
            return True
        if predicate.tense == "gerund" or self._somebody_elses(at):
            return False
        before = at
        while before and self._is_light(self.words[before - 1].text):
            before -= 1
        between = {word.text for word in self.words[before:at]}
        if reading.direct and predicate.tense == "past" and not between & _HAVE:
            # "We supported it" tells what was, not what is.
            return False
        if not before or self.words[before - 1].text in _BREAKS:
            return not reading.direct or (predicate.tense == "base" and "to" not in between)
        if self.words[before - 1].text in _SMALL["own"]:
            return self._owned(before - 1)
        subject = self.words[before - 1].stem
        return subject in reading.speaking or ("and" in between and self._speaker_before(before))

    def _speaker_before(self, at: int) -> bool:
        """Whether the nearest pronoun before a place is the speaker's: "we met and rejected it"."""
        for word in reversed(self.words[:at]):
            if word.stem in _FIRST | _THIRD:
                return word.stem in self.reading.speaking
            if word.text in _BREAKS:
                return False
        return False

    def _owned(self, at: int) -> bool:
        if self.reading.holders is None:
            return True
        owners = {"our", "my"} if self.reading.direct else {"its", "his", "her", "their"}
        return any(word.text in owners for word in self.words[max(at - 3, 0) : at])

    def _somebody_elses(self, at: int) -> bool:
        """Whether the speaker only reports it: "they told me it was a farce"."""
        if self.reading.holders is None or not self.reading.direct:
            return False
        return any(
            word.text in _SMALL["speech"]
            and (not before or self.words[before - 1].stem not in _FIRST)
            for before, word in enumerate(self.words[:at])
        )

    @cached_property
    def _starting(self) -> dict[int, Mention]:
        return {mention.first: mention for mention in self.mentions}

    def _whole(self, mention: Mention) -> bool:
        """Whether a mention is not the first half of another thing: "law enforcement"."""
        if mention.last + 1 == len(self.words) or self.words[mention.last].text.endswith("'s"):
            return True
        following = self.words[mention.last + 1].text
        return (
            not following[0].isalpha()
            or following in _CLOSED_CLASS
            or following in _LEXICON.forms
            or following.endswith(("ed", "ly", "ing"))
        )

    @staticmethod
    def _is_light(text: str) -> bool:
        return text in _LIGHT or text.endswith(("ly", "n't"))

    def _back(
        self, at: int, *, within: int, among: Iterable[str], stops: frozenset[str] = _BREAKS
    ) -> int | None:
        """The nearest of some words before a place."""
        for before in range(at - 1, max(at - 1 - within, -1), -1):
            if self.words[before].text in among:
                return before
            if self.words[before].text in stops:
                return None
        return None

    def _side(self, side: int, *places: tuple[int, int]) -> Side:
        """The side with its evidence in text order, an adverb before a word taken along."""
        spans = []
        for first, last in sorted(places):
            if first and self.words[first - 1].text.endswith("ly"):
                first -= 1
            spans.append((self.words[first].start, self.words[last].end))
        return Side(tuple(spans), side)
