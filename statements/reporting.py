"""Readers' reports on quotes: taking them in, within limits, and answering them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from statements.blind import asked_blind
from statements.marked_text import sentence_of
from statements.models import Quote, QuoteEdit, ReaderReport, ReportEvent, ReportReceipt
from statements.models.reports import ReaderReportQuerySet

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# How many of the things that readers wrote a report shows: beyond that it is a campaign.
MOST_RECEIPTS = 100

_CHANGES = {
    QuoteEdit.Action.VOICE: ReportEvent.Change.SPEAKER,
    QuoteEdit.Action.SPAN: ReportEvent.Change.TEXT,
    QuoteEdit.Action.STATE: ReportEvent.Change.QUOTE,
}


class TooManyReports(Exception):
    """No more is taken now: from this sender, or on this quote. `again_at` says when it is."""

    def __init__(self, again_at: datetime, *, of_quote: bool) -> None:
        super().__init__(f"no more reports before {again_at:%Y-%m-%d %H:%M}")
        self.again_at = again_at
        self.of_quote = of_quote

    @property
    def wait(self) -> timedelta:
        return max(self.again_at - timezone.now(), timedelta(seconds=1))


class StaleReport(ValueError):
    """The report is not as the editor saw it; the message says what happened meanwhile."""


@transaction.atomic
def send_report(
    quote: Quote, *, kind: str, note: str = "", email: str = "", senders: Sequence[str] = ()
) -> ReportReceipt:
    """Add it to the open report of its kind on the quote, or open one; returns its receipt.

    `senders` are the keys that stand for where it comes from, today's first. What came from there
    word for word already gives the receipt that it gave then. Raises TooManyReports.
    """
    forget_senders()
    if senders:
        # Those who press at once are counted one after the other.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [senders[0]])
    Quote.objects.select_for_update(of=("self",), no_key=True).get(pk=quote.pk)
    known = ReportReceipt.objects.filter(
        report__quote=quote, report__kind=kind, report__state=ReaderReport.State.OPEN
    )
    again = known.filter(sender__in=senders, note=note, email=email).first()
    if again:
        return again
    _refuse_too_many(quote, senders)
    report, _ = ReaderReport.objects.select_for_update().get_or_create(
        quote=quote, kind=kind, state=ReaderReport.State.OPEN
    )
    ReaderReport.objects.filter(pk=report.pk).update(receipt_count=F("receipt_count") + 1)
    sender = senders[0] if senders else ""
    return ReportReceipt.objects.create(report=report, note=note, email=email, sender=sender)


def forget_senders() -> None:
    """Empty what stood for an address a day ago and before: no limit asks for it any more."""
    past = ReportReceipt.objects.filter(created_at__lt=timezone.now() - DAY)
    past.exclude(sender="").update(sender="")


@transaction.atomic
def close_report(
    report: ReaderReport,
    *,
    editor: User,
    outcome: str,
    changed: Collection[str] = (),
    answer: str = "",
) -> ReportEvent:
    """Answer the report and forget the e-mail addresses left with it.

    Raises StaleReport when somebody has closed it already.
    """
    locked = ReaderReport.objects.select_for_update().get(pk=report.pk)
    if closing := locked.closing:
        raise StaleReport(f"{closing.editor} has closed it meanwhile.")
    event = ReportEvent.objects.create(
        report=locked,
        editor=editor,
        action=ReportEvent.Action.CLOSED,
        outcome=outcome,
        changed=list(changed),
        answer=answer,
    )
    ReaderReport.objects.filter(pk=locked.pk).update(state=outcome)
    locked.receipts.exclude(email="").update(email="")
    return event


@transaction.atomic
def reopen_report(report: ReaderReport, *, editor: User) -> ReportEvent:
    """Put it back into the queue; what was answered stays in its history.

    Raises StaleReport when it is open, or when readers have sent the same again since.
    """
    Quote.objects.select_for_update(of=("self",), no_key=True).get(pk=report.quote_id)
    locked = ReaderReport.objects.select_for_update().get(pk=report.pk)
    if locked.state == ReaderReport.State.OPEN:
        raise StaleReport("It is open already.")
    if ReaderReport.objects.open().filter(quote=locked.quote_id, kind=locked.kind).exists():
        raise StaleReport("Readers have reported the same since: answer the open report of it.")
    ReaderReport.objects.filter(pk=locked.pk).update(state=ReaderReport.State.OPEN)
    return ReportEvent.objects.create(
        report=locked, editor=editor, action=ReportEvent.Action.REOPENED
    )


def corrections(quote: Quote, *, blind: bool = False) -> list[ReportEvent]:
    """What was corrected after reports, newest first; to whoever judges blind nothing of stance."""
    closings = (
        ReportEvent.objects.filter(
            report__quote=quote,
            report__state=ReaderReport.State.CORRECTED,
            action=ReportEvent.Action.CLOSED,
        )
        .order_by("report", "-created_at", "-pk")
        .distinct("report")
    )
    found = sorted(closings, key=lambda each: each.created_at, reverse=True)
    if not blind:
        return found
    for each in found:
        each.changed = [change for change in each.changed if change != ReportEvent.Change.STANCE]
    return [each for each in found if each.changed]


# -- On the desk --------------------------------------------------------------------------------


def reports_for(user: AbstractBaseUser | AnonymousUser) -> ReaderReportQuerySet:
    """The reports that this editor may see: none on the stance of what they are to judge blind."""
    return _readable(user).exclude(Exists(_asked(user)), kind=ReaderReport.Kind.STANCE)


def count_hidden(user: AbstractBaseUser | AnonymousUser) -> int:
    """How many open reports the editor sees only after judging their quotes."""
    hidden = _readable(user).open().filter(Exists(_asked(user)), kind=ReaderReport.Kind.STANCE)
    return hidden.count()


def _readable(user: AbstractBaseUser | AnonymousUser) -> ReaderReportQuerySet:
    # Also those on what is a quote no longer, which is how some of them are answered.
    reports = ReaderReport.objects.all()
    if getattr(user, "is_staff", False):
        return reports
    return reports.filter(quote__article__is_draft=False)


def _asked(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Any]:
    return asked_blind(user).filter(quote=OuterRef("quote"))


@dataclass(slots=True)
class Case:
    """A report as an editor handles it: the quote in its place, what readers wrote, what was done.

    `is_blind`: the editor is to judge the quote first, so that nothing stands here that readers
    or editors wrote, which may be about its stance.
    """

    report: ReaderReport
    quote: Quote
    is_blind: bool = False
    receipts: list[ReportReceipt] = field(default_factory=list)
    edits: list[QuoteEdit] = field(default_factory=list)
    earlier: list[ReportEvent] = field(default_factory=list)
    form: Any = None

    @property
    def sentence(self) -> list[tuple[str, bool]]:
        return sentence_of(self.quote)

    @property
    def is_shown(self) -> bool:
        """Whether it is a quote still, with a page of its own."""
        return self.quote.state != Quote.State.REJECTED and self.quote.act == Quote.Act.SPEECH

    @property
    def notes(self) -> list[tuple[str, int]]:
        """The sentences that readers wrote, each once, with how often it came."""
        if self.is_blind:
            return []
        return Counter(each.note for each in self.receipts if each.note).most_common()

    @property
    def emails(self) -> list[str]:
        return list(dict.fromkeys(each.email for each in self.receipts if each.email))

    @property
    def changed(self) -> list[str]:
        """What was repaired since the report came in, and not taken back."""
        return sorted({_CHANGES[QuoteEdit.Action(each.action)] for each in self.edits})


def cases(reports: Sequence[ReaderReport], user: AbstractBaseUser | AnonymousUser) -> list[Case]:
    """The reports with all that their editor needs: ten queries or so for any number of them."""
    quotes = Quote.objects.for_list().in_bulk({each.quote_id for each in reports})
    blind = set(asked_blind(user).filter(quote__in=quotes).values_list("quote", flat=True))
    edits: dict[int, list[QuoteEdit]] = defaultdict(list)
    made = QuoteEdit.objects.filter(quote__in=quotes, undoes=None, undone_by=None)
    for edit in made.select_related("editor"):
        edits[edit.quote_id].append(edit)
    answered: dict[int, list[ReportEvent]] = defaultdict(list)
    closings = ReportEvent.objects.filter(
        report__quote__in=set(quotes) - blind, action=ReportEvent.Action.CLOSED
    )
    for event in closings.select_related("report", "editor"):
        answered[event.report.quote_id].append(event)
    written = _written(reports)
    return [
        Case(
            report,
            quotes[report.quote_id],
            is_blind=report.quote_id in blind,
            receipts=written[report.pk],
            edits=[e for e in edits[report.quote_id] if e.created_at >= report.created_at],
            earlier=[e for e in answered[report.quote_id] if e.report_id != report.pk],
        )
        for report in reports
    ]


def with_history(reports: ReaderReportQuerySet) -> ReaderReportQuerySet:
    """Add what editors answered: one query."""
    return reports.prefetch_related(
        Prefetch("events", ReportEvent.objects.select_related("editor"))
    )


def _written(reports: Sequence[ReaderReport]) -> dict[int, list[ReportReceipt]]:
    """What readers wrote, newest first, of each report the newest."""
    place = Window(
        RowNumber(), partition_by="report", order_by=(F("created_at").desc(), F("pk").desc())
    )
    receipts = ReportReceipt.objects.filter(report__in=reports).exclude(note="", email="")
    found: dict[int, list[ReportReceipt]] = defaultdict(list)
    for each in receipts.annotate(place=place).filter(place__lte=MOST_RECEIPTS).order_by("place"):
        found[each.report_id].append(each)
    return found


# -- Limits -------------------------------------------------------------------------------------


def _refuse_too_many(quote: Quote, senders: Sequence[str]) -> None:
    from_here = Q(sender__in=[each for each in senders if each])
    _refuse(from_here, HOUR, settings.NEWSROOM_REPORTS_PER_ADDRESS, of_quote=False)
    of_this = Q(report__quote=quote)
    _refuse(of_this, DAY, settings.NEWSROOM_REPORTS_PER_QUOTE, of_quote=True)


def _refuse(those: Q, within: timedelta, limit: int, *, of_quote: bool) -> None:
    since = timezone.now() - within
    times = ReportReceipt.objects.filter(those, created_at__gt=since).order_by("-created_at")
    # The one that has to fall out of the window before there is room for another.
    oldest = times.values_list("created_at", flat=True)[limit - 1 : limit].first()
    if oldest:
        raise TooManyReports(oldest + within, of_quote=of_quote)
