from __future__ import annotations

import pytest

from statements.bidi import FIRST_STRONG, POP, isolated, may_turn, pieces
from statements.templatetags.statements import bdi, bdi_pieces, isolate
from tests.payloads import payloads

OPENS, CLOSES = "\u2066\u2067\u2068", "\u2069"


@pytest.mark.parametrize("text", ["Ana Ruiz", "Müller", "王毅", "“a” – b…", ""])
def test_what_runs_from_left_to_right_is_left_as_it_is(text):
    assert not may_turn(text)
    assert isolated(text) == text
    assert bdi(text) == text


@pytest.mark.parametrize("text", ["مرحبا", "שלום, (abc)", "\u202eexe.txt", "a\u200f", "\u2066a"])
def test_what_may_turn_has_an_element_of_its_own(text):
    assert may_turn(text)
    assert bdi(text) == f"<bdi>{text}</bdi>"
    assert isolate(text).startswith(FIRST_STRONG)


def test_nothing_reaches_out_of_what_is_isolated():
    for each in payloads():
        depth = 0
        for at, char in enumerate(found := isolated(each.text)):
            depth += (char in OPENS) - (char in CLOSES)
            # Never closed before its end, and closed there.
            assert depth > 0 or at == len(found) - 1 or found == each.text
        assert depth == 0 or found == each.text


def test_what_is_no_text_and_what_is_markup_stay_safe():
    assert bdi(None) == isolate(None) == ""
    assert bdi("<b>\u202e") == "<bdi>&lt;b&gt;\u202e</bdi>"
    assert bdi("<b>") == "&lt;b&gt;"
    assert POP in isolated("\u202e")


def test_a_sentence_is_shown_in_pieces_without_the_characters_that_close_its_names_off():
    names = [f"{each.text} שלום" for each in payloads()[::7]]
    said = "".join(f"By {isolated(each)}, & " for each in names)
    apart = [text for text, is_apart in pieces(said) if is_apart]
    assert apart == [isolated(each)[1:-1] for each in names]
    assert next(pieces(said)) == ("By ", False)
    assert list(pieces("")) == []
    shown = bdi_pieces(f"<i> {isolated(chr(0x202E) + '<b>')} & co")
    assert shown == "&lt;i&gt; <bdi>\u202e&lt;b&gt;</bdi> &amp; co"
