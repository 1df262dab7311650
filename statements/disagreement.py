"""Which parties contradict each other most on an issue, by the quotes that editors labelled.

The measure of two parties: draw a labelled quote of each at random; how probable is it that one
supports the issue and the other opposes it?
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F
from django.db.models.functions import TruncMonth

from statements.changes import MINIMUM, Change, Months, change_in
from statements.evidence import side_query
from statements.models import Actor, Stance, StanceLabel
from statements.models.stances import StanceQuerySet
from statements.sides import Side, Term, Who, actor_term, one

Label = StanceLabel.Label

# How many of a side's parties, the best founded, are compared with those of the other side.
_COMPARED = 60


@dataclass(frozen=True, slots=True)
class Said:
    """So many quotes of a voice stand so, said in a month; `label` is empty where disputed."""

    issue: int
    who: Who
    label: str
    is_single: bool
    month: date | None
    quotes: int
    is_joint: bool


def labelled_quotes(stances: StanceQuerySet, *, people: bool = False) -> list[Said]:
    """What editors labelled, by who said it: one query for lead voices and one for joint ones.

    Speakers are told apart only if asked for. An actor for which two speak in a quote counts once.
    """
    judged = stances.labelled()
    columns = ["actor", "actor_type", "country", *(["speaker"] if people else [])]
    rows = [
        (row, "quote__", False)
        for row in judged.annotate(month=TruncMonth("quote__said_on"))
        .values("issue", "label", "standing", "month", *(f"quote__{each}" for each in columns))
        .annotate(quotes=Count("pk"))
        .order_by()
    ] + [
        (row, "", True)
        for row in judged.filter(quote__joint_voices__isnull=False)
        .annotate(
            month=TruncMonth("quote__said_on"),
            **{each: F(f"quote__joint_voices__{each}") for each in columns},
        )
        .exclude(actor=F("quote__actor"))  # type: ignore[misc]
        .values("issue", "label", "standing", "month", *columns)
        .annotate(quotes=Count("quote", distinct=True))
        .order_by()
    ]
    return [
        Said(
            row["issue"],
            Who(
                row[f"{path}actor"],
                row.get(f"{path}speaker"),
                row[f"{path}actor_type"],
                row[f"{path}country"],
            ),
            row["label"],
            row["standing"] == Stance.Standing.SINGLE,
            row["month"],
            row["quotes"],
            is_joint,
        )
        for row, path, is_joint in rows
    ]


@dataclass(slots=True)
class Stand:
    """What one party's labelled quotes say, as far as editors do not disagree on them."""

    pk: int
    labels: Counter[str] = field(default_factory=Counter)
    single: int = 0
    months: Months = field(default_factory=dict)
    term: Term | None = None

    @property
    def total(self) -> int:
        return self.labels.total()

    @property
    def is_enough(self) -> bool:
        return self.total >= MINIMUM

    @property
    def query(self) -> str:
        """What the address of a figure adds for all that the party says on the issue."""
        return side_query(one(self.term)) if self.term else ""

    @property
    def change(self) -> Change | None:
        return change_in(self.months)


def stands(said: Iterable[Said], side: Side | None = None) -> dict[int, Stand]:
    """The parties that have a voice in the quotes, or in those of a side, by their keys."""
    found: dict[int, Stand] = {}
    for each in said:
        pk = each.who.actor
        if not pk or each.label in ("", Label.UNRELATED) or (side and not side.has(each.who)):
            continue
        stand = found.setdefault(pk, Stand(pk))
        stand.labels[each.label] += each.quotes
        stand.single += each.quotes if each.is_single else 0
        if each.month:
            stand.months.setdefault(each.month, Counter())[each.label] += each.quotes
    return found


def stands_on(stances: StanceQuerySet) -> dict[int, dict[int, Stand]]:
    """For each issue what each party's labelled quotes say, but not when: two queries.

    Single labels are not told apart either, so that few rows come of very many quotes.
    """
    judged = stances.labelled().exclude(label__in=("", Label.UNRELATED)).order_by()
    lead = judged.filter(quote__actor__isnull=False)
    joint = judged.filter(quote__joint_voices__actor__isnull=False).annotate(
        actor=F("quote__joint_voices__actor")
    )
    found: dict[int, dict[int, Stand]] = {}
    for rows, actor, quotes in (
        (lead, "quote__actor", Count("pk")),
        (joint.exclude(actor=F("quote__actor")), "actor", Count("quote", distinct=True)),
    ):
        counted = rows.values_list("issue", actor, "label").annotate(quotes=quotes)
        for issue, pk, label, number in counted:
            stand = found.setdefault(issue, {}).setdefault(pk, Stand(pk))
            stand.labels[label] += number
    return found


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parties that contradict each other; each with the label that makes most of it."""

    left: Stand
    right: Stand
    share: float
    left_label: str
    right_label: str

    @property
    def is_enough(self) -> bool:
        """Whether both rest on enough quotes for the share to be stated."""
        return self.left.is_enough and self.right.is_enough

    @property
    def left_count(self) -> int:
        return self.left.labels[self.left_label]

    @property
    def right_count(self) -> int:
        return self.right.labels[self.right_label]


def disagreement(left: Counter[str], right: Counter[str]) -> float:
    """The measure, from 0 to 1; 0 where one has no labelled quote."""
    total = left.total() * right.total()
    against = left[Label.SUPPORTS] * right[Label.OPPOSES]
    against += left[Label.OPPOSES] * right[Label.SUPPORTS]
    return against / total if total else 0.0


def pairs(left: Iterable[Stand], right: Iterable[Stand]) -> list[Pair]:
    """Those that contradict each other, the strongest first; those with too few quotes last."""
    found = [
        _pair(one, other)
        for one in _best_founded(left)
        for other in _best_founded(right)
        if one.pk != other.pk and disagreement(one.labels, other.labels)
    ]
    return sorted(
        found,
        key=lambda pair: (
            not pair.is_enough,
            -pair.share,
            -(pair.left.total + pair.right.total),
            pair.left.pk,
            pair.right.pk,
        ),
    )


def name_parties(found: Iterable[Stand], extra: Iterable[int] = ()) -> dict[int, Actor]:
    """Give each party its name, and return these and other actors by their keys: one query."""
    found = list(found)
    actors = Actor.objects.in_bulk({each.pk for each in found} | set(extra))
    for each in found:
        each.term = actor_term(actors[each.pk])
    return actors


def _best_founded(found: Iterable[Stand]) -> list[Stand]:
    return sorted(found, key=lambda each: (-each.total, each.pk))[:_COMPARED]


def _pair(one: Stand, other: Stand) -> Pair:
    backs = one.labels[Label.SUPPORTS] * other.labels[Label.OPPOSES]
    rejects = one.labels[Label.OPPOSES] * other.labels[Label.SUPPORTS]
    labels = (Label.SUPPORTS, Label.OPPOSES) if backs > rejects else (Label.OPPOSES, Label.SUPPORTS)
    return Pair(one, other, disagreement(one.labels, other.labels), *map(str, labels))
