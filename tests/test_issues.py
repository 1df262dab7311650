"""The list of issues, and an issue's two sides face to face."""

from __future__ import annotations

from datetime import date

import pytest

from statements.labelling import record_label, update_stance
from statements.models import Actor, Suggestion
from statements.models.issues import publish_guideline
from statements.models.quotes import JointVoice
from tests.factories import make_actor, make_article, make_issue, make_quote, make_user

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def issue():
    return make_issue(proposition="The dam should be built")


@pytest.fixture
def judge(issue):
    """Make a quote of an actor type or actor and label it on the issue."""
    editor = make_user("editor")
    actors: dict[str, Actor] = {}

    def _judge(who, label, **fields):
        actor = actors.setdefault(who, make_actor(type=who)) if isinstance(who, str) else who
        quote = make_quote(actor=actor, **fields)
        record_label(quote=quote, issue=issue, editor=editor, label=label)
        return quote

    return _judge


def suggest(quote, issue, label="supports", confidence=0.8):
    Suggestion.objects.create(
        quote=quote, issue=issue, label=label, confidence=confidence, method="test"
    )
    update_stance(quote, issue)
    return quote


def test_issues_are_listed_with_their_counts(client, issue, judge):
    judge("ngo", "opposes")
    suggest(make_quote(), issue)
    response = client.get("/issues/")
    (position,) = response.context["positions"]
    assert (dict(position.labels), position.suggested) == ({"opposes": 1}, 1)
    assert "The dam should be built" in response.text
    assert "1 supports" in response.text


def test_without_issues_the_list_says_what_one_is(client):
    assert "No issue has been written yet" in client.get("/issues/").text


def test_the_page_shows_proposition_poles_terms_and_guideline_with_its_version(client):
    issue = make_issue(terms=["dam"], counter_terms=["free river"])
    publish_guideline(issue, "First.")
    issue.refresh_from_db()
    publish_guideline(issue, "Judge the speaker.")
    page = client.get(issue.get_absolute_url()).text
    for words in (
        issue.proposition,
        "backs it",
        "rejects it",
        "dam",
        "free river",
        "Judge the speaker.",
        "Guideline, version 2",
    ):
        assert words in page


def test_the_sides_to_begin_with_are_those_that_reject_and_back_the_most(client, issue, judge):
    for label in ("opposes", "opposes"):
        judge("business", label)
    judge("government", "opposes")
    judge("party", "supports")
    context = client.get(issue.get_absolute_url()).context
    assert (context["left"].party.key, context["right"].party.key) == (
        "type:business",
        "type:party",
    )


def test_without_labels_the_sides_come_from_what_is_suggested(client, issue):
    suggest(make_quote(actor=make_actor(type="party")), issue, "opposes")
    suggest(make_quote(actor=make_actor(type="labour")), issue, "supports")
    context = client.get(issue.get_absolute_url()).context
    assert (context["left"].party.key, context["right"].party.key) == ("type:party", "type:labour")


def test_an_issue_on_which_nothing_is_said_still_has_two_sides(client, issue):
    response = client.get(issue.get_absolute_url())
    assert "Nothing from Governments bears on this issue" in response.text
    assert "Nothing from NGOs bears on this issue" in response.text
    assert response.context["chart"] is None


def test_a_side_is_an_actor_type_or_one_actor(client, issue, judge):
    board = make_actor("Dam Board", type="business")
    mine = judge(board, "supports")
    judge("business", "supports")
    other = judge("ngo", "opposes")
    context = client.get(
        issue.get_absolute_url(), {"left": "actor:dam-board", "right": "type:ngo"}
    ).context
    assert context["left"].labelled == [mine]
    assert context["right"].labelled == [other]


@pytest.mark.parametrize("key", ["", "type:", "type:aliens", "actor:nobody", "x", "actor:\0"])
def test_a_side_that_does_not_exist_gives_way_to_the_usual_one(client, issue, key):
    context = client.get(issue.get_absolute_url(), {"left": key}).context
    assert context["left"].party.key == "type:government"


def test_what_contradicts_the_other_side_comes_first(client, issue, judge):
    backing = judge("government", "supports")
    mixed = judge("government", "mixed")
    rejecting = judge("government", "opposes")
    for _ in range(2):
        judge("ngo", "supports")
    sides = {"left": "type:government", "right": "type:ngo"}
    context = client.get(issue.get_absolute_url(), sides).context
    assert context["left"].labelled == [rejecting, backing, mixed]


