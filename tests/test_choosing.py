"""Choosing sides by names as people type them."""

from __future__ import annotations

import pytest

from statements.choosing import Choices, joined, parties_named, read_choices, without
from statements.sides import Side, read_sides
from tests.factories import make_actor, make_speaker

pytestmark = pytest.mark.django_db


def side(text: str) -> Side:
    (found,), _ = read_sides(text)
    assert found
    return found


def keys(choices: Choices) -> tuple[str, str]:
    left, right = (each.side.key if each.side else "" for each in choices.both)
    return left, right


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("NGOs", "type:ngo"),
        ("ngo", "type:ngo"),
        ("Government", "type:government"),
        ("china", "country:CN"),
        ("River League", "actor:river-league"),
        ("ana ruiz", "speaker:ana-ruiz"),
        ("type:business,country:CN", "type:business,country:CN"),
    ],
)
def test_a_name_that_one_party_has_is_who_is_meant(words, key):
    make_actor("River League", type="ngo")
    make_speaker("Ana Ruiz")
    choices = read_choices({"left": "type:party", "left_name": words})
    assert keys(choices) == (key, "")
    assert choices.is_settled


def test_part_of_a_name_offers_all_who_have_it():
    for name in ("River League", "River Watch"):
        make_actor(name, type="ngo")
    choices = read_choices({"left": "type:party", "left_name": "river"})
    assert not choices.is_settled
    assert [term.name for term, _ in choices.left.meant] == ["River League", "River Watch"]
    assert keys(choices) == ("type:party", "")


def test_a_name_that_nobody_has_is_told_and_leaves_the_side():
    choices = read_choices({"left": "type:party", "left_name": "Nobody\0 at all"})
    assert keys(choices) == ("type:party", "")
    assert choices.notes == ["No party is called “Nobody at all”."]


def test_a_name_goes_beside_the_side_or_narrows_it():
    data = {"left": "type:government", "left_name": "China"}
    assert keys(read_choices(data | {"left_how": "or"}))[0] == "type:government,country:CN"
    assert keys(read_choices(data | {"left_how": "and"}))[0] == "type:government+country:CN"
    assert keys(read_choices(data | {"left_how": "otherwise"}))[0] == "country:CN"


def test_nobody_can_be_both_is_told():
    data = {"left": "country:JP", "left_name": "China", "left_how": "and"}
    choices = read_choices(data)
    assert keys(choices)[0] == "country:JP"
    assert choices.notes == ["Nobody is “All of Japan” and “China” at once."]


def test_everyone_else_follows_the_other_side():
    choices = read_choices(
        {"left": "type:ngo", "left_name": "Business", "right_name": "Everyone else"}
    )
    assert choices.right.side == Side(besides=choices.left.side)
    assert keys(choices) == ("type:business", "others")


def test_parts_are_put_together_and_taken_away():
    (china,) = parties_named("China")
    both = joined(side("type:government,type:ngo"), china, "and")
    assert both
    assert both.key == "type:government+country:CN,type:ngo+country:CN"
    assert without(both, china) == side("type:government,type:ngo")
    assert without(side("country:CN"), china) is None
