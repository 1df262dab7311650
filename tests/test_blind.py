"""What an editor who is to judge a quote blind does not see before."""

from __future__ import annotations

import pytest
from django.urls import reverse

from statements.labelling import adjudicate, record_label, take_back
from statements.models import Issue, Quote, StanceLabel, Suggestion
from statements.waiting import Queue
from tests.factories import make_double, make_issue, make_quote, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> Issue:
    return make_issue(slug="dam", title="Dam", proposition="The dam should be built")


@pytest.fixture
def editors():
    return [make_user("editor", username=name) for name in ("ann", "bob")]


@pytest.fixture
def judge(issue, editors):
    """Have both editors judge a quote blind, or as many as there are labels."""

    def _judge(*labels: str, quote: Quote | None = None, **fields) -> Quote:
        item = make_double(issue, quote)
        for editor, label in zip(editors, labels, strict=False):
            record_label(quote=item.quote, issue=issue, editor=editor, label=label, **fields)
        return item.quote

    return _judge


def address(issue) -> str:
    return reverse("statements:review", args=[issue.slug])


@pytest.fixture
def asked(client, issue, editors, judge):
    """Carl is asked to judge this quote, since one of two who did took it back after a decision."""
    quote = judge("supports", "opposes")
    adjudicate(quote=quote, issue=issue, lead=make_user("lead"), label="mixed", reason="Settled.")
    take_back(StanceLabel.objects.get(editor=editors[1]))
    client.force_login(make_user("editor", username="carl"))
    return quote


def test_an_editor_who_is_still_to_judge_a_quote_does_not_see_it_in_review(client, issue, asked):
    page = client.get(address(issue))
    assert page.context["settled"] == []
    assert "Settled." not in page.text
    assert "1 quote that you have not judged yet is hidden." in page.text
    assert page.context["decided_count"] == 0


def test_whoever_judged_it_and_leads_see_it(client, issue, editors, asked):
    for user in (editors[0], make_user("lead")):
        client.force_login(user)
        page = client.get(address(issue))
        assert [each.quote for each in page.context["settled"]] == [asked]
        assert page.context["hidden_count"] == 0


def test_the_quote_page_hides_what_others_said_until_the_editor_has_judged(client, issue, asked):
    Suggestion.objects.create(
        quote=asked, issue=issue, label="opposes", method="test", evidence=["flatly"]
    )
    page = client.get(asked.get_absolute_url())
    assert "You are asked to judge this quote blind" in page.text
    for words in ("Settled.", "<b>ann</b>", "Adjudicated", "flatly", 'name="shown"'):
        assert words not in page.text
    client.post(
        reverse("statements:label_quote", args=[asked.uuid]),
        {"issue": issue.slug, "label": "neutral"},
    )
    page = client.get(asked.get_absolute_url()).text
    assert "asked to judge" not in page
    assert "Settled." in page
    assert "flatly" in page
    assert StanceLabel.objects.get(editor__username="carl").is_blind


def test_what_an_editor_has_open_stays_hidden_though_two_others_were_quicker(client, issue, judge):
    carl = make_user("editor")
    quote = judge("supports", "opposes")
    client.force_login(carl)
    assert "asked to judge" not in client.get(quote.get_absolute_url()).text
    Queue(issue, carl).keep(issue.queue.get())
    assert "asked to judge" in client.get(quote.get_absolute_url()).text
    assert "1 quote that you have not judged yet is hidden." in client.get(address(issue)).text


def test_readers_and_leads_are_asked_nothing(client, issue, asked):
    client.logout()
    assert "Settled." in client.get(asked.get_absolute_url()).text
    client.force_login(make_user("lead"))
    assert "Settled." in client.get(asked.get_absolute_url()).text


def test_other_issues_and_single_judgements_are_not_hidden(client, issue, editors):
    quote, other = make_quote(), make_issue()
    make_double(issue, quote, is_double=False)
    for each in (issue, other):
        record_label(quote=quote, issue=each, editor=editors[0], label="supports", note="Plain.")
    client.force_login(editors[1])
    page = client.get(quote.get_absolute_url()).text
    assert page.count("Plain.") == 2
    assert "asked to judge" not in page


def test_a_judgement_from_a_page_that_showed_others_is_not_blind(client, issue, judge):
    quote = judge("supports", "opposes")
    lead = make_user("lead")
    client.force_login(lead)
    client.post(
        reverse("statements:label_quote", args=[quote.uuid]),
        {"issue": issue.slug, "label": "neutral"},
    )
    assert not StanceLabel.objects.get(editor=lead).is_blind
