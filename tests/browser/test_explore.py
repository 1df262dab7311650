"""Explore by hand: names found by typing, dates dragged, views saved, and what a page weighs."""

from __future__ import annotations

import gzip
import re
from datetime import date

import pytest
from playwright.sync_api import Page, Response, expect

from statements.labelling import record_label
from statements.models import SavedView
from tests.browser.conftest import NewPage, sign_in
from tests.browser.test_pages import overflow, violations
from tests.factories import (
    PASSWORD,
    make_actor,
    make_article,
    make_issue,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def months() -> None:
    """A quote in each month of a year, of as many actors; the last one an NGO's."""
    for month in range(1, 13):
        actor = make_actor(
            f"Council of Canton {month:02}", type="ngo" if month == 12 else "government"
        )
        where = {4: "by the river", 5: "at the canal"}.get(month, "in town")
        make_quote(f"said in month {month:02} {where}", actor=actor, said_on=date(2024, month, 10))


# -- Names --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("months")
def test_an_actor_is_found_by_typing_and_taken_by_keys(page: Page):
    page.goto("/")
    field = page.get_by_label("Find any actor by name")
    field.press_sequentially("canton 07")
    expect(page.locator("#found-actor-says")).to_have_text("1 found")
    field.press("ArrowDown")
    expect(page.locator("[data-found]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/\?actor=council-of-canton-07$"))
    expect(page.locator(".quote-card")).to_have_count(1)
    chosen = page.get_by_role("checkbox", name=re.compile("^Council of Canton 07"))
    expect(chosen).to_have_count(1)
    expect(chosen).to_be_checked()
    expect(chosen).to_be_focused()
    expect(field).to_have_value("")
    field.press_sequentially("canton 07")
    expect(page.locator("#found-actor")).to_contain_text("chosen")
    field.press("Escape")
    expect(field).to_have_value("")
    expect(page.locator("#found-actor .option")).to_have_count(0)
    page.go_back()
    expect(page.locator(".quote-card")).to_have_count(12)
    expect(page.get_by_role("checkbox", name=re.compile("Canton 07"))).to_have_count(0)


@pytest.mark.usefixtures("months")
def test_typing_a_name_changes_neither_the_list_nor_the_address(page: Page):
    page.goto("/?type=government")
    page.get_by_label("Find any actor by name").fill("nobody")
    expect(page.locator("#found-actor-says")).to_have_text("Nobody who is quoted is called so")
    page.get_by_label("Find any actor by name").press("Enter")
    page.get_by_label("Find any actor by name").press("Tab")
    expect(page.locator(".quote-card")).to_have_count(11)
    expect(page).to_have_url(re.compile(r"/\?type=government$"))


@pytest.mark.usefixtures("months")
def test_an_actor_is_found_without_javascript(new_page: NewPage):
    page = new_page(java_script_enabled=False)
    page.goto("/?type=government")
    page.get_by_label("Find any actor by name").fill("canton 07")
    page.get_by_role("button", name="Show", exact=True).click()
    page.locator("#found-actor").get_by_role("checkbox").check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".quote-card")).to_have_count(1)
    expect(page.locator("#headline")).to_have_text("What Council of Canton 07 said")


# -- Dates --------------------------------------------------------------------------------------


def middle(page: Page, bar: int) -> tuple[float, float]:
    box = page.locator(".histogram .bar-room").nth(bar).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.usefixtures("months")
@pytest.mark.parametrize(("first", "last"), [(2, 4), (4, 2)], ids=["forwards", "backwards"])
def test_a_range_is_dragged_over_the_bars(page: Page, first: int, last: int):
    page.goto("/?type=government")
    page.locator(".histogram").scroll_into_view_if_needed()
    page.mouse.move(*middle(page, first))
    page.mouse.down()
    page.mouse.move(*middle(page, 3), steps=3)
    page.mouse.move(*middle(page, last), steps=3)
    expect(page.locator(".histogram .dragged")).to_have_count(3)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"/\?type=government&from=2024-03-01&to=2024-05-31$"))
    expect(page.locator(".quote-card")).to_have_count(3)
    expect(page.locator(".histogram .bar.chosen")).to_have_count(3)
    expect(page.get_by_label("From", exact=True)).to_have_value("2024-03-01")
    page.go_back()
    expect(page.locator(".quote-card")).to_have_count(11)
    expect(page.get_by_label("From", exact=True)).to_have_value("")


