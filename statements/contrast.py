"""Two sides of an issue face to face: who stands where, on which quotes, and who keeps silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncMonth

from statements.models import Actor, ActorType, Issue, Quote, Stance, StanceLabel
from statements.models.quotes import JointVoice, QuoteQuerySet
from statements.models.stances import StanceQuerySet
from statements.positions import Position, count, quoted_actors

Label = StanceLabel.Label
Standing = Stance.Standing

_CONTRARY: dict[str, str] = {Label.SUPPORTS: Label.OPPOSES, Label.OPPOSES: Label.SUPPORTS}

SHOWN = 30
SILENT = 12

# What is said of an actor type as one side, where its label does not read as a group.
_PLURALS = {
    ActorType.GOVERNMENT: "Governments",
    ActorType.INTERGOVERNMENTAL: "Intergovernmental bodies",
    ActorType.NGO: "NGOs",
    ActorType.BUSINESS: "Businesses",
    ActorType.PARTY: "Parties",
    ActorType.LEGISLATURE: "Legislatures",
    ActorType.ARMED_GROUP: "Armed groups",
    ActorType.RELIGIOUS: "Religious bodies",
}


@dataclass(frozen=True, slots=True)
class Party:
    """What a side may be: an actor type ("type:ngo") or one actor ("actor:amnesty")."""

    key: str
    name: str
    actor_type: str
    voice: dict[str, str]


def type_party(actor_type: str) -> Party:
    name = _PLURALS.get(ActorType(actor_type), str(ActorType(actor_type).label))
    return Party(f"type:{actor_type}", name, actor_type, {"actor_type": actor_type})


def actor_party(actor: Actor) -> Party:
    return Party(f"actor:{actor.slug}", actor.name, actor.type, {"actor__slug": actor.slug})


def party(key: str) -> Party | None:
    """The party that a key of the address names; None when there is no such party."""
    kind, _, value = key.partition(":")
    if kind == "type" and value in ActorType.values:
        return type_party(value)
    # A NUL is the one thing that the database refuses even to compare.
    value = value.replace("\0", "")
    if kind == "actor" and (actor := Actor.objects.filter(slug=value).first()):
        return actor_party(actor.current)
    return None


@dataclass(frozen=True, slots=True)
class MonthlyStances:
    """How many quotes stood so in a month, by editors' labels."""

    month: date
    supports: int
    opposes: int
    other: int


@dataclass(slots=True)
class Side:
    """One column: the party, its position, and the quotes that it rests on."""

    party: Party
    position: Position
    labelled: list[Quote] = field(default_factory=list)
    suggested: list[Quote] = field(default_factory=list)
    months: list[MonthlyStances] = field(default_factory=list)

    @property
    def query(self) -> str:
        """The query string of the explore page with everything that the party says."""
        return "?" + self.party.key.replace(":", "=", 1)

    @property
    def shown(self) -> int:
        return len(self.labelled) + len(self.suggested)

    @property
    def total(self) -> int:
        return self.position.labelled + self.position.disputed + self.position.suggested


