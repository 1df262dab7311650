"""What editors did to identities: the ledger from which each step can be undone exactly."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .actors import Actor, Speaker


class IdentityEventQuerySet(models.QuerySet["IdentityEvent"]):
    def on(self, identity: Actor | Speaker) -> Self:
        """What was done to this identity, alone or together with another."""
        kind = "actors" if isinstance(identity, Actor) else "speakers"
        return self.filter(**{f"{kind}__contains": [identity.pk]})

    def in_force(self) -> Self:
        """What was done and not undone; an undo itself is neither."""
        return self.filter(undoes__isnull=True, undone_by__isnull=True)

    def for_list(self) -> Self:
        """Newest first with who did it, without the rows that moved: one query."""
        with_editors = self.select_related("editor", "undone_by__editor")
        return with_editors.defer("changes", "undone_by__changes").order_by("-pk")


class IdentityEvent(models.Model):
    """One thing done to identities, with every row it changed. Append-only, an undo included.

    Identities are kept as plain keys: the one that a split made is gone once the split is undone.
    """

    class Action(models.TextChoices):
        MERGE = "merge", "Merged"
        SPLIT = "split", "Split"
        CONFIRM = "confirm", "Confirmed"
        RENAME = "rename", "Renamed"
        RETYPE = "retype", "Type and country"
        PARENT = "parent", "Part of"
        ALIAS = "alias", "Name added"
        UNALIAS = "unalias", "Name removed"
        AFFILIATION = "affiliation", "Post"
        IMPORT = "import", "From a list"

    action = models.CharField(max_length=11, choices=Action)
    actors = ArrayField(models.BigIntegerField(), default=list)
    speakers = ArrayField(models.BigIntegerField(), default=list)
    summary = models.TextField(help_text="What was done, in a sentence of the day.")
    # Each change names its table, the keys of the rows and their values before and after.
    changes = models.JSONField()
    # Nobody when a command did it.
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = IdentityEventQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    action__in=[
                        "merge",
                        "split",
                        "confirm",
                        "rename",
                        "retype",
                        "parent",
                        "alias",
                        "unalias",
                        "affiliation",
                        "import",
                    ]
                ),
                name="identity_event_is_known",
            )
        ]
        indexes = [
            # IdentityEventQuerySet.on()
            GinIndex(fields=["actors"], name="identity_event_of_actor"),
            GinIndex(fields=["speakers"], name="identity_event_of_speaker"),
        ]

    def __str__(self) -> str:
        return self.summary

    @property
    def is_undo(self) -> bool:
        return self.undoes_id is not None
