"""Quotes on which editors differ, each with what a lead needs to decide between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from statements.blind import asked_blind
from statements.marked_text import sentence_of
from statements.models import Issue, Quote, Stance, StanceLabel
from statements.models.queues import QueueItemQuerySet
from statements.models.stances import StanceLabelQuerySet, StanceQuerySet


@dataclass(slots=True)
class Dispute:
    """One quote with the labels that editors gave it, and the decisions there were on it.

    `labels` and `decisions` are newest first, and the labels are those that count now, unless
    `seen` is set: then they also hold those that counted when the form was opened.
    """

    quote: Quote
    labels: list[StanceLabel] = field(default_factory=list)
    decisions: list[StanceLabel] = field(default_factory=list)
    latest: int = 0
    seen: int | None = None
    form: Any = None

    @property
    def anchor(self) -> str:
        return f"case-{self.quote.uuid.hex[:8]}"

    @property
    def is_changed(self) -> bool:
        """Whether labels were added since the form was opened that was sent."""
        return self.seen is not None and self.latest > self.seen

    @property
    def decision(self) -> StanceLabel | None:
        return self.decisions[0] if self.decisions else None

    @property
    def earlier_decisions(self) -> list[StanceLabel]:
        return self.decisions[1:]

    @property
    def sentence(self) -> list[tuple[str, bool]]:
        """The text between the sentences before and after, in pieces; True: it is the quote's."""
        return sentence_of(self.quote)


def open_disputes(user: AbstractBaseUser | AnonymousUser) -> StanceQuerySet:
    """Where editors differ and no lead has decided, as far as this user may see it."""
    return _seen_by(user, Stance.objects.filter(standing=Stance.Standing.DISPUTED))


def decisions(user: AbstractBaseUser | AnonymousUser) -> StanceLabelQuerySet:
    """Leads' decisions that count now, as far as this user may see them."""
    return _seen_by(user, StanceLabel.objects.current().filter(is_adjudication=True))


def hidden_from(
    user: AbstractBaseUser | AnonymousUser, issue: Issue, quotes: Collection[int] = ()
) -> QueueItemQuerySet:
    """What the user must not see before judging it: of the disputes, decisions and `quotes`."""
    judged = issue.stances.filter(
        quote=OuterRef("quote"),
        standing__in=(Stance.Standing.DISPUTED, Stance.Standing.ADJUDICATED),
    )
    return asked_blind(user).filter(Exists(judged) | Q(quote__in=quotes), issue=issue)


def disputes(issue: Issue, quotes: Sequence[int], *, seen: int | None = None) -> list[Dispute]:
    """The quotes (keys) in this order with labels and decisions: five queries for any number.

    `seen` tells which label was the newest when a form was opened.
    """
    found = Quote.objects.for_list().in_bulk(quotes)
    rows: dict[int, list[StanceLabel]] = defaultdict(list)
    labels = issue.labels.filter(quote__in=quotes).order_by("-pk")
    for row in labels.select_related("editor", "guideline", "suggestion_shown", "superseded_by"):
        rows[row.quote_id].append(row)
    return [_dispute(found[pk], rows[pk], seen) for pk in quotes if pk in found]


def _dispute(quote: Quote, rows: list[StanceLabel], seen: int | None) -> Dispute:
    return Dispute(
        quote,
        labels=[each for each in rows if not each.is_adjudication and _counts(each, seen)],
        decisions=[each for each in rows if each.is_adjudication],
        latest=rows[0].pk if rows else 0,
        seen=seen,
    )


def _counts(label: StanceLabel, seen: int | None) -> bool:
    """Whether the label counts now, or counted when the newest one was `seen`."""
    if label.is_current or seen is None:
        return label.is_current
    superseded = getattr(label, "superseded_by", None)
    return bool(label.label) and label.pk <= seen and (not superseded or superseded.pk > seen)


def _seen_by[Rows: QuerySet[Any]](user: AbstractBaseUser | AnonymousUser, rows: Rows) -> Rows:
    hidden = asked_blind(user).filter(quote=OuterRef("quote"), issue=OuterRef("issue"))
    return rows.filter(~Exists(hidden), quote__in=Quote.objects.visible_to(user))
