"""Changes to identities that write themselves down, and the way back from each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import batched
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.db.models.expressions import RawSQL

from statements.ingest.linking import relink_quotes, wait_for_turn
from statements.models import (
    Actor,
    ActorName,
    Affiliation,
    IdentityEvent,
    Issue,
    JointVoice,
    Quote,
    Reply,
    Speaker,
    SpeakerName,
)
from statements.turns import change_identities

Action = IdentityEvent.Action
Row = dict[str, Any]

_TABLES: dict[str, type[models.Model]] = {
    "actor": Actor,
    "speaker": Speaker,
    "actorname": ActorName,
    "speakername": SpeakerName,
    "affiliation": Affiliation,
    "quote": Quote,
    "jointvoice": JointVoice,
    "issue": Issue,
    "reply": Reply,
}
# Editors and imports change these too; what they changed since stays as they left it.
_VOICES = ("quote", "jointvoice", "reply")
_WHO = frozenset({"actor_id", "speaker_id"})
# So many quotes are linked anew while the person waits; more of them go to the workers.
_RELINKED_AT_ONCE = 200


class Refused(ValueError):
    """What was asked for cannot be done; the message says why, and what to do."""


class Entry:
    """One event in the making: each of its methods changes rows and writes down which."""

    def __init__(self) -> None:
        self.actors: set[int] = set()
        self.speakers: set[int] = set()
        self.changes: list[Row] = []
        # Quotes whose lead voice is another now, which decides of what they are the same as.
        self.revoiced: set[int] = set()
        self.summary = ""
        self.event: IdentityEvent | None = None

    def hold[T: (Actor, Speaker)](self, *identities: T) -> list[T]:
        """The identities as they stand, kept from others; raises Refused for one merged away."""
        model = type(identities[0])
        rows = model._default_manager.select_for_update(no_key=True, of=("self",))
        held = {row.pk: row for row in rows.filter(pk__in=[each.pk for each in identities])}
        keys = self.actors if model is Actor else self.speakers
        for each in identities:
            row = held.get(each.pk)
            if row is None:
                raise Refused(f"{each.name} is not there any more: look at the list again.")
            if row.merged_into:
                raise Refused(
                    f"{row.name} has been merged into {row.current.name} meanwhile: "
                    f"go on with {row.current.name}."
                )
            keys.add(row.pk)
        return [held[each.pk] for each in identities]

    def update(self, rows: QuerySet[Any], **values: Any) -> int:
        """Give the rows these values (by column, as in `actor_id=3`) and return how many changed.

        One statement for any number of rows, which are locked in the order of their keys.
        """
        model = rows.model
        names = sorted(values)
        after = [values[name] for name in names]
        groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        held = rows.order_by("pk").select_for_update(no_key=True, of=("self",))
        for pk, *before in held.values_list("pk", *names):
            if before != after:
                groups[tuple(before)].append(pk)
        keys = [pk for group in groups.values() for pk in group]
        if keys:
            with_keys(model, keys).update(**values)
            if model is Quote and _WHO & values.keys():
                self.revoiced.update(keys)
            self.changes.append(
                {
                    "table": model._meta.model_name,
                    "done": "update",
                    "after": _plain(dict(zip(names, after, strict=True))),
                    "rows": [
                        {"before": _plain(dict(zip(names, before, strict=True))), "keys": pks}
                        for before, pks in groups.items()
                    ],
                }
            )
        return len(keys)

    def insert(self, row: models.Model) -> None:
        row.save(force_insert=True)
        if isinstance(row, Actor):
            self.actors.add(row.pk)
        elif isinstance(row, Speaker):
            self.speakers.add(row.pk)
        self.changes.append({"table": row._meta.model_name, "done": "insert", "rows": [_row(row)]})

    def delete(self, row: models.Model) -> None:
        change = {"table": row._meta.model_name, "done": "delete", "rows": [_row(row)]}
        row.delete()
        self.changes.append(change)


@contextmanager
def entry(
    action: str, *, editor: User | None, undoes: IdentityEvent | None = None
) -> Iterator[Entry]:
    """A transaction in which identities change, kept as an event unless nothing did change."""
    with transaction.atomic():
        change_identities()
        if action in (Action.MERGE, Action.SPLIT):
            # Before any row, as all do who link what is alike.
            wait_for_turn()
        made = Entry()
        yield made
        _relink(made.revoiced)
        if made.changes or undoes:
            made.event = IdentityEvent.objects.create(
                action=action,
                actors=sorted(made.actors),
                speakers=sorted(made.speakers),
                summary=made.summary,
                changes=made.changes,
                editor=editor,
                undoes=undoes,
            )


def _relink(quotes: set[int]) -> None:
    """Link quotes anew that others say now: a few at once, many by workers."""
    from statements.tasks import relink_lot

    if len(quotes) <= _RELINKED_AT_ONCE:
        relink_quotes(quotes)
        return
    for lot in batched(sorted(quotes), _RELINKED_AT_ONCE):
        relink_lot.enqueue(list(lot))


def undo(event: IdentityEvent, *, editor: User | None) -> tuple[IdentityEvent, int]:
    """Put back every row that the event changed, as an event of its own.

    Quotes that editors gave to somebody else since stay with whom they gave them to; returned is
    how many. Raises Refused when the event was undone, or a later one rests on it.
    """
    try:
        with entry(event.action, editor=editor, undoes=event) as made:
            event = IdentityEvent.objects.get(pk=event.pk)
            _check(event)
            made.actors, made.speakers = set(event.actors), set(event.speakers)
            made.summary = f"Undone: {event.summary}"
            left = sum(_put_back(made, change) for change in reversed(event.changes))
    except (ProtectedError, IntegrityError) as error:
        raise Refused(
            "Something else uses what this made, or stands where it was: take that back first."
        ) from error
    assert made.event  # noqa: S101
    return made.event, left


def blocking(event: IdentityEvent) -> IdentityEvent | None:
    """The last event still in force that changed the same since, which has to be undone first."""
    later = IdentityEvent.objects.in_force().filter(pk__gt=event.pk)
    shared = Q(actors__overlap=event.actors) | Q(speakers__overlap=event.speakers)
    touched = _touched(event)
    born = {
        (change["table"], row["id"])
        for change in event.changes
        if change["done"] == "insert" and change["table"] in ("actor", "speaker")
        for row in change["rows"]
    }
    for each in later.filter(shared).order_by("-pk"):
        uses = {*(("actor", pk) for pk in each.actors), *(("speaker", pk) for pk in each.speakers)}
        if uses & born:
            return each
        theirs = _touched(each)
        if any(not keys.isdisjoint(theirs[place]) for place, keys in touched.items()):
            return each
    return None


def with_keys(model: type[models.Model], keys: list[int]) -> QuerySet[Any]:
    """The rows of these keys; however many there are, they travel as one value."""
    return model._default_manager.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [keys]))


def _check(event: IdentityEvent) -> None:
    if event.is_undo:
        raise Refused("This is an undo itself: do again what it took back.")
    if IdentityEvent.objects.filter(undoes=event).exists():
        raise Refused("This was undone already.")
    later = blocking(event)
    if later:
        raise Refused(f"“{later.summary}” came later and rests on it: undo that first.")


def _touched(event: IdentityEvent) -> dict[tuple[str, str], set[int]]:
    """The keys of the rows that an event changed, by table and column."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for change in event.changes:
        table = change["table"]
        if change["done"] == "update":
            for name in change["after"]:
                for group in change["rows"]:
                    found[table, name].update(group["keys"])
        else:
            for row in change["rows"]:
                for name in row:
                    found[table, name].add(row["id"])
    return found


