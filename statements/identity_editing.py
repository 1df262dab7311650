"""What an editor puts right about one identity, each step kept in the ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.template.defaultfilters import pluralize

from statements.ledger import Action, Entry, Refused, entry
from statements.models import (
    Actor,
    ActorName,
    ActorType,
    Affiliation,
    IdentityEvent,
    JointVoice,
    Quote,
    Speaker,
    SpeakerName,
    Standing,
)
from statements.models.actors import Name
from statements.names import name_key


def confirm[T: (Actor, Speaker)](identity: T, *, editor: User | None) -> IdentityEvent | None:
    """Say that this is somebody, under this name; None when that was said before."""
    with entry(Action.CONFIRM, editor=editor) as made:
        (held,) = made.hold(identity)
        set_values(made, held, standing=Standing.CONFIRMED)
        made.summary = f"Confirmed “{held.name}”."
    return made.event


def rename[T: (Actor, Speaker)](
    identity: T, name: str, *, editor: User | None
) -> IdentityEvent | None:
    """Call it by this name from now on; the old one stays as an alias, the address as it is."""
    name = _tidy(name)
    with entry(Action.RENAME, editor=editor) as made:
        (held,) = made.hold(identity)
        old = held.name
        primary = held.names.filter(kind=Name.Kind.PRIMARY)
        made.update(primary.exclude(key=name_key(name)), kind=Name.Kind.ALIAS)
        same = held.names.filter(key=name_key(name))
        if not made.update(same, kind=Name.Kind.PRIMARY, text=name) and not same.exists():
            add_row(made, held, name, Name.Kind.PRIMARY)
        if not held.names.filter(key=name_key(old)).exists():
            add_row(made, held, old, Name.Kind.ALIAS)
        set_values(made, held, name=name, sort_name=name_key(name)[:200])
        made.summary = f"Renamed “{old}” to “{name}”."
    return made.event


def retype(
    actor: Actor, *, actor_type: str, country: str, editor: User | None
) -> IdentityEvent | None:
    """Give the actor this type and country, and with it each quote that speaks for it."""
    country = country.strip().upper()
    with entry(Action.RETYPE, editor=editor) as made:
        (held,) = made.hold(actor)
        quotes = set_type(made, held, actor_type, country)
        kind = ActorType(actor_type).label
        made.summary = (
            f"“{held.name}” is {kind}{f', {country}' if country else ''}: "
            f"{quotes:,} quote{pluralize(quotes)} followed."
        )
    return made.event


def place_under(actor: Actor, parent: Actor | None, *, editor: User | None) -> IdentityEvent | None:
    """Make it part of another actor, or of none. Raises Refused where that would be a circle."""
    with entry(Action.PARENT, editor=editor) as made:
        if parent is None:
            (held,) = made.hold(actor)
        else:
            held, parent = made.hold(actor, parent)
        set_parent(made, held, parent)
        made.summary = (
            f"“{held.name}” is part of “{parent.name}”."
            if parent
            else f"“{held.name}” is part of nothing."
        )
    return made.event


def add_alias[T: (Actor, Speaker)](
    identity: T, text: str, *, kind: str = Name.Kind.ALIAS, editor: User | None
) -> IdentityEvent | None:
    """Let it be found under this name too. Raises Refused when somebody is called so already."""
    text = _tidy(text)
    with entry(Action.ALIAS, editor=editor) as made:
        (held,) = made.hold(identity)
        add_name(made, held, text, kind)
        made.summary = f"“{held.name}” is also written “{text}”."
    return made.event


def remove_alias[T: (Actor, Speaker)](
    identity: T, pk: int, *, editor: User | None
) -> IdentityEvent | None:
    """Let it no longer be found under a name. Raises Refused for the name that it is shown by."""
    with entry(Action.UNALIAS, editor=editor) as made:
        (held,) = made.hold(identity)
        row = held.names.filter(pk=pk).first()
        if row is None:
            raise Refused("This name is gone already.")
        if row.key == name_key(held.name):
            raise Refused("This is the name it is shown by: rename it first.")
        made.delete(row)
        made.summary = f"“{held.name}” is no longer written “{row.text}”."
    return made.event


def affiliate(
    speaker: Speaker,
    actor: Actor,
    *,
    post: str = "",
    since: date | None = None,
    until: date | None = None,
    evidence: str = "",
    editor: User | None,
) -> IdentityEvent | None:
    """Write down that the person holds a post with the party; the same post again is dated."""
    with entry(Action.AFFILIATION, editor=editor) as made:
        (speaker,) = made.hold(speaker)
        (actor,) = made.hold(actor)
        set_post(made, speaker, actor, post=post, since=since, until=until, evidence=evidence)
        held = " ".join(post.split()) or "a post"
        made.summary = f"“{speaker.name}” holds {held} with “{actor.name}”{_period(since, until)}."
    return made.event


# -- Steps of an entry, which a list of actors takes too -------------------------------------------


def set_values(made: Entry, identity: Actor | Speaker, **values: Any) -> None:
    made.update(type(identity)._default_manager.filter(pk=identity.pk), **values)


def set_type(made: Entry, actor: Actor, actor_type: str, country: str) -> int:
    """Returns how many quotes and joint voices followed."""
    set_values(made, actor, type=actor_type, country=country)
    # Their actor is written down with it: undoing reaches only those that are still the actor's.
    values = {"actor_id": actor.pk, "actor_type": actor_type, "country": country}
    return sum(
        made.update(model._default_manager.filter(actor=actor), **values)
        for model in (Quote, JointVoice)
    )


def set_parent(made: Entry, actor: Actor, parent: Actor | None) -> None:
    above = parent
    while above:
        if above.pk == actor.pk:
            raise Refused(
                f"{parent} is part of {actor.name} itself: nothing can be part of its own part."
            )
        above = above.parent
    set_values(made, actor, parent_id=parent.pk if parent else None)


def add_name(made: Entry, identity: Actor | Speaker, text: str, kind: str) -> None:
    """A further name, unless somebody has it: one name of two identities finds neither surely."""
    if identity.names.filter(key=name_key(text)).exists():
        raise Refused(f"{identity.name} is known as “{text}” already.")
    rows: Any = type(identity)._default_manager
    namesake = rows.known_as(text).first()
    if namesake:
        raise Refused(
            f"{namesake.name} is known as “{text}” already: merge the two if they are the same, "
            "or take the name from the one first."
        )
    add_row(made, identity, text, kind)


def add_row(made: Entry, identity: Actor | Speaker, text: str, kind: str) -> None:
    made.insert(
        ActorName(actor=identity, text=text, kind=kind)
        if isinstance(identity, Actor)
        else SpeakerName(speaker=identity, text=text, kind=kind)
    )


def set_post(
    made: Entry,
    speaker: Speaker,
    actor: Actor,
    *,
    post: str,
    since: date | None,
    until: date | None,
    evidence: str = "",
) -> None:
    if since and until and since > until:
        raise Refused("The post ends before it begins: exchange the two dates.")
    post = " ".join(post.split())[:300]
    values: dict[str, Any] = {"until": until, "standing": Standing.CONFIRMED}
    if evidence:
        values["evidence"] = evidence
    begun = {"since": since} if since else {"since__isnull": True}
    there = Affiliation.objects.filter(speaker=speaker, actor=actor, post=post, **begun)
    if there.exists():
        made.update(there, **values)
    else:
        made.insert(Affiliation(speaker=speaker, actor=actor, post=post, since=since, **values))


def _tidy(name: str) -> str:
    name = " ".join(name.replace("\0", "").split())[:200]
    if not any(character.isalnum() for character in name):
        raise Refused("Type a name.")
    return name


def _period(since: date | None, until: date | None) -> str:
    begun = f" from {since:%Y-%m-%d}" if since else ""
    return begun + (f" until {until:%Y-%m-%d}" if until else "")
