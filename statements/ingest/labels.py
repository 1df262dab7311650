"""Labels from a file of JSON lines such as the export writes: each line stored, or told why not."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import batched
from time import monotonic
from typing import Any
from uuid import UUID

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, transaction

from statements.ingest.label_rows import LabelRow, Unusable, read_row
from statements.labelling import StaleJudgement, lock_quotes, restore_label, update_stance
from statements.models import (
    Article,
    Guideline,
    ImportItem,
    Issue,
    Quote,
    StanceLabel,
    Suggestion,
)

logger = logging.getLogger(__name__)

Outcome = ImportItem.Outcome

# Lines in one transaction: their quotes stay locked for so long.
_AT_ONCE = 200
MOST_TOLD = 10_000
# How a line can end.
_ENDS = (Outcome.NEW, Outcome.DUPLICATE, Outcome.REJECTED)


@dataclass(frozen=True, slots=True)
class LabelItem:
    """One line of the file with its outcome, and for a rejected one where it fails and why."""

    line: int
    outcome: str
    field: str = ""
    reason: str = ""


@dataclass(slots=True)
class LabelReport:
    """What became of a file of labels: how many lines ended how, and the rejected ones.

    Of a file that is no file of labels at all, only the first MOST_TOLD are kept.
    """

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[LabelItem] = field(default_factory=list)
    without_guideline: int = 0
    stopped_behind: int | None = None  # the last line read, where time ran out

    def add(self, item: LabelItem) -> None:
        self.counts[item.outcome] += 1
        if item.outcome == Outcome.REJECTED and len(self.rejected) < MOST_TOLD:
            self.rejected.append(item)

    @property
    def in_words(self) -> str:
        return (
            f"{self.counts[Outcome.NEW]:,} new, {self.counts[Outcome.DUPLICATE]:,} already there, "
            f"{self.counts[Outcome.REJECTED]:,} rejected"
        )

    def as_json(self, most: int = MOST_TOLD) -> dict[str, Any]:
        """Counts, and what is wrong with the rejected lines: all that are kept, or fewer."""
        return {
            "name": self.name,
            **{str(outcome): self.counts[outcome] for outcome in _ENDS},
            "without_guideline": self.without_guideline,
            "stopped_behind": self.stopped_behind,
            "rejections": [asdict(item) for item in self.rejected[:most]],
        }


def import_labels(
    lines: Iterable[bytes | str],
    *,
    name: str,
    user: User | None = None,
    seconds: float | None = None,
) -> LabelReport:
    """Store every label that is new, as it was made; running it again changes nothing.

    The order of the lines is the order of the history. A line that cannot be stored does not stop
    the others. `user` is who brings the file: it is told in the administration's log, and quotes
    in articles that they may not read are not there for them. After `seconds` it stops and the
    report says where; the same file again goes on from there.
    """
    began = monotonic()
    report = LabelReport(name)
    numbered = ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
    for chunk in batched(numbered, _AT_ONCE):
        items: list[LabelItem] = []
        rows: list[tuple[int, LabelRow]] = []
        for number, line in chunk:
            try:
                rows.append((number, read_row(line)))
            except Unusable as error:
                items.append(_refusal(number, error))
        if rows:
            with transaction.atomic():
                known = _Known([row for _, row in rows], user)
                items.extend(_stored(rows, known))
            report.without_guideline += known.without_guideline
        for item in sorted(items, key=lambda item: item.line):
            report.add(item)
        if seconds is not None and monotonic() - began > seconds:
            report.stopped_behind = chunk[-1][0] if next(numbered, None) else None
            break
    if user and report.counts[Outcome.NEW]:
        LogEntry.objects.create(
            user=user,
            content_type=ContentType.objects.get_for_model(StanceLabel),
            object_repr=name[:200],
            action_flag=ADDITION,
            change_message=f"Imported labels: {report.in_words}.",
        )
    return report


def _stored(rows: Sequence[tuple[int, LabelRow]], known: _Known) -> Iterator[LabelItem]:
    touched: dict[tuple[int, int], StanceLabel] = {}
    for number, row in rows:
        try:
            with transaction.atomic():
                label = _new_label(row, known)
                if label:
                    restore_label(label)
        except Unusable as error:
            yield _refusal(number, error)
        except StaleJudgement as error:
            yield _refusal(number, _out_of_order(row, error.current))
        except DatabaseError as error:
            logger.exception("line %s could not be stored", number)
            told = str(error).splitlines()[0]
            reason = f"The database refused it: {told}. Please report this."
            yield LabelItem(number, Outcome.REJECTED, reason=reason)
        else:
            if label is None:
                yield LabelItem(number, Outcome.DUPLICATE)
                continue
            known.add(label)
            if row.guideline is not None and label.guideline is None:
                known.without_guideline += 1
            touched[label.quote.pk, label.issue.pk] = label
            yield LabelItem(number, Outcome.NEW)
    for label in touched.values():
        update_stance(label.quote, label.issue)


def _new_label(row: LabelRow, known: _Known) -> StanceLabel | None:
    """The row that the line asks for, not yet saved; None when it is there. Raises Unusable."""
    quote, issue, editor = known.quote(row), known.issue(row), known.editor(row)
    label = StanceLabel(
        quote=quote,
        issue=issue,
        editor=editor,
        label=row.label,
        is_sure=row.is_sure,
        is_blind=row.is_blind,
        is_adjudication=row.is_adjudication,
        note=row.note,
        created_at=row.created_at,
    )
    there = known.labels.get(row.uuid) if row.uuid else known.moments.get(_moment(label))
    if there:
        if _judgement(there) != _judgement(label):
            moment = row.uuid or f"of {row.created_at:%Y-%m-%d %H:%M}"
            raise Unusable(
                "id" if row.uuid else "created_at",
                f"The label {moment} is here already and says otherwise; none is ever changed.",
            )
        return None
    if row.uuid:
        label.uuid = row.uuid
    label.guideline = known.guidelines.get((issue.pk, row.guideline or 0))
    label.supersedes = known.labels.get(row.supersedes) if row.supersedes else None
    label.undoes = known.undone(row, label)
    label.suggestion_shown = _suggestion(row, quote, issue)
    return label


def _suggestion(row: LabelRow, quote: Quote, issue: Issue) -> Suggestion | None:
    """What was on the editor's screen: as it is here, else kept as one that is no longer made.

    Without it a label would pass for one that was given before any suggestion was seen.
    """
    if row.suggestion is None:
        return None
    label, confidence, method = row.suggestion
    values = {"label": label, "confidence": confidence, "method": method}
    same = Suggestion.objects.filter(quote=quote, issue=issue, **values)
    found = same.order_by("-is_current", "pk").first()
    if found:
        return found
    reason = "" if label else "Told where the label was given."
    return Suggestion.objects.create(
        quote=quote, issue=issue, **values, reason=reason, is_current=False
    )


def _refusal(number: int, error: Unusable) -> LabelItem:
    return LabelItem(number, Outcome.REJECTED, error.field, error.reason)


def _out_of_order(row: LabelRow, current: StanceLabel) -> Unusable:
    whose = "An adjudication" if row.is_adjudication else f"A judgement of {row.editor}"
    return Unusable(
        "created_at",
        f"{whose} of {current.created_at:%Y-%m-%d %H:%M:%S} is here already, and history is only "
        "added to. In the file, older lines come first.",
    )


def _judgement(label: StanceLabel) -> tuple[object, ...]:
    return (*_moment(label), label.label, label.is_sure, label.note)


def _moment(label: StanceLabel) -> tuple[object, ...]:
    return (
        label.quote_id,
        label.issue_id,
        label.editor_id,
        label.is_adjudication,
        label.created_at,
    )


class _Known:
    """What the database has of what some lines name: a few queries for any number of lines.

    It locks their quotes, so that what it knows of their labels stays true.
    """

    def __init__(self, rows: Sequence[LabelRow], user: User | None) -> None:
        self.without_guideline = 0
        articles = Article.objects.all() if user is None else Article.objects.visible_to(user)
        hashes = {row.article for row in rows if row.article}
        self._articles = set(
            articles.filter(text_hash__in=hashes).values_list("text_hash", flat=True)
        )
        quotes = Quote.objects.select_related("article").defer("article__text")
        quotes = quotes.filter(article__in=articles)
        self._quotes = {
            quote.uuid: quote
            for quote in quotes.filter(uuid__in={row.quote for row in rows if row.quote})
        }
        places = {row.place for row in rows if row.place and row.quote not in self._quotes}
        near = quotes.filter(
            article__text_hash__in={article for article, _, _ in places},
            start__in={start for _, start, _ in places},
        )
        by_place = {(each.article.text_hash, each.start, each.end): each for each in near}
        self._places = {place: quote for place, quote in by_place.items() if place in places}
        self._issues = {
            issue.slug: issue
            for issue in Issue.objects.filter(slug__in={row.issue for row in rows})
        }
        self._editors = {
            user.get_username(): user
            for user in User.objects.filter(username__in={row.editor for row in rows})
        }
        self.guidelines = {
            (guideline.issue_id, guideline.number): guideline
            for guideline in Guideline.objects.filter(issue__in=self._issues.values())
        }
        found = [*self._quotes.values(), *self._places.values()]
        there = lock_quotes(found)
        # An import may have been undone since the look; a line that means its quote finds none.
        self._quotes = {key: each for key, each in self._quotes.items() if each.pk in there}
        self._places = {key: each for key, each in self._places.items() if each.pk in there}
        found = [each for each in found if each.pk in there]
        labels = StanceLabel.objects.select_related("quote", "issue", "editor")
        ids = {each for row in rows for each in (row.uuid, row.supersedes, row.undoes) if each}
        self.labels: dict[UUID, StanceLabel] = {}
        self.moments: dict[tuple[object, ...], StanceLabel] = {}
        for label in labels.filter(uuid__in=ids):
            self.add(label)
        nameless = [row.created_at for row in rows if not row.uuid]
        for label in labels.filter(quote__in=found, created_at__in=nameless):
            self.add(label)

    def add(self, label: StanceLabel) -> None:
        self.labels[label.uuid] = label
        self.moments[_moment(label)] = label

    def quote(self, row: LabelRow) -> Quote:
        found = self._quotes.get(row.quote) if row.quote else None
        if found and row.article and found.article.text_hash != row.article:
            raise Unusable(
                "article_sha256", f"The quote {row.quote} stands in another article here."
            )
        found = found or (self._places.get(row.place) if row.place else None)
        if found:
            return found
        if row.place is None:
            raise Unusable(
                "quote",
                f"There is no quote {row.quote} here. Add article_sha256, start and end of its "
                "place, or import its article.",
            )
        if row.article not in self._articles:
            raise Unusable(
                "article_sha256", "There is no article with this text here; import it first."
            )
        raise Unusable(
            "start",
            f"No quote of the article goes from {row.place[1]} to {row.place[2]} here. Check the "
            "offsets, or mark the quote in the article first.",
        )

    def issue(self, row: LabelRow) -> Issue:
        try:
            return self._issues[row.issue]
        except KeyError:
            raise Unusable(
                "issue", f"There is no issue “{row.issue[:60]}” here; define it first."
            ) from None

    def editor(self, row: LabelRow) -> User:
        try:
            return self._editors[row.editor]
        except KeyError:
            raise Unusable(
                "editor",
                f"There is no account “{row.editor[:60]}” here; an admin makes one first.",
            ) from None

    def undone(self, row: LabelRow, label: StanceLabel) -> StanceLabel | None:
        """The judgement that the label takes back, if it does."""
        if row.undoes is None:
            return None
        undone = self.labels.get(row.undoes)
        if undone is None:
            raise Unusable(
                "undoes", f"There is no label {row.undoes} here; its line comes before this one."
            )
        if undone.is_adjudication or (undone.quote_id, undone.issue_id, undone.editor_id) != (
            label.quote_id,
            label.issue_id,
            label.editor_id,
        ):
            raise Unusable(
                "undoes", "It names no judgement of this editor on this quote and issue."
            )
        if StanceLabel.objects.filter(undoes=undone).exists():
            raise Unusable("undoes", f"The label {row.undoes} has been taken back already.")
        return undone
