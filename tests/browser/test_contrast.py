"""A reader puts two sides face to face and follows a figure to its quotes."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from statements.ingest.suggesting import suggest_stances
from statements.labelling import record_label
from statements.models import Issue, Quote
from tests.browser.conftest import NewPage
from tests.browser.test_pages import overflow, violations
from tests.factories import make_actor, make_issue, make_quote, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def issue() -> Issue:
    """A ministry that turned, a league that did not, and something that is only suggested."""
    found = make_issue(title="River dam", terms=["dam"])
    ministry = make_actor("Ministry of Water", type="government", country="BO")
    league = make_actor("River League", type="ngo")
    make_quote("We firmly oppose the dam", actor=league)
    suggest_stances(Quote.objects.all())
    editor = make_user("editor")
    for month in range(1, 7):
        said_on = date(2024, month, 3)
        for actor, label in (
            (ministry, "opposes" if month < 4 else "supports"),
            (league, "opposes"),
        ):
            quote = make_quote(actor=actor, said_on=said_on)
            record_label(quote=quote, issue=found, editor=editor, label=label)
    return found


def choose(page: Page, side: str, name: str) -> None:
    page.get_by_role("group", name=f"{side} side").get_by_label("Party, type").fill(name)
    page.get_by_role("button", name="Show", exact=True).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_sides_are_chosen_by_name_and_a_figure_leads_to_its_quotes(
    new_page: NewPage, issue: Issue, scripts: bool
):
    page = new_page(java_script_enabled=scripts)
    page.goto(issue.get_absolute_url())
    choose(page, "Left", "Ministry of Water")
    expect(page).to_have_url(re.compile(r"\?left=actor:ministry-of-water&right=type:\w+$"))
    choose(page, "Right", "Everyone else")
    expect(page).to_have_url(re.compile(r"\?left=actor:ministry-of-water&right=others$"))
    column = page.get_by_role("region", name="Everyone else", exact=True)
    figure = column.get_by_role("link", name="6 opposes").first
    expect(figure).to_be_visible()
    page.get_by_role("link", name="Swap sides").click()
    expect(page).to_have_url(re.compile(r"left=others&right=actor:ministry-of-water$"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"right=others$"))
    expect(column.get_by_role("link", name="6 opposes").first).to_be_visible()
    figure.click()
    expect(page.locator(".quote-card")).to_have_count(6)
    expect(page.get_by_role("status")).to_have_text("6 quotes")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_every_state_of_a_contrast_is_for_everyone(
    new_page: NewPage, issue: Issue, scheme: str, width: int
):
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    start = issue.get_absolute_url()
    wrong: dict[str, object] = {}
    for query in (
        "?left=type:government&right=type:ngo",
        "?left=type:labour&right=type:religious",
        "?left=type:labour&right=country:BO&left_name=nobody&right_name=i",
        "evidence/?side=type:ngo&basis=labelled",
        "evidence/?side=type:labour",
    ):
        page.goto(start + query)
        for summary in page.locator(".chart-table > summary").all():
            summary.click()
        if found := violations(page):
            wrong[query] = found
        if (wider := overflow(page)) > 0:
            wrong[f"{query} overflows"] = wider
    assert wrong == {}


def test_on_paper_a_chart_has_its_numbers_and_no_form(page: Page, issue: Issue):
    page.goto(f"{issue.get_absolute_url()}?left=type:government&right=type:ngo")
    page.emulate_media(media="print")
    expect(page.get_by_role("form", name="Sides")).to_be_hidden()
    expect(page.get_by_role("cell", name="1 supports").first).to_be_visible()
