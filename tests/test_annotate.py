"""Annotating: the queue, one quote at a time, and what a press saves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from statements.labelling import StaleJudgement, record_label, take_back
from statements.models import (
    Claim,
    Overlap,
    QueueItem,
    Quote,
    QuoteEdit,
    StanceLabel,
    Suggestion,
)
from statements.models.issues import publish_guideline
from statements.queueing import add_to_queue, fill_queue
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


def queued(issue, words: str = "", **fields) -> QueueItem:
    """A quote in the issue's queue; those made later come later."""
    item = add_to_queue(issue, make_quote(words))
    fields = {"place": item.pk / 1e9, "is_double": False} | fields
    for name, value in fields.items():
        setattr(item, name, value)
    item.save()
    return item


def in_thread(action):
    """Run with a connection of its own, which is closed at the end."""
    try:
        return action()
    finally:
        connection.close()


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


def order(queue: Queue) -> list[str]:
    return [item.quote.content for item in queue.waiting()]


def test_quotes_that_mention_the_issue_come_before_those_whose_article_does(issue):
    article = make_article("The Orsel dam. “We are glad,” she said. “The dam is good,” he said.")
    issue.terms = ["Orsel", "dam"]
    issue.save()
    make_quote("Something else")
    make_quote("We are glad", article=article)
    make_quote("The dam is good", article=article)
    fill_queue(issue)
    assert order(Queue(issue, make_user("editor"))) == ["The dam is good", "We are glad"]


def test_what_this_editor_judged_waits_no_more_and_for_others_only_if_it_is_double(issue):
    single, double = queued(issue), queued(issue, is_double=True)
    mine, theirs = make_user("editor"), make_user("editor")
    for item in (single, double):
        record_label(quote=item.quote, issue=issue, editor=mine, label="supports")
    assert not Queue(issue, mine).waiting().exists()
    assert Queue(issue, mine).count_judged() == 2
    assert list(Queue(issue, theirs).waiting()) == [double]
    record_label(quote=double.quote, issue=issue, editor=theirs, label="opposes")
    assert not Queue(issue, make_user("editor")).waiting().exists()


def test_what_an_editor_has_open_goes_to_no_other_until_the_claim_ends(issue):
    first, second = queued(issue), queued(issue)
    one, other = Queue(issue, make_user("editor")), Queue(issue, make_user("editor"))
    assert one.take() == first
    assert one.take() == first
    assert other.take() == second
    assert Queue(issue, make_user("editor")).take() is None
    Claim.objects.filter(item=first).update(until=timezone.now() - timedelta(seconds=1))
    other.release(second)
    assert other.take() == first


def test_a_quote_to_be_judged_twice_goes_to_two_editors_and_no_third(issue):
    item = queued(issue, is_double=True)
    queues = [Queue(issue, make_user("editor")) for _ in range(3)]
    assert [queue.take() for queue in queues] == [item, item, None]


def test_skipping_goes_on_behind_the_quote_and_comes_round_again(issue):
    first, second, third = (queued(issue) for _ in range(3))
    queue = Queue(issue, make_user("editor"))
    assert queue.take() == first
    assert queue.take(after=first) == second
    assert queue.take(after=third) == first
    assert queue.previous(third) == second
    assert queue.previous(first) is None


def test_back_passes_over_what_others_judged(issue):
    first, second, third = (queued(issue) for _ in range(3))
    record_label(quote=second.quote, issue=issue, editor=make_user("editor"), label="mixed")
    assert Queue(issue, make_user("editor")).previous(third) == first


@pytest.mark.django_db(transaction=True)
def test_editors_who_ask_at_once_get_different_quotes():
    issue = make_issue(terms=["dam"])
    items = [queued(issue) for _ in range(6)]
    editors = [make_user("editor") for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(lambda editor: in_thread(Queue(issue, editor).take), editors))
    assert sorted(item.pk for item in taken if item) == [item.pk for item in items]


def test_the_page_shows_the_quote_in_its_article_with_the_answers(client, editor, issue):
    actor = make_actor("Dam Board", type="business")
    quote = make_quote("The dam is good", actor=actor)
    add_to_queue(issue, quote)
    response = client.get(address(issue))
    assert response.context["quote"] == quote
    page = response.text
    assert "q-current" in page
    assert "Dam Board" in page
    assert "0 judged · 1 waiting" in page
    for key in (*"12340", "e", "s", "x", "c", "j", "?"):
        assert f'data-key="{key}"' in page
    assert "style=" not in page


