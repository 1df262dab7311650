"""Where quotes stand: editors' labels, what follows from them, and what the machine proposes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from .articles import Article
from .issues import Guideline, Issue
from .quotes import SHOWN, Quote

if TYPE_CHECKING:
    from .queues import QueueItem


class Label(models.TextChoices):
    SUPPORTS = "supports", "Supports"
    OPPOSES = "opposes", "Opposes"
    MIXED = "mixed", "Mixed"
    NEUTRAL = "neutral", "Neutral"
    UNRELATED = "unrelated", "Unrelated"


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def current(self) -> Self:
        """What is proposed now, without what later versions or repairs replaced."""
        return self.filter(is_current=True)


class Suggestion(models.Model):
    """What the machine proposes for a quote on an issue, or why it abstains. Kept for ever."""

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="suggestions")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="suggestions")
    label = models.CharField(
        max_length=9, choices=Label, blank=True, help_text="Empty: it abstains."
    )
    confidence = models.FloatField(default=0.0)
    shares = models.JSONField(
        default=dict, help_text="How probable each label is, where the method says so."
    )
    evidence = models.JSONField(default=list, help_text="The words that it rests on.")
    method = models.CharField(max_length=40)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it abstains.")
    version = models.PositiveIntegerField(
        default=1, help_text="Of the method: which weights, or which words, it comes from."
    )
    is_current = models.BooleanField(
        default=True, help_text="Whether no later version, or repair of the quote, replaced it."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["quote", "issue", "method"],
                condition=Q(is_current=True),
                name="one_suggestion_per_method",
            ),
            models.CheckConstraint(
                condition=~Q(label="", reason=""), name="abstention_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0.0) & Q(confidence__lte=1.0),
                name="suggestion_confidence_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label or 'abstains'} ({self.method})"


class StanceLabelQuerySet(models.QuerySet["StanceLabel"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """The labels of quotes whose articles this user may read, also of those rejected since."""
        return self.filter(quote__article__in=Article.objects.visible_to(user))

    def current(self) -> Self:
        """The judgements that count now: those that no later one supersedes."""
        return self.filter(is_current=True)

    def judgements(self) -> Self:
        """Editors' own judgements, without leads' decisions between them."""
        return self.filter(is_adjudication=False)

    def without(self, items: QuerySet[QueueItem]) -> Self:
        """The labels of none of these places in queues."""
        return self.exclude(Exists(_same_place(items)))


class StanceLabel(models.Model):
    """One editor's judgement of one quote on one issue. Append-only: a new one supersedes.

    Taking one back is a row too: it restores the judgement before, or has no label when there was
    none. A trigger refuses to delete a row or to change anything but `is_current`.
    """

    Label = Label

    uuid = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="labels")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="labels")
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stance_labels"
    )
    label = models.CharField(
        max_length=9, choices=Label, blank=True, help_text="Empty: the judgement is taken back."
    )
    is_sure = models.BooleanField(default=True)
    is_blind = models.BooleanField(
        default=False, help_text="Made before any suggestion or other label was seen."
    )
    is_adjudication = models.BooleanField(
        default=False, help_text="A lead's decision between editors."
    )
    note = models.TextField(blank=True)
    guideline = models.ForeignKey(
        Guideline, on_delete=models.PROTECT, null=True, blank=True, related_name="labels"
    )
    suggestion_shown = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, null=True, blank=True, related_name="labels"
    )
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    is_current = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = StanceLabelQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["editor", "quote", "issue"],
                condition=Q(is_current=True, is_adjudication=False),
                name="one_current_label_per_editor",
            ),
            models.UniqueConstraint(
                fields=["quote", "issue"],
                condition=Q(is_current=True, is_adjudication=True),
                name="one_current_adjudication",
            ),
            models.CheckConstraint(
                condition=Q(is_adjudication=False) | ~Q(note=""), name="adjudication_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(label__in=Label.values)
                | Q(label="", undoes__isnull=False, is_current=False),
                name="stance_label_is_known",
            ),
        ]
        indexes = [
            # what is undone next, and an editor's own history
            models.Index(fields=["editor", "issue", "-id"], name="label_by_editor")
        ]

    def __str__(self) -> str:
        return f"{self.get_label_display() or 'taken back'} by {self.editor}"


def _same_place(items: QuerySet[QueueItem]) -> QuerySet[QueueItem]:
    return items.filter(quote=OuterRef("quote"), issue=OuterRef("issue"))


class StanceQuerySet(models.QuerySet["Stance"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """The stances of quotes that this user may read: `QuoteQuerySet.visible_to` by a join.

        As a subquery the quotes would be read a second time for what is counted of them. What an
        editor is to judge without seeing how others did is not among them.
        """
        from statements.blind import asked_blind

        shown = {f"quote__{key}": value for key, value in SHOWN.items()}
        if getattr(user, "is_staff", False):
            del shown["quote__article__is_draft"]
        return self.filter(**shown).without(asked_blind(user))

    def labelled(self) -> Self:
        """Stances that rest on editors' labels, not on a suggestion alone."""
        # Named one by one, so that the index `stance_by_label` leads to them past suggestions.
        suggested = Stance.Standing.SUGGESTED
        return self.filter(standing__in=[each for each in Stance.Standing if each != suggested])

    def without(self, items: QuerySet[QueueItem]) -> Self:
        """The stances of none of these places in queues."""
        return self.exclude(Exists(_same_place(items)))


class Stance(models.Model):
    """Where a quote stands on an issue now, kept in the same transaction as the labels."""

    Label = Label

    class Standing(models.TextChoices):
        ADJUDICATED = "adjudicated", "Adjudicated"
        AGREED = "agreed", "Editors agree"
        DISPUTED = "disputed", "Editors disagree"
        SINGLE = "single", "One editor"
        SUGGESTED = "suggested", "Suggested"

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="stances")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="stances")
    label = models.CharField(
        max_length=9, choices=Label, blank=True, help_text="Empty while editors disagree."
    )
    standing = models.CharField(max_length=11, choices=Standing)
    label_count = models.PositiveIntegerField(default=0)
    confidence = models.FloatField(
        null=True, blank=True, help_text="Of the suggestion, while it is only suggested."
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = StanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quote", "issue"], name="one_stance_per_issue"),
            models.CheckConstraint(
                condition=~Q(label="") | Q(standing="disputed"),
                name="only_a_disputed_stance_is_open",
            ),
        ]
        indexes = [
            models.Index(fields=["issue", "label", "standing", "quote"], name="stance_by_label")
        ]

    def __str__(self) -> str:
        return f"{self.get_label_display() or 'Disputed'} on {self.issue}"

    @property
    def is_suggested(self) -> bool:
        return self.standing == self.Standing.SUGGESTED
