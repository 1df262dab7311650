"""Which quotes wait for editors on an issue, in what order, and who has which one open."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .issues import Issue
from .quotes import Quote


class QueueItemQuerySet(models.QuerySet["QueueItem"]):
    def in_order(self) -> Self:
        return self.order_by("rank", "place", "pk")


class QueueItem(models.Model):
    """A quote that editors are to judge on an issue: once, or twice without seeing each other."""

    class Reason(models.TextChoices):
        TERM = "term", "Its words mention the issue"
        HAND = "hand", "Put there by an editor"
        ARTICLE = "article", "Its article mentions the issue"

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="queue")
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="queues")
    reason = models.CharField(max_length=7, choices=Reason)
    rank = models.PositiveSmallIntegerField(
        help_text="0: the quote bears on the issue, or was put here. 1: its article does."
    )
    draw = models.FloatField(help_text="A random number from 0 to 1, drawn once.")
    place = models.FloatField(
        help_text="Where it comes within its rank: its draw, later how certain the model is."
    )
    is_double = models.BooleanField(
        default=False, help_text="Two editors judge it, blind to each other."
    )
    label_count = models.PositiveIntegerField(
        default=0, help_text="How many editors have judged it; kept with the stance."
    )
    is_dropped = models.BooleanField(default=False, help_text="Taken out of the queue by hand.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = QueueItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "quote"], name="one_queue_item_per_quote"),
            models.CheckConstraint(
                condition=Q(draw__gte=0.0) & Q(draw__lte=1.0), name="draw_is_a_share"
            ),
        ]
        indexes = [
            # Queue.next(): the first item that still wants a judgement
            models.Index(
                fields=["issue", "rank", "place", "id"],
                condition=Q(is_dropped=False),
                name="queue_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.quote} on {self.issue}"

    @property
    def wanted(self) -> int:
        """How many editors are to judge it."""
        return 2 if self.is_double else 1


class ClaimQuerySet(models.QuerySet["Claim"]):
    def live(self) -> Self:
        return self.filter(until__gt=timezone.now())


class Claim(models.Model):
    """An editor has the item open; until then no other one gets it, beyond those it wants."""

    item = models.ForeignKey(QueueItem, on_delete=models.CASCADE, related_name="claims")
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claims"
    )
    until = models.DateTimeField()

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "editor"], name="one_claim_per_editor")
        ]

    def __str__(self) -> str:
        return f"{self.item} by {self.editor}"


class Overlap(models.Model):
    """Two editors judged a quote that was meant for one; both labels stay and both are told."""

    first = models.ForeignKey("StanceLabel", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("StanceLabel", on_delete=models.PROTECT, related_name="+")
    first_told_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_overlap_per_pair")
        ]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"
