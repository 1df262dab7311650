"""What is alike: articles that are copies of each other, and quotes of the same words.

All of it follows from texts and voices, so it can be made anew (`manage.py link_duplicates`); it
goes with the article or quote that it is about. Articles and quotes themselves are not touched.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from .articles import Article
from .quotes import Quote


class ArticleSketch(models.Model):
    """The keys by which an article's copies are found; without them it is yet to be linked."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="sketch")
    version = models.PositiveSmallIntegerField(help_text="Of the way in which keys are made.")
    bands = ArrayField(models.BigIntegerField())

    class Meta:
        indexes = [
            # likely_copies(). Keys that wait for their place would be read through by every search.
            GinIndex(fields=["bands"], name="sketch_bands", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"Keys of article {self.article_id}"


class CopyPair(models.Model):
    """Two articles of which one is a copy of the other, and how alike they are."""

    first = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    similarity = models.FloatField(help_text="Of the runs of five words in either, the shared.")
    containment = models.FloatField(help_text="Of the runs of the shorter one, the shared.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_pair_per_two_articles"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_is_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}: {self.similarity:.2f}"


class ArticleCopy(models.Model):
    """A member of a group of copies other than the earliest, which is the group's head."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="copy")
    head = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="copies")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(article=F("head")), name="copy_is_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}, a copy of {self.head_id}"


class QuoteSketch(models.Model):
    """The runs of five words of a quote, as its speaker and as its party said them.

    By these the same words of the same voice are found elsewhere.
    """

    quote = models.OneToOneField(Quote, on_delete=models.CASCADE, related_name="sketch")
    runs = ArrayField(models.BigIntegerField())

    class Meta:
        indexes = [
            # TellingKeys.likely_repeats()
            GinIndex(fields=["runs"], name="sketch_runs", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"Runs of quote {self.quote_id}"


class CommonRun(models.Model):
    """A run of words that so many quotes of one voice hold that it tells none of them."""

    key = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return f"Common run {self.key}"


class Statement(models.Model):
    """What somebody said once and several articles, or places of one, quote: its variants."""

    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Statement {self.pk}"


class Variant(models.Model):
    """A quote as one of several of the same statement; a quote said once has none."""

    quote = models.OneToOneField(Quote, on_delete=models.CASCADE, related_name="variant")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="variants")

    def __str__(self) -> str:
        return f"Quote {self.quote_id} of statement {self.statement_id}"
