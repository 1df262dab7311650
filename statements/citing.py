"""How to cite a quote or a view: for a reference list in APA or Chicago style, and for BibTeX.

Names and titles that may turn the order of what stands beside them are closed off by characters,
of which a page makes elements, so that they are not copied along.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.encoding import iri_to_uri
from django.utils.formats import date_format
from django.utils.text import get_text_list

from statements.bidi import isolated
from statements.models import Quote
from statements.names import name_key

# Lower-case words that belong to the family name after them: "Ursula von der Leyen".
_PARTICLES = frozenset(
    "af al av bin da das de del della den der di do dos du el ibn la le lo op 't te ten ter "
    "van vom von zu zum zur".split()
)
_SUFFIXES = frozenset(["jr", "jr.", "sr", "sr.", "ii", "iii", "iv"])
# A byline with one of these words names no person.
_COLLECTIVE = frozenset(
    "agence agencies agency associated board bureau correspondent correspondents desk editorial "
    "editors media network news newsroom press reporter reporters reuters service staff team "
    "times".split()
)
_MOST_WORDS = 5

_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{each: f"\\{each}" for each in "{}$&%#_"},
    }
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


@dataclass(frozen=True, slots=True)
class Author:
    """One name of a byline; an agency, or a person of one name, has a `family` alone."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def initials(self) -> str:
        """The given names as APA has them: "J.-L." for Jean-Luc."""
        return " ".join(
            "-".join(f"{part[0]}." for part in word.split("-") if part)
            for word in self.given.split()
        )


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote ready to be copied, with the name of the style."""

    key: str
    style: str
    text: str


def citations(quote: Quote, address: str) -> list[Citation]:
    """The quote at this address in every style."""
    return [
        Citation("apa", "APA", apa(quote, address)),
        Citation("chicago", "Chicago", chicago(quote, address)),
        Citation("bibtex", "BibTeX", bibtex(quote, address)),
    ]


def view(sentence: str, address: str) -> str:
    """How to cite what a page of Explore shows, which its sentence says."""
    return f"Newsroom. {_ended(sentence)} {address}"


def apa(quote: Quote, address: str) -> str:
    """The article as APA's reference list has it, and where the quote is to be found.

    Without an author the title comes first.
    """
    article = quote.article
    names = [_apa_name(each) for each in authors(article.byline)]
    # A comma stands before "&" even between two.
    by = ", & ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
    day = f"({date_format(article.published_on, 'Y, F j') if article.published_on else 'n.d.'})."
    title = isolated(_ended(article.title))
    begin = [_ended(by), day, title] if by else [title, day]
    outlet = isolated(_ended(article.outlet.name)) if article.outlet else ""
    return _sentences(*begin, outlet, iri_to_uri(article.url), f"{_who(quote)}: {address}")


def chicago(quote: Quote, address: str) -> str:
    """The article as a bibliography in Chicago style has it, and where the quote is to be found.

    The outlet stands in for an author whom nobody knows.
    """
    article = quote.article
    outlet = isolated(article.outlet.name) if article.outlet else ""
    known = authors(article.byline)
    names = [_inverted(each) for each in known[:1]] + [_straight(each) for each in known[1:]]
    by = ", and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
    day = date_format(article.published_on, "F j, Y") if article.published_on else "n.d."
    printed = f"{outlet}, {day}" if by and outlet else day
    title = f"“{isolated(_ended(article.title))}”"
    where = _ended(iri_to_uri(article.url)) if article.url else ""
    end = f"{_who(quote)}: {_ended(address)}"
    return _sentences(_ended(by or outlet), title, _ended(printed), where, end)


def bibtex(quote: Quote, address: str) -> str:
    """An entry for BibTeX or biber, in UTF-8; the key is the same each time.

    `\\url` in the note needs one of the packages url and hyperref, which nearly every style loads.
    """
    article = quote.article
    known = authors(article.byline)
    day = article.published_on
    who = _who(quote).translate(_BIBTEX)
    fields = {
        "author": f"{{{' and '.join(_bibtex_name(each) for each in known)}}}" if known else "",
        # Twice in braces, so that no style changes its capitals.
        "title": f"{{{{{_bibtex_text(article.title)}}}}}",
        "journal": f"{{{_bibtex_text(article.outlet.name)}}}" if article.outlet else "",
        "year": f"{{{day.year}}}" if day else "",
        # BibTeX's own names of months; styles write them in their language.
        "month": _MONTHS[day.month - 1] if day else "",
        "day": f"{{{day.day}}}" if day else "",
        # What would unbalance the braces around an address has no place in one.
        "url": f"{{{iri_to_uri(article.url)}}}" if article.url else "",
        "note": f"{{{who}: \\url{{{iri_to_uri(address)}}}}}",
    }
    first = known[0].family if known else article.outlet.name if article.outlet else "anonymous"
    lines = [f"  {name} = {value}" for name, value in fields.items() if value]
    kind = "article" if article.outlet else "misc"
    return f"@{kind}{{{_key(first, day, quote)},\n" + ",\n".join(lines) + "\n}"


def authors(byline: str) -> list[Author]:
    """The names in a byline, in its order: "By Ana Ruiz and Bo Lind" has two."""
    text = re.sub(r"^by\s+", "", " ".join(byline.split()), flags=re.IGNORECASE)
    if re.fullmatch(r"[^\s,;&]+, [^,;&]+", text) and not text.split(",")[0].isupper():
        # One word before the only comma is a family name: "Ruiz, Ana".
        family, given = text.split(", ")
        return [_author(f"{given} {family}")]
    # A suffix belongs to the name before its comma.
    text = re.sub(r",(?= (?:Jr|Sr|I{2,3}|IV)\b)", "", text)
    names = re.split(r"\s*(?:[,;]\s*(?:and|&)|[,;&]|\band\b)\s*", text)
    return [_author(name) for name in names if name]


def speakers(quote: Quote) -> str:
    """Who said it, all of several; "" when nobody knows."""
    return get_text_list([voice.name for voice in quote.voices], "and")


def _author(name: str) -> Author:
    words = name.split()
    suffix = ""
    if len(words) > 2 and words[-1].casefold() in _SUFFIXES:
        suffix = words.pop()
    place = len(words) - 1
    while place > 1 and _is_particle(words, place - 1):
        place -= 1
    given, family = words[:place], words[place:]
    is_collective = (
        not 2 <= len(words) <= _MOST_WORDS
        or any(word.casefold() in _COLLECTIVE for word in words)
        or any(word[0].islower() for word in given)
        or any(letter.isdigit() for letter in name)
        or (len(words[-1]) > 2 and words[-1].isupper())
    )
    return Author(name) if is_collective else Author(" ".join(family), " ".join(given), suffix)


def _is_particle(words: list[str], place: int) -> bool:
    """Also "Van" in "Van der Berg": a capital one counts before another."""
    word = words[place]
    if word.casefold() not in _PARTICLES:
        return False
    return word.islower() or words[place + 1].casefold() in _PARTICLES


def _apa_name(author: Author) -> str:
    return _joined(", ", author.family, author.initials, author.suffix)


def _inverted(author: Author) -> str:
    return _joined(", ", author.family, author.given, author.suffix)


def _straight(author: Author) -> str:
    return _joined(" ", author.given, author.family, author.suffix)


def _bibtex_name(author: Author) -> str:
    if not author.given:
        return f"{{{_bibtex_text(author.family)}}}"
    parts = (each.translate(_BIBTEX) for each in (author.family, author.suffix, author.given))
    return _joined(", ", *parts)


def _bibtex_text(text: str) -> str:
    return isolated(text.translate(_BIBTEX))


def _joined(between: str, *parts: str) -> str:
    return between.join(isolated(part) for part in parts if part)


def _who(quote: Quote) -> str:
    who = get_text_list([isolated(voice.name) for voice in quote.voices], "and")
    return f"{who}, as quoted there" if who else "Quoted there"


def _ended(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    return text if not text or text.endswith((".", "?", "!", "…", ".”", "?”", "!”")) else f"{text}."


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _key(name: str, day: date | None, quote: Quote) -> str:
    """Letters and digits alone: "vonderleyen2024-1f0c22ab"."""
    plain = re.sub(r"[^a-z0-9]", "", name_key(name)) or "quote"
    return f"{plain}{day.year if day else ''}-{quote.uuid.hex[:8]}"
