"""Repairing quotes: their words, their speaker, whether they are quotes. Each repair is kept."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from statements.finding_words import Span, UnusableRepair, tidy
from statements.ingest.linking import relink_quotes, wait_for_turn
from statements.ingest.suggesting import suggest_again
from statements.models import (
    Actor,
    Affiliation,
    Issue,
    JointVoice,
    Quote,
    QuoteEdit,
    QuotePart,
    QuoteVector,
    Speaker,
)
from statements.models.quotes import Voice
from statements.nlp.marks import Quoted
from statements.nlp.quotation import words_said
from statements.nlp.sentences import Sentences
from statements.queueing import fill_queue
from statements.turns import rely_on_identities

Action = QuoteEdit.Action

# What two states are compared without: how something became known, and what follows from the rest.
_FOLLOWS = ("kind", "basis", "actor_type", "country")


def latest_edit(quote: Quote) -> int:
    """What a form shows to know later whether the quote was repaired since: the newest key."""
    return quote.edits.order_by("-pk").values_list("pk", flat=True).first() or 0


@transaction.atomic
def repair_words(
    quote: Quote,
    parts: Sequence[Span],
    *,
    editor: User,
    issue: Issue | None = None,
    seen: int | None = None,
) -> QuoteEdit | None:
    """Make these stretches of the article the quote's content, cut right beyond doubt.

    None when they are that already. `seen` is what `latest_edit()` gave when the form was opened.
    Raises UnusableRepair when stretches overlap, another quote stands at the same place, or the
    words were changed since.
    """
    locked = _lock(quote)
    quoted = Quoted(locked.article.text)
    cut = sorted(tidy(quoted, part) for part in parts)
    if not cut:
        raise UnusableRepair("Keep at least one word, or say that it is not a quote.")
    if any(first[1] > second[0] for first, second in pairwise(cut)):
        raise UnusableRepair("The parts overlap: each has to begin behind the one before.")
    values = {"parts": [list(part) for part in cut], "confidence": 1.0, "kind": quoted.kind(cut)}
    return _edit(locked, Action.SPAN, values, editor=editor, issue=issue, seen=seen)


@transaction.atomic
def change_voice(
    quote: Quote,
    *,
    speaker: Speaker | None,
    actor: Actor | None,
    editor: User,
    issue: Issue | None = None,
    place: int = 0,
    seen: int | None = None,
) -> QuoteEdit | None:
    """Give the quote to this person, or to this party, or to nobody; None when it is already.

    A person speaks for the party of their post on the day, unless one is named; whoever has the
    quote already is confirmed as they stand. Where several said it together, `place` tells which
    one is meant, 0 being the lead voice: instead of nobody the next one leads. Raises
    UnusableRepair when the speaker was changed since `seen`.
    """
    rely_on_identities()
    speaker, actor = _as_of_now(speaker), _as_of_now(actor)
    locked = _lock(quote)
    now = _values(locked, Action.VOICE)
    voices = [_lead(now), *now["joint"]]
    if not 0 <= place < len(voices):
        raise UnusableRepair("Who said it has changed meanwhile: look at it again.")
    voices[place] = _voice(locked, speaker, actor, instead_of=voices[place])
    lead, *joint = _each_once(voices) or [_NOBODY]
    known = lead["speaker"] or lead["actor"]
    values = {
        **lead,
        "joint": joint,
        "attribution": Quote.Attribution.CONFIRMED if known else Quote.Attribution.OPEN,
        "basis": "editor",
    }
    return _edit(locked, Action.VOICE, values, editor=editor, issue=issue, seen=seen)


@transaction.atomic
def change_state(
    quote: Quote, state: str, *, editor: User, issue: Issue | None = None
) -> QuoteEdit | None:
    """Say that it is no quote ("rejected"), or that it is one after all; None when known."""
    return _edit(_lock(quote), Action.STATE, {"state": state}, editor=editor, issue=issue)


@transaction.atomic
def accept_again(quote: Quote, *, editor: User) -> QuoteEdit | None:
    """Say that what was rejected is a quote, as sure as it was before; None when it is shown."""
    locked = _lock(quote)
    if locked.state != Quote.State.REJECTED:
        return None
    last = locked.edits.filter(action=Action.STATE).order_by("-pk").first()
    state = last.before["state"] if last else Quote.State.PROPOSED
    if state == Quote.State.REJECTED:
        state = Quote.State.PROPOSED
    return _edit(locked, Action.STATE, {"state": state}, editor=editor)


def stands(edit: QuoteEdit) -> bool:
    """Whether the quote is as this edit left it: if not, there is nothing to take back."""
    return _comparable(_values(edit.quote, edit.action)) == _comparable(edit.after)


@transaction.atomic
def take_back_edit(edit: QuoteEdit, *, editor: User | None = None) -> QuoteEdit:
    """Restore what stood before the edit, as an edit of its own by whoever takes it back.

    Raises UnusableRepair when it was taken back already, or somebody has changed the same since.
    """
    rely_on_identities()
    quote = _lock(edit.quote)
    if QuoteEdit.objects.filter(undoes=edit).exists():
        raise UnusableRepair("This was taken back already.")
    now = _values(quote, edit.action)
    if _comparable(now) != _comparable(_followed(edit.after)):
        raise UnusableRepair("Somebody has changed the same since: look at the quote first.")
    before = _followed(edit.before)
    _apply(quote, edit.action, before)
    editor = editor or edit.editor
    return QuoteEdit.objects.create(
        quote=quote,
        editor=editor,
        # Of the queue's history it is a step only for the one whose step it takes back.
        issue=edit.issue if editor == edit.editor else None,
        action=edit.action,
        before=now,
        after=before,
        undoes=edit,
    )


def _lock(quote: Quote) -> Quote:
    # Before any row: what links statements takes its turn first as well.
    wait_for_turn()
    return Quote.objects.select_for_update(of=("self",), no_key=True).get(pk=quote.pk)


def _edit(
    quote: Quote,
    action: str,
    values: dict[str, Any],
    *,
    editor: User,
    issue: Issue | None = None,
    seen: int | None = None,
) -> QuoteEdit | None:
    before = _values(quote, action)
    if _comparable(before) == _comparable(values):
        return None
    if seen is not None:
        since = quote.edits.filter(action=action, pk__gt=seen).select_related("editor")
        if newest := since.order_by("-pk").first():
            who = "You have" if newest.editor == editor else f"{newest.editor} has"
            raise UnusableRepair(
                f"{who} changed the same while this was open. Look at it as it is now; "
                "then save yours if it is still needed."
            )
    _apply(quote, action, values)
    return QuoteEdit.objects.create(
        quote=quote, editor=editor, issue=issue, action=action, before=before, after=values
    )


def _as_of_now[T: (Actor, Speaker)](identity: T | None) -> T | None:
    """Who it is by now: somebody may have merged it since the page was opened."""
    if identity is None:
        return None
    return type(identity)._default_manager.get(pk=identity.pk).current


def _followed(values: dict[str, Any]) -> dict[str, Any]:
    """What an edit of a voice says, with those who were merged since under whom they are now."""
    if "speaker" not in values:
        return values
    speaker = Speaker.objects.filter(pk=values["speaker"]).first()
    actor = Actor.objects.filter(pk=values["actor"]).first()
    who = {
        # Of somebody who is gone the key stays, so that restoring them is refused.
        "speaker": speaker.current.pk if speaker else values["speaker"],
        "actor": actor.current.pk if actor else values["actor"],
    }
    held = Affiliation.objects.filter(pk=values["affiliation"]).first()
    if held and (held.speaker.merged_into_id or held.actor.merged_into_id):
        same = Affiliation.objects.filter(
            speaker=held.speaker.current, actor=held.actor.current, post=held.post
        )
        begun = {"since": held.since} if held.since else {"since__isnull": True}
        held = same.filter(**begun).first()
        who["affiliation"] = held.pk if held else None
    followed = values | who
    if "joint" in values:
        followed["joint"] = [_followed(each) for each in values["joint"]]
    return followed


def _comparable(values: dict[str, Any]) -> dict[str, Any]:
    kept = {name: each for name, each in values.items() if name not in _FOLLOWS}
    if "joint" in kept:
        kept["joint"] = [_comparable(each) for each in kept["joint"]]
    return kept


def _values(quote: Quote, action: str) -> dict[str, Any]:
    """What an edit of this kind changes, as it stands."""
    if action == Action.SPAN:
        parts = [[part.start, part.end] for part in quote.parts.all()]
        return {"parts": parts, "confidence": quote.confidence, "kind": quote.kind}
    if action == Action.VOICE:
        return {
            **_stored(quote),
            "joint": [_stored(each) for each in quote.joint_voices.all()],
            "attribution": quote.attribution,
            "basis": quote.basis,
        }
    return {"state": quote.state}


def _apply(quote: Quote, action: str, values: dict[str, Any]) -> None:
    if action == Action.SPAN:
        _apply_words(quote, values)
    elif action == Action.VOICE:
        _apply_voices(quote, values)
    else:
        quote.state = values["state"]
        quote.save(update_fields=["state"])
        return
    relink_quotes([quote.pk])


# -- Who said it ----------------------------------------------------------------------------------

_NOBODY: dict[str, Any] = {
    "speaker": None,
    "actor": None,
    "affiliation": None,
    "role": "",
    "actor_type": Actor.Type.UNKNOWN,
    "country": "",
}


def _stored(voice: Voice) -> dict[str, Any]:
    return {
        "speaker": voice.speaker_id,
        "actor": voice.actor_id,
        "affiliation": voice.affiliation_id,
        "role": voice.role,
        "actor_type": voice.actor_type,
        "country": voice.country,
    }


def _lead(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in _NOBODY}


def _voice(
    quote: Quote, speaker: Speaker | None, actor: Actor | None, *, instead_of: dict[str, Any]
) -> dict[str, Any]:
    """The person, party and post as of the day, where a voice stood until now."""
    if speaker is None and actor is None:
        return _NOBODY
    is_same = speaker is not None and speaker.pk == instead_of["speaker"]
    if is_same and (instead_of["actor"] if actor is None else actor.pk == instead_of["actor"]):
        return instead_of
    held = speaker.affiliation_on(quote.said_on, actor=actor) if speaker else None
    party = actor or (held.actor if held else None)
    return {
        "speaker": speaker.pk if speaker else None,
        "actor": party.pk if party else None,
        "affiliation": held.pk if held else None,
        # The same person keeps the article's words for their post.
        "role": instead_of["role"] if is_same else held.post if held else "",
        "actor_type": party.type if party else Actor.Type.UNKNOWN,
        "country": party.country if party else "",
    }


def _each_once(voices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[tuple[int | None, int | None], dict[str, Any]] = {}
    for each in voices:
        if each["speaker"] or each["actor"]:
            found.setdefault((each["speaker"], each["actor"]), each)
    return list(found.values())


def _apply_voices(quote: Quote, values: dict[str, Any]) -> None:
    voices = [values, *values["joint"]]
    for model, name in ((Speaker, "speaker"), (Actor, "actor"), (Affiliation, "affiliation")):
        keys = {each[name] for each in voices if each[name]}
        if model._default_manager.filter(pk__in=keys).count() < len(keys):
            raise UnusableRepair("Whoever had it then is no longer kept here.")
    _give(quote, values)
    joint = []
    for ordinal, voice in enumerate(values["joint"], 1):
        row = JointVoice(quote=quote, ordinal=ordinal)
        _give(row, voice)
        joint.append(row)
    quote.attribution, quote.basis = values["attribution"], values["basis"]
    quote.save()
    quote.joint_voices.all().delete()
    JointVoice.objects.bulk_create(joint)
    _catch_up(quote)


def _give(row: Voice, voice: dict[str, Any]) -> None:
    row.speaker_id, row.actor_id = voice["speaker"], voice["actor"]
    row.affiliation_id, row.role = voice["affiliation"], voice["role"]
    # The party may have got another type since the edit that is taken back.
    row.actor_type = row.actor.type if row.actor else voice["actor_type"]
    row.country = row.actor.country if row.actor else voice["country"]


# -- Which words ----------------------------------------------------------------------------------


def _apply_words(quote: Quote, values: dict[str, Any]) -> None:
    text = quote.article.text
    parts = values["parts"]
    quote.start, quote.end = parts[0][0], parts[-1][1]
    if (
        other := quote.article.quotes.filter(start=quote.start, end=quote.end)
        .exclude(pk=quote.pk)
        .first()
    ):
        raise _in_the_way(other)
    quote.content = words_said(text[start:end] for start, end in parts)
    quote.confidence, quote.kind = values["confidence"], values["kind"]
    quote.before, quote.after = Sentences(text).around(*quote.passage)
    try:
        with transaction.atomic():
            quote.save()
    except IntegrityError as error:
        if "one_quote_per_place" not in str(error):
            raise
        raise UnusableRepair("Somebody made another quote of exactly these words.") from error
    quote.parts.all().delete()
    QuotePart.objects.bulk_create(
        QuotePart(quote=quote, ordinal=ordinal, start=start, end=end, content=text[start:end])
        for ordinal, (start, end) in enumerate(parts)
    )
    QuoteVector.objects.filter(quote=quote).delete()
    _catch_up(quote)


def _in_the_way(other: Quote) -> UnusableRepair:
    if other.state == Quote.State.REJECTED:
        said = "These words were marked as not a quote: accept them again instead of this one."
    elif other.act != Quote.Act.SPEECH:
        said = "These words are kept already, as a thought or finding."
    else:
        said = "Another quote begins and ends at the same words: say that this one is not a quote."
    return UnusableRepair(said, other=other)


def _catch_up(quote: Quote) -> None:
    """Bring the quote to the queues that it belongs to now, and propose anew what rests on it."""
    for issue in Issue.objects.select_related("actor"):
        fill_queue(issue, Quote.objects.filter(pk=quote.pk))
    suggest_again(quote)
