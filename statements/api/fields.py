"""What a record of the API holds: one table serialises it and describes it, so they agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from statements.exports import Absolute

JsonSchema = dict[str, Any]
# What a field takes from the row; addresses are made whole by the second argument.
Read = Callable[[Any, Absolute], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a record: its schema, what it means, and where it comes from."""

    name: str
    schema: JsonSchema
    says: str
    read: Read


@dataclass(frozen=True, slots=True)
class Record:
    """A kind of object in answers."""

    name: str
    says: str
    fields: tuple[Field, ...]

    def of(self, row: Any, absolute: Absolute) -> dict[str, Any]:
        """The object for a row; it has every field, in the table's order."""
        return {field.name: field.read(row, absolute) for field in self.fields}

    @property
    def schema(self) -> JsonSchema:
        return {
            "type": "object",
            "description": self.says,
            "properties": {
                each.name: each.schema | {"description": each.says} for each in self.fields
            },
            "required": [each.name for each in self.fields],
            "additionalProperties": False,
        }

    @property
    def reference(self) -> JsonSchema:
        return {"$ref": f"#/components/schemas/{self.name}"}


def value(name: str, schema: JsonSchema, says: str, path: str = "") -> Field:
    """A field read from an attribute, or from one of a related row: "outlet.name"."""
    names = (path or name).split(".")

    def read(row: Any, _absolute: Absolute) -> Any:
        for each in names:
            row = getattr(row, each)
            if row is None:
                return None
        return plain(row)

    return Field(name, schema, says, read)


def link(name: str, says: str, to: Callable[[Any], str]) -> Field:
    """A field with a whole address."""
    return Field(name, ADDRESS, says, lambda row, absolute: absolute(to(row)))


def one(name: str, record: Record, says: str, get: Callable[[Any], Any]) -> Field:
    """A field with a record, or null."""
    return Field(
        name,
        {"anyOf": [record.reference, {"type": "null"}]},
        says,
        lambda row, absolute: None if (found := get(row)) is None else record.of(found, absolute),
    )


def many(name: str, record: Record, says: str, get: Callable[[Any], Iterable[Any]]) -> Field:
    """A field with a list of records."""
    return Field(
        name,
        {"type": "array", "items": record.reference},
        says,
        lambda row, absolute: [record.of(each, absolute) for each in get(row)],
    )


def plain(found: Any) -> Any:
    """Dates, times and identifiers as JSON writes them; anything else as it is."""
    if isinstance(found, bool | int | float | list | dict) or found is None:
        return found
    return found.isoformat() if hasattr(found, "isoformat") else str(found)


def one_of(values: Iterable[str]) -> JsonSchema:
    return {"type": "string", "enum": list(values)}


def or_null(schema: JsonSchema) -> JsonSchema:
    if "enum" in schema:
        return {"type": ["string", "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


TEXT: JsonSchema = {"type": "string"}
NUMBER: JsonSchema = {"type": "integer"}
SHARE: JsonSchema = {"type": "number", "minimum": 0, "maximum": 1}
FLAG: JsonSchema = {"type": "boolean"}
DAY: JsonSchema = {"type": "string", "format": "date"}
MOMENT: JsonSchema = {"type": "string", "format": "date-time"}
UUID: JsonSchema = {"type": "string", "format": "uuid"}
ADDRESS: JsonSchema = {"type": "string", "format": "uri"}
COUNTRY: JsonSchema = {"type": "string", "pattern": "^([A-Z]{2})?$"}
