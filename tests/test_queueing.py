"""Which quotes come to an issue's queue, by their words or by hand."""

from __future__ import annotations

import pytest
from django.urls import reverse

from statements.labelling import record_label
from statements.models import ActorName, QueueItem, Quote
from statements.queueing import add_to_queue, drop_from_queue, fill_queue, redraw_double
from tests.factories import make_actor, make_article, make_issue, make_quote, make_user

pytestmark = pytest.mark.django_db


def reasons(issue) -> dict[str, str]:
    """The words of the queued quotes, each with why it is there."""
    items = QueueItem.objects.filter(issue=issue, is_dropped=False)
    return dict(items.values_list("quote__content", "reason"))


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("The dam will stand", True),
        ("No more dams here", True),
        ("DAM it all", True),
        ("The dam’s height is fixed", True),
        ("The damage is done", False),
        ("The Amsterdam office is closed", False),
        ("Both marshes are dry", True),
        ("A marsh-like field", True),
        ("It costs 5.5 (five and a half)", False),
        ("We like C++ here", True),
    ],
)
def test_a_term_counts_as_a_whole_word_or_its_plural(words, is_found):
    issue = make_issue(terms=["dam", "marsh", "C++"])
    # Naming terms decide which articles count, and this is about what counts within one.
    article = make_article(f"C++ and the rest\n\n“{words},” she said.")
    make_quote(words, article=article)
    fill_queue(issue)
    assert (reasons(issue).get(words) == "term") is is_found


def test_a_counter_term_brings_a_quote_as_well():
    issue = make_issue(terms=["dam"], counter_terms=["free river"])
    make_quote("We want a free river")
    fill_queue(issue)
    assert reasons(issue) == {"We want a free river": "term"}


def test_the_other_quotes_of_an_article_that_mentions_the_issue_come_after_its_own():
    issue = make_issue(terms=["dam"])
    article = make_article("“The dam will stand,” A said. “It is late,” B said.")
    about = make_quote("The dam will stand", article=article)
    beside = make_quote("It is late", article=article)
    make_quote("The weather is fine")
    assert fill_queue(issue) == 2
    ordered = QueueItem.objects.filter(issue=issue).in_order()
    assert [(each.quote, each.reason, each.rank) for each in ordered] == [
        (about, "term", 0),
        (beside, "article", 1),
    ]


def test_terms_with_a_capital_letter_decide_which_articles_count():
    issue = make_issue(terms=["Orsel dam", "report"])
    named = make_article("The Orsel dam\n\n“The report is wrong,” A said.")
    make_quote("The report is wrong", article=named)
    make_quote("The report on schools is out")
    fill_queue(issue)
    assert reasons(issue) == {"The report is wrong": "term"}


def test_an_issue_without_terms_gets_nothing_by_itself():
    issue = make_issue()
    make_quote("Anything at all")
    assert fill_queue(issue) == 0


@pytest.mark.parametrize("fields", [{"act": "other"}, {"state": "rejected"}])
def test_what_is_no_statement_is_not_queued(fields):
    issue = make_issue(terms=["dam"])
    make_quote("The dam will stand", **fields)
    assert fill_queue(issue) == 0


def test_an_actor_is_mentioned_by_any_of_its_names_and_not_by_its_own_quotes():
    league, other = make_actor("River League"), make_actor("Herders’ Union")
    ActorName.objects.create(actor=league, text="RLG", kind="acronym")
    issue = make_issue(kind="actor", actor=league)
    article = make_article("“The RLG lies,” A said. “It is late,” B said. “The RLG stays,” C said.")
    make_quote("The RLG lies", actor=other, article=article)
    make_quote("It is late", actor=other, article=article)
    make_quote("The RLG stays", actor=league, article=article)
    make_quote("Nobody asked the River League")
    fill_queue(issue)
    assert reasons(issue) == {"The RLG lies": "term", "Nobody asked the River League": "term"}


def test_filling_again_adds_only_what_is_new_and_changes_nothing():
    issue = make_issue(terms=["dam"])
    make_quote("The dam will stand")
    fill_queue(issue)
    before = QueueItem.objects.values().get()
    make_quote("A dam is not enough")
    assert fill_queue(issue) == 1
    assert QueueItem.objects.values().get(pk=before["id"]) == before


def test_only_the_quotes_that_are_asked_for_are_added():
    issue = make_issue(terms=["dam"])
    wanted = make_quote("The dam will stand")
    make_quote("A dam is not enough")
    assert fill_queue(issue, Quote.objects.filter(pk=wanted.pk)) == 1
    assert QueueItem.objects.get().quote == wanted


def test_what_was_taken_out_stays_out_until_somebody_puts_it_back():
    issue = make_issue(terms=["dam"])
    quote = make_quote("The dam will stand")
    fill_queue(issue)
    drop_from_queue(issue, quote)
    assert fill_queue(issue) == 0
    assert reasons(issue) == {}
    add_to_queue(issue, quote)
    assert reasons(issue) == {"The dam will stand": "hand"}


def test_a_quote_put_in_by_hand_comes_among_those_that_mention_the_issue():
    issue = make_issue(terms=["dam"])
    article = make_article("The dam\n\n“It is late,” A said.")
    beside = make_quote("It is late", article=article)
    fill_queue(issue)
    apart = make_quote("The weather is fine")
    for quote in (beside, apart):
        item = add_to_queue(issue, quote)
        assert (item.reason, item.rank) == ("hand", 0)
    assert add_to_queue(issue, apart) == QueueItem.objects.get(quote=apart)


