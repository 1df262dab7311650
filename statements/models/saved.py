"""What readers with an account asked for and want to come back to."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def of(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """The views that this person saved, by name; nobody's without an account."""
        mine = self.filter(owner=user.pk) if user.is_authenticated else self.none()
        return mine.order_by(Lower("name"), "pk")


class SavedView(models.Model):
    """Conditions on quotes under a name. Its address opens for everybody who is given it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_views"
    )
    name = models.CharField(max_length=80)
    query = models.TextField(
        blank=True, help_text="As it stands in an address behind the question mark."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint("owner", Lower("name"), name="one_saved_view_per_name")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("statements:saved_view", args=[self.uuid])

    @property
    def leads_to(self) -> str:
        """Explore, with these conditions."""
        return reverse("statements:explore") + (f"?{self.query}" if self.query else "")
