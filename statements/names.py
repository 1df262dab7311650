"""Names as keys: the form in which two spellings of a name compare and sort alike."""

from __future__ import annotations

import re
import unicodedata

from django.utils.text import slugify

_SPACES = re.compile(r"\s+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


def name_key(name: str) -> str:
    """Casefolded, without accents, curly marks or doubled spaces: "José  Peña" → "jose pena".

    Stored beside each name and sorted by, because the bundled server has no ICU collations.
    """
    plain = unicodedata.normalize("NFKD", name.translate(_QUOTES))
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    return _SPACES.sub(" ", letters).strip().casefold()


def name_slug(name: str, taken: set[str] | frozenset[str] = frozenset()) -> str:
    """A slug for a URL, numbered when `taken` holds it; names without Latin letters get "name"."""
    base = slugify(name_key(name))[:80].strip("-") or "name"
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def initials(name: str) -> str:
    """At most two letters for a round badge: of the first and last capitalised word."""
    words = [word for word in name.split() if word[:1].isupper()] or name.split()
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]) if words else "?"
