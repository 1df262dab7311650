"""Texts that mean harm, on every page, in a real browser: they are shown, and nothing else.

`HOSTILE_PAYLOADS=2000` takes all payloads and every page of each, which takes very long;
`HOSTILE_PART=1/16` with it takes a sixteenth of them, and every page of these.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import quote as quoted
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from statements.models import ReaderReport
from tests.browser.watching import Watch
from tests.hostile_site import END, HostileSite, make_hostile_site
from tests.payloads import COUNT, payloads

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MANY = int(os.environ.get("HOSTILE_PAYLOADS", "300"))
EVERY = MANY >= COUNT
PART, PARTS = map(int, os.environ.get("HOSTILE_PART", "1/1").split("/"))
FILTERS: tuple[str, ...] = (
    "type",
    "actor",
    "speaker",
    "issue",
    "stance",
    "kind",
    "outlet",
    "from",
    "to",
    "q",
)
FILTERS += ("asof", "sort", "view", "once", "after")

# What a form came to is there: another page, or by htmx a part of this one.
ANSWERED = """() => document.readyState === "complete"
  && (!window.__before || document.querySelector("form[hx-post]"))
  && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling")"""


@pytest.fixture
def texts() -> list[str]:
    return [each.text for each in payloads()[:MANY][PART - 1 :: PARTS]]


@pytest.fixture
def site(transactional_db: None, texts: list[str]) -> HostileSite:
    return make_hostile_site(texts)


@pytest.fixture
def watch(browser: Browser, live_server: LiveServer) -> Iterator[Watch]:
    context = browser.new_context(base_url=live_server.url)
    context.set_default_timeout(30_000)
    yield Watch(context, live_server.url, END)
    context.close()


def signed_in(page: Page, site: HostileSite, origin: str) -> Page:
    client = Client()
    assert site.admin
    client.force_login(site.admin)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": origin}])
    return page


@pytest.fixture
def page(
    browser: Browser, watch: Watch, live_server: LiveServer, site: HostileSite
) -> Iterator[Page]:
    context = browser.contexts[-1]
    page = context.new_page()
    yield signed_in(page, site, live_server.url)
    page.close()


