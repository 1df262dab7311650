"""Issues from a TOML file: propositions with poles, terms and guidelines."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from statements.issue_keeping import save_issue
from statements.models import Actor, Issue

_FIELDS = {
    "slug": str,
    "title": str,
    "proposition": str,
    "supports_pole": str,
    "opposes_pole": str,
    "terms": list,
    "counter_terms": list,
    "guideline": str,
    "kind": str,
    "actor": str,
    "parent": str,
}
_REQUIRED = ("slug", "title", "proposition", "supports_pole", "opposes_pole")


class UnreadableIssues(ValueError):
    """An issues file that cannot be used; the message names the file, the issue and the field."""


@dataclass(slots=True)
class Counts:
    created: int = 0
    updated: int = 0
    unchanged: int = 0


@transaction.atomic
def load_issues(path: Path) -> Counts:
    """Create the file's issues, or bring them up to date by slug; all of them or none.

    A changed guideline becomes a new version. Quotes that mention an issue enter its queue, also
    that of one which did not change. Raises UnreadableIssues.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("issue", [])
    except FileNotFoundError:
        raise UnreadableIssues(f"{path}: there is no such file.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableIssues(f"{path} is not valid TOML: {error}.") from None
    if not isinstance(entries, list) or not entries:
        raise UnreadableIssues(f"{path} has no [[issue]].")
    counts = Counts()
    for number, entry in enumerate(entries, start=1):
        _load(entry, f"{path}, issue {number}", counts)
    return counts


def _load(entry: dict[str, Any], place: str, counts: Counts) -> None:
    _check(entry, place)
    values = {key: value for key, value in entry.items() if key not in {"slug", "guideline"}}
    for name, model in (("parent", Issue), ("actor", Actor)):
        if name in values:
            slug = values[name]
            values[name] = model._default_manager.filter(slug=slug).first()
            if values[name] is None:
                raise UnreadableIssues(f"{place}: there is no {name} with the slug “{slug}”.")
    issue = Issue.objects.filter(slug=entry["slug"]).first() or Issue(slug=entry["slug"])
    for name, value in values.items():
        setattr(issue, name, value)
    try:
        saved = save_issue(issue, guideline=entry.get("guideline", "").strip())
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise UnreadableIssues(f"{place}: {field}: {messages[0]}") from None
    if saved.is_new:
        counts.created += 1
    elif saved.is_changed:
        counts.updated += 1
    else:
        counts.unchanged += 1


def _check(entry: dict[str, Any], place: str) -> None:
    for name in _REQUIRED:
        if not entry.get(name):
            raise UnreadableIssues(f"{place}: “{name}” is missing.")
    for name, value in entry.items():
        if name not in _FIELDS:
            raise UnreadableIssues(f"{place}: “{name}” is not known; use {', '.join(_FIELDS)}.")
        if not isinstance(value, _FIELDS[name]):
            kind = "a list" if _FIELDS[name] is list else "text"
            raise UnreadableIssues(f"{place}: “{name}” must be {kind}.")
