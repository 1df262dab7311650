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


def shown(groups):
    """Each label with the quotes under it."""
    return [(group.label, [stance.quote for stance in group.shown]) for group in groups]


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
    assert (context["left"].side.key, context["right"].side.key) == (
        "type:business",
        "type:party",
    )


def test_without_labels_the_sides_come_from_what_is_suggested(client, issue):
    suggest(make_quote(actor=make_actor(type="party")), issue, "opposes")
    suggest(make_quote(actor=make_actor(type="labour")), issue, "supports")
    context = client.get(issue.get_absolute_url()).context
    assert (context["left"].side.key, context["right"].side.key) == ("type:party", "type:labour")


def test_an_issue_on_which_nothing_is_said_still_has_two_sides(client, issue):
    response = client.get(issue.get_absolute_url())
    assert "Neither Governments nor NGOs said anything on this issue" in response.text
    assert "No quote bears on it yet" in response.text
    assert response.context["courses"] == []


def test_a_side_is_an_actor_type_or_one_actor(client, issue, judge):
    board = make_actor("Dam Board", type="business")
    mine = judge(board, "supports")
    judge("business", "supports")
    other = judge("ngo", "opposes")
    context = client.get(
        issue.get_absolute_url(), {"left": "actor:dam-board", "right": "type:ngo"}
    ).context
    assert shown(context["left"].labelled) == [("supports", [mine])]
    assert shown(context["right"].labelled) == [("opposes", [other])]


@pytest.mark.parametrize("key", ["", "type:", "type:aliens", "actor:nobody", "x", "actor:\0"])
def test_a_side_that_does_not_exist_gives_way_to_the_usual_one(client, issue, key):
    context = client.get(issue.get_absolute_url(), {"left": key}).context
    assert context["left"].side.key == "type:government"


def test_what_contradicts_the_other_side_comes_first(client, issue, judge):
    backing = judge("government", "supports")
    mixed = judge("government", "mixed")
    rejecting = judge("government", "opposes")
    for _ in range(2):
        judge("ngo", "supports")
    sides = {"left": "type:government", "right": "type:ngo"}
    context = client.get(issue.get_absolute_url(), sides).context
    assert shown(context["left"].labelled) == [
        ("opposes", [rejecting]),
        ("supports", [backing]),
        ("mixed", [mixed]),
    ]


def test_suggestions_stand_apart_and_count_for_no_position(client, issue, judge):
    judged = judge("ngo", "opposes")
    proposed = suggest(make_quote(actor=make_actor(type="ngo")), issue)
    response = client.get(issue.get_absolute_url(), {"right": "type:ngo"})
    side = response.context["right"]
    assert shown(side.labelled) == [("opposes", [judged])]
    assert shown(side.suggested) == [("supports", [proposed])]
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
    side = client.get(issue.get_absolute_url(), {"right": "type:ngo"}).context["right"]
    assert shown(side.labelled) == [("opposes", [quote])]


def test_who_is_quoted_in_the_same_articles_and_says_nothing_on_it_is_silent(client, issue):
    article = make_article("“We reject the dam,” A said. “Lunch was good,” B said. “So,” C said.")
    loud, silent, joint = (make_actor(each, type="ngo") for each in ("Loud", "Silent", "Joint"))
    quote = make_quote("We reject the dam", actor=loud, article=article)
    JointVoice.objects.create(quote=quote, ordinal=1, actor=joint)
    make_quote("Lunch was good", actor=silent, article=article)
    make_quote("So", actor=joint, article=article)
    make_quote(actor=make_actor("Elsewhere", type="ngo"))
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="opposes")
    side = client.get(issue.get_absolute_url(), {"left": "type:ngo"}).context["left"]
    assert [(each.term.name, each.quotes) for each in side.silent] == [("Silent", 1)]


