"""Judging where a quote stands: editors' labels, leads' decisions, the stance that follows."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import transaction

from statements.models import (
    Claim,
    Guideline,
    Issue,
    Overlap,
    QueueItem,
    Quote,
    Stance,
    StanceLabel,
    Suggestion,
)
from statements.queueing import add_to_queue


class StaleJudgement(Exception):
    """The quote was judged elsewhere since the form was opened; `current` is the newest label."""

    def __init__(self, current: StanceLabel) -> None:
        super().__init__(f"judged meanwhile: {current}")
        self.current = current


def latest_seen(quote: Quote, issue: Issue) -> int:
    """What a form shows to know later whether anything was added since: the newest label's key."""
    rows = StanceLabel.objects.filter(quote=quote, issue=issue).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


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
    guideline: Guideline | None = None,
    seen: int | None = None,
    is_independent: bool = True,
) -> StanceLabel:
    """Add the editor's judgement, superseding their earlier one, and bring the stance up to date.

    The same judgement given again (a second press of the key) is the one that stands already.
    `seen` is what `latest_seen()` gave when the form was opened: if this editor has judged the
    quote otherwise since, nothing is saved and StaleJudgement is raised; if another editor has, and
    one judgement was wanted, both labels are kept and an Overlap tells both. `guideline` is the
    version that was on screen, the one in force by default. `is_independent` is False where
    others' labels were on screen: then the judgement counts as any other, but never as blind.
    Raises Quote.DoesNotExist when the import that brought the quote was undone meanwhile.
    """
    _hold(quote)
    rows = StanceLabel.objects.judgements().filter(quote=quote, issue=issue)
    own = rows.filter(editor=editor)
    current = own.current().first()
    if current and (current.label, current.is_sure, current.note) == (label, is_sure, note):
        return current
    if current and seen is not None and current.pk > seen:
        raise StaleJudgement(current)
    latest = own.order_by("-pk").first()
    item = QueueItem.objects.filter(quote=quote, issue=issue).first()
    saved = _supersede(
        latest,
        StanceLabel(
            quote=quote,
            issue=issue,
            editor=editor,
            label=label,
            is_sure=is_sure,
            note=note,
            guideline=guideline or issue.guideline,
            suggestion_shown=suggestion_shown,
            is_blind=is_independent and _is_blind(item, latest) and suggestion_shown is None,
        ),
    )
    if item:
        Claim.objects.filter(item=item, editor=editor).delete()
        if seen is not None and not item.is_double:
            others = rows.current().exclude(editor=editor).filter(pk__gt=seen)
            Overlap.objects.bulk_create(Overlap(first=each, second=saved) for each in others)
    return saved


@transaction.atomic
def take_back(label: StanceLabel) -> StanceLabel:
    """Undo the editor's own judgement by another row: what stood before stands again, if anything.

    Raises StaleJudgement when it was taken back already.
    """
    _hold(label.quote)
    own = StanceLabel.objects.judgements().filter(
        quote=label.quote, issue=label.issue, editor=label.editor
    )
    latest = own.order_by("-pk").first() or label
    if StanceLabel.objects.filter(undoes=label).exists():
        raise StaleJudgement(latest)
    before = label.supersedes
    return _supersede(
        latest,
        StanceLabel(
            quote=label.quote,
            issue=label.issue,
            editor=label.editor,
            label=before.label if before else "",
            is_sure=before.is_sure if before else True,
            is_blind=bool(before and before.is_blind),
            note=before.note if before else "",
            guideline=before.guideline if before else None,
            suggestion_shown=before.suggestion_shown if before else None,
            is_current=bool(before and before.label),
            undoes=label,
        ),
    )


@transaction.atomic
def adjudicate(
    *, quote: Quote, issue: Issue, lead: User, label: str, reason: str, seen: int | None = None
) -> StanceLabel:
    """Decide between editors; the reason is required and kept with the decision.

    The same decision sent again is the one that stands already. Raises ValueError when the reason
    is empty, and StaleJudgement when anybody added a label since `latest_seen()` gave `seen`.
    """
    reason = reason.strip()
    if not reason:
        raise ValueError("An adjudication needs a reason.")
    _hold(quote)
    rows = StanceLabel.objects.filter(quote=quote, issue=issue).order_by("-pk")
    newest = rows.first()
    sent = (True, lead.pk, label, reason)
    if newest and (newest.is_adjudication, newest.editor_id, newest.label, newest.note) == sent:
        return newest
    if newest and seen is not None and newest.pk > seen:
        raise StaleJudgement(newest)
    return _supersede(
        rows.filter(is_adjudication=True).first(),
        StanceLabel(
            quote=quote,
            issue=issue,
            editor=lead,
            label=label,
            note=reason,
            is_adjudication=True,
            guideline=issue.guideline,
        ),
    )


