"""What editors changed about a quote itself: its words, its speaker, whether it is one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .issues import Issue
from .quotes import Quote


class QuoteEdit(models.Model):
    """One change with what stood before and after. Append-only: taking it back is a row too."""

    class Action(models.TextChoices):
        SPAN = "span", "Words"
        VOICE = "voice", "Speaker"
        STATE = "state", "Quote or not"

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="edits")
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="quote_edits"
    )
    # Whose queue it was made in, for the way back there; none when made elsewhere.
    issue = models.ForeignKey(
        Issue, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    action = models.CharField(max_length=5, choices=Action)
    before = models.JSONField()
    after = models.JSONField()
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("created_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(action__in=["span", "voice", "state"]), name="edit_action_is_known"
            )
        ]
        indexes = [
            # what is undone next, and an editor's own history
            models.Index(fields=["editor", "issue", "-id"], name="edit_by_editor")
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} of {self.quote} by {self.editor}"

    @property
    def in_words(self) -> str:
        """What it did, as a step in a list."""
        if self.action == self.Action.STATE:
            is_rejected = self.after["state"] == Quote.State.REJECTED
            return "Marked as not a quote" if is_rejected else "Kept as a quote"
        what = self.get_action_display()
        names = ("parts",) if self.action == self.Action.SPAN else ("speaker", "actor", "joint")
        if any(self.before.get(name) != self.after.get(name) for name in names):
            return f"{what} changed"
        return f"{what} confirmed"
