"""People who speak, and the parties they speak for."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Self, cast

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from statements.names import initials, name_key


class ActorType(models.TextChoices):
    GOVERNMENT = "government", "Government"
    INTERGOVERNMENTAL = "intergovernmental", "Intergovernmental"
    NGO = "ngo", "NGO"
    BUSINESS = "business", "Business"
    MEDIA = "media", "Media"
    ACADEMIA = "academia", "Academia"
    PARTY = "party", "Party"
    LEGISLATURE = "legislature", "Legislature"
    JUDICIARY = "judiciary", "Judiciary"
    SECURITY = "security", "Security forces"
    ARMED_GROUP = "armed_group", "Armed group"
    RELIGIOUS = "religious", "Religious body"
    LABOUR = "labour", "Labour"
    CIVIL_SOCIETY = "civil_society", "Civil society"
    CITIZEN = "citizen", "Citizens"
    UNKNOWN = "unknown", "Unknown"


class Standing(models.TextChoices):
    """What the machine finds stays provisional until an editor confirms it."""

    PROVISIONAL = "provisional", "Provisional"
    CONFIRMED = "confirmed", "Confirmed"


class Identity(models.Model):
    """What a speaker and an actor share: a name, an address that lasts, and how sure it is."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200, editable=False, db_index=True)
    standing = models.CharField(max_length=12, choices=Standing, default=Standing.PROVISIONAL)
    summary = models.TextField(blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        help_text="Who it turned out to be; from then on it is only an address that leads there.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ("sort_name", "pk")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = name_key(self.name)[:200]
        super().save(*args, **kwargs)

    @property
    def initials(self) -> str:
        """At most two letters for the round badge on a quote card."""
        return initials(self.name)

    @property
    def is_provisional(self) -> bool:
        return self.standing == Standing.PROVISIONAL

    @property
    def current(self) -> Self:
        """Itself, or who it was merged into, at however many removes."""
        found = self
        while found.merged_into is not None:
            found = cast("Self", found.merged_into)
        return found


class Name(models.Model):
    """One way of writing an identity's name; the key is what two spellings share."""

    class Kind(models.TextChoices):
        PRIMARY = "primary", "Primary"
        ALIAS = "alias", "Alias"
        ACRONYM = "acronym", "Acronym"
        METONYM = "metonym", "Metonym"

    text = models.CharField(max_length=200)
    key = models.CharField(max_length=200, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ALIAS)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = name_key(self.text)[:200]
        super().save(*args, **kwargs)


class ActorQuerySet(models.QuerySet["Actor"]):
    def live(self) -> Self:
        """Without those that were merged into another, which are only addresses."""
        return self.filter(merged_into__isnull=True)

    def known_as(self, name: str) -> Self:
        """Actors with this name, however it is accented or capitalised.

        Names move along when two are merged, so that the old ones find who is meant now.
        """
        return self.live().filter(names__key=name_key(name)).distinct()

    def named_like(self, words: str) -> Self:
        """Actors with a name that contains the words, however accented or capitalised."""
        spelled = ActorName.objects.filter(key__contains=name_key(words))
        return self.live().filter(pk__in=spelled.values("actor"))


class Actor(Identity):
    """A party that takes positions: a government, an NGO, a company …"""

    Type = ActorType

    type = models.CharField(max_length=20, choices=ActorType, default=ActorType.UNKNOWN)
    country = models.CharField(
        max_length=2, blank=True, help_text="ISO 3166-1 alpha-2, where it has one."
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )

    objects = ActorQuerySet.as_manager()

    class Meta(Identity.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(type__in=ActorType.values), name="actor_type_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")), name="actor_is_not_its_own_parent"
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="actor_is_not_merged_into_itself"
            ),
        ]
        indexes = [
            # the desk's list, page by page
            models.Index(fields=["standing", "sort_name", "id"], name="actor_by_standing")
        ]

    def get_absolute_url(self) -> str:
        return reverse("statements:actor", args=[self.slug])


class ActorName(Name):
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="names")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "key"], name="one_spelling_per_actor")
        ]
        indexes = [
            models.Index(fields=["key"], name="actor_name_key"),  # ActorQuerySet.known_as()
            # named_like(), and the likely matches of the desk
            GinIndex(fields=["key"], opclasses=["gin_trgm_ops"], name="actor_name_alike"),
        ]


class SpeakerQuerySet(models.QuerySet["Speaker"]):
    def live(self) -> Self:
        """Without those that were merged into another, which are only addresses."""
        return self.filter(merged_into__isnull=True)

    def known_as(self, name: str) -> Self:
        """Speakers with this name, however it is accented or capitalised; see `ActorQuerySet`."""
        return self.live().filter(names__key=name_key(name)).distinct()

    def named_like(self, words: str) -> Self:
        """Speakers with a name that contains the words, however accented or capitalised."""
        spelled = SpeakerName.objects.filter(key__contains=name_key(words))
        return self.live().filter(pk__in=spelled.values("speaker"))


class Speaker(Identity):
    """A natural person who is quoted."""

    objects = SpeakerQuerySet.as_manager()

    class Meta(Identity.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="speaker_is_not_merged_into_itself"
            )
        ]
        indexes = [
            # the desk's list, page by page
            models.Index(fields=["standing", "sort_name", "id"], name="speaker_by_standing")
        ]

    def get_absolute_url(self) -> str:
        return reverse("statements:speaker", args=[self.slug])

    def affiliation_on(self, day: date | None, *, actor: Actor | None = None) -> Affiliation | None:
        """The post held on a day, the one begun last if there are several; on no day, the last.

        Of all posts, or of those with one party.
        """
        held = self.affiliations.select_related("actor")
        if actor:
            held = held.filter(actor=actor)
        if day:
            begun = Q(since__isnull=True) | Q(since__lte=day)
            held = held.filter(begun, Q(until__isnull=True) | Q(until__gte=day))
        return held.order_by(F("since").desc(nulls_last=True), "-pk").first()


class SpeakerName(Name):
    speaker = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="names")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["speaker", "key"], name="one_spelling_per_speaker")
        ]
        indexes = [
            models.Index(fields=["key"], name="speaker_name_key"),  # SpeakerQuerySet.known_as()
            # named_like(), and the likely matches of the desk
            GinIndex(fields=["key"], opclasses=["gin_trgm_ops"], name="speaker_name_alike"),
        ]


class Affiliation(models.Model):
    """A person's post with a party. Open ends are null: no date stands for "unknown" or "still"."""

    speaker = models.ForeignKey(Speaker, on_delete=models.PROTECT, related_name="affiliations")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="affiliations")
    post = models.CharField(max_length=300, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    standing = models.CharField(max_length=12, choices=Standing, default=Standing.PROVISIONAL)
    evidence = models.TextField(blank=True, help_text="Where it is said: an article or an address.")

    class Meta:
        ordering = ("speaker", F("since").asc(nulls_first=True), "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["speaker", "actor", "post", "since"],
                nulls_distinct=False,
                name="one_affiliation_per_post",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(since__lte=F("until")),
                name="affiliation_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker}, {self.post or 'with'} {self.actor}"
