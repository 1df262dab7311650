"""Imports: what came in, and what became of each document."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse

from .articles import Article, ArticleQuerySet


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def with_counts(self) -> Self:
        """Each batch with its user and how many of its documents ended in which way."""
        return self.select_related("user").annotate(
            **{
                f"{outcome or 'waiting'}_count": Count("items", filter=Q(items__outcome=outcome))
                for outcome in ImportItem.Outcome.values
            }
        )


class ImportBatch(models.Model):
    """One import: by command, by pasting, by upload or by the programming interface."""

    class Channel(models.TextChoices):
        COMMAND = "command", "Command"
        PASTE = "paste", "Pasted text"
        UPLOAD = "upload", "Uploaded files"
        API = "api", "Program"

    class State(models.TextChoices):
        DRAFT = "draft", "Not imported yet"
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        FINISHED = "finished", "Finished"
        CANCELLED = "cancelled", "Cancelled"
        UNDONE = "undone", "Undone"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.CharField(max_length=7, choices=Channel)
    state = models.CharField(max_length=9, choices=State, default=State.RUNNING)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reading = models.JSONField(
        default=dict, blank=True, help_text="What was said about all its files."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name_plural = "import batches"

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("statements:batch", args=[self.uuid])

    @property
    def articles(self) -> ArticleQuerySet:
        """The articles that the batch brought."""
        brought = self.items.filter(outcome=ImportItem.Outcome.NEW)
        return Article.objects.filter(pk__in=brought.values("article"))

    @property
    def is_open(self) -> bool:
        """Whether anything may still become of its documents by itself."""
        return self.state in (self.State.RUNNING, self.State.PAUSED, self.State.DRAFT)


class ImportFile(models.Model):
    """The bytes of one file as they came, kept once however often they come."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.sha256[:12]}, {self.size:,} bytes"


class ImportItemQuerySet(models.QuerySet["ImportItem"]):
    def waiting(self) -> Self:
        return self.filter(outcome=ImportItem.Outcome.WAITING)


class ImportItem(models.Model):
    """One document of an import, and what became of it."""

    class Outcome(models.TextChoices):
        WAITING = "", "Waiting"
        NEW = "new", "New"
        DUPLICATE = "duplicate", "Duplicate"
        REJECTED = "rejected", "Rejected"
        CANCELLED = "cancelled", "Cancelled"
        UNDONE = "undone", "Undone"

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="items")
    file = models.ForeignKey(
        ImportFile, on_delete=models.PROTECT, null=True, blank=True, related_name="items"
    )
    file_name = models.CharField(
        max_length=500, blank=True, help_text="Under which name the file came."
    )
    name = models.CharField(max_length=500)
    size = models.PositiveBigIntegerField(default=0, help_text="In bytes.")
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True, default=Outcome.WAITING)
    reason = models.TextField(blank=True, help_text="Why it was rejected, and what to do.")
    notes = models.TextField(
        blank=True, help_text="What of it was not understood, or deserves a look."
    )
    document = models.JSONField(
        null=True, blank=True, help_text="What was read of it, until it is stored."
    )
    text_hash = models.CharField(
        max_length=64, blank=True, help_text="By which a text is known, as Article.text_hash."
    )
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="How often a worker began to read it."
    )
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, null=True, blank=True, related_name="import_items"
    )
    quote_count = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportItemQuerySet.as_manager()

    class Meta:
        ordering = ("batch", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="rejected", article__isnull=True) & ~Q(reason="")
                | Q(outcome__in=("new", "duplicate"), article__isnull=False)
                | Q(outcome="", article__isnull=True, document__isnull=False)
                | Q(outcome__in=("cancelled", "undone"), article__isnull=True),
                name="import_item_ends_one_way",
            ),
        ]
        indexes = [
            # process(): what of a batch still waits
            models.Index(
                fields=["batch", "id"], condition=Q(outcome=""), name="import_item_waiting"
            ),
            models.Index(fields=["batch", "outcome", "id"], name="import_item_by_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_outcome_display().lower()}"


class ColumnMapping(models.Model):
    """Which columns hold what, as somebody said of a table with these headers."""

    headers_hash = models.CharField(max_length=64, unique=True)
    headers = models.JSONField()
    mapping = models.JSONField(help_text='Fields by column: {"text": "body"}.')
    date_order = models.CharField(max_length=3, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return ", ".join(str(each) for each in self.headers)[:80]
