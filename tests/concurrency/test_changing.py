"""Merges, undone imports, guidelines and exports while editors judge, through the pages."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statements.models import (
    Actor,
    Article,
    Change,
    Guideline,
    IdentityEvent,
    ImportBatch,
    ImportItem,
    Issue,
    QueueItem,
    Quote,
    Speaker,
    Stance,
    StanceLabel,
)
from statements.models.issues import publish_guideline
from tests.concurrency.at_once import at_once, one_after_the_other, signed_in
from tests.concurrency.invariants import assert_labels_hold
from tests.factories import (
    make_actor,
    make_double,
    make_issue,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)

HTMX = {"HX-Request": "true"}
examples = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def people(db):
    return {role: make_user(role) for role in ("editor", "lead", "admin")}


def imported(quotes: list[Quote]) -> ImportBatch:
    """A finished import that brought the articles of these quotes."""
    batch = ImportBatch.objects.create(channel="upload", state="finished")
    for article in {each.article for each in quotes}:
        ImportItem.objects.create(
            batch=batch,
            name=article.title,
            outcome="new",
            article=article,
            text_hash=article.text_hash,
        )
    return batch


def judge(client: Client, item: QueueItem, quote: Quote, label: str, **more: object) -> int:
    sent = {"quote": quote.uuid, "label": label, **more}
    address = f"/annotate/{item.issue.slug}/"
    return client.post(address, sent, headers=HTMX).status_code


def post(client: Client, address: str, sent: dict[str, object] | None = None) -> int:
    return client.post(address, sent).status_code


def merge(client: Client, kind: str, gone: Speaker | Actor, survivor: Speaker | Actor) -> int:
    """Look at what moves and agree to it, as often as it changes meanwhile."""
    address = f"/desk/identities/{kind}/{gone.slug}/merge/"
    for _ in range(5):
        shown = client.get(address, {"who": survivor.slug, "chosen": survivor.slug})
        if shown.status_code == 302:
            return 302
        seen = shown.context["preview"].seen
        sent = {"who": survivor.slug, "chosen": survivor.slug, "seen": seen}
        status = client.post(address, sent).status_code
        if status != 422:
            return status
    return 422


@pytest.mark.parametrize("kind", ["speaker", "actor"])
def test_a_merge_during_annotation_loses_no_judgement_and_no_quote(people, kind):
    for _ in range(2):
        issue = make_issue()
        make = make_speaker if kind == "speaker" else make_actor
        gone, survivor, other = make(), make(), make()
        who: dict[str, Any] = {kind: gone}
        quotes = [make_quote(**who) for _ in range(4)]
        items = [make_double(issue, each, is_double=False) for each in quotes]
        client, lead, second = (signed_in(people[each]) for each in ("editor", "lead", "editor"))

        def give(quote: Quote, kind: str = kind, to: str = other.slug) -> int:
            sent = {"who": f"{kind}:{to}"}
            return second.post(f"/quotes/{quote.uuid}/voice/", sent).status_code  # noqa: B023

        judged, merged, given_away = at_once(
            one_after_the_other(
                [partial(judge, client, each, each.quote, "mixed") for each in items]
            ),
            partial(merge, lead, kind, gone, survivor),
            one_after_the_other([partial(give, each) for each in quotes[:2]]),
        )
        assert judged == [200] * 4
        assert merged == 302
        assert set(given_away) <= {302, 422}
        assert_labels_hold(issue)
        assert StanceLabel.objects.filter(issue=issue).count() == 4
        assert not Quote.objects.filter(**{kind: gone}).exists()
        theirs = Quote.objects.filter(**{f"{kind}__in": [survivor, other]})
        assert theirs.count() == 4
        assert IdentityEvent.objects.filter(**{f"{kind}s__contains": [gone.pk]}).count() == 1


@examples
@given(judged=st.permutations(range(4)), most=st.integers(0, 4))
def test_an_import_is_undone_whole_or_kept_whole_while_its_quotes_are_judged(people, judged, most):
    issue = make_issue()
    quotes = [make_quote(speaker=make_speaker()) for _ in range(4)]
    items = [make_double(issue, each, is_double=False) for each in quotes]
    batch = imported(quotes)
    client, admin, lead = (signed_in(people[each]) for each in ("editor", "admin", "lead"))

    def press(at: int) -> int:
        return judge(client, items[at], quotes[at], "supports")

    def look(at: int) -> int:
        return lead.get(f"/annotate/{issue.slug}/?quote={quotes[at].uuid}").status_code

    came, undone, seen = at_once(
        one_after_the_other([partial(press, at) for at in judged[:most]]),
        partial(post, admin, f"/desk/batches/{batch.uuid}/undo/"),
        one_after_the_other([partial(look, at) for at in judged]),
    )
    assert set(came) <= {200, 404}
    assert set(seen) <= {200, 404, 409}
    assert undone in (302, 422)
    labels = StanceLabel.objects.filter(issue=issue)
    left = Article.objects.filter(pk__in=[each.article_id for each in quotes]).count()
    assert left == (0 if undone == 302 else 4)
    if undone == 302:
        assert not labels.exists()
        assert not Stance.objects.filter(issue=issue).exists()
    else:
        assert labels.exists()
    assert_labels_hold(issue)


def test_an_import_undone_twice_at_once_is_undone_once(people):
    for _ in range(4):
        quotes = [make_quote(speaker=make_speaker()) for _ in range(3)]
        batch = imported(quotes)
        address = f"/desk/batches/{batch.uuid}/undo/"
        clients = [signed_in(people["admin"]) for _ in range(3)]
        came = at_once(*(partial(post, each, address) for each in clients))
        assert came == [302] * 3
        assert not Quote.objects.filter(pk__in=[each.pk for each in quotes]).exists()
        gone = Change.objects.filter(kind="quote", done="removed")
        removed = [key for each in gone for key in each.keys]
        assert len(removed) == len(set(removed))


def test_an_undone_import_and_a_merge_of_its_people_do_not_wait_for_each_other(people):
    for _ in range(4):
        gone, survivor = make_speaker(), make_speaker()
        quotes = [make_quote(speaker=each) for each in (gone, survivor) * 2]
        batch = imported(quotes)
        admin, lead = signed_in(people["admin"]), signed_in(people["lead"])
        undone, merged = at_once(
            partial(post, admin, f"/desk/batches/{batch.uuid}/undo/"),
            partial(merge_or_gone, lead, gone, survivor),
        )
        assert undone == 302
        assert merged in (200, 302, 404, 422)
        assert not Quote.objects.filter(pk__in=[each.pk for each in quotes]).exists()


def merge_or_gone(client: Client, gone: Speaker, survivor: Speaker) -> int:
    address = f"/desk/identities/speaker/{gone.slug}/merge/"
    shown = client.get(address, {"who": survivor.slug, "chosen": survivor.slug})
    if shown.status_code != 200 or not shown.context.get("preview"):
        return shown.status_code
    seen = shown.context["preview"].seen
    sent = {"who": survivor.slug, "chosen": survivor.slug, "seen": seen}
    return client.post(address, sent).status_code


@pytest.mark.parametrize("address", ["/export.csv", "/export.jsonl", "labels"])
def test_an_export_goes_through_while_an_import_is_undone(people, address):
    issue = make_issue()
    kept = [make_quote() for _ in range(3)]
    for item in [make_double(issue, each, is_double=False) for each in kept]:
        assert judge(signed_in(people["editor"]), item, item.quote, "mixed") == 200
    for _ in range(3):
        batch = imported([make_quote() for _ in range(30)])
        whole = Quote.objects.count()
        path = f"/review/{issue.slug}/labels.jsonl" if address == "labels" else address
        client, admin = signed_in(people["lead"]), signed_in(people["admin"])

        def export(path: str = path, client: Client = client) -> str:
            response = client.get(path)
            assert response.status_code == 200
            return response.getvalue().decode()

        text, undone = at_once(
            export,
            partial(post, admin, f"/desk/batches/{batch.uuid}/undo/"),
        )
        assert undone == 302
        if address.endswith(".csv"):
            ids = [row["id"] for row in csv.DictReader(text.splitlines())]
        else:
            ids = [json.loads(line)["id"] for line in text.splitlines()]
        # As it was before or after, nothing half and nothing twice.
        assert len(ids) in ((3,) if address == "labels" else (3, whole))
        assert len(set(ids)) == len(ids)


def sent_of(issue: Issue, guideline: str, based_on: int) -> dict[str, object]:
    return {
        "title": issue.title,
        "proposition": issue.proposition,
        "kind": "proposition",
        "supports_pole": issue.supports_pole,
        "opposes_pole": issue.opposes_pole,
        "terms": f"toll{issue.pk}",
        "double_percent": issue.double_percent,
        "guideline": guideline,
        "based_on": based_on,
    }


def test_a_guideline_published_during_labelling_leaves_each_label_the_version_it_was_made_by(
    people,
):
    for _ in range(3):
        issue = make_issue()
        first = publish_guideline(issue, "One.", by=people["lead"])
        quotes = [make_quote(f"The toll{issue.pk} is a disgrace, as {n} said") for n in range(4)]
        items = [make_double(issue, each, is_double=False) for each in quotes[:3]]
        client, lead = signed_in(people["editor"]), signed_in(people["lead"])
        judged, saved = at_once(
            one_after_the_other(
                [
                    partial(judge, client, each, each.quote, "opposes", guideline=first.number)
                    for each in items
                ]
            ),
            partial(post, lead, f"/issues/{issue.slug}/edit/", sent_of(issue, "Two.", 1)),
        )
        assert judged == [200] * 3
        assert saved == 302
        assert_labels_hold(issue)
        labels = StanceLabel.objects.filter(issue=issue)
        assert {each.guideline for each in labels} == {first}
        assert QueueItem.objects.filter(issue=issue).count() == 4


def test_of_two_guidelines_at_once_one_is_published_and_the_other_is_told(people):
    for _ in range(3):
        issue = make_issue()
        publish_guideline(issue, "One.")
        clients = [signed_in(people["lead"]) for _ in range(3)]

        def publish(client: Client, text: str, issue: Issue = issue) -> int:
            address = f"/issues/{issue.slug}/edit/"
            return client.post(address, sent_of(issue, text, 1)).status_code

        doing: list[Callable[[], int]] = [
            partial(publish, each, f"By {n}.") for n, each in enumerate(clients)
        ]
        assert sorted(at_once(*doing)) == [302, 422, 422]
        assert Guideline.objects.filter(issue=issue).count() == 2
