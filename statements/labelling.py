"""Judging where a quote stands: editors' labels, leads' decisions, the stance that follows."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from statements.models import Issue, Quote, Stance, StanceLabel, Suggestion


@transaction.atomic
def record_label(
    *,
    quote: Quote,
    issue: Issue,
    editor: User,
    label: str,
    is_sure: bool = True,
    note: str = "",
    suggestion_shown: Suggestion | None = None,
) -> StanceLabel:
    """Add the editor's judgement, superseding their earlier one, and bring the stance up to date.

    The same judgement given again (a second press of the key) is the one that stands already.
    """
    _lock(quote)
    current = _own_label(quote, issue, editor, is_adjudication=False)
    if current and (current.label, current.is_sure, current.note) == (label, is_sure, note):
        return current
    return _supersede(
        current,
        StanceLabel(
            quote=quote,
            issue=issue,
            editor=editor,
            label=label,
            is_sure=is_sure,
            note=note,
            guideline=issue.guideline,
            suggestion_shown=suggestion_shown,
        ),
    )


@transaction.atomic
def adjudicate(*, quote: Quote, issue: Issue, lead: User, label: str, reason: str) -> StanceLabel:
    """Decide between editors; the reason is required and kept with the decision.

    Raises ValueError when the reason is empty.
    """
    if not reason.strip():
        raise ValueError("An adjudication needs a reason.")
    _lock(quote)
    current = _own_label(quote, issue, None, is_adjudication=True)
    return _supersede(
        current,
        StanceLabel(
            quote=quote,
            issue=issue,
            editor=lead,
            label=label,
            note=reason.strip(),
            is_adjudication=True,
            guideline=issue.guideline,
        ),
    )


def update_stance(quote: Quote, issue: Issue) -> Stance | None:
    """Derive where the quote stands on the issue now from its labels, else from a suggestion.

    Call it in the transaction that changed either; returns None when neither says anything.
    """
    labels = list(StanceLabel.objects.current().filter(quote=quote, issue=issue))
    decisions = [each for each in labels if each.is_adjudication]
    judgements = [each for each in labels if not each.is_adjudication]
    values: dict[str, object]
    if decisions:
        values = {"label": decisions[0].label, "standing": Stance.Standing.ADJUDICATED}
    elif len({each.label for each in judgements}) > 1:
        values = {"label": "", "standing": Stance.Standing.DISPUTED}
    elif judgements:
        standing = Stance.Standing.AGREED if len(judgements) > 1 else Stance.Standing.SINGLE
        values = {"label": judgements[0].label, "standing": standing}
    else:
        proposed = Suggestion.objects.filter(quote=quote, issue=issue).exclude(label="")
        best = proposed.order_by("-confidence", "pk").first()
        if best is None:
            Stance.objects.filter(quote=quote, issue=issue).delete()
            return None
        values = {"label": best.label, "standing": Stance.Standing.SUGGESTED}
        values["confidence"] = best.confidence
    values.setdefault("confidence", None)
    values["label_count"] = len(judgements)
    return Stance.objects.update_or_create(quote=quote, issue=issue, defaults=values)[0]


def _lock(quote: Quote) -> None:
    """Let judgements of one quote come one after the other, so that each sees the one before."""
    Quote.objects.select_for_update(of=("self",)).get(pk=quote.pk)


def _own_label(
    quote: Quote, issue: Issue, editor: User | None, *, is_adjudication: bool
) -> StanceLabel | None:
    labels = StanceLabel.objects.current().filter(
        quote=quote, issue=issue, is_adjudication=is_adjudication
    )
    return (labels.filter(editor=editor) if editor else labels).first()


def _supersede(earlier: StanceLabel | None, label: StanceLabel) -> StanceLabel:
    if earlier:
        StanceLabel.objects.filter(pk=earlier.pk).update(is_current=False)
        label.supersedes = earlier
    label.save()
    update_stance(label.quote, label.issue)
    return label
