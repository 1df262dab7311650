"""Who answers whom in a real browser: deciding in place, and the network on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from statements.models import Reply
from tests.browser.conftest import NewPage, sign_in
from tests.browser.test_pages import overflow, violations
from tests.factories import (
    PASSWORD,
    make_actor,
    make_article,
    make_quote,
    make_reply,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def reply() -> Reply:
    article = make_article("Dam\n\n“The dam will stand,” Ruiz said. Lind accused her of “lies”.")
    varonia = make_actor("Government of Varonia", type="government")
    earlier = make_quote("The dam will stand,", article=article, actor=varonia)
    quote = make_quote("lies", article=article, actor=make_actor("River Watch", type="ngo"))
    return make_reply(quote, varonia, "accused her", earlier=earlier)


def test_an_editor_confirms_in_place_and_takes_it_back(page: Page, reply: Reply):
    sign_in(page, make_user("editor").username, PASSWORD)
    page.goto(reply.quote.get_absolute_url())
    row = page.locator(f"#{reply.anchor}")
    row.get_by_role("button", name="Confirm the link to Government of Varonia").click()
    expect(row.get_by_role("status")).to_have_text("Saved: Confirmed.")
    expect(row.get_by_role("status")).to_be_focused()
    row.get_by_role("button", name="Take back").click()
    expect(row.get_by_role("status")).to_have_text("Open again.")
    page.get_by_text("Link it to whom it answers").click()
    page.get_by_label("Whom it answers").fill("Nobody Known")
    page.get_by_label("Words of the article").fill("accused her")
    page.get_by_role("button", name="Link it", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Nobody here is called")
    assert violations(page) == []


@pytest.mark.parametrize("width", [390, 1440])
def test_the_network_can_be_read_and_leads_to_the_quotes(
    new_page: NewPage, reply: Reply, width: int
):
    page = new_page(viewport={"width": width, "height": 844})
    page.goto("/actors/river-watch/")
    page.get_by_role("link", name="Whom it answers, and who answers it").click()
    expect(page.get_by_role("img", name="Who answers whom")).to_be_visible()
    assert violations(page) == []
    assert overflow(page) <= 0
    page.get_by_role("link", name="1 proposed: River Watch rebuts Government of Varonia").click()
    expect(page.get_by_role("main")).to_contain_text("accused her")
    assert violations(page) == []
    assert overflow(page) <= 0
