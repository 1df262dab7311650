"""How right suggestions have been: blind judgements measure, those with it on screen do not."""

from __future__ import annotations

import pytest
from django.urls import reverse

from statements.labelling import record_label
from statements.models import IssueModel, StanceLabel, Suggestion
from statements.suggestion_record import MethodRecord, agrees, decisions, disagreements, records
from tests.factories import make_double, make_issue, make_quote, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue():
    return make_issue(slug="dam")


def suggest(issue, quote, label: str, confidence: float = 0.75, method: str = "attitude", **fields):
    reason = "" if label else "not sure"
    return Suggestion.objects.create(
        quote=quote,
        issue=issue,
        label=label,
        confidence=confidence,
        method=method,
        reason=reason,
        **fields,
    )


def judged(issue, suggested: str, said: str, *, blind: bool = False, **fields) -> StanceLabel:
    """A label on a quote of its own, with the suggestion hidden or on screen."""
    quote = make_quote()
    suggestion = suggest(issue, quote, suggested, **fields)
    if blind:
        make_double(issue, quote)
    return record_label(
        quote=quote,
        issue=issue,
        editor=make_user("editor"),
        label=said,
        suggestion_shown=None if blind else suggestion,
    )


def record(issue, method: str = "attitude") -> MethodRecord:
    return {each.method: each for each in records(decisions(issue))}[method]


def test_blind_judgements_are_counted_apart_from_those_with_it_on_screen(issue):
    for said in ("supports", "supports", "opposes"):
        judged(issue, "supports", said, blind=True)
    for said in ("supports", "supports", "supports", "neutral"):
        judged(issue, "supports", said)
    found = record(issue)
    assert (found.blind.total, found.blind.same, found.blind.percent) == (3, 2, 67)
    assert (found.shown.total, found.shown.same, found.shown.percent) == (4, 3, 75)
    assert found.abstained == 0


def test_confidence_is_held_against_blind_judgements_alone(issue):
    judged(issue, "supports", "supports", blind=True, confidence=0.95)
    judged(issue, "supports", "opposes", blind=True, confidence=0.72)
    judged(issue, "supports", "opposes", confidence=0.95)
    rows = [(name, each.total, each.expected, each.percent) for name, each in record(issue).rows]
    assert rows == [("70% to 80%", 1, 72, 0), ("90% to 100%", 1, 95, 100)]


def test_abstentions_are_counted_and_are_neither_right_nor_wrong(issue):
    judged(issue, "", "supports", blind=True)
    found = record(issue)
    assert (found.abstained, found.blind.total, found.blind.percent) == (1, 0, None)
    assert found.rows == []


@pytest.mark.parametrize(
    ("suggested", "said", "same"),
    [
        ("supports", "supports", True),
        ("neutral", "unrelated", True),
        ("neutral", "neutral", True),
        ("supports", "mixed", False),
        ("supports", "unrelated", False),
    ],
)
def test_unrelated_is_as_good_as_neutral_and_mixed_agrees_with_nothing(suggested, said, same):
    assert agrees(suggested, said) is same


def test_what_was_proposed_after_the_first_judgement_measures_nothing(issue):
    """It may have been learned from that very judgement."""
    quote = make_quote()
    make_double(issue, quote)
    first = suggest(issue, quote, "opposes", method="learned")
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="supports")
    Suggestion.objects.filter(pk=first.pk).update(is_current=False)
    suggest(issue, quote, "supports", method="learned", version=2)
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="supports")
    found = record(issue, "learned")
    assert (found.blind.total, found.blind.same) == (2, 0)


def test_of_several_versions_the_last_before_the_judgement_counts_and_each_method(issue):
    quote = make_quote()
    make_double(issue, quote)
    suggest(issue, quote, "opposes", is_current=False)
    suggest(issue, quote, "supports")
    suggest(issue, quote, "opposes", method="predicates")
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="supports")
    assert (record(issue).blind.total, record(issue).blind.same) == (1, 1)
    assert record(issue, "predicates").blind.same == 0


def test_a_judgement_without_any_suggestion_is_no_decision(issue):
    record_label(quote=make_quote(), issue=issue, editor=make_user("editor"), label="supports")
    quote = make_quote()
    make_double(issue, quote)
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="supports")
    suggest(issue, quote, "supports")
    assert decisions(issue) == []


def test_decisions_cost_two_queries(issue, django_assert_num_queries):
    for said in ("supports", "opposes", "neutral"):
        judged(issue, "supports", said, blind=True)
        judged(issue, "supports", said)
    with django_assert_num_queries(2):
        found = decisions(issue)
        assert {str(each.label.editor) for each in found}
        assert {each.label.quote.article.title for each in found}
    assert len(found) == 6


def test_disagreements_come_surest_first_without_what_is_to_be_judged_blind(issue):
    judged(issue, "supports", "supports")
    mild = judged(issue, "supports", "opposes", confidence=0.7)
    strong = judged(issue, "supports", "mixed", confidence=0.9)
    hidden = judged(issue, "supports", "opposes", blind=True, confidence=0.8)
    found = decisions(issue)
    asked = disagreements(found, make_user("editor"), most=5)
    assert [each.label for each in asked] == [strong, mild]
    lead = disagreements(found, make_user("lead"), most=5)
    assert [each.label for each in lead] == [strong, hidden, mild]
    assert len(disagreements(found, make_user("lead"), most=1)) == 1
    strong.quote.article.is_draft = True
    strong.quote.article.save()
    assert [e.label for e in disagreements(found, make_user("editor"), most=5)] == [mild]


def test_the_page_shows_both_counts_and_what_the_issue_has_learned(client, issue):
    judged(issue, "supports", "opposes", blind=True, confidence=0.95)
    judged(issue, "supports", "supports")
    client.force_login(make_user("lead"))
    address = reverse("statements:suggestion_record", args=[issue.slug])
    text = client.get(address).content.decode()
    assert "Nothing yet: 28 more labels to go." in text
    assert "0 (0 %)" in text
    assert "1 (100 %)" in text
    assert "90% to 100%" in text
    IssueModel.objects.create(
        issue=issue, number=1, encoder="x", classes=[], weights=b"", threshold=0.6, label_ids=[],
        label_count=40, scores={"accuracy": 0.85, "coverage": 0.5},
    )  # fmt: skip
    text = client.get(address).content.decode()
    assert "Version 1, from 40 labels." in text
    assert "below 0.60 it abstains" in text