class Contrast:
    """One issue as this reader may see it."""

    def __init__(self, issue: Issue, user: AbstractBaseUser | AnonymousUser) -> None:
        self.issue = issue
        self.quotes = Quote.objects.visible_to(user)

    @cached_property
    def stances(self) -> StanceQuerySet:
        """What bears on the issue; a quote judged unrelated does not."""
        return Stance.objects.filter(issue=self.issue, quote__in=self.quotes).exclude(
            label=Label.UNRELATED
        )

    def sides(self, left: Party, right: Party) -> tuple[Side, Side]:
        """Both columns, each with what contradicts the other first: seven queries a side."""
        sides = Side(left, self._position(left)), Side(right, self._position(right))
        for side, other in (sides, sides[::-1]):
            self._fill(side, against=other.position.majority)
        return sides

    def most_opposed(self) -> tuple[Party, Party]:
        """The actor types that reject and back the most, as the sides to begin with.

        Suggestions only choose the sides while no editor has judged anything.
        """
        rejecting, backing = self._poles(self.stances.labelled())
        if not rejecting and not backing:
            rejecting, backing = self._poles(self.stances)
        left = _most(rejecting, otherwise=ActorType.GOVERNMENT)
        del backing[left]
        right = _most(backing, otherwise=ActorType.NGO)
        if right == left:
            right = ActorType.GOVERNMENT
        return type_party(left), type_party(right)

    def _poles(self, stances: StanceQuerySet) -> tuple[Counter[str], Counter[str]]:
        rejecting, backing = Counter[str](), Counter[str]()
        counts = (
            stances.filter(label__in=(Label.SUPPORTS, Label.OPPOSES))
            .exclude(quote__actor_type=ActorType.UNKNOWN)
            .values_list("quote__actor_type", "label")
            .annotate(quotes=Count("pk"))
            .order_by("quote__actor_type", "label")
        )
        for actor_type, label, quotes in counts:
            (rejecting if label == Label.OPPOSES else backing)[actor_type] = quotes
        return rejecting, backing

    def parties(self) -> tuple[list[Party], list[Party]]:
        """The types and the actors that say something on the issue, to choose sides from."""
        spoke = self.quotes.filter(pk__in=self.stances.values("quote"))
        types = set(spoke.order_by().values_list("actor_type", flat=True).distinct())
        actors = Actor.objects.filter(_voices(spoke)).order_by("sort_name", "pk")
        return (
            [type_party(value) for value in ActorType.values if value in types],
            [actor_party(each) for each in actors],
        )

    def silent(self) -> QuerySet[Actor]:
        """Actors quoted in the articles on the issue, of whom no quote bears on it."""
        spoke = self.quotes.filter(pk__in=self.stances.values("quote"))
        there = self.quotes.filter(article__in=spoke.values("article"))
        return quoted_actors(there).filter(~_voices(spoke))[:SILENT]

    def _said_by(self, party: Party) -> QuoteQuerySet:
        return self.quotes.voiced_by(**party.voice)

    def _position(self, party: Party) -> Position:
        position = Position(self.issue)
        rows = (
            self.stances.filter(quote__in=self._said_by(party))
            .values("label", "standing")
            .annotate(quotes=Count("pk"))
            .order_by("label", "standing")
        )
        for row in rows:
            count(position, label=row["label"], standing=row["standing"], quotes=row["quotes"])
        return position

    def _fill(self, side: Side, *, against: str) -> None:
        stances = self.stances.filter(quote__in=self._said_by(side.party))
        first = _CONTRARY.get(against, "")
        order = (
            _rank("label", [first, Label.OPPOSES, Label.SUPPORTS, Label.MIXED, ""]),
            _rank("standing", Standing.values),
            "-confidence",
            "quote",
        )
        keys = stances.order_by(*order).values_list("quote", flat=True)
        labelled = list(keys.exclude(standing=Standing.SUGGESTED)[:SHOWN])
        suggested = list(keys.filter(standing=Standing.SUGGESTED)[: SHOWN - len(labelled)])
        quotes = self.quotes.for_list().defer("article__text").in_bulk([*labelled, *suggested])
        side.labelled = [quotes[key] for key in labelled]
        side.suggested = [quotes[key] for key in suggested]
        side.months = [
            MonthlyStances(**row)
            for row in stances.labelled()
            .filter(quote__said_on__isnull=False)
            .annotate(month=TruncMonth("quote__said_on"))
            .values("month")
            .annotate(
                supports=Count("pk", filter=Q(label=Label.SUPPORTS)),
                opposes=Count("pk", filter=Q(label=Label.OPPOSES)),
                other=Count("pk", filter=~Q(label__in=(Label.SUPPORTS, Label.OPPOSES))),
            )
            .order_by("month")
        ]


def _most(counts: Counter[str], *, otherwise: ActorType) -> str:
    return next((value for value, _ in counts.most_common(1)), otherwise)


def _rank(column: str, values: Iterable[str]) -> Case:
    order = list(dict.fromkeys(values))
    whens = [When(**{column: value}, then=Value(rank)) for rank, value in enumerate(order)]
    return Case(*whens, default=Value(len(order)), output_field=IntegerField())


def _voices(quotes: QuoteQuerySet) -> Q:
    """Whether an actor is the lead or a joint voice of any of the quotes."""
    joint = JointVoice.objects.filter(actor=OuterRef("pk"), quote__in=quotes)
    return Q(Exists(quotes.filter(actor=OuterRef("pk")))) | Q(Exists(joint))