def restore_label(label: StanceLabel) -> StanceLabel:
    """Add a judgement or decision that was made elsewhere, as it was, behind what is here.

    Raises StaleJudgement when what its editor has here (for a decision: what any lead has) is
    newer, or from the same moment without being the row that `label.supersedes` names. Call it in
    a transaction that holds `lock_quotes()`, and `update_stance()` before that ends.
    """
    rows = StanceLabel.objects.filter(
        quote=label.quote, issue=label.issue, is_adjudication=label.is_adjudication
    )
    if not label.is_adjudication:
        rows = rows.filter(editor=label.editor)
    latest = rows.order_by("-pk").first()
    if latest and (
        label.created_at < latest.created_at
        or (label.created_at == latest.created_at and label.supersedes != latest)
    ):
        raise StaleJudgement(latest)
    label.is_current = bool(label.label)
    _add(latest, label)
    if label.is_blind:
        # Agreement is counted over quotes that two editors judge, here as where it was made.
        item = add_to_queue(label.issue, label.quote)
        QueueItem.objects.filter(pk=item.pk).update(is_double=True)
    return label


def update_stance(quote: Quote, issue: Issue) -> Stance | None:
    """Derive where the quote stands on the issue now from its labels, else from a suggestion.

    Call it in the transaction that changed either; returns None when neither says anything. It
    keeps the number of labels of the quote's place in the queue too.
    """
    labels = list(StanceLabel.objects.current().filter(quote=quote, issue=issue))
    decisions = [each for each in labels if each.is_adjudication]
    judgements = [each for each in labels if not each.is_adjudication]
    QueueItem.objects.filter(quote=quote, issue=issue).update(label_count=len(judgements))
    values: dict[str, object]
    if decisions:
        values = {"label": decisions[0].label, "standing": Stance.Standing.ADJUDICATED}
    elif len({each.label for each in judgements}) > 1:
        values = {"label": "", "standing": Stance.Standing.DISPUTED}
    elif judgements:
        standing = Stance.Standing.AGREED if len(judgements) > 1 else Stance.Standing.SINGLE
        values = {"label": judgements[0].label, "standing": standing}
    else:
        proposed = Suggestion.objects.current().filter(quote=quote, issue=issue).exclude(label="")
        best = proposed.order_by("-confidence", "pk").first()
        if best is None:
            Stance.objects.filter(quote=quote, issue=issue).delete()
            return None
        values = {"label": best.label, "standing": Stance.Standing.SUGGESTED}
        values["confidence"] = best.confidence
    values.setdefault("confidence", None)
    values["label_count"] = len(judgements)
    return Stance.objects.update_or_create(quote=quote, issue=issue, defaults=values)[0]


def lock_quotes(quotes: Collection[Quote]) -> set[int]:
    """Let judgements of a quote come one after the other, so that each sees the one before.

    Returns the keys of those that are still there. The locks are taken in one order, so that nobody
    who takes several waits for ever; rows that refer to a quote can come in meanwhile.
    """
    keys = [quote.pk for quote in quotes]
    rows = Quote.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys)
    return set(rows.order_by("pk").values_list("pk", flat=True))


def _hold(quote: Quote) -> None:
    if not lock_quotes([quote]):
        raise Quote.DoesNotExist("The import that brought the quote was undone meanwhile.")


def _is_blind(item: QueueItem | None, latest: StanceLabel | None) -> bool:
    """Whether the judgement is independent: of a quote judged twice, and the editor's first there.

    One that was taken back at once is as good as none.
    """
    if item is None or not item.is_double:
        return False
    return latest is None or (not latest.label and latest.undoes is not None)


def _supersede(earlier: StanceLabel | None, label: StanceLabel) -> StanceLabel:
    if earlier:
        # Exports go by time: no clock that was set back may turn the order round.
        label.created_at = max(label.created_at, earlier.created_at)
    _add(earlier, label)
    update_stance(label.quote, label.issue)
    return label


def _add(earlier: StanceLabel | None, label: StanceLabel) -> None:
    if earlier:
        StanceLabel.objects.filter(pk=earlier.pk, is_current=True).update(is_current=False)
    label.supersedes = earlier
    label.save(force_insert=True)
