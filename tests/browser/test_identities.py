"""A lead finds out that two speakers are one, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from statements.models import Quote, Speaker
from tests.browser.conftest import NewPage, sign_in
from tests.factories import PASSWORD, make_actor, make_quote, make_speaker, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def short() -> Speaker:
    """A speaker named by surname and initial, beside the full name and a party."""
    short, full = make_speaker("H. Holt"), make_speaker("Hari Holt")
    make_quote("We will pay for the dam", speaker=short)
    make_quote("It is late", speaker=full)
    make_actor("Government of Varonia", type="government")
    return short


def test_a_lead_merges_undoes_and_corrects(page: Page, short: Speaker):
    sign_in(page, make_user("lead").username, PASSWORD)
    page.get_by_role("link", name="Identities").click()
    page.get_by_role("button", name="Confirm Hari Holt").click()
    expect(page.locator("#results")).to_contain_text("Confirmed “Hari Holt”.")
    page.get_by_role("button", name="Undo: Confirmed").first.click()
    expect(page.locator("main")).to_contain_text("Undone: Confirmed “Hari Holt”.")
    page.get_by_role("link", name="← Who is who").click()
    page.get_by_label("Part of a name").fill("h. h")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("status")).to_have_text("1 speaker")
    page.get_by_role("link", name="Same as Hari Holt?").click()
    expect(page.get_by_role("heading", name="What moves")).to_be_visible()
    expect(page.locator("#merge")).to_contain_text("We will pay for the dam")
    page.get_by_role("button", name="Merge into Hari Holt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hari Holt")
    expect(page.locator("main")).to_contain_text("2 quotes in 2 articles")
    page.goto(short.get_absolute_url())
    page.wait_for_url("**/speakers/hari-holt/")
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("button", name="Undo: Merged").click()
    expect(page.locator("main")).to_contain_text("Undone: Merged “H. Holt”")
    expect(page.locator("main")).to_contain_text("1 quote in 1 article")
    page.get_by_text("Add a post").click()
    page.get_by_label("Party").fill("varonia")
    page.get_by_role("radio", name="Government of Varonia").check()
    page.get_by_label("Post", exact=True).fill("water minister")
    page.get_by_label("From").fill("2020-05-01")
    page.get_by_role("button", name="Add the post").click()
    said = page.locator("#identity .notice-good")
    expect(said).to_contain_text("holds water minister")
    expect(said).to_be_focused()
    expect(page.get_by_role("region", name="Speaks for")).to_contain_text("from 1 May 2020")
    page.get_by_text("Show it by another name").click()
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("alert")).to_contain_text("Type the name")


def test_merging_and_splitting_need_no_javascript(new_page: NewPage, short: Speaker):
    page = new_page(java_script_enabled=False)
    sign_in(page, make_user("lead").username, PASSWORD)
    page.goto("/desk/identities/speaker/h-holt/")
    page.get_by_role("link", name="Merge into another").click()
    page.get_by_label("Who is it really?").fill("hari")
    page.get_by_role("button", name="Show what would move").click()
    page.get_by_role("radio", name="Hari Holt").check()
    page.get_by_role("button", name="Show what would move").click()
    page.get_by_role("button", name="Merge into Hari Holt").click()
    page.get_by_role("link", name="Split off quotes").click()
    page.get_by_label("It is late").check()
    page.get_by_label("Whose are they?").fill("Harriet Holt")
    page.get_by_role("button", name="Give them these quotes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Harriet Holt")
    assert Quote.objects.get(speaker__name="Harriet Holt").content == "It is late"