@pytest.mark.usefixtures("months")
def test_one_bar_is_clicked_and_a_range_is_typed(page: Page):
    page.goto("/")
    page.locator(".histogram a").nth(4).click()
    expect(page).to_have_url(re.compile(r"/\?from=2024-05-01&to=2024-05-31$"))
    expect(page.locator(".quote-card")).to_have_count(1)
    page.get_by_label("Until", exact=True).fill("2024-07-31")
    page.get_by_label("Until", exact=True).press("Tab")
    expect(page.locator(".quote-card")).to_have_count(3)
    page.locator(".histogram a").nth(0).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/\?from=2024-01-01&to=2024-01-31$"))


# -- What a swap keeps --------------------------------------------------------------------------


@pytest.mark.usefixtures("months")
def test_a_swap_keeps_the_focus_and_announces_the_count_in_the_same_place(page: Page):
    page.goto("/")
    said = page.locator("#counts")
    expect(said).to_have_attribute("role", "status")
    said.evaluate("each => { each.wasThere = true }")
    ngo = page.get_by_role("checkbox", name=re.compile("^NGO"))
    ngo.focus()
    page.keyboard.press("Space")
    expect(said).to_have_text("1 quote · 1 actor · 1 article")
    assert said.evaluate("each => each.wasThere")
    expect(ngo).to_be_focused()
    page.keyboard.press("Space")
    expect(said).to_contain_text("12 quotes")
    expect(ngo).to_be_focused()


@pytest.mark.usefixtures("months")
def test_how_to_search_is_told_and_holds(page: Page):
    page.goto("/")
    page.get_by_label("How to search").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#search-help")).to_contain_text("every word that begins so")
    page.keyboard.press("Escape")
    expect(page.locator("#search-help dl")).to_be_hidden()
    field = page.get_by_role("searchbox", name="Search what was said")
    asked = {'"said in month"': 12, "month -river": 11, "can*": 1, "river or canal": 2}
    for words, count in asked.items():
        field.select_text()
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        expect(page.locator("#headline")).to_contain_text(f"“{words}”")
        expect(page.locator(".quote-card")).to_have_count(count)


# -- Saved views --------------------------------------------------------------------------------


