"""Quotes as data for other programs: CSV and JSON lines, streamed row by row."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import batched
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from statements.models import JointVoice, QueueItem, Quote, Stance
from statements.models.quotes import QuoteQuerySet

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
_AT_ONCE = 1_000
_KEYS_AT_ONCE = 10_000

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


# Where the columns come from.
_QUOTE = {
    "id": "uuid",
    "quote": "content",
    "kind": "kind",
    "cue": "cue",
    "source": "source",
    "said_on": "said_on",
    "article": "article__title",
    "article_url": "article__url",
    "outlet": "article__outlet__name",
    "published_on": "article__published_on",
}
_VOICE = {
    "speaker": "speaker__name",
    "role": "role",
    "actor": "actor__name",
    "actor_type": "actor_type",
    "country": "country",
}
_SPEAKER, _ACTOR = list(_VOICE).index("speaker"), list(_VOICE).index("actor")


def _records(
    quotes: QuoteQuerySet, absolute: Absolute, hidden: QuerySet[QueueItem] | None
) -> Iterator[dict[str, Any]]:
    # A cursor over keys alone: with all columns the database would first copy a whole corpus.
    keys = quotes.values_list("pk", flat=True).iterator(chunk_size=_KEYS_AT_ONCE)
    nobody = str(UUID(int=0))
    before, behind = absolute(reverse("statements:quote", args=[nobody])).split(nobody)
    for chunk in batched(keys, _AT_ONCE):
        for record in _of(chunk, hidden):
            record["url"] = f"{before}{record['id']}{behind}"
            yield {name: record[name] for name in COLUMNS}


def _of(keys: Sequence[int], hidden: QuerySet[QueueItem] | None) -> Iterator[dict[str, Any]]:
    """The records of quotes (keys), in this order: three queries, as plain values."""
    voices: dict[int, list[Sequence[str | None]]] = {}
    joint = JointVoice.objects.filter(quote__in=keys).order_by("quote", "ordinal")
    for pk, *voice in joint.values_list("quote", *_VOICE.values()):
        voices.setdefault(pk, []).append(voice)
    stances: dict[int, list[dict[str, Any]]] = {}
    held = Stance.objects.filter(quote__in=keys).order_by("issue__title")
    if hidden is not None:
        held = held.without(hidden)
    for pk, issue, label, standing, confidence in held.values_list(
        "quote", "issue__slug", "label", "standing", "confidence"
    ):
        stances.setdefault(pk, []).append(
            {
                "issue": issue,
                "label": label or "disputed",
                "standing": standing,
                "confidence": confidence,
            }
        )
    rows = Quote.objects.filter(pk__in=keys).values_list("pk", *_QUOTE.values(), *_VOICE.values())
    found = {}
    for pk, *values in rows:
        lead = values[len(_QUOTE) :]
        said = dict(zip(_QUOTE, values, strict=False))
        others = voices.get(pk, [])
        is_known = lead[_SPEAKER] is not None or lead[_ACTOR] is not None
        spoke = [lead, *others] if is_known or not others else others
        found[pk] = {
            **said,
            "id": str(said["id"]),
            **{name: [voice[place] or "" for voice in spoke] for place, name in enumerate(_VOICE)},
            "said_on": said["said_on"].isoformat() if said["said_on"] else None,
            "outlet": said["outlet"] or "",
            "published_on": said["published_on"].isoformat() if said["published_on"] else None,
            "stances": stances.get(pk, []),
        }
    # One that was taken away meanwhile is left out.
    return (found[pk] for pk in keys if pk in found)


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