def test_suggestions_stand_apart_and_count_for_no_position(client, issue, judge):
    judged = judge("ngo", "opposes")
    proposed = suggest(make_quote(actor=make_actor(type="ngo")), issue)
    response = client.get(issue.get_absolute_url(), {"right": "type:ngo"})
    side = response.context["right"]
    assert (side.labelled, side.suggested) == ([judged], [proposed])
    assert (side.position.labelled, side.position.suggested) == (1, 1)
    assert "Suggested, not judged by an editor" in response.text


def test_an_unrelated_quote_bears_on_nothing(client, issue, judge):
    judge("ngo", "unrelated")
    side = client.get(issue.get_absolute_url(), {"right": "type:ngo"}).context["right"]
    assert (side.labelled, side.position.labelled) == ([], 0)


def test_a_joint_voice_stands_on_its_own_side(client, issue, judge):
    quote = judge("government", "opposes")
    JointVoice.objects.create(
        quote=quote, ordinal=1, actor=make_actor(type="ngo"), actor_type="ngo"
    )
    assert client.get(issue.get_absolute_url(), {"right": "type:ngo"}).context[
        "right"
    ].labelled == [quote]


def test_who_is_quoted_in_the_same_articles_and_says_nothing_on_it_is_silent(client, issue):
    article = make_article("“We reject the dam,” A said. “Lunch was good,” B said. “So,” C said.")
    loud, silent, joint = make_actor("Loud"), make_actor("Silent"), make_actor("Joint")
    quote = make_quote("We reject the dam", actor=loud, article=article)
    JointVoice.objects.create(quote=quote, ordinal=1, actor=joint)
    make_quote("Lunch was good", actor=silent, article=article)
    make_quote("So", actor=joint, article=article)
    make_quote(actor=make_actor("Elsewhere"))
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="opposes")
    context = client.get(issue.get_absolute_url()).context
    assert [(actor.name, actor.quote_count) for actor in context["silent"]] == [("Silent", 1)]


def test_positions_over_time_are_drawn_on_one_scale_with_a_table(client, issue, judge):
    judge("government", "opposes", said_on=date(2024, 1, 5))
    judge("government", "opposes", said_on=date(2024, 1, 9))
    judge("ngo", "supports", said_on=date(2024, 4, 1))
    sides = {"left": "type:government", "right": "type:ngo"}
    response = client.get(issue.get_absolute_url(), sides)
    chart = response.context["chart"]
    (_, _, left), (_, _, right) = chart.sides
    assert (chart.first, chart.last) == (date(2024, 1, 1), date(2024, 4, 1))
    assert left[0].y == chart.axis
    assert right[0].y + right[0].height == chart.axis
    assert left[0].height == 2 * right[0].height
    assert left[0].x < right[0].x
    assert "style=" not in response.text


def test_a_swap_brings_only_the_contrast(client, issue, judge):
    judge("ngo", "opposes")
    response = client.get(issue.get_absolute_url(), {"left": "type:ngo"}, headers=HTMX)
    assert 'id="contrast"' in response.text
    assert "<html" not in response.text


def test_quotes_of_drafts_are_for_those_who_import(client, issue):
    article = make_article("“Secret words,” they said.", is_draft=True)
    actor = make_actor(type="ngo")
    quote = make_quote("Secret words", article=article, actor=actor)
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="opposes")
    assert "Secret words" not in client.get(issue.get_absolute_url()).text
    client.force_login(make_user("admin"))
    assert "Secret words" in client.get(issue.get_absolute_url()).text


def test_a_long_side_leads_to_all_its_quotes(client, issue, judge, monkeypatch):
    monkeypatch.setattr("statements.contrast.SHOWN", 2)
    for _ in range(3):
        judge("ngo", "opposes")
    page = client.get(issue.get_absolute_url(), {"right": "type:ngo"}).text
    assert f"/?type=ngo&amp;issue={issue.slug}" in page
    assert "All 3 quotes in Explore" in page


def test_the_page_costs_the_same_for_any_number_of_quotes(
    client, issue, judge, django_assert_num_queries
):
    for _ in range(8):
        judge("government", "opposes")
        judge("ngo", "supports")
        suggest(make_quote(actor=make_actor(type="ngo")), issue)
    with django_assert_num_queries(22):
        client.get(issue.get_absolute_url())
