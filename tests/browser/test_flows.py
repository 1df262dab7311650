"""What the three users live in: a reader narrows and reads, an editor labels, an admin imports."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from statements.models import Issue, Quote, StanceLabel
from statements.queueing import fill_queue
from tests.browser.conftest import NewPage, sign_in
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
def quotes() -> list[Quote]:
    """Three quotes of a government and of an NGO, in one article."""
    words = [
        "We firmly oppose the release of the report",
        "The report rests on lies",
        "The report must have consequences",
    ]
    article = make_article(
        "Two sides of a report\n\n" + "\n\n".join(f"“{each},” they said." for each in words)
    )
    ministry = make_actor("Government of Varonia", type="government")
    league = make_actor("River League", type="ngo")
    person = make_speaker("Ana Ruiz")
    return [
        make_quote(words[0], actor=ministry, speaker=person, role="minister", article=article),
        make_quote(words[1], actor=ministry, article=article),
        make_quote(words[2], actor=league, article=article),
    ]


def press(page: Page, key: str) -> None:
    """Press a key as a person does: not within the moment in which a new quote comes up."""
    expect(page.locator(".htmx-request, .htmx-added, .htmx-settling")).to_have_count(0)
    page.keyboard.press(key)


@pytest.mark.usefixtures("quotes")
def test_a_reader_narrows_goes_back_and_reads_a_quote_in_its_place(page: Page):
    page.goto("/")
    cards = page.locator(".quote-card")
    expect(cards).to_have_count(3)
    page.get_by_role("checkbox", name=re.compile("^NGO")).check()
    expect(cards).to_have_count(1)
    expect(page).to_have_url(re.compile(r"type=ngo"))
    expect(page.locator("#counts")).to_contain_text("1 quote")
    page.go_back()
    expect(cards).to_have_count(3)
    expect(page.get_by_role("checkbox", name=re.compile("^NGO"))).not_to_be_checked()
    page.go_forward()
    expect(cards).to_have_count(1)
    page.reload()
    expect(cards).to_have_count(1)
    page.get_by_role("link", name=re.compile("^In context")).click()
    marked = page.locator("mark:target, .q:target, :target").first
    expect(marked).to_be_in_viewport()
    expect(marked).to_contain_text("The report must have consequences")


@pytest.mark.usefixtures("quotes")
def test_a_reader_searches_with_the_slash_key(page: Page):
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("lies")
    page.keyboard.press("Enter")
    expect(page.locator(".quote-card")).to_have_count(1)
    expect(page.locator(".quote-card mark")).to_have_text("lies")


@pytest.mark.usefixtures("quotes")
def test_everything_a_reader_does_works_without_javascript(new_page: NewPage):
    page = new_page(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("checkbox", name=re.compile(r"^Government \d")).check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".quote-card")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"type=government"))
    page.get_by_role("link", name=re.compile("^In context")).first.click()
    expect(page.locator(":target").first).to_be_in_viewport()


def test_an_editor_labels_with_one_key_each_and_changes_a_mind(page: Page, quotes: list[Quote]):
    issue = make_issue(terms=["report"], double_percent=0)
    fill_queue(issue)
    editor = make_user("editor")
    sign_in(page, editor.username, PASSWORD)
    page.goto(f"/annotate/{issue.slug}/")
    for judged, key in enumerate(("2", "2", "1"), start=1):
        press(page, key)
        expect(page.locator("#progress")).to_contain_text(f"{judged} judged")
    assert StanceLabel.objects.filter(editor=editor, is_current=True).count() == 3
    press(page, "u")
    expect(page.get_by_text("Taken back:")).to_contain_text("Taken back:")
    page.get_by_role("button", name=re.compile("Neutral")).click()
    expect(page.get_by_text("Saved:")).to_contain_text("Neutral")
    assert StanceLabel.objects.count() == 5
    assert StanceLabel.objects.get(is_current=True, label="neutral").supersedes is not None
    page.goto("/")
    assert StanceLabel.objects.current().count() == 3
    page.goto(quotes[0].get_absolute_url())
    expect(page.get_by_role("main")).to_contain_text(editor.username)


def test_twenty_quotes_take_twenty_keys_and_as_many_undo_them(page: Page):
    issue = make_issue(terms=["report"], double_percent=10)
    words = [f"The report says so, number {number}" for number in range(20)]
    article = make_article("\n\n".join(f"“{each},” they said." for each in words))
    for each in words:
        make_quote(each, article=article)
    fill_queue(issue)
    editor = make_user("editor")
    sign_in(page, editor.username, PASSWORD)
    page.goto(f"/annotate/{issue.slug}/")
    progress = page.locator("#progress")
    for judged in range(1, 21):
        press(page, "12340"[judged % 5])
        expect(progress).to_contain_text(f"{judged} judged")
    labels = StanceLabel.objects.filter(editor=editor)
    assert labels.current().count() == 20
    page.reload()
    for left in reversed(range(20)):
        press(page, "u")
        expect(progress).to_contain_text(f"{left} judged")
    assert labels.current().count() == 0
    page.get_by_role("link", name="What you did").click()
    expect(page.locator("#steps li")).to_have_count(40)


@pytest.mark.usefixtures("quotes")
def test_shift_means_unsure_and_no_key_acts_where_one_types(page: Page):
    issue = make_issue(terms=["report"], double_percent=0)
    fill_queue(issue)
    sign_in(page, make_user("editor").username, PASSWORD)
    page.goto(f"/annotate/{issue.slug}/")
    page.keyboard.press("c")
    page.keyboard.type("12 of them")
    expect(page.get_by_role("textbox", name="Note")).to_have_value("12 of them")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Digit2")
    expect(page.locator("#progress")).to_contain_text("1 judged")
    label = StanceLabel.objects.get()
    assert (label.label, label.is_sure, label.note) == ("opposes", False, "12 of them")


@pytest.mark.usefixtures("quotes")
def test_single_keys_can_be_switched_off(page: Page):
    issue = make_issue(terms=["report"], double_percent=0)
    fill_queue(issue)
    sign_in(page, make_user("editor").username, PASSWORD)
    page.goto(f"/annotate/{issue.slug}/")
    page.keyboard.press("?")
    page.get_by_label("Single keys are on").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()
    page.keyboard.press("1")
    page.get_by_role("button", name="Keys", exact=True).click()
    page.get_by_label("Single keys are on").check()
    page.get_by_role("button", name="Close").click()
    assert not StanceLabel.objects.exists()
    page.keyboard.press("1")
    expect(page.locator("#progress")).to_contain_text("1 judged")


def test_two_editors_at_one_quote_are_both_told(new_page: NewPage, quotes: list[Quote]):
    issue = make_issue(terms=["report"], double_percent=0)
    fill_queue(issue)
    pages = {}
    for name in ("ann", "bob"):
        pages[name] = new_page()
        sign_in(pages[name], make_user("editor", username=name).username, PASSWORD)
        pages[name].goto(f"/annotate/{issue.slug}/?quote={quotes[0].uuid}")
    ann, bob = pages["ann"], pages["bob"]
    expect(bob.get_by_text("ann has this quote open too.")).to_be_visible()
    ann.keyboard.press("1")
    expect(ann.locator("#progress")).to_contain_text("1 judged")
    bob.keyboard.press("2")
    expect(bob.get_by_role("alert")).to_contain_text("ann judged the same quote")
    ann.keyboard.press("j")
    expect(ann.get_by_role("alert")).to_contain_text("bob judged a quote at the same time")
    ann.get_by_role("button", name="I have seen it").click()
    expect(ann.get_by_role("alert")).to_have_count(0)
    assert StanceLabel.objects.current().count() == 2


def test_an_editor_labels_without_javascript(new_page: NewPage, quotes: list[Quote]):
    issue = make_issue(terms=["report"])
    page = new_page(java_script_enabled=False)
    sign_in(page, make_user("editor").username, PASSWORD)
    page.goto(quotes[0].get_absolute_url())
    page.get_by_label("Issue").select_option(issue.slug)
    page.get_by_role("button", name=re.compile("Opposes")).click()
    expect(page.locator(".stance-opposes").first).to_be_visible()
    label = StanceLabel.objects.get()
    assert (label.quote, label.label) == (quotes[0], "opposes")


def test_an_admin_pastes_an_article_and_sees_its_quotes_in_place(page: Page):
    sign_in(page, make_user("admin").username, PASSWORD)
    page.goto("/desk/")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("alert")).to_contain_text("Paste the text of an article")
    page.get_by_label("Text of the article").fill(
        "Toll stays\n\n“We are keeping the toll,” transport minister Ana Ruiz said on Monday."
    )
    page.get_by_label("Published on").fill("2024-05-01")
    page.get_by_role("button", name="Import").click()
    page.wait_for_url("**/desk/batches/**", timeout=60_000)
    expect(page.get_by_role("main")).to_contain_text("1 quote")
    page.get_by_role("link", name="We are keeping the toll").click()
    expect(page.locator(":target").first).to_contain_text("We are keeping the toll")
    assert Quote.objects.get().speaker is not None


def test_an_admin_uploads_files_and_reads_why_one_was_refused(page: Page, tmp_path):
    (tmp_path / "good.txt").write_text("Title\n\nNothing was said.", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    sign_in(page, make_user("admin").username, PASSWORD)
    page.goto("/desk/")
    page.get_by_label("Or files").set_input_files([tmp_path / "good.txt", tmp_path / "empty.txt"])
    page.get_by_role("button", name="Import").click()
    page.wait_for_url("**/desk/batches/**", timeout=60_000)
    expect(page.get_by_role("main")).to_contain_text("1 new")
    expect(page.get_by_role("main")).to_contain_text("It is empty")


def test_a_lead_writes_an_issue_on_an_actor_that_is_found_while_typing(
    page: Page, quotes: list[Quote]
):
    league = make_actor("Herders’ League", type="ngo")
    sign_in(page, make_user("lead").username, PASSWORD)
    page.goto("/issues/")
    page.get_by_role("link", name="Write the first issue").click()
    page.get_by_label("Title").fill("Attitude toward the league")
    expect(page.get_by_label("Actor", exact=True)).to_be_hidden()
    page.get_by_label("Attitude toward an actor").check()
    page.get_by_label("Actor", exact=True).press_sequentially("leag")
    page.get_by_label("Herders’ League").check()
    page.get_by_role("button", name="Save the issue").click()
    expect(page.get_by_role("alert")).to_contain_text("3 fields need another look")
    expect(page.get_by_label("Herders’ League")).to_be_checked()
    page.get_by_role("textbox", name="Proposition").fill("The league deserves approval")
    page.get_by_label("Supporting it is called").fill("approves")
    page.get_by_label("Opposing it is called").fill("disapproves")
    page.get_by_role("button", name="Save the issue").click()
    page.wait_for_url("**/issues/attitude-toward-the-league/")
    assert Issue.objects.get().actor == league


def test_an_editor_moves_a_quote_between_queues(page: Page, quotes: list[Quote]):
    issue = make_issue(title="Toll")
    sign_in(page, make_user("editor").username, PASSWORD)
    page.goto(quotes[0].get_absolute_url())
    page.get_by_label("Note").fill("Half a thought")
    page.get_by_label("Put it into the queue of").select_option(issue.slug)
    page.get_by_role("button", name="Put it in").click()
    expect(page.locator("#queues")).to_contain_text("In the queue of Toll")
    expect(page.get_by_label("Note")).to_have_value("Half a thought")
    page.get_by_role("button", name="Take out").click()
    expect(page.locator("#queues")).to_contain_text("Taken out of the queue of Toll")
