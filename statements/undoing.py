"""An editor's way back through what they did on an issue, step by step, without limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

from django.contrib.auth.models import User
from django.db.models import QuerySet

from statements.labelling import take_back
from statements.models import Issue, Quote, QuoteEdit, StanceLabel
from statements.models.stances import StanceLabelQuerySet
from statements.repairing import stands, take_back_edit


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that an editor did: a judgement, or a repair of a quote; or took back."""

    done: StanceLabel | QuoteEdit

    @property
    def quote(self) -> Quote:
        return self.done.quote

    @property
    def label(self) -> StanceLabel | None:
        return self.done if isinstance(self.done, StanceLabel) else None

    @property
    def edit(self) -> QuoteEdit | None:
        return self.done if isinstance(self.done, QuoteEdit) else None

    @property
    def in_words(self) -> str:
        """What was done, as a step in a list: "Supports", "Words changed"."""
        if isinstance(self.done, StanceLabel):
            return self.done.get_label_display()
        return self.done.in_words

    @property
    def is_undo(self) -> bool:
        return self.done.undoes_id is not None

    @property
    def at(self) -> datetime:
        return self.done.created_at


def next_to_undo(editor: User, issue: Issue) -> Step | None:
    """The last thing that the editor did on the issue and has not taken back.

    A repair that somebody has changed since is passed over: it stays as they left it, and the way
    back leads on to what came before.
    """
    undone = {"undoes": None, "undone_by": None}
    label = _labels(editor, issue).filter(**undone).order_by("-pk").first()
    edits = _edits(editor, issue).filter(**undone).order_by("-pk")
    edit = next((each for each in edits.iterator(chunk_size=10) if stands(each)), None)
    steps = [Step(each) for each in (label, edit) if each]
    return max(steps, key=lambda each: each.at, default=None)


def undo(editor: User, issue: Issue) -> Step | None:
    """Take the last step back and return it; None when there is none.

    Raises StaleJudgement or UnusableRepair when another window was faster, or somebody else has
    changed the same since.
    """
    step = next_to_undo(editor, issue)
    if step is None:
        return None
    if isinstance(step.done, StanceLabel):
        take_back(step.done)
    else:
        take_back_edit(step.done)
    return step


def history(editor: User, issue: Issue, *, before: datetime | None, most: int) -> Sequence[Step]:
    """What the editor did on the issue and took back, newest first: up to `most` steps."""
    labels = _labels(editor, issue).select_related("undoes", "guideline", "suggestion_shown")
    edits = _edits(editor, issue).select_related("undoes")
    if before:
        labels, edits = labels.filter(created_at__lt=before), edits.filter(created_at__lt=before)
    rows = merge(
        (Step(each) for each in labels.order_by("-created_at", "-pk")[:most]),
        (Step(each) for each in edits.order_by("-created_at", "-pk")[:most]),
        key=lambda each: each.at,
        reverse=True,
    )
    return list(islice(rows, most))


def _labels(editor: User, issue: Issue) -> StanceLabelQuerySet:
    return (
        StanceLabel.objects.judgements()
        .filter(editor=editor, issue=issue)
        .select_related("quote__speaker", "quote__actor")
    )


def _edits(editor: User, issue: Issue) -> QuerySet[QuoteEdit]:
    return QuoteEdit.objects.filter(editor=editor, issue=issue).select_related(
        "quote__speaker", "quote__actor"
    )
