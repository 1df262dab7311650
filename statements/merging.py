"""Two identities that turn out to be one: what would move, and moving it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.template.defaultfilters import pluralize

from statements.ledger import Action, Entry, Refused, entry
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
from statements.models.actors import Name

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Moving[Row]:
    """One row of a merge: it moves, or stays behind because the survivor has the same."""

    row: Row
    moves: bool


@dataclass(slots=True)
class Preview:
    """All that a merge would move, with the first quotes; `refusal` says why it cannot be."""

    quotes: int = 0
    joint: int = 0
    replies: int = 0
    first: list[Quote] = field(default_factory=list)
    names: list[Moving[Name]] = field(default_factory=list)
    affiliations: list[Moving[Affiliation]] = field(default_factory=list)
    children: list[Actor] = field(default_factory=list)
    issue: Issue | None = None
    changes_type: bool = False
    refusal: str = ""

    @property
    def seen(self) -> str:
        """What a person agreed to when they looked at it; another value is another merge."""
        rows = (len(self.names), len(self.affiliations), self.replies)
        numbers = (self.quotes, self.joint, *rows)
        keys = [each.pk for each in self.children] + [self.issue.pk if self.issue else 0]
        return "-".join(str(number) for number in (*numbers, *keys))


def preview_merge[T: (Actor, Speaker)](gone: T, survivor: T) -> Preview:
    """What merging `gone` into the survivor would move; nothing is changed."""
    lead = _lead(gone)
    shown = lead.select_related("article__outlet", "speaker", "actor").defer("article__text")
    preview = Preview(
        quotes=lead.count(),
        joint=_joint(gone).count(),
        replies=_replies(gone).count(),
        first=list(shown.newest()[:EXAMPLES]),
        names=_names(gone, survivor),
        affiliations=_affiliations(gone, survivor),
    )
    try:
        if gone.pk == survivor.pk:
            raise Refused("These are the same already.")
        if isinstance(gone, Actor) and isinstance(survivor, Actor):
            preview.issue = _issue(gone, survivor)
            preview.children = list(gone.children.exclude(pk=survivor.pk))
            preview.changes_type = _type(gone) != _type(survivor)
            _check_tree(gone, survivor)
    except Refused as refusal:
        preview.refusal = str(refusal)
    return preview


def merge[T: (Actor, Speaker)](gone: T, survivor: T, *, editor: User | None) -> IdentityEvent:
    """Give all that `gone` has to the survivor; its row stays, as an address that leads there.

    Raises Refused when either was merged meanwhile, both have an issue, or one is part of the
    other at several removes.
    """
    if gone.pk == survivor.pk:
        raise Refused("These are the same already.")
    with entry(Action.MERGE, editor=editor) as made:
        gone, survivor = made.hold(gone, survivor)
        quotes = _move_voices(made, gone, survivor)
        posts = _move_affiliations(made, gone, survivor)
        names = _move_names(made, gone, survivor)
        made.update(_replies(gone), **_who(survivor))
        if isinstance(gone, Actor) and isinstance(survivor, Actor):
            _check_tree(gone, survivor)
            if _issue(gone, survivor):
                made.update(Issue.objects.filter(actor=gone), actor_id=survivor.pk)
            made.update(gone.children.exclude(pk=survivor.pk), parent_id=survivor.pk)
            if survivor.parent_id == gone.pk:
                made.update(_one(survivor), parent_id=gone.parent_id)
        made.update(_one(gone), merged_into_id=survivor.pk)
        made.summary = (
            f"Merged “{gone.name}” into “{survivor.name}”: "
            f"{quotes:,} quote{pluralize(quotes)}, {names} name{pluralize(names)}, "
            f"{posts} post{pluralize(posts)} moved."
        )
    assert made.event  # noqa: S101
    return made.event


def voice_of(identity: Actor | Speaker) -> dict[str, Any]:
    """The columns of a quote or joint voice that is this identity's; a type follows its actor."""
    if isinstance(identity, Speaker):
        return {"speaker_id": identity.pk}
    return {
        "actor_id": identity.pk,
        "actor_type": identity.type,
        "country": identity.country,
    }


