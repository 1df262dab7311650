"""Actors, speakers, issues and articles as JSON."""

from __future__ import annotations

import pytest

from tests.factories import make_actor, make_quote

pytestmark = pytest.mark.django_db


def test_the_actors_that_are_quoted_come_by_name_alone_or_with_others(client, stored):
    make_actor("Never Quoted")
    answer = client.get("/api/v1/actors").json()
    assert [each["slug"] for each in answer["results"]] == ["dockers-union", "river-watch"]
    assert answer["next"] is None


def test_actors_are_found_by_type_and_by_part_of_a_name(client, stored):
    by_type = client.get("/api/v1/actors?type=ngo,alien").json()
    assert [each["slug"] for each in by_type["results"]] == ["river-watch"]
    assert by_type["notes"] == ["There is no actor type “alien”; it was left out."]
    by_name = client.get("/api/v1/actors?q=DÓCK").json()
    assert [each["slug"] for each in by_name["results"]] == ["dockers-union"]


def test_following_next_meets_every_actor_once(client):
    names = [f"Actor {letter}" for letter in "abcdefg"]
    for name in names:
        make_quote(actor=make_actor(name, type="ngo"))
    found, following = [], "/api/v1/actors?type=ngo&q=actor&per_page=3"
    while following:
        answer = client.get(following).json()
        found += [each["name"] for each in answer["results"]]
        following = answer["next"]
    assert found == names


def test_an_actor_has_its_names_parent_and_people(client, stored):
    found = client.get("/api/v1/actors/river-watch").json()
    assert (found["names"], found["type"], found["country"]) == (["River Watch"], "ngo", "NL")
    assert found["parent"]["name"] == "Union of Leagues"
    (person,) = found["people"]
    assert (person["speaker"]["slug"], person["post"]) == ("ada-lind", "director")
    assert (person["since"], person["until"]) == ("2020-01-01", None)
    assert len(client.get(found["quotes_url"]).json()["results"]) == 1
    assert client.get(found["feed_url"]).status_code == 200


def test_a_speaker_has_their_posts(client, stored):
    found = client.get("/api/v1/speakers/ada-lind").json()
    (post,) = found["posts"]
    assert (post["actor"]["slug"], post["post"]) == ("river-watch", "director")
    assert len(client.get(found["quotes_url"]).json()["results"]) == 1


def test_an_issue_has_its_proposition_poles_and_guideline(client, stored):
    found = client.get("/api/v1/issues/dam").json()
    assert found["proposition"] == stored.issue.proposition
    assert (found["supports_pole"], found["opposes_pole"]) == ("backs it", "rejects it")
    assert (found["guideline"]["number"], found["guideline"]["text"]) == (1, "Judge the speaker.")
    slugs = [each["slug"] for each in client.get("/api/v1/issues").json()["results"]]
    assert set(slugs) == {"dam", "attitude"}
    attitude = client.get("/api/v1/issues/attitude").json()
    assert (attitude["actor"]["slug"], attitude["parent"]["slug"]) == ("river-watch", "dam")
    assert attitude["guideline"] is None


def test_an_article_has_its_quotes_in_order_and_not_its_text(client, stored):
    article = stored.labelled.article
    response = client.get(f"/api/v1/articles/{article.uuid}")
    found = response.json()
    assert (found["title"], found["byline"], found["text_hash"]) == (
        "A dam",
        "Bo Ek",
        article.text_hash,
    )
    assert [each["content"] for each in found["quotes"]] == ["It will flood", "Who knows"]
    assert article.text not in response.text


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("actors", 1),
        ("actors/river-watch", 3),
        ("speakers/ada-lind", 3),
        ("issues", 2),
        ("issues/dam", 2),
        ("articles/ARTICLE", 5),
    ],
)
def test_answers_cost_a_constant_number_of_queries(
    client, django_assert_num_queries, stored, path, queries
):
    for _ in range(4):
        make_quote(actor=make_actor())
    path = path.replace("ARTICLE", str(stored.labelled.article.uuid))
    with django_assert_num_queries(queries):
        assert client.get(f"/api/v1/{path}").status_code == 200
