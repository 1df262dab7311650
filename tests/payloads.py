"""Texts that mean harm: two thousand, the same each time, made of the seeds in data/payloads.

Everything that a browser would take for an element has the attribute `data-hostile`, everything
that would run calls `__ran` or `alert`, everything that would be fetched is at evil.invalid.
"""

from __future__ import annotations

import base64
import html
import itertools
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

COUNT = 2_000
SEEDS = Path(__file__).resolve().parent / "data" / "payloads"

_ESCAPE = re.compile(r"\\(\\|[nrt]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
_PLAIN = {"\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
_TIMES = re.compile(r"(.+?)\*(\d+)")

# What would close the element, attribute, text or comment that the rest is written into.
_OPENINGS = ['"', "'", '">', "'>", "-->", "]]>", "</p>", "</a>", "</title>", "</script>"]
_OPENINGS += ["</textarea>", "</style>", "</svg>", "}}", "%}", "*/", "\n\n", "=", "\u202e", "x "]
# How texts are written by those who hope that somebody undoes it.
_DISGUISES: list[Callable[[str], str]] = [
    html.escape,
    lambda text: html.escape(html.escape(text)),
    quote,
    lambda text: quote(quote(text)),
    lambda text: "".join(f"&#{ord(char)};" for char in text),
    lambda text: "".join(f"&#x{ord(char):x}" for char in text),
    lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
    lambda text: "".join(f"\\x{ord(char) & 255:02x}" for char in text),
    lambda text: text.swapcase().replace("DATA-HOSTILE", "data-hostile"),
    lambda text: text.replace("<", "\uff1c").replace(">", "\uff1e"),
    lambda text: text.replace("<", "+ADw-").replace(">", "+AD4-"),
    lambda text: text.replace(" ", "\t").replace("=", " = "),
    lambda text: text.replace(" ", "/"),
    lambda text: text.replace("<", "<\u200b"),
    lambda text: text.replace("<", "<<").replace(">", ">>"),
    lambda text: "data:text/html;base64," + base64.b64encode(text.encode()).decode(),
    lambda text: f"{text}{text[::-1]}",
    lambda text: f'"{text}"',
    lambda text: f"[{text}](javascript:__ran(1))",
    lambda text: f"\u202e{text}\u2066",
]


@dataclass(frozen=True, slots=True)
class Payload:
    """A text and the file its seed is from: "markup", "formulas" …"""

    family: str
    text: str


@cache
def seeds() -> tuple[Payload, ...]:
    """The seeds as they stand in the files, with their escapes read."""
    return tuple(
        Payload(path.stem, _read(line, path.stem))
        for path in sorted(SEEDS.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
    )


@cache
def payloads() -> tuple[Payload, ...]:
    """The seeds themselves, then seeds behind openings, in disguise, and two by two."""
    found: dict[str, Payload] = {}
    for each in itertools.chain(seeds(), _made()):
        # A database of characters holds no NUL and no half of a character.
        text = re.sub("[\0\ud800-\udfff]", "", each.text)[:1_500]
        if text.strip():
            found.setdefault(text, Payload(each.family, text))
        if len(found) == COUNT:
            break
    return tuple(found.values())


def _made() -> Iterator[Payload]:
    drawn = random.Random(2000)
    # In turn of every kind, so that the first hundreds have some of each.
    pools = [
        [Payload(seed.family, opening + seed.text) for seed in seeds() for opening in _OPENINGS],
        [Payload(seed.family, disguise(seed.text)) for seed in seeds() for disguise in _DISGUISES],
        [
            Payload(f"{first.family} {second.family}", f"{first.text} {second.text}")
            for first, second in (drawn.sample(seeds(), 2) for _ in range(COUNT))
        ],
    ]
    for pool in pools:
        drawn.shuffle(pool)
    for three in zip(*pools, strict=False):
        yield from three


def _read(line: str, family: str) -> str:
    if family == "storms":
        # "W*250" is the letter so many times.
        line = "".join(part * int(times) for part, times in _TIMES.findall(_unescaped(line)))
        return line or "W"
    return _unescaped(line)


def _unescaped(line: str) -> str:
    return _ESCAPE.sub(lambda match: _PLAIN.get(match[1], "") or chr(int(match[1][1:], 16)), line)
