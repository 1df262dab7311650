"""Every page in light and dark, wide and narrow: no accessibility violation, nothing cut off."""

from __future__ import annotations

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from statements.identity_editing import rename
from statements.ingest.importing import add_upload, open_batch
from statements.ingest.linking import link_article
from statements.ingest.readers import read_bytes
from statements.ingest.suggesting import suggest_stances
from statements.labelling import adjudicate, record_label
from statements.models import ImportBatch, JointVoice, Quote
from statements.models.issues import publish_guideline
from statements.queueing import fill_queue
from tests.browser.conftest import NewPage, sign_in
from tests.factories import (
    PASSWORD,
    make_actor,
    make_article,
    make_double,
    make_issue,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READER = ["/", "/?type=ngo&q=report", "/?view=timeline", "/?q=nothing-like-it", "/accounts/login/"]
READER += ["/articles/", "/actors/", "/issues/", "/no-such-page/"]
READER += ["/?once=1", "/articles/?copies=shown", "copied article", "repeated quote"]
READER += ["article", "quote", "open quote", "actor", "speaker", "issue", "guidelines"]
READER += ["/?find-actor=league"]
STAFF = ["draft", "file", "/desk/rereading/"]
STAFF += ["/desk/", "/desk/labels/", "/annotate/", "/review/", "review", "quote", "batch"]
STAFF += ["/issues/", "/issues/new/", "new attitude", "edit issue", "guidelines", "actor"]
STAFF += ["/desk/identities/", "/desk/identities/?kind=actor&standing=all", "identity", "who"]
STAFF += ["merge", "split", "/desk/identities/import/", "/views/"]


@pytest.fixture
def addresses() -> dict[str, str]:
    """One of everything, with labels that agree, disagree and are only suggested."""
    article = make_article(
        "A report divides\n\n“We firmly oppose the report,” Ana Ruiz said.\n\n"
        "The league called the report “a first step”. “Who knows,” somebody said.",
        is_fiction=True,
    )
    ministry = make_actor("Government of Varonia", type="government")
    league = make_actor("River League", type="ngo")
    speaker = make_speaker("Ana Ruiz")
    quote = make_quote(
        "We firmly oppose the report", actor=ministry, speaker=speaker, article=article
    )
    step = make_quote("a first step", actor=league, kind="mixed", article=article)
    JointVoice.objects.create(quote=step, ordinal=1, actor=ministry, actor_type="government")
    unknown = make_quote(
        "Who knows", article=article, attribution="open", candidates=["Ana Ruiz", "Bo Lind"]
    )
    issue = make_issue(terms=["report"])
    publish_guideline(issue, "Judge the speaker.")
    publish_guideline(issue, "Judge the speaker alone.")
    fill_queue(issue)
    suggest_stances(Quote.objects.all())
    editors = [make_user("editor"), make_user("editor")]
    for editor, label in zip(editors, ("supports", "mixed"), strict=True):
        record_label(quote=step, issue=issue, editor=editor, label=label, note="why")
    for label in ("supports", "opposes", "neutral") * 4:
        item = make_double(issue)
        for editor in editors:
            record_label(quote=item.quote, issue=issue, editor=editor, label=label)
    body = " ".join(f"word{number}" for number in range(90))
    said = "We have never before seen anything like it"
    repeated = []
    for words, day in ((said, 1), (f"{said} here", 2)):
        text = f"“{words},” Ana Ruiz said. {body}"
        copy = make_article(text, published_on=date(2024, 5, day))
        repeated.append(make_quote(words, speaker=speaker, article=copy))
        link_article(copy)
    lead = make_user("lead")
    adjudicate(quote=item.quote, issue=issue, lead=lead, label="mixed", reason="Both are there.")
    make_speaker("Ruiz")
    rename(ministry, "The Government of Varonia", editor=lead)
    draft = open_batch(channel="upload")
    table = b"title,text\nToll stays,Nothing was said.\n"
    add_upload(draft, "table.csv", table, read_bytes("table.csv", table))
    batch = ImportBatch.objects.create(channel="paste")
    batch.items.create(name="Pasted text", outcome="new", article=article, quote_count=3)
    batch.items.create(name="empty.txt", outcome="rejected", reason="It is empty.")
    return {
        "article": article.get_absolute_url(),
        "copied article": repeated[0].article.get_absolute_url(),
        "repeated quote": repeated[0].get_absolute_url(),
        "quote": quote.get_absolute_url(),
        "open quote": unknown.get_absolute_url(),
        "actor": ministry.get_absolute_url(),
        "speaker": speaker.get_absolute_url(),
        "issue": issue.get_absolute_url(),
        "review": reverse("statements:review", args=[issue.slug]),
        "edit issue": f"{issue.get_absolute_url()}edit/",
        "guidelines": f"{issue.get_absolute_url()}guidelines/",
        "new attitude": f"/issues/new/?actor={ministry.slug}",
        "batch": batch.get_absolute_url(),
        "draft": draft.get_absolute_url(),
        "file": f"{draft.get_absolute_url()}files/{draft.items.get().file_id}/",
        "identity": reverse("statements:identity", args=["actor", ministry.slug]),
        "who": reverse("statements:identity", args=["speaker", speaker.slug]),
        "merge": reverse("statements:identity_merge", args=["speaker", speaker.slug]) + "?who=Ruiz",
        "split": reverse("statements:identity_split", args=["actor", ministry.slug]),
    }


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for each in found
        for node in each["nodes"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def check(page: Page, addresses: dict[str, str], names: list[str]) -> None:
    wrong: dict[str, object] = {}
    for name in names:
        page.goto(addresses.get(name, name))
        if found := violations(page):
            wrong[name] = found
        if (wider := overflow(page)) > 0:
            wrong[f"{name} overflows"] = wider
    assert wrong == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_pages_of_readers(new_page: NewPage, addresses: dict[str, str], scheme: str, width: int):
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    # A missing page is an error to the browser's console as well, and here it is meant.
    page.route("**/no-such-page/", lambda route: route.fulfill(response=route.fetch(), status=200))
    check(page, addresses, READER)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_pages_of_staff(new_page: NewPage, addresses: dict[str, str], scheme: str, width: int):
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    sign_in(page, make_user("admin").username, PASSWORD)
    check(page, addresses, STAFF)
