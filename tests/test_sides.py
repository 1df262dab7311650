"""The language in which addresses name sides, and the quotes that a side picks."""

from __future__ import annotations

import pytest

from statements.models import Quote
from statements.sides import MOST_TERMS, OTHERS, Side, Who, read_sides
from tests.factories import make_actor, make_joint_voice, make_quote, make_speaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def china():
    return make_actor("Government of China", type="government", country="CN")


@pytest.fixture
def japan():
    return make_actor("Government of Japan", type="government", country="JP")


@pytest.fixture
def league():
    return make_actor("River League", type="ngo")


def read(text: str, besides: str = "") -> Side:
    """The side that a text names, which is one that can be used."""
    (side, _), notes = read_sides(text, besides)
    assert side
    assert notes == []
    return side


def picked(text: str, besides: str = "") -> set[Quote]:
    return set(Quote.objects.filter(read(text, besides).quotes()))


def test_a_side_is_a_type_an_actor_a_person_or_a_country(china, japan, league):
    person = make_speaker("Zhao Lijian")
    mine = make_quote(actor=china, speaker=person)
    his, theirs = make_quote(actor=japan), make_quote(actor=league)
    assert picked("type:government") == {mine, his}
    assert picked("actor:river-league") == {theirs}
    assert picked("speaker:zhao-lijian") == {mine}
    assert picked("country:CN") == picked("country:cn") == {mine}


def test_a_comma_is_or_and_a_plus_is_and(china, japan, league):
    mine, his, theirs = (make_quote(actor=each) for each in (china, japan, league))
    company = make_quote(actor=make_actor("Mills", type="business", country="CN"))
    assert picked("actor:river-league,country:JP") == {his, theirs}
    assert picked("type:government+country:CN") == {mine}
    assert picked("type:government country:CN,type:business") == {mine, company}


def test_and_holds_of_one_voice_not_of_several_together(china, league):
    quote = make_quote(actor=league, country="")
    make_joint_voice(quote, actor=china, actor_type="government", country="CN")
    assert picked("type:government+country:CN") == {quote}
    assert picked("type:ngo+country:CN") == set()


def test_everyone_else_is_whoever_is_known_and_not_of_the_other_side(china, japan, league):
    make_quote(actor=china)
    his, theirs = make_quote(actor=japan), make_quote(actor=league)
    make_quote()
    assert picked(OTHERS, "actor:government-of-china") == {his, theirs}


def test_everyone_else_needs_another_side():
    assert read_sides(OTHERS, "")[0] == [None, None]
    assert read_sides(OTHERS, OTHERS)[0] == [None, None]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("type:government", "Governments"),
        ("type:government+country:CN", "Governments of China"),
        ("country:CN", "All of China"),
        ("actor:river-league+type:ngo", "River League (NGOs)"),
        ("actor:river-league,type:business", "River League or Businesses"),
        ("speaker:zhao-lijian+actor:river-league", "Zhao Lijian for River League"),
    ],
)
@pytest.mark.usefixtures("league")
def test_a_side_is_named_as_one_would_say_it(text, name):
    make_speaker("Zhao Lijian")
    assert read(text).name == name


@pytest.mark.parametrize(
    "text",
    ["type:aliens", "actor:nobody", "speaker:nobody", "country:XX", "x", "type:", "actor:\0"],
)
def test_a_side_with_an_unknown_part_is_left_out_and_told(text):
    (side,), notes = read_sides(f"type:ngo,{text}")
    assert side is None
    assert len(notes) == 1


def test_nobody_is_of_two_types_at_once():
    (side,), (note,) = read_sides("type:ngo+type:business")
    assert side is None
    assert note == "Nobody is NGOs and Businesses at once; with a comma it is either of them."


def test_an_address_asks_for_so_many_parts_at_most():
    text = ",".join(["type:ngo"] * (MOST_TERMS + 1))
    (side,), (note,) = read_sides(text)
    assert side is None
    assert "at most 12 parts" in note


def test_the_key_of_a_side_reads_back_as_the_same_side(league):
    for text in ("type:ngo,country:CN", "country:CN+type:government", f"actor:{league.slug}"):
        assert read(read(text).key) == read(text)


def test_an_actor_that_was_merged_leads_to_who_it_is_now(league):
    make_actor("The League", type="ngo", merged_into=league)
    assert read("actor:the-league").key == "actor:river-league"


def test_a_row_is_sorted_to_sides_as_the_database_would(china, league):
    rows = [(make_quote(actor=each), each) for each in (china, league)]
    for text in ("type:ngo", "country:CN+type:government", "actor:river-league,country:CN"):
        side = read(text)
        fits = {
            quote
            for quote, actor in rows
            if side.has(Who(actor.pk, None, actor.type, actor.country))
        }
        assert fits == picked(text)


def test_any_number_of_parts_costs_two_queries(django_assert_num_queries):
    actors = [make_actor() for _ in range(4)]
    people = [make_speaker() for _ in range(4)]
    left = ",".join(f"actor:{each.slug}" for each in actors)
    right = ",".join(f"speaker:{each.slug}" for each in people)
    with django_assert_num_queries(2):
        read_sides(left, right)