def _put_back(made: Entry, change: Row) -> int:
    """Reverse one change; returns how many rows were left to whoever changed them since."""
    model = _TABLES[change["table"]]
    if change["done"] == "update":
        return _values_back(made, model, change)
    for values in change["rows"]:
        if change["done"] == "insert":
            _taken_out(made, model, values)
        else:
            made.insert(model(**_read(model, values)))
    return 0


def _values_back(made: Entry, model: type[models.Model], change: Row) -> int:
    after = _read(model, change["after"])
    is_voice = change["table"] in _VOICES
    # The type of a voice follows its actor, and imports settle types: who it is decides.
    telling = {name: each for name, each in after.items() if name in _WHO} if is_voice else after
    left = 0
    for group in change["rows"]:
        rows = with_keys(model, group["keys"]).filter(_same(telling or after))
        found = rows.count()
        if found != len(group["keys"]):
            if not is_voice:
                raise Refused(
                    f"Somebody has changed the same {model._meta.verbose_name} by other means "
                    "since: put it right by hand."
                )
            # Replies that the program proposed are replaced whenever an article is read again.
            left += len(group["keys"]) - found if model is not Reply else 0
        made.update(rows, **_read(model, group["before"]))
    return left


def _taken_out(made: Entry, model: type[models.Model], values: Row) -> None:
    row = model._default_manager.filter(_same(_read(model, values))).first()
    if row is None:
        raise Refused(
            f"Somebody has changed the {model._meta.verbose_name} that this made: "
            "take it away by hand."
        )
    if isinstance(row, Actor | Speaker) and row.names.exists():
        raise Refused(f"{row.name} has names of its own by now: merge it instead.")
    made.delete(row)


def _same(values: Row) -> Q:
    condition = Q()
    for name, value in values.items():
        condition &= Q(**{f"{name}__isnull": True} if value is None else {name: value})
    return condition


def _row(row: models.Model) -> Row:
    return _plain({field.attname: getattr(row, field.attname) for field in _fields(type(row))})


def _fields(model: type[models.Model]) -> Iterable[Any]:
    return model._meta.concrete_fields


def _plain(values: Row) -> Row:
    """As JSON keeps it: days and ids as text."""
    return {
        name: each if isinstance(each, str | int | None) else _text(each)
        for name, each in values.items()
    }


def _text(value: object) -> str:
    """A day, a moment to the microsecond, or a UUID, as the field of it reads it again."""
    return value.isoformat() if isinstance(value, date) else str(value)


def _read(model: type[models.Model], values: Row) -> Row:
    columns: dict[str, Any] = {field.attname: field for field in _fields(model)}
    return {
        name: value if value is None else columns[name].to_python(value)
        for name, value in values.items()
    }
