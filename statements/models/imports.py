"""Imports: what came in, and what became of each document."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse

from .articles import Article


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def with_counts(self) -> Self:
        """Each batch with its user and how many of its documents ended in which way."""
        return self.select_related("user").annotate(
            **{
                f"{outcome}_count": Count("items", filter=Q(items__outcome=outcome))
                for outcome in ImportItem.Outcome.values
            }
        )


class ImportBatch(models.Model):
    """One import: by command, by pasting or by upload."""

    class Channel(models.TextChoices):
        COMMAND = "command", "Command"
        PASTE = "paste", "Pasted text"
        UPLOAD = "upload", "Uploaded files"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.CharField(max_length=7, choices=Channel)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("statements:batch", args=[self.uuid])


class ImportItem(models.Model):
    """One document of an import with its outcome."""

    class Outcome(models.TextChoices):
        NEW = "new", "New"
        DUPLICATE = "duplicate", "Duplicate"
        REJECTED = "rejected", "Rejected"

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="items")
    name = models.CharField(max_length=500)
    size = models.PositiveBigIntegerField(default=0, help_text="In bytes.")
    outcome = models.CharField(max_length=9, choices=Outcome)
    reason = models.TextField(blank=True, help_text="Why it was rejected, and what to do.")
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, null=True, blank=True, related_name="import_items"
    )
    quote_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("batch", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="rejected", article__isnull=True) & ~Q(reason="")
                | Q(outcome__in=("new", "duplicate"), article__isnull=False),
                name="import_item_ends_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.outcome}"