def test_positions_over_time_are_drawn_on_one_scale_with_a_table(client, issue, judge):
    judge("government", "opposes", said_on=date(2024, 1, 5))
    judge("government", "opposes", said_on=date(2024, 1, 9))
    judge("ngo", "supports", said_on=date(2024, 4, 1))
    sides = {"left": "type:government", "right": "type:ngo"}
    response = client.get(issue.get_absolute_url(), sides)
    (_, left), (_, right) = response.context["courses"]
    assert (left.first, left.last) == (right.first, right.last) == ("Jan 2024", "Apr 2024")
    (down,), (up,) = left.lanes[0].bars, right.lanes[0].bars
    assert down.y == left.lanes[0].axis
    assert up.y + up.height == pytest.approx(right.lanes[0].axis, abs=0.2)
    assert down.height == pytest.approx(2 * up.height, abs=0.2)
    assert down.x < up.x
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
    response = client.get(issue.get_absolute_url(), {"right": "type:ngo"})
    (group,) = response.context["right"].labelled
    assert (group.count, len(group.shown)) == (3, 2)
    figure = f"{issue.get_absolute_url()}evidence/?basis=labelled&amp;stance=opposes"
    assert f"{figure}&amp;side=type:ngo" in response.text


def test_the_page_costs_the_same_for_any_number_of_quotes(
    client, issue, judge, django_assert_num_queries
):
    for _ in range(8):
        judge("government", "opposes")
        judge("ngo", "supports")
        suggest(make_quote(actor=make_actor(type="ngo")), issue)
    with django_assert_num_queries(11):
        client.get(issue.get_absolute_url())


def test_the_parties_that_contradict_each_other_most_come_first_each_with_a_quote(
    client, issue, judge
):
    board, league = make_actor("Dam Board", type="business"), make_actor("League", type="ngo")
    for _ in range(3):
        rejected = judge(league, "opposes")
        backed = judge(board, "supports")
    sides = {"left": "type:ngo", "right": "type:business"}
    response = client.get(issue.get_absolute_url(), sides)
    (clash,) = response.context["sides"].clashes
    assert clash.pair.share == 1
    assert (clash.left.quote, clash.right.quote) == (rejected, backed)
    assert "of pairs contradict" in response.text


def test_one_quote_is_shown_and_said_to_be_not_enough(client, issue, judge):
    quote = judge("ngo", "opposes")
    page = client.get(issue.get_absolute_url(), {"left": "type:ngo", "right": "others"})
    assert "<b>Not enough:</b>" in page.text
    assert shown(page.context["left"].labelled) == [("opposes", [quote])]
    assert "Nothing from Everyone else bears on this issue" in page.text
    assert "No party of one side contradicts one of the other" in page.text


def test_who_changed_is_told_with_the_quotes_before_and_after(client, issue, judge):
    league = make_actor("River League", type="ngo")
    for month in (1, 2, 3):
        judge(league, "opposes", said_on=date(2024, month, 2))
        judge(league, "supports", said_on=date(2024, month + 6, 2))
    response = client.get(issue.get_absolute_url(), {"left": "actor:river-league"})
    (stand,) = response.context["sides"].changed
    assert stand.term.name == "River League"
    assert "until Mar 2024" in response.text
    assert "since Jul 2024" in response.text
    (_, course), *_ = response.context["courses"]
    assert course.changed_at
    assert "It changed from opposes to supports in July 2024" in response.text


def test_a_name_that_is_typed_leads_to_an_address_that_says_who_is_meant(client, issue):
    make_actor("River League", type="ngo")
    asked = {"left": "type:ngo", "right": "type:business", "left_name": "river league"}
    response = client.get(issue.get_absolute_url(), asked)
    assert response.status_code == 302
    assert response["Location"] == (
        f"{issue.get_absolute_url()}?left=actor:river-league&right=type:business"
    )


def test_a_name_that_may_be_several_offers_them_and_one_of_nobody_says_so(client, issue):
    for name in ("River League", "River Watch"):
        make_actor(name, type="ngo")
    page = client.get(issue.get_absolute_url(), {"left_name": "river"}).text
    assert "Who is “river”?" in page
    assert "?left=actor:river-watch&amp;right=" in page
    page = client.get(issue.get_absolute_url(), {"left_name": "<b>"}).text
    assert "No party is called “&lt;b&gt;”." in page
