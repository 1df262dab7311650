"""What is not published is there for those who import, and for nobody else, wherever they look."""

from __future__ import annotations

import pytest
from django.urls import reverse

from statements.ingest.importing import open_batch
from statements.labelling import record_label
from tests.factories import (
    make_actor,
    make_article,
    make_double,
    make_issue,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db

WORDS = "The secret dam is sold"
TITLE = "Unpublished Report"
# Everybody but those who import.
OTHERS = ("anonymous", "", "editor", "lead")


class Draft:
    """An article that is kept from readers, with a quote that stands on an issue."""

    def __init__(self) -> None:
        self.issue = make_issue(slug="dam", terms=["dam"])
        self.actor, self.speaker = make_actor("River Board"), make_speaker("Rae Stone")
        text = f"{TITLE}\n\n“{WORDS},” Stone said."
        self.article = make_article(text, title=TITLE, is_draft=True)
        self.quote = make_quote(WORDS, article=self.article, actor=self.actor, speaker=self.speaker)
        make_double(self.issue, self.quote, is_double=False)
        record_label(quote=self.quote, issue=self.issue, editor=make_user("lead"), label="supports")


@pytest.fixture
def draft() -> Draft:
    return Draft()


def sign_in(client, who: str) -> None:
    if who != "anonymous":
        client.force_login(make_user(who))


def content(client, address: str) -> str:
    answer = client.get(address, follow=True)
    body = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(body).decode()


LISTS = {
    "explore": "/",
    "a search": "/?q=secret",
    "CSV": "/export.csv",
    "JSON lines": "/export.jsonl",
    "events": "/export.dna.csv",
    "feed": "/feed.atom",
    "API": "/api/v1/quotes",
    "articles": "/articles/",
    "actor": "/actors/river-board/",
    "speaker": "/speakers/rae-stone/",
    "issue": "/issues/dam/?left=actor:river-board",
    "desk": "/desk/",
    "annotate": "/annotate/dam/",
    "review": "/review/dam/",
    "labels as CSV": "/review/dam/labels.csv",
    "labels as JSON lines": "/review/dam/labels.jsonl",
    "labels as events": "/review/dam/events.dna.csv",
    "reports": "/desk/reports/",
}


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("address", LISTS.values(), ids=LISTS)
def test_no_list_shows_it_to_others(client, draft, who, address):
    sign_in(client, who)
    found = content(client, address)
    for told in (WORDS, TITLE, str(draft.quote.uuid), str(draft.article.uuid)):
        assert told not in found


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize(
    "name",
    [
        *("quote", "embed", "api_quote", "report_quote", "label_quote", "queue_quote"),
        *("quote_voice", "quote_words", "quote_state"),
    ],
)
def test_its_quote_is_not_there_for_others(client, draft, who, name):
    sign_in(client, who)
    address = reverse(f"statements:{name}", args=[draft.quote.uuid])
    assert client.get(address).status_code in {302, 403, 404, 405}
    assert client.post(address).status_code in {302, 403, 404, 405}


@pytest.mark.parametrize("who", OTHERS)
def test_the_article_and_what_is_made_of_its_quote_are_not_there(client, draft, who):
    sign_in(client, who)
    for address in (
        reverse("statements:article", args=[draft.article.uuid]),
        reverse("statements:api_article", args=[draft.article.uuid]),
        reverse("statements:oembed") + f"?url=http://testserver{draft.quote.get_absolute_url()}",
    ):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("who", ["anonymous", "", "editor"])
def test_a_published_variant_does_not_lead_to_it(client, draft, who):
    other = make_quote(f"{WORDS} today", actor=draft.actor)
    sign_in(client, who)
    found = content(client, other.get_absolute_url())
    assert str(draft.quote.uuid) not in found


def test_those_who_import_see_it_but_programs_get_it_from_nobody(client, draft):
    client.force_login(make_user("admin"))
    assert WORDS in content(client, draft.quote.get_absolute_url())
    assert TITLE in content(client, "/articles/")
    for name in ("export_csv", "export_jsonl"):
        assert WORDS in content(client, reverse(f"statements:{name}"))
    for address in ("/api/v1/quotes", "/feed.atom"):
        assert WORDS not in content(client, address)


def test_once_published_it_is_there(client, draft):
    draft.article.is_draft = False
    draft.article.save()
    assert WORDS in content(client, draft.quote.get_absolute_url())


@pytest.mark.parametrize("who", OTHERS)
def test_an_import_is_open_to_nobody_who_may_not_import(client, who):
    batch = open_batch(channel="upload", user=make_user("admin"))
    sign_in(client, who)
    for name in ("batch", "batch_undo"):
        address = reverse(f"statements:{name}", args=[batch.uuid])
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code in {302, 403, 405}
            assert answer.headers.get("Location", "/accounts/login/").startswith("/accounts/")
    batch.refresh_from_db()
