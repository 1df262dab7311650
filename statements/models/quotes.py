"""Quotes: attributed passages of an article, each with its place in the text."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from .actors import Actor, ActorType, Affiliation, Speaker
from .articles import Article

if TYPE_CHECKING:
    from .queues import QueueItem


class Kind(models.TextChoices):
    DIRECT = "direct", "Direct speech"
    MIXED = "mixed", "Mixed"
    INDIRECT = "indirect", "Reported speech"


class Act(models.TextChoices):
    SPEECH = "speech", "Speech"
    OTHER = "other", "Thought or finding"


class State(models.TextChoices):
    PROPOSED = "proposed", "Found by the pipeline"
    CONFIRMED = "confirmed", "Confirmed by an editor"
    REJECTED = "rejected", "Not a quote"


# A thought is no statement, and what an editor rejected is no quote: neither is shown to readers.
SHOWN: dict[str, Any] = {
    "act": Act.SPEECH,
    "state__in": (State.PROPOSED, State.CONFIRMED),
    "article__is_draft": False,
}


# Quotes less certain than this are marked for readers and counted on the desk.
DOUBTFUL = 0.5


class QuoteQuerySet(models.QuerySet["Quote"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """The statements that this user may read; those who import see drafts too."""
        shown = dict(SHOWN)
        if getattr(user, "is_staff", False):
            del shown["article__is_draft"]
        return self.filter(**shown)

    def open_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """What this user may open: what is visible, and for those who repair what they rejected."""
        if not getattr(user, "has_perm", lambda _: False)("statements.change_quote"):
            return self.visible_to(user)
        shown = {**SHOWN, "state__in": State.values}
        if getattr(user, "is_staff", False):
            del shown["article__is_draft"]
        return self.filter(**shown)

    def public(self) -> Self:
        """The statements that anybody may read, whoever asks: for feeds, programs and embeds."""
        return self.visible_to(AnonymousUser())

    def voiced_by(self, **voice: Any) -> Self:
        """Quotes whose lead voice or one of whose joint voices fits, e.g. `actor__slug__in=[…]`."""
        # Two indexes are read; "or exists" would read every quote.
        lead = Quote.objects.filter(**voice).order_by().values("pk")
        joint = JointVoice.objects.filter(**voice).order_by().values("quote")
        return self.filter(pk__in=lead.union(joint))

    def once(self) -> Self:
        """Of each statement that several of these quotes are variants of, the earliest alone."""
        day = Coalesce(F("said_on"), Value(date.max))
        here = self.alias(day=day)
        sooner = Q(day__lt=OuterRef("day")) | Q(day=OuterRef("day"), pk__lt=OuterRef("pk"))
        earlier = here.filter(variant__statement=OuterRef("variant__statement")).filter(sooner)
        return here.filter(Q(variant__isnull=True) | ~Exists(earlier))

    def newest(self) -> Self:
        """The order of every list: the day it was said, then the place in the article."""
        return self.order_by(F("said_on").desc(nulls_last=True), "article_id", "start", "pk")

    def doubtful(self) -> Self:
        """Quotes more likely wrong than right, in their words or their source."""
        return self.filter(certainty__lt=DOUBTFUL)

    def for_list(self, hidden: models.QuerySet[QueueItem] | None = None) -> Self:
        """What a list shows of each quote: four queries for any number of rows.

        No stance is among it where the quote's place in a queue is one of those `hidden`: what
        `asked_blind()` says of the reader.
        """
        from .stances import Stance

        stances = Stance.objects.select_related("issue").order_by("issue__title")
        if hidden is not None:
            stances = stances.without(hidden)
        return self.select_related("speaker", "actor", "article__outlet").prefetch_related(
            "parts",
            Prefetch("joint_voices", JointVoice.objects.select_related("speaker", "actor")),
            Prefetch("stances", stances),
        )


class Voice(models.Model):
    """A party to which a quote is given, with its post and type as of the day it was said."""

    speaker = models.ForeignKey(
        Speaker, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    affiliation = models.ForeignKey(
        Affiliation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(
        max_length=300, blank=True, help_text="The post, in the article's words."
    )
    actor_type = models.CharField(max_length=20, choices=ActorType, default=ActorType.UNKNOWN)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """Who spoke, as a heading: the person, else the party, else nothing."""
        who = self.speaker or self.actor
        return who.name if who else ""


class Quote(Voice):
    """One attributed passage: its content, the cue ("said"), the source words, and who that is.

    The lead voice stands in the row itself, which is what lists and counts read; others who said
    the same words are its `joint_voices`. Both are null while the text leaves it open.
    """

    Kind, Act, State = Kind, Act, State

    class Attribution(models.TextChoices):
        OPEN = "open", "Open"
        PROVISIONAL = "provisional", "Provisional"
        STATED = "stated", "Stated in the text"
        CONFIRMED = "confirmed", "Confirmed by an editor"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="quotes")
    kind = models.CharField(max_length=8, choices=Kind)
    act = models.CharField(max_length=6, choices=Act, default=Act.SPEECH)
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    start = models.PositiveIntegerField(
        help_text="Where its first part begins in the article's text."
    )
    end = models.PositiveIntegerField(help_text="Where its last part ends, exclusive.")
    content = models.TextField(help_text="Its parts as one text; each part by itself is exact.")
    cue_start = models.PositiveIntegerField(null=True, blank=True)
    cue_end = models.PositiveIntegerField(null=True, blank=True)
    cue = models.CharField(max_length=200, blank=True)
    source_start = models.PositiveIntegerField(null=True, blank=True)
    source_end = models.PositiveIntegerField(null=True, blank=True)
    source = models.CharField(
        max_length=500, blank=True, help_text="The words that name the speaker, verbatim."
    )
    before = models.TextField(blank=True, help_text="The sentence before it.")
    after = models.TextField(blank=True, help_text="The sentence after it.")
    attribution = models.CharField(max_length=11, choices=Attribution, default=Attribution.OPEN)
    basis = models.CharField(max_length=20, blank=True, help_text="How the speaker was found.")
    candidates = models.JSONField(
        default=list, blank=True, help_text="Names between which the text leaves it open."
    )
    said_on = models.DateField(null=True, blank=True)
    said_basis = models.CharField(
        max_length=20, blank=True, help_text='"article": the day it was published.'
    )
    confidence = models.FloatField(
        default=0.0, help_text="How probable it is that its parts are cut right."
    )
    source_confidence = models.FloatField(
        default=1.0, help_text="How probable it is that its source words are right."
    )
    certainty = models.GeneratedField(
        expression=Case(
            When(state=State.CONFIRMED, then=Value(1.0)),
            When(attribution="confirmed", then=F("confidence")),
            default=F("confidence") * F("source_confidence"),
        ),
        output_field=models.FloatField(),
        db_persist=True,
        help_text="How probable it is that cut and source are right; what an editor confirmed is.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "start", "end"], name="one_quote_per_place"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="quote_has_length"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="quote_kind_is_known"),
            models.CheckConstraint(
                condition=Q(actor_type__in=ActorType.values), name="quote_actor_type_is_known"
            ),
            models.CheckConstraint(
                condition=Q(cue_start__isnull=True, cue_end__isnull=True)
                | Q(cue_end__gt=F("cue_start")),
                name="cue_has_both_ends",
            ),
            models.CheckConstraint(
                condition=Q(source_start__isnull=True, source_end__isnull=True)
                | Q(source_end__gt=F("source_start")),
                name="source_has_both_ends",
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0.0) & Q(confidence__lte=1.0),
                name="confidence_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(source_confidence__gte=0.0) & Q(source_confidence__lte=1.0),
                name="source_confidence_is_a_share",
            ),
        ]
        indexes = [
            # QuoteQuerySet.newest()
            models.Index(
                F("said_on").desc(nulls_last=True), "article", "start", "id", name="quote_newest"
            ),
            # QuoteQuerySet.doubtful(), and lists in that order
            models.Index(fields=["certainty", "article", "start", "id"], name="quote_doubtful"),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.source or 'Somebody'}: {self.content[:60]}"

    def get_absolute_url(self) -> str:
        return reverse("statements:quote", args=[self.uuid])

    @property
    def is_doubtful(self) -> bool:
        """Whether it is more likely wrong than right, as `QuoteQuerySet.doubtful()` has it."""
        return bool(self.certainty < DOUBTFUL)

    @property
    def anchor(self) -> str:
        """The id of its first mark on the article's page."""
        return f"q-{self.uuid.hex[:8]}"

    @property
    def place_url(self) -> str:
        """Its highlighted place in the article."""
        return f"{self.article.get_absolute_url()}#{self.anchor}"

    @property
    def passage(self) -> tuple[int, int]:
        """Where it stands with its attribution: from the first to the last of its words."""
        starts = (self.start, self.cue_start, self.source_start)
        ends = (self.end, self.cue_end, self.source_end)
        return (
            min(each for each in starts if each is not None),
            max(each for each in ends if each is not None),
        )

    @property
    def voices(self) -> list[Voice]:
        """The lead voice, if there is one, and those who spoke with it."""
        lead: list[Voice] = [self] if self.speaker_id or self.actor_id else []
        return lead + list(self.joint_voices.all())


class QuotePart(models.Model):
    """A stretch of a quote's content; a trigger holds `content == article.text[start:end]`."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="parts")
    ordinal = models.PositiveSmallIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    content = models.TextField()

    class Meta:
        ordering = ("quote", "ordinal")
        constraints = [
            models.UniqueConstraint(fields=["quote", "ordinal"], name="one_part_per_ordinal"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="part_has_length"),
        ]

    def __str__(self) -> str:
        return self.content


class JointVoice(Voice):
    """Another party that said the same words: "A and B called on …"."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="joint_voices")
    ordinal = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("quote", "ordinal")
        constraints = [
            models.UniqueConstraint(
                fields=["quote", "ordinal"], name="one_joint_voice_per_ordinal"
            ),
            models.CheckConstraint(
                condition=Q(speaker__isnull=False) | Q(actor__isnull=False),
                name="joint_voice_is_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name
