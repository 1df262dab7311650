"""Which party a phrase names: "Chinese foreign ministry spokesman", "Oxford University"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from statements.nlp.gazetteer import Match, Organisation, load_gazetteer
from statements.nlp.words import word_map, word_set

# Words that tell a kind only when nothing better does: "university president", "union officer".
_WEAK_KINDS = frozenset(
    """president governor mayor cabinet administration general officer study school department
    mission committee assembly association campaign group organisation organization officials
    official power network commission candidate king queen prince secretary executive people woman
    man student students workers worker authority energy industry house coalition trader
    columnist researcher doctor researchers chief-executive association daily times editor
    employer volunteers scientist economist historian academic scholar""".split()
)
_SPOKEN_FOR = frozenset({"spokesman", "spokeswoman", "spokesperson", "official", "officials"})
_LOCAL = frozenset(
    "mayor governor gov. council councillor city county provincial municipal municipality".split()
)
_SMALL = frozenset({"of", "the", "for", "and", "on", "in", "de", "&", "to"})
# Capitalised only because a sentence begins with them.
_COUNTING = frozenset(
    """other some many several most all few two three four both one a an the no former
    presumptive""".split()
)
_POSSESSIVE = frozenset({"'s", "’s"})
_SEEKING = frozenset({"candidate", "nominee", "contender"})
_APOSTROPHES = frozenset({"'", "’"})
# The kind of titles whose words tell another kind when alone: "general secretary".
_NEUTRAL = "-"
_CHAMBERS = frozenset(
    "house senate congress congressional parliament parliamentary commons assembly select".split()
)
_PARLIAMENTS = frozenset({"parliament", "congress", "senate", "assembly"})


@dataclass(frozen=True, slots=True)
class Party:
    """A party that takes positions; ``settled`` when the text or a list leaves no doubt of it."""

    name: str | None
    type: str
    country: str = ""
    settled: bool = False
    parent: str = ""


def government_of(code: str, *, settled: bool = True) -> Party:
    """The government of a country."""
    return Party(load_gazetteer().government(code), "government", code, settled)


def known_party(organisation: Organisation) -> Party:
    """The party a known organisation is; a ministry speaks for its government."""
    if organisation.parent == "government":
        return government_of(organisation.country)
    return Party(
        organisation.name, organisation.type, organisation.country, True, organisation.parent
    )


def party_named(words: Sequence[str]) -> Party | None:
    """The party that is named by these words and nothing else: "Beijing", "the UN", "Kenya"."""
    gazetteer = load_gazetteer()
    bare = [word for word in words if word not in _POSSESSIVE]
    while bare and bare[0].lower() in ("the", "a", "an"):
        bare = bare[1:]
    organisation = gazetteer.organisations.get(bare)
    if organisation is not None:
        return known_party(organisation)
    code = gazetteer.countries.get(bare) or gazetteer.metonyms.get(bare)
    return government_of(code) if code is not None else None


def speaks_for_state(party: Party, words: Sequence[str]) -> bool:
    """Whether a post or body without a country is one of a national government."""
    return party.type == "government" and not _LOCAL & {word.lower() for word in words}


def party_of(words: Sequence[str], places: frozenset[str] = frozenset()) -> Party | None:
    """The party that a noun phrase names or belongs to, or only its kind, or None.

    ``places`` are capitalised names the article treats as places and no list knows.
    """
    bare = [word for word in _without_addressee(words) if word not in _POSSESSIVE]
    if not bare:
        return None
    whole = party_named(bare)
    if whole is not None:
        return whole
    gazetteer = load_gazetteer()
    lower = [word.lower() for word in bare]
    country = gazetteer.country_in(bare)
    if country is not None and _is_addressed(lower, country):
        country = None
    kind = _kind_of(lower)
    organisation = _organisation_in(words, bare, lower)
    if organisation is not None:
        mission = kind == "government" and country is not None
        if not (mission and country is not None and country.start < organisation.start):
            return known_party(organisation.value)
    post = next(gazetteer.country_posts.matches(lower), None)
    if post is not None:
        return government_of(post.value)
    if kind is None and country is not None and set(lower) & _SPOKEN_FOR:
        kind = "government"
    if kind is None:
        return None
    if kind == "government":
        if _LOCAL & set(lower):
            # Georgia's governor and Mexico City's mayor are of no country's government.
            place = _unlisted_place(bare, places)
            people = country is not None and gazetteer.demonyms.get(
                bare[country.start : country.end]
            )
            return Party(f"Government of {place}" if place else None, "government", people or "")
        if country is not None:
            return government_of(country.value)
        place = _unlisted_place(bare, places)
        return Party(f"Government of {place}" if place else None, "government")
    return _by_kind(bare, lower, kind, country.value if country else "", places)


def _without_addressee(words: Sequence[str]) -> Sequence[str]:
    """The words of a post without whom it is sent to or what it is sought for.

    "Ambassador to the United Nations", "candidate for president".
    """
    for index in range(1, len(words)):
        before = words[index - 1].lower()
        sent = words[index] == "to" and before in word_set("posts.txt")
        if sent or words[index] == "for" and before in _SEEKING:
            return words[:index]
    return words


def _by_kind(
    bare: Sequence[str], lower: Sequence[str], kind: str, country: str, places: frozenset[str]
) -> Party:
    """A party no list knows, under the proper name the phrase gives it, if it does."""
    if "opposition" in lower and kind not in ("legislature", "media"):
        kind = "party"
    name = _proper_name(bare, lower, kind)
    if kind == "citizen" and name is not None:
        kind = "labour" if {"workers", "farmers"} & set(lower) else "civil_society"
    house = next((word for word in lower if word in _PARLIAMENTS), None)
    if name is None and kind == "legislature" and house is not None:
        names = load_gazetteer().country_names
        place = names[country] if country else _unlisted_place(bare, places - {house.title()})
        name = f"{house.capitalize()} of {place}" if place else None
    if name is not None and lower[-1] == "committee" and not _CHAMBERS & set(lower):
        kind = "unknown"
    return Party(name, kind, country)


def _organisation_in(
    words: Sequence[str], bare: Sequence[str], lower: Sequence[str]
) -> Match[Organisation] | None:
    """The first known organisation that the words name and that is not only spoken to."""
    for match in load_gazetteer().organisations.matches(bare):
        if not _is_addressed(lower, match):
            return None if _is_longer_name(words, match, bare) else match
    return None


def _is_addressed(lower: Sequence[str], match: Match[object]) -> bool:
    """Whether a name is only whom somebody is sent to: "ambassador to the UN"."""
    before = [word for word in lower[max(match.start - 2, 0) : match.start] if word != "the"]
    return bool(before) and before[-1] in ("to", "against")


def _is_longer_name(
    words: Sequence[str], organisation: Match[Organisation], bare: Sequence[str]
) -> bool:
    """Whether a proper name only contains a known one: "Guardian Industries"."""
    if organisation.end - organisation.start > 1 or organisation.end >= len(bare):
        return False
    at = list(words).index(bare[organisation.start])
    if at + 1 < len(words) and words[at + 1] in _POSSESSIVE:
        return False
    following = bare[organisation.end]
    capital = following[:1].isupper() and not following.isupper()
    return capital and _kind_of([following.lower()]) is not None


def _kind_of(lower: Sequence[str]) -> str | None:
    found = [m for m in load_gazetteer().kinds.matches(lower) if m.value != _NEUTRAL]
    strong = [m for m in found if " ".join(lower[m.start : m.end]) not in _WEAK_KINDS]
    if strong:
        return strong[-1].value if strong[-1].end == len(lower) else strong[0].value
    return found[-1].value if found else None


def _unlisted_place(bare: Sequence[str], places: frozenset[str]) -> str | None:
    """The place a government phrase names though no list does: "Varonia's foreign minister"."""
    for word in bare:
        if word in places:
            return word
    for word in bare:
        if word[:1].isupper() and len(word) > 4:
            stem = word[: max(4, len(word) - 3)]
            found = [place for place in places if place.startswith(stem)]
            if len(found) == 1:
                return found[0]
    return None


def _proper_name(bare: Sequence[str], lower: Sequence[str], kind: str) -> str | None:
    """The capitalised words around the word that tells the kind: "Bank of Ruritania"."""
    if kind == "party" and "campaign" in lower:
        return _campaign(bare, lower)
    for match in load_gazetteer().kinds.matches(lower):
        if match.value != kind and kind != "party" or not bare[match.start][:1].isupper():
            continue
        start, end = match.start, match.end
        if lower[end - 1] in word_set("posts.txt") and lower[end : end + 1] == ["of"]:
            # "CEO of the Builders Association"
            continue
        while start > 0 and _belongs(bare, start - 1, -1):
            start -= 1
        while end < len(bare) and _belongs(bare, end, 1):
            end += 1
        while start < match.start and _is_place_of(bare, start):
            start += 1
        if end > match.end and lower[end - 1] in word_set("posts.txt"):
            # "Green Party Leader" names a party, "Police Commissioner" none.
            end = match.end
        elif lower[match.end - 1] in word_set("posts.txt") and end == match.end:
            if kind != "party":
                continue
            end -= 1
        if end - start > min(match.end, end) - match.start:
            return join_words(bare[start:end]).rstrip("'’ ")
    return None


def _is_place_of(bare: Sequence[str], start: int) -> bool:
    """Whether a country stands before a name that is whole without it: "Kenya's Green Party"."""
    following = bare[start + 1 :]
    listed = load_gazetteer().countries.get([bare[start]]) is not None
    return listed and len(following) > 1 and following[0][:1].isupper()


def _campaign(bare: Sequence[str], lower: Sequence[str]) -> str | None:
    """Whose campaign a phrase names: "Bell’s presidential campaign" gives "Bell campaign"."""
    end = lower.index("campaign")
    while end > 0 and bare[end - 1].islower() and lower[end - 1] not in _SMALL:
        end -= 1
    start = end
    while start > 0 and bare[start - 1][:1].isupper() and lower[start - 1] not in _COUNTING:
        if lower[start - 1] in word_map("titles.txt"):
            break
        start -= 1
    return f"{join_words(bare[start:end])} campaign" if start < end else None


def _belongs(bare: Sequence[str], index: int, step: int) -> bool:
    word = bare[index]
    if word in _APOSTROPHES:
        return bare[index - 1][:1].isupper() if index else False
    if word[:1].isupper():
        return word.lower() not in _COUNTING
    beyond = index + step
    if word == "in" and step > 0:
        # Where a body sits is no part of its name: "Leeds University in Yorkshire".
        return False
    return word in _SMALL - {"the"} and 0 <= beyond < len(bare) and bare[beyond][:1].isupper()


def join_words(words: Sequence[str]) -> str:
    """The words as text, hyphens and apostrophes without the spaces of the tokenizer."""
    text = " ".join(words)
    for joined in ("-", "/"):
        text = text.replace(f" {joined} ", joined)
    return text.replace(" '", "'").replace(" ’", "’").replace(" ,", ",")
