"""Krippendorff's alpha, against his own examples and against another implementation."""

from __future__ import annotations

import random
import time
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask

from statements.agreement import Alpha, Interval, alpha_interval, krippendorff_alpha

# Krippendorff (2011), A: two observers, ten units, binary.
MEG = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
OWEN = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]

# B: two observers, twelve units, five categories.
BEN = "aabbdcccedda"
GERRY = "babbbccceddd"

# C: four observers, twelve units, five categories, some values missing.
FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


def units(*observers):
    return list(zip(*observers, strict=True))


def defined(data) -> tuple[Alpha, float]:
    found = krippendorff_alpha(data)
    assert found.alpha is not None
    return found, found.alpha


def interval(data, resamples: int = 1000) -> Interval:
    found = alpha_interval(data, resamples=resamples)
    assert found is not None
    return found


def test_the_binary_example_of_two_observers():
    # Four units of ten disagree, so 8 of the 20 values are off the diagonal; 0 was given 14 times
    # and 1 six times: 1 - (20 - 1) * 8 / (20² - 14² - 6²) = 1 - 152/168.
    found, alpha = defined(units(MEG, OWEN))
    assert alpha == pytest.approx(1 - 152 / 168)
    assert round(alpha, 3) == 0.095
    assert (found.units, found.values, found.coders) == (10, 20, 2)


def test_the_nominal_example_of_two_observers():
    # Three units disagree, 6 values of 24; a to e were given 4, 6, 6, 6 and 2 times:
    # 1 - 23 * 6 / (24² - 16 - 36 - 36 - 36 - 4) = 1 - 138/448.
    _, alpha = defined(units(BEN, GERRY))
    assert alpha == pytest.approx(1 - 138 / 448)
    assert round(alpha, 3) == 0.692


def test_the_nominal_example_of_four_observers_with_missing_values():
    # The last unit has one value and is left out: 11 units with 40 values. Unit 2 (2 2 3 2) and
    # unit 8 (1 1 2 1) each have 6 ordered pairs that differ, over 3; unit 6 (1 2 3 4) has 12,
    # over 3: together 8. The categories were given 9, 13, 10, 5 and 3 times:
    # 1 - 39 * 8 / (40² - 81 - 169 - 100 - 25 - 9) = 1 - 312/1216.
    found, alpha = defined(units(*FOUR))
    assert alpha == pytest.approx(1 - 312 / 1216)
    assert round(alpha, 3) == 0.743
    assert (found.units, found.values, found.coders) == (11, 40, 4)


def test_coders_may_be_named_and_come_and_go():
    by_name = [
        {name: value for name, value in zip("klmn", unit, strict=True) if value is not None}
        for unit in units(*FOUR)
    ]
    assert krippendorff_alpha(by_name) == krippendorff_alpha(units(*FOUR))


@pytest.mark.parametrize(
    "data",
    [[], [{"ann": "a"}], [{"ann": "a"}, {"bob": "b"}], [("a", "a")], [("a", "a"), ("a", "a")]],
    ids=["nothing", "one value", "nothing to pair", "one unit", "no variation"],
)
def test_without_pairs_or_variation_it_is_undefined(data):
    assert krippendorff_alpha(data).alpha is None
    assert alpha_interval(data) is None


def test_two_who_never_agree_are_below_chance():
    assert krippendorff_alpha([("a", "b"), ("b", "a")]).alpha == pytest.approx(-0.5)


@pytest.mark.parametrize("seed", range(30))
def test_it_is_what_another_implementation_finds(seed):
    draw = random.Random(seed)
    coders = range(draw.randint(2, 5))
    truth = [draw.choice("abcde") for _ in range(draw.randint(5, 60))]
    triples = [
        (coder, unit, value if draw.random() < 0.7 else draw.choice("abcde"))
        for coder, (unit, value) in product(coders, enumerate(truth))
        if draw.random() < 0.8
    ]
    by_unit: dict[int, dict[int, str]] = {}
    for coder, unit, value in triples:
        by_unit.setdefault(unit, {})[coder] = value
    # The other one counts single values among the marginal sums, so it gets none.
    paired = [each for each in triples if len(by_unit[each[1]]) > 1]
    other = AnnotationTask(data=paired).alpha()
    assert krippendorff_alpha(by_unit.values()).alpha == pytest.approx(other)


values = st.lists(
    st.lists(st.sampled_from(["a", "b", "c", None]), min_size=3, max_size=3).map(tuple), max_size=30
)


@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=40))
def test_perfect_agreement_is_one_where_there_is_variation(truth):
    found = krippendorff_alpha([(value, value) for value in truth])
    assert found.alpha == (1 if len(set(truth)) > 1 else None)


@given(values)
def test_names_of_categories_and_the_order_of_coders_do_not_matter(data):
    found = krippendorff_alpha(data)
    names = {"a": 7, "b": "x", "c": "a", None: None}
    renamed = krippendorff_alpha([tuple(names[value] for value in unit) for unit in data])
    swapped = krippendorff_alpha([unit[::-1] for unit in data])
    for other in (renamed, swapped):
        assert other.alpha == (None if found.alpha is None else pytest.approx(found.alpha))
        assert (other.units, other.values) == (found.units, found.values)


@given(values)
def test_neither_alpha_nor_its_interval_is_ever_above_one(data):
    found = krippendorff_alpha(data)
    around = alpha_interval(data, resamples=50)
    assert (around is None) is (found.alpha is None)
    if around and found.alpha is not None:
        assert found.alpha <= 1
        assert around.low <= around.high <= 1


def test_the_interval_narrows_with_more_units_and_holds_alpha():
    few, many = interval(units(*FOUR)), interval(units(*FOUR) * 20)
    assert few.low < many.low < 0.743 < many.high < few.high


def test_the_interval_is_the_same_every_time():
    assert interval(units(BEN, GERRY)) == interval(units(BEN, GERRY))


def test_the_interval_is_that_of_drawing_units_one_by_one():
    data = units(BEN, GERRY) * 4
    draw = random.Random(1)
    alphas = sorted(
        krippendorff_alpha(draw.choices(data, k=len(data))).alpha or 0 for _ in range(2000)
    )
    found = interval(data, resamples=4000)
    assert found.low == pytest.approx(alphas[50], abs=0.02)
    assert found.high == pytest.approx(alphas[1949], abs=0.02)


def test_a_resample_without_variation_counts_as_no_reliability():
    # One unit of twenty differs: more than a third of the resamples miss it.
    data = [("a", "a")] * 19 + [("b", "b")]
    assert krippendorff_alpha(data) == Alpha(1.0, 20, 40, 2)
    assert interval(data) == Interval(0, 1)


def test_a_thousand_units_take_well_under_a_second():
    draw = random.Random(5)
    data = [tuple(draw.choices("abcde", [5, 3, 1, 1, 1], k=2)) for _ in range(1000)]
    began = time.perf_counter()
    assert alpha_interval(data) is not None
    assert time.perf_counter() - began < 0.5
