"""Two sides of an issue face to face: who stands where, on which quotes, and who keeps silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import TruncMonth

from statements.changes import MINIMUM
from statements.disagreement import (
    Pair,
    Said,
    Stand,
    labelled_quotes,
    name_parties,
    pairs,
    stands,
)
from statements.evidence import bearing_on, beside, fetched, newest, side_query, stances_on
from statements.models import Actor, ActorType, Issue, JointVoice, Quote, Stance, StanceLabel
from statements.models.stances import StanceQuerySet
from statements.positions import Position
from statements.sides import Side, Term, Who, actor_term, one, type_term

Label = StanceLabel.Label
Standing = Stance.Standing

_CONTRARY: dict[str, str] = {Label.SUPPORTS: Label.OPPOSES, Label.OPPOSES: Label.SUPPORTS}

# Quotes in view under each figure; the figure leads to all of them.
SHOWN = 3
SUGGESTED_SHOWN = 1
PAIRS = 3
SILENT = 8
CHANGES = 6
# Names offered while one is typed; any other may be typed as well.
OFFERED = 150


@dataclass(frozen=True, slots=True)
class Group:
    """So many quotes of a side with one label, and the first of them."""

    label: str
    count: int
    shown: list[Stance]


@dataclass(frozen=True, slots=True)
class Silent:
    """An actor quoted in the articles on the issue, of whom nothing bears on it."""

    term: Term
    quotes: int
    query: str


@dataclass(slots=True)
class Column:
    """A side with its position and the quotes that it rests on, labels apart from suggestions."""

    name: str
    side: Side
    position: Position
    labelled: list[Group] = field(default_factory=list)
    suggested: list[Group] = field(default_factory=list)
    silent: list[Silent] = field(default_factory=list)

    @property
    def query(self) -> str:
        """What the address of a figure adds for this side."""
        return side_query(self.side)

    @property
    def is_empty(self) -> bool:
        return not (self.labelled or self.suggested or self.position.disputed)


@dataclass(frozen=True, slots=True)
class Clash:
    """A pair of parties with a quote of each, and what leads to the quotes of either."""

    pair: Pair
    left: Stance | None
    right: Stance | None
    left_query: str
    right_query: str


class Contrast:
    """One issue as this reader may see it."""

    def __init__(
        self, issue: Issue, user: AbstractBaseUser | AnonymousUser, *, people: bool = False
    ) -> None:
        """With `people`, sides may ask for speakers, and quotes are counted by them as well."""
        self.issue = issue
        self.quotes = Quote.objects.visible_to(user)
        self.stances = stances_on(issue, user)
        self.needs_people = people

    @cached_property
    def said(self) -> list[Said]:
        """Everything that editors labelled on the issue: two queries."""
        return labelled_quotes(self.stances, people=self.needs_people)

    @cached_property
    def parties(self) -> dict[int, Stand]:
        return stands(self.said)

    # -- The sides to begin with ----------------------------------------------------------------

    def most_opposed(self) -> tuple[Side, Side]:
        """The actor types that reject and back the most, as the sides to begin with.

        Suggestions only choose the sides while no editor has judged anything.
        """
        rejecting, backing = Counter[str](), Counter[str]()
        counts: Iterable[tuple[str, str, int]] = [
            (each.who.actor_type, each.label, each.quotes)
            for each in self.said
            if not each.is_joint
        ]
        if not counts:
            counts = (
                self.stances.order_by()
                .values_list("quote__actor_type", "label")
                .annotate(quotes=Count("pk"))
            )
        for actor_type, label, quotes in sorted(counts):
            if label in _CONTRARY and actor_type != ActorType.UNKNOWN:
                (rejecting if label == Label.OPPOSES else backing)[actor_type] += quotes
        left = _most(rejecting, otherwise=ActorType.GOVERNMENT)
        del backing[left]
        right = _most(backing, otherwise=ActorType.NGO)
        if right == left:
            right = ActorType.GOVERNMENT
        return one(type_term(left)), one(type_term(right))

    # -- Both columns ---------------------------------------------------------------------------

    def columns(self, left: Side, right: Side) -> tuple[Column, Column]:
        """Both columns with their figures, what contradicts the other first; no quotes yet."""
        found = (
            Column("left", left, Position(self.issue)),
            Column("right", right, Position(self.issue)),
        )
        self._count(*found)
        for column, other in (found, found[::-1]):
            contrary = _CONTRARY.get(other.position.majority, "")
            order = list(
                dict.fromkeys([contrary, Label.OPPOSES, Label.SUPPORTS, Label.MIXED, Label.NEUTRAL])
            )
            labels, suggestions = column.position.labels, column.position.suggestions
            column.labelled = [Group(each, labels[each], []) for each in order if labels[each]]
            column.suggested = [
                Group(each, suggestions[each], []) for each in order if suggestions[each]
            ]
        return found

    def _count(self, left: Column, right: Column) -> None:
        """Two queries: by the lead voice, then quotes in which others speak for the side."""
        sides = {column.name: column.side for column in (left, right)}
        leads = {name: side.voices("quote__") for name, side in sides.items()}
        voices = {name: JointVoice.objects.filter(side.voices()) for name, side in sides.items()}
        beside_lead = {
            name: Q(quote__in=voices[name].values("quote")) & ~leads[name] for name in sides
        }
        either = JointVoice.objects.filter(left.side.voices() | right.side.voices())
        for conditions, stances in (
            (leads, self.stances.filter(leads["left"] | leads["right"])),
            (beside_lead, self.stances.filter(quote__in=either.values("quote"))),
        ):
            rows = (
                stances.annotate(
                    month=TruncMonth("quote__said_on"),
                    **{f"is_{name}": _whether(condition) for name, condition in conditions.items()},
                )
                .order_by("month")
                .values_list("is_left", "is_right", "label", "standing", "month")
                .annotate(quotes=Count("pk"))
            )
            for is_left, is_right, label, standing, month, quotes in rows:
                for column, is_there in ((left, is_left), (right, is_right)):
                    if is_there:
                        column.position.count(
                            label=label, standing=standing, quotes=quotes, month=month
                        )

    # -- Who contradicts whom, who changed ------------------------------------------------------

    def pairs(self, left: Side, right: Side) -> list[Pair]:
        """The parties of the two sides that contradict each other most: no query of its own."""
        sides = [stands(self.said, side).values() for side in (left, right)]
        return pairs(*sides)[:PAIRS]

    def changed(self) -> list[Stand]:
        """The parties that changed their position, those with the most quotes first."""
        enough = [each for each in self.parties.values() if each.total >= 2 * MINIMUM]
        enough.sort(key=lambda each: (-each.total, each.pk))
        return list(islice((each for each in enough if each.change), CHANGES))

    # -- Quotes ---------------------------------------------------------------------------------

    def show_quotes(self, columns: Iterable[Column], found: list[Pair]) -> list[Clash]:
        """Put quotes under the figures, and return the pairs with a quote of each: three queries.

        Each figure's quotes are looked up by themselves, so that an index yields the few that are
        shown without a look at all that are counted.
        """
        columns = list(columns)
        slots: dict[str, StanceQuerySet] = {}
        for column in columns:
            own = self.stances.filter(column.side.quotes("quote__"))
            for group in column.labelled:
                for standing in _best_founded(column.position, group.label):
                    slots[f"{column.name} {group.label} {standing}"] = newest(
                        own, group.label, standing, SHOWN
                    )
            for group in column.suggested:
                slots[f"{column.name} {group.label} {Standing.SUGGESTED}"] = newest(
                    own, group.label, Standing.SUGGESTED, SUGGESTED_SHOWN
                )
        sides = {column.name: column.side for column in columns}
        for place, pair in enumerate(found):
            for name, stand, label in (
                ("left", pair.left, pair.left_label),
                ("right", pair.right, pair.right_label),
            ):
                own = self.stances.filter(sides[name].quotes("quote__", who=stand.term))
                slots[f"{name} pair {place}"] = (
                    own.labelled().filter(label=label).order_by("-quote")[:1]
                )
        shown = fetched(slots)
        for column in columns:
            for group in column.labelled:
                for standing in _best_founded(column.position, group.label):
                    group.shown.extend(shown.get(f"{column.name} {group.label} {standing}", []))
                del group.shown[SHOWN:]
            for group in column.suggested:
                group.shown.extend(
                    shown.get(f"{column.name} {group.label} {Standing.SUGGESTED}", [])
                )
        return [
            Clash(
                pair,
                next(iter(shown.get(f"left pair {place}", [])), None),
                next(iter(shown.get(f"right pair {place}", [])), None),
                side_query(sides["left"], pair.left.term),
                side_query(sides["right"], pair.right.term),
            )
            for place, pair in enumerate(found)
        ]

    # -- Who is there, who is silent ------------------------------------------------------------

    @cached_property
    def present(self) -> list[tuple[Who, int, int]]:
        """Voices in the articles on the issue: their quotes, and how many of them bear on it.

        One query over the articles of the newest quotes, however many there are.
        """
        bearing = Exists(bearing_on(self.issue).filter(quote=OuterRef("pk")))
        columns = ["actor", "actor_type", "country", *(["speaker"] if self.needs_people else [])]
        rows = (
            beside(self.issue, self.quotes)
            .filter(actor__isnull=False)
            .annotate(bears=bearing)
            .values(*columns)
            .annotate(all=Count("pk"), bearing=Count("pk", filter=Q(bears=True)))
            .order_by()
        )
        return [
            (
                Who(row["actor"], row.get("speaker"), row["actor_type"], row["country"]),
                row["all"],
                row["bearing"],
            )
            for row in rows
        ]

    def silent(self, side: Side) -> dict[int, int]:
        """Actors of a side who are there and of whom nothing bears on the issue, by quotes."""
        there: Counter[int] = Counter()
        for who, quotes, bearing in self.present:
            if who.actor and not bearing and who.actor not in self._spoke and side.has(who):
                there[who.actor] += quotes
        return dict(sorted(there.items(), key=lambda each: (-each[1], each[0]))[:SILENT])

    @cached_property
    def _spoke(self) -> set[int]:
        """Those among the present who have a voice in some quote on the issue: one query."""
        known = {each.who.actor for each in self.said if each.who.actor}
        known |= {who.actor for who, _, bearing in self.present if bearing and who.actor}
        open_ones = {who.actor for who, _, _ in self.present} - known
        if not open_ones:
            return known
        lead = self.stances.order_by().filter(quote__actor__in=open_ones).values("quote__actor")
        joint = JointVoice.objects.filter(
            actor__in=open_ones, quote__in=self.stances.values("quote")
        ).order_by()
        return known | {
            pk for (pk,) in lead.values_list("quote__actor").union(joint.values_list("actor"))
        }

    def offered(self) -> list[int]:
        """Actors to choose sides from, those with the most quotes on the issue first."""
        counts: Counter[int] = Counter()
        for each in self.said:
            if each.who.actor:
                counts[each.who.actor] += each.quotes
        for who, _, bearing in self.present:
            if who.actor and bearing:
                counts[who.actor] += bearing
        return [pk for pk, _ in counts.most_common(OFFERED)]

    def types(self) -> list[Term]:
        """The types of actor that say something on the issue."""
        kinds = {each.who.actor_type for each in self.said}
        kinds |= {who.actor_type for who, _, bearing in self.present if bearing}
        return [type_term(value) for value in ActorType.values if value in kinds]


@dataclass(frozen=True, slots=True)
class FaceToFace:
    """All that the page of an issue shows of two sides."""

    left: Column
    right: Column
    clashes: list[Clash]
    changed: list[Stand]
    actors: list[Actor]
    types: list[Term]

    @property
    def columns(self) -> tuple[Column, Column]:
        return self.left, self.right

    @property
    def is_empty(self) -> bool:
        return self.left.is_empty and self.right.is_empty


def face_to_face(contrast: Contrast, left: Side, right: Side) -> FaceToFace:
    """Two sides of an issue with their figures, quotes and parties: eleven queries at most."""
    columns = contrast.columns(left, right)
    found = contrast.pairs(left, right)
    changed = contrast.changed()
    silent = {column.name: contrast.silent(column.side) for column in columns}
    offered = contrast.offered()
    named = [*changed, *(each for pair in found for each in (pair.left, pair.right))]
    actors = name_parties(named, [*offered, *(pk for each in silent.values() for pk in each)])
    for column in columns:
        column.silent = [
            Silent(term, count, side_query(column.side, term))
            for term, count in (
                (actor_term(actors[pk]), count) for pk, count in silent[column.name].items()
            )
        ]
    clashes = contrast.show_quotes(columns, found)
    names = sorted((actors[pk] for pk in offered), key=lambda each: each.sort_name)
    return FaceToFace(*columns, clashes, changed, names, contrast.types())


def _most(counts: Counter[str], *, otherwise: ActorType) -> str:
    return next((value for value, _ in counts.most_common(1)), otherwise)


def _whether(condition: Q) -> Case:
    """True where it holds, False otherwise: also where a column is null."""
    yes = Value(True, output_field=BooleanField())
    no = Value(False, output_field=BooleanField())
    return Case(When(condition, then=yes), default=no)


def _best_founded(position: Position, label: str) -> list[str]:
    """On what the labels that are shown first rest: decisions, then agreement, then one editor."""
    found: list[str] = []
    room = SHOWN
    for standing in (Standing.ADJUDICATED, Standing.AGREED, Standing.SINGLE):
        if room > 0 and (count := position.founded[label, standing]):
            found.append(standing)
            room -= count
    return found
