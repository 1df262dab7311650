"""The triggers that write the record of changes, whoever changes the rows and by what means.

They are django-pgtrigger's and read the context that django-pghistory keeps of a request. Its own
tables of events hold whole rows, one table for each model and one event for each row: a merge of
100,000 quotes would write as many, and the first change of a row would not tell what stood before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.db import models

from .actors import Actor, ActorName, Affiliation, Speaker, SpeakerName
from .articles import Article, Outlet
from .changes import Account, AccountPermission, Change, Membership, RolePermission
from .issues import Guideline, Issue
from .quotes import JointVoice, Quote, QuotePart
from .saved import SavedView

# What an import reads comes from its articles, and the import is a record itself.
NOT_READING = pgtrigger.Condition(
    "coalesce(current_setting('pghistory.context_metadata', true), '')"
    " NOT LIKE '%\"reading\": true%'"
)
# Who it is, as pghistory has it; from outside the application, what the database knows of them.
_CONTEXT = """coalesce(
    nullif(current_setting('pghistory.context_metadata', true), '')::jsonb,
    jsonb_build_object('role', session_user, 'program', current_setting('application_name'))
)"""
_COLUMNS = "at, kind, done, keys, key_count, parents, before, after, who, context"
_NONE = "'{}'::bigint[]"
# That it was set is told, and nothing of what it is.
_SECRET = ("password",)


class Recorder(pgtrigger.Composer):
    """Writes what a statement did to a table into the record, once for all that it did alike."""

    when = pgtrigger.After

    def __init__(
        self,
        operation: pgtrigger.Operation,
        fields: tuple[str, ...],
        parent: str,
        condition: pgtrigger.Condition | None = None,
    ) -> None:
        self.fields = fields
        self.parent = parent
        super().__init__(
            name=f"record_{str(operation).lower()}",
            operation=operation,
            # A statement's rows are not kept for a trigger that passes nearly all of them over.
            level=pgtrigger.Row if operation == pgtrigger.Insert else pgtrigger.Statement,
            condition=condition,
        )

    def get_declare(self, model: Any) -> list[tuple[str, str]]:
        return [("made_by", f"jsonb := {self.format_sql(_CONTEXT)}")]

    def get_func(self, model: Any) -> str:
        columns = [model._meta.get_field(name).column for name in self.fields]
        parent = model._meta.get_field(self.parent).column if self.parent else ""
        make = {"INSERT": _insert, "UPDATE": _update, "DELETE": _delete}[str(self.operation)]
        kind = (model._meta.model_name, columns, parent)
        into = f'INSERT INTO "{Change._meta.db_table}" ({_COLUMNS}) {make(*kind)}; RETURN NULL;'
        return self.format_sql(into)


def _insert(kind: str, columns: list[str], parent: str) -> str:
    return f"""
        VALUES (now(), '{kind}', 'added', ARRAY[NEW.id], 1, {_parents("NEW", parent)}, NULL,
            {_values("NEW", columns)}, (made_by->>'user')::bigint, made_by - 'user')
    """


def _delete(kind: str, columns: list[str], parent: str) -> str:
    # The words put together are names of our own models.
    return f"""
        SELECT now(), '{kind}', 'removed', ARRAY[o.id], 1, {_parents("o", parent)},
            {_values("o", columns)}, NULL, (made_by->>'user')::bigint, made_by - 'user'
        FROM old_values o
    """  # noqa: S608


def _update(kind: str, columns: list[str], parent: str) -> str:
    """Rows of which the same columns got the same values from the same ones are one change."""
    differs = {each: f'o."{each}" IS DISTINCT FROM n."{each}"' for each in columns}
    masked = [
        f"{_masked(row, each, differs[each])} AS {row}{number}"
        for number, each in enumerate(columns)
        for row in "on"
    ]
    if parent:
        masked += [f'o."{parent}" AS parent_before', f'n."{parent}" AS parent_after']
    places = ", ".join(str(number) for number in range(2, len(masked) + 2))
    pairs = ", ".join(
        f"('{each}', to_jsonb(g.o{number}), to_jsonb(g.n{number}))"
        for number, each in enumerate(columns)
    )
    parents = "ARRAY[g.parent_before, g.parent_after]::bigint[]" if parent else _NONE
    return f"""
        SELECT now(), '{kind}', 'changed', g.keys, cardinality(g.keys), {parents},
            d.before, d.after, (made_by->>'user')::bigint, made_by - 'user'
        FROM (
            SELECT array_agg(n.id::bigint) AS keys, {", ".join(masked)}
            FROM old_values o JOIN new_values n ON o.id = n.id
            WHERE {" OR ".join(differs.values())}
            GROUP BY {places}
        ) g CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(v.name, v.old) AS before,
                jsonb_object_agg(v.name, v.new) AS after
            FROM (VALUES {pairs}) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new
        ) d
    """  # noqa: S608


def _masked(row: str, column: str, differs: str) -> str:
    if column in _SECRET:
        return f"CASE WHEN {differs} THEN 'set anew' END" if row == "n" else "NULL::text"
    return f'CASE WHEN {differs} THEN {row}."{column}" END'


def _values(row: str, columns: list[str]) -> str:
    pairs = ", ".join(f"'{each}', {row}.\"{each}\"" for each in columns if each not in _SECRET)
    return f"jsonb_build_object({pairs})"


def _parents(row: str, parent: str) -> str:
    return f'ARRAY[{row}."{parent}"]::bigint[]' if parent else _NONE


@dataclass(frozen=True, slots=True)
class Recorded:
    """A model whose changes are recorded: which columns, and what its rows are part of.

    Rows of `reading` are also made by reading articles, and then not recorded as added; those that
    are `found` come in only so, by the thousand, and never are.
    """

    model: type[models.Model]
    fields: tuple[str, ...]
    parent: str = ""
    reading: bool = False
    found: bool = False
    fixed: bool = False

    def register(self) -> None:
        condition = NOT_READING if self.reading else None
        made = [] if self.found else [(pgtrigger.Insert, condition)]
        # What a guard refuses to change needs no trigger that tells of it.
        later = [] if self.fixed else [(pgtrigger.Update, None), (pgtrigger.Delete, None)]
        for operation, condition in (*made, *later):
            pgtrigger.register(Recorder(operation, self.fields, self.parent, condition))(self.model)


_IDENTITY = ("slug", "name", "standing", "summary", "merged_into")
_VOICE = ("speaker", "actor", "affiliation", "role", "actor_type", "country")
_WORDS = (
    "state",
    "kind",
    "act",
    "content",
    "start",
    "end",
    "cue",
    "source",
    "attribution",
    "basis",
    "said_on",
    "said_basis",
)

RECORDED = (
    Recorded(Actor, (*_IDENTITY, "type", "country", "parent"), reading=True),
    Recorded(ActorName, ("text", "kind", "actor"), "actor", reading=True),
    Recorded(Speaker, _IDENTITY, reading=True),
    Recorded(SpeakerName, ("text", "kind", "speaker"), "speaker", reading=True),
    Recorded(
        Affiliation,
        ("speaker", "actor", "post", "since", "until", "standing", "evidence"),
        "speaker",
        reading=True,
    ),
    Recorded(
        Quote,
        _VOICE + _WORDS,
        found=True,
    ),
    Recorded(QuotePart, ("quote", "ordinal", "start", "end"), "quote", reading=True),
    Recorded(JointVoice, ("quote", "ordinal", *_VOICE), "quote", reading=True),
    Recorded(
        Article,
        (
            "title",
            "outlet",
            "byline",
            "url",
            "published_on",
            "published_basis",
            "is_draft",
            "is_fiction",
            "note",
        ),
        found=True,
    ),
    Recorded(Outlet, ("slug", "name", "country", "homepage"), reading=True),
    Recorded(
        Issue,
        (
            "slug",
            "title",
            "proposition",
            "kind",
            "actor",
            "supports_pole",
            "opposes_pole",
            "terms",
            "counter_terms",
            "parent",
            "double_percent",
        ),
    ),
    Recorded(Guideline, ("issue", "number", "text", "published_by"), "issue", fixed=True),
    Recorded(
        Account,
        (
            "username",
            "first_name",
            "last_name",
            "email",
            "is_active",
            "is_staff",
            "is_superuser",
            "password",
        ),
    ),
    Recorded(Membership, ("user", "group"), "user"),
    Recorded(AccountPermission, ("user", "permission"), "user"),
    Recorded(RolePermission, ("group", "permission")),
    Recorded(SavedView, ("name", "query", "owner")),
)

for _each in RECORDED:
    _each.register()
