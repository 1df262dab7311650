"""What readers say is wrong with a quote, and what editors answered."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ExpressionWrapper, Q
from django.urls import reverse
from django.utils import timezone

from .quotes import Quote


class State(models.TextChoices):
    OPEN = "open", "Open"
    CORRECTED = "corrected", "Corrected"
    KEPT = "kept", "Not changed"
    SPAM = "spam", "Not a report"


class Change(models.TextChoices):
    """What an editor put right, in the words that readers see."""

    SPEAKER = "speaker", "the speaker"
    TEXT = "text", "the words"
    QUOTE = "quote", "whether it is a quote"
    STANCE = "stance", "where it stands"
    ARTICLE = "article", "what is said of the article"


class ReaderReportQuerySet(models.QuerySet["ReaderReport"]):
    def open(self) -> Self:
        return self.filter(state=State.OPEN)


class ReaderReport(models.Model):
    """One thing that readers say is wrong with one quote; as long as it is open they add to it."""

    class Kind(models.TextChoices):
        SPEAKER = "speaker", "Wrong speaker"
        TEXT = "text", "Wrong text"
        NO_QUOTE = "no_quote", "Not a quote"
        STANCE = "stance", "Wrong stance"
        OTHER = "other", "Something else"

    State = State

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    is_open = models.GeneratedField(
        expression=ExpressionWrapper(Q(state="open"), output_field=models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    receipt_count = models.PositiveIntegerField(
        default=0, help_text="How often it was sent; kept with the receipts."
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = ReaderReportQuerySet.as_manager()

    class Meta:
        constraints = [
            # A campaign makes one line of the queue long, not the queue.
            models.UniqueConstraint(
                fields=["quote", "kind"],
                condition=Q(state="open"),
                name="one_open_report_per_quote_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["speaker", "text", "no_quote", "stance", "other"]),
                name="report_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="report_state_is_known"
            ),
        ]
        indexes = [
            # the queue, and how many of it are open
            models.Index(fields=["-is_open", "-receipt_count", "id"], name="reports_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.quote}"

    def get_absolute_url(self) -> str:
        """Its place on the desk, which is not for readers: they have their receipts."""
        return reverse("statements:report", args=[self.pk])

    @property
    def anchor(self) -> str:
        return f"report-{self.pk}"

    @property
    def closing(self) -> ReportEvent | None:
        """How it was closed, as long as it is."""
        events = [] if self.state == State.OPEN else list(self.events.all())
        return events[-1] if events else None


class ReportReceipt(models.Model):
    """What one reader sent; its address is theirs alone, and shows them what became of it.

    `email` is emptied when the report is closed. `sender` stands for where it was sent from, so
    that one place cannot send without end; it is emptied when a day has passed.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(ReaderReport, on_delete=models.PROTECT, related_name="receipts")
    note = models.CharField(max_length=500, blank=True)
    email = models.EmailField(blank=True)
    sender = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("created_at", "pk")
        indexes = [
            # how much came from one place lately, and whose sender is to be forgotten
            models.Index(
                fields=["sender", "created_at"], condition=~Q(sender=""), name="receipt_by_sender"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report} on {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("statements:report_receipt", args=[self.uuid])


class ReportEvent(models.Model):
    """An editor closed a report with an answer, or opened it again. Append-only, by a trigger."""

    class Action(models.TextChoices):
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Opened again"

    Change = Change

    report = models.ForeignKey(ReaderReport, on_delete=models.PROTECT, related_name="events")
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="report_events"
    )
    action = models.CharField(max_length=8, choices=Action)
    outcome = models.CharField(max_length=9, choices=State, blank=True)
    changed = ArrayField(models.CharField(max_length=7, choices=Change), default=list, blank=True)
    answer = models.CharField(max_length=500, blank=True, help_text="What those who sent it read.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("created_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(action="reopened", outcome="", answer="", changed=[])
                | Q(action="closed", outcome__in=["corrected", "spam"])
                | Q(action="closed", outcome="kept") & ~Q(answer=""),
                name="report_is_answered_or_opened_again",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.report} by {self.editor}"

    @property
    def what_changed(self) -> list[str]:
        """In words: "the speaker", "where it stands"."""
        return [Change(each).label for each in self.changed]
