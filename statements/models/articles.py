"""Articles and the outlets that published them."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from statements.names import name_key


class Outlet(models.Model):
    """A newspaper, agency, broadcaster or site that publishes articles."""

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200, unique=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2.")
    homepage = models.URLField(blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """The articles that this user may read; drafts are for those who import."""
        if getattr(user, "is_staff", False):
            return self
        return self.filter(is_draft=False)

    def public(self) -> Self:
        """The articles that anybody may read, whoever asks."""
        return self.visible_to(AnonymousUser())

    def folded(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Of copies the earliest alone; one whose earliest this user may not read stays."""
        alone = Q(copy__isnull=True)
        if getattr(user, "is_staff", False):
            return self.filter(alone)
        return self.filter(alone | Q(copy__head__is_draft=True))

    def with_copies(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Add `copy_count`: how many copies each has that this user may read."""
        copies = Article.objects.visible_to(user).filter(copy__head=OuterRef("pk")).order_by()
        counts = copies.values("copy__head").annotate(n=Count("pk")).values("n")
        return self.annotate(copy_count=Coalesce(Subquery(counts), 0))

    def for_list(self) -> Self:
        """Newest first, with outlet and number of shown quotes: one query."""
        from .quotes import SHOWN, Quote

        # By itself, so that of a page's articles alone the quotes are counted.
        shown = Quote.objects.filter(article=OuterRef("pk"), **SHOWN).order_by()
        counts = shown.values("article").annotate(n=Count("pk")).values("n")
        return (
            self.select_related("outlet")
            .defer("text")
            .annotate(quote_count=Coalesce(Subquery(counts), 0))
            .order_by(models.F("published_on").desc(nulls_last=True), "pk")
        )


class Article(models.Model):
    """One published text. Its `text` is fixed once stored: every offset points into it.

    A trigger of the first migration refuses to change `text`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=500)
    text = models.TextField(help_text="Line ends are LF; offsets count code points.")
    text_hash = models.CharField(
        max_length=64, unique=True, editable=False, help_text="SHA-256 of the text."
    )
    outlet = models.ForeignKey(
        Outlet, on_delete=models.PROTECT, null=True, blank=True, related_name="articles"
    )
    byline = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    published_on = models.DateField(null=True, blank=True, help_text="Empty when it is not known.")
    published_basis = models.TextField(blank=True, help_text="Where the date comes from.")
    is_fiction = models.BooleanField(
        default=False, help_text="A sample about invented people and places."
    )
    is_draft = models.BooleanField(default=False, help_text="Kept from readers.")
    note = models.TextField(blank=True)
    pipeline = models.CharField(
        max_length=40, blank=True, help_text="Version of the extraction that read it."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="article_has_text")]
        indexes = [
            # ArticleQuerySet.for_list()
            models.Index(
                models.F("published_on").desc(nulls_last=True), "id", name="article_newest"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.text_hash = self.hash_of(self.text)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("statements:article", args=[self.uuid])

    @staticmethod
    def hash_of(text: str) -> str:
        """The key by which a text is known: two imports of the same words are one article."""
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def word_count(self) -> int:
        return len(self.text.split())


def outlet_named(name: str) -> Outlet:
    """The outlet of this name, made if it is new."""
    from statements.names import name_slug

    if known := Outlet.objects.filter(name=name.strip()).first():
        return known
    for outlet in Outlet.objects.all():
        if name_key(outlet.name) == name_key(name):
            return outlet
    # Under its own name's slug, two imports that begin it at once meet and one gets the other's.
    slug = name_slug(name)
    outlet, created = Outlet.objects.get_or_create(slug=slug, defaults={"name": name.strip()})
    if created or name_key(outlet.name) == name_key(name):
        return outlet
    taken = set(Outlet.objects.values_list("slug", flat=True))
    # Another import may make the same at the same moment.
    slug = name_slug(name, taken)
    return Outlet.objects.get_or_create(name=name.strip(), defaults={"slug": slug})[0]
