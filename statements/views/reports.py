"""Readers report what is wrong with a quote; editors answer them on the desk."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsroom.fragments import page_or_fragment, wants_fragment
from newsroom.visitors import visitor_keys
from statements.blind import asked_blind
from statements.models import Article, Quote, ReaderReport, ReportEvent, ReportReceipt
from statements.paging import Key, keyset_page
from statements.report_forms import ClosingForm, ReportForm
from statements.reporting import (
    Case,
    StaleReport,
    TooManyReports,
    cases,
    close_report,
    count_hidden,
    reopen_report,
    reports_for,
    send_report,
    with_history,
)

FORM, CASE, QUEUE = (
    f"statements/{name}.html" for name in ("report", "report_case", "report_queue")
)

# The queue: open ones first, those sent most often first, the oldest of them first.
_ORDER = (Key("is_open", descending=True), Key("receipt_count", descending=True), Key("pk"))


@require_http_methods(["GET", "HEAD", "POST"])
def report_quote(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Report a mistake, without an account; `?leave` gives the link back that led to the form."""
    quotes = Quote.objects.visible_to(request.user).select_related("article", "speaker", "actor")
    quote = get_object_or_404(quotes, uuid=uuid)
    sent = request.method == "POST"
    form = ReportForm(request.POST if sent else None, auto_id=f"report-{quote.anchor}-%s")
    context: dict[str, Any] = {"quote": quote, "form": form}
    if not sent:
        part = "link" if "leave" in request.GET else "report"
        return page_or_fragment(request, FORM, part, context)
    if not form.is_valid():
        return page_or_fragment(request, FORM, "report", context, status=422)
    try:
        receipt = send_report(quote, senders=visitor_keys(request), **form.report)
    except TooManyReports as error:
        return _too_many(request, error, context)
    if not wants_fragment(request):
        return redirect(receipt)
    context |= {
        "receipt": receipt,
        "address": request.build_absolute_uri(receipt.get_absolute_url()),
    }
    return page_or_fragment(request, FORM, "sent", context)


def _too_many(request: HttpRequest, error: TooManyReports, context: dict[str, Any]) -> HttpResponse:
    seconds = ceil(error.wait.total_seconds())
    context |= {"refusal": error, "minutes": ceil(seconds / 60)}
    response = page_or_fragment(request, FORM, "report", context, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


@never_cache
@require_safe
def report_receipt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What became of a report, for whoever sent it and knows its address."""
    receipts = ReportReceipt.objects.select_related("report__quote__article__outlet")
    receipt = get_object_or_404(receipts, uuid=uuid)
    report = receipt.report
    quote = report.quote
    context = {
        "receipt": receipt,
        "report": report,
        "is_shown": Quote.objects.visible_to(request.user).filter(pk=quote.pk).exists(),
        "is_open": Article.objects.visible_to(request.user).filter(pk=quote.article_id).exists(),
        # To an editor who is to judge the quote blind the answer may say too much.
        "is_hidden": asked_blind(request.user).filter(quote=quote).exists(),
        "address": request.build_absolute_uri(receipt.get_absolute_url()),
    }
    response = render(request, "statements/report_receipt.html", context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@login_required
@permission_required("statements.change_quote", raise_exception=True)
@require_safe
def report_queue(request: HttpRequest) -> HttpResponse:
    """What readers reported, narrowed by kind, state and quote."""
    kind = _one_of(request, "kind", ReaderReport.Kind.values)
    state = _one_of(request, "state", ReaderReport.State.values)
    reports = reports_for(request.user)
    if kind:
        reports = reports.filter(kind=kind)
    if state:
        reports = reports.filter(state=state)
    if quote := _quote(request):
        reports = reports.filter(quote=quote)
    page = keyset_page(with_history(reports), _ORDER, request.GET.get("after"))
    context = {
        "page": page,
        "cases": _with_forms(cases(page.rows, request.user)),
        "kind": kind,
        "state": state,
        "quote": quote,
        "kinds": ReaderReport.Kind,
        "states": ReaderReport.State,
        "open_count": reports_for(request.user).open().count(),
        "hidden_count": count_hidden(request.user),
    }
    return page_or_fragment(request, QUEUE, "results", context)


@login_required
@permission_required("statements.change_quote", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report; sending the form closes it with an answer."""
    case = _case(request, pk)
    if request.method != "POST":
        return page_or_fragment(request, CASE, "case", {"case": case})
    form = ClosingForm(request.POST, auto_id=f"{case.report.anchor}-%s")
    if not form.is_valid():
        case.form = form
        return page_or_fragment(request, CASE, "case", {"case": case, "fresh": True}, status=422)

    def close() -> ReportEvent:
        return close_report(case.report, editor=cast("User", request.user), **form.closing)

    return _acted(request, pk, close, "Closed, with the answer for those who reported it.")


@login_required
@permission_required("statements.change_quote", raise_exception=True)
@require_POST
def report_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    case = _case(request, pk)

    def reopen() -> ReportEvent:
        return reopen_report(case.report, editor=cast("User", request.user))

    return _acted(request, pk, reopen, "Open again.")


def _acted(
    request: HttpRequest, pk: int, act: Callable[[], ReportEvent], said: str
) -> HttpResponse:
    """Do it and show the report as it is then; also where somebody else was first."""
    refused, status = "", 200
    try:
        act()
    except StaleReport as error:
        refused, status = str(error), 422
    if not refused and not wants_fragment(request):
        messages.success(request, said)
        return redirect("statements:report", pk)
    context = {"case": _case(request, pk), "fresh": True, "refused": refused}
    context |= {"said": "" if refused else said, "oob": True}
    return page_or_fragment(request, CASE, "case", context, status=status)


def _case(request: HttpRequest, pk: int) -> Case:
    found = get_object_or_404(with_history(reports_for(request.user)), pk=pk)
    (case,) = _with_forms(cases([found], request.user))
    return case


def _with_forms(found: list[Case]) -> list[Case]:
    for each in found:
        # What was repaired since is likely the correction; the answer itself is never chosen.
        each.form = ClosingForm(
            auto_id=f"{each.report.anchor}-%s", initial={"changed": each.changed}
        )
    return found


def _one_of(request: HttpRequest, name: str, values: list[str]) -> str:
    value = request.GET.get(name, "")
    return value if value in values else ""


def _quote(request: HttpRequest) -> Quote | None:
    try:
        uuid = UUID(request.GET.get("quote", ""))
    except ValueError:
        return None
    return Quote.objects.filter(uuid=uuid).first()
