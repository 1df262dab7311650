"""Reports from readers: sending them within limits, and answering them on the desk."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from newsroom.visitors import visitor_key
from statements.models import Quote, ReaderReport, ReportReceipt
from statements.reporting import (
    TooManyReports,
    close_report,
    forget_senders,
    send_report,
)
from tests.factories import (
    make_article,
    make_quote,
    make_user,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
RLO = "\u202e"


@pytest.fixture
def quote() -> Quote:
    return make_quote("The dam will stand")


@pytest.fixture
def editor(client):
    user = make_user("editor", username="ann")
    client.force_login(user)
    return user


def form_of(quote: Quote) -> str:
    return reverse("statements:report_quote", args=[quote.uuid])


def send(client, quote: Quote, kind: str = "speaker", *, headers=None, **values):
    return client.post(form_of(quote), {"kind": kind, **values}, headers=headers)


def queue(client, **query):
    return client.get(reverse("statements:reports"), query)


def shown(response) -> list[int]:
    return [case.report.pk for case in response.context["cases"]]


# -- Sending ------------------------------------------------------------------------------------


def test_anybody_reports_a_quote_and_sees_what_became_of_it(client, quote):
    assert "What is wrong?" in client.get(form_of(quote)).text
    response = send(client, quote, note="Bo Lind said it.", email="eve@example.org")
    receipt = ReportReceipt.objects.get()
    assert response.url == f"/reports/{receipt.uuid}/"
    page = client.get(response.url)
    assert "Bo Lind said it." in page.text
    assert "An editor will look at it" in page.text
    assert f"http://testserver{response.url}" in page.text
    assert "eve@example.org" not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize("where", ["quote", "article"])
def test_quote_and_article_lead_to_the_form(client, quote, where):
    page = quote.get_absolute_url() if where == "quote" else quote.article.get_absolute_url()
    assert f'href="{form_of(quote)}"' in client.get(page).text


def test_the_form_comes_into_the_page_and_goes_again(client, quote):
    form = client.get(form_of(quote), headers=HTMX).text
    assert f'id="report-{quote.anchor}"' in form
    assert "<html" not in form
    link = client.get(f"{form_of(quote)}?leave", headers=HTMX).text
    assert "Report a mistake" in link
    assert "<form" not in link
    sent = send(client, quote, headers=HTMX)
    assert (sent.status_code, "<html" in sent.text) == (200, False)
    assert str(ReportReceipt.objects.get().get_absolute_url()) in sent.text


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kind": ""}, "Choose what is wrong with the quote."),
        ({"kind": "no\0"}, "Choose what is wrong with the quote."),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"email": "a@b.org\0"}, "Null characters are not allowed."),
        ({"note": "x" * 501}, "at most 500 characters"),
        ({"note": "x" * 90_000}, "at most 500 characters"),
        ({"website": "https://spam.example"}, "Something filled in a field that nobody sees"),
    ],
)
def test_what_cannot_be_used_comes_back_and_nothing_is_kept(client, quote, values, message, htmx):
    response = send(client, quote, headers=HTMX if htmx else {}, **{"note": "Typed.", **values})
    assert response.status_code == 422
    assert message in response.text
    assert ("<html" in response.text) is not htmx
    assert "Typed." in response.text or "note" in values
    assert "spam.example" not in response.text
    assert not ReaderReport.objects.exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        (f"He is {RLO}evil\u2066 here", "He is evil here"),
        ("A\0B\x1b[31m\r\n\tC", "A B [31m C"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
        ("e\u0301" * 3, "ééé"),
        (" \0 ", ""),
    ],
)
def test_hostile_words_are_kept_as_plain_text_on_one_line(client, quote, editor, sent, kept):
    response = send(client, quote, note=sent)
    assert ReportReceipt.objects.get().note == kept
    for page in (client.get(response.url), queue(client)):
        assert page.status_code == 200
        assert RLO not in page.text
        assert "<script>alert" not in page.text


def test_the_longest_note_is_counted_after_its_line_ends_are_one_character(client, quote):
    send(client, quote, note="x" * 400 + "\r\n" * 200)
    assert ReportReceipt.objects.get().note == "x" * 400


def test_only_what_the_reader_may_read_can_be_reported(client, quote):
    hidden = [
        make_quote(state="rejected"),
        make_quote(
            "A draft says so", article=make_article("“A draft says so,” he said.", is_draft=True)
        ),
    ]
    for each in hidden:
        assert client.get(form_of(each)).status_code == 404
        assert send(client, each).status_code == 404
    assert client.get(f"/quotes/{uuid4()}/report/").status_code == 404
    assert client.get(f"/reports/{uuid4()}/").status_code == 404


def test_a_closed_site_takes_reports_only_from_those_it_is_open_to(client, quote, settings):
    settings.READERS_NEED_ACCOUNT = True
    assert send(client, quote).url.startswith("/accounts/login/")
    assert not ReaderReport.objects.exists()


# -- Merging ------------------------------------------------------------------------------------


def test_the_same_report_is_one_with_a_count_and_each_reader_has_a_page_alone(client, quote):
    first = send(client, quote, note="It was Bo Lind.").url
    second = send(client, quote, note="Not she.").url
    assert first != second
    report = ReaderReport.objects.get()
    assert (report.kind, report.receipt_count, report.receipts.count()) == ("speaker", 2, 2)
    assert "Not she." not in client.get(first).text
    assert "Bo Lind" not in client.get(second).text


def test_a_second_press_gives_the_receipt_of_the_first(client, quote):
    assert send(client, quote, note="Twice.").url == send(client, quote, note="Twice.").url
    assert ReaderReport.objects.get().receipt_count == 1


def test_other_kinds_and_quotes_are_reports_of_their_own(client, quote):
    for each, kind in ((quote, "speaker"), (quote, "text"), (make_quote(), "speaker")):
        send(client, each, kind)
    assert ReaderReport.objects.count() == 3


def test_what_is_reported_after_an_answer_opens_a_new_one(client, quote):
    send(client, quote)
    close_report(
        ReaderReport.objects.get(), editor=make_user("editor"), outcome="kept", answer="No."
    )
    send(client, quote)
    assert sorted(ReaderReport.objects.values_list("state", flat=True)) == ["kept", "open"]


def test_the_database_itself_keeps_one_open_report_of_a_kind(quote):
    ReaderReport.objects.create(quote=quote, kind="text")
    with pytest.raises(IntegrityError, match="one_open_report"), transaction.atomic():
        ReaderReport.objects.create(quote=quote, kind="text")


# -- Limits -------------------------------------------------------------------------------------


def test_one_address_sends_so_many_in_an_hour(client, settings):
    settings.NEWSROOM_REPORTS_PER_ADDRESS = 2
    send(client, make_quote())
    send(client, make_quote())
    ReportReceipt.objects.update(created_at=F("created_at") - timedelta(minutes=50))
    refused = send(client, make_quote(), note="My words.")
    assert refused.status_code == 429
    assert "Try again in 10 minutes" in refused.text
    assert "My words." in refused.text
    assert 0 < int(refused.headers["Retry-After"]) <= 600
    assert ReportReceipt.objects.count() == 2
    ReportReceipt.objects.update(created_at=F("created_at") - timedelta(minutes=10))
    assert send(client, make_quote()).status_code == 302


def test_a_refusal_comes_into_the_page_too(client, settings):
    settings.NEWSROOM_REPORTS_PER_ADDRESS = 1
    send(client, make_quote())
    refused = send(client, make_quote(), headers=HTMX)
    assert (refused.status_code, "<html" in refused.text) == (429, False)


def test_the_limit_counts_across_midnight(client, settings):
    settings.NEWSROOM_REPORTS_PER_ADDRESS = 1
    request = client.get("/").wsgi_request
    yesterday = visitor_key(request, timezone.now() - timedelta(days=1))
    send_report(make_quote(), kind="text", senders=[yesterday])
    assert send(client, make_quote()).status_code == 429


def test_other_addresses_are_not_refused(client, settings):
    settings.NEWSROOM_REPORTS_PER_ADDRESS = 1
    quotes = [make_quote(), make_quote(), make_quote()]
    for address, each in zip(("192.0.2.1", "192.0.2.2", "2001:db8::1"), quotes, strict=True):
        response = client.post(form_of(each), {"kind": "text"}, REMOTE_ADDR=address)
        assert response.status_code == 302


def test_one_quote_gets_so_many_in_a_day_from_wherever(client, quote, settings):
    settings.NEWSROOM_REPORTS_PER_QUOTE = 3
    for number in range(4):
        values = {"kind": "text", "note": f"{number}"}
        response = client.post(form_of(quote), values, REMOTE_ADDR=f"192.0.2.{number}")
    assert response.status_code == 429
    assert "has been reported often today" in response.text
    assert send(client, make_quote()).status_code == 302


def test_a_press_that_was_counted_already_is_not_refused(client, quote, settings):
    settings.NEWSROOM_REPORTS_PER_ADDRESS = 1
    assert send(client, quote).url == send(client, quote).url


def test_no_address_is_stored_and_what_stands_for_it_is_gone_after_a_day(client, quote):
    client.post(form_of(quote), {"kind": "text"}, REMOTE_ADDR="192.0.2.77")
    receipt = ReportReceipt.objects.get()
    assert len(receipt.sender) == 64
    row = ReportReceipt.objects.values().get()
    assert not any("192.0.2.77" in str(value) for value in row.values())
    forget_senders()
    assert ReportReceipt.objects.get().sender
    ReportReceipt.objects.update(created_at=timezone.now() - timedelta(hours=25))
    send(client, make_quote())
    receipt.refresh_from_db()
    assert receipt.sender == ""


@pytest.mark.django_db(transaction=True)
def test_reports_that_come_at_once_are_merged_and_stay_within_the_limit(settings):
    settings.NEWSROOM_REPORTS_PER_ADDRESS = 4
    quotes = [make_quote(), make_quote()]

    def press(number: int) -> str:
        try:
            send_report(quotes[number % 2], kind="text", note=f"{number}", senders=["here"])
        except TooManyReports:
            return "refused"
        finally:
            connection.close()
        return "sent"

    with ThreadPoolExecutor(8) as pool:
        ended = Counter(pool.map(press, range(12)))
    assert ended == {"sent": 4, "refused": 8}
    reports = ReaderReport.objects.all()
    assert sum(report.receipt_count for report in reports) == ReportReceipt.objects.count() == 4
    assert len(reports) == len({report.quote_id for report in reports})
