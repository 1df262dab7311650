"""The list of actors, and the pages of actors and speakers."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from statements.labelling import record_label, update_stance
from statements.models import ActorName, Affiliation, Suggestion
from statements.models.quotes import JointVoice
from tests.factories import (
    make_actor,
    make_article,
    make_issue,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db

LIST = "/actors/"
HTMX = {"HX-Request": "true"}


def listed(response) -> list[tuple[str, int]]:
    return [(actor.name, actor.quote_count) for actor in response.context["page"].object_list]


def words_of(response) -> str:
    """The words of a page without its tags, each run of blanks as one."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.text).split())


def make_joint_voice(quote, actor):
    ordinal = quote.joint_voices.count() + 1
    return JointVoice.objects.create(
        quote=quote, ordinal=ordinal, actor=actor, actor_type=actor.type
    )


def test_actors_are_listed_by_how_often_they_are_quoted_alone_or_with_others(client):
    busy, joint, _silent = make_actor("Busy"), make_actor("Joint"), make_actor("Silent")
    for _ in range(2):
        quote = make_quote(actor=busy)
    make_joint_voice(quote, joint)
    assert listed(client.get(LIST)) == [("Busy", 2), ("Joint", 1)]


def test_a_quote_that_an_actor_gives_twice_counts_once(client):
    actor = make_actor("Twice")
    make_joint_voice(make_quote(actor=actor), actor)
    assert listed(client.get(LIST)) == [("Twice", 1)]


def test_the_type_narrows_the_list_and_the_counts_say_what_each_would_show(client):
    for kind in ("government", "government", "ngo"):
        make_quote(actor=make_actor(type=kind))
    response = client.get(LIST, {"type": "ngo"})
    assert [actor.type for actor in response.context["page"].object_list] == ["ngo"]
    assert {each.value: each.actors for each in response.context["types"]} == {
        "government": 2,
        "ngo": 1,
    }


@pytest.mark.parametrize("words", ["pena", "PEÑA", "MP", "\0pena"])
def test_a_name_is_found_however_it_is_written(client, words):
    actor = make_actor("Ministerio Peña")
    ActorName.objects.create(actor=actor, text="MP", kind="acronym")
    make_quote(actor=actor)
    make_quote(actor=make_actor("Other"))
    assert listed(client.get(LIST, {"q": words})) == [("Ministerio Peña", 1)]


def test_an_unknown_type_shows_all_and_nothing_found_says_so(client):
    make_quote(actor=make_actor())
    assert len(listed(client.get(LIST, {"type": "aliens"}))) == 1
    assert "No quoted actor fits" in client.get(LIST, {"q": "nobody"}).text


def test_an_empty_list_says_so(client):
    assert "No actor has been quoted yet" in client.get(LIST).text


def test_a_swap_brings_only_the_list(client):
    make_quote(actor=make_actor("River Watch"))
    response = client.get(LIST, headers=HTMX)
    assert "River Watch" in response.text
    assert "<html" not in response.text


def test_actors_known_from_drafts_alone_are_not_listed(client):
    article = make_article("“Secret words,” they said.", is_draft=True)
    make_quote("Secret words", article=article, actor=make_actor("Hidden"))
    assert listed(client.get(LIST)) == []
    client.force_login(make_user("admin"))
    assert listed(client.get(LIST)) == [("Hidden", 1)]


def test_the_list_costs_the_same_for_any_number_of_actors(client, django_assert_num_queries):
    for _ in range(12):
        make_quote(actor=make_actor())
    with django_assert_num_queries(2):
        client.get(LIST)


def test_an_actor_shows_country_aliases_people_and_that_it_is_provisional(client):
    actor = make_actor("Government of Bolivia", type="government", country="BO")
    ActorName.objects.create(actor=actor, text="La Paz", kind="metonym")
    speaker = make_speaker("Ada Orme")
    Affiliation.objects.create(
        speaker=speaker, actor=actor, post="water minister", since=date(2020, 5, 1)
    )
    page = client.get(actor.get_absolute_url()).text
    for words in (
        "Bolivia",
        "La Paz",
        speaker.get_absolute_url(),
        "Water minister, from 1 May 2020",
        "Provisional",
    ):
        assert words in page


def test_a_country_code_that_no_country_has_is_left_out(client):
    response = client.get(make_actor(country="XX").get_absolute_url())
    assert response.context["country"] == ""


def test_a_position_says_how_many_labelled_quotes_it_rests_on(client):
    actor, issue, editor = make_actor("Dam Board"), make_issue(), make_user("editor")
    for label in ("opposes", "opposes", "opposes", "mixed", "unrelated"):
        record_label(quote=make_quote(actor=actor), issue=issue, editor=editor, label=label)
    response = client.get(actor.get_absolute_url())
    (profile,) = response.context["profiles"]
    position = profile.position
    assert (position.leading, position.leading_count, position.labelled) == ("opposes", 3, 4)
    text = words_of(response)
    assert "Opposes : 3 of 4 labelled quotes" in text
    assert "( 4 by one editor alone )" in text
    figure = f"{issue.get_absolute_url()}evidence/?basis=labelled&amp;stance=opposes"
    assert f"{figure}&amp;side=actor:dam-board" in response.text


