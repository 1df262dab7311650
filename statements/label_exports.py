"""Editors' labels as data for other programs: every row with its history, as CSV and JSON lines.

The JSON lines are what `manage.py import_labels` reads.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from statements.exports import Absolute, Echo, cell
from statements.models import StanceLabel
from statements.models.stances import StanceLabelQuerySet

COLUMNS = (
    "id",
    "quote",
    "quote_url",
    "text",
    "article_sha256",
    "start",
    "end",
    "issue",
    "proposition",
    "label",
    "is_sure",
    "is_blind",
    "is_adjudication",
    "is_current",
    "note",
    "editor",
    "guideline",
    "suggestion_label",
    "suggestion_confidence",
    "suggestion_method",
    "supersedes",
    "undoes",
    "created_at",
    "speaker",
    "actor",
    "actor_type",
    "said_on",
)

_AT_ONCE = 500


def csv_lines(labels: StanceLabelQuerySet, absolute: Absolute) -> Iterator[str]:
    """A header, then a line per label, oldest first; true and false are written in small letters.

    What a spreadsheet would run as a formula gets an apostrophe in front.
    """
    writer = csv.writer(Echo())
    yield writer.writerow(COLUMNS)
    for record in _records(labels, absolute):
        yield writer.writerow([_cell(record[name]) for name in COLUMNS])


def jsonl_lines(labels: StanceLabelQuerySet, absolute: Absolute) -> Iterator[str]:
    """An object per label with the columns of the CSV as keys, oldest first."""
    for record in _records(labels, absolute):
        yield json.dumps(record, ensure_ascii=False) + "\n"


def _records(labels: StanceLabelQuerySet, absolute: Absolute) -> Iterator[dict[str, Any]]:
    """One query for any number of labels, read as they are sent.

    Of a quote with several voices the lead one is named; the export of quotes has them all.
    """
    joined = labels.select_related(
        "quote__article",
        "quote__speaker",
        "quote__actor",
        "issue",
        "editor",
        "guideline",
        "suggestion_shown",
        "supersedes",
        "undoes",
    ).defer("quote__article__text", "supersedes__note", "undoes__note")
    # A label never comes before the one that it supersedes: see labelling.py.
    for label in joined.order_by("created_at", "pk").iterator(chunk_size=_AT_ONCE):
        yield _record(label, absolute)


def _record(label: StanceLabel, absolute: Absolute) -> dict[str, Any]:
    quote, shown = label.quote, label.suggestion_shown
    return {
        "id": str(label.uuid),
        "quote": str(quote.uuid),
        "quote_url": absolute(quote.get_absolute_url()),
        "text": quote.content,
        "article_sha256": quote.article.text_hash,
        "start": quote.start,
        "end": quote.end,
        "issue": label.issue.slug,
        "proposition": label.issue.proposition,
        "label": label.label,
        "is_sure": label.is_sure,
        "is_blind": label.is_blind,
        "is_adjudication": label.is_adjudication,
        "is_current": label.is_current,
        "note": label.note,
        "editor": label.editor.get_username(),
        "guideline": label.guideline.number if label.guideline else None,
        "suggestion_label": shown.label if shown else None,
        "suggestion_confidence": shown.confidence if shown else None,
        "suggestion_method": shown.method if shown else None,
        "supersedes": str(label.supersedes.uuid) if label.supersedes else None,
        "undoes": str(label.undoes.uuid) if label.undoes else None,
        "created_at": label.created_at.astimezone(UTC).isoformat(),
        "speaker": quote.speaker.name if quote.speaker else "",
        "actor": quote.actor.name if quote.actor else "",
        "actor_type": quote.actor_type,
        "said_on": quote.said_on.isoformat() if quote.said_on else None,
    }


def _cell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else cell(value)
