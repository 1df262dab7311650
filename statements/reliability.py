"""How far editors agree on an issue, from what they said before they saw anything of each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef

from statements.agreement import Alpha, Interval, alpha_interval, krippendorff_alpha
from statements.models import Issue, QueueItem, StanceLabel
from statements.models.quotes import State
from statements.models.stances import Label, StanceLabelQuerySet

# Under so many quotes a coefficient says more of their choice than of the editors.
ENOUGH = 10

# Krippendorff's customary limits.
RELIABLE, TENTATIVE = 0.80, 0.67


class Judgement(NamedTuple):
    issue: int
    quote: int
    editor: int
    label: str
    is_sure: bool
    guideline: int | None


@dataclass(frozen=True, slots=True)
class ConfusionRow:
    """How often judgements of this label met each label, in the order of the labels."""

    label: Label
    cells: list[tuple[Label, int]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two editors (keys) on the quotes that both judged; `alpha` is None where they are too few."""

    editors: tuple[int, int]
    quotes: int
    agreed: int
    alpha: float | None

    @property
    def share(self) -> float:
        return self.agreed / self.quotes


class Reliability:
    """The agreement on one issue's quotes that two or more editors judged blind.

    While there are fewer than `ENOUGH` of them, it gives their number and nothing else.
    """

    wanted = ENOUGH

    def __init__(self, judgements: Iterable[Judgement] = ()) -> None:
        units: dict[int, list[Judgement]] = defaultdict(list)
        for judgement in judgements:
            units[judgement.quote].append(judgement)
        self.units = {quote: each for quote, each in units.items() if len(each) > 1}

    @property
    def quotes(self) -> int:
        return len(self.units)

    @property
    def enough(self) -> bool:
        return self.quotes >= ENOUGH

    @cached_property
    def agreement(self) -> Alpha:
        return krippendorff_alpha(self._coded())

    @property
    def alpha(self) -> float | None:
        return self.agreement.alpha if self.enough else None

    @cached_property
    def interval(self) -> Interval | None:
        return alpha_interval(self._coded()) if self.enough else None

    @property
    def reading(self) -> str:
        """What the coefficient is good for, in a word: "reliable", "tentative", "low" or ""."""
        if self.alpha is None:
            return ""
        shown = round(self.alpha, 2)
        if shown >= RELIABLE:
            return "reliable"
        return "tentative" if shown >= TENTATIVE else "low"

    @cached_property
    def agreed(self) -> int:
        """How many quotes all their editors judged alike."""
        return sum(not _differ(each) for each in self.units.values())

    @property
    def share(self) -> float | None:
        return self.agreed / self.quotes if self.enough else None

    @property
    def guidelines(self) -> list[int]:
        """The numbers of the guideline versions that the judgements followed."""
        found = {each.guideline for unit in self.units.values() for each in unit}
        return sorted(number for number in found if number is not None)

    @property
    def confusion(self) -> list[ConfusionRow]:
        """Pairs of judgements by their two labels; a pair that differs stands in two cells."""
        met: Counter[tuple[str, str]] = Counter()
        for one, other in self._pairs():
            met[one.label, other.label] += 1
            if one.label != other.label:
                met[other.label, one.label] += 1
        labels = list(Label)
        return [ConfusionRow(row, [(each, met[row, each]) for each in labels]) for row in labels]

    @property
    def pairs(self) -> list[Pair]:
        """Each two editors who judged the same quotes, those with the most quotes first."""
        found: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
        for one, other in self._pairs():
            found[one.editor, other.editor].append((one.label, other.label))
        pairs = [
            Pair(
                editors,
                quotes=len(labels),
                agreed=sum(one == other for one, other in labels),
                alpha=krippendorff_alpha(labels).alpha if len(labels) >= ENOUGH else None,
            )
            for editors, labels in found.items()
        ]
        return sorted(pairs, key=lambda pair: (-pair.quotes, pair.editors))

    def hardest(self) -> list[int]:
        """Quotes (keys) on which editors differ or of which most were unsure, the hardest first."""
        scores = {
            quote: _differ(unit) + sum(not each.is_sure for each in unit) / len(unit)
            for quote, unit in self.units.items()
        }
        hard = [quote for quote, score in scores.items() if score > 0.5]
        return sorted(hard, key=lambda quote: (-scores[quote], quote))

    def _coded(self) -> list[dict[Any, Any]]:
        return [{each.editor: each.label for each in unit} for unit in self.units.values()]

    def _pairs(self) -> Iterable[tuple[Judgement, Judgement]]:
        for unit in self.units.values():
            yield from combinations(sorted(unit, key=lambda each: each.editor), 2)


def reliability_of(issue: Issue) -> Reliability:
    """The agreement on the issue: one query."""
    return Reliability(_judgements(independent_labels().filter(issue=issue)))


def reliabilities() -> defaultdict[int, Reliability]:
    """The agreement on every issue, by its key: one query."""
    by_issue: dict[int, list[Judgement]] = defaultdict(list)
    for judgement in _judgements(independent_labels()):
        by_issue[judgement.issue].append(judgement)
    found = {issue: Reliability(each) for issue, each in by_issue.items()}
    return defaultdict(Reliability, found)


def independent_labels() -> StanceLabelQuerySet:
    """What editors said of quotes judged twice, as each said it before seeing anything.

    What they changed later, having seen the others, does not count, nor does what they took back;
    a row that restores an earlier judgement is no judgement of its own. What is no quote after
    all is left out.
    """
    double = QueueItem.objects.filter(
        quote=OuterRef("quote"), issue=OuterRef("issue"), is_double=True
    )
    return (
        StanceLabel.objects.judgements()
        .filter(Exists(double), is_blind=True, undoes__isnull=True, undone_by__isnull=True)
        .exclude(label="")
        .exclude(quote__state=State.REJECTED)
        .order_by("issue_id", "quote_id", "editor_id", "-pk")
        .distinct("issue_id", "quote_id", "editor_id")
    )


def _judgements(labels: StanceLabelQuerySet) -> list[Judgement]:
    rows = labels.values_list(
        "issue_id", "quote_id", "editor_id", "label", "is_sure", "guideline__number"
    )
    return [Judgement(*row) for row in rows]


def _differ(unit: Sequence[Judgement]) -> bool:
    return len({each.label for each in unit}) > 1
