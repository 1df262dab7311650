"""How alike texts are, and the keys by which copies are found."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements.nlp.likeness import (
    bands_of,
    holds,
    likeness,
    runs_of,
    word_share,
    words_of,
)

FIRST_KEY = 433316118303350620

words = st.lists(st.sampled_from("dam river vote court law said will not the a".split()))
texts = words.map(" ".join) | st.text(max_size=200)


def runs(text: str):
    return runs_of(words_of(text))


@given(texts, texts)
def test_likeness_is_symmetric_and_a_share(first, second):
    there, back = likeness(runs(first), runs(second)), likeness(runs(second), runs(first))
    assert there == back
    assert 0 <= there.similarity <= there.containment <= 1


@given(texts)
def test_a_text_is_wholly_like_itself(text):
    alike = likeness(runs(text), runs(text))
    assert (alike.similarity, alike.containment) == (1, 1)
    assert alike.is_copy


@given(words, st.sampled_from([" ", "  ", "\n", "\t\n ", "\u00a0"]))
def test_case_and_white_space_do_not_count(words, space):
    plain = runs(" ".join(words))
    assert likeness(plain, runs(space.join(words).upper())).similarity == 1
    assert bands_of(plain) == bands_of(runs(space.join(words).title()))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("“We won’t go,” he said.", '"We won\'t go", he said'),
        ("Peña in São Paulo", "PENA IN SAO PAULO"),
        ("Peña", "Pen\u0303a"),
        ("a—b", "A - B"),
    ],
)
def test_marks_and_accents_do_not_count(first, second):
    assert words_of(first) == words_of(second)


@given(texts)
def test_keys_fit_a_bigint_and_one_text_has_the_same_each_time(text):
    keys = bands_of(runs(text))
    assert keys == bands_of(runs(text))
    assert all(-(2**63) <= key < 2**63 for key in keys)


def test_keys_are_the_same_in_another_process():
    program = (
        "from statements.nlp.likeness import *; print(bands_of(runs_of(words_of('A b c')))[0])"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    # Kept in databases: when it changes, VERSION must.
    assert int(printed.stdout) == bands_of(runs("a B c"))[0] == FIRST_KEY


def article(seed: int, count: int = 400) -> list[str]:
    draw = random.Random(seed)
    return [f"w{draw.randrange(3000)}" for _ in range(count)]


def edited(kind: str) -> list[str]:
    text, other = article(1), article(2)
    return {
        "light edits": [w if n % 40 else "other" for n, w in enumerate(text)],
        "half of it cut": text[:200],
        "a lead added": other[:150] + text,
        "an update around it": other[:300] + text + other[300:] + article(3, 300),
    }[kind]


@pytest.mark.parametrize(
    "kind", ["light edits", "half of it cut", "a lead added", "an update around it"]
)
def test_an_edited_copy_is_one_and_shares_a_key(kind):
    first, second = runs_of(article(1)), runs_of(edited(kind))
    assert likeness(first, second).is_copy
    assert set(bands_of(first)) & set(bands_of(second))


def test_reports_that_share_a_quotation_are_no_copies():
    said = article(9, 60)
    first = runs_of(article(1)[:150] + said + article(1)[150:])
    second = runs_of(article(2)[:90] + said + article(2)[90:])
    assert not likeness(first, second).is_copy


def test_a_short_text_is_no_copy_of_what_quotes_it():
    assert not likeness(runs_of(article(1, 20)), runs_of(article(1, 20) + article(2))).is_copy


def test_a_text_without_words_has_no_keys():
    assert bands_of(runs("… —")) == []
    assert not likeness(runs(""), runs("one")).is_copy


@given(words, words)
def test_words_shared_are_a_share(first, second):
    assert word_share(first, second) == word_share(second, first)
    assert word_share(first, first) == 1


def test_words_are_held_in_a_row_and_whole():
    assert holds("we will not go now".split(), "will not".split())
    assert not holds("we will not go now".split(), "will go".split())
    assert not holds(["another"], ["other"])
