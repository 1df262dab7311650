"""Pages of a list by the place where the last one ended: page 1,000 costs what page 1 does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Func, Model, Q, QuerySet

PAGE_SIZE = 20


def by_hand(column: F) -> Func:
    """The same day or number to order by, so that no index yields the order."""
    return Func(column, template="(%(expressions)s + 0)")


@dataclass(frozen=True, slots=True)
class Key:
    """One part of a list's order. The last key of an order must be unique.

    Rows without a value come last in either direction.
    """

    name: str
    descending: bool = False
    nullable: bool = False

    def ordering(self, *, sort: bool = False) -> Any:
        """With `sort` no index is walked in this order."""
        expression: Any = by_hand(F(self.name)) if sort else F(self.name)
        nulls_last = True if self.nullable else None
        if self.descending:
            return expression.desc(nulls_last=nulls_last)
        return expression.asc(nulls_last=nulls_last)

    def equals(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True} if value is None else {self.name: value})

    def comes_after(self, value: Any) -> Q | None:
        """Rows behind this value; None when nothing can be."""
        if value is None:
            return None
        further = Q(**{f"{self.name}__{'lt' if self.descending else 'gt'}": value})
        return further | Q(**{f"{self.name}__isnull": True}) if self.nullable else further


@dataclass(frozen=True, slots=True)
class Page[Row: Model]:
    """Some rows of a list; `after` is the cursor of the next page, "" on the last one."""

    rows: list[Row]
    after: str
    is_first: bool

    @property
    def is_further(self) -> bool:
        """Whether it stands behind others."""
        return not self.is_first


def keyset_page[Row: Model](
    rows: QuerySet[Row],
    keys: Sequence[Key],
    after: str | None = None,
    size: int = PAGE_SIZE,
    *,
    sort: bool = False,
) -> Page[Row]:
    """The rows behind the cursor `after`, in the order of `keys`.

    A cursor that was changed, or made for another order, shows the first page. With `sort` the
    rows are found first and sorted, for conditions that fit few.
    """
    place = read_cursor(rows, keys, after) if after else None
    first, *rest = keys
    ordered = rows.order_by(first.ordering(sort=sort), *(key.ordering() for key in rest))
    if place is not None:
        ordered = ordered.filter(_behind(keys, place))
    found = list(ordered[: size + 1])
    shown = found[:size]
    cursor = write_cursor(shown[-1], keys) if len(found) > size else ""
    return Page(shown, cursor, is_first=place is None)


def _behind(keys: Sequence[Key], place: Sequence[Any]) -> Q:
    first = place[0]
    condition = Q()
    if first is not None and not keys[0].nullable:
        # Implied by the rest, but where an index begins with this it says where to start.
        condition = Q(**{f"{keys[0].name}__{'lte' if keys[0].descending else 'gte'}": first})
    further_on = Q()
    same = Q()
    for key, value in zip(keys, place, strict=True):
        further = key.comes_after(value)
        if further is not None:
            further_on |= same & further
        same &= key.equals(value)
    return condition & further_on


def _salt(keys: Sequence[Key]) -> str:
    return "page after:" + ",".join(("-" if key.descending else "") + key.name for key in keys)


def write_cursor(row: Model, keys: Sequence[Key]) -> str:
    values = [getattr(row, key.name) for key in keys]
    plain = [value.isoformat() if isinstance(value, date) else value for value in values]
    return signing.dumps(plain, salt=_salt(keys))


def read_cursor[Row: Model](
    rows: QuerySet[Row], keys: Sequence[Key], cursor: str
) -> list[Any] | None:
    """The values of `keys` at the place of a cursor; None when it was changed or is another's."""
    try:
        values = signing.loads(cursor, salt=_salt(keys))
    except signing.BadSignature:
        return None
    return [_parsed(rows, key.name, value) for key, value in zip(keys, values, strict=True)]


def _parsed[Row: Model](rows: QuerySet[Row], name: str, value: Any) -> Any:
    try:
        field: Any = rows.model._meta.get_field(name)
    except FieldDoesNotExist:
        return value  # An annotation; those that lists sort by are numbers.
    return field.to_python(value)
