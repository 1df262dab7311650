"""Creating and changing issues: what is stored, and what follows for queue and suggestions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from statements.ingest.suggesting import suggest_stances
from statements.labelling import lock_quotes
from statements.models import Actor, Guideline, Issue, Quote
from statements.models.issues import publish_guideline
from statements.names import name_slug
from statements.queueing import fill_queue, redraw_double
from statements.turns import rely_on_identities

# Suggestions that a person waits for; those for other quotes are made when the quotes are shown.
SUGGEST_AT_ONCE = 200

# Addresses below /issues/ that are pages of their own.
RESERVED = frozenset({"new"})

_KEPT = (
    "slug",
    "title",
    "proposition",
    "kind",
    "actor_id",
    "supports_pole",
    "opposes_pole",
    "terms",
    "counter_terms",
    "parent_id",
    "double_percent",
)
# What decides which quotes mention the issue, and on which side.
_WORDS = ("kind", "actor_id", "terms", "counter_terms")


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving an issue came to."""

    issue: Issue
    is_new: bool
    is_changed: bool
    queued: int
    published: Guideline | None


@transaction.atomic
def save_issue(
    issue: Issue, *, guideline: str = "", by: User | None = None, seen: int | None = None
) -> Saved:
    """Store the issue, new or changed; publish its guideline and fill its queue.

    A new issue without a slug gets one from its title. A guideline that differs from the one in
    force becomes the next version; "" leaves that one in force. Quotes that mention the issue and
    are not in its queue are added, whether or not anything changed. `seen` is the number of the
    guideline on which this one is based: no version comes after one that its author has not seen.
    Raises ValidationError.
    """
    rely_on_identities()
    if issue.actor:
        issue.actor = Actor.objects.get(pk=issue.actor.pk).current
    before = _stored(issue)
    if before is None and not issue.slug:
        taken = Issue.objects.values_list("slug", flat=True)
        issue.slug = name_slug(issue.title, RESERVED | set(taken))
    if issue.slug in RESERVED:
        raise ValidationError({"slug": f"“{issue.slug}” is a page of the site; choose another."})
    issue.full_clean()
    issue.save()
    number = issue.guideline.number if issue.guideline else 0
    if guideline and seen is not None and number > seen:
        raise ValidationError({"guideline": overtaken(number)})
    current = publish_guideline(issue, guideline, by=by) if guideline else issue.guideline
    published = current if current and current.number != number else None
    queued = fill_queue(issue)
    changed = {name for name in _KEPT if before is None or before[name] != getattr(issue, name)}
    if before is not None and "double_percent" in changed:
        redraw_double(issue)
    if changed.intersection(_WORDS):
        _suggest(issue)
    return Saved(
        issue=issue,
        is_new=before is None,
        is_changed=bool(changed or published),
        queued=queued,
        published=published,
    )


def overtaken(number: int) -> str:
    """What to do when this version of a guideline was published while another was written."""
    return (
        f"Version {number} was published while you were writing. Look at it under Guidelines, take "
        f"over what you need, then save again to publish version {number + 1}."
    )


def _stored(issue: Issue) -> dict[str, Any] | None:
    """The issue as it stands, locked so that two changes come one after the other; None if new."""
    # Labels, which refer to the issue, can be saved meanwhile.
    rows = Issue.objects.select_for_update(of=("self",), no_key=True).filter(pk=issue.pk)
    return rows.values(*_KEPT).first() if issue.pk else None


def _suggest(issue: Issue) -> None:
    queued = Quote.objects.filter(queues__issue=issue, queues__is_dropped=False)
    quotes = queued.select_related("article", "speaker", "actor").order_by("article", "start", "pk")
    chosen = list(quotes[:SUGGEST_AT_ONCE])
    # All at once and in one order; article by article they might cross somebody else's.
    lock_quotes(chosen)
    suggest_stances(chosen, [issue])
