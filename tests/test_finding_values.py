"""Finding an actor or a speaker by name, among any number of them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from statements.browsing import naming
from statements.browsing.tallies import fold
from statements.models import ActorName
from tests.factories import (
    make_actor,
    make_article,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db

SWAP = {"HX-Request": "true"}


def quoted(*names: str) -> None:
    for name in names:
        make_quote(actor=make_actor(name, type="ngo"))


def labels(words: str, facet: str = "actor", **options: bool) -> list[str]:
    return [each.label for each in naming.find(facet, words, **options)]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("sao", "São Paulo Assembly"),
        ("SÃO P", "São Paulo Assembly"),
        ("paul", "São Paulo Assembly"),
        ("as", "São Paulo Assembly"),
        ("assembly sao", "São Paulo Assembly"),
        ("aulo", "São Paulo Assembly"),
        ("ge", "Al-Gezira Union"),
        ("50%", "Women 50% Now"),
    ],
)
def test_a_name_is_found_by_the_beginning_of_any_word_whatever_its_accents(words, name):
    quoted("São Paulo Assembly", "Al-Gezira Union", "Women 50% Now")
    assert labels(words) == [name]


@pytest.mark.parametrize("words", ["", "s", " ", "\0", "_a", "%%", "unheard of", "x" * 300])
def test_nothing_is_found_by_one_letter_or_by_what_is_in_no_name(words):
    quoted("Save the Sea")
    assert labels(words) == []


def test_names_that_begin_so_come_first_and_of_these_the_most_quoted():
    quoted("Union of Rivers", "Rivers United", "Rivers Trust", "Upriver Council")
    for _ in range(2):
        make_quote(actor=ActorName.objects.get(text="Rivers Trust").actor)
    assert labels("river") == [
        "Rivers Trust",
        "Rivers United",
        "Union of Rivers",
        "Upriver Council",
    ]
    fold()
    assert labels("river")[0] == "Rivers Trust"


def test_another_name_finds_its_actor_once_with_its_quotes_in_all():
    actor = make_actor("United Nations", type="intergovernmental")
    ActorName.objects.create(actor=actor, text="United Nations Organization")
    make_quote(actor=actor)
    (found,) = naming.find("actor", "united")
    assert (found.value, found.label, found.count) == ("united-nations", "United Nations", 1)
    assert found.type == "intergovernmental"


def test_who_is_quoted_in_drafts_alone_is_found_by_those_who_may_read_them(client):
    draft = make_article("It is in a draft", is_draft=True)
    make_quote("in a draft", article=draft, actor=make_actor("Secret Board"))
    make_actor("Silent Board")
    assert labels("board") == []
    assert labels("board", with_drafts=True) == ["Secret Board"]
    address = reverse("statements:find_values", args=["actor"])
    assert "Secret Board" not in client.get(f"{address}?find-actor=board", headers=SWAP).text
    client.force_login(make_user("admin"))
    assert "Secret Board" in client.get(f"{address}?find-actor=board", headers=SWAP).text


def test_a_search_costs_five_queries_and_reads_the_trigram_index(django_assert_num_queries):
    quoted(*(f"Ministry {number}" for number in range(12)))
    with django_assert_num_queries(5):
        assert len(labels("minist")) == naming.SHOWN
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for words in ("minist", "mi"):
        plan = ActorName.objects.filter(naming._fits(words)).explain()
        assert "actor_name_alike" in plan


# -- On the page --------------------------------------------------------------------------------


def test_names_come_as_boxes_that_the_form_sends(client):
    make_quote(speaker=make_speaker("Ana Ruiz"))
    response = client.get(
        reverse("statements:find_values", args=["speaker"]), {"find-speaker": "rui"}, headers=SWAP
    )
    assert 'name="speaker" value="ana-ruiz"' in response.text
    assert 'id="found-speaker-says" hx-swap-oob="innerHTML">1 found</p>' in response.text
    assert "<html" not in response.text


def test_what_is_chosen_already_is_told_and_has_no_second_box(client):
    quoted("River League")
    response = client.get(
        reverse("statements:find_values", args=["actor"]),
        {"find-actor": "league", "actor": "river-league"},
        headers=SWAP,
    )
    assert "chosen" in response.text
    assert "<input" not in response.text


@pytest.mark.parametrize(
    ("words", "said"), [("zz", "Nobody who is quoted is called so"), ("z", "Two letters or more")]
)
def test_it_is_said_when_nobody_is_found(client, words, said):
    quoted("River League")
    address = reverse("statements:find_values", args=["actor"])
    assert said in client.get(address, {"find-actor": words}, headers=SWAP).text
    assert said in client.get("/", {"find-actor": words}).text


def test_without_script_the_form_brings_the_names_and_keeps_the_conditions(client):
    quoted("River League", "River Trust")
    page = client.get("/?type=ngo&find-actor=trust").text
    assert 'id="found-actor-river-trust" name="actor" value="river-trust"' in page
    assert 'value="trust"' in page
    # What was looked for is no condition: no link of the page carries it on.
    assert "find-actor=trust" not in page
    led = client.get(reverse("statements:find_values", args=["actor"]), {"find-actor": "a b"})
    assert led["Location"] == "/?find-actor=a+b"
    led = client.get(
        reverse("statements:find_values", args=["actor"]), {"find-actor": "x", "type": "ngo"}
    )
    assert led["Location"] == "/?type=ngo&find-actor=x"


def test_only_actors_and_speakers_are_found_by_name(client):
    assert client.get(reverse("statements:find_values", args=["issue"])).status_code == 404
