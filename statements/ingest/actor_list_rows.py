"""Lists of actors as files have them: CSV, and the Popolo format in JSON. Asks no database."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from statements.models import ActorType

COLUMNS = ("name", "type", "country", "aliases", "parent")
LONGEST_NAME = 200

# What lists call a kind of organisation, beside the names that are used here.
_CLASSIFICATIONS = {
    "political party": "party",
    "parliament": "legislature",
    "chamber": "legislature",
    "ministry": "government",
    "government agency": "government",
    "company": "business",
    "corporation": "business",
    "university": "academia",
    "newspaper": "media",
    "broadcaster": "media",
    "court": "judiciary",
    "police": "security",
    "church": "religious",
    "trade union": "labour",
    "union": "labour",
    "non-governmental organization": "ngo",
    "igo": "intergovernmental",
}


class Unreadable(ValueError):
    """A file that is no such list; the message says why, and what to do."""


class Unusable(ValueError):
    """A row that cannot be imported: in which field, and what to do about it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass(slots=True)
class ListedIdentity:
    """An organisation or a person of the list; `key` is how others of the list refer to it."""

    place: str
    key: str
    name: str
    type: str = ""
    country: str = ""
    aliases: list[str] = field(default_factory=list)
    parent: str = ""
    is_person: bool = False


@dataclass(slots=True)
class ListedPost:
    place: str
    person: str
    organisation: str
    post: str
    since: str
    until: str


@dataclass(slots=True)
class ActorList:
    identities: list[ListedIdentity] = field(default_factory=list)
    posts: list[ListedPost] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.identities) + len(self.posts)


def read_actor_list(data: bytes) -> ActorList:
    """The list in a file: JSON when it begins with a brace, else CSV. Raises Unreadable."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"Byte {error.start + 1:,} is not UTF-8: save the list as “CSV UTF-8”."
        ) from error
    text = text.replace("\0", "")
    if not text.strip():
        raise Unreadable("The file is empty.")
    return _popolo(text) if text.lstrip().startswith(("{", "[")) else _table(text)


def checked_name(name: str, field: str = "name") -> str:
    name = " ".join(name.split())
    if not any(character.isalnum() for character in name):
        raise Unusable(field, "The name is missing: write it, or remove the row.")
    if len(name) > LONGEST_NAME:
        raise Unusable(field, f"The name has {len(name)} characters: shorten it to {LONGEST_NAME}.")
    return name


def checked_type(given: str) -> str:
    """The type, "" when none is given; by its name here or as lists call it."""
    key = given.strip().casefold()
    by_label = {str(label).casefold(): value for value, label in ActorType.choices}
    found = key if key in ActorType.values else by_label.get(key) or _CLASSIFICATIONS.get(key)
    if key and not found:
        raise Unusable(
            "type", f"“{given[:40]}” is no type here: use one of {', '.join(ActorType.values)}."
        )
    return found or ""


def checked_country(given: str) -> str:
    import pycountry

    code = given.strip().upper()
    if code and (len(code) != 2 or pycountry.countries.get(alpha_2=code) is None):
        raise Unusable("country", f"“{given[:40]}” is no code of a country: write two letters.")
    return code


def checked_day(given: str, field: str) -> date | None:
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise Unusable(
            field, f"“{given[:40]}” is no day: write it as 2024-05-31, or leave it out."
        ) from error


def _table(text: str) -> ActorList:
    first = text.lstrip().splitlines()[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [(name or "").strip().casefold() for name in rows.fieldnames or ()]
        if "name" not in names:
            raise Unreadable(
                "There is no column “name”: the first row names the columns, of "
                f"{', '.join(COLUMNS)}."
            )
        rows.fieldnames = names
        found = []
        for row in rows:
            value = {name: str(row.get(name) or "").strip() for name in COLUMNS}
            if any(value.values()):
                aliases = [each.strip() for each in value["aliases"].split("|") if each.strip()]
                found.append(
                    ListedIdentity(
                        place=f"line {rows.line_num}",
                        key=value["name"],
                        name=value["name"],
                        type=value["type"],
                        country=value["country"],
                        aliases=aliases,
                        parent=value["parent"],
                    )
                )
    except csv.Error as error:
        place = f"Line {rows.line_num}"
        raise Unreadable(f"{place} is no CSV: {error}. Save the table again.") from error
    return ActorList(found)


def _popolo(text: str) -> ActorList:
    try:
        whole = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise Unreadable(f"This is no JSON: {error}.") from error
    if not isinstance(whole, dict) or not {"persons", "organizations"} & set(whole):
        raise Unreadable(
            "This JSON is no Popolo file: it has neither “persons” nor “organizations”."
        )
    found = ActorList()
    for place, row in _rows(whole, "organizations"):
        found.identities.append(
            ListedIdentity(
                place=place,
                key=f"organization {_word(row, 'id')}",
                name=_word(row, "name"),
                type=_word(row, "classification"),
                aliases=_other_names(row),
                parent=f"organization {row['parent_id']}" if row.get("parent_id") else "",
            )
        )
    for place, row in _rows(whole, "persons"):
        found.identities.append(
            ListedIdentity(
                place=place,
                key=f"person {_word(row, 'id')}",
                name=_word(row, "name"),
                aliases=_other_names(row),
                is_person=True,
            )
        )
    for place, row in _rows(whole, "memberships"):
        found.posts.append(
            ListedPost(
                place=place,
                person=f"person {_word(row, 'person_id')}",
                organisation=f"organization {_word(row, 'organization_id')}",
                post=_word(row, "role") or _word(row, "label"),
                since=_word(row, "start_date"),
                until=_word(row, "end_date"),
            )
        )
    return found


def _rows(whole: dict[str, Any], name: str) -> Iterable[tuple[str, dict[str, Any]]]:
    rows = whole.get(name) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unreadable(f"“{name}” is no list of objects, as Popolo has it.")
    return ((f"{name} {number}", row) for number, row in enumerate(rows, start=1))


def _word(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return str(value).strip() if isinstance(value, str | int) else ""


def _other_names(row: dict[str, Any]) -> list[str]:
    others = row.get("other_names") or []
    names = [_word(each, "name") for each in others if isinstance(each, dict)]
    return [each for each in names if each]
