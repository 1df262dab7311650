"""The record of changes in words of the newsroom: what, of whom, from what to what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.db import models
from django.utils.formats import date_format
from django.utils.text import Truncator

from statements.models import RECORDED, Actor, Change, Issue, Quote, Speaker

# How a reader's word for a thing covers the tables that it is kept in.
SUBJECTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "quotes": ("Quotes", ("quote", "quotepart", "jointvoice")),
    "actors": ("Actors and their names", ("actor", "actorname")),
    "speakers": ("Speakers and their names", ("speaker", "speakername")),
    "posts": ("Posts", ("affiliation",)),
    "issues": ("Issues and guidelines", ("issue", "guideline")),
    "articles": ("Articles and outlets", ("article", "outlet")),
    "accounts": (
        "Accounts and roles",
        ("account", "membership", "accountpermission", "rolepermission"),
    ),
    "views": ("Saved views", ("savedview",)),
}
# What belongs to a thing that has a page, by the kind of the thing.
PARTS = {
    "quote": ("quotepart", "jointvoice"),
    "actor": ("actorname",),
    "speaker": ("speakername", "affiliation"),
    "issue": ("guideline",),
    "article": (),
}

_KINDS = {
    "actor": "Actor",
    "actorname": "Name of an actor",
    "speaker": "Speaker",
    "speakername": "Name of a speaker",
    "affiliation": "Post",
    "quote": "Quote",
    "quotepart": "Part of a quote",
    "jointvoice": "Another voice of a quote",
    "article": "Article",
    "outlet": "Outlet",
    "issue": "Issue",
    "guideline": "Guideline",
    "account": "Account",
    "membership": "Role of an account",
    "accountpermission": "Permission of an account",
    "rolepermission": "Permission of a role",
    "savedview": "Saved view",
}
_FIELDS = {
    "act": "what it is",
    "actor_type": "type of the actor",
    "basis": "how the speaker was found",
    "content": "words",
    "double_percent": "judged twice, of a hundred",
    "is_active": "may sign in",
    "is_draft": "draft",
    "is_fiction": "invented sample",
    "is_staff": "may use the back office",
    "is_superuser": "may do everything",
    "ordinal": "place in order",
    "query": "conditions",
    "said_basis": "where the day comes from",
    "start": "begins at character",
    "end": "ends at character",
    "type": "type",
    "url": "address",
}
_MODELS: dict[str, type[models.Model]] = {
    str(each.model._meta.model_name): each.model for each in RECORDED
}
# What a row is shown as part of.
_PARENTS = {
    str(each.model._meta.model_name): each.model._meta.get_field(each.parent).related_model
    for each in RECORDED
    if each.parent
}
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing that a change happened to; no address when it is gone or has no page."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One field, in words, before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """A change as a page shows it."""

    change: Change
    what: str
    subjects: list[Subject]
    more: int
    lines: list[Line]
    who: str
    where: str


def in_words(changes: Sequence[Change]) -> list[Told]:
    """The changes, from `for_list()`, with names for keys: a query for each table concerned."""
    names = _Names(changes)
    return [_told(change, names) for change in changes]


def who_did(change: Change, accounts: dict[int, str]) -> str:
    """The account, the program, or from where it came when it was neither."""
    context = change.context
    if change.who is not None:
        return accounts.get(change.who, f"account {change.who}, deleted since")
    if "role" in context:
        return "outside the application"
    if "task" in context:
        return f"the task {context['task']}"
    if "command" in context:
        return f"the command {context['command']}"
    return "somebody not signed in"


class _Names:
    """Rows that changes speak of, by model and key."""

    def __init__(self, changes: Iterable[Change]) -> None:
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        for change in changes:
            wanted[_MODELS[change.kind]].update(change.first_keys)  # type: ignore[attr-defined]
            if parent := _PARENTS.get(change.kind):
                wanted[parent].update(change.parents)
            if change.who is not None:
                wanted[User].add(change.who)
            for name, value in (*(change.before or {}).items(), *(change.after or {}).items()):
                related = _related(change.kind, name)
                if related and value:
                    wanted[related].add(value)
        self.rows = {model: _rows(model, keys) for model, keys in wanted.items()}
        self.accounts = {pk: user.get_username() for pk, user in self.rows.get(User, {}).items()}

    def row(self, model: type[models.Model], key: int) -> Any:
        return self.rows.get(model, {}).get(key)


def _rows(model: type[models.Model], keys: set[int]) -> dict[int, Any]:
    rows = model._default_manager.filter(pk__in=keys)
    if model is Permission:
        rows = rows.select_related("content_type")
    return {each.pk: each for each in rows}


def _told(change: Change, names: _Names) -> Told:
    subjects = _subjects(change, names)
    context = change.context
    if "url" in context:
        where = context["url"]
    elif "role" in context:
        where = f"database user {context['role']}, {context.get('program') or 'unnamed program'}"
    elif change.who is not None:
        where = f"the task {context['task']}" if "task" in context else ""
    else:
        where = ""
    return Told(
        change=change,
        what=_KINDS[change.kind],
        subjects=subjects,
        more=change.key_count - len(subjects) if change.kind not in _PARENTS else 0,
        lines=_lines(change, names),
        who=who_did(change, names.accounts),
        where=where,
    )


def _subjects(change: Change, names: _Names) -> list[Subject]:
    parent = _PARENTS.get(change.kind)
    if parent:
        keys = list(dict.fromkeys(change.parents))
        return [_subject(names.row(parent, key), f"number {key}") for key in keys]
    model = _MODELS[change.kind]
    values = change.before or {}
    gone = next(
        (
            str(values[each])
            for each in ("name", "title", "content", "username")
            if values.get(each)
        ),
        "",
    )
    keys = change.first_keys  # type: ignore[attr-defined]
    return [_subject(names.row(model, key), gone or f"number {key}") for key in keys]


def _subject(row: Any, otherwise: str) -> Subject:
    if row is None:
        return Subject(Truncator(otherwise).chars(80))
    if isinstance(row, Quote):
        return Subject(f"“{Truncator(row.content).chars(80)}”", row.get_absolute_url())
    address = getattr(row, "get_absolute_url", None)
    return Subject(_name(row), address() if address else "")


def _lines(change: Change, names: _Names) -> list[Line]:
    before, after = change.before or {}, change.after or {}
    columns = {
        field.column: field
        for field in _MODELS[change.kind]._meta.local_concrete_fields
        or _MODELS[change.kind]._meta.concrete_fields
    }
    if change.kind in _PARENTS and change.done != Change.Done.CHANGED:
        # Of which it is a part stands above.
        columns.pop(_parent_column(change.kind), None)
    lines = []
    for column, field in columns.items():
        if column not in before and column not in after:
            continue
        line = Line(
            _FIELDS.get(field.name, str(field.verbose_name)).capitalize(),
            _value(field, before.get(column), names),
            _value(field, after.get(column), names),
        )
        if line.before != line.after:
            lines.append(line)
    return lines


def _parent_column(kind: str) -> str:
    (parent,) = (each.parent for each in RECORDED if each.model is _MODELS[kind])
    field: Any = _MODELS[kind]._meta.get_field(parent)
    return str(field.column)


def _value(field: Any, value: Any, names: _Names) -> str:
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.is_relation:
        row = names.row(field.related_model, value)
        return _name(row) if row is not None else f"number {value}, gone since"
    if isinstance(field, models.DateField):
        return date_format(date.fromisoformat(value), "j F Y")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(dict(field.flatchoices).get(value, value))


def _related(kind: str, column: str) -> type[models.Model] | None:
    for field in _MODELS[kind]._meta.concrete_fields:
        if field.column == column and field.is_relation:
            return field.related_model
    return None


def _name(row: Any) -> str:
    if isinstance(row, Permission):
        return row.name
    if isinstance(row, Actor | Speaker | Group):
        return row.name
    return row.title if isinstance(row, Issue) else str(row)
