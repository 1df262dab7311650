"""Whom "he" or "she" may mean, by how likely a reader is to think of each."""

from __future__ import annotations

from collections.abc import Collection

from spacy.tokens import Token

from statements.nlp.namings import Namings
from statements.nlp.people import People, Person, is_subject

_SENTENCES_BACK = 5


def likeliest(
    pronoun: Token, gender: str, people: People, names: Namings, spoke: Collection[str | None]
) -> list[tuple[float, Person]]:
    """The people of fitting gender named shortly before, with a score, the likeliest first.

    ``spoke`` names those who spoke last: they are often quoted on.
    """
    ranked: dict[int, tuple[float, Person]] = {}
    for position, person in people.before(pronoun.i):
        distance = names.distance(position, pronoun.i)
        if distance > _SENTENCES_BACK:
            break
        name = pronoun.doc[position]
        if person.gender not in ("", gender) or names.in_speech(position):
            continue
        score = 1.2 * _is_topic(name) + 0.6 * (person.gender == gender) - distance
        # Whoever is introduced with a post is more often about to speak than spoken of.
        score += 0.3 * (person.post is not None and person.mentions[0] == position)
        score += 0.8 * (person.name in spoke)
        if id(person) not in ranked or ranked[id(person)][0] < score:
            ranked[id(person)] = (score, person)
    return sorted(ranked.values(), key=lambda each: -each[0])


def _is_topic(name: Token) -> bool:
    """Whether a name is a subject, or whose view a sentence begins with: "For Bell, …"."""
    if is_subject(name):
        return True
    while name.dep_ in ("compound", "appos") and name.head.i != name.i:
        name = name.head
    return name.dep_ == "pobj" and name.head.lower_ == "for" and name.head.i == name.sent.start
