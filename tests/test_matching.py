"""Likely matches: alike names, shared surnames, initials, the same articles."""

from __future__ import annotations

import pytest

from statements.matching import likely_matches
from statements.models import ActorName, Affiliation, Speaker
from tests.factories import make_actor, make_article, make_quote, make_speaker

pytestmark = pytest.mark.django_db


def matched(identity) -> list[tuple[str, list[str]]]:
    return [
        (match.identity.name, match.reasons) for match in likely_matches([identity])[identity.pk]
    ]


def test_names_that_are_alike_match_with_how_much():
    speaker = make_speaker("Hari Holt")
    make_speaker("Harri Holt")
    make_speaker("Ada Orme")
    ((name, reasons),) = matched(speaker)
    assert name == "Harri Holt"
    assert "names alike" in reasons[0]


@pytest.mark.parametrize(
    ("name", "reason"),
    [("Holt", "the surname alone"), ("H. Holt", "the same surname and initial")],
)
def test_a_shared_surname_matches_in_both_directions(name, reason):
    full, short = make_speaker("Hari Maximilian Holt"), make_speaker(name)
    assert matched(full) == [(name, [reason])]
    assert reason in matched(short)[0][1]


def test_a_surname_with_another_first_name_is_somebody_else():
    speaker = make_speaker("Hari Holt")
    make_speaker("Wilhelmina Holt")
    assert matched(speaker) == []


@pytest.mark.parametrize(
    ("make", "name", "other"),
    [
        (make_actor, "Government of China", "Government of Chad"),
        (make_actor, "Parliament of Varonia", "Government of Varonia"),
        (make_speaker, "Anna Orme", "Ada Orme"),
    ],
)
def test_names_that_are_alike_but_for_what_tells_them_apart_do_not_match(make, name, other):
    make(other)
    assert matched(make(name)) == []


def test_a_pattern_in_a_name_is_only_a_name():
    make_speaker("Ada Orme")
    assert matched(make_speaker("100 %%%")) == []


@pytest.mark.parametrize("short", ["WHO", "W.H.O."])
def test_initials_match_the_name_they_stand_for(short):
    make_actor(short)
    name, reasons = matched(make_actor("World Health Organization"))[0]
    assert (name, reasons) == (short, ["its initials"])


def test_an_alias_matches_too():
    actor = make_actor("United Nations")
    other = make_actor("The Organization")
    ActorName.objects.create(actor=other, text="the United Nations")
    assert matched(actor)[0][0] == "The Organization"


def test_being_quoted_in_the_same_article_and_speaking_for_one_party_count():
    speaker, there, elsewhere = (
        make_speaker("Holt"),
        make_speaker("Hari Holt"),
        make_speaker("Hal Holt"),
    )
    article = make_article("“We will pay,” said Hari Holt. “It is late,” Holt said.")
    make_quote("We will pay", article=article, speaker=there)
    make_quote("It is late", article=article, speaker=speaker)
    make_quote(speaker=elsewhere)
    party = make_actor("Varonia")
    for each in (speaker, there):
        Affiliation.objects.create(speaker=each, actor=party)
    first, second = likely_matches([speaker])[speaker.pk]
    assert first.identity == there
    assert second.identity == elsewhere
    assert first.reasons[-2:] == ["quoted in the same article", "both speak for Varonia"]


def test_actors_of_other_countries_come_later():
    actor = make_actor("Ministry of Water", country="VA")
    make_actor("Ministry of Waters", country="XX")
    make_actor("Water Ministry", country="VA")
    assert [name for name, _ in matched(actor)] == ["Water Ministry", "Ministry of Waters"]


def test_who_was_merged_matches_nobody():
    speaker, gone = make_speaker("Hari Holt"), make_speaker("H. Holt")
    Speaker.objects.filter(pk=gone.pk).update(merged_into=speaker)
    assert matched(speaker) == []


@pytest.mark.parametrize("make", [make_actor, make_speaker])
def test_the_matches_of_a_page_cost_the_same_for_any_number(make, django_assert_max_num_queries):
    identities = [make(f"Number Person{letter}") for letter in "abcdefghijkl"]
    with django_assert_max_num_queries(5):
        found = likely_matches(identities)
    assert all(len(matches) == 5 for matches in found.values())
    assert likely_matches([]) == {}
