"""Quotes as data for other programs: CSV and JSON lines, streamed row by row."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet

from statements.models import QueueItem, Quote
from statements.models.quotes import QuoteQuerySet, Voice

COLUMNS = (
    "id",
    "url",
    "quote",
    "kind",
    "cue",
    "source",
    "speaker",
    "role",
    "actor",
    "actor_type",
    "country",
    "said_on",
    "article",
    "article_url",
    "outlet",
    "published_on",
    "stances",
)

# A cell that begins so is run as a formula by some spreadsheet: in its wide forms in East Asia,
# behind white space that is trimmed and characters that are not seen.
_UNSEEN = r"[\s\x00-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_UNSEEN += "\U000e0000-\U000e007f]"
_SIGNS = "[-=+@\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20]"
_FORMULA = re.compile(f"{_UNSEEN}*{_SIGNS}|[\t\r\n]")
# A program that takes another separator than the comma begins cells and lines within the text.
_WITHIN = re.compile(f"""([;|\t\r\n](?:{_UNSEEN}|")*)(?={_SIGNS})""")
_AT_ONCE = 500

# From a path on this site to an address that works elsewhere.
Absolute = Callable[[str], str]


def csv_lines(
    quotes: QuoteQuerySet, absolute: Absolute, *, hidden: QuerySet[QueueItem] | None = None
) -> Iterator[str]:
    """A header, then a line per quote; several voices or stances share a cell, "; " between them.

    What a spreadsheet would run as a formula gets an apostrophe in front.
    """
    writer = csv.writer(Echo())
    yield writer.writerow(COLUMNS)
    for record in _records(quotes, absolute, hidden):
        yield writer.writerow([cell(record[name]) for name in COLUMNS])


def jsonl_lines(
    quotes: QuoteQuerySet, absolute: Absolute, *, hidden: QuerySet[QueueItem] | None = None
) -> Iterator[str]:
    """An object per line with the columns of the CSV; voices and stances are lists."""
    for record in _records(quotes, absolute, hidden):
        voices = [
            dict(zip(_VOICE, values, strict=True))
            for values in zip(*(record.pop(name) for name in _VOICE), strict=True)
        ]
        yield json.dumps({**record, "voices": voices}, ensure_ascii=False) + "\n"


_VOICE = ("speaker", "role", "actor", "actor_type", "country")


def _records(
    quotes: QuoteQuerySet, absolute: Absolute, hidden: QuerySet[QueueItem] | None
) -> Iterator[dict[str, Any]]:
    for quote in quotes.for_list(hidden).iterator(chunk_size=_AT_ONCE):
        article = quote.article
        voices = quote.voices or [quote]
        yield {
            "id": str(quote.uuid),
            "url": absolute(quote.get_absolute_url()),
            "quote": quote.content,
            "kind": quote.kind,
            "cue": quote.cue,
            "source": quote.source,
            **{name: [_voice_value(voice, name) for voice in voices] for name in _VOICE},
            "said_on": quote.said_on.isoformat() if quote.said_on else None,
            "article": article.title,
            "article_url": article.url,
            "outlet": article.outlet.name if article.outlet else "",
            "published_on": article.published_on.isoformat() if article.published_on else None,
            "stances": [
                {
                    "issue": stance.issue.slug,
                    "label": stance.label or "disputed",
                    "standing": stance.standing,
                    "confidence": stance.confidence,
                }
                for stance in quote.stances.all()
            ],
        }


def _voice_value(voice: Voice | Quote, name: str) -> str:
    if name in {"speaker", "actor"}:
        party = getattr(voice, name)
        return party.name if party else ""
    return str(getattr(voice, name))


def cell(value: Any) -> str:
    """The value as text for a cell, with an apostrophe before what would be run as a formula."""
    if isinstance(value, list):
        value = "; ".join(_in_cell(each) for each in value)
    text = "" if value is None else str(value)
    return ("'" if _FORMULA.match(text) else "") + _WITHIN.sub(r"\1'", text)


def _in_cell(value: str | dict[str, Any]) -> str:
    """A stance as "issue: label (standing)", anything else as it is."""
    if isinstance(value, dict):
        return f"{value['issue']}: {value['label']} ({value['standing']})"
    return value


class Echo:
    """A file for csv.writer that hands each line back, so that it can be sent at once."""

    def write(self, line: str) -> str:
        return line
