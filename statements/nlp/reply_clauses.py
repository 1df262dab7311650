"""Rules that find, within one sentence, whom a quotation answers, cites or rejects."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from statements.nlp.quotation import Span
from statements.nlp.reply_names import (
    DOCUMENT,
    GENERIC,
    NAME,
    PEOPLE,
    PERSON,
    PLACE,
    TITLES,
    Mention,
    Party,
    Sentence,
)
from statements.nlp.reply_words import (
    CITES,
    REBUTS,
    RESPONDS_TO,
    Form,
    Forms,
    load_reply_words,
    small_words,
)

# How probable a proposal is, by hand: named where the verb stands, in what is said, or guessed.
SURE, LIKELY, UNSURE = 0.9, 0.7, 0.5
_STEP_DOWN = {SURE: LIKELY, LIKELY: UNSURE, UNSURE: UNSURE}

_FIRST = frozenset({"i", "we", "i'm", "we're", "i've", "we've", "i'd", "we'd", "i'll", "we'll"})
_THIRD = frozenset({"he", "she", "it", "they"})
_BE, _HAVE = small_words("be"), small_words("have")
_LIGHT = small_words("light", "be", "have")
_DENIAL = small_words("denial") | frozenset({"avoid", "avoids", "avoided", "avoiding"})
_STOPS = small_words("conjunction", "preposition") - {"of", "by", "from", "and"} | frozenset(
    {"saying", "adding", "to", ";", ":", "—", "–", "(", ")", "[", "]", "…", ","}
)
_PREPOSITIONS, _CONJUNCTIONS = small_words("preposition"), small_words("conjunction")
_DETERMINERS = small_words("determiner")
_CLOSED = small_words("preposition", "conjunction", "be", "have", "light", "denial", "third_person")
_REACH, _NEAR, _JUDGED_WITHIN, _SUBJECT_WITHIN = 9, 4, 12, 12
_BEFORE_JUDGEMENT = frozenset({"a", "an", "the", "such", "so", "just", "very", "simply"})
# A party is who was asked, and not who asks, behind these.
_ASKED = frozenset({"asked", "pressed"})


@dataclass(frozen=True, slots=True)
class Said:
    """A quotation as the rules need it; `is_speech` is false for thoughts and findings."""

    parts: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    voices: tuple[Party, ...]
    is_speech: bool = True
    passage: Span = field(init=False)
    """From the first to the last of its words, with those that say who said it."""

    def __post_init__(self) -> None:
        spans = [*self.parts, *(each for each in (self.cue, self.source) if each)]
        passage = min(start for start, _ in spans), max(end for _, end in spans)
        object.__setattr__(self, "passage", passage)


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found in a sentence: words (first, last) that show the relation to a party."""

    party: Party
    relation: str
    first: int
    last: int
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Context:
    """A text with its quotations, and its sentences with who is named in each."""

    text: str
    said: Sequence[Said]
    sentences: Sequence[Sentence]
    starts: Sequence[int]

    def sentence_at(self, place: int) -> int:
        """The number of the sentence in which a character stands."""
        return max(bisect_left(self.starts, place + 1) - 1, 0)


