"""What editors changed about a quote, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from statements.models import Actor, Quote, QuoteEdit, Speaker
from statements.repairing import stands
from statements.revisions import Change, changes

Action = QuoteEdit.Action


@dataclass(frozen=True, slots=True)
class Edited:
    """One edit with what it changed; `undo`: the quote is still as it left it."""

    edit: QuoteEdit
    changes: tuple[Change, ...]
    undo: bool


def edits_of(quote: Quote) -> list[Edited]:
    """The edits of the quote, newest first, with what stood before and after."""
    edits = list(
        quote.edits.select_related("editor", "undoes", "undone_by").order_by("-created_at", "-pk")
    )
    names = _names(each for edit in edits for each in (edit.before, edit.after))
    found = []
    open_actions = set(Action.values)
    for edit in edits:
        edit.quote = quote
        before, after = (
            _as_text(quote, edit.action, values, names) for values in (edit.before, edit.after)
        )
        # Only the last edit of a kind can be what the quote looks like now.
        is_open = edit.undoes_id is None and not hasattr(edit, "undone_by")
        undo = is_open and edit.action in open_actions and stands(edit)
        if is_open:
            open_actions.discard(edit.action)
        found.append(Edited(edit, tuple(changes(before, after)), undo))
    return found


Names = dict[str, dict[int, str]]


def _names(states: Iterable[dict[str, Any]]) -> Names:
    """The names of the people and parties in these states: two queries."""
    voices = [voice for state in states for voice in (state, *state.get("joint", ()))]
    keys = {name: {each.get(name) for each in voices} - {None} for name in ("speaker", "actor")}
    return {
        "speaker": dict(Speaker.objects.filter(pk__in=keys["speaker"]).values_list("pk", "name")),
        "actor": dict(Actor.objects.filter(pk__in=keys["actor"]).values_list("pk", "name")),
    }


def _as_text(quote: Quote, action: str, values: dict[str, Any], names: Names) -> str:
    """What an edit has before or after it, a line for each part or voice."""
    if action == Action.SPAN:
        return "\n".join(
            " ".join(quote.article.text[start:end].split()) for start, end in values["parts"]
        )
    if action == Action.VOICE:
        return "\n".join(
            _voice_in_words(voice, names) for voice in (values, *values.get("joint", ()))
        )
    return ""


def _voice_in_words(voice: dict[str, Any], names: Names) -> str:
    person = names["speaker"].get(voice["speaker"], "") if voice["speaker"] else ""
    party = names["actor"].get(voice["actor"], "") if voice["actor"] else ""
    if person and voice["role"]:
        person = f"{person}, {voice['role']}"
    if person and party:
        return f"{person}, for {party}"
    return person or party or "nobody that the text names"
