"""Reports on the desk: what editors see of them, and how they answer."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from statements.models import Quote, ReaderReport, ReportEvent, ReportReceipt
from statements.repairing import change_state, change_voice, take_back_edit
from statements.reporting import (
    StaleReport,
    close_report,
    reopen_report,
    send_report,
)
from tests.factories import (
    make_double,
    make_issue,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


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


# -- The queue ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "status"), [("", 403), ("editor", 200), ("admin", 200)])
def test_the_queue_is_for_those_who_repair_quotes(client, quote, role, status):
    send(client, quote)
    report = ReaderReport.objects.get()
    reopen = reverse("statements:report_reopen", args=[report.pk])
    client.force_login(make_user(role))
    assert queue(client).status_code == status
    assert client.get(report.get_absolute_url()).status_code == status
    assert ("Reports" in client.get("/").text) is (status == 200)
    if status == 403:
        assert client.post(report.get_absolute_url(), {"outcome": "spam"}).status_code == 403
        assert client.post(reopen).status_code == 403
        assert not ReportEvent.objects.exists()


def test_visitors_are_asked_to_sign_in(client):
    assert queue(client).url == "/accounts/login/?next=/desk/reports/"
    assert client.get("/desk/reports/1/").url.startswith("/accounts/login/")


def test_open_ones_come_first_and_of_these_what_is_reported_most(client, editor):
    once, often, closed = (
        ReaderReport.objects.create(quote=make_quote(), kind="text", receipt_count=n)
        for n in (1, 3, 9)
    )
    close_report(closed, editor=editor, outcome="spam")
    assert shown(queue(client)) == [often.pk, once.pk, closed.pk]
    assert shown(queue(client, state="open")) == [often.pk, once.pk]
    assert shown(queue(client, state="spam")) == [closed.pk]
    assert shown(queue(client, kind="speaker")) == []
    assert shown(queue(client, quote=once.quote.uuid)) == [once.pk]
    assert len(shown(queue(client, kind="no\0", state="x", quote="y", after="z"))) == 3


def test_pages_go_on_where_the_last_one_ended(client, editor):
    made = [
        ReaderReport.objects.create(quote=make_quote(), kind="text", receipt_count=n % 3)
        for n in range(25)
    ]
    close_report(made[0], editor=editor, outcome="spam")
    first = queue(client)
    second = queue(client, after=first.context["page"].after)
    found = shown(first) + shown(second)
    assert len(found) == len(set(found)) == 25
    assert found[-1] == made[0].pk
    assert second.context["page"].after == ""


def test_the_queue_costs_the_same_for_any_number(client, editor, django_assert_num_queries):
    def fill(times: int) -> None:
        for _ in range(times):
            quote = make_quote()
            for number in range(3):
                send_report(quote, kind="text", note=f"{number}", email="a@b.org")
            change_voice(quote, speaker=make_speaker(), actor=None, editor=editor)
            close_report(ReaderReport.objects.latest("pk"), editor=editor, outcome="spam")
            send_report(quote, kind="text", note="Again.")

    fill(1)
    queue(client)
    with django_assert_num_queries(17):
        queue(client)
    fill(4)
    with django_assert_num_queries(17):
        queue(client)


def test_each_sentence_is_shown_once_with_how_often_it_came(client, editor, quote):
    for note in ("Wrong man.", "Wrong man.", "It was Bo Lind."):
        send_report(quote, kind="speaker", note=note)
    page = queue(client).text
    assert page.count("Wrong man.") == 1
    assert "(2 times)" in page
    assert "reported 3 times" in page
    assert '<mark class="q">The dam will stand</mark>' in page


def test_repairs_are_at_hand_and_what_was_repaired_is_proposed_as_the_correction(
    client, editor, quote
):
    send(client, quote)
    page = queue(client).text
    for name in ("quote_voice", "quote_words", "quote_state"):
        assert reverse(f"statements:{name}", args=[quote.uuid]) in page
    change_voice(quote, speaker=make_speaker("Bo Lind"), actor=None, editor=editor)
    (case,) = queue(client).context["cases"]
    assert case.changed == ["speaker"]
    assert case.form["changed"].value() == ["speaker"]
    assert "Repaired: speaker" in queue(client).text


def test_a_report_stays_when_its_quote_is_none_any_more(client, editor, quote):
    address = send(client, quote, "no_quote").url
    client.post(reverse("statements:quote_state", args=[quote.uuid]), {"state": "rejected"})
    page = queue(client).text
    assert "marked as not a quote" in page
    assert reverse("statements:quote_words", args=[quote.uuid]) not in page
    report = ReaderReport.objects.get()
    client.post(report.get_absolute_url(), {"outcome": "corrected", "changed": "quote"})
    receipt = client.get(address).text
    assert "Corrected:</b> whether it is a quote" in receipt
    assert "no longer shown as a quote" in receipt
    assert quote.get_absolute_url() not in receipt


def test_reports_on_drafts_are_for_those_who_see_drafts(client, quote):
    send(client, quote)
    quote.article.is_draft = True
    quote.article.save(update_fields=["is_draft"])
    client.force_login(make_user("editor"))
    assert shown(queue(client)) == []
    client.force_login(make_user("admin"))
    assert len(shown(queue(client))) == 1


def test_how_many_wait_stands_beside_the_word_on_the_desk_and_at_the_quote(client, quote):
    for kind in ("speaker", "text"):
        send(client, quote, kind)
    client.force_login(make_user("admin"))
    assert '2<span class="unseen"> open</span>' in client.get("/").text
    desk = client.get("/desk/").text
    assert "/desk/reports/?state=open" in desk
    assert "2 open reports from readers" in client.get(quote.get_absolute_url()).text
    client.logout()
    assert "open reports" not in client.get(quote.get_absolute_url()).text


# -- Answering ----------------------------------------------------------------------------------


def test_a_correction_is_told_to_the_reader_and_at_the_quote_without_names(client, quote, editor):
    address = send(client, quote, note="Eve Stone says so.", email="eve@example.org").url
    report = ReaderReport.objects.get()
    assert "eve@example.org" in queue(client).text
    closing = {"outcome": "corrected", "changed": ["speaker"], "answer": "It was Bo Lind."}
    response = client.post(report.get_absolute_url(), closing)
    assert response.url == report.get_absolute_url()
    event = ReportEvent.objects.get()
    assert (event.editor, event.outcome, event.changed) == (editor, "corrected", ["speaker"])
    assert ReportReceipt.objects.get().email == ""
    assert "eve@example.org" not in queue(client).text
    client.logout()
    receipt = client.get(address).text
    assert "Corrected:</b> the speaker" in receipt
    assert "It was Bo Lind." in receipt
    assert "ann" not in receipt.split("<main")[1]
    page = client.get(quote.get_absolute_url()).text
    assert "after a report: the speaker." in page
    assert "Eve Stone" not in page


def test_what_is_not_changed_needs_a_reason_that_the_reader_sees(client, quote, editor):
    address = send(client, quote).url
    report = ReaderReport.objects.get()
    refused = client.post(report.get_absolute_url(), {"outcome": "kept", "answer": " \u202e "})
    assert refused.status_code == 422
    assert "Say why nothing is changed" in refused.text
    client.post(report.get_absolute_url(), {"outcome": "kept", "answer": "The tape has it so."})
    assert "The tape has it so." in client.get(address).text
    assert "after a report" not in client.get(quote.get_absolute_url()).text


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "Choose one of the answers."),
        ({"outcome": "open"}, "Choose one of the answers."),
        ({"outcome": "corrected"}, "Say what you corrected"),
        ({"outcome": "corrected", "changed": "all"}, "Choose from what is listed."),
        ({"outcome": "kept", "answer": "x" * 501}, "at most 500 characters"),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_an_answer_that_is_none_comes_back(client, quote, editor, values, message, htmx):
    send(client, quote, email="eve@example.org")
    report = ReaderReport.objects.get()
    headers = HTMX if htmx else {}
    response = client.post(report.get_absolute_url(), values, headers=headers)
    assert response.status_code == 422
    assert message in response.text
    assert ("<html" in response.text) is not htmx
    assert not ReportEvent.objects.exists()
    assert ReportReceipt.objects.get().email


def test_spam_is_closed_without_an_answer(client, quote, editor):
    address = send(client, quote).url
    values = {"outcome": "spam", "answer": "Go away.", "changed": ["text"]}
    client.post(ReaderReport.objects.get().get_absolute_url(), values)
    event = ReportEvent.objects.get()
    assert (event.answer, event.changed) == ("", [])
    assert "Closed without an answer" in client.get(address).text


def test_closing_by_htmx_brings_the_report_and_the_new_count(client, quote, editor):
    for kind in ("speaker", "text"):
        send(client, quote, kind)
    report = ReaderReport.objects.get(kind="text")
    response = client.post(report.get_absolute_url(), {"outcome": "spam"}, headers=HTMX)
    assert f'id="report-{report.pk}"' in response.text
    assert 'id="report-count" hx-swap-oob="true">1<' in response.text


def test_who_comes_second_is_told_who_was_first(client, quote, editor):
    send(client, quote)
    report = ReaderReport.objects.get()
    close_report(report, editor=make_user("editor", username="bob"), outcome="kept", answer="No.")
    response = client.post(report.get_absolute_url(), {"outcome": "spam"}, headers=HTMX)
    assert response.status_code == 422
    assert "bob has closed it meanwhile." in response.text
    assert ReportEvent.objects.count() == 1


def test_a_report_is_opened_again_and_keeps_its_history(client, quote, editor):
    address = send(client, quote).url
    report = ReaderReport.objects.get()
    close_report(report, editor=editor, outcome="corrected", changed=["text"])
    assert "after a report" in client.get(quote.get_absolute_url()).text
    client.post(reverse("statements:report_reopen", args=[report.pk]))
    report.refresh_from_db()
    assert (report.state, report.is_open) == ("open", True)
    assert "after a report" not in client.get(quote.get_absolute_url()).text
    assert "An editor will look at it" in client.get(address).text
    page = queue(client).text
    assert "Opened again" in page
    close_report(report, editor=editor, outcome="kept", answer="It was right.")
    actions = list(report.events.values_list("action", "outcome"))
    assert actions == [("closed", "corrected"), ("reopened", ""), ("closed", "kept")]
    assert "It was right." in client.get(address).text


def test_none_is_opened_again_beside_an_open_one_of_the_same(client, quote, editor):
    send(client, quote)
    report = ReaderReport.objects.get()
    close_report(report, editor=editor, outcome="spam")
    send(client, quote)
    with pytest.raises(StaleReport, match="answer the open report"):
        reopen_report(report, editor=editor)
    response = client.post(reverse("statements:report_reopen", args=[report.pk]))
    assert response.status_code == 422
    assert "Not saved." in response.text


def test_what_editors_answered_stays_as_it_is(quote):
    send_report(quote, kind="text")
    event = close_report(ReaderReport.objects.get(), editor=make_user("editor"), outcome="spam")
    for change in (
        lambda: ReportEvent.objects.filter(pk=event.pk).update(outcome="corrected"),
        lambda: ReportEvent.objects.filter(pk=event.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
            change()
    with pytest.raises(IntegrityError, match="is_answered"), transaction.atomic():
        ReportEvent.objects.create(
            report=event.report, editor=event.editor, action="closed", outcome="kept"
        )


def test_an_address_to_write_to_cannot_add_other_recipients(client, quote, editor):
    send(client, quote, email="a?bcc=b&c@example.org")
    page = queue(client).text
    assert 'href="mailto:a%3Fbcc%3Db%26c@example.org"' in page


def test_earlier_answers_on_the_quote_are_at_hand(client, quote, editor):
    send_report(quote, kind="text")
    close_report(ReaderReport.objects.get(), editor=editor, outcome="kept", answer="As printed.")
    send_report(quote, kind="text")
    (case, _) = queue(client).context["cases"]
    assert [event.answer for event in case.earlier] == ["As printed."]


# -- Judging blind ------------------------------------------------------------------------------


@pytest.fixture
def asked(quote: Quote) -> Quote:
    """A quote that editors are still to judge blind, with reports on its stance and speaker."""
    make_double(make_issue(), quote)
    send_report(quote, kind="stance", note="She is for it.")
    send_report(quote, kind="speaker", note="He is against it.")
    return quote


def test_an_editor_who_judges_blind_reads_nothing_of_stance(client, asked, editor):
    stance = ReaderReport.objects.get(kind="stance")
    page = queue(client)
    assert [case.report.kind for case in page.context["cases"]] == ["speaker"]
    assert "She is for it." not in page.text
    assert "He is against it." not in page.text
    assert "1 report on the stance of quotes that you are to judge first is hidden" in page.text
    assert '1<span class="unseen"> open</span>' in page.text
    assert client.get(stance.get_absolute_url()).status_code == 404
    assert client.post(stance.get_absolute_url(), {"outcome": "spam"}).status_code == 404


def test_answers_and_corrections_are_kept_from_them_too(client, asked, editor):
    stance, speaker = ReaderReport.objects.order_by("-kind")
    other = make_user("editor")
    close_report(
        stance, editor=other, outcome="corrected", changed=["stance"], answer="She opposes it."
    )
    close_report(speaker, editor=other, outcome="kept", answer="She opposes it.")
    assert "She opposes it." not in queue(client).text
    assert "She opposes it." not in client.get(speaker.get_absolute_url()).text
    assert "after a report" not in client.get(asked.get_absolute_url()).text
    receipt = speaker.receipts.get().get_absolute_url()
    assert "She opposes it." not in client.get(receipt).text
    client.logout()
    assert "after a report: where it stands." in client.get(asked.get_absolute_url()).text
    assert "She opposes it." in client.get(receipt).text


def test_leads_see_all_of_it(client, asked):
    client.force_login(make_user("lead"))
    page = queue(client)
    assert len(page.context["cases"]) == 2
    assert "She is for it." in page.text


def test_a_repair_that_was_taken_back_is_no_correction(client, quote, editor):
    send_report(quote, kind="no_quote")
    change_state(quote, Quote.State.REJECTED, editor=editor)
    take_back_edit(quote.edits.get())
    (case,) = queue(client).context["cases"]
    assert case.changed == []
