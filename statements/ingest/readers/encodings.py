"""Which encoding bytes are in, and how sure that is."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from statements.ingest.readers.reading import Refused

# As much as this around the first letters beyond ASCII is looked at to tell encodings apart.
SAMPLE = 60_000
# Below this the reader is asked to look at the result.
SURE = 0.8
# As sure as one can be when another encoding gives a text about as likely.
UNSURE = 0.6
CLOSE = 0.06

_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
# Control characters that texts do not have; escape (0x1b) switches character sets in Japanese.
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
# What windows-1252 adds to ASCII in texts of western Europe: letters between letters, and signs.
_WESTERN = re.compile(
    r"(?:[\x00-\x7f]|(?<![a-zA-Z])[¿¡«‹„‚€£§©®°·–—…“”‘’»›\xa0]|[“”‘’»›«,…–—°·®™€£§ªº\xa0]"
    r"|[àâäáãåæçèéêëìíîïñòóôöøùúûüœßÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖØÙÚÛÜŒ])*+"
)
# Signs within words, such as powiedzia³: letters read in the wrong encoding.
_ODD = re.compile(r"[^\W\d_][¹²³¸¨´ˇ¯¿¡¦¶§°±¤×÷¬©®†‡]|[¹²³¸¨ˇ¯¶±¤×÷¬¼½¾][^\W\d_]")
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})"""
    rb"""|<\?xml[^>]{0,100}?encoding\s*=\s*["']([a-zA-Z0-9_:.-]{2,40})"""
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the encoding it was read in and how sure that encoding is, from 0 to 1."""

    text: str
    encoding: str
    confidence: float
    # How many bytes did not fit and became �.
    replaced: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What the person who imports should know; nothing of plain UTF-8."""
        if self.replaced:
            return (
                f"Read as {self.encoding}, in which {self.replaced:,} of its characters are not; "
                "look for � in the text.",
            )
        if self.encoding == "utf-8" and self.confidence == 1:
            return ()
        if self.confidence == 1:
            return (f"Read as {self.encoding}.",)
        look = "" if self.confidence >= SURE else "; check its letters, or say which it is in"
        return (f"Read as {self.encoding}, {self.confidence:.0%} sure{look}.",)


def decoded(raw: bytes, encoding: str = "") -> Decoded:
    """The text in these bytes; raises Refused when they are no text or in no known encoding."""
    if encoding:
        return _as_told(raw, encoding)
    for mark, codec in _MARKS:
        if raw.startswith(mark):
            try:
                shown = codec.removesuffix("-sig")
                return Decoded(raw.decode(codec).removeprefix("\ufeff"), shown, 1.0)
            except UnicodeDecodeError:
                raise Refused(
                    f"It begins as {codec.removesuffix('-sig')} but is not throughout; "
                    "save it again as UTF-8."
                ) from None
    if b"\0" in raw:
        return _without_mark(raw)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return _told_apart(raw)
    if b"\x1b$" in raw or b"\x1b(" in raw:
        try:
            return Decoded(raw.decode("iso2022_jp"), "iso-2022-jp", 0.9)
        except UnicodeDecodeError:
            pass
    return Decoded(text, "utf-8", 1.0)


def decoded_markup(raw: bytes, encoding: str = "", declared: str = "") -> Decoded:
    """The text of a page: as told, else by its mark, as UTF-8, as it declares, else detected."""
    if encoding or any(raw.startswith(mark) for mark, _ in _MARKS):
        return decoded(raw, encoding)
    try:
        return Decoded(raw.decode(), "utf-8", 1.0)
    except UnicodeDecodeError:
        pass
    found = _DECLARED.search(raw[:4_000].lower())
    nearly = _nearly_utf_8(raw)
    if nearly:
        return nearly
    names = [declared, *(each.decode() for each in (found.groups() if found else ()) if each)]
    for name in filter(None, names):
        try:
            # Pages that say Latin-1 are in windows-1252, as browsers have always read them.
            codec = codecs.lookup("cp1252" if _is_latin_1(name) else name).name
            return Decoded(raw.decode(codec), _shown(codec), 0.95)
        except (LookupError, UnicodeError):
            continue
    return decoded(raw)


def known_encoding(name: str) -> str:
    """The name under which an encoding is known; raises Refused for none that holds text."""
    try:
        found = codecs.lookup(name)
        # Codecs such as base64 make bytes of bytes, which only str.encode refuses.
        "".encode(name)
    except (LookupError, UnicodeError, ValueError):
        raise Refused(
            f"There is no encoding “{name[:40]}” of texts; "
            "give one such as utf-8, windows-1252 or utf-16."
        ) from None
    return found.name


