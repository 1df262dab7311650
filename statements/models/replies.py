"""Who answers whom: what a quote responds to, cites or rebuts, and what editors decided of it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from .actors import Actor, Speaker
from .articles import Article
from .quotes import Quote

# What an editor links by hand has no rule of the program.
BY_HAND = "hand"


class ReplyQuerySet(models.QuerySet["Reply"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """The replies in quotes that this user may read."""
        return self.filter(quote__in=Quote.objects.visible_to(user))

    def standing(self) -> Self:
        """Those that count: all but what editors rejected, and what a party would say to itself.

        A merge may have made one party of two that answered each other.
        """
        itself = Q(actor=F("quote__actor")) | Q(actor=None, speaker=F("quote__speaker"))
        return self.exclude(state=Reply.State.REJECTED).exclude(itself)

    def undecided(self) -> Self:
        """What the program proposed and nobody has decided on yet, or not any more."""
        return self.standing().filter(state=Reply.State.PROPOSED)

    def made_by_program(self) -> Self:
        """Those that may be replaced by another reading: no person ever decided on them."""
        return self.exclude(rule=BY_HAND).filter(decisions=None)

    def for_list(self) -> Self:
        """What a list shows of each: who says it in which article, and whom it answers."""
        return self.select_related(
            "actor",
            "speaker",
            "quote__actor",
            "quote__speaker",
            "quote__article__outlet",
            "earlier__actor",
            "earlier__speaker",
        ).prefetch_related("quote__joint_voices__actor", "quote__joint_voices__speaker")


class Reply(models.Model):
    """A link from a quote to the party that it answers, and maybe to what that party had said.

    The program proposes; `state` follows the latest of the `decisions`. The evidence is words of
    the article, which a trigger holds to their place.
    """

    class Relation(models.TextChoices):
        REBUTS = "rebuts", "Rebuts"
        RESPONDS_TO = "responds_to", "Responds to"
        CITES = "cites", "Cites"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        CONFIRMED = "confirmed", "Confirmed"
        REJECTED = "rejected", "Wrong"

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="replies")
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="replies_received"
    )
    speaker = models.ForeignKey(
        Speaker, on_delete=models.PROTECT, null=True, blank=True, related_name="replies_received"
    )
    earlier = models.ForeignKey(
        Quote,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answers",
        help_text="The quote that is answered, where it is known.",
    )
    relation = models.CharField(max_length=11, choices=Relation)
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    evidence_start = models.PositiveIntegerField()
    evidence_end = models.PositiveIntegerField()
    evidence = models.CharField(max_length=400, help_text="The words that show it, verbatim.")
    rule = models.CharField(max_length=20, help_text='Which rule found it; "hand": an editor.')
    confidence = models.FloatField(default=1.0)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "replies"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["quote", "evidence_start", "evidence_end", "relation"],
                condition=~Q(rule=BY_HAND),
                name="one_reply_per_evidence",
            ),
            models.CheckConstraint(
                condition=Q(actor__isnull=False) | Q(speaker__isnull=False),
                name="reply_is_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(relation__in=["rebuts", "responds_to", "cites"]),
                name="reply_relation_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "confirmed", "rejected"]),
                name="reply_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(evidence_end__gt=F("evidence_start")), name="evidence_has_length"
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0.0) & Q(confidence__lte=1.0),
                name="reply_confidence_is_a_share",
            ),
        ]
        indexes = [
            # the editors' list, the surest first
            models.Index(F("confidence").desc(), "id", condition=Q(state="proposed"),
                         name="replies_to_decide"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.quote.name or 'Somebody'} {self.get_relation_display().lower()} {self.to}"

    def get_absolute_url(self) -> str:
        return f"{reverse('statements:quote', args=[self.quote.uuid])}#{self.anchor}"

    @property
    def anchor(self) -> str:
        return f"reply-{self.pk}"

    @property
    def to(self) -> Actor | Speaker:
        """Whom it answers, as a heading: the person where one is named."""
        who = self.speaker or self.actor
        assert who is not None  # noqa: S101
        return who

    @property
    def decision(self) -> ReplyDecision | None:
        """The latest decision; none while it is only proposed."""
        return max(self.decisions.all(), key=lambda each: each.pk, default=None)


class ReplyDecision(models.Model):
    """An editor said that a reply is one, or is none, or took that back. Append-only."""

    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="decisions")
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reply_decisions"
    )
    state = models.CharField(max_length=9, choices=Reply.State)
    # The relation as it was when they decided, since a later one may correct it.
    relation = models.CharField(max_length=11, choices=Reply.Relation)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "confirmed", "rejected"]),
                name="reply_decision_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} by {self.editor}"


class ReplyReading(models.Model):
    """By which version of the rules an article was read for replies; none: it is yet to be."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="reply_reading")
    version = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"Article {self.article_id} by version {self.version}"
