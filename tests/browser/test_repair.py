"""An editor repairs quotes in a real browser: by keys, by touch, and without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from statements.models import Affiliation, Issue, Quote, QuoteEdit, QuotePart, StanceLabel
from statements.queueing import add_to_queue
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

TEXT = (
    "Two sides of a dam\n\n"
    "“We firmly oppose the dam,” Ana Ruiz said on Monday. “It is the wrong place.”\n\n"
    "The league called it a mistake that nobody would make twice."
)


@pytest.fixture
def issue() -> Issue:
    """Two quotes in the queue: one in two parts of somebody unknown, and a report."""
    article = make_article(TEXT)
    first = make_quote("We firmly oppose the dam,", article=article)
    words = "It is the wrong place."
    start = TEXT.index(words)
    QuotePart.objects.create(
        quote=first, ordinal=1, start=start, end=start + len(words), content=words
    )
    first.end, first.content = start + len(words), f"We firmly oppose the dam. {words}"
    first.save()
    league = make_actor("River League", type="ngo")
    second = make_quote("a mistake", article=article, actor=league, kind="indirect")
    chair = make_speaker("Ana Ruiz")
    Affiliation.objects.create(
        speaker=chair, actor=make_actor("Government of Varonia", type="government"), post="minister"
    )
    make_speaker("Anselm Korrigan")
    issue = make_issue(slug="dam")
    for number, quote in enumerate((first, second)):
        item = add_to_queue(issue, quote)
        item.place, item.is_double = number / 10, False
        item.save()
    return issue


def first_quote() -> Quote:
    return Quote.objects.order_by("start")[0]


def open_queue(page: Page, issue: Issue) -> None:
    sign_in(page, make_user("editor").username, PASSWORD)
    page.goto(reverse("statements:annotate", args=[issue.slug]))


def settled(page: Page) -> None:
    """Wait for what a request brought to answer to keys."""
    expect(page.locator(":is(.htmx-request, .htmx-added, .htmx-settling)")).to_have_count(0)


def chosen(page: Page) -> str:
    """The words that are marked, as they follow each other."""
    words = page.locator(".passage .chosen").all_text_contents()
    return re.sub(r"\s+", " ", "".join(words))


def test_the_arrow_keys_move_the_ends_and_enter_saves(page: Page, issue: Issue):
    open_queue(page, issue)
    page.keyboard.press("c")
    page.get_by_label("Note").fill("Half a thought")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator("[data-passage]")).to_be_focused()
    expect(page.locator(".passage .active.word")).to_have_text("We firmly oppose the dam,".split())
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert "firmly oppose the dam,” Ana Ruiz" in chosen(page)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    # An answer's key is none while a repair is open.
    page.keyboard.press("1")
    assert chosen(page) == "firmly oppose the dam,It is the wrong"
    page.keyboard.press("Enter")
    expect(page.locator(".repair")).to_have_count(0)
    expect(page.locator(".saved")).to_contain_text("Words changed")
    expect(page.locator(".annotate-panel .said")).to_contain_text("It is the wrong")
    expect(page.get_by_label("Note")).to_have_value("Half a thought")
    assert first_quote().content == "firmly oppose the dam. It is the wrong"
    assert not StanceLabel.objects.exists()
    settled(page)
    page.keyboard.press("1")
    expect(page.locator("#progress")).to_contain_text("1 judged")
    for taken in ("Supports", "words changed"):
        settled(page)
        page.keyboard.press("u")
        expect(page.locator(".saved")).to_contain_text(re.compile(rf"Taken back:\W+{taken}"))
    expect(page.locator(".annotate-panel .said")).to_contain_text("It is the wrong place.")
    assert first_quote().content == "We firmly oppose the dam. It is the wrong place."


def test_escape_leaves_the_words_as_they_are(page: Page, issue: Issue):
    open_queue(page, issue)
    page.keyboard.press("e")
    expect(page.locator("[data-passage]")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    expect(page.locator(".repair")).to_have_count(0)
    expect(page.locator('[data-key="e"]')).to_be_focused()
    assert not QuoteEdit.objects.exists()
    page.keyboard.press("2")
    expect(page.locator("#progress")).to_contain_text("1 judged")


def test_clicks_and_drags_take_the_ends_along(page: Page, issue: Issue):
    open_queue(page, issue)
    page.locator('[data-key="e"]').click()
    passage = page.locator("[data-passage]")
    passage.locator(".word", has_text="Monday").click()
    assert chosen(page).startswith("We firmly oppose the dam,” Ana Ruiz said on Monday")
    start, end = passage.locator(".word", has_text="firmly"), passage.locator(".word").nth(8)
    start.hover()
    page.mouse.down()
    end.hover()
    page.mouse.up()
    assert chosen(page).startswith("firmly oppose the")
    page.get_by_role("button", name="Begin a word earlier").click()
    assert chosen(page).startswith("We firmly")
    page.get_by_role("button", name="Save the words").click()
    expect(page.locator(".saved")).to_contain_text("Words changed")


def test_words_that_the_article_lacks_come_back_to_be_typed_again(page: Page, issue: Issue):
    open_queue(page, issue)
    page.keyboard.press("e")
    page.get_by_text("Type the words").click()
    page.get_by_label("Part 1").fill("We firmly oppose the dyke")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("The article does not say")
    expect(page.get_by_label("Part 1")).to_be_focused()
    page.get_by_label("Part 1").fill("")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".saved")).to_contain_text("Words changed")
    assert first_quote().content == "It is the wrong place."


def test_a_speaker_is_found_by_typing_and_taken_by_keys(page: Page, issue: Issue):
    open_queue(page, issue)
    page.keyboard.press("s")
    expect(page.get_by_label("Name of a person or party")).to_be_focused()
    page.keyboard.type("an")
    expect(page.locator(".voice-choice")).to_have_count(4)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Anselm Korrigan")).to_be_focused()
    # Typing goes on in the field.
    page.keyboard.type("a")
    expect(page.get_by_role("button", name="Anselm Korrigan")).to_have_count(0)
    expect(page.get_by_label("Name of a person or party")).to_have_value("ana")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Ana Ruiz")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".saved")).to_contain_text("Speaker changed")
    settled(page)
    expect(page.locator(".annotate-panel .facts").first).to_contain_text("Government of Varonia")
    quote = first_quote()
    assert quote.speaker is not None
    assert (quote.speaker.name, quote.role) == ("Ana Ruiz", "minister")
    page.keyboard.press("u")
    expect(page.locator(".saved")).to_contain_text("Taken back: speaker changed")
    assert first_quote().speaker is None


def test_what_is_not_a_quote_goes_and_comes_back(page: Page, issue: Issue):
    open_queue(page, issue)
    page.keyboard.press("x")
    expect(page.locator(".annotate-panel .said")).to_contain_text("a mistake")
    assert first_quote().state == "rejected"
    settled(page)
    page.keyboard.press("u")
    expect(page.locator(".annotate-panel .said")).to_contain_text("We firmly oppose")
    assert first_quote().state == "proposed"


def test_everything_works_without_javascript(new_page: NewPage, issue: Issue):
    page = new_page(java_script_enabled=False)
    open_queue(page, issue)
    page.get_by_role("link", name="words").click()
    page.get_by_label("Part 1").fill("oppose the dam,")
    page.get_by_role("button", name="Save the words").click()
    expect(page.locator(".saved")).to_contain_text("Words changed")
    page.get_by_role("link", name="speaker").click()
    page.get_by_label("Name of a person or party").fill("ruiz")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Ana Ruiz").click()
    expect(page.locator(".saved")).to_contain_text("Speaker changed")
    page.get_by_role("button", name="not a quote").click()
    expect(page.get_by_role("main")).to_contain_text("Marked as not a quote.")
    for taken in ("marked as not a quote", "speaker changed", "words changed"):
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("main")).to_contain_text(f"Taken back: {taken}.")
    assert first_quote().content == "We firmly oppose the dam. It is the wrong place."


def small_controls(page: Page) -> list[Any]:
    """The controls in sight that are smaller than 24 by 24 CSS pixels, links in a text apart."""
    found: list[Any] = page.evaluate(
        """() => [...document.querySelectorAll(
            "#work :is(a, button, summary, textarea, label:has(input), input:not([type=hidden]))")]
          .filter((each) => each.checkVisibility() && !each.closest(".reading, .article-head")
            && !(each.matches("input") && each.closest("label")))
          .map((each) => [each.outerHTML.slice(0, 120), each.getBoundingClientRect()])
          .filter(([, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
          .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
    )
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_everything_is_large_enough_to_touch(
    new_page: NewPage, issue: Issue, scheme: str
):
    page = new_page(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme=scheme
    )
    open_queue(page, issue)
    assert (small_controls(page), overflow(page)) == ([], 0)
    page.get_by_role("link", name="words").tap()
    expect(page.locator("[data-passage]")).to_be_visible()
    assert (small_controls(page), overflow(page), violations(page)) == ([], 0, [])
    page.locator(".passage .word", has_text="Monday").tap()
    assert "on Monday" in chosen(page)
    page.get_by_role("button", name="End a word earlier").tap()
    page.get_by_role("button", name="Save the words").tap()
    expect(page.locator(".saved")).to_contain_text("Words changed")
    page.get_by_role("link", name="speaker").tap()
    field = page.get_by_label("Name of a person or party")
    # It has the focus once it is wired up, a moment after it is there.
    expect(field).to_be_focused()
    field.fill("korr")
    expect(page.get_by_role("button", name="Anselm Korrigan")).to_be_visible()
    assert (small_controls(page), overflow(page), violations(page)) == ([], 0, [])
    page.get_by_role("button", name="Anselm Korrigan").tap()
    expect(page.locator(".saved")).to_contain_text("Speaker changed")
    assert (small_controls(page), violations(page)) == ([], [])


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_a_repair_are_accessible(
    new_page: NewPage, issue: Issue, scheme: str, width: int
):
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    sign_in(page, make_user("editor").username, PASSWORD)
    address = first_quote().get_absolute_url()
    page.goto(f"{address}words/")
    assert (violations(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name="End a word later").click()
    page.get_by_role("button", name="Save the words").click()
    page.goto(f"{address}voice/?q=an")
    assert (violations(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name="Ana Ruiz").click()
    expect(page.locator("#edits")).to_contain_text("Speaker changed")
    page.get_by_role("button", name="Not a quote").click()
    expect(page.get_by_text("It is not a quote,")).to_be_visible()
    assert (violations(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name="It is a quote after all").click()
    page.get_by_role("button", name="Take back “speaker changed”").click()
    expect(page.get_by_role("status").first).to_contain_text("Taken back: speaker changed.")