def test_few_labelled_quotes_are_not_enough_for_a_position(client):
    actor, issue = make_actor(), make_issue()
    record_label(
        quote=make_quote(actor=actor), issue=issue, editor=make_user("editor"), label="opposes"
    )
    page = words_of(client.get(actor.get_absolute_url()))
    assert "Not enough: 1 labelled quote , 2 more until a position is stated" in page


def test_two_labels_of_equal_number_are_no_position(client):
    actor, issue, editor = make_actor(), make_issue(), make_user("editor")
    for label in ("opposes", "supports", "opposes", "supports"):
        record_label(quote=make_quote(actor=actor), issue=issue, editor=editor, label=label)
    page = words_of(client.get(actor.get_absolute_url()))
    assert "Divided: no answer leads among 4 labelled quotes" in page


def test_suggestions_and_disputes_are_counted_apart(client):
    actor, issue = make_actor(), make_issue()
    for _ in range(4):
        quote = make_quote(actor=actor)
        Suggestion.objects.create(quote=quote, issue=issue, label="supports", method="test")
        update_stance(quote, issue)
    for label in ("supports", "opposes"):
        record_label(quote=quote, issue=issue, editor=make_user("editor"), label=label)
    response = client.get(actor.get_absolute_url())
    (profile,) = response.context["profiles"]
    position = profile.position
    assert (position.labelled, position.suggested, position.disputed) == (0, 3, 1)
    assert position.leading == ""
    assert "Only suggested: ▲ 3 supports" in words_of(response)


def test_the_timeline_counts_quotes_by_month_and_leads_to_them(client):
    actor = make_actor("Dam Board")
    for day in (date(2024, 1, 3), date(2024, 1, 20), date(2024, 3, 1)):
        make_quote(actor=actor, said_on=day)
    response = client.get(actor.get_absolute_url())
    bars = response.context["histogram"].bars
    assert [(bar.label, bar.count) for bar in bars] == [
        ("Jan 2024", 2),
        ("Feb 2024", 0),
        ("Mar 2024", 1),
    ]
    assert "/?actor=dam-board&amp;from=2024-01-01&amp;to=2024-01-31" in response.text
    assert "style=" not in response.text


def test_quotes_without_a_date_draw_no_timeline(client):
    actor = make_actor()
    make_quote(actor=actor, said_on=None)
    assert "None of the quotes has a date" in client.get(actor.get_absolute_url()).text


def test_quotes_given_with_others_are_on_the_page(client):
    actor = make_actor()
    quote = make_quote("We said it together", actor=make_actor())
    make_joint_voice(quote, actor)
    assert "We said it together" in client.get(actor.get_absolute_url()).text


def test_a_speaker_shows_posts_over_time_newest_first(client):
    speaker = make_speaker("Ada Orme")
    for name, since in (("Old Party", date(2010, 1, 1)), ("New Party", date(2020, 1, 1))):
        Affiliation.objects.create(speaker=speaker, actor=make_actor(name), since=since)
    make_quote("We reject it", speaker=speaker)
    response = client.get(speaker.get_absolute_url())
    actors = [each.actor.name for each in response.context["affiliations"]]
    assert actors == ["New Party", "Old Party"]
    assert "We reject it" in response.text
    assert "/?speaker=ada-orme" in response.text


@pytest.mark.parametrize("name", ["actor", "speaker"])
def test_nobody_of_that_name_is_not_found(client, name):
    assert client.get(reverse(f"statements:{name}", args=["nobody"])).status_code == 404


def test_pages_of_somebody_never_quoted_say_so(client):
    for address in (make_actor().get_absolute_url(), make_speaker().get_absolute_url()):
        assert "No quote is known" in client.get(address).text


@pytest.mark.parametrize("kind", ["actor", "speaker"])
def test_a_page_costs_the_same_for_any_number_of_quotes(client, django_assert_num_queries, kind):
    actor, speaker, editor = make_actor(), make_speaker(), make_user("editor")
    issues = [make_issue() for _ in range(3)]
    for number in range(15):
        quote = make_quote(actor=actor, speaker=speaker)
        make_joint_voice(quote, make_actor())
        record_label(quote=quote, issue=issues[number % 3], editor=editor, label="supports")
        Affiliation.objects.create(speaker=make_speaker(), actor=actor)
        Affiliation.objects.create(speaker=speaker, actor=make_actor())
    address = {"actor": actor.get_absolute_url(), "speaker": speaker.get_absolute_url()}[kind]
    with django_assert_num_queries(17):
        client.get(address)
