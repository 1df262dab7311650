"""A reader reports a mistake and an editor answers, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from statements.models import Quote, ReaderReport, ReportReceipt
from statements.reporting import close_report, send_report
from tests.browser.conftest import NewPage, sign_in
from tests.browser.test_pages import overflow, violations
from tests.factories import PASSWORD, make_actor, make_article, make_quote, make_speaker, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def quote() -> Quote:
    article = make_article("Dam\n\n“The dam will stand,” Ana Ruiz said.\n\n“Not here,” he said.")
    make_quote("Not here,", article=article)
    return make_quote(
        "The dam will stand,",
        article=article,
        actor=make_actor("Government of Varonia", type="government"),
        speaker=make_speaker("Ana Ruiz"),
    )


def close(page: Page) -> None:
    """Answer the one report on the page."""
    page.get_by_text("Answer and close").click()
    page.get_by_label("Corrected", exact=True).check()
    page.get_by_label("the speaker").check()
    page.get_by_label("In a sentence").fill("It was Bo Lind.")
    page.get_by_role("button", name="Close the report").click()


def test_a_reader_reports_from_the_article_without_leaving_it(page: Page, quote: Quote):
    page.goto(quote.article.get_absolute_url())
    page.get_by_role("link", name=re.compile("^Report a mistake in “The dam")).click()
    form = page.get_by_role("form", name="Report a mistake")
    expect(form).to_be_focused()
    form.get_by_role("link", name="Leave it").click()
    expect(form).to_have_count(0)
    page.get_by_role("link", name=re.compile("^Report a mistake in “The dam")).click()
    # The browser itself asks for what is missing; the server does for those that do not.
    form.evaluate("form => form.noValidate = true")
    form.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("alert")).to_be_focused()
    form.get_by_role("radio", name="Wrong speaker").check()
    form.get_by_label("In a sentence").fill("It was Bo Lind.")
    form.get_by_role("button", name="Send the report").click()
    thanks = page.get_by_role("status").filter(has_text="Thank you.")
    expect(thanks).to_be_focused()
    expect(page).to_have_url(re.compile("/articles/"))
    thanks.get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text("An editor will look at it.")


def test_an_editor_answers_and_the_count_follows(page: Page, quote: Quote):
    receipt = send_report(quote, kind="speaker", note="It was Bo Lind.", email="eve@example.org")
    sign_in(page, make_user("editor").username, PASSWORD)
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Reports 1 open")
    link.click()
    close(page)
    said = page.get_by_role("status").filter(has_text="Closed, with the answer")
    expect(said).to_be_focused()
    expect(page.locator("#report-count")).to_have_text("")
    page.get_by_role("button", name="Open it again").click()
    expect(page.locator("#report-count")).to_contain_text("1")
    close(page)
    expect(page.locator("#report-count")).to_have_text("")
    page.goto(receipt.get_absolute_url())
    expect(page.get_by_role("main")).to_contain_text("Corrected: the speaker")
    page.goto(quote.get_absolute_url())
    expect(page.get_by_role("main")).to_contain_text("after a report: the speaker.")


def test_everything_works_without_javascript(new_page: NewPage, quote: Quote):
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(quote.get_absolute_url())
    page.get_by_role("link", name=re.compile("^Report a mistake")).click()
    page.get_by_role("radio", name="Wrong speaker").check()
    page.get_by_label("E-mail").fill("eve@example.org")
    page.get_by_role("button", name="Send the report").click()
    expect(page).to_have_url(re.compile("/reports/"))
    address = page.url
    sign_in(page, make_user("editor").username, PASSWORD)
    page.goto("/desk/reports/")
    page.get_by_label("Kind").select_option("Wrong speaker")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("eve@example.org")
    close(page)
    expect(page.get_by_role("status")).to_contain_text("Closed, with the answer")
    page.goto(address)
    expect(page.get_by_role("main")).to_contain_text("It was Bo Lind.")
    assert ReportReceipt.objects.get().email == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_pages_are_accessible_and_fit(new_page: NewPage, quote: Quote, scheme: str, width: int):
    editor = make_user("editor")
    receipt = send_report(quote, kind="text", note="W" * 500, email=f"{'e' * 60}@example.org")
    answered = send_report(quote, kind="speaker", note="It was Bo Lind.")
    report = ReaderReport.objects.get(kind="speaker")
    close_report(report, editor=editor, outcome="corrected", changed=["speaker"], answer="Yes.")
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    addresses = [quote.get_absolute_url(), f"{quote.get_absolute_url()}report/"]
    addresses += [receipt.get_absolute_url(), answered.get_absolute_url()]
    addresses += [quote.article.get_absolute_url()]
    look(page, addresses)
    sign_in(page, editor.username, PASSWORD)
    look(page, ["/desk/reports/", report.get_absolute_url()])
    page.goto("/desk/reports/")
    page.get_by_text("Answer and close").click()
    assert violations(page) == []
    assert overflow(page) <= 0


def look(page: Page, addresses: list[str]) -> None:
    for address in addresses:
        page.goto(address)
        assert violations(page) == [], address
        assert overflow(page) <= 0, address
