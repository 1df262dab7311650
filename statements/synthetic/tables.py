"""The columns of the tables that a made-up corpus fills, and how rows get there."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

from statements.models import (
    Actor,
    ActorName,
    Article,
    Issue,
    JointVoice,
    Outlet,
    Quote,
    QuotePart,
    Speaker,
    SpeakerName,
    Stance,
    StanceLabel,
    Suggestion,
)

IDENTITY = (
    "id",
    "uuid",
    "slug",
    "name",
    "sort_name",
    "standing",
    "summary",
    "merged_into_id",
    "created_at",
)
ARTICLE = (
    "id",
    "uuid",
    "title",
    "text",
    "text_hash",
    "outlet_id",
    "byline",
    "url",
    "published_on",
    "published_basis",
    "is_fiction",
    "is_draft",
    "note",
    "pipeline",
    "created_at",
)
VOICE = ("speaker_id", "actor_id", "affiliation_id", "role", "actor_type", "country")
QUOTE = (
    "id",
    *VOICE,
    "uuid",
    "article_id",
    "kind",
    "act",
    "state",
    "start",
    "end",
    "content",
    "cue_start",
    "cue_end",
    "cue",
    "source_start",
    "source_end",
    "source",
    "before",
    "after",
    "attribution",
    "basis",
    "candidates",
    "said_on",
    "said_basis",
    "confidence",
    "source_confidence",
    "created_at",
)
JOINT_VOICE = ("id", *VOICE, "quote_id", "ordinal")
STANCE = (
    "id",
    "quote_id",
    "issue_id",
    "label",
    "standing",
    "label_count",
    "confidence",
    "updated_at",
)
LABEL = (
    "id",
    "uuid",
    "quote_id",
    "issue_id",
    "editor_id",
    "label",
    "is_sure",
    "is_blind",
    "is_adjudication",
    "note",
    "guideline_id",
    "suggestion_shown_id",
    "supersedes_id",
    "undoes_id",
    "is_current",
    "created_at",
)
SUGGESTION = (
    "id",
    "quote_id",
    "issue_id",
    "label",
    "confidence",
    "shares",
    "evidence",
    "method",
    "reason",
    "version",
    "is_current",
    "created_at",
)
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n"})


def copy(
    model: type[models.Model], columns: Iterable[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    lines = ("\t".join(map(_text, row)) + "\n" for row in rows)
    names = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(
            f"COPY {model._meta.db_table} ({names}) FROM STDIN", io.StringIO("".join(lines))
        )


def _text(value: object) -> str:
    if value is None:
        return "\\N"
    return str(value).translate(_ESCAPES)


@contextmanager
def without_triggers() -> Iterator[None]:
    """Where the role may, no trigger runs and no foreign key is looked up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        may = cursor.fetchone()[0]
        if may:
            cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            if may:
                cursor.execute("SET session_replication_role = DEFAULT")


def set_sequences() -> None:
    """Let new rows be numbered behind those that were copied."""
    made = (
        Actor,
        ActorName,
        Speaker,
        SpeakerName,
        Outlet,
        Issue,
        Article,
        Quote,
        QuotePart,
        JointVoice,
        Stance,
        StanceLabel,
        Suggestion,
    )
    with connection.cursor() as cursor:
        for model in made:
            table = model._meta.db_table
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), "  # noqa: S608
                f"(SELECT coalesce(max(id), 1) FROM {table}))",
                [table],
            )
