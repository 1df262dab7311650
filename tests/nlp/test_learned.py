"""The full reading: what the weights decide, and what holds whatever they are."""

from __future__ import annotations

import math

import pytest
from spacy.tokens import Doc

from statements.nlp.content import Taken, content_parts
from statements.nlp.learned.cues import Cue, possible_cues
from statements.nlp.learned.extents import families
from statements.nlp.learned.linear import Linear, logistic
from statements.nlp.learned.reading import Choice, Content, Learned, overlap
from statements.nlp.learned.weights import MODELS, Weights, load_weights
from statements.nlp.marks import Quoted
from statements.nlp.pipeline import load_pipeline

# Each cue in {}, the words it reports in ||: what a reader would underline.
REPORTED = {
    "that": "The minister {said} |that taxes would fall|.",
    "no that": "The minister {said} |taxes would fall|.",
    "attribution behind": "|Taxes would fall|, the minister {said}.",
    "around": "|Taxes|, the minister {said}, |would fall in June|.",
    "according to": "{According} to the minister, |taxes will fall|.",
    "clause about the source": "|The act is bad|, {according} to Ann Bell, who teaches law.",
    "call something": "The minister {called} |the plan a “farce”|.",
    "whether": "The minister {asked} |whether taxes would fall|.",
    "accuse of": "The minister {accused} |the bank of hiding losses|.",
    "call for": "The minister {called} for |an inquiry into the bank|.",
    "infinitive": "The minister {vowed} |to cut taxes|.",
    "mixed": "The minister {said} |that taxes were “a burden” on the poor|.",
}
PLAIN = str.maketrans("", "", "{}|")


@pytest.mark.parametrize("marked", REPORTED.values(), ids=REPORTED)
def test_full_reading_finds_what_a_cue_reports(read, marked):
    text = marked.translate(PLAIN)
    cue = marked.split("{")[1].split("}")[0]
    (found,) = [each for each in read(text) if text[slice(*each.cue)] == cue]
    assert [text[start:end] for start, end in found.parts] == [
        words.translate(PLAIN) for words in marked.split("|")[1::2]
    ]


def test_what_a_likelier_cue_reports_is_left_to_it(read):
    text = (
        "The office said that prisons were marked by hunger and other cruel treatment "
        "and said that reports of beatings appear credible."
    )
    found = [text[slice(*each.parts[0])] for each in read(text)]
    assert found == [
        "that prisons were marked by hunger and other cruel treatment",
        "that reports of beatings appear credible",
    ]


def test_a_quotation_goes_on_behind_its_attribution(read):
    text = "Prices are “out of hand,” Ann Bell said. “We cannot go on like this.”"
    (found,) = read(text)
    assert [text[slice(*part)] for part in found.parts] == [
        "Prices are “out of hand,”",
        "We cannot go on like this.",
    ]


def test_a_thought_does_not_hide_the_speech_behind_it(read):
    text = "It was too late for all of them, Ann Bell thought. “We cannot go on like this.”"
    (spoken,) = [each for each in read(text) if each.kind == "direct"]
    assert (spoken.act, text[slice(*spoken.parts[0])]) == ("speech", "We cannot go on like this.")


def test_both_readings_give_probabilities(read):
    text = "“We will go,” Ann Bell said. She said that it would rain. “It never does.”"
    for fast in (False, True):
        for each in load_pipeline(fast=fast)(text)._.quotations:
            assert 0 < each.confidence < 1
            assert 0 <= each.source_confidence < 1


def test_plain_speech_is_surer_than_an_odd_cue(read):
    plain = read("The minister said that taxes would fall.")[0]
    odd = read("Bell pointed to the weather.")
    assert all(each.confidence < plain.confidence for each in odd)
    assert plain.confidence > 0.85


def test_every_model_has_weights():
    weights = load_weights()
    assert len(weights.lemmas) > 100
    for name in MODELS:
        model = getattr(weights, name)
        assert model.weights
        assert all(math.isfinite(weight) for weight in model.weights.values())


def test_a_model_that_is_missing_weighs_nothing():
    weights = Weights.of({"lemmas": ["say"], "models": {}})
    assert weights.speech == Linear({}, 0.0)


def test_without_weights_nothing_is_reported():
    nlp = load_pipeline()
    reading = Learned.on(nlp.vocab.strings, Weights.of({"lemmas": [], "models": {}}))
    doc = nlp("The minister said that taxes would fall.")
    assert reading.reported(doc, Quoted(doc.text), []) == []


@pytest.mark.parametrize("odds", [-1000.0, -1.0, 0.0, 1.0, 1000.0])
def test_logistic_is_a_probability_at_any_odds(odds):
    assert 0.0 <= logistic(odds) <= 1.0
    assert logistic(odds) + logistic(-odds) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("these", "those", "share"),
    [
        ([(0, 4)], [(0, 4)], 1.0),
        ([(0, 4)], [(4, 8)], 0.0),
        ([(0, 4)], [(2, 6)], 1 / 3),
        ([(0, 2), (4, 6)], [(0, 6)], 2 / 3),
        ([], [], 0.0),
    ],
)
def test_overlap_is_the_share_of_common_tokens(these, those, share):
    assert overlap(these, those) == pytest.approx(share)


def parse(text: str) -> tuple[Doc, Quoted, list[Cue]]:
    nlp = load_pipeline()
    doc = nlp(text)
    return doc, Quoted(text), list(possible_cues(doc, Quoted(text), cue_lemmas(nlp), frozenset()))


def cue_lemmas(nlp):
    return Learned.on(nlp.vocab.strings, load_weights()).lemmas


def test_contents_stay_in_their_sentence_and_off_their_cue():
    _, quoted, cues = parse("It rained. Taxes would fall, the minister said. It rained again.")
    (cue,) = [each for each in cues if each.token.lower_ == "said"]
    found = [
        (start.position, end.position)
        for family in families(cue, quoted)
        for start, end in family.contents()
    ]
    sentence = cue.token.sent
    assert found
    assert all(sentence.start <= start < end <= sentence.end for start, end in found)
    assert all(end <= cue.token.i or start > cue.token.i for start, end in found)
    assert cue.source is not None
    assert (sentence.start, cue.source[0] - 1) in found


def test_a_cue_in_double_marks_is_none():
    _, _, cues = parse("“He said no and she said yes,” the minister replied.")
    assert [each.token.lower_ for each in cues] == ["replied"]


def test_a_choice_falls_back_on_what_is_free():
    doc, quoted, cues = parse("The minister said that taxes would fall in June.")
    first, second = Content("behind", ((3, 9),), 0.6), Content("behind", ((3, 5),), 0.4)
    choice = Choice(cues[0], 0.9, 0.0, [first, second])
    free = Taken(len(doc.text))
    best = choice.content(doc, free)
    assert best is not None
    assert best.ranges == ((3, 9),)
    free.add(content_parts(doc, quoted, [(6, 9)]))
    fallback = choice.content(doc, free)
    assert fallback is not None
    assert fallback.ranges == ((3, 5),)
    assert fallback.share == pytest.approx(1.0)
    free.add([(0, len(doc.text))])
    assert choice.content(doc, free) is None
