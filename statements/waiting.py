"""One editor's way through the quotes that wait on an issue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, When
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.functions import Coalesce
from django.utils import timezone

from statements.models import Claim, Issue, QueueItem, Quote, StanceLabel
from statements.models.queues import QueueItemQuerySet
from statements.models.stances import StanceLabelQuerySet

_KEYS = ("rank", "place", "pk")

# Waiting quotes are counted so far: nobody's afternoon holds more.
MOST_COUNTED = 1000

# How long an item stays with an editor who opened it and does nothing.
CLAIM = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Queue:
    """The items of an issue as this editor gets them.

    Nobody gets an item that as many others have judged, or have open, as it wants judgements.
    """

    issue: Issue
    editor: User

    def everything(self) -> QueueItemQuerySet:
        """All items whose quotes the editor may read, in order, judged or not."""
        quotes = Quote.objects.visible_to(self.editor)
        return QueueItem.objects.filter(
            issue=self.issue, is_dropped=False, quote__in=quotes
        ).in_order()

    def waiting(self) -> QueueItemQuerySet:
        """Those that still want a judgement from this editor."""
        others = (
            Claim.objects.live()
            .filter(item=OuterRef("pk"))
            .exclude(editor=self.editor)
            .order_by()
            .values("item")
            .annotate(n=Count("pk"))
        )
        taken = F("label_count") + Coalesce(
            Subquery(others.values("n"), output_field=IntegerField()), 0
        )
        wanted = Case(When(is_double=True, then=2), default=1, output_field=IntegerField())
        return (
            self.everything()
            .exclude(Exists(self._judgements().filter(quote=OuterRef("quote"))))
            .annotate(taken=taken, wants=wanted)
            .filter(taken__lt=F("wants"))
        )

    def count_judged(self) -> int:
        return self._judgements().filter(quote__in=Quote.objects.visible_to(self.editor)).count()

    def count_waiting(self) -> int:
        """How many wait, up to MOST_COUNTED; one more than that stands for any number beyond."""
        return self.waiting()[: MOST_COUNTED + 1].count()

    def item(self, quote: Quote) -> QueueItem | None:
        """The quote's place in the queue, if it has one."""
        return self.everything().filter(quote=quote).first()

    def take(self, after: QueueItem | None = None) -> QueueItem | None:
        """The item to judge next, kept for this editor: the first that waits behind `after`.

        Past the end it begins again, and `after` itself comes last.
        """
        passed: list[int] = []
        while True:
            waiting = self.waiting().exclude(pk__in=passed)
            with transaction.atomic():
                item = self._first(waiting, after)
                if item is None:
                    return None
                # The first look may be older than a claim that was made while this one waited.
                if self.waiting().filter(pk=item.pk).exists():
                    self.keep(item)
                    return item
            passed.append(item.pk)

    def keep(self, item: QueueItem) -> None:
        """Claim the item, or lengthen the claim.

        Raises QueueItem.DoesNotExist where it went meanwhile, as by undoing an import.
        """
        with transaction.atomic():
            # Who takes the item away waits for the claim, and finds it.
            QueueItem.objects.select_for_update(no_key=True).get(pk=item.pk)
            Claim.objects.update_or_create(
                item=item, editor=self.editor, defaults={"until": timezone.now() + CLAIM}
            )

    def release(self, item: QueueItem) -> None:
        Claim.objects.filter(item=item, editor=self.editor).delete()

    def openers(self, item: QueueItem) -> list[str]:
        """Names of the other editors who have the item open."""
        claims = Claim.objects.live().filter(item=item).exclude(editor=self.editor)
        return [str(each.editor) for each in claims.select_related("editor")]

    def previous(self, before: QueueItem) -> QueueItem | None:
        """The item in front of this one that is the editor's: judged, or waiting for it."""
        mine = Q(Exists(self._judgements().filter(quote=OuterRef("quote"))))
        ahead = self.everything().filter(TupleLessThan(Tuple(*_KEYS), _place(before)))
        return ahead.filter(mine | Q(pk__in=self.waiting().values("pk"))).reverse().first()

    def _first(self, waiting: QueueItemQuerySet, after: QueueItem | None) -> QueueItem | None:
        # Two editors who ask at once get different items: the row that one has locked is skipped.
        free = waiting.select_for_update(of=("self",), skip_locked=True)
        found = None
        if after is not None:
            behind = free.filter(TupleGreaterThan(Tuple(*_KEYS), _place(after)))
            found = behind.first() or free.exclude(pk=after.pk).first()
        # Where all that wait are just being given to others, one may be left over, as of a quote
        # that two are to judge: that is worth waiting for.
        return found or free.first() or waiting.select_for_update(of=("self",)).first()

    def _judgements(self) -> StanceLabelQuerySet:
        return (
            StanceLabel.objects.current().judgements().filter(issue=self.issue, editor=self.editor)
        )


def _place(item: QueueItem) -> tuple[int, float, int]:
    return item.rank, item.place, item.pk
