"""Issues: directed propositions that quotes take a stance on, with their guidelines."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from .actors import Actor


class Issue(models.Model):
    """A proposition that a person can agree with, and the names of its two poles."""

    class Kind(models.TextChoices):
        PROPOSITION = "proposition", "Proposition"
        ACTOR = "actor", "Attitude toward an actor"

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(
        max_length=120, help_text='A short name for lists: "UN report on Xinjiang".'
    )
    proposition = models.CharField(
        max_length=300, help_text="A full sentence that one can agree with."
    )
    kind = models.CharField(max_length=11, choices=Kind, default=Kind.PROPOSITION)
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="issues"
    )
    supports_pole = models.CharField(
        max_length=80, help_text='What supporting it is called: "backs the findings".'
    )
    opposes_pole = models.CharField(
        max_length=80, help_text='What opposing it is called: "rejects the findings".'
    )
    terms = ArrayField(
        models.CharField(max_length=80),
        default=list,
        blank=True,
        help_text="Words that mention it.",
    )
    counter_terms = ArrayField(
        models.CharField(max_length=80),
        default=list,
        blank=True,
        help_text="Words for the opposite: to back these is to oppose the proposition.",
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    double_percent = models.PositiveSmallIntegerField(
        default=20, help_text="How many of a hundred quotes two editors judge blind."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("title", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="actor") ^ Q(actor__isnull=True), name="issue_of_an_actor_names_it"
            ),
            models.CheckConstraint(
                condition=Q(double_percent__lte=100), name="double_share_is_a_percentage"
            ),
            # One attitude toward an actor: what editors judge of it is not split over two.
            models.UniqueConstraint(fields=["actor"], name="one_issue_per_actor"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("statements:issue", args=[self.slug])

    def clean(self) -> None:
        """Refuse to be part of itself, at however many removes."""
        if self.pk and self.parent_id in {self.pk, *self.parts()}:
            raise ValidationError({"parent": "An issue cannot be part of itself; choose another."})

    def parts(self) -> set[int]:
        """Keys of the issues that are part of it, or part of its parts."""
        found: set[int] = set()
        below = {self.pk}
        while below:
            rows = Issue.objects.filter(parent__in=below).exclude(pk__in=found)
            below = set(rows.values_list("pk", flat=True))
            found |= below
        return found

    @property
    def guideline(self) -> Guideline | None:
        """The guideline in force: the one of the highest number."""
        return max(self.guidelines.all(), key=lambda each: each.number, default=None)


class Guideline(models.Model):
    """How editors judge quotes on an issue; a published text is only ever followed by another."""

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="guidelines")
    number = models.PositiveIntegerField()
    text = models.TextField()
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ("issue", "number")
        constraints = [
            models.UniqueConstraint(fields=["issue", "number"], name="one_guideline_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.issue}, version {self.number}"


def publish_guideline(issue: Issue, text: str, *, by: Any = None) -> Guideline:
    """Make `text` the guideline in force, unless it already is; returns the one in force."""
    current = issue.guideline
    if current and current.text == text:
        return current
    number = current.number + 1 if current else 1
    return Guideline.objects.create(issue=issue, number=number, text=text, published_by=by)
