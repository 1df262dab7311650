"""Annotating: the queue, one quote at a time, and what a press saves."""

from __future__ import annotations

import pytest
from django.urls import reverse

from statements.labelling import record_label
from statements.models import StanceLabel, Suggestion
from statements.waiting import Queue
from tests.factories import make_actor, make_article, make_issue, make_quote, make_user

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def editor(client):
    user = make_user("editor")
    client.force_login(user)
    return user


@pytest.fixture
def issue():
    return make_issue(slug="dam", terms=["dam"])


def address(issue) -> str:
    return reverse("statements:annotate", args=[issue.slug])


def test_visitors_are_sent_to_sign_in_and_readers_are_refused(client, issue):
    for path in ("/annotate/", address(issue)):
        assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"
    client.force_login(make_user())
    for path in ("/annotate/", address(issue)):
        response = client.get(path)
        assert response.status_code == 403
        assert "not open to your account" in response.text
    quote = make_quote()
    sent = {"quote": quote.uuid, "label": "supports"}
    assert client.post(address(issue), sent).status_code == 403
    assert not StanceLabel.objects.exists()


def test_annotating_begins_with_the_issue_worked_on_last(client, editor, issue):
    assert client.get("/annotate/").headers["Location"] == address(issue)
    other = make_issue(slug="bridge")
    record_label(quote=make_quote(), issue=other, editor=editor, label="neutral")
    assert client.get("/annotate/").headers["Location"] == address(other)


def test_without_issues_the_page_says_so(client, editor):
    assert "There is no issue to judge quotes on" in client.get("/annotate/").text


def test_quotes_that_mention_the_issue_come_first_then_those_of_articles_that_do(issue):
    elsewhere = make_quote("Something else")
    article = make_article("The dam. “We are glad,” she said. “The dam is good,” he said.")
    beside = make_quote("We are glad", article=article)
    mention = make_quote("The dam is good", article=article)
    queue = Queue(issue, make_user("editor"))
    assert list(queue.waiting()) == [mention, beside, elsewhere]


def test_a_term_is_mentioned_by_whole_words_or_their_plural_alone():
    issue = make_issue(terms=["dam", "U.N. (Geneva)"])
    damage = make_quote("The damage is done")
    plural = make_quote("DAMS are good")
    odd = make_quote("The U.N. (Geneva) met")
    assert list(Queue(issue, make_user("editor")).waiting()) == [plural, odd, damage]


def test_an_issue_without_terms_takes_quotes_as_they_stand():
    first, second = make_quote(), make_quote()
    assert list(Queue(make_issue(), make_user("editor")).waiting()) == [first, second]


def test_what_this_editor_judged_waits_no_more_but_for_others_it_does(issue):
    quote, mine, theirs = make_quote(), make_user("editor"), make_user("editor")
    record_label(quote=quote, issue=issue, editor=mine, label="supports")
    assert not Queue(issue, mine).waiting().exists()
    assert Queue(issue, mine).count_judged() == 1
    assert list(Queue(issue, theirs).waiting()) == [quote]
    assert list(Queue(make_issue(), mine).waiting()) == [quote]


def test_skipping_goes_on_behind_the_quote_and_comes_round_again(issue):
    first, second, third = make_quote(), make_quote(), make_quote()
    queue = Queue(issue, make_user("editor"))
    assert queue.next() == first
    assert queue.next(after=first) == second
    assert queue.next(after=third) == first
    assert queue.previous(third) == second
    assert queue.previous(first) is None


def test_the_page_shows_the_quote_in_its_article_with_the_answers(client, editor, issue):
    actor = make_actor("Dam Board", type="business")
    quote = make_quote("The dam is good", actor=actor)
    response = client.get(address(issue))
    assert response.context["quote"] == quote
    page = response.text
    assert "q-current" in page
    assert "Dam Board" in page
    assert "0 judged · 1 waiting" in page
    for key in "12340":
        assert f'data-key="{key}"' in page
    assert "style=" not in page


def test_a_press_saves_and_goes_to_the_next(client, editor, issue):
    first, second = make_quote("The dam is good"), make_quote()
    response = client.post(address(issue), {"quote": first.uuid, "label": "supports"})
    assert response.status_code == 302
    response = client.get(response.headers["Location"])
    assert response.context["quote"] == second
    assert response.context["saved"].label == "supports"
    assert "1 judged · 1 waiting" in response.text
    label = StanceLabel.objects.get()
    assert (label.quote, label.issue, label.editor, label.is_sure) == (first, issue, editor, True)


