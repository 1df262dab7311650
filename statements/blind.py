"""Who must not see yet what others made of a quote, so that their own judgement is independent."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db.models import Exists, OuterRef, Q

from statements.models import Claim, QueueItem, StanceLabel
from statements.models.queues import QueueItemQuerySet
from statements.models.quotes import QuoteQuerySet

_JUDGEMENTS = 2


def asked_blind(user: AbstractBaseUser | AnonymousUser) -> QueueItemQuerySet:
    """The quotes judged twice that this editor has not judged and may still be asked to.

    None for readers, whom nobody asks, and for leads, who decide between editors and so see all.
    """
    if not isinstance(user, User) or not user.has_perm("statements.add_stancelabel"):
        return QueueItem.objects.none()
    if user.has_perm("statements.change_issue"):
        return QueueItem.objects.none()
    own = StanceLabel.objects.current().judgements().filter(editor=user)
    has_it_open = Claim.objects.live().filter(editor=user, item=OuterRef("pk"))
    return (
        QueueItem.objects.filter(is_double=True, is_dropped=False)
        .filter(Q(label_count__lt=_JUDGEMENTS) | Exists(has_it_open))
        .exclude(Exists(own.filter(quote=OuterRef("quote"), issue=OuterRef("issue"))))
    )


def chosen_by_stance(
    quotes: QuoteQuerySet, user: AbstractBaseUser | AnonymousUser, *, issues: Collection[str] = ()
) -> QuoteQuerySet:
    """The quotes without those that this editor is to judge blind, on an issue (slugs) or on any.

    A list that was narrowed by stance would tell by what is in it how its quotes were judged.
    """
    asked = asked_blind(user)
    if issues:
        asked = asked.filter(issue__slug__in=issues)
    return quotes.exclude(Exists(asked.filter(quote=OuterRef("pk"))))