def some[T](rows: list[T], few: int) -> list[T]:
    """All of them in the full run, otherwise a few from everywhere."""
    return rows if EVERY else rows[:: max(1, len(rows) // few)][:few]


def test_what_is_stored_is_shown_and_does_nothing(
    page: Page, watch: Watch, site: HostileSite, live_server: LiveServer
):
    for address in addresses(site):
        watch.visit(page, address)
    # Page after page of the list, as a reader goes on.
    page.goto("/")
    for _ in range(len(site.quotes) // 20 if EVERY else 6):
        more = page.locator("#more a")
        if not more.count():
            break
        watch.visit(page, "/" + (more.get_attribute("href") or ""))
    page.context.clear_cookies()
    for quote in some(site.quotes, 12):
        watch.visit(page, f"/quotes/{quote.uuid}/embed/", (550, 320))
    assert not watch.found, watch.summary()
    print(f"{watch.visited} pages with {len(site.quotes)} payloads")  # noqa: T201


ALONE = ["/", "/?view=timeline", "/?sort=doubtful", "/?once=1", "/api/", "/articles/", "/actors/"]
ALONE += ["/issues/", "/issues/new/", "/annotate/", "/review/", "/desk/", "/desk/rereading/"]
ALONE += ["/desk/labels/", "/desk/identities/", "/desk/reports/", "/desk/identities/import/"]
ALONE += ["/desk/identities/actor/", "/desk/identities/speaker/"]
OF_ISSUE = ["issue", "issue_edit", "guidelines", "annotate", "annotate_history", "review"]
OF_ISSUE += ["suggestion_record"]


def addresses(site: HostileSite) -> Iterator[str]:
    yield from ALONE
    for number in range(1, len(site.actors) // 60 + 1 if EVERY else 3):
        yield f"/actors/?page={number}"
    for issue in site.issues:
        yield from (reverse(f"statements:{name}", args=[issue.slug]) for name in OF_ISSUE)
        yield f"/issues/{issue.slug}/?left=type:government&right=type:ngo"
        yield f"/?issue={issue.slug}"
    yield from addresses_of_texts(site)
    yield from addresses_of_names(site)
    yield from addresses_of_imports(site)


def addresses_of_texts(site: HostileSite) -> Iterator[str]:
    yield from (article.get_absolute_url() for article in some(site.articles, 4))
    yield from (quote.get_absolute_url() for quote in some(site.quotes, 16))
    for quote in some(site.quotes, 3)[:100]:
        for name in ("quote_voice", "quote_words", "report_quote"):
            yield reverse(f"statements:{name}", args=[quote.uuid])
    for report in some(list(ReaderReport.objects.all()), 2):
        yield reverse("statements:report", args=[report.pk])


def addresses_of_names(site: HostileSite) -> Iterator[str]:
    for kind, rows in (("actor", site.actors), ("speaker", site.speakers)):
        slugs = [row.slug for row in rows]
        for slug in some(slugs, 6):
            yield reverse(f"statements:{kind}", args=[slug])
            yield reverse("statements:identity", args=[kind, slug])
        for slug in some(slugs, 2)[:50]:
            yield reverse("statements:identity_merge", args=[kind, slug]) + "?who=a"
            yield reverse("statements:identity_split", args=[kind, slug])
            yield f"/?{kind}={slug}&sort=oldest"


def addresses_of_imports(site: HostileSite) -> Iterator[str]:
    for batch in site.batches:
        yield batch.get_absolute_url()
        yield reverse("statements:batch_undo", args=[batch.uuid])
        for item in some(list(batch.items.filter(file__isnull=False)), 4):
            yield f"{batch.get_absolute_url()}files/{item.file_id}/"


def test_what_is_asked_for_is_shown_and_does_nothing(page: Page, watch: Watch, texts: list[str]):
    for start in range(0, len(texts), 14 if EVERY else 80):
        chosen = dict(zip(FILTERS, texts[start : start + 14], strict=False))
        watch.visit(page, f"/?{urlencode(chosen)}")
    for text in some(texts, 6):
        watch.visit(page, f"/desk/identities/actor/?{urlencode({'q': text, 'standing': text})}")
        watch.visit(page, f"/?{urlencode({'q': text[:200]})}")
        watch.visit(page, f"/accounts/login/?{urlencode({'next': text})}")
        path = quoted(text.replace("/", " ")[:200], safe="")
        if path not in {".", ".."}:
            watch.visit(page, f"/actors/{path}/")
        watch.visit(page, f"/issues/new/?{urlencode({'actor': text})}")
    assert not watch.found, watch.summary()


def test_what_is_typed_comes_back_with_its_errors_and_does_nothing(
    page: Page, watch: Watch, site: HostileSite, texts: list[str]
):
    forms = [
        "/issues/new/",
        "/desk/",
        f"/quotes/{site.quotes[0].uuid}/report/",
        f"/quotes/{site.quotes[0].uuid}/words/",
        f"/quotes/{site.quotes[0].uuid}/voice/",
        f"/issues/{site.issues[0].slug}/edit/",
        f"/issues/{site.issues[0].slug}/guidelines/",
        f"/quotes/{site.quotes[0].uuid}/",
    ]
    for number, address in enumerate(forms):
        # In the full run each text into one of the forms.
        for text in texts[number :: len(forms) if EVERY else len(texts) // 2]:
            page.goto(address)
            for each in page.locator(
                "main input[type=text], main input[type=search], main input:not([type]),"
                "main input[type=url], main input[type=email], main textarea"
            ).all():
                if each.is_visible():
                    each.fill(text[:500])
            buttons = page.locator("main form[method=post] button[type=submit]:visible")
            if buttons.count():
                # The server is to see it, whatever the browser would say of it.
                page.evaluate("for (const each of document.forms) each.noValidate = true")
                page.evaluate("window.__before = true")
                with page.expect_response(lambda got: got.request.method == "POST"):
                    buttons.first.click(no_wait_after=True)
                page.wait_for_function(ANSWERED)
            watch.where = f"{address} with {text[:60]!r}"
            watch.look(page)
    assert not watch.found, watch.summary()
