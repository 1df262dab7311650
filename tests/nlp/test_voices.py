"""Who speaks: the person, the post, the party and its kind."""

from __future__ import annotations

import pytest

NAMED = [
    pytest.param(
        "Kenyan foreign ministry spokesman John Otieno said taxes would fall.",
        ("John Otieno", "foreign ministry spokesman", "Government of Kenya", "government", "KE"),
        id="post before a name",
    ),
    pytest.param(
        "“No,” said Ann Bell, Oxfam’s policy director.",
        ("Ann Bell", "policy director", "Oxfam", "ngo", ""),
        id="post behind a name",
    ),
    pytest.param(
        "“No,” said Dr Ann Bell, a professor at the University of Leeds.",
        ("Ann Bell", "professor", "University of Leeds", "academia", ""),
        id="title left out, university",
    ),
    pytest.param(
        "Kenya said taxes would fall.",
        (None, "", "Government of Kenya", "government", "KE"),
        id="country",
    ),
    pytest.param(
        "Nairobi said taxes would fall.",
        (None, "", "Government of Kenya", "government", "KE"),
        id="capital",
    ),
    pytest.param(
        "Kenya's diplomatic mission in Geneva said taxes would fall.",
        (None, "", "Government of Kenya", "government", "KE"),
        id="mission",
    ),
    pytest.param(
        "Chief Cabinet Secretary Taro Yamada said taxes would fall.",
        ("Taro Yamada", "Chief Cabinet Secretary", "Government of Japan", "government", "JP"),
        id="post of one country only",
    ),
    pytest.param(
        "UN human rights chief Ann Bell said taxes would fall.",
        ("Ann Bell", "human rights chief", "UN Human Rights Office", "intergovernmental", ""),
        id="intergovernmental",
    ),
    pytest.param(
        "Police said taxes would fall.", (None, "", None, "security", ""), id="kind only"
    ),
    pytest.param(
        "Freedonia's foreign minister, Ann Bell, said that taxes would fall.",
        ("Ann Bell", "foreign minister", "Government of Freedonia", "government", ""),
        id="country no list knows",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_named_sources(read, text, expected):
    voice = read(text)[-1].voices[0]
    assert (voice.speaker, voice.role, voice.actor, voice.actor_type, voice.country) == expected


RESOLVED = [
    pytest.param(
        "Ann Bell of Oxfam came on Monday. She said taxes would fall.",
        "Ann Bell", "Oxfam", "pronoun", id="she",
    ),
    pytest.param(
        "Ann Bell of Oxfam came on Monday. “Taxes will fall,” Bell said.",
        "Ann Bell", "Oxfam", "named", id="surname",
    ),
    pytest.param(
        "Oxfam published a report on Monday. The group said taxes would fall.",
        None, "Oxfam", "nominal", id="the group",
    ),
    pytest.param(
        "Kenya's embassy said taxes would fall. “They will fall,” the letter read.",
        None, "Government of Kenya", "document", id="the letter",
    ),
    pytest.param(
        "A report by Oxfam came out on Monday. The report said taxes would fall.",
        None, "Oxfam", "document", id="the report",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "speaker", "actor", "basis"), RESOLVED)
def test_words_that_stand_for_somebody_named_before(read, text, speaker, actor, basis):
    quotation = read(text)[-1]
    (voice,) = quotation.voices
    assert (voice.speaker, voice.actor, quotation.basis) == (speaker, actor, basis)


def test_joint_speakers_are_two_voices(read):
    (quotation,) = read("Oxfam and Greenpeace called on Kenya to sign the treaty.")
    assert [voice.actor for voice in quotation.voices] == ["Oxfam", "Greenpeace"]


def test_nobody_is_guessed_for_an_unnamed_source(read):
    (quotation,) = read("Critics said taxes would rise.")
    assert (quotation.voices, quotation.basis) == ((), "unnamed")


def test_two_people_of_one_surname_stay_open(read):
    *_, last = read("Ann Bell met Carl Bell in Leeds.\n\nBell said taxes would fall.")
    assert last.voices == ()
    assert last.candidates == ("Ann Bell", "Carl Bell")


def test_a_group_between_two_is_taken_for_the_first_only_provisionally(read):
    text = "Oxfam and Greenpeace met on Monday. “No,” said Ann Bell, a director for the group."
    (voice,) = read(text)[-1].voices
    assert (voice.speaker, voice.actor, voice.actor_type, voice.provisional) == (
        "Ann Bell",
        "Oxfam",
        "ngo",
        True,
    )
