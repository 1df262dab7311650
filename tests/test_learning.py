"""Issues learn from their editors: when, from what, and what follows for queue and pages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
from django.db import connection, transaction

from statements import learning
from statements.ingest.suggesting import suggest_stances, suggestions_for
from statements.labelling import adjudicate, record_label, take_back
from statements.models import (
    Issue,
    IssueModel,
    QueueItem,
    Quote,
    QuoteVector,
    Stance,
    StanceLabel,
    Suggestion,
)
from statements.nlp.attitudes.encoder import NAME
from tests.factories import make_actor, make_article, make_double, make_issue, make_quote, make_user

pytestmark = pytest.mark.django_db

# Sentences that any reader tells apart, and so does the encoder.
SAYINGS = {
    "supports": "We welcome the dam, it brings water, light and work to valley number {}",
    "opposes": "The dam would drown our homes, graves and fields in village number {}",
    "neutral": "The committee on the dam meets on day {} of the month in the town hall",
}


@pytest.fixture
def issue() -> Issue:
    return make_issue(slug="dam", terms=["dam"])


@pytest.fixture
def editor():
    return make_user("editor")


def judge(issue: Issue, editor, *counts: int, first: int = 0) -> list[StanceLabel]:
    """So many labels of each kind, on quotes that say as much."""
    return [
        record_label(
            quote=make_quote(SAYINGS[label].format(number)),
            issue=issue,
            editor=editor,
            label=label,
        )
        for label, count in zip(SAYINGS, counts, strict=False)
        for number in range(first, first + count)
    ]


def unjudged(label: str = "opposes", number: int = 900) -> Quote:
    return make_quote(SAYINGS[label].format(number))


def test_nothing_is_learned_from_few_labels_and_the_page_can_say_what_is_missing(issue, editor):
    judge(issue, editor, 10, 10, 9)
    assert learning.learn(issue) is None
    assert learning.still_missing(issue) == "1 more labels"
    assert suggestions_for(unjudged(), issue)[0].method == "predicates"
    judge(issue, editor, 0, 0, 1, first=50)
    model = learning.learn(issue)
    assert model is not None
    assert (model.number, model.label_count, model.is_current) == (1, 30, True)
    assert len(model.label_ids) == 30


def test_what_was_learned_is_proposed_with_its_version(issue, editor):
    judge(issue, editor, 15, 15, 15)
    model = learning.learn(issue)
    assert model is not None
    assert model.threshold < 1
    quote = unjudged("opposes")
    (learned,) = [each for each in suggestions_for(quote, issue) if each.method == "learned"]
    assert (learned.label, learned.version) == ("opposes", 1)
    assert learned.confidence >= model.threshold
    assert sum(learned.shares.values()) == pytest.approx(1.0, abs=1e-3)
    stance = Stance.objects.get(quote=quote)
    assert (stance.label, stance.standing) == ("opposes", Stance.Standing.SUGGESTED)


def test_the_same_labels_give_the_same_version(issue, editor):
    judge(issue, editor, 12, 12, 12)
    first = learning.learn(issue)
    assert learning.learn(issue) == first
    assert not learning.is_due(issue)
    judge(issue, editor, 5, first=50)
    assert learning.is_due(issue)
    second = learning.learn(issue)
    assert second is not None
    assert second.number == 2
    assert list(IssueModel.objects.values_list("number", "is_current")) == [(1, False), (2, True)]


def test_labels_that_were_changed_count_as_new_ones(issue, editor):
    labels = judge(issue, editor, 12, 12, 12)
    learning.learn(issue)
    for label in labels[:5]:
        assert not learning.is_due(issue)
        record_label(quote=label.quote, issue=issue, editor=editor, label="neutral")
    assert learning.is_due(issue)


def test_what_editors_disagree_on_and_what_is_mixed_teaches_nothing(issue, editor):
    labels = judge(issue, editor, 12, 12, 12)
    other = make_user("editor")
    record_label(quote=labels[0].quote, issue=issue, editor=other, label="opposes")
    record_label(quote=labels[1].quote, issue=issue, editor=editor, label="mixed")
    model = learning.learn(issue)
    assert model is not None
    assert model.label_count == 34
    adjudicate(
        quote=labels[0].quote, issue=issue, lead=make_user("lead"), label="supports", reason="So."
    )
    model = learning.learn(issue)
    assert model is not None
    assert model.label_count == 35


def test_labels_taken_back_below_the_minimum_make_it_silent_again(issue, editor):
    labels = judge(issue, editor, 10, 10, 10)
    assert learning.learn(issue)
    quote = unjudged("opposes")
    suggest_stances([quote], [issue])
    assert Suggestion.objects.current().filter(quote=quote, method="learned").exists()
    take_back(labels[-1])
    assert learning.is_due(issue)
    assert learning.keep_up(issue) is None
    assert learning.current_model(issue) is None
    assert not Suggestion.objects.current().filter(method="learned").exists()
    assert Suggestion.objects.filter(quote=quote, method="learned").exists()
    assert not Stance.objects.filter(quote=quote).exists()
    assert not learning.is_due(issue)
    judge(issue, editor, 0, 0, 1, first=60)
    model = learning.keep_up(issue)
    assert model is not None
    assert model.number == 2


def test_vectors_are_made_a_few_at_a_time_and_learning_waits_for_them(issue, editor):
    judge(issue, editor, 10, 10, 10)
    made = []
    while learning.keep_up(issue) is None:
        made.append(QuoteVector.objects.count())
    assert made == [12, 24]
    assert learning.current_model(issue)


def test_vectors_of_quotes_that_wait_are_made_ahead(issue, editor):
    judge(issue, editor, 10, 10, 10)
    learning.learn(issue)
    items = [make_double(issue, unjudged(number=n), is_double=False, place=n) for n in range(6)]
    learning.keep_up(issue)
    known = [QuoteVector.objects.filter(quote=each.quote).exists() for each in items]
    assert known == [True] * 4 + [False] * 2


def test_a_vector_is_made_once_and_kept_in_half_precision(issue):
    quotes = [unjudged("supports"), unjudged("opposes")]
    first = learning.vectors_of(quotes)
    assert np.linalg.norm(first, axis=1) == pytest.approx(np.ones(2), abs=1e-3)
    assert {each.encoder for each in QuoteVector.objects.all()} == {NAME}
    again = learning.vectors_of(quotes[::-1])
    assert np.abs(again[::-1] - first).max() < 1e-6
    assert learning.vectors_of([]).shape == (0, 384)


@pytest.fixture
def queue(issue, editor) -> list[QueueItem]:
    """A long queue of two ranks, every fifth quote of it judged twice, some of it learned."""
    judge(issue, editor, 12, 12, 12)
    model = learning.learn(issue)
    assert model is not None
    labels = list(SAYINGS)
    items = [
        make_double(
            issue,
            unjudged(labels[n % 3], 100 + n),
            is_double=n % 5 == 0,
            rank=n % 2,
            place=(n * 37 % 60) / 60,
        )
        for n in range(60)
    ]
    learning.vectors_of([each.quote for each in items])
    return items


def test_the_least_sure_come_first_and_the_blind_stay_where_they_are(issue, queue):
    before = list(QueueItem.objects.in_order().values_list("rank", "place", "is_double"))
    doubles = list(QueueItem.objects.filter(is_double=True).in_order().values_list("pk", "place"))
    model = learning.current_model(issue)
    assert model is not None
    learning._order_by_uncertainty(model)
    after = QueueItem.objects.in_order()
    # No place is new, and every place of a blind one is still one.
    assert list(after.values_list("rank", "place", "is_double")) == before
    assert list(after.filter(is_double=True).values_list("pk", "place")) == doubles
    fit = learning._fit_of(model)
    for rank in (0, 1):
        quotes = [each.quote for each in after.filter(rank=rank, is_double=False)]
        sure = fit.probabilities(learning.vectors_of(quotes)).max(1)
        assert (np.diff(sure) >= -1e-6).all()


def test_the_queue_keeps_its_random_order_until_there_are_many_labels(issue, editor, queue):
    places = dict(QueueItem.objects.values_list("pk", "place"))
    judge(issue, editor, 14, 14, 15, first=500)
    model = learning.learn(issue)
    assert model is not None
    assert model.label_count == 79
    assert dict(QueueItem.objects.values_list("pk", "place")) == places
    judge(issue, editor, 1, first=700)
    learning.learn(issue)
    assert dict(QueueItem.objects.values_list("pk", "place")) != places


def test_quotes_judged_or_dropped_or_unread_by_the_encoder_keep_their_place(issue, queue):
    singles = [each for each in queue if not each.is_double]
    judged, dropped, unread = singles[:3]
    QueueItem.objects.filter(pk=judged.pk).update(label_count=1)
    QueueItem.objects.filter(pk=dropped.pk).update(is_dropped=True)
    QuoteVector.objects.filter(quote=unread.quote).delete()
    model = learning.current_model(issue)
    assert model is not None
    learning._order_by_uncertainty(model)
    for item in (judged, dropped, unread):
        assert QueueItem.objects.get(pk=item.pk).place == item.place


def test_the_labelled_quotes_most_alike_come_by_two_queries(
    issue, editor, django_assert_num_queries
):
    judge(issue, editor, 3, 3, 3)
    labelled = Stance.objects.labelled().select_related("quote")
    learning.vectors_of([each.quote for each in labelled])
    quote = unjudged("opposes")
    learning.vectors_of([quote])
    lead = make_user("lead")
    lead.has_perm("statements.change_issue")
    with django_assert_num_queries(2):
        found = learning.nearest_labelled(quote, issue, user=lead)
    assert [stance.label for stance, _ in found] == ["opposes"] * 3
    likeness = [each for _, each in found]
    assert likeness == sorted(likeness, reverse=True)


def test_labels_of_quotes_to_be_judged_blind_are_not_shown_as_alike(issue, editor):
    (label,) = judge(issue, editor, 1)
    make_double(issue, label.quote, label_count=1)
    learning.vectors_of([label.quote])
    asked = make_user("editor")
    assert learning.nearest_labelled(unjudged(), issue, user=asked) == []
    assert len(learning.nearest_labelled(unjudged(), issue, user=editor)) == 1


def test_quotes_of_drafts_are_not_shown_as_alike(issue, editor):
    (label,) = judge(issue, editor, 1)
    learning.vectors_of([label.quote])
    label.quote.article.is_draft = True
    label.quote.article.save()
    assert learning.nearest_labelled(unjudged(), issue, user=editor) == []


def test_the_general_model_is_the_start_for_issues_of_actors_also_of_new_quotes():
    """A correction of nothing says what the attitude says, which is not stored yet."""
    issue = make_issue(kind="actor", actor=make_actor("Berg"))
    IssueModel.objects.create(
        issue=issue,
        number=1,
        encoder=NAME,
        classes=list(SAYINGS),
        weights=np.zeros((385, 3), "<f4").tobytes(),
        threshold=0.5,
        label_ids=[],
        label_count=30,
    )
    quote = make_quote("Berg is a corrupt liar who has betrayed the voters")
    suggest_stances([quote])
    attitude, learned = Suggestion.objects.filter(method__in=("attitude", "learned")).order_by("pk")
    assert learned.label == "opposes"
    for label in SAYINGS:
        assert learned.shares[label] == pytest.approx(attitude.shares[label], abs=0.001)
    assert learning._offsets(make_issue(), [quote]) is None


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_make_one_version_after_the_other():
    issue, editor = make_issue(slug="dam", terms=["dam"]), make_user("editor")
    labels = judge(issue, editor, 12, 12, 12)
    learning.vectors_of([each.quote for each in labels])
    start = Barrier(2)

    def learn() -> int:
        try:
            start.wait(timeout=10)
            model = learning.learn(issue)
            assert model is not None
            return model.number
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        numbers = [each.result() for each in [pool.submit(learn), pool.submit(learn)]]
    assert numbers == [1, 1]
    assert IssueModel.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_label_can_be_saved_while_the_issue_learns():
    issue, editor = make_issue(), make_user("editor")
    quote = make_quote()

    def save() -> str:
        try:
            return record_label(quote=quote, issue=issue, editor=editor, label="mixed").label
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        learning.learn(issue)
        assert pool.submit(save).result(timeout=10) == "mixed"


def test_a_press_learns_and_so_does_its_undo(client, issue, editor):
    client.force_login(editor)
    judge(issue, editor, 10, 10, 9)
    learning.vectors_of([each.quote for each in Stance.objects.select_related("quote")])
    quote = unjudged("neutral")
    sent = {"quote": str(quote.uuid), "label": "neutral"}
    address = f"/annotate/{issue.slug}/"
    assert client.post(address, sent).status_code == 302
    assert learning.current_model(issue)
    client.post(f"{address}undo/")
    assert learning.current_model(issue) is None


def test_an_imported_article_gets_what_was_learned(issue, editor):
    judge(issue, editor, 15, 15, 15)
    learning.learn(issue)
    words = SAYINGS["supports"].format(77)
    quote = make_quote(words, article=make_article(f"Report\n\n“{words},” a person said."))
    suggest_stances([quote])
    assert Suggestion.objects.get(quote=quote, method="learned").label == "supports"