def test_a_quote_that_mentions_the_issue_keeps_that_reason():
    issue = make_issue(terms=["dam"])
    quote = make_quote("The dam will stand")
    fill_queue(issue)
    assert add_to_queue(issue, quote).reason == "term"


@pytest.fixture
def many():
    """An issue of which a fifth is judged twice, with 600 quotes in its queue."""
    issue = make_issue(terms=["dam"], double_percent=20)
    words = [f"Dam number {n} stands" for n in range(600)]
    article = make_article("\n\n".join(f"“{each},” she said." for each in words))
    for each in words:
        make_quote(each, article=article)
    fill_queue(issue)
    return issue


def doubles(issue) -> int:
    return QueueItem.objects.filter(issue=issue, is_double=True).count()


def test_about_the_share_is_judged_twice_and_those_come_anywhere_in_the_queue(many):
    assert 80 <= doubles(many) <= 160
    flags = list(
        QueueItem.objects.filter(issue=many).in_order().values_list("is_double", flat=True)
    )
    assert 40 <= sum(flags[:300]) <= 85


def test_another_share_is_drawn_over_what_nobody_has_judged(many):
    first = QueueItem.objects.filter(issue=many, is_double=True).first()
    assert first
    record_label(quote=first.quote, issue=many, editor=make_user("editor"), label="neutral")
    many.double_percent = 0
    many.save()
    redraw_double(many)
    assert list(QueueItem.objects.filter(is_double=True)) == [first]
    many.double_percent = 100
    many.save()
    redraw_double(many)
    assert doubles(many) == 600


def test_a_larger_share_keeps_the_ones_that_were_drawn_before(many):
    before = set(QueueItem.objects.filter(is_double=True).values_list("pk", flat=True))
    many.double_percent = 50
    redraw_double(many)
    assert before < set(QueueItem.objects.filter(is_double=True).values_list("pk", flat=True))


# -- By hand, on the quote's page -----------------------------------------------------------------

HTMX = {"HX-Request": "true"}


def queue_url(quote) -> str:
    return reverse("statements:queue_quote", args=[quote.uuid])


def test_moving_quotes_between_queues_is_for_editors(client):
    quote, issue = make_quote(), make_issue()
    sent = {"issue": issue.slug, "place": "in"}
    assert client.post(queue_url(quote), sent).url.startswith("/accounts/login/")
    client.force_login(make_user())
    assert client.post(queue_url(quote), sent).status_code == 403
    assert not QueueItem.objects.exists()
    assert "Queues" not in client.get(quote.get_absolute_url()).text


def test_signing_in_leads_back_to_the_quote(client):
    quote = make_quote()
    client.force_login(make_user("editor"))
    assert client.get(queue_url(quote)).url == f"{quote.get_absolute_url()}#queues"


def test_an_editor_puts_a_quote_into_a_queue_and_takes_it_out(client):
    quote, issue = make_quote(), make_issue(title="Toll")
    client.force_login(make_user("editor"))
    assert "It is in no queue" in client.get(quote.get_absolute_url()).text
    response = client.post(queue_url(quote), {"issue": issue.slug, "place": "in"}, follow=True)
    assert response.redirect_chain == [(f"{quote.get_absolute_url()}#queues", 302)]
    assert "The quote is in the queue of Toll." in response.text
    assert "put there by an editor" in response.text
    assert QueueItem.objects.get().reason == "hand"
    response = client.post(queue_url(quote), {"issue": issue.slug, "place": "out"}, follow=True)
    assert "Taken out of the queue of" in response.text
    assert QueueItem.objects.get().is_dropped


def test_moving_by_htmx_answers_with_the_queues_alone(client):
    quote, issue = make_quote("The dam will stand"), make_issue(terms=["dam"])
    fill_queue(issue)
    client.force_login(make_user("editor"))
    assert "its words mention the issue" in client.get(quote.get_absolute_url()).text
    sent = {"issue": issue.slug, "place": "out"}
    response = client.post(queue_url(quote), sent, headers=HTMX)
    assert response.status_code == 200
    assert 'id="queues"' in response.text
    assert 'id="stances"' not in response.text
    assert "What was judged of it stays" in response.text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"place": "in"}, "Choose the issue whose queue"),
        ({"issue": "none", "place": "in"}, "Choose an issue that is there"),
        ({"issue": "toll"}, "Say whether the quote goes in or out"),
    ],
)
def test_what_cannot_be_done_is_said_at_the_queues(client, headers, sent, words):
    quote, _issue = make_quote(), make_issue(slug="toll")
    client.force_login(make_user("editor"))
    response = client.post(queue_url(quote), sent, headers=headers)
    assert response.status_code == 422
    assert words in response.text
    assert ("<html" in response.text) is (not headers)
    assert not QueueItem.objects.exists()


@pytest.mark.parametrize("fields", [{"act": "other"}, {"state": "rejected"}])
def test_what_is_no_statement_cannot_be_put_in(client, fields):
    quote, issue = make_quote(**fields), make_issue()
    client.force_login(make_user("editor"))
    assert client.post(queue_url(quote), {"issue": issue.slug, "place": "in"}).status_code == 404
