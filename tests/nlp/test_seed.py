"""The seed article: every direct quotation exact, and given to the right person and party."""

from __future__ import annotations

from pathlib import Path

import pytest

SEED = Path(__file__).resolve().parents[2] / "seeds" / "china-rejects-un-report-on-xinjiang.txt"

CHINA = ("Government of China", "government")
RIGHTS_OFFICE = ("UN Human Rights Office", "intergovernmental")

DIRECT = [
    (("Based on", "affairs,"), ("People of", "practice."), None, *CHINA),
    (("We firmly", "powers,"), ("We hope", "decision."), "Zhao Lijian", *CHINA),
    (("Japan is", "in China,"), None, "Hirokazu Matsuno", "Government of Japan", "government"),
    (("Never has", "victims,"), None, "John Fisher", "Human Rights Watch", "ngo"),
    (("The extent", "humanity,"), None, None, *RIGHTS_OFFICE),
    (("To be", "help,"), None, "Michelle Bachelet", *RIGHTS_OFFICE),
    (("Beijing’s", "region,"), None, "Agnes Callamard", "Amnesty International", "ngo"),
]  # fmt: skip


@pytest.fixture(scope="module")
def text() -> str:
    return SEED.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def quotations(read, text):
    return read(text)


def test_direct_quotations_are_exact(quotations, text):
    found = []
    for each in quotations:
        if each.kind == "direct":
            parts = [text[start:end] for start, end in each.parts]
            assert all(text[start - 1] in "“" for start, _ in each.parts)
            (voice,) = each.voices
            found.append((parts, voice.speaker, voice.actor, voice.actor_type))
    assert len(found) == len(DIRECT)
    for (parts, *voice), (first, second, *expected) in zip(found, DIRECT, strict=True):
        edges = [first, second] if second else [first]
        assert len(parts) == len(edges)
        for part, (begin, end) in zip(parts, edges, strict=True):
            assert part.startswith(begin)
            assert part.endswith(end)
        assert voice == expected


@pytest.mark.parametrize(
    ("words", "actors"),
    [
        ("the report a “farce”", ["Government of China"]),
        ("it firmly opposed the release", ["Government of China"]),
        ("China has committed “serious”", ["UN Human Rights Office"]),
        ("to improve transparency", ["Government of Japan"]),
        ("to set up an independent", ["Human Rights Watch", "Amnesty International"]),
        ("descriptions of the detentions", ["UN Human Rights Office"]),
        ("it could not confirm", ["UN Human Rights Office"]),
        ("reasonable to conclude", ["UN Human Rights Office"]),
        ("reports of sharp increases", ["UN Human Rights Office"]),
        ("she received pressure", ["UN Human Rights Office"]),
    ],
)
def test_reported_and_mixed_quotations_are_found(quotations, text, words, actors):
    place = text.index(words)
    (quotation,) = [
        each for each in quotations if any(start <= place < end for start, end in each.parts)
    ]
    assert [voice.actor for voice in quotation.voices] == actors


def test_kinds_of_actors_are_right(quotations):
    actors = {voice.actor: voice.actor_type for each in quotations for voice in each.voices}
    assert actors == {
        "Government of China": "government",
        "Government of Japan": "government",
        "Human Rights Watch": "ngo",
        "Amnesty International": "ngo",
        "UN Human Rights Office": "intergovernmental",
    }


def test_what_the_text_leaves_open_is_provisional(quotations):
    speakers = {v.speaker: v.provisional for each in quotations for v in each.voices if v.speaker}
    assert speakers["John Fisher"]
    assert not speakers["Agnes Callamard"]
