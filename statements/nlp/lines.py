"""Texts as JSON lines in, their quotations as JSON lines out. No Django, and no spaCy either."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from statements.nlp.quotation import ACTOR_TYPES, Quotation, Span, Voice

KINDS = ("direct", "mixed", "indirect")
ACTS = ("speech", "other")
# What a file of JSON lines may be called; the second is the same, packed.
SUFFIXES = (".jsonl", ".jsonl.gz")
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)
_UNITED_STATES = re.compile(r"\bU\.?S\.?(?= [A-Z])")


class UnfitQuotations(ValueError):
    """Quotations that cannot be those of the text they came with."""


def open_lines(path: Path) -> BinaryIO:
    """The lines of a file as bytes, unpacked where its name ends in .gz."""
    return cast("BinaryIO", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


class Reading:
    """Reads documents as they are asked for and says which could not be read."""

    def __init__(self, complain: Callable[[str], object]) -> None:
        self.complain = complain
        self.refused = 0

    def files(self, paths: list[Path]) -> Iterator[tuple[str, tuple[str, str]]]:
        """The documents of the files, each text beside its id."""
        for path in paths:
            try:
                if path.name.endswith(SUFFIXES):
                    with open_lines(path) as lines:
                        yield from self.lines(lines, str(path))
                else:
                    text = path.read_bytes().decode("utf-8-sig")
                    yield text, (path.stem, text)
            except (OSError, EOFError, zlib.error) as error:
                self._refuse(f"{path}: {getattr(error, 'strerror', None) or error}")
            except UnicodeDecodeError as error:
                self._refuse(f"{path}: not UTF-8 at byte {error.start}")

    def lines(self, lines: Iterable[bytes], name: str) -> Iterator[tuple[str, tuple[str, str]]]:
        """The documents of JSON lines, each text beside its id."""
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                given = json.loads(line.decode("utf-8-sig"))
            except UnicodeDecodeError as error:
                self._refuse(f"{name}, line {number}: not UTF-8 at byte {error.start}")
                continue
            except ValueError as error:
                self._refuse(f"{name}, line {number}: not JSON: {error}")
                continue
            text = given.get("text") if isinstance(given, dict) else None
            if not isinstance(text, str):
                self._refuse(f'{name}, line {number}: no "text" that is a string')
                continue
            yield text, (given.get("id", f"{name}:{number}"), text)

    def _refuse(self, reason: str) -> None:
        self.refused += 1
        self.complain(reason)


def document(name: str, text: str, quotations: list[Quotation]) -> dict[str, Any]:
    """One document with its quotations, as it is printed."""
    return {"id": name, "quotes": [record(text, each) for each in quotations]}


def record(text: str, quotation: Quotation) -> dict[str, Any]:
    """One quotation, as it is printed; `actor` is that of the first voice, `voices` has all."""
    first = quotation.voices[0] if quotation.voices else Voice(None)
    return {
        "start": quotation.start,
        "end": quotation.end,
        "parts": [list(part) for part in quotation.parts],
        "kind": quotation.kind,
        "text": " ".join(text[start:end] for start, end in quotation.parts),
        "source": _words(text, quotation.source),
        "source_canonical": canonical_name(text, quotation, first),
        "cue": _words(text, quotation.cue),
        "act": quotation.act,
        "actor": first.actor,
        "actor_type": first.actor_type,
        "voices": [
            {
                "speaker": voice.speaker,
                "role": voice.role,
                "actor": voice.actor,
                "actor_type": voice.actor_type,
                "country": voice.country,
                "provisional": voice.provisional,
            }
            for voice in quotation.voices
        ],
        "candidates": list(quotation.candidates),
        "basis": quotation.basis,
        "confidence": round(quotation.confidence, 4),
        "source_confidence": round(quotation.source_confidence, 4),
    }


def canonical_name(text: str, quotation: Quotation, voice: Voice) -> str | None:
    """The name that a source stands for: of a person, else of a body, else of the party.

    A ministry or "U.S. officials" speak for a government, and keep the name the text gives them;
    "U.S." in a proper name is written out.
    """
    if voice.speaker or voice.actor is None:
        return voice.speaker
    for_state = voice.actor.startswith("Government of ")
    if for_state and quotation.basis in ("named", "nominal"):
        words = _words(text, quotation.source)
        if words is not None:
            return _UNITED_STATES.sub("United States", _ARTICLE.sub("", words["text"]))
    return voice.actor


def _words(text: str, span: tuple[int, int] | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return {"start": span[0], "end": span[1], "text": text[slice(*span)]}


def quotations(text: str, printed: Iterable[Mapping[str, Any]]) -> list[Quotation]:
    """The quotations that `record` printed of this text.

    Raises UnfitQuotations, whose message says what is wrong, when they are not of this text.
    """
    try:
        return [_quotation(text, each) for each in printed]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, UnfitQuotations):
            raise
        raise UnfitQuotations("they are not as `manage.py extract` writes them") from error


def _quotation(text: str, printed: Mapping[str, Any]) -> Quotation:
    parts = tuple(_span(text, *part) for part in printed["parts"])
    if not parts or " ".join(text[start:end] for start, end in parts) != printed["text"]:
        raise UnfitQuotations("their words are not at their place in the text")
    if printed["kind"] not in KINDS or printed["act"] not in ACTS:
        raise UnfitQuotations("one is of a kind or an act that is not known")
    return Quotation(
        parts=parts,
        kind=printed["kind"],
        cue=_place(text, printed["cue"]),
        source=_place(text, printed["source"]),
        voices=tuple(_voice(each) for each in printed["voices"]),
        candidates=tuple(str(name) for name in printed["candidates"]),
        basis=str(printed["basis"]),
        act=printed["act"],
        confidence=_share(printed["confidence"]),
        source_confidence=_share(printed["source_confidence"]),
    )


def _span(text: str, start: int, end: int) -> Span:
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        raise UnfitQuotations("one lies outside the text")
    return start, end


def _place(text: str, printed: Mapping[str, Any] | None) -> Span | None:
    if printed is None:
        return None
    start, end = _span(text, printed["start"], printed["end"])
    if text[start:end] != printed["text"]:
        raise UnfitQuotations("their words are not at their place in the text")
    return start, end


def _voice(printed: Mapping[str, Any]) -> Voice:
    voice = Voice(**printed)
    names = (voice.speaker or "", voice.actor or "", voice.role, voice.country)
    if not all(isinstance(name, str) for name in names) or len(voice.country) > 2:
        raise UnfitQuotations("one is of a voice that is not a name")
    if voice.actor_type not in ACTOR_TYPES:
        raise UnfitQuotations("one is of an actor of a type that is not known")
    return voice


def _share(printed: float) -> float:
    share = float(printed)
    if not 0 <= share <= 1:
        raise UnfitQuotations("a confidence is not from 0 to 1")
    return share