def test_a_press_by_htmx_brings_the_next_quote_and_its_address(client, editor, issue):
    first, second = make_quote("The dam is good"), make_quote()
    sent = {"quote": first.uuid, "label": "mixed", "unsure": "on", "note": "Half of it."}
    response = client.post(address(issue), sent, headers=HTMX)
    assert response.context["quote"] == second
    assert "<html" not in response.text
    assert response.headers["HX-Push-Url"] == (
        f"{address(issue)}?quote={second.uuid}&saved={first.uuid}"
    )
    label = StanceLabel.objects.get()
    assert (label.label, label.is_sure, label.note) == ("mixed", False, "Half of it.")


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_press_without_an_answer_keeps_the_quote(client, editor, issue, headers):
    quote = make_quote()
    response = client.post(address(issue), {"quote": quote.uuid}, headers=headers)
    assert response.status_code == 422
    assert response.context["quote"] == quote
    assert "Choose one of the five answers." in response.text
    assert not StanceLabel.objects.exists()


def test_the_last_press_ends_the_queue(client, editor, issue):
    quote = make_quote()
    response = client.post(address(issue), {"quote": quote.uuid, "label": "neutral"}, follow=True)
    assert "You have judged every quote on this issue" in response.text
    assert "Change it" in response.text


def test_an_empty_queue_says_so(client, editor, issue):
    assert "No quote waits here" in client.get(address(issue)).text


def test_going_back_shows_the_own_answer_and_another_supersedes_it(client, editor, issue):
    quote = make_quote()
    record_label(quote=quote, issue=issue, editor=editor, label="supports", note="Plain.")
    response = client.get(address(issue), {"quote": quote.uuid})
    assert response.text.count('aria-pressed="true"') == 1
    assert "Plain." in response.text
    client.post(address(issue), {"quote": quote.uuid, "label": "opposes"})
    assert [label.label for label in StanceLabel.objects.current()] == ["opposes"]
    assert StanceLabel.objects.count() == 2


def test_a_suggestion_comes_after_the_answers_and_is_kept_with_the_label(client, editor, issue):
    quote = make_quote()
    suggestion = Suggestion.objects.create(
        quote=quote,
        issue=issue,
        label="opposes",
        confidence=0.93,
        evidence=["flatly reject"],
        method="test",
    )
    page = client.get(address(issue)).text
    assert "aria-pressed" not in page
    assert page.index('data-key="0"') < page.index("Suggested <b>Opposes</b> (0.93)")
    assert "“flatly reject”" in page
    client.post(address(issue), {"quote": quote.uuid, "label": "opposes", "shown": suggestion.pk})
    assert StanceLabel.objects.get().suggestion_shown == suggestion


def test_the_issue_of_the_address_counts_whatever_is_sent(client, editor, issue):
    other = make_issue()
    sent = {"quote": make_quote().uuid, "label": "supports", "issue": other.slug}
    client.post(address(issue), sent)
    assert StanceLabel.objects.get().issue == issue


@pytest.mark.parametrize("name", ["quote", "after", "saved"])
@pytest.mark.parametrize("value", ["x", "", "6e5f6d5c-6f0b-4d0c-8a5c-000000000000", "\0"])
def test_a_quote_that_does_not_exist_is_not_found(client, editor, issue, name, value):
    assert client.get(address(issue), {name: value}).status_code == 404


def test_what_is_no_quote_never_waits(client, editor, issue):
    rejected = make_quote(state="rejected")
    assert client.get(address(issue)).context.get("quote") is None
    sent = {"quote": rejected.uuid, "label": "supports"}
    assert client.post(address(issue), sent).status_code == 404


def test_a_page_costs_the_same_for_any_number_of_quotes(
    client, editor, issue, django_assert_num_queries
):
    words = [f"Statement {number} on the dam" for number in range(15)]
    article = make_article("\n\n".join(f"“{each},” she said." for each in words))
    quotes = [make_quote(each, article=article, actor=make_actor()) for each in words]
    for _ in range(3):
        make_issue()
    record_label(quote=quotes[0], issue=issue, editor=editor, label="supports")
    with django_assert_num_queries(21):
        client.get(address(issue), {"quote": quotes[5].uuid, "saved": quotes[0].uuid})