def test_a_press_saves_and_goes_to_the_next(client, editor, issue):
    first, second = queued(issue), queued(issue)
    response = client.post(address(issue), {"quote": first.quote.uuid, "label": "supports"})
    assert response.status_code == 302
    response = client.get(response.headers["Location"])
    assert response.context["quote"] == second.quote
    assert response.context["saved"].label == "supports"
    assert "1 judged · 1 waiting" in response.text
    label = StanceLabel.objects.get()
    assert (label.quote, label.issue, label.editor) == (first.quote, issue, editor)
    assert label.is_sure
    assert not Claim.objects.filter(item=first).exists()


def test_a_press_by_htmx_brings_the_next_quote_and_its_address(client, editor, issue):
    first, second = queued(issue), queued(issue)
    sent = {"quote": first.quote.uuid, "label": "mixed", "unsure": "on", "note": "Half of it."}
    response = client.post(address(issue), sent, headers=HTMX)
    assert response.context["quote"] == second.quote
    assert "<html" not in response.text
    assert response.headers["HX-Push-Url"] == (
        f"{address(issue)}?quote={second.quote.uuid}&saved={first.quote.uuid}"
    )
    label = StanceLabel.objects.get()
    assert (label.label, label.is_sure, label.note) == ("mixed", False, "Half of it.")


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_press_without_an_answer_keeps_the_quote(client, editor, issue, headers):
    quote = queued(issue).quote
    response = client.post(address(issue), {"quote": quote.uuid}, headers=headers)
    assert response.status_code == 422
    assert response.context["quote"] == quote
    assert "Choose one of the five answers." in response.text
    assert not StanceLabel.objects.exists()


def test_the_last_press_ends_the_queue(client, editor, issue):
    quote = queued(issue).quote
    response = client.post(address(issue), {"quote": quote.uuid, "label": "neutral"}, follow=True)
    assert "You have judged every quote on this issue" in response.text
    assert "Undo" in response.text


def test_an_empty_queue_says_so(client, editor, issue):
    assert "No quote waits here" in client.get(address(issue)).text


def test_a_quote_that_is_in_no_queue_can_be_judged_by_its_address(client, editor, issue):
    quote = make_quote()
    assert client.get(address(issue), {"quote": quote.uuid}).context["quote"] == quote
    client.post(address(issue), {"quote": quote.uuid, "label": "supports"})
    assert StanceLabel.objects.get().quote == quote


def test_going_back_shows_the_own_answer_and_another_supersedes_it(client, editor, issue):
    quote = queued(issue).quote
    record_label(quote=quote, issue=issue, editor=editor, label="supports", note="Plain.")
    response = client.get(address(issue), {"quote": quote.uuid})
    assert response.text.count('aria-pressed="true"') == 1
    assert "Plain." in response.text
    seen = response.context["seen"]
    client.post(address(issue), {"quote": quote.uuid, "label": "opposes", "seen": seen})
    assert [label.label for label in StanceLabel.objects.current()] == ["opposes"]
    assert StanceLabel.objects.count() == 2


def suggestion_for(item: QueueItem) -> Suggestion:
    return Suggestion.objects.create(
        quote=item.quote,
        issue=item.issue,
        label="opposes",
        confidence=0.93,
        evidence=["flatly reject"],
        method="test",
    )


def test_a_suggestion_comes_after_the_answers_and_is_kept_with_the_label(client, editor, issue):
    item = queued(issue)
    suggestion = suggestion_for(item)
    page = client.get(address(issue)).text
    assert "aria-pressed" not in page
    assert page.index('data-key="0"') < page.index("Suggested <b>Opposes</b> (0.93)")
    assert "“flatly reject”" in page
    sent = {"quote": item.quote.uuid, "label": "opposes", "shown": suggestion.pk}
    client.post(address(issue), sent)
    label = StanceLabel.objects.get()
    assert label.suggestion_shown == suggestion
    assert not label.is_blind


def test_a_quote_judged_twice_is_judged_blind(client, editor, issue):
    item = queued(issue, is_double=True)
    suggestion_for(item)
    record_label(quote=item.quote, issue=issue, editor=make_user("editor"), label="mixed")
    page = client.get(address(issue)).text
    assert "Blind:" in page
    assert "flatly reject" not in page
    assert "Suggested" not in page
    client.post(address(issue), {"quote": item.quote.uuid, "label": "opposes"})
    assert all(StanceLabel.objects.values_list("is_blind", flat=True))
    # One's own label is there: nothing is left to be drawn by.
    page = client.get(address(issue), {"quote": item.quote.uuid}).text
    assert "flatly reject" in page


