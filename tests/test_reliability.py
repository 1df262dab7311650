"""Agreement on an issue, from what editors said before they saw anything."""

from __future__ import annotations

import pytest

from statements.labelling import adjudicate, record_label, take_back
from statements.models import Issue, Quote, StanceLabel, Suggestion
from statements.models.issues import publish_guideline
from statements.reliability import Reliability, independent_labels, reliabilities, reliability_of
from tests.factories import make_double, make_issue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> Issue:
    return make_issue()


@pytest.fixture
def editors():
    return [make_user("editor", username=name) for name in ("ann", "bob")]


@pytest.fixture
def judge(issue, editors):
    """Have both editors judge a quote blind, or as many as there are labels."""

    def _judge(*labels: str, **sure: bool) -> Quote:
        item = make_double(issue)
        for editor, label in zip(editors, labels, strict=False):
            record_label(
                quote=item.quote,
                issue=issue,
                editor=editor,
                label=label,
                is_sure=sure.get(editor.username, True),
            )
        return item.quote

    return _judge


def labels(issue) -> list[tuple[str, str]]:
    found = independent_labels().filter(issue=issue).select_related("editor")
    return [(each.editor.username, each.label) for each in found]


def test_what_two_editors_said_blind_counts(issue, judge):
    judge("supports", "opposes")
    assert labels(issue) == [("ann", "supports"), ("bob", "opposes")]


def test_what_an_editor_changed_later_does_not_count(issue, editors, judge):
    quote = judge("supports", "opposes")
    record_label(quote=quote, issue=issue, editor=editors[1], label="supports")
    assert labels(issue) == [("ann", "supports"), ("bob", "opposes")]
    assert reliability_of(issue).agreed == 0


def test_taking_back_the_change_leaves_the_first_judgement(issue, editors, judge):
    quote = judge("supports", "opposes")
    changed = record_label(quote=quote, issue=issue, editor=editors[1], label="supports")
    take_back(changed)
    assert labels(issue) == [("ann", "supports"), ("bob", "opposes")]


def test_what_was_taken_back_altogether_does_not_count(issue, editors, judge):
    quote = judge("supports", "opposes")
    first = StanceLabel.objects.get(editor=editors[1])
    changed = record_label(quote=quote, issue=issue, editor=editors[1], label="mixed")
    take_back(changed)
    take_back(first)
    assert labels(issue) == [("ann", "supports")]
    assert reliability_of(issue).quotes == 0


def test_a_judgement_given_anew_after_taking_one_back_counts(issue, editors, judge):
    quote = judge("supports", "opposes")
    take_back(StanceLabel.objects.get(editor=editors[1]))
    record_label(quote=quote, issue=issue, editor=editors[1], label="neutral")
    assert labels(issue) == [("ann", "supports"), ("bob", "neutral")]


def test_what_saw_a_suggestion_or_was_meant_for_one_or_decides_does_not_count(issue, editors):
    double, single = make_double(issue), make_double(issue, is_double=False)
    seen = Suggestion.objects.create(
        quote=double.quote, issue=issue, label="opposes", method="test"
    )
    ann, bob = editors
    record_label(
        quote=double.quote, issue=issue, editor=ann, label="opposes", suggestion_shown=seen
    )
    record_label(quote=double.quote, issue=issue, editor=bob, label="opposes", is_independent=False)
    for editor in editors:
        record_label(quote=single.quote, issue=issue, editor=editor, label="opposes")
    adjudicate(quote=double.quote, issue=issue, lead=make_user("lead"), label="mixed", reason="So.")
    assert labels(issue) == []


def test_what_is_no_quote_after_all_is_left_out(issue, judge):
    quote = judge("supports", "supports")
    Quote.objects.filter(pk=quote.pk).update(state=Quote.State.REJECTED)
    assert labels(issue) == []


def test_quotes_that_one_editor_judged_are_no_units(issue, judge):
    judge("supports")
    judge("supports", "supports")
    assert reliability_of(issue).quotes == 1


def test_under_ten_quotes_there_is_only_their_number(issue, judge):
    for _ in range(9):
        judge("supports", "opposes")
    found = reliability_of(issue)
    assert (found.quotes, found.enough) == (9, False)
    assert (found.alpha, found.interval, found.share, found.reading) == (None, None, None, "")


