"""The words that report speech, and the frames in which each of them does."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.strings import StringStore

from statements.nlp.words import word_map

# Frames of words that also introduce whole quotations in marks: `said: “…”`, `“…,” she noted`.
_DIRECT_FRAMES = frozenset({"clause", "after", "around", "before"})


@dataclass(frozen=True, slots=True)
class Cues:
    """Cue lemmas by their hash in one vocabulary, so that a token is looked up without a string."""

    lemmas: frozenset[int]
    direct: frozenset[int]
    speech: dict[str, frozenset[str]]
    thought: dict[str, frozenset[str]]

    def act(self, lemma: str, frame: str) -> str | None:
        """ "speech" or "other" for a cue in one of its frames, None where it reports neither."""
        if frame in self.speech.get(lemma, ()):
            return "speech"
        if frame in self.thought.get(lemma, ()):
            return "other"
        return None


def load_cues(strings: StringStore) -> Cues:
    """The cues of the word lists, hashed for one vocabulary."""
    speech = {word: frozenset(frames) for word, frames in word_map("cues.txt").items()}
    thought = {word: frozenset(frames) for word, frames in word_map("thoughts.txt").items()}
    direct = {word for word, frames in speech.items() if frames & _DIRECT_FRAMES}
    return Cues(
        lemmas=frozenset(strings.add(word) for word in {*speech, *thought}),
        direct=frozenset(strings.add(word) for word in direct),
        speech=speech,
        thought=thought,
    )