class Clause:
    """One sentence as far as one quotation reaches into it."""

    def __init__(self, article: Context, number: int, place: int) -> None:
        self.article, self.number, self.place = article, number, place
        self.said = article.said[number]
        self.sentence = article.sentences[place]
        self.words = self.sentence.words
        self.lexicon = load_reply_words()
        near = [
            (index, each)
            for index, each in enumerate(article.said)
            if each.passage[0] < self.sentence.end and self.sentence.start < each.passage[1]
        ]
        # Whose quotation each word is part of; None for the reporter's own words.
        self.zones = [
            next((index for index, each in near if _inside(word.start, each.parts)), None)
            for word in self.words
        ]
        self.near = near
        marks = article.text[max(self.said.parts[0][0] - 1, 0) : self.said.parts[0][0]]
        self.is_direct = marks in ("“", '"', "‘", "'")

    def found(self) -> Iterator[Found]:
        for at, zone in enumerate(self.zones):
            if self.words[at].text not in self.lexicon.firsts:
                continue
            if zone is None:
                yield from self._of_reporter(at)
            elif zone == self.number:
                yield from self._of_speaker(at)

    # -- In the reporter's words -------------------------------------------------------------------

    def _of_reporter(self, at: int) -> Iterator[Found]:
        judged = self._naming(at) if self._owner(at) == self.number else None
        if judged:
            yield judged
            return
        for form in self._forms(self.lexicon.verbs, at):
            last = at + len(form.words) - 1
            is_cue = self._is_cue(at)
            if self._owner(at) != self.number or self._denied(at):
                return
            if form.tense == "past" and not is_cue and self.sentence.lower(last + 1) == "by":
                return
            yield from self._of_verb(at, form, "verb", SURE)
            return
        for form in self._forms(self.lexicon.phrases, at):
            # "According to CNN" names whom the reporter cites, not the speaker.
            loose = form.relation != CITES and self._owner(at, loose=True) == self.number
            if loose and not self._is_cue(at):
                for mention in self._objects(at + len(form.words) - 1):
                    if not self._is_source(mention):
                        yield self._step(
                            mention, form.relation, (at, mention.last), "phrase", LIKELY
                        )
        if self._is_cue(at) and any(self._forms(self.lexicon.replied, at)):
            yield from self._replied(at)

    def _of_verb(self, at: int, form: Form, rule: str, confidence: float) -> Iterator[Found]:
        """The parties that a verb of answering, citing or rejecting has as its object."""
        wishes = any(self._forms(self.lexicon.wishes, at))
        last = at + len(form.words) - 1
        for mention in self._objects(last, theirs=form.relation == REBUTS):
            if not wishes or self.sentence.lower(mention.last + 1) == "to":
                found = self._step(mention, form.relation, (at, mention.last), rule, confidence)
                if mention.kind != DOCUMENT and self.sentence.is_possessive(mention.last):
                    # "Criticised Bell’s record": what is theirs, not what they said.
                    found = replace(found, confidence=_STEP_DOWN[found.confidence])
                yield found

    def _replied(self, at: int) -> Iterator[Found]:
        """Whoever spoke last is who is replied to, unless a reporter asked."""
        around = {word.text for word in self.words}
        if (
            around & _ASKED
            or self._denied(at)
            or self.article.sentences[self.place].lower(at + 1) == "to"
        ):
            return
        mine = self.said.voices
        for before in range(self.number - 1, -1, -1):
            other = self.article.said[before]
            if self.place - self.article.sentence_at(other.passage[0]) > 2:
                return
            if other.voices and not set(other.voices) & set(mine):
                yield Found(other.voices[0], RESPONDS_TO, at, at, "replied", UNSURE)
                return

    def _naming(self, at: int) -> Found | None:
        """ "Called the report a farce"."""
        form = next(self._forms(self.lexicon.naming, at), None)
        if form is None:
            return None
        for mention in self._objects(at, judged=True):
            for end in range(mention.last + 1, min(mention.last + _JUDGED_WITHIN, len(self.words))):
                judgement = next(self._forms(self.lexicon.judgement, end), None)
                if judgement is not None:
                    last = end + len(judgement.words) - 1
                    return self._step(mention, REBUTS, (at, last), "naming", SURE)
                if self.words[end].text in (";", ":", "but", "after", "because"):
                    break
        return None

    def _owner(self, at: int, *, loose: bool = False) -> int | None:
        """To whose quotation a verb of the reporter's belongs: its cue, or its source's verb."""
        for index, each in self.near:
            if each.cue and self._overlaps(at, each.cue):
                return index
        gerund = self.words[at].text.endswith("ing")
        best: int | None = None
        for index, each in self.near:
            if not each.voices or not each.source:
                continue
            if loose or gerund:
                if best is None:
                    best = index
            elif each.source[1] <= self.words[at].start and self._follows(at, each.source):
                best = index
        return best

    def _follows(self, at: int, source: Span) -> bool:
        """Whether the source is the subject of a verb: it stands before it, or before an "and"."""
        before = at - 1
        while before >= 0 and self._is_light(before) and self.words[before].text != "and":
            before -= 1
        if before < 0:
            return False
        word = self.words[before]
        if source[0] <= word.start < source[1]:
            return True
        between = self.zones[before:at]
        return word.text == "and" and all(zone is None for zone in between)

    # -- In what is said ---------------------------------------------------------------------------

    def _of_speaker(self, at: int) -> Iterator[Found]:
        if self._is_own_verb(at):
            judged = self._naming(at)
            if judged:
                yield replace(judged, confidence=_STEP_DOWN[judged.confidence])
                return
            for form in self._forms(self.lexicon.verbs, at):
                # "We rejected it" tells what was; "it rejected it" is how reporters tell what is.
                if not self._denied(at) and not (self.is_direct and form.tense == "past"):
                    yield from self._of_verb(at, form, "said", LIKELY)
                return
        for form in self._forms(self.lexicon.phrases, at):
            for mention in self._objects(at + len(form.words) - 1):
                yield self._step(mention, form.relation, (at, mention.last), "said", LIKELY)
            return
        for forms, relation, rule in (
            (self.lexicon.subject, REBUTS, "subject"),
            (self.lexicon.judgement, REBUTS, "judgement"),
            (self.lexicon.finding, CITES, "finding"),
            (self.lexicon.duty, RESPONDS_TO, "duty"),
        ):
            for form in self._forms(forms, at):
                yield from self._of_subject(at, form, relation, rule)
                break

    def _of_subject(self, at: int, form: Form, relation: str, rule: str) -> Iterator[Found]:
        """ "The assessment distorts our laws", "the report is a farce", "China must release"."""
        last = at + len(form.words) - 1
        if self._denied(at) or form.tense == "gerund":
            return
        if rule == "duty" and self.sentence.lower(last + 1) == "be":
            # "They must be stopped" asks somebody else.
            return
        verb = at
        if rule == "judgement":
            copula = [b for b in range(max(at - 4, 0), at) if self.words[b].text in _BE]
            if not copula or not all(
                self._is_light(b) or self.words[b].text in _BEFORE_JUDGEMENT
                for b in range(copula[-1] + 1, at)
            ):
                return
            verb = copula[-1]
        mention = self._subject(verb, within=_SUBJECT_WITHIN if relation == REBUTS else 3)
        if mention is None:
            return
        # A place is judged for what it is; only what it says is answered.
        says = mention.kind in (DOCUMENT, PERSON)
        if (rule in ("judgement", "finding", "subject") and not says) or (
            rule == "duty" and mention.kind == DOCUMENT
        ):
            return
        if rule == "duty" and not self.is_direct:
            return
        found = self._step(mention, relation, (mention.first, last), rule, LIKELY)
        yield replace(found, confidence=UNSURE) if mention.kind == PLACE else found

    def _subject(self, at: int, *, within: int) -> Mention | None:
        for mention in reversed(self.sentence.mentions):
            if mention.last >= at:
                continue
            between = range(mention.last + 1, at)
            if len(between) > within or any(not self.words[b].text[0].isalnum() for b in between):
                return None
            rest = [b for b in between if not self._is_light(b)]
            if rest and self.words[rest[0]].text not in _PREPOSITIONS:
                return None
            if mention.first and self.words[mention.first - 1].text in _PREPOSITIONS:
                continue
            if rest and len(rest) > 1 and mention.kind != DOCUMENT:
                return None
            whole = self._is_whole(mention, at_subject=True) and self._begins(mention)
            return mention if whole else None
        return None

    def _begins(self, mention: Mention) -> bool:
        """Whether a mention begins its clause: "behind front-runner Bell" is no subject."""
        before = mention.first - 1
        while before >= 0 and (
            self.sentence.lower(before) in TITLES or self.sentence.lower(before) in _DETERMINERS
        ):
            before -= 1
        if before < 0 or self.zones[before] != self.number:
            return True
        text = self.words[before].text
        return not text[0].isalnum() or (text in _CONJUNCTIONS and text not in ("than", "as"))

    def _is_own_verb(self, at: int) -> bool:
        """Whether the speaker is the subject: "we strongly reject", or "it firmly opposed"."""
        before = at - 1
        while before >= 0 and self.zones[before] == self.number and self._is_light(before):
            before -= 1
        if before < 0:
            return False
        text = self.words[before].text
        if text in _FIRST:
            return True
        if self.zones[before] != self.number:
            return False
        return (
            not self.is_direct
            and text in _THIRD
            and not any(
                each.kind == PERSON and self.zones[each.first] == self.number and each.last < before
                for each in self.sentence.mentions
            )
        )

    # -- Whom words name ---------------------------------------------------------------------------

    def _objects(
        self, last: int, *, judged: bool = False, theirs: bool = False
    ) -> Iterator[Mention]:
        """The party that a verb or phrase is about, and those that "and" joins to it."""
        mentions = {each.first: each for each in self.sentence.mentions}
        at = last + 1
        for at in range(last + 1, min(last + 1 + _REACH, len(self.words))):
            mention = mentions.get(at)
            if mention is not None:
                if self._is_whole(mention, judged=judged, theirs=theirs) and self._is_reached(
                    last, at, mention
                ):
                    yield mention
                    behind = mention.last + 1
                    joined = mentions.get(behind + 1)
                    is_joined = self.sentence.lower(behind) == "and" and joined is not None
                    if is_joined and joined and self._is_whole(joined, theirs=theirs):
                        yield joined
                return
            text = self.words[at].text
            if text in ("it", "this") and at == last + 1 and (judged or theirs):
                spoken = self._spoken_of()
                if spoken is not None:
                    yield replace(spoken, first=at, last=at, sure=False)
                return
            if text in _STOPS or (text in _BE | _HAVE):
                return

    def _is_reached(self, last: int, at: int, mention: Mention) -> bool:
        """Whether the words between a verb and a name leave it the verb's object."""
        between = [self.words[each].text for each in range(last + 1, at)]
        if mention.kind == DOCUMENT:
            return True
        if "of" in between or "and" in between:
            return False
        if "by" in between or "from" in between:
            return mention.kind != PLACE
        return len(between) <= _NEAR and not any(
            word.endswith("s") and word not in ("u.s.", "has") and between.index(word) > 0
            for word in between
        )

    def _spoken_of(self) -> Mention | None:
        """The document that "it" means: the last one of the sentence before."""
        if not self.place:
            return None
        before = self.article.sentences[self.place - 1]
        documents = [each for each in before.mentions if each.kind == DOCUMENT]
        return documents[-1] if documents else None

    def _is_whole(
        self,
        mention: Mention,
        *,
        judged: bool = False,
        theirs: bool = False,
        at_subject: bool = False,
    ) -> bool:
        """Whether a name is not said only of something else: "Clinton supporters"."""
        if mention.kind == DOCUMENT:
            return True
        follows = self.sentence.lower(mention.last + 1)
        if self.sentence.is_possessive(mention.last):
            near = {self.sentence.lower(mention.last + step) for step in (1, 2)}
            return bool(near & self.lexicon.offices) or (
                theirs and mention.kind not in (PLACE, PEOPLE)
            )
        if not follows or not follows[0].isalnum() or follows in _CLOSED:
            return mention.kind != PEOPLE
        if mention.kind in (PEOPLE, PLACE) and follows in self.lexicon.offices:
            return True
        if mention.kind == PEOPLE:
            return False
        return judged or at_subject or follows.endswith(("ly", "ed", "ing")) or self._day(follows)

    @staticmethod
    def _day(word: str) -> bool:
        return word.endswith("day") or word in ("last", "this", "earlier", "later", "again")

    def _step(
        self, mention: Mention, relation: str, span: tuple[int, int], rule: str, confidence: float
    ) -> Found:
        sure = mention.sure and mention.kind not in (NAME, GENERIC)
        return Found(
            mention.party, relation, *span, rule, confidence if sure else _STEP_DOWN[confidence]
        )

    # -- Words -------------------------------------------------------------------------------------

    def _forms(self, forms: Forms, at: int) -> Iterator[Form]:
        for form in forms.get(self.words[at].text, ()):
            if [w.text for w in self.words[at : at + len(form.words)]] == list(form.words):
                yield form

    def _is_cue(self, at: int) -> bool:
        return self.said.cue is not None and self._overlaps(at, self.said.cue)

    def _overlaps(self, at: int, span: Span) -> bool:
        return self.words[at].start < span[1] and span[0] < self.words[at].end

    def _is_source(self, mention: Mention) -> bool:
        start, end = self.words[mention.first].start, self.words[mention.last].end
        return any(each.source and each.source[0] < end and start < each.source[1]
                   for _, each in self.near)  # fmt: skip

    def _is_light(self, at: int) -> bool:
        text = self.words[at].text
        return text in _LIGHT or text.endswith("ly")

    def _denied(self, at: int) -> bool:
        before: Iterable[str] = (self.words[b].text for b in range(max(at - 3, 0), at))
        if any(text in _DENIAL or text.endswith("n't") for text in before):
            return True
        return any(self.words[b].text == "neither" for b in range(max(at - 10, 0), at))


def _inside(place: int, parts: Collection[Span]) -> bool:
    return any(start <= place < end for start, end in parts)
