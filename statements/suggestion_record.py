"""How right suggestions have been, by what editors decided with them on screen and without."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Exists, F, OuterRef, Subquery

from statements.blind import asked_blind
from statements.models import Issue, Quote, StanceLabel, Suggestion

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
    """One method's suggestions: judged blind, judged with the suggestion on screen, abstained.

    The bands of confidence hold those judged blind.
    """

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


def records(decisions: Iterable[Decision]) -> list[MethodRecord]:
    """The record of each method that proposed or abstained.

    Only blind judgements measure a method, since a suggestion on screen draws the editor to it.
    """
    found: dict[str, MethodRecord] = {}
    for each in decisions:
        suggestion = each.suggestion
        record = found.setdefault(suggestion.method, MethodRecord(suggestion.method))
        if not suggestion.label:
            record.abstained += 1
        elif each.label.is_blind:
            record.blind.add(same=each.is_same, confidence=suggestion.confidence)
            band = max(low for low in BANDS if low <= suggestion.confidence)
            record.bands[band].add(same=each.is_same, confidence=suggestion.confidence)
        else:
            record.shown.add(same=each.is_same, confidence=suggestion.confidence)
    return sorted(found.values(), key=lambda each: each.method)


def disagreements(
    decisions: Iterable[Decision], user: AbstractBaseUser | AnonymousUser, *, most: int
) -> list[Decision]:
    """Judgements that went against a suggestion, the surest suggestions first.

    Only of quotes that this user may read, and need not judge first without seeing any label.
    """
    against = [each for each in decisions if each.suggestion.label and not each.is_same]
    quotes = {each.label.quote_id for each in against}
    seen = set(Quote.objects.visible_to(user).filter(pk__in=quotes).values_list("pk", flat=True))
    issues = {each.label.issue_id for each in against}
    blind = asked_blind(user).filter(issue__in=issues, quote__in=quotes)
    seen -= set(blind.values_list("quote", flat=True))
    against = [each for each in against if each.label.quote_id in seen]
    against.sort(key=lambda each: (-each.suggestion.confidence, each.label.pk))
    return against[:most]


def decisions(issue: Issue) -> list[Decision]:
    """Every judgement that stands, with the suggestion shown, or each that was hidden from it.

    Two queries for any number.
    """
    labels = (
        StanceLabel.objects.current()
        .judgements()
        .filter(issue=issue)
        .select_related("editor", "quote__article", "suggestion_shown")
        .order_by("pk")
    )
    hidden = _before_any_label(issue)
    found = []
    for label in labels:
        if label.suggestion_shown:
            found.append(Decision(label, label.suggestion_shown))
        elif label.is_blind:
            found += [Decision(label, each) for each in hidden.get(label.quote_id, {}).values()]
    return found


def _before_any_label(issue: Issue) -> dict[int, dict[str, Suggestion]]:
    """For each quote that was judged blind, what each method proposed last before anybody did.

    What was proposed later may have been learned from the very judgement that it is held against.
    """
    labels = StanceLabel.objects.filter(issue=issue, quote=OuterRef("quote"))
    suggestions = (
        Suggestion.objects.filter(issue=issue)
        .filter(Exists(labels.current().filter(is_blind=True)))
        .annotate(
            judged_at=Subquery(labels.order_by("created_at").values("created_at")[:1]),
        )
        .filter(created_at__lte=F("judged_at"))
        .order_by("pk")
    )
    found: dict[int, dict[str, Suggestion]] = {}
    for each in suggestions:
        found.setdefault(each.quote_id, {})[each.method] = each
    return found
