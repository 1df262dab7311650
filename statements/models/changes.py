"""The record of changes: what stood before and after, by whom. Triggers alone write it."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.auth.models import Group, User
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models import F, Q


class ChangeQuerySet(models.QuerySet["Change"]):
    def on(self, kind: str, key: int, *, parts: tuple[str, ...] = ()) -> Self:
        """What happened to one row and to what belongs to it, such as an actor's names."""
        itself = Q(kind=kind, keys__contains=[key])
        return self.filter(itself | Q(kind__in=parts, parents__contains=[key]))

    def by_program(self) -> Self:
        """By a command or a task that nobody gave their name to."""
        return self.filter(Q(context__has_key="command") | Q(context__has_key="task"), who=None)

    def from_outside(self) -> Self:
        """By whoever has the database's password: psql, a script, a restored backup."""
        return self.filter(context__has_key="role", who=None)

    def for_list(self) -> Self:
        """With the `first_keys` of those it happened to, of which there may be very many."""
        return self.defer("keys").annotate(first_keys=F("keys__0_3"))


class Change(models.Model):
    """One thing that one statement did to rows of one table; those it did the same to share it.

    Append-only: a trigger refuses to change or delete it, and it refers to nothing by a foreign
    key, so that it outlives what it tells of.
    """

    class Done(models.TextChoices):
        ADDED = "added", "Added"
        CHANGED = "changed", "Changed"
        REMOVED = "removed", "Removed"

    at = models.DateTimeField(help_text="When the transaction began.")
    kind = models.CharField(max_length=20, help_text="The model whose rows it happened to.")
    done = models.CharField(max_length=7, choices=Done)
    keys = ArrayField(models.BigIntegerField())
    key_count = models.PositiveIntegerField()
    # What the rows belong to, where they are parts: an actor's names, the parts of a quote.
    parents = ArrayField(models.BigIntegerField(), default=list)
    # By column, and of a change only those that differ.
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    # The account's key; it stays when the account is deleted.
    who = models.BigIntegerField(null=True)
    # The request's address, or the command, or the task; from outside the database's role.
    context = models.JSONField(default=dict)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["kind", "-id"], name="change_by_kind"),
            models.Index(fields=["who", "-id"], name="change_by_who"),
            BrinIndex(fields=["at"], name="change_by_day"),
            # ChangeQuerySet.on()
            GinIndex(fields=["keys"], name="change_of_row"),
            GinIndex(fields=["parents"], name="change_of_part"),
        ]

    def __str__(self) -> str:
        return f"{self.get_done_display()}: {self.key_count} {self.kind}"


# Triggers on tables of other applications belong to proxies here, where migrations know them.


class Account(User):
    class Meta:
        proxy = True
        default_permissions = ()


_Membership: Any = User.groups.through
_AccountPermission: Any = User.user_permissions.through
_RolePermission: Any = Group.permissions.through


class Membership(_Membership):
    class Meta:
        proxy = True
        default_permissions = ()

    def __str__(self) -> str:
        return f"account {self.user_id} in group {self.group_id}"


class AccountPermission(_AccountPermission):
    class Meta:
        proxy = True
        default_permissions = ()

    def __str__(self) -> str:
        return f"permission {self.permission_id} of account {self.user_id}"


class RolePermission(_RolePermission):
    class Meta:
        proxy = True
        default_permissions = ()

    def __str__(self) -> str:
        return f"permission {self.permission_id} of group {self.group_id}"
