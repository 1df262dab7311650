"""Who is quoted how often, and when: from sums that are kept and from the index of lists."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import (
    Count,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce, TruncMonth

from statements.browsing.conditions import Conditions
from statements.browsing.keys import Facet
from statements.models import Actor, Tally
from statements.models.listings import UNDATED


def quoted_actors(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Actor]:
    """Actors who said something that this user may read, the most quoted first.

    Each has its number of quotes as `quote_count`, those said with others too. No quote is read.
    """
    own = ExpressionWrapper(OuterRef("pk") + Facet.ACTOR.first, output_field=IntegerField())
    sums = Tally.objects.filter(month=Tally.TOTAL, slice=own)
    if not getattr(user, "is_staff", False):
        sums = sums.filter(is_draft=False)
    total = sums.order_by().values("slice").annotate(total=Sum("n")).values("total")
    return (
        Actor.objects.annotate(quote_count=Coalesce(Subquery(total), 0))
        .filter(quote_count__gt=0)
        .order_by("-quote_count", "sort_name", "pk")
    )


def by_month(wanted: Conditions) -> dict[date, int]:
    """How many quotes that fit were said in each month that has any, oldest first: one query.

    All of them are counted, so ask for what an index leads to few rows of: an actor or a speaker.
    """
    rows = (
        wanted.listings()
        .exclude(day=UNDATED)
        .annotate(month=TruncMonth("day"))
        .values_list("month")
        .annotate(quotes=Count("pk"))
        .order_by("month")
    )
    return dict(rows)