def same_post(post: Affiliation, identity: Actor | Speaker) -> Affiliation | None:
    """The identity's own affiliation that says what this one says of another."""
    who = {"speaker_id": post.speaker_id, "actor_id": post.actor_id} | _who(identity)
    return Affiliation.objects.filter(
        **who,
        post=post.post,
        **({"since": post.since} if post.since else {"since__isnull": True}),
    ).first()


def _who(identity: Actor | Speaker) -> dict[str, int]:
    return {"actor_id" if isinstance(identity, Actor) else "speaker_id": identity.pk}


def _one(identity: Actor | Speaker) -> QuerySet[Any]:
    return type(identity)._default_manager.filter(pk=identity.pk)


def _lead(identity: Actor | Speaker) -> Any:
    return Quote.objects.filter(**_who(identity))


def _joint(identity: Actor | Speaker) -> QuerySet[JointVoice]:
    return JointVoice.objects.filter(**_who(identity))


def _replies(identity: Actor | Speaker) -> QuerySet[Reply]:
    """The links of quotes that answer this identity."""
    return Reply.objects.filter(**_who(identity))


def _type(actor: Actor) -> tuple[str, str]:
    return actor.type, actor.country


def _move_voices(made: Entry, gone: Actor | Speaker, survivor: Actor | Speaker) -> int:
    values = voice_of(survivor)
    made.update(_joint(gone), **values)
    return made.update(_lead(gone), **values)


def _affiliations(gone: Actor | Speaker, survivor: Actor | Speaker) -> list[Moving[Affiliation]]:
    posts = Affiliation.objects.filter(**_who(gone)).select_related("speaker", "actor")
    theirs = {_post(each, survivor) for each in Affiliation.objects.filter(**_who(survivor))}
    return [Moving(each, _post(each, survivor) not in theirs) for each in posts.order_by("pk")]


def _post(post: Affiliation, identity: Actor | Speaker) -> tuple[Any, ...]:
    other = post.speaker_id if isinstance(identity, Actor) else post.actor_id
    return other, post.post, post.since


def _move_affiliations(made: Entry, gone: Actor | Speaker, survivor: Actor | Speaker) -> int:
    """Move the posts; quotes of one that the survivor has already rest on that one."""
    moving = _affiliations(gone, survivor)
    for each in moving:
        if not each.moves and (same := same_post(each.row, survivor)):
            for model in (Quote, JointVoice):
                rows = model._default_manager.filter(affiliation=each.row)
                made.update(rows, affiliation_id=same.pk)
    keys = [each.row.pk for each in moving if each.moves]
    return made.update(Affiliation.objects.filter(pk__in=keys), **_who(survivor))


def _names(gone: Actor | Speaker, survivor: Actor | Speaker) -> list[Moving[Name]]:
    theirs = set(survivor.names.values_list("key", flat=True))
    return [Moving(each, each.key not in theirs) for each in gone.names.order_by("pk")]


def _move_names(made: Entry, gone: Actor | Speaker, survivor: Actor | Speaker) -> int:
    model: type[Name] = ActorName if isinstance(gone, Actor) else SpeakerName
    keys = [each.row.pk for each in _names(gone, survivor) if each.moves]
    rows = model._default_manager.filter(pk__in=keys)
    # An identity has one primary name: the survivor's.
    primary = rows.filter(kind=Name.Kind.PRIMARY)
    moved = made.update(primary, **_who(survivor), kind=Name.Kind.ALIAS)
    return moved + made.update(rows.filter(**_who(gone)), **_who(survivor))


def _issue(gone: Actor, survivor: Actor) -> Issue | None:
    """The issue that moves; raises Refused when each has one, since an actor has at most one."""
    found = {each.actor_id: each for each in Issue.objects.filter(actor__in=[gone, survivor])}
    if len(found) == 2:
        raise Refused(
            f"Editors judge attitudes toward both: “{found[gone.pk].title}” and "
            f"“{found[survivor.pk].title}”. An actor has one such issue: make one of them an "
            "issue about a proposition first, or leave the two apart."
        )
    return found.get(gone.pk)


def _check_tree(gone: Actor, survivor: Actor) -> None:
    """Refuse what would make the survivor part of itself."""
    above = survivor.parent
    if above and above.pk == gone.pk:
        return
    while above:
        if above.pk == gone.pk:
            raise Refused(
                f"{survivor.name} is part of {gone.name} by way of {survivor.parent}: change what "
                "it is part of first, or merge the other way round."
            )
        above = above.parent
