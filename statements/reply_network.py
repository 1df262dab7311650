"""Who answers whom as a network: parties, the links between them, and who gets no answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Case, Count, Exists, F, OuterRef, Q, When

from statements.browsing import counting
from statements.browsing.conditions import Conditions
from statements.browsing.keys import Facet
from statements.models import Actor, Issue, JointVoice, Quote, Reply, Speaker
from statements.models.quotes import QuoteQuerySet
from statements.models.replies import ReplyQuerySet

Relation, State = Reply.Relation, Reply.State

UNANSWERED = 12


@dataclass(frozen=True, slots=True)
class Node:
    """A party of the network; a person of whom no party is known stands alone."""

    key: str
    name: str
    actor_type: str
    country: str
    url: str
    is_provisional: bool


@dataclass(slots=True)
class Edge:
    """How often one party answers another in one way, by quotes."""

    source: Node
    target: Node
    relation: str
    confirmed: int = 0
    proposed: int = 0
    query: str = ""

    @property
    def total(self) -> int:
        return self.confirmed + self.proposed

    @property
    def label(self) -> str:
        return Relation(self.relation).label


@dataclass(slots=True)
class Network:
    """All links of some replies, those that editors confirmed most before others."""

    edges: list[Edge]
    unanswered: list[Actor] = field(default_factory=list)

    @property
    def nodes(self) -> list[Node]:
        found = {node.key: node for edge in self.edges for node in (edge.source, edge.target)}
        return sorted(found.values(), key=lambda node: (node.name, node.key))

    @property
    def confirmed(self) -> int:
        return sum(edge.confirmed for edge in self.edges)

    @property
    def proposed(self) -> int:
        return sum(edge.proposed for edge in self.edges)


def issue_replies(issue: Issue, user: AbstractBaseUser | AnonymousUser) -> ReplyQuerySet:
    """The replies in quotes that bear on the issue."""
    about = _about(issue, user)
    return Reply.objects.standing().filter(quote__in=about)


def _about(issue: Issue, user: AbstractBaseUser | AnonymousUser) -> QuoteQuerySet:
    return Quote.objects.visible_to(user).filter(pk__in=_on(issue, user).listings().values("quote"))


def _on(issue: Issue, user: AbstractBaseUser | AnonymousUser) -> Conditions:
    chosen = {"issue": (Facet.ISSUE.key(issue.pk),)}
    return Conditions(chosen=chosen, with_drafts=getattr(user, "is_staff", False))


def actor_replies(actor: Actor, user: AbstractBaseUser | AnonymousUser) -> ReplyQuerySet:
    """The replies by and to the actor."""
    by = Quote.objects.voiced_by(actor=actor)
    found = Reply.objects.visible_to(user).standing()
    return found.filter(Q(actor=actor) | Q(quote__in=by))


def issue_network(issue: Issue, user: AbstractBaseUser | AnonymousUser) -> Network:
    """Who answers whom on the issue, and who speaks on it and is answered by nobody."""
    replies = issue_replies(issue, user)
    found = network(replies, {"issue": issue.slug})
    found.unanswered = _unanswered(issue, replies, user)
    return found


def _unanswered(
    issue: Issue, replies: ReplyQuerySet, user: AbstractBaseUser | AnonymousUser
) -> list[Actor]:
    """Of those most quoted on the issue those to whom no link leads."""
    spoke = counting.count(_on(issue, user)).facets["actor"].counts
    answered = set(replies.filter(actor__in=spoke).values_list("actor", flat=True))
    rest = [pk for pk, n in spoke.most_common() if n and pk not in answered][:UNANSWERED]
    known = Actor.objects.in_bulk(rest)
    return sorted(
        (known[pk] for pk in rest if pk in known),
        key=lambda actor: (-spoke[actor.pk], actor.sort_name, actor.pk),
    )


def actor_network(actor: Actor, user: AbstractBaseUser | AnonymousUser) -> Network:
    """Whom the actor answers, and who answers it."""
    key = f"actor:{actor.slug}"
    found = network(actor_replies(actor, user), {})
    # A quote of several voices brings edges of the others too.
    found.edges = [each for each in found.edges if key in (each.source.key, each.target.key)]
    return found


def network(replies: ReplyQuerySet, conditions: Mapping[str, str]) -> Network:
    """The edges of the replies; `conditions` go into the query string of each edge's list.

    Two queries count, whatever the number of replies: one for lead voices, one for joint ones.
    """
    counted: dict[tuple[Any, Any, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for source, target, relation, state, number in (*_lead(replies), *_joint(replies)):
        counted[source, target, relation][state] += number
    keys = {key for source, target, _ in counted for key in (source, target)}
    nodes = _nodes(keys)
    edges = []
    for (source, target, relation), states in counted.items():
        if source == target or source not in nodes or target not in nodes:
            continue
        edge = Edge(
            nodes[source],
            nodes[target],
            relation,
            states[State.CONFIRMED],
            states[State.PROPOSED],
        )
        chosen = {"from": edge.source.key, "to": edge.target.key, "relation": relation}
        edge.query = urlencode({**chosen, **conditions}, safe=":")
        edges.append(edge)
    edges.sort(
        key=lambda each: (
            -each.confirmed,
            -each.total,
            each.source.name,
            each.target.name,
            each.relation,
        )
    )
    return Network(edges)


_Key = tuple[str, int]
_Row = tuple[_Key, _Key, str, str, int]


def _lead(replies: ReplyQuerySet) -> Iterable[_Row]:
    rows = (
        replies.exclude(quote__actor=None, quote__speaker=None)
        .order_by()
        .values_list(
            "quote__actor",
            Case(When(quote__actor=None, then=F("quote__speaker"))),
            "actor",
            Case(When(actor=None, then=F("speaker"))),
            "relation",
            "state",
        )
        .annotate(number=Count("pk"))
    )
    for actor, speaker, to_actor, to_speaker, relation, state, number in rows:
        yield _key(actor, speaker), _key(to_actor, to_speaker), relation, state, number


def _joint(replies: ReplyQuerySet) -> Iterable[_Row]:
    rows = (
        replies.filter(quote__joint_voices__isnull=False)
        .order_by()
        .values_list(
            "quote__joint_voices__actor",
            Case(When(quote__joint_voices__actor=None, then=F("quote__joint_voices__speaker"))),
            "actor",
            Case(When(actor=None, then=F("speaker"))),
            "relation",
            "state",
        )
        .annotate(number=Count("pk"))
    )
    for actor, speaker, to_actor, to_speaker, relation, state, number in rows:
        yield _key(actor, speaker), _key(to_actor, to_speaker), relation, state, number


def _key(actor: int | None, speaker: int | None) -> _Key:
    return ("actor", actor) if actor else ("speaker", speaker or 0)


def _nodes(keys: Iterable[_Key]) -> dict[_Key, Node]:
    of = {kind: [pk for each, pk in keys if each == kind] for kind in ("actor", "speaker")}
    found: dict[_Key, Node] = {}
    for actor in Actor.objects.filter(pk__in=of["actor"]):
        found["actor", actor.pk] = _node("actor", actor, actor.type, actor.country)
    for speaker in Speaker.objects.filter(pk__in=of["speaker"]):
        found["speaker", speaker.pk] = _node("speaker", speaker, "unknown", "")
    return found


def _node(kind: str, who: Actor | Speaker, actor_type: str, country: str) -> Node:
    return Node(
        f"{kind}:{who.slug}",
        who.name,
        actor_type,
        country,
        who.get_absolute_url(),
        who.is_provisional,
    )


def between(
    replies: ReplyQuerySet, *, source: Actor | Speaker | None, target: Actor | Speaker | None
) -> ReplyQuerySet:
    """The replies by one party and to another, as the edges count them; either may be anybody."""
    if source is not None:
        joint = JointVoice.objects.filter(quote=OuterRef("quote"), **_is(source))
        replies = replies.filter(
            Q(**{f"quote__{name}": value for name, value in _is(source).items()}) | Exists(joint)
        )
    return replies.filter(**_is(target)) if target is not None else replies


def _is(who: Actor | Speaker) -> dict[str, Any]:
    if isinstance(who, Actor):
        return {"actor": who}
    return {"actor": None, "speaker": who}