def test_why_a_suggestion_was_made_is_not_told_to_who_judges_blind(client, editor, issue):
    suggestion = suggestion_for(queued(issue, is_double=True))
    why = reverse("statements:suggestion_why", args=[suggestion.pk])
    assert client.get(why).status_code == 403
    record_label(quote=suggestion.quote, issue=issue, editor=editor, label="mixed")
    assert "flatly reject" in client.get(why).text


def test_the_issue_of_the_address_counts_whatever_is_sent(client, editor, issue):
    other = make_issue()
    sent = {"quote": make_quote().uuid, "label": "supports", "issue": other.slug}
    client.post(address(issue), sent)
    assert StanceLabel.objects.get().issue == issue


def test_a_label_keeps_the_guideline_that_was_on_screen(client, editor, issue):
    quote = queued(issue).quote
    first = publish_guideline(issue, "One.")
    page = client.get(address(issue)).text
    assert '<input type="hidden" name="guideline" value="1">' in page
    second = publish_guideline(issue, "Two.")
    client.post(address(issue), {"quote": quote.uuid, "label": "supports", "guideline": 1})
    assert StanceLabel.objects.get().guideline == first
    page = client.get(address(issue), {"quote": quote.uuid}).text
    assert "You judged it under guideline 1, which has been replaced since." in page
    assert second.number == 2


# -- Undo -----------------------------------------------------------------------------------------


def undo(client, issue, **options):
    return client.post(reverse("statements:annotate_undo", args=[issue.slug]), **options)


def test_undo_goes_back_step_by_step_and_each_step_is_a_row(client, editor, issue):
    items = [queued(issue) for _ in range(3)]
    for item, label in zip(items, ("supports", "opposes", "mixed"), strict=True):
        client.post(address(issue), {"quote": item.quote.uuid, "label": label})
    for expected in reversed(items):
        response = undo(client, issue, headers=HTMX)
        assert response.context["quote"] == expected.quote
        assert "Taken back:" in response.text
    assert not StanceLabel.objects.current().exists()
    assert StanceLabel.objects.count() == 6
    assert "There is nothing left to undo." in undo(client, issue, headers=HTMX).text
    assert set(QueueItem.objects.values_list("label_count", flat=True)) == {0}


def test_undo_of_a_change_brings_back_what_was_said_before(client, editor, issue):
    quote = queued(issue).quote
    for label, note in (("supports", "First."), ("opposes", "")):
        record_label(quote=quote, issue=issue, editor=editor, label=label, note=note)
    undo(client, issue)
    current = StanceLabel.objects.current().get()
    assert (current.label, current.note) == ("supports", "First.")
    undo(client, issue)
    assert not StanceLabel.objects.current().exists()
    assert quote.stances.count() == 0
    record_label(quote=quote, issue=issue, editor=editor, label="mixed")
    assert StanceLabel.objects.current().get().label == "mixed"
    assert StanceLabel.objects.count() == 5


def test_undo_takes_back_only_what_the_editor_did_on_the_issue(client, editor, issue):
    quote = queued(issue).quote
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="supports")
    record_label(quote=quote, issue=make_issue(), editor=editor, label="supports")
    undo(client, issue)
    assert StanceLabel.objects.count() == 2


def test_a_label_is_taken_back_once(issue):
    label = record_label(
        quote=make_quote(), issue=issue, editor=make_user("editor"), label="supports"
    )
    take_back(label)
    with pytest.raises(StaleJudgement):
        take_back(label)


def test_what_is_not_a_quote_leaves_the_queue_and_comes_back_by_undo(client, editor, issue):
    first, second = queued(issue), queued(issue)
    reject = reverse("statements:annotate_reject", args=[issue.slug])
    response = client.post(reject, {"quote": first.quote.uuid}, headers=HTMX)
    assert response.context["quote"] == second.quote
    first.quote.refresh_from_db()
    assert first.quote.state == Quote.State.REJECTED
    response = undo(client, issue, headers=HTMX)
    assert response.context["quote"] == first.quote
    first.quote.refresh_from_db()
    assert first.quote.state == Quote.State.PROPOSED
    assert QuoteEdit.objects.count() == 2


def test_the_history_shows_every_step(client, editor, issue):
    quote = queued(issue, "The dam is good").quote
    client.post(address(issue), {"quote": quote.uuid, "label": "supports"})
    undo(client, issue)
    response = client.get(reverse("statements:annotate_history", args=[issue.slug]))
    assert len(response.context["steps"]) == 2
    assert "Took back" in response.text
    assert "The dam is good" in response.text
    assert "2 steps" in response.text