def _as_told(raw: bytes, encoding: str) -> Decoded:
    codec = known_encoding(encoding)
    if codec == "utf-8":
        codec = "utf-8-sig"
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError as error:
        raise Refused(
            f"It is not in {encoding}: byte 0x{raw[error.start]:02x} at position {error.start:,} "
            "does not fit; give another encoding."
        ) from None
    if "\0" in text:
        raise Refused(f"Read as {encoding} it is no text; give another encoding.")
    return Decoded(text.removeprefix("\ufeff"), _shown(codec), 1.0)


def _without_mark(raw: bytes) -> Decoded:
    """UTF-16 that lost its byte order mark: in Latin script every other byte is zero."""
    head = raw[:SAMPLE]
    even, odd = head[::2].count(0), head[1::2].count(0)
    codec = "utf-16-be" if even > odd else "utf-16-le"
    if max(even, odd) > 0.3 * len(head) and min(even, odd) < 0.02 * len(head):
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            pass
        else:
            if "\0" not in text:
                return Decoded(text, codec, 0.9)
    raise Refused("It holds binary data, not text; save the article as plain UTF-8 text.")


def _told_apart(raw: bytes) -> Decoded:
    sample = _sample(raw)
    if is_binary(sample):
        raise Refused("It holds binary data, not text; save the article as plain UTF-8 text.")
    damaged = _nearly_utf_8(raw)
    if damaged:
        return damaged
    western = _western(sample)
    if western:
        try:
            return Decoded(raw.decode("cp1252"), "windows-1252", western)
        except UnicodeDecodeError:
            pass
    from charset_normalizer import from_bytes

    # UTF-7 says yes to anything.
    matches = from_bytes(sample, enable_fallback=False, cp_exclusion=["utf_7"])
    rated = sorted(
        (len(_ODD.findall(str(match))), place, match) for place, match in enumerate(matches)
    )
    for odd, _, match in rated:
        try:
            text = raw.decode(match.encoding)
        except UnicodeDecodeError:
            continue
        confidence = (1 - match.percent_chaos / 100) * 0.75 + match.coherence / 4
        rivals = [
            other
            for others, _, other in rated
            if others == odd
            and str(other) != str(match)
            and other.coherence > match.coherence - CLOSE
            and not other.encoding.startswith("mac")
        ]
        most = UNSURE if rivals else 0.95
        return Decoded(text, _shown(match.encoding), round(max(0.1, min(most, confidence)), 2))
    raise Refused(
        "Its encoding could not be made out; save it as UTF-8, or say which encoding it is in."
    )


def is_binary(sample: bytes) -> bool:
    """Whether more than a few control characters stand in it."""
    return len(_CONTROLS.findall(sample)) > len(sample) / 200


def _nearly_utf_8(raw: bytes) -> Decoded | None:
    """UTF-8 in which a few bytes are wrong, as when texts were put together from several."""
    text = raw.decode(errors="replace")
    replaced = text.count("\ufffd")
    beyond = sum(char > "\x7f" for char in text) - replaced
    if beyond < 3 or beyond < 5 * replaced:
        return None
    return Decoded(text, "utf-8", 0.9, replaced)


def _western(sample: bytes) -> float:
    """How sure windows-1252 is, 0 when what it gives is no text of western Europe."""
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return 0
    if not _WESTERN.fullmatch(text):
        return 0
    beyond = [char for char in text if char > "\x7f"]
    letters = sum(char.isalpha() for char in text)
    # A text of Cyrillic or Greek is nothing but such letters.
    if sum(char.isalpha() for char in beyond) > letters / 4 and len(beyond) > 3:
        return 0
    return 0.9 if len(beyond) >= 5 else 0.85


def _sample(raw: bytes) -> bytes:
    """Whole lines around the first bytes beyond ASCII."""
    if len(raw) <= SAMPLE:
        return raw
    first = re.search(rb"[\x80-\xff]", raw)
    middle = first.start() if first else 0
    start = raw.rfind(b"\n", 0, max(0, middle - SAMPLE // 10)) + 1
    if middle - start > SAMPLE // 2:
        start = middle
    end = raw.rfind(b"\n", start, start + SAMPLE)
    return raw[start : end if end > middle else start + SAMPLE]


def _is_latin_1(name: str) -> bool:
    try:
        return codecs.lookup(name).name in ("iso8859-1", "ascii")
    except LookupError:
        return False


def _shown(codec: str) -> str:
    name = codec.removesuffix("-sig").replace("_", "-")
    return f"windows-{name[2:]}" if re.fullmatch(r"cp125\d", name) else name
