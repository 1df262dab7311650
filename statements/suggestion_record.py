"""How right suggestions have been, by what editors decided with them on screen and without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import F, OuterRef, Subquery

from statements.models import Issue, StanceLabel, Suggestion

Label = StanceLabel.Label

# Lower ends of the bands of confidence that are compared with what came true.
BANDS = (0.0, 0.7, 0.8, 0.9)


@dataclass(slots=True)
class Tally:
    """How many suggestions met a judgement, and how many said the same."""

    total: int = 0
    same: int = 0
    confidence: float = 0.0

    def add(self, *, same: bool, confidence: float) -> None:
        self.total += 1
        self.same += same
        self.confidence += confidence

    @property
    def percent(self) -> int | None:
        return round(100 * self.same / self.total) if self.total else None

    @property
    def expected(self) -> int | None:
        """How many of a hundred were to be right, by the suggestions' own confidence."""
        return round(100 * self.confidence / self.total) if self.total else None


@dataclass(slots=True)
class MethodRecord:
    """One method's suggestions: judged blind, judged with the suggestion on screen, abstained."""

    method: str
    blind: Tally = field(default_factory=Tally)
    shown: Tally = field(default_factory=Tally)
    abstained: int = 0
    bands: dict[float, Tally] = field(default_factory=lambda: {low: Tally() for low in BANDS})

    @property
    def rows(self) -> list[tuple[str, Tally]]:
        """The bands that hold anything, by name."""
        ends = [*BANDS[1:], 1.0]
        return [
            (f"{low:.0%} to {high:.0%}" if low else f"below {high:.0%}", self.bands[low])
            for low, high in zip(BANDS, ends, strict=True)
            if self.bands[low].total
        ]


@dataclass(frozen=True, slots=True)
class Decision:
    """A judgement beside the suggestion that there was."""

    label: StanceLabel
    suggestion: Suggestion

    @property
    def is_same(self) -> bool:
        return agrees(self.suggestion.label, self.label.label)


def agrees(suggested: str, judged: str) -> bool:
    """Whether they say the same; for a suggestion, unrelated and neutral are one."""
    one = {Label.UNRELATED: Label.NEUTRAL}
    return one.get(Label(suggested), suggested) == one.get(Label(judged), judged)


def records(issue: Issue) -> list[MethodRecord]:
    """The record of each method that proposed or abstained on the issue: three queries.

    Only blind judgements measure a method, since a suggestion on screen draws the editor to it.
    """
    found: dict[str, MethodRecord] = {}

    def of(method: str) -> MethodRecord:
        return found.setdefault(method, MethodRecord(method))

    for each in decisions(issue):
        if not each.suggestion.label:
            of(each.suggestion.method).abstained += 1
            continue
        record = of(each.suggestion.method)
        confidence = each.suggestion.confidence
        tally = record.blind if each.label.is_blind else record.shown
        tally.add(same=each.is_same, confidence=confidence)
        band = max(low for low in BANDS if low <= confidence)
        record.bands[band].add(same=each.is_same, confidence=confidence)
    return sorted(found.values(), key=lambda each: each.method)


def disagreements(issue: Issue, *, most: int) -> list[Decision]:
    """Judgements that went against a suggestion, the surest suggestions first."""
    against = [each for each in decisions(issue) if each.suggestion.label and not each.is_same]
    against.sort(key=lambda each: (-each.suggestion.confidence, each.label.pk))
    return against[:most]


def decisions(issue: Issue) -> Iterator[Decision]:
    """Every judgement that stands, with the suggestion shown, or the ones hidden from it."""
    labels = (
        StanceLabel.objects.current()
        .judgements()
        .filter(issue=issue)
        .exclude(label=Label.MIXED)
        .select_related("editor", "quote__article", "suggestion_shown")
        .order_by("pk")
    )
    hidden = _before_label(issue)
    for label in labels:
        if label.suggestion_shown:
            yield Decision(label, label.suggestion_shown)
        elif label.is_blind:
            yield from (Decision(label, each) for each in hidden.get(label.pk, ()))


def _before_label(issue: Issue) -> dict[int, list[Suggestion]]:
    """For each blind judgement, what each method proposed last before it was made."""
    first = (
        StanceLabel.objects.current()
        .judgements()
        .filter(issue=issue, is_blind=True, quote=OuterRef("quote"))
    )
    suggestions: Iterable[Suggestion] = (
        Suggestion.objects.filter(issue=issue)
        .annotate(judged_at=Subquery(first.order_by("-created_at").values("created_at")[:1]))
        .filter(created_at__lte=F("judged_at"))
        .order_by("pk")
    )
    by_quote: dict[int, dict[str, Suggestion]] = {}
    for each in suggestions:
        by_quote.setdefault(each.quote_id, {})[each.method] = each
    blind = StanceLabel.objects.current().judgements().filter(issue=issue, is_blind=True)
    return {
        pk: list(by_quote.get(quote, {}).values()) for pk, quote in blind.values_list("pk", "quote")
    }
