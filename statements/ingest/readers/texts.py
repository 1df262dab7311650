"""Text as it is stored: composed characters, plain line ends, no control characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Ends of lines that are not LF: CR, NEL, line and paragraph separator, vertical tab, form feed.
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\x0b]")
_PARAGRAPH_ENDS = re.compile("[\u2029\x0c]")
# Controls other than tab and LF, a byte order mark inside the text, and what is no character.
# Marks of direction and joiners stay: right-to-left text is wrong without them.
_UNSAID = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BLANKS = re.compile(r"[ \t]+\n")


def cleaned(text: str) -> str:
    """The text with composed characters (NFC) and LF, without control characters.

    Halves of characters that JSON can carry become the replacement character, since no database
    stores them.
    """
    text = _PARAGRAPH_ENDS.sub("\n\n", _LINE_ENDS.sub("\n", text))
    text = _SURROGATES.sub("\ufffd", _UNSAID.sub("", text))
    return unicodedata.normalize("NFC", text)


def one_line(text: object, longest: int = 1_000) -> str:
    """A title, name or address: on one line, without surrounding blanks."""
    if not isinstance(text, str):
        return ""
    return " ".join(cleaned(text[: 4 * longest]).split())[:longest]


def in_paragraphs(parts: Iterable[str]) -> str:
    """The paragraphs with a blank line between each two; empty ones are left out."""
    kept = (_BLANKS.sub("\n", cleaned(part).strip()) for part in parts)
    return "\n\n".join(part for part in kept if part)


def spaced(text: str) -> str:
    """The text with a blank line between lines, when it has none: each line was a paragraph."""
    text = cleaned(text).strip()
    return text if "\n\n" in text else in_paragraphs(text.split("\n"))
