"""Sharing as people do it: copying, embedding on another site, following the API's examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from statements.labelling import record_label
from statements.models import Quote
from tests.browser.conftest import NewPage
from tests.browser.test_pages import overflow, violations
from tests.factories import (
    make_actor,
    make_article,
    make_issue,
    make_outlet,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "We firmly oppose the report </script> and all that it rests on, from first to last"


@pytest.fixture
def quote() -> Quote:
    article = make_article(
        f"A report divides\n\n“{WORDS},” she said.",
        byline="Bo Ek",
        outlet=make_outlet("The Gazette"),
    )
    ministry = make_actor("Government of Varonia", type="government")
    found = make_quote(
        WORDS, actor=ministry, speaker=make_speaker("Ana Ruiz"), role="minister", article=article
    )
    issue = make_issue(title="A report")
    record_label(quote=found, issue=issue, editor=make_user("editor"), label="opposes")
    return found


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address of another site that shows it."""
    handler = partial(_Quiet, directory=str(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / "favicon.ico").write_bytes(b"")
    yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_data_block_offends_no_policy_and_a_citation_can_be_copied(
    new_page: NewPage, quote: Quote
):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(quote.get_absolute_url())
    block = page.locator('script[type="application/ld+json"]')
    assert json.loads(block.text_content() or "")["text"] == WORDS
    page.locator("summary", has_text="BibTeX").click()
    page.get_by_role("button", name="Copy BibTeX").click()
    expect(page.get_by_role("button", name="Copied BibTeX")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@article{ek2024-")
    assert copied.endswith("}")


def test_without_javascript_a_click_selects_the_citation(new_page: NewPage, quote: Quote):
    page = new_page(java_script_enabled=False)
    page.goto(quote.get_absolute_url())
    expect(page.get_by_text(re.compile(r"^Ek, B\. \(2024"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Copy"))).to_have_count(0)
    page.locator("summary", has_text="Chicago").click()
    expect(page.get_by_text(re.compile("^Ek, Bo. “"))).to_be_visible()


def test_the_card_stands_in_a_page_of_another_site_and_nothing_else_does(
    page: Page,
    browser: Browser,
    quote: Quote,
    live_server: LiveServer,
    elsewhere: tuple[Path, str],
):
    page.goto(quote.get_absolute_url())
    page.get_by_text("Show this quote on another site").click()
    code = page.locator("#embed-text").inner_text()
    folder, address = elsewhere
    (folder / "page.html").write_text(f"<!doctype html><title>Blog</title><p>Read this:</p>{code}")
    page.goto(f"{address}/page.html")
    card = page.frame_locator("iframe")
    expect(card.get_by_text("We firmly oppose the report")).to_be_visible()
    for words in ("Ana Ruiz", "minister", "Government of Varonia", "Opposes", "The Gazette"):
        expect(card.get_by_text(words).last).to_be_visible()
    frame = page.frames[1]
    assert frame.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0

    # A refused frame is an error to the console too, so it is asked without listening.
    context = browser.new_context()
    strict = context.new_page()
    page_address = f"{live_server.url}{quote.get_absolute_url()}"
    (folder / "other.html").write_text(f'<!doctype html><iframe src="{page_address}"></iframe>')
    strict.goto(f"{address}/other.html")
    assert "We firmly oppose" not in strict.frames[1].content()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [280, 550])
def test_the_card_is_accessible_and_fits(new_page: NewPage, quote: Quote, scheme: str, width: int):
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 400})
    page.goto(f"/quotes/{quote.uuid}/embed/")
    assert violations(page) == []
    assert overflow(page) <= 0
    with page.expect_popup() as opened:
        page.get_by_role("link", name="This quote on Newsroom").click()
    assert opened.value.url.endswith(quote.get_absolute_url())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_the_pages_of_sharing_are_accessible(
    new_page: NewPage, quote: Quote, scheme: str, width: int
):
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    for address in ("/api/", "/?type=government&asof=2030-01-01", quote.get_absolute_url()):
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
        assert violations(page) == []
        assert overflow(page) <= 0


@pytest.mark.usefixtures("quote")
def test_a_view_is_frozen_by_a_link_and_narrowed_further(page: Page):
    page.goto("/?type=government")
    page.get_by_text("Export").click()
    page.get_by_role("link", name="Cite this view").click()
    expect(page.get_by_text("Frozen for citation")).to_be_visible()
    expect(page).to_have_url(re.compile(r"type=government&asof=\d{4}-\d\d-\d\d"))
    page.get_by_role("checkbox", name=re.compile("^Direct speech")).check()
    expect(page).to_have_url(re.compile(r"kind=direct&asof="))
    expect(page.get_by_text("Frozen for citation")).to_be_visible()
    page.get_by_role("link", name=re.compile("As of .*, remove")).click()
    expect(page.get_by_text("Frozen for citation")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("asof"))