def test_a_long_history_goes_on_on_further_pages(client, editor, issue):
    quote = queued(issue).quote
    for number in range(60):
        record_label(
            quote=quote, issue=issue, editor=editor, label="mixed", note=f"Thought {number}."
        )
        take_back(StanceLabel.objects.latest("pk"))
    history = reverse("statements:annotate_history", args=[issue.slug])
    first = client.get(history)
    assert len(first.context["steps"]) == 100
    rest = client.get(history, {"before": first.context["before"].isoformat()})
    assert len(rest.context["steps"]) == 20
    for nonsense in ("x", "2024-13-99", "\0"):
        assert client.get(history, {"before": nonsense}).status_code == 200


# -- Two windows, two editors ---------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_stale_form_of_ones_own_saves_nothing_and_shows_both(client, editor, issue, headers):
    quote = queued(issue).quote
    seen = client.get(address(issue)).context["seen"]
    record_label(quote=quote, issue=issue, editor=editor, label="opposes")
    sent = {"quote": quote.uuid, "label": "supports", "seen": seen}
    response = client.post(address(issue), sent, headers=headers)
    assert response.status_code == 422
    assert "You judged this quote meanwhile" in response.text
    assert "Opposes" in response.text
    assert "Supports" in response.text
    assert StanceLabel.objects.current().get().label == "opposes"
    sent["seen"] = response.context["seen"]
    client.post(address(issue), sent, headers=headers)
    assert StanceLabel.objects.current().get().label == "supports"


def test_two_editors_who_judge_one_quote_at_once_lose_nothing_and_are_both_told(
    client, editor, issue
):
    quote = queued(issue, "The dam is good").quote
    seen = client.get(address(issue)).context["seen"]
    other = make_user("editor", username="ann")
    record_label(quote=quote, issue=issue, editor=other, label="opposes", seen=seen)
    sent = {"quote": quote.uuid, "label": "supports", "seen": seen}
    page = client.post(address(issue), sent, headers=HTMX).text
    assert "ann judged the same quote while you had it open." in page
    assert sorted(each.label for each in StanceLabel.objects.current()) == ["opposes", "supports"]
    assert quote.stances.get().standing == "disputed"
    client.force_login(other)
    page = client.get(address(issue)).text
    assert f"{editor.username} judged a quote at the same time as you." in page
    client.post(reverse("statements:annotate_told", args=[issue.slug]))
    assert "at the same time as you" not in client.get(address(issue)).text
    assert Overlap.objects.get().first_told_at


def test_a_page_without_javascript_tells_of_the_other_editor_too(client, editor, issue):
    quote = queued(issue).quote
    seen = client.get(address(issue)).context["seen"]
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="opposes", seen=seen)
    sent = {"quote": quote.uuid, "label": "supports", "seen": seen}
    page = client.post(address(issue), sent, follow=True).text
    assert "judged the same quote while you had it open." in page


def test_who_has_the_quote_open_too_is_named(client, editor, issue):
    item = queued(issue)
    Queue(issue, make_user("editor", username="ann")).keep(item)
    page = client.get(address(issue), {"quote": item.quote.uuid}).text
    assert "ann has this quote open too." in page


@pytest.mark.parametrize("name", ["quote", "after", "saved"])
@pytest.mark.parametrize("value", ["x", "", "6e5f6d5c-6f0b-4d0c-8a5c-000000000000", "\0"])
def test_a_quote_that_does_not_exist_is_not_found(client, editor, issue, name, value):
    assert client.get(address(issue), {name: value}).status_code == 404


def test_what_is_no_quote_never_waits(client, editor, issue):
    rejected = make_quote(state="rejected")
    add_to_queue(issue, rejected)
    assert client.get(address(issue)).context.get("quote") is None
    sent = {"quote": rejected.uuid, "label": "supports"}
    assert client.post(address(issue), sent).status_code == 404


def test_a_page_costs_the_same_for_any_number_of_quotes(
    client, editor, issue, django_assert_max_num_queries
):
    words = [f"Statement {number} on the dam" for number in range(15)]
    article = make_article("\n\n".join(f"“{each},” she said." for each in words))
    quotes = [make_quote(each, article=article, actor=make_actor()) for each in words]
    fill_queue(issue)
    for _ in range(3):
        make_issue()
    record_label(quote=quotes[0], issue=issue, editor=editor, label="supports")
    with django_assert_max_num_queries(50):
        client.get(address(issue), {"quote": quotes[5].uuid, "saved": quotes[0].uuid})
