"""Storing a list of actors and people: each row as a whole or not at all, nothing guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.contrib.auth.models import User

from statements.identity_editing import add_row, set_parent, set_post, set_type, set_values
from statements.ingest.actor_list_rows import (
    ActorList,
    ListedIdentity,
    ListedPost,
    Unusable,
    checked_country,
    checked_day,
    checked_name,
    checked_type,
)
from statements.ledger import Action, Entry, Refused, entry
from statements.models import Actor, Affiliation, Speaker, Standing
from statements.models.actors import Name
from statements.names import name_key, name_slug

# Rejected rows that a report tells one by one.
MOST_TOLD = 10_000


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was not stored: where, which field, why, and what to do."""

    place: str
    field: str
    reason: str


@dataclass(slots=True)
class ListReport:
    """What became of each row: "new", "known" and as the list says, "completed", "rejected"."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejection] = field(default_factory=list)

    @property
    def in_words(self) -> str:
        there = self.counts["known"] + self.counts["completed"]
        completed = self.counts["completed"]
        more = f" ({completed:,} completed)" if completed else ""
        return (
            f"{self.counts['new']:,} new, {there:,} already there{more}, "
            f"{self.counts['rejected']:,} rejected"
        )

    def as_json(self, most: int = MOST_TOLD) -> dict[str, Any]:
        return {
            "name": self.name,
            **{each: self.counts[each] for each in ("new", "known", "completed", "rejected")},
            "rejections": [asdict(each) for each in self.rejected[:most]],
        }


def import_actor_list(listed: ActorList, *, name: str, user: User | None = None) -> ListReport:
    """Store what is new and complete what is there; the same list again changes nothing.

    What an editor confirmed is never changed: a row that says otherwise is rejected, as is one
    whose name may mean several. Each row is an event that can be undone.
    """
    report = ListReport(name)
    storing = _Storing(user)
    for row in _parents_first(listed.identities):
        _store(report, row.place, lambda row=row: storing.identity(row))
    for post in listed.posts:
        _store(report, post.place, lambda post=post: storing.post(post))
    return report


def _store(report: ListReport, place: str, store: Any) -> None:
    try:
        outcome = store()
    except Unusable as error:
        report.counts["rejected"] += 1
        report.rejected.append(Rejection(place, error.field, error.reason))
    except Refused as refusal:
        report.counts["rejected"] += 1
        report.rejected.append(Rejection(place, "", str(refusal)))
    else:
        report.counts[outcome] += 1


class _Storing:
    def __init__(self, user: User | None) -> None:
        self.user = user
        # By how the list refers to it; those that were rejected are not there.
        self.stored: dict[str, Actor | Speaker] = {}

    def identity(self, row: ListedIdentity) -> str:
        name = checked_name(row.name)
        model: Any = Speaker if row.is_person else Actor
        actor_type, country = checked_type(row.type), checked_country(row.country)
        with entry(Action.IMPORT, editor=self.user) as made:
            there = _called(model, name, "name")
            held = made.hold(there)[0] if there else _new(made, model, name)
            _names(made, held, row.aliases)
            if isinstance(held, Actor):
                self._describe(made, held, actor_type, country)
                if row.parent:
                    self._place(made, held, row.parent)
            set_values(made, held, standing=Standing.CONFIRMED)
            made.summary = f"“{held.name}” from a list{'' if there else ', new'}."
        self.stored[row.key] = held
        return "new" if not there else "completed" if made.event else "known"

    def post(self, row: ListedPost) -> str:
        since, until = checked_day(row.since, "start_date"), checked_day(row.until, "end_date")
        speaker, actor = self.stored.get(row.person), self.stored.get(row.organisation)
        if not isinstance(speaker, Speaker):
            raise Unusable("person_id", "No person of this id was stored: see its own row.")
        if not isinstance(actor, Actor):
            raise Unusable("organization_id", "No organisation of this id was stored: see its row.")
        with entry(Action.IMPORT, editor=self.user) as made:
            (speaker,), (actor,) = made.hold(speaker), made.hold(actor)
            post = " ".join(row.post.split())[:300]
            begun = {"since": since} if since else {"since__isnull": True}
            there = Affiliation.objects.filter(speaker=speaker, actor=actor, post=post, **begun)
            known = there.first()
            if known and known.until and until and known.until != until:
                raise Unusable(
                    "end_date",
                    f"Here the post ended on {known.until:%Y-%m-%d}: put one of the two right.",
                )
            until = until or (known.until if known else None)
            set_post(made, speaker, actor, post=post, since=since, until=until)
            made.summary = f"“{speaker.name}”, {post or 'a post'} with “{actor.name}”, from a list."
        return "new" if not known else "completed" if made.event else "known"

    def _describe(self, made: Entry, actor: Actor, actor_type: str, country: str) -> None:
        """Give it the type and country of the list, unless an editor confirmed others."""
        settled = not actor.is_provisional
        if settled and actor_type and actor.type not in (Actor.Type.UNKNOWN, actor_type):
            raise Unusable(
                "type",
                f"{actor.name} is confirmed as {actor.get_type_display()}: put the list right, or "
                "change it on its page.",
            )
        if settled and country and actor.country not in ("", country):
            raise Unusable(
                "country",
                f"{actor.name} is confirmed as one of {actor.country}: put the list right, or "
                "change it on its page.",
            )
        set_type(made, actor, actor_type or actor.type, country or actor.country)

    def _place(self, made: Entry, actor: Actor, named: str) -> None:
        parent = self.stored.get(named)
        if parent is None and named.startswith("organization "):
            raise Unusable("parent_id", "No organisation of this id was stored: see its own row.")
        parent = parent or _called(Actor, named, "parent")
        if not isinstance(parent, Actor):
            raise Unusable(
                "parent", f"No actor is called “{named[:60]}”: add it to the list, or leave it out."
            )
        (parent,) = made.hold(parent)
        if actor.parent and actor.parent.pk != parent.pk and not actor.is_provisional:
            raise Unusable(
                "parent",
                f"{actor.name} is part of {actor.parent.name} here: put the list right, or change "
                "it on its page.",
            )
        try:
            set_parent(made, actor, parent)
        except Refused as refusal:
            raise Unusable("parent", str(refusal)) from refusal


def _called(model: Any, name: str, field_name: str) -> Any:
    """The one of this name, if there is one; raises Unusable when there are several."""
    found = list(model._default_manager.known_as(name)[:3])
    if len(found) > 1:
        slugs = ", ".join(each.slug for each in found)
        raise Unusable(
            field_name,
            f"“{name[:60]}” may mean several here ({slugs}): merge them, or give each a name of "
            "its own.",
        )
    return found[0] if found else None


def _new(made: Entry, model: Any, name: str) -> Any:
    rows = model._default_manager
    taken = rows.filter(slug__startswith=name_slug(name)).values_list("slug", flat=True)
    new = model(name=name, slug=name_slug(name, set(taken)))
    made.insert(new)
    add_row(made, new, name, Name.Kind.PRIMARY)
    return new


def _names(made: Entry, identity: Actor | Speaker, aliases: list[str]) -> None:
    for alias in aliases:
        alias = checked_name(alias, "aliases")
        namesake = _called(type(identity), alias, "aliases")
        if namesake is None:
            add_row(made, identity, alias, Name.Kind.ALIAS)
        elif namesake.pk != identity.pk:
            raise Unusable(
                "aliases",
                f"“{alias[:60]}” is {namesake.name} here: if it is the same, merge the two or use "
                "that name; else leave the alias out.",
            )


def _parents_first(rows: list[ListedIdentity]) -> Iterator[ListedIdentity]:
    """The rows, each behind the one that it is part of, as far as the list has it."""
    by_name: dict[str, ListedIdentity] = {}
    for row in rows:
        for name in (row.key, row.name, *row.aliases):
            by_name.setdefault(name_key(name), row)
    done: set[int] = set()
    for row in rows:
        chain: list[ListedIdentity] = []
        above: ListedIdentity | None = row
        while above is not None and id(above) not in done:
            done.add(id(above))
            chain.append(above)
            above = by_name.get(name_key(above.parent)) if above.parent else None
        yield from reversed(chain)
