"""Pairs of quotation marks."""

from __future__ import annotations

import pytest

from statements.nlp.marks import Quoted, marked_stretches

PAIRS = [
    pytest.param("“We go,” he said.", ["We go,"], id="curly"),
    pytest.param('"We go," he said.', ["We go,"], id="straight"),
    pytest.param("‘We go,’ he said.", ["We go,"], id="single curly"),
    pytest.param("'We go,' he said.", ["We go,"], id="single straight"),
    pytest.param("''We go,'' he said.", ["We go,"], id="two apostrophes"),
    pytest.param("``We go,'' he said.", ["We go,"], id="typewriter"),
    pytest.param("«We go», he said.", ["We go"], id="guillemets"),
    pytest.param("“We don’t go,” he said.", ["We don’t go,"], id="apostrophe in curly"),
    pytest.param("‘We don’t go,’ he said.", ["We don’t go,"], id="apostrophe in single"),
    pytest.param("'The farmers' rights,' he said.", ["The farmers' rights,"], id="possessive"),
    pytest.param("‘the farmers’ and ‘the millers’", ["the farmers", "the millers"], id="plurals"),
    pytest.param("“Call it ‘art’ or not,” he said.", ["Call it ‘art’ or not,"], id="nested"),
    pytest.param("rock 'n' roll in the '90s isn't 'em", [], id="elisions"),
    pytest.param("A 6'2\" man is not 'quoted", [], id="feet and inches"),
    pytest.param("“One,” he said, “two.”", ["One,", "two."], id="interrupted"),
    pytest.param("“One, he said.\nTwo.”", ["One, he said."], id="never closes"),
    pytest.param("“One, he said. “Two.” Three.", ["One, he said.", "Two."], id="opens again"),
    pytest.param("", [], id="empty"),
]


@pytest.mark.parametrize(("text", "inside"), PAIRS)
def test_marks_are_paired(text, inside):
    assert [text[each.start : each.end] for each in marked_stretches(text)] == inside


def test_a_mark_that_never_closes_ends_at_its_paragraph():
    stretch, after = marked_stretches("“One.\n“Two.”")
    assert (stretch.closed, stretch.outer_end) == (False, 5)
    assert after.closed


@pytest.mark.parametrize(
    ("text", "kind"),
    [("“We go now”", "direct"), ("We go now", "indirect"), ("We “go now”", "mixed")],
)
def test_kind_is_told_by_the_share_of_words_in_marks(text, kind):
    assert Quoted(text).kind([(0, len(text))]) == kind