def test_from_ten_quotes_there_are_alpha_interval_and_share(issue, judge):
    for label in ("supports", "opposes", "neutral"):
        for _ in range(4):
            judge(label, label)
    judge("mixed", "supports")
    found = reliability_of(issue)
    assert (found.quotes, found.agreed, found.enough) == (13, 12, True)
    assert found.share == pytest.approx(12 / 13)
    # 26 values, 2 of them off the diagonal; 9, 8, 8 and 1 of a kind.
    alpha, around = found.alpha, found.interval
    assert alpha == pytest.approx(1 - 25 * 2 / (26**2 - 9**2 - 8**2 - 8**2 - 1))
    assert alpha is not None
    assert around is not None
    assert around.low < alpha <= around.high
    assert found.reading == "reliable"


def test_one_answer_throughout_tells_nothing_of_alpha(issue, judge):
    for _ in range(10):
        judge("neutral", "neutral")
    found = reliability_of(issue)
    assert (found.enough, found.agreed, found.alpha, found.interval) == (True, 10, None, None)


@pytest.mark.parametrize(
    ("alpha", "reading"),
    [(0.95, "reliable"), (0.796, "reliable"), (0.79, "tentative"), (0.67, "tentative"), (0, "low")],
)
def test_the_reading_follows_the_customary_limits(monkeypatch, alpha, reading):
    monkeypatch.setattr(Reliability, "alpha", alpha)
    assert Reliability().reading == reading


def test_the_confusion_counts_pairs_and_shows_a_difference_from_both_sides(issue, judge):
    for _ in range(3):
        judge("supports", "supports")
    judge("supports", "mixed")
    judge("mixed", "supports")
    table = {
        row.label.value: {label.value: count for label, count in row.cells}
        for row in reliability_of(issue).confusion
    }
    assert table["supports"]["supports"] == 3
    assert table["supports"]["mixed"] == table["mixed"]["supports"] == 2
    assert sum(sum(row.values()) for row in table.values()) == 7


def test_each_pair_of_editors_has_its_share_and_from_ten_quotes_its_alpha(issue, editors, judge):
    for number in range(10):
        judge("supports" if number else "opposes", "supports")
    third = make_user("editor")
    item = make_double(issue)
    for editor in (editors[1], third):
        record_label(quote=item.quote, issue=issue, editor=editor, label="mixed")
    most, other = reliability_of(issue).pairs
    ann, bob = editors
    assert (most.editors, most.quotes, most.agreed) == ((ann.pk, bob.pk), 10, 9)
    assert most.share == 0.9
    assert most.alpha == pytest.approx(0)
    assert (other.editors, other.quotes, other.agreed, other.alpha) == (
        (bob.pk, third.pk),
        1,
        1,
        None,
    )


def test_the_hardest_are_those_that_differ_and_those_that_most_were_unsure_of(issue, judge):
    judge("supports", "supports")
    judge("supports", "supports", ann=False)
    doubted = judge("mixed", "mixed", ann=False, bob=False)
    differ = judge("supports", "opposes")
    both = judge("supports", "opposes", bob=False)
    assert reliability_of(issue).hardest() == [both.pk, doubted.pk, differ.pk]


def test_the_guideline_versions_that_were_followed_are_named(issue, judge):
    publish_guideline(issue, "One.")
    issue.refresh_from_db()
    judge("supports", "supports")
    publish_guideline(Issue.objects.get(pk=issue.pk), "Two.")
    assert reliability_of(issue).guidelines == [1]


def test_all_issues_at_once_cost_one_query(issue, judge, editors, django_assert_num_queries):
    for _ in range(3):
        judge("supports", "opposes")
    other = make_issue()
    item = make_double(other)
    for editor in editors:
        record_label(quote=item.quote, issue=other, editor=editor, label="neutral")
    with django_assert_num_queries(1):
        found = reliabilities()
    assert {pk: each.quotes for pk, each in found.items()} == {issue.pk: 3, other.pk: 1}
    assert found[0].quotes == 0
    with django_assert_num_queries(1):
        assert reliability_of(issue).agreement.units == 3
