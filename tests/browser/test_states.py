"""Pages with nothing, with an error, with very much and with all that opens: no violation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from statements.labelling import record_label
from statements.models import Issue, Quote
from statements.queueing import fill_queue
from tests.browser.conftest import NewPage, sign_in
from tests.browser.test_pages import overflow, violations
from tests.factories import PASSWORD, make_actor, make_article, make_issue, make_quote, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCHEMES = ("light", "dark")
LISTS = ["/", "/?view=timeline", "/?q=nothing", "/articles/", "/actors/", "/issues/", "/api/"]
DESK = ["/annotate/", "/review/", "/desk/", "/desk/labels/", "/desk/identities/", "/desk/reports/"]
DESK += ["/desk/rereading/", "/desk/identities/import/", "/issues/new/"]


def check(page: Page, wrong: dict[str, object], name: str) -> None:
    """Look at the page as it is now, by day and by night."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        if found := violations(page):
            wrong[f"{name}, {scheme}"] = found
    if (wider := overflow(page)) > 0:
        wrong[f"{name} overflows"] = wider


@pytest.fixture
def admin_page(page: Page) -> Page:
    page.set_viewport_size({"width": 360, "height": 900})
    sign_in(page, make_user("admin").username, PASSWORD)
    return page


def test_a_site_with_nothing_in_it(page: Page, new_page: NewPage):
    wrong: dict[str, object] = {}
    staff = new_page()
    sign_in(staff, make_user("admin").username, PASSWORD)
    for shown, addresses in ((page, LISTS), (staff, LISTS + DESK)):
        for address in addresses:
            shown.goto(address)
            check(shown, wrong, address)
    assert wrong == {}


@pytest.fixture
def quote() -> Quote:
    league = make_actor("River League", type="ngo")
    return make_quote("We firmly oppose the report", actor=league, kind="mixed")


@pytest.fixture
def issue(quote: Quote) -> Issue:
    issue = make_issue(title="The report", terms=["report"])
    fill_queue(issue)
    return issue


def test_forms_that_come_back_with_their_errors(admin_page: Page, quote: Quote, issue: Issue):
    page = admin_page
    wrong: dict[str, object] = {}
    forms = [
        "/issues/new/",
        f"/issues/{issue.slug}/edit/",
        "/desk/",
        "/desk/labels/",
        "/desk/identities/import/",
        f"/quotes/{quote.uuid}/words/",
        f"/quotes/{quote.uuid}/voice/",
        f"/quotes/{quote.uuid}/report/",
    ]
    for address in forms:
        page.goto(address)
        # What browsers would ask for themselves is left to the server here.
        page.evaluate("document.querySelectorAll('form').forEach((each) => each.noValidate = true)")
        for each in page.locator("main form[method=post] :is(input[type=text], textarea)").all():
            if each.is_visible():
                each.fill("")
        page.locator("main form[method=post] [type=submit]:visible").first.click()
        page.wait_for_load_state("networkidle")
        check(page, wrong, f"{address} with errors")
    assert wrong == {}


def test_a_sign_in_that_fails(page: Page):
    wrong: dict[str, object] = {}
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    check(page, wrong, "sign in")
    assert wrong == {}


@pytest.mark.parametrize("address", ["/no-such-page/", "/desk/", "/quotes/1/"])
def test_pages_that_say_no(new_page: NewPage, address: str):
    page = new_page()
    sign_in(page, make_user("editor").username, PASSWORD)
    # An answer that says no is an error to the browser's console as well, and here it is meant.
    page.route(f"**{address}", lambda route: route.fulfill(response=route.fetch(), status=200))
    wrong: dict[str, object] = {}
    page.goto(address)
    check(page, wrong, address)
    assert wrong == {}


def test_very_much_of_everything(admin_page: Page, issue: Issue):
    page = admin_page
    editor = make_user("editor")
    said = [f"The report is wrong for the reason number {number}" for number in range(60)]
    article = make_article("Reasons\n\n" + "\n\n".join(f"“{each},” they said." for each in said))
    for number, words in enumerate(said):
        party = make_actor(f"Association number {number}", type="civil_society")
        quote = make_quote(words, actor=party, article=article)
        record_label(quote=quote, issue=issue, editor=editor, label="opposes", note="why")
    wrong: dict[str, object] = {}
    for address in ("/", "/actors/", f"/issues/{issue.slug}/", article.get_absolute_url()):
        page.goto(address)
        more = page.locator("#more a")
        if more.count():
            more.first.click()
            page.wait_for_load_state("networkidle")
        check(page, wrong, address)
    assert wrong == {}


OPEN: dict[str, Callable[[Page], None]] = {
    "details": lambda page: page.evaluate(
        "document.querySelectorAll('details').forEach((each) => each.open = true)"
    ),
    "dialogs": lambda page: page.evaluate(
        "document.querySelectorAll('dialog').forEach((each) => each.showModal())"
    ),
}


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("opened", OPEN)
def test_all_that_opens(admin_page: Page, quote: Quote, issue: Issue, opened: str, width: int):
    page = admin_page
    page.set_viewport_size({"width": width, "height": 900})
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="opposes", note="why")
    places = {
        "/": "details",
        "/issues/": "details",
        f"/issues/{issue.slug}/": "details",
        quote.get_absolute_url(): "details",
        f"/annotate/{issue.slug}/": "details dialogs",
        f"/review/{issue.slug}/": "details",
        "/desk/identities/": "details",
    }
    wrong: dict[str, object] = {}
    for address, kinds in places.items():
        if opened in kinds:
            page.goto(address)
            OPEN[opened](page)
            page.wait_for_load_state("networkidle")
            check(page, wrong, f"{address} with its {opened} open")
    assert wrong == {}
