"""The record of changes as leads see it: in plain words, narrowed, page by page, and as data."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from statements.models import Actor, Issue, Quote, QuotePart
from statements.recording import done_by
from tests.factories import make_actor, make_issue, make_quote, make_speaker, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["", "editor"])
def test_readers_and_editors_do_not_see_the_record(client, role):
    client.force_login(make_user(role))
    for name in ("changes", "changes_jsonl"):
        assert client.get(reverse(f"statements:{name}")).status_code == 403


def test_visitors_are_asked_to_sign_in(client):
    response = client.get("/desk/changes/")
    assert (response.status_code, response.url) == (302, "/accounts/login/?next=/desk/changes/")


@pytest.mark.parametrize("role", ["lead", "admin"])
def test_leads_read_what_changed_in_plain_words(client, role):
    user = make_user(role, username="rosa")
    client.force_login(user)
    actor = make_actor("Oxfam", type="ngo")
    parent = make_actor("Oxfam International")
    with done_by(user=user.pk, task="tidy"):
        Actor.objects.filter(pk=actor.pk).update(type="civil_society", parent=parent)
    page = client.get("/desk/changes/?what=actors")
    told = page.context["told"][0]
    assert (told.what, told.who, told.subjects[0].url) == (
        "Actor",
        "rosa",
        actor.get_absolute_url(),
    )
    assert {(each.field, each.before, each.after) for each in told.lines} == {
        ("Type", "NGO", "Civil society"),
        ("Parent", "nothing", "Oxfam International"),
    }
    assert "Civil society" in page.text


def test_the_record_is_narrowed_by_what_who_and_when(client):
    lead = make_user("lead")
    client.force_login(lead)
    quote, issue = make_quote(), make_issue()
    Quote.objects.update(state="rejected")
    with done_by(command="tidy"):
        Issue.objects.update(title="Tolls")
    with done_by(task="tidy", user=lead.pk):
        Issue.objects.update(title="Fees")

    def kinds(query: str) -> list[tuple[str, str]]:
        page = client.get(f"/desk/changes/?{query}")
        assert page.status_code == 200
        return [(each.change.kind, each.who) for each in page.context["told"]]

    assert ("quote", "outside the application") in kinds("what=quotes")
    assert kinds("who=program") == [("issue", "the command tidy")]
    assert kinds(f"who={lead.pk}") == [("issue", str(lead))]
    assert ("quote", "outside the application") in kinds("who=outside")
    assert {kind for kind, _ in kinds(f"quote={quote.uuid}")} == {"quote", "quotepart"}
    assert len(kinds(f"issue={issue.slug}")) == 3
    assert kinds("issue=gone") == []
    assert kinds("since=2999-01-01") == []
    assert kinds("until=1999-01-01") == []
    assert kinds("since=1999-01-01&until=2999-01-01&what=quotes") != []


@pytest.mark.parametrize("query", ["since=yesterday", "what=weather", "who=x"])
def test_a_filter_that_is_none_is_refused_with_a_reason(client, query):
    client.force_login(make_user("lead"))
    page = client.get(f"/desk/changes/?{query}")
    assert page.status_code == 422
    assert "errors" in page.text
    assert client.get(f"/desk/changes.jsonl?{query}").status_code == 422


def test_older_changes_are_on_further_pages_each_once(client, django_assert_max_num_queries):
    client.force_login(make_user("lead"))
    actor = make_actor()
    for number in range(70):
        Actor.objects.filter(pk=actor.pk).update(summary=str(number))
    seen, after = [], ""
    while True:
        with django_assert_max_num_queries(16):
            page = client.get("/desk/changes/", {"actor": actor.slug, "after": after})
        seen += [each.change.pk for each in page.context["told"]]
        after = page.context["page"].after
        if not after:
            break
    assert len(seen) == len(set(seen)) == 72  # with the actor and its name
    assert seen == sorted(seen, reverse=True)


def test_what_is_gone_is_still_named(client):
    client.force_login(make_user("lead"))
    quote = make_quote("The toll stays", actor=make_actor("Gone League"))
    QuotePart.objects.filter(quote=quote).delete()
    Quote.objects.filter(pk=quote.pk).delete()
    user = make_user("editor", username="gone")
    with done_by(task="tidy", user=user.pk):
        Actor.objects.update(summary="A league")
    User.objects.filter(pk=user.pk).delete()
    page = client.get("/desk/changes/")
    assert "The toll stays" in page.text
    assert f"account {user.pk}, deleted since" in page.text


def test_words_of_quotes_are_shown_as_text(client):
    client.force_login(make_user("lead"))
    Actor.objects.filter(pk=make_actor().pk).update(summary="<script>alert(1)</script>")
    page = client.get("/desk/changes/")
    assert "&lt;script&gt;alert" in page.text
    assert "<script>alert" not in page.text


def test_the_record_comes_as_json_lines_with_the_same_filters(client):
    client.force_login(make_user("lead"))
    actor = make_actor("Oxfam")
    Actor.objects.filter(pk=actor.pk).update(type="ngo")
    response = client.get("/desk/changes.jsonl?what=actors")
    lines = [json.loads(each) for each in response.getvalue().decode().splitlines()]
    assert [each["done"] for each in lines] == ["changed", "added", "added"]
    assert lines[0]["keys"] == [actor.pk]
    assert (lines[0]["before"], lines[0]["after"]) == ({"type": "unknown"}, {"type": "ngo"})
    assert lines[0]["who"] == "outside the application"


@pytest.mark.parametrize("role", ["editor", "lead"])
def test_pages_lead_those_who_may_see_it_to_their_part_of_the_record(client, role):
    client.force_login(make_user(role))
    actor, speaker, issue = make_actor(), make_speaker(), make_issue()
    quote = make_quote(actor=actor, speaker=speaker)
    for page, query in (
        (quote, f"quote={quote.uuid}"),
        (actor, f"actor={actor.slug}"),
        (speaker, f"speaker={speaker.slug}"),
        (issue, f"issue={issue.slug}"),
    ):
        link = f"/desk/changes/?{query}"
        assert (link in client.get(page.get_absolute_url()).text) is (role == "lead")