@pytest.mark.usefixtures("months")
@pytest.mark.parametrize("script", [True, False])
def test_a_view_is_saved_opened_by_another_renamed_and_deleted(new_page: NewPage, script: bool):
    page = new_page(java_script_enabled=script)
    sign_in(page, make_user().username, PASSWORD)
    page.goto("/?type=ngo&asof=2999-01-01")
    save = page.locator("#save")
    save.locator("summary").click()
    save.get_by_label("Save this view as").fill("Civic voices")
    save.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved as “Civic voices”.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/\?type=ngo&asof=2999-01-01$"))
    page.goto("/")
    save.locator("summary").click()
    save.get_by_role("link", name="Civic voices").click()
    expect(page.locator(".quote-card")).to_have_count(1)

    save.locator("summary").click()
    save.get_by_role("link", name="Rename or delete").click()
    address = page.locator(".copy-box").inner_text()
    other = new_page()
    other.goto(address)
    expect(other).to_have_url(re.compile(r"/\?type=ngo&asof=2999-01-01$"))
    expect(other.locator("#headline")).to_have_text("What NGOs said, as of 1 Jan 2999")

    page.get_by_text("Rename Civic voices").click()
    page.get_by_label("New name").fill("Watchdogs")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("status")).to_have_text("It is called “Watchdogs” now.")
    page.get_by_text("Delete Watchdogs").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("heading", name="No saved views yet")).to_be_visible()
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_saved_views_are_for_everyone(new_page: NewPage, scheme: str, width: int):
    user = make_user()
    for name in ("Civic voices", "A" * 80):
        SavedView.objects.create(owner=user, name=name, query="type=ngo&q=" + "long" * 40)
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    sign_in(page, user.username, PASSWORD)
    wrong: dict[str, object] = {}
    for address in ("/?type=ngo&q=" + "long" * 40, "/views/"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
        wrong[address] = violations(page), max(0, overflow(page))
    page.get_by_label("New name").first.fill("civic voices")
    page.get_by_role("button", name="Rename").first.click()
    expect(page.get_by_label("New name").first).to_be_focused()
    wrong["error"] = violations(page), max(0, overflow(page))
    assert wrong == dict.fromkeys(wrong, ([], 0))


def test_the_address_follows_what_is_chosen_and_can_be_copied(new_page: NewPage):
    make_quote(actor=make_actor(type="ngo"))
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/")
    page.get_by_role("checkbox", name=re.compile("^NGO")).check()
    page.locator("#save summary").click()
    expect(page.locator("#link")).to_have_text(re.compile(r"/\?type=ngo$"))
    page.get_by_role("button", name="Copy").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url


# -- Weight -------------------------------------------------------------------------------------

MOST_BYTES = 120_000
MOST_REQUESTS_LATER = 3


@pytest.fixture
def fifty() -> None:
    """A full page: fifty cards of as many people and parties, in ten articles, with stances."""
    issue, editor = make_issue(title="Orsel dam"), make_user("editor")
    words = [
        f"The dam of valley {number} will neither be built in {2000 + number} nor paid for by "
        f"those who live there, whatever council {number * 7} decides"
        for number in range(60)
    ]
    articles = [
        make_article(
            f"The valleys answer, part {part}\n\n"
            + "\n\n".join(f"“{each},” they said." for each in words[part * 6 : part * 6 + 6])
        )
        for part in range(10)
    ]
    for number, said in enumerate(words):
        actor = make_actor(f"Citizens’ Committee of São Tomé {number}", type="civil_society")
        quote = make_quote(
            said,
            article=articles[number // 6],
            actor=actor,
            speaker=make_speaker(f"José Álvarez Müller {number}"),
            role=f"chair of committee {number}",
            said_on=date(2020 + number % 5, number % 12 + 1, 3),
        )
        record_label(quote=quote, issue=issue, editor=editor, label="opposes")


def weight(response: Response) -> int:
    """What goes over the wire: as it is where it is compressed already, else as gzip has it."""
    body = response.body()
    kind = response.headers.get("content-type", "")
    return len(body) if "font" in kind or "image/" in kind else len(gzip.compress(body, 6))


@pytest.mark.usefixtures("fifty")
def test_a_first_view_is_light_and_later_ones_ask_for_the_page_alone(page: Page):
    seen: list[Response] = []
    page.on("response", lambda response: seen.append(response))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".quote-card")).to_have_count(50)
    weights = {each.url: weight(each) for each in seen}
    assert sum(weights.values()) <= MOST_BYTES, weights
    # Characters beyond Latin-1 have faces of their own, which this page does not need.
    fonts = [each for each in weights if each.endswith(".woff2")]
    assert len(fonts) == 2
    assert not any("latin-ext" in each or "italic" in each for each in fonts)

    # What is static has its hash in its name on a server, and is kept by browsers for ever.
    known = {each.url for each in seen}
    for step in (
        lambda: page.get_by_role("checkbox", name=re.compile("^Civil society")).check(),
        lambda: page.goto("/?q=valley"),
        lambda: page.go_back(),
    ):
        seen.clear()
        step()
        page.wait_for_load_state("networkidle")
        asked = [each.url for each in seen if "/static/" not in each.url or each.url not in known]
        assert len(asked) <= MOST_REQUESTS_LATER, asked
