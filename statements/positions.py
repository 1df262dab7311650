"""Where parties stand on issues, counted from the stances of their quotes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Count
from django.db.models.functions import TruncMonth

from statements.changes import MINIMUM, Change, Months, change_in
from statements.models import Issue, Stance, StanceLabel
from statements.sides import Side

Label = StanceLabel.Label


@dataclass(slots=True)
class Position:
    """What a set of quotes says on one issue. Suggestions are counted apart, never mixed in."""

    issue: Issue
    labels: Counter[str] = field(default_factory=Counter)
    suggestions: Counter[str] = field(default_factory=Counter)
    disputed: int = 0
    single: int = 0
    """How many of the labels are one editor's alone, which is marked wherever they count."""
    founded: Counter[tuple[str, str]] = field(default_factory=Counter)
    """The labels by what they rest on: agreement, a decision, one editor."""
    months: Months = field(default_factory=dict)
    """The labels by month, of the quotes that have a date."""
    suggested_months: Months = field(default_factory=dict)

    def count(
        self, *, label: str, standing: str, quotes: int = 1, month: date | None = None
    ) -> None:
        """Add quotes that stand so."""
        months = self.months
        if standing == Stance.Standing.SUGGESTED:
            self.suggestions[label] += quotes
            months = self.suggested_months
        elif label:
            self.labels[label] += quotes
            self.founded[label, standing] += quotes
            if standing == Stance.Standing.SINGLE and label != Label.UNRELATED:
                self.single += quotes
        else:
            self.disputed += quotes
        if month and label and label != Label.UNRELATED:
            months.setdefault(month, Counter())[label] += quotes

    @property
    def change(self) -> Change | None:
        """Where it turned, if both what was before and what came after is enough."""
        return change_in(self.months)

    @property
    def labelled(self) -> int:
        """How many quotes editors found to bear on the issue, and agree on."""
        return self.labels.total() - self.labels[Label.UNRELATED]

    @property
    def suggested(self) -> int:
        return self.suggestions.total() - self.suggestions[Label.UNRELATED]

    @property
    def is_enough(self) -> bool:
        return self.labelled >= MINIMUM

    @property
    def leading(self) -> str:
        """The label that most quotes have; empty when two lead, or too few are labelled."""
        return self.majority if self.is_enough else ""

    @property
    def majority(self) -> str:
        """The label that most quotes have, however few; empty when none leads."""
        counts = Counter({k: n for k, n in self.labels.items() if k != Label.UNRELATED})
        ranking = counts.most_common(2)
        if not ranking or (len(ranking) > 1 and ranking[0][1] == ranking[1][1]):
            return ""
        return ranking[0][0]

    @property
    def leading_count(self) -> int:
        return self.labels[self.leading]

    @property
    def missing(self) -> int:
        """How many more labelled quotes it takes until a position is stated."""
        return max(MINIMUM - self.labelled, 0)

    @property
    def suggested_breakdown(self) -> list[tuple[str, int]]:
        """Each label that is only suggested with its number of quotes."""
        return [(k, self.suggestions[k]) for k in Label.values if self.suggestions[k]]

    @property
    def breakdown(self) -> list[tuple[str, int]]:
        """Each label that occurs with its number of quotes, in the order of the answers."""
        return [(label, self.labels[label]) for label in Label.values if self.labels[label]]


def positions(side: Side, user: AbstractBaseUser | AnonymousUser) -> list[Position]:
    """The positions that a side takes, the best founded first: two queries."""
    found: dict[int, Position] = {}
    rows = (
        Stance.objects.visible_to(user)
        .filter(side.quotes("quote__"))
        .annotate(month=TruncMonth("quote__said_on"))
        .order_by("issue", "month")
        .values_list("issue", "label", "standing", "month")
        .annotate(quotes=Count("pk"))
    )
    issues = Issue.objects.in_bulk({issue for issue, *_ in rows})
    for issue, label, standing, month, quotes in rows:
        position = found.setdefault(issue, Position(issues[issue]))
        position.count(label=label, standing=standing, quotes=quotes, month=month)
    return sorted(
        found.values(), key=lambda each: (-each.labelled, -each.suggested, each.issue.title)
    )
