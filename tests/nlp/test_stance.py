"""Explicit stance words: what they say, and when they say nothing."""

import pytest

from statements.nlp.stance import is_about, suggest_stance
from statements.nlp.stance_lexicon import load_lexicon

TERMS = ["report", "assessment", "independent investigation", "victims"]
COUNTER_TERMS = ["abuses", "denial", "Beijing"]
NO_TERM = "no term of the issue in the quote"
NO_WORDS = "no explicit stance words about it"


def suggest(quote, **given):
    return suggest_stance(quote, terms=TERMS, counter_terms=COUNTER_TERMS, **given)


@pytest.mark.parametrize(
    ("quote", "label", "evidence"),
    [
        pytest.param(
            "We firmly oppose the release of the so-called Xinjiang-related report. "
            "This report is a farce.",
            "opposes",
            ("firmly oppose", "so-called", "farce"),
            id="three words of one side, in their order",
        ),
        pytest.param(
            "the so-called ‘assessment’ distorts our laws",
            "opposes",
            ("so-called", "distorts"),
            id="the thing as subject, in quotation marks",
        ),
        pytest.param("We welcome the report.", "supports", ("welcome",), id="welcome"),
        pytest.param("We cannot accept it: the report.", None, (), id="object behind a colon"),
        pytest.param(
            "We cannot accept this report.", "opposes", ("cannot accept",), id="denied support"
        ),
        pytest.param(
            "We do not support the report", "opposes", ("not support",), id="do not support"
        ),
        pytest.param("We don’t reject the report.", None, (), id="denied opposition says little"),
        pytest.param("I would not hail the report.", None, (), id="denied praise says little"),
        pytest.param(
            "We welcome the withdrawal of the report.",
            "opposes",
            ("welcome",),
            id="its end is welcome",
        ),
        pytest.param("We condemn the abuses.", "supports", ("condemn",), id="counter term"),
        pytest.param(
            "Never has it been so important for the UN to stand up to Beijing, "
            "and to stand with victims,",
            "supports",
            ("important for", "stand up to"),
            id="a wish without a subject",
        ),
        pytest.param(
            "Beijing’s repeated denial of the crisis of victims rings ever-more hollow",
            "supports",
            ("rings ever-more hollow",),
            id="subject with a phrase behind it",
        ),
        pytest.param(
            "We urge the council to suppress nothing and publish the report.",
            "supports",
            ("urge", "publish"),
            id="wished for",
        ),
        pytest.param(
            "We urge the commissioner not to publish the report.",
            "opposes",
            ("urge", "publish"),
            id="wished against",
        ),
        pytest.param(
            "The report must be withdrawn.", "opposes", ("must", "withdrawn"), id="passive duty"
        ),
        pytest.param("Our support for the report stands.", "supports", ("support for",), id="noun"),
        pytest.param("We have always backed the report.", "supports", ("backed",), id="perfect"),
        pytest.param("We met and firmly reject it, the report.", None, (), id="object behind it"),
        pytest.param("We met and reject the report.", "opposes", ("reject",), id="second verb"),
        pytest.param("They met and reject the report.", None, (), id="second verb of others"),
        pytest.param("Mr. Lee and I reject Dr. Oh’s report.", "opposes", ("reject",), id="titles"),
    ],
)
def test_a_speaker_takes_a_side(quote, label, evidence):
    found = suggest(quote)
    assert (found.label, found.evidence) == (label, evidence)


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        pytest.param("We firmly oppose the dam.", NO_TERM, id="another thing"),
        pytest.param("The report comes out on Tuesday.", NO_WORDS, id="on it, taking no side"),
        pytest.param("The report is long and sad.", NO_WORDS, id="tone is no stance"),
        pytest.param("Do we support the report?", NO_WORDS, id="question"),
        pytest.param("We support the report if it is complete.", NO_WORDS, id="condition"),
        pytest.param("They reject the report.", NO_WORDS, id="somebody else's stance"),
        pytest.param("He told me the report is a farce.", NO_WORDS, id="nested speech"),
        pytest.param("We supported the report.", NO_WORDS, id="what was, not what is"),
        pytest.param("We support report cards.", NO_WORDS, id="half of another thing"),
        pytest.param("We welcome his words on the report.", NO_WORDS, id="behind a preposition"),
        pytest.param("We refuse to condemn the abuses.", NO_WORDS, id="refusal to condemn"),
        pytest.param(
            "We welcome the report, but we reject the assessment.",
            "words for both sides",
            id="both sides",
        ),
    ],
)
def test_silence_says_why(quote, reason):
    found = suggest(quote)
    assert (found.label, found.confidence, found.reason) == (None, 0.0, reason)
    assert found.mentions is (reason != NO_TERM)


def test_speakers_may_name_themselves():
    quote = "Estmark now supports the report."
    assert suggest(quote).label is None
    assert suggest(quote, voices=["Anselm Korrigan", "Government of Estmark"]).label == "supports"


def test_reported_speech_reads_pronouns_and_past_forms_as_the_speakers():
    quote = "it firmly opposed the release of the assessment, which ignores achievements"
    assert suggest(quote, kind="indirect").evidence == ("firmly opposed",)
    assert suggest(quote, kind="direct").label is None


@pytest.mark.parametrize(
    ("quote", "context", "cue", "label"),
    [
        pytest.param(
            "farce", "Zhao called the report a “farce”.", "called", "opposes", id="called"
        ),
        pytest.param(
            "the report", "The council welcomed the report.", "welcomed", "supports", id="object"
        ),
        pytest.param(
            "to set up an independent investigation",
            "Both groups called on the UN to set up an independent investigation.",
            "called on",
            "supports",
            id="called on",
        ),
        pytest.param(
            "It is long.",
            "“It is long,” said Lee, who had condemned the report.",
            "said",
            None,
            id="the journalist's own words do not count",
        ),
    ],
)
def test_the_cue_may_take_the_side(quote, context, cue, label):
    assert suggest(quote, kind="mixed", context=context, cue=cue).label == label


def test_a_span_chooses_one_of_two_mentions():
    text = "Anna praised Berta and criticised Berta’s rival."
    label_at = {
        at: suggest_stance(text, terms=["Berta"], voices=None, span=(at, at + 5)).label
        for at in (text.index("Berta"), text.rindex("Berta"))
    }
    assert list(label_at.values()) == ["supports", "opposes"]


def test_evidence_stands_in_the_text():
    quote = "We STRONGLY reject the report; this report is a Sham."
    found = suggest(quote)
    assert found.evidence
    assert all(words in quote for words in found.evidence)


@pytest.mark.parametrize(
    ("form", "tense"),
    [
        ("denies", "present"),
        ("denied", "past"),
        ("dropped", "past"),
        ("publishes", "present"),
        ("urging", "gerund"),
        ("upheld", "past"),
        ("withdrawn", "past"),
        ("rejecting", "gerund"),
        ("supported", "past"),
        ("halted", "past"),
    ],
)
def test_verbs_are_known_in_their_forms(form, tense):
    assert {each.tense for each in load_lexicon().forms[form] if each.tense} == {tense}


def test_a_text_is_about_an_issue_that_it_names():
    terms = ["Orsel dam", "dam", "reservoir"]
    assert is_about("The ORSEL DAM’s height", terms)
    assert not is_about("Another dam on the Orsel", terms)
    assert is_about("Another dam", ["dam"])
