"""Repairing quotes: their words, their speaker, whether they are quotes. Each repair is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from statements.ingest.suggesting import suggest_again
from statements.models import (
    Actor,
    Article,
    Issue,
    Quote,
    QuoteEdit,
    QuotePart,
    QuoteVector,
    Speaker,
)
from statements.nlp.quotation import words_said
from statements.nlp.sentences import Sentences

Action = QuoteEdit.Action
Span = tuple[int, int]


class UnusableRepair(ValueError):
    """What an editor asked for cannot be done; the message says why, and what to do."""


def find_words(article: Article, words: str, *, near: int) -> Span:
    """Where the article says exactly these words: the place nearest to an offset.

    White space counts as alike, so that words copied from a page are found. Raises UnusableRepair.
    """
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    if not pattern:
        raise UnusableRepair("Keep at least one word, or say that it is not a quote.")
    places = [match.span() for match in re.finditer(pattern, article.text)]
    if not places:
        raise UnusableRepair(
            f"The article does not say “{_shortened(words)}”: copy the words from its text."
        )
    return min(places, key=lambda place: abs(place[0] - near))


def repair_words(
    quote: Quote, parts: Sequence[Span], *, editor: User, issue: Issue | None = None
) -> QuoteEdit | None:
    """Make these stretches of the article the quote's content; None when they are already.

    Raises UnusableRepair when they overlap, or another quote stands at the same place.
    """
    parts = sorted(parts)
    if any(first[1] > second[0] for first, second in pairwise(parts)):
        raise UnusableRepair("The parts overlap: each has to begin behind the one before.")
    values = {"parts": [list(part) for part in parts], "confidence": 1.0}
    return _edit(quote, Action.SPAN, values, editor=editor, issue=issue)


def change_voice(
    quote: Quote,
    *,
    speaker: Speaker | None,
    actor: Actor | None,
    editor: User,
    issue: Issue | None = None,
) -> QuoteEdit | None:
    """Give the quote to this person, or to this party, or to nobody; None when it is already.

    A person speaks for the party of their post on the day, unless one is named.
    """
    affiliation = speaker.affiliation_on(quote.said_on) if speaker else None
    if affiliation and actor and affiliation.actor_id != actor.pk:
        affiliation = None
    actor = actor or (affiliation.actor if affiliation else None)
    values = {
        "speaker": speaker.pk if speaker else None,
        "actor": actor.pk if actor else None,
        "affiliation": affiliation.pk if affiliation else None,
        "role": affiliation.post if affiliation else "",
        "attribution": Quote.Attribution.CONFIRMED if speaker or actor else Quote.Attribution.OPEN,
        "basis": "editor",
    }
    return _edit(quote, Action.VOICE, values, editor=editor, issue=issue)


def change_state(
    quote: Quote, state: str, *, editor: User, issue: Issue | None = None
) -> QuoteEdit | None:
    """Say that it is no quote ("rejected"), or that it is one after all; None when known."""
    return _edit(quote, Action.STATE, {"state": state}, editor=editor, issue=issue)


@transaction.atomic
def take_back_edit(edit: QuoteEdit) -> QuoteEdit:
    """Restore what stood before the edit, as an edit of its own.

    Raises UnusableRepair when it was taken back already, or somebody has changed the same since.
    """
    quote = Quote.objects.select_for_update(of=("self",)).get(pk=edit.quote_id)
    if QuoteEdit.objects.filter(undoes=edit).exists():
        raise UnusableRepair("This was taken back already.")
    if _values(quote, edit.action) != edit.after:
        raise UnusableRepair("Somebody has changed the same since: look at the quote first.")
    _apply(quote, edit.action, edit.before)
    return QuoteEdit.objects.create(
        quote=quote,
        editor=edit.editor,
        issue=edit.issue,
        action=edit.action,
        before=edit.after,
        after=edit.before,
        undoes=edit,
    )


@transaction.atomic
def _edit(
    quote: Quote, action: str, values: dict[str, Any], *, editor: User, issue: Issue | None
) -> QuoteEdit | None:
    locked = Quote.objects.select_for_update(of=("self",)).get(pk=quote.pk)
    before = _values(locked, action)
    if _without_bookkeeping(before) == _without_bookkeeping(values):
        return None
    _apply(locked, action, values)
    return QuoteEdit.objects.create(
        quote=quote, editor=editor, issue=issue, action=action, before=before, after=values
    )


def _without_bookkeeping(values: dict[str, Any]) -> dict[str, Any]:
    """Without what says how something became known rather than what it is."""
    return {name: each for name, each in values.items() if name not in ("confidence", "basis")}


def _values(quote: Quote, action: str) -> dict[str, Any]:
    """What an edit of this kind changes, as it stands."""
    if action == Action.SPAN:
        parts = [[part.start, part.end] for part in quote.parts.all()]
        return {"parts": parts, "confidence": quote.confidence}
    if action == Action.VOICE:
        return {
            "speaker": quote.speaker_id,
            "actor": quote.actor_id,
            "affiliation": quote.affiliation_id,
            "role": quote.role,
            "attribution": quote.attribution,
            "basis": quote.basis,
        }
    return {"state": quote.state}


def _apply(quote: Quote, action: str, values: dict[str, Any]) -> None:
    if action == Action.SPAN:
        _apply_words(quote, values)
    elif action == Action.VOICE:
        for name in ("speaker", "actor", "affiliation"):
            setattr(quote, f"{name}_id", values[name])
        for name in ("role", "attribution", "basis"):
            setattr(quote, name, values[name])
        actor = quote.actor
        quote.actor_type = actor.type if actor else Actor.Type.UNKNOWN
        quote.country = actor.country if actor else ""
        quote.save()
    else:
        quote.state = values["state"]
        quote.save(update_fields=["state"])


def _apply_words(quote: Quote, values: dict[str, Any]) -> None:
    text = quote.article.text
    parts = values["parts"]
    quote.start, quote.end = parts[0][0], parts[-1][1]
    quote.content = words_said(text[start:end] for start, end in parts)
    quote.confidence = values["confidence"]
    quote.before, quote.after = Sentences(text).around(*quote.passage)
    try:
        with transaction.atomic():
            quote.save()
    except IntegrityError as error:
        if "one_quote_per_place" not in str(error):
            raise
        raise UnusableRepair(
            "Another quote stands at exactly these words: say that this one is not a quote."
        ) from error
    quote.parts.all().delete()
    QuotePart.objects.bulk_create(
        QuotePart(quote=quote, ordinal=ordinal, start=start, end=end, content=text[start:end])
        for ordinal, (start, end) in enumerate(parts)
    )
    # What was proposed rested on the old words.
    QuoteVector.objects.filter(quote=quote).delete()
    suggest_again(quote)


def _shortened(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 60 else f"{words[:60]}…"
