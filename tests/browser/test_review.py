"""A lead decides between editors, in a real browser."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from statements.labelling import record_label
from tests.browser.conftest import NewPage, sign_in
from tests.factories import PASSWORD, make_issue, make_quote, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address() -> str:
    """The review page of an issue with two disagreements."""
    issue, editors = make_issue(), [make_user("editor"), make_user("editor")]
    for words in ("We reject the dam", "It is a beginning"):
        quote = make_quote(words)
        for editor, label in zip(editors, ("opposes", "neutral"), strict=True):
            record_label(quote=quote, issue=issue, editor=editor, label=label)
    return reverse("statements:review", args=[issue.slug])


def decide(page: Page) -> None:
    first = page.locator(".dispute").first
    expect(first).to_contain_text("We reject the dam")
    # The browser itself asks for what is missing; the server does for those that do not.
    page.locator("form.decide").first.evaluate("form => form.noValidate = true")
    first.get_by_text("Opposes").last.click()
    first.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    first = page.locator(".dispute").first
    expect(first.get_by_role("radio", name="Opposes")).to_be_checked()
    first.get_by_label("Reason").fill("The refusal is plain.")
    first.get_by_role("button", name="Decide").click()


def test_a_decision_takes_the_place_of_its_form_and_the_counts_follow(page: Page, address: str):
    sign_in(page, make_user("lead").username, PASSWORD)
    page.goto(address)
    expect(page.locator("#review-counts")).to_contain_text("2 disagreements to decide")
    decide(page)
    decided = page.locator(".dispute").first
    expect(decided).to_contain_text("Decided: Opposes.")
    expect(decided.get_by_role("status")).to_be_focused()
    expect(decided).to_contain_text("The refusal is plain.")
    expect(page.locator("#review-counts")).to_contain_text("1 disagreement to decide")
    expect(page.locator("#review-counts")).to_contain_text("1 decided")
    page.reload()
    expect(page.locator("#decided")).to_contain_text("The refusal is plain.")


def test_a_decision_needs_no_javascript(new_page: NewPage, address: str):
    page = new_page(java_script_enabled=False)
    sign_in(page, make_user("lead").username, PASSWORD)
    page.goto(address)
    first = page.locator(".dispute").first
    first.get_by_text("Opposes").last.click()
    first.get_by_label("Reason").fill("The refusal is plain.")
    first.get_by_role("button", name="Decide").click()
    expect(page.locator("#decided .dispute")).to_contain_text("The refusal is plain.")
