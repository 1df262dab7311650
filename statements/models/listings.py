"""What lists and facets read: a narrow row per shown quote, and counts of them by their facets.

Both are copies. Triggers of migration 0013 keep them true in the transaction that changes what they
are copied from, whoever changes it; nothing else writes here. `rebuild` makes them anew.
"""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from .articles import Article
from .quotes import Quote

# Stands for "no day", so that days compare without nulls and the undated come last.
UNDATED = date.min


class Listing(models.Model):
    """A quote as lists and facets see it; quotes that nobody is shown have none.

    `keys` are its values of all facets, see `statements.browsing.keys`. `search` holds the words
    of the quote and the keys as lexemes, so that one index finds words, facets or both.
    """

    quote = models.OneToOneField(
        Quote, on_delete=models.CASCADE, primary_key=True, related_name="listing"
    )
    article = models.ForeignKey(
        Article, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    start = models.PositiveIntegerField()
    day = models.DateField(help_text="When it was said; 0001-01-01 where that is not known.")
    day_or_last = models.DateField(help_text="The same; 9999-12-31 where that is not known.")
    stored_on = models.DateField(help_text="In UTC.")
    certainty = models.FloatField()
    is_draft = models.BooleanField()
    statement = models.BigIntegerField(null=True, help_text="Whose variant it is, if of any.")
    kind = models.SmallIntegerField()
    types = models.IntegerField(help_text="A bit for each type of its voices.")
    stances = models.IntegerField(help_text="A bit for each label it has on any issue.")
    keys = ArrayField(models.IntegerField())
    search = SearchVectorField()

    class Meta:
        indexes = [
            # Words, facets, and both at once. Its entries must not wait in a list that every
            # search reads through.
            GinIndex(fields=["search"], name="listing_search", fastupdate=False),
            # The newest of what most quotes fit: walked without touching the table.
            models.Index(
                fields=["-day", "article", "start", "quote"],
                include=["keys", "types", "is_draft", "stored_on"],
                name="listing_newest",
            ),
            models.Index(
                fields=["day_or_last", "article", "start", "quote"], name="listing_oldest"
            ),
            models.Index(
                fields=["certainty", "article", "start", "quote"], name="listing_doubtful"
            ),
            # The variants of a statement, of which a list may show the earliest alone.
            models.Index(
                fields=["statement", "day_or_last", "quote"],
                condition=Q(statement__isnull=False),
                name="listing_statement",
            ),
        ]

    def __str__(self) -> str:
        return f"Listing of quote {self.quote_id}"


class Tally(models.Model):
    """How many quotes of a slice have the same types, kind and stances.

    A slice is everything (0), or the key of an issue, outlet, actor or speaker. Each change of
    listings adds rows of differences, which no other transaction waits for; `fold` sums them up.
    The number of quotes is the sum over all rows, folded or not.
    """

    WHOLE, TOTAL = -1, -2

    slice = models.IntegerField()
    month = models.IntegerField(
        help_text="Months since year 0, 0 undated, -1 all times, -2 all times and all the rest."
    )
    is_draft = models.BooleanField()
    types = models.IntegerField()
    kind = models.SmallIntegerField()
    stances = models.IntegerField(help_text="On the slice's issue where it is one, else on any.")
    n = models.IntegerField()
    is_folded = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["month", "slice"],
                include=["is_draft", "types", "kind", "stances", "n"],
                name="tally_cells",
            ),
            # The most quoted actors, speakers, issues or outlets: `key >> 27` says which.
            models.Index(
                F("slice").bitrightshift(27),
                F("n").desc(),
                condition=Q(month=-2, is_folded=True),
                name="tally_heads",
            ),
            models.Index(fields=["slice"], condition=Q(is_folded=False), name="tally_loose"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["slice", "month", "is_draft", "types", "kind", "stances"],
                condition=Q(is_folded=True),
                name="one_folded_tally_per_cell",
            )
        ]

    def __str__(self) -> str:
        return f"{self.n} in {self.slice}"
