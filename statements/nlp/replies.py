"""Who answers whom: whom a quotation answers, cites or rejects, by the words around and in it.

The rules read the text of an article and the quotations that were found in it with their voices;
they need no parse, so that articles stored long ago can be read as cheaply as new ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from statements.nlp.quotation import Span
from statements.nlp.reply_clauses import Clause, Context, Said
from statements.nlp.reply_names import DOCUMENT, Cast, Party, Sentence
from statements.nlp.reply_words import CITES, REBUTS, RESPONDS_TO, load_reply_words
from statements.nlp.stance_clauses import split_sentences

__all__ = ["CITES", "REBUTS", "RESPONDS_TO", "VERSION", "Party", "Reply", "Said", "find_replies"]

# Changes whenever the same text may give other replies than before.
VERSION = 1

_RANK = {REBUTS: 0, CITES: 1, RESPONDS_TO: 2}
_LONGEST_EVIDENCE = 300


@dataclass(frozen=True, slots=True)
class Reply:
    """A proposal: quotation number `said` answers the party, maybe in its `earlier` quotation."""

    said: int
    party: Party
    earlier: int | None
    relation: str
    evidence: Span
    rule: str
    confidence: float


def find_replies(text: str, said: Sequence[Said]) -> list[Reply]:
    """What each quotation answers, in the order of the quotations; one proposal for each party.

    Nobody answers themselves, and a quotation whose speaker is open answers nobody.
    """
    if not said:
        return []
    return list(_Article(text, said).replies())


class _Article:
    """One text with its sentences, who is named in each, and whose words each word is."""

    def __init__(self, text: str, said: Sequence[Said]) -> None:
        self.text, self.said = text, said
        self.sentences = [Sentence(text, words) for words in split_sentences(text)]
        starts = [each.start for each in self.sentences]
        self.context = Context(text, said, self.sentences, starts)
        self._has_names = False

    def _find_names(self) -> None:
        """Find who is named in each sentence, and what they issued; done once."""
        if self._has_names:
            return
        self._has_names = True
        cast = Cast(voice for each in self.said for voice in each.voices)
        for sentence in self.sentences:
            sentence.find_names(cast)
        cast.hear(self.sentences)
        for sentence in self.sentences:
            if not cast.heard.keys().isdisjoint(sentence.written):
                sentence.find_names(cast)
            for mention in sentence.find_issued():
                place = sentence.words[mention.first].start
                if mention.kind == DOCUMENT and not mention.party.name:
                    cast.issued.append((place, mention.head, cast.finer(mention.party)))
        cast.issued += self._sources()
        cast.issued.sort(key=lambda each: each[0])

    def _sources(self) -> Iterator[tuple[int, str, Party]]:
        """The documents that speak themselves: "the report said"."""
        sayings = load_reply_words().sayings
        for each in self.said:
            if each.source is None or len(each.voices) != 1 or each.voices[0].speaker:
                continue
            words = self.text[slice(*each.source)].lower().replace("’", "'").split()
            for word in words:
                if word.strip(",.") in sayings:
                    yield each.source[0], word.strip(",."), each.voices[0]
                    break

    def replies(self) -> Iterator[Reply]:
        for number, each in enumerate(self.said):
            if not each.voices or not each.is_speech:
                continue
            best: dict[Party, Reply] = {}
            for reply in self._of(number):
                known = best.get(reply.party)
                if known is None or _order(reply) < _order(known):
                    best[reply.party] = reply
            yield from sorted(best.values(), key=lambda reply: reply.evidence)

    def _of(self, number: int) -> Iterator[Reply]:
        start, end = self.said[number].passage
        for place in range(self.context.sentence_at(start), len(self.sentences)):
            sentence = self.sentences[place]
            if sentence.start >= end:
                break
            if load_reply_words().firsts.isdisjoint(word.text for word in sentence.words):
                continue
            # Not before it is needed: it takes longer than all the rest.
            self._find_names()
            clause = Clause(self.context, number, place)
            for found in clause.found():
                party = self._other(found.party, number)
                evidence = (sentence.words[found.first].start, sentence.words[found.last].end)
                if party is None or evidence[1] - evidence[0] > _LONGEST_EVIDENCE:
                    continue
                yield Reply(
                    number, party, self.earlier(party, number), found.relation, evidence,
                    found.rule, found.confidence,
                )  # fmt: skip

    def _other(self, party: Party, number: int) -> Party | None:
        """The party unless the quotation is its own; a colleague is answered as a person."""
        voices = self.said[number].voices
        if party.speaker and party.speaker in {each.speaker for each in voices}:
            return None
        if party.actor and party.actor in {each.actor for each in voices}:
            return replace(party, actor=None) if party.speaker else None
        return party

    def earlier(self, party: Party, number: int) -> int | None:
        """The party's nearest quotation before this one."""
        for before in range(number - 1, -1, -1):
            for voice in self.said[before].voices:
                if party.speaker and voice.speaker == party.speaker:
                    return before
                if not party.speaker and party.actor and voice.actor == party.actor:
                    return before
        return None


def _order(reply: Reply) -> tuple[float, int, int]:
    return -reply.confidence, _RANK[reply.relation], reply.evidence[0]
