"""Who speaks: the person, the post, the party and its kind."""

from __future__ import annotations

import pytest

NAMED = [
    pytest.param(
        "Kenyan Ambassador to the United Nations Ann Bell said taxes would fall.",
        ("Ann Bell", "Ambassador", "Government of Kenya", "government", "KE"),
        id="envoy to a body",
    ),
    pytest.param(
        "Kenyan Ambassador to the United States Wanjiru Otieno said taxes would fall.",
        ("Wanjiru Otieno", "Ambassador", "Government of Kenya", "government", "KE"),
        id="envoy to a country",
    ),
    pytest.param(
        "Rep. Paul Adams (D-Ohio) said taxes would fall.",
        ("Paul Adams", "Rep.", "US House of Representatives", "legislature", "US"),
        id="seat in the House",
    ),
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
        "Amnesty International spokeswoman Ann Bell said taxes would fall.",
        ("Ann Bell", "spokeswoman", "Amnesty International", "ngo", ""),
        id="employer before a post",
    ),
    pytest.param(
        "“No,” said Ann Bell, a director of the progressive advocacy group Open Page.",
        ("Ann Bell", "director", "Open Page", "ngo", ""),
        id="employer behind a post",
    ),
    pytest.param(
        "“No,” said Ann Bell, director of the University of Leeds's Centre for Politics.",
        ("Ann Bell", "director", "University of Leeds Centre for Politics", "academia", ""),
        id="owner inside the employer's name",
    ),
    pytest.param(
        "“No,” said Secretary of State Ann Bell. Freedonia's government agreed.",
        ("Ann Bell", "Secretary of State", "Government of Freedonia", "government", ""),
        id="office that goes on behind of",
    ),
    pytest.param(
        "“No,” said Ann Bell, president and CEO of Leeds Builders Association.",
        ("Ann Bell", "president and CEO", "Leeds Builders Association", "civil_society", ""),
        id="two posts of one employer",
    ),
    pytest.param(
        "Sen. Ann Bell (R-Texas) said taxes would fall.",
        ("Ann Bell", "Sen.", "US Senate", "legislature", "US"),
        id="senator with party and state",
    ),
    pytest.param(
        "Kenya coach Ann Bell said taxes would fall.",
        ("Ann Bell", "coach", None, "unknown", "KE"),
        id="a country's coach speaks for no government",
    ),
    pytest.param(
        "Former Kenyan foreign minister Ann Bell said taxes would fall.",
        ("Ann Bell", "Former Kenyan foreign minister", None, "unknown", ""),
        id="former posts speak for nobody",
    ),
    pytest.param(
        "Georgia's former governor, Ann Bell, said taxes would fall.",
        ("Ann Bell", "former governor", None, "unknown", ""),
        id="former behind a place",
    ),
    pytest.param(
        "Former Kenyan senator Dr. Ann Bell said taxes would fall.",
        ("Ann Bell", "Former Kenyan senator", None, "unknown", ""),
        id="courtesy between post and name",
    ),
    pytest.param(
        "“No,” said Ann Bell of the Centre for Open Pages.",
        ("Ann Bell", "", "Centre for Open Pages", "unknown", ""),
        id="body with an article",
    ),
    pytest.param(
        "Police Commissioner Ann Bell said taxes would fall.",
        ("Ann Bell", "Police Commissioner", None, "security", ""),
        id="a post is no party's name",
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
        "Ann Bell came to Leeds. Her campaign said taxes would fall.",
        None, "Bell campaign", "nominal", id="her campaign",
    ),
    pytest.param(
        "Ann Bell of Oxfam came to Leeds. A spokesman for Ann Bell said taxes would fall.",
        None, "Oxfam", "nominal", id="spokesman for a person",
    ),
    pytest.param(
        "Kenya's officials said taxes would fall. They said that wages would rise.",
        None, "Government of Kenya", "pronoun", id="they, after several unnamed",
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


PEOPLE = [
    pytest.param(
        "Susan Bell met Carl Bell in Leeds. Mrs. Bell said taxes would fall.",
        "Susan Bell", id="a title fits one first name",
    ),
    pytest.param(
        "Susan Marsh came with Robert Hale to Leeds. He said taxes would fall.",
        "Robert Hale", id="he, by the first names",
    ),
    pytest.param(
        "Jane Marsh met Robert Hale in Leeds.\n\n“Taxes will fall,” MARSH said.",
        "Jane Marsh", id="surname in capitals",
    ),
    pytest.param(
        "Robert Hale spoke in Leeds. Hale said taxes would fall. He is a brother of the singer "
        "Carl Hale.\n\nHale said that taxes would rise.",
        "Robert Hale", id="the surname stays with whoever bears it alone",
    ),
    pytest.param(
        "“No,” said Dean Marsh, director of Oxfam.", "Dean Marsh", id="a first name like a title"
    ),
    pytest.param(
        "Rose Bell spoke for the Bells. She said taxes would fall.",
        "Rose Bell", id="a family is no person",
    ),
    pytest.param(
        "For Robert Hale, an engineer, Carl Marsh was a hero. He said: “Marsh was the best.”",
        "Robert Hale", id="he whose view a sentence gives",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "speaker"), PEOPLE)
def test_people_are_told_apart(read, text, speaker):
    (voice,) = read(text)[-1].voices
    assert voice.speaker == speaker


def test_joint_speakers_are_two_voices(read):
    (quotation,) = read("Oxfam and Greenpeace called on Kenya to sign the treaty.")
    assert [voice.actor for voice in quotation.voices] == ["Oxfam", "Greenpeace"]


def test_people_joined_behind_their_posts_are_two_voices(read):
    (quotation,) = read(
        "Ann Bell, a spokeswoman for Oxfam, and Carl Hale, a director at Greenpeace, said that "
        "taxes would fall."
    )
    voices = [(voice.speaker, voice.actor) for voice in quotation.voices]
    assert voices == [("Ann Bell", "Oxfam"), ("Carl Hale", "Greenpeace")]


def test_the_lawyer_of_a_person_is_not_that_person(read):
    *_, last = read("Ann Bell came to Leeds. A lawyer for Ann Bell said taxes would fall.")
    assert last.voices == ()


def test_a_plan_of_a_person_speaks_for_nobody(read):
    quotations = read("Sen. Ann Bell (R-Texas) came to Leeds. Her plan says taxes will fall.")
    assert [quotation.voices for quotation in quotations] == [()] * len(quotations)


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


def test_two_joint_speakers_with_titles_ahead_are_both_found(read):
    (quotation,) = read(
        "Norwegian Foreign Minister Ann Bell and Oxfam director Paul Adams said taxes would fall."
    )
    assert [(voice.speaker, voice.actor) for voice in quotation.voices] == [
        ("Ann Bell", "Government of Norway"),
        ("Paul Adams", "Oxfam"),
    ]


@pytest.mark.parametrize("slip", ["Kirstan Hale", "Kírsten Hale"])
def test_a_slip_in_a_long_first_name_is_the_same_person(read, slip):
    quotations = read(f"Kirsten Hale said taxes would fall. {slip} said they would rise again.")
    assert {each.voices[0].speaker for each in quotations} == {"Kirsten Hale"}


def test_passive_asking_has_no_source(read):
    text = "Asked whether taxes would fall, Ann Bell left the room."
    assert [each.source for each in read(text) if text[slice(*each.cue)] == "Asked"] in ([], [None])
