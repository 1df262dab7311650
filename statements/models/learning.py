"""What suggestions learn from: sentence vectors of quotes, and what each issue has learned."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from .issues import Issue
from .quotes import Quote


class QuoteVector(models.Model):
    """The sentence embedding of a quote's content, made once for every issue it is judged on."""

    quote = models.OneToOneField(Quote, on_delete=models.CASCADE, related_name="vector")
    encoder = models.CharField(max_length=40, help_text="Which model made it.")
    values = models.BinaryField(help_text="float16, little-endian, of unit length.")

    def __str__(self) -> str:
        return f"Vector of {self.quote}"


class IssueModel(models.Model):
    """What one issue has learned from its editors; a refit is a new version."""

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="learned")
    number = models.PositiveIntegerField()
    encoder = models.CharField(max_length=40)
    classes = models.JSONField(help_text="The labels it tells apart, in the order of its columns.")
    weights = models.BinaryField(
        help_text="float32, little-endian, rows of the encoder's size and one of biases."
    )
    temperature = models.FloatField(default=1.0)
    threshold = models.FloatField(
        help_text="Below this confidence it abstains; above 1: it always does."
    )
    label_ids = models.JSONField(help_text="The stance labels that it was fitted on.")
    label_count = models.PositiveIntegerField()
    scores = models.JSONField(default=dict, help_text="On labels left out in turn.")
    is_current = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("issue", "number")
        constraints = [
            models.UniqueConstraint(fields=["issue", "number"], name="one_model_per_number"),
            models.UniqueConstraint(
                fields=["issue"], condition=Q(is_current=True), name="one_current_model_per_issue"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue}, version {self.number}, from {self.label_count} labels"
