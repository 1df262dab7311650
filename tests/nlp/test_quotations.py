"""Where quotations begin and end, what cues them and who the text says is their source."""

from __future__ import annotations

import pytest

DIRECT = [
    pytest.param("“We will go,” Ann Bell said.", ["We will go,"], "Ann Bell", "said", id="after"),
    pytest.param(
        "“We will go,” said Ann Bell.", ["We will go,"], "Ann Bell", "said", id="inverted"
    ),
    pytest.param("Ann Bell said: “We will go.”", ["We will go."], "Ann Bell", "said", id="colon"),
    pytest.param("Ann Bell said, “We will go.”", ["We will go."], "Ann Bell", "said", id="comma"),
    pytest.param(
        '"We will go," Ann Bell said.', ["We will go,"], "Ann Bell", "said", id="straight"
    ),
    pytest.param(
        "‘We don’t go,’ Ann Bell said.", ["We don’t go,"], "Ann Bell", "said", id="single"
    ),
    pytest.param(
        "“We will go,” Ann Bell said, “and stay.”",
        ["We will go,", "and stay."],
        "Ann Bell",
        "said",
        id="interrupted",
    ),
    pytest.param(
        "“We will go,” Ann Bell said. “We will stay.”",
        ["We will go,", "We will stay."],
        "Ann Bell",
        "said",
        id="goes on after its attribution",
    ),
    pytest.param(
        "“We will go,” Ann Bell said.\n\n“We will stay there.”",
        ["We will go,", "We will stay there."],
        "Ann Bell",
        "said",
        id="goes on in the next paragraph",
    ),
    pytest.param(
        "“We will go,” Ann Bell said. “We are many.\n\n“We will stay there.”",
        ["We will go,", "We are many.", "We will stay there."],
        "Ann Bell",
        "said",
        id="left open at the end of a paragraph",
    ),
    pytest.param("BELL: “We will go.”", ["We will go."], "BELL", None, id="transcript"),
    pytest.param(
        "“The end is near,” the letter read.",
        ["The end is near,"],
        "the letter",
        "read",
        id="noun-like cue",
    ),
]

# In these tables [source], {cue} and |content| are marked.
PLAIN = str.maketrans("", "", "[]{}|")

REPORTED = {
    "that": "[The minister] {said} |that taxes would fall|.",
    "no that": "[The minister] {said} |taxes would fall|.",
    "attribution behind": "|Taxes would fall|, [the minister] {said}.",
    "according to": "{According} to [the minister], |taxes will fall|.",
    "according to, behind": "|Taxes will fall|, {according} to [the minister].",
    "urge to": "[The minister] {urged} |Kenya to sign the treaty|.",
    "call on to": "[The minister] {called} on |Kenya to sign the treaty|.",
    "infinitive": "[The minister] {vowed} |to cut taxes|.",
    "call something": "[The minister] {called} |the plan a “farce”|.",
    "whether": "[The minister] {asked} |whether taxes would fall|.",
    "mixed": "[The minister] {said} |that taxes were “a burden” on the poor|.",
    "noun": "[Her] {claim} |that taxes would fall| was wrong.",
}

NOT_QUOTED = [
    pytest.param("", id="empty"),
    pytest.param("Taxes fell in June.", id="nothing said"),
    pytest.param("The so-called “reform” failed in June.", id="scare quotes"),
    pytest.param("She read the book “War and Peace” in June.", id="title"),
    pytest.param("At the ceremony, he replied in May.", id="no words before the comma"),
    pytest.param("The song was written by Ann Bell after the storm.", id="only when"),
]


@pytest.mark.parametrize(("text", "parts", "source", "cue"), DIRECT)
def test_direct_quotations(read, text, parts, source, cue):
    (quotation,) = read(text)
    assert [text[start:end] for start, end in quotation.parts] == parts
    assert quotation.kind == "direct"
    assert text[slice(*quotation.source)] == source
    assert (quotation.cue and text[slice(*quotation.cue)]) == cue


def between(marked: str, opening: str, closing: str) -> str:
    """The words between two marks, without the marks of the other kinds."""
    inside = marked.split(opening)[1].split(closing)[0]
    return inside.translate(PLAIN)


@pytest.mark.parametrize("marked", REPORTED.values(), ids=REPORTED)
def test_reported_and_mixed_quotations_by_rules(read_fast, marked):
    text = marked.translate(PLAIN)
    (quotation,) = read_fast(text)
    ((start, end),) = quotation.parts
    content = between(marked, "|", "|")
    assert text[start:end] == content
    assert quotation.kind == ("mixed" if "“" in content else "indirect")
    assert text[slice(*quotation.source)] == between(marked, "[", "]")
    assert text[slice(*quotation.cue)] == between(marked, "{", "}")


@pytest.mark.parametrize("text", NOT_QUOTED)
def test_what_is_no_quotation(read, text):
    assert read(text) == []


def test_thought_is_told_from_speech(read):
    (thought,) = read("The minister believes that taxes will fall.")
    (speech,) = read("The minister says that taxes will fall.")
    assert (thought.act, speech.act) == ("other", "speech")


def test_two_attributions_make_two_quotations(read):
    text = "“We will go,” Ann Bell said. “We will stay,” Bob Hill replied."
    assert [text[slice(*each.source)] for each in read(text)] == ["Ann Bell", "Bob Hill"]


def test_a_transcript_is_read_by_its_labels(read):
    text = "HILL: Will you go?\n\nBELL: We will not.\n\nHILL: And why not?"
    found = [(text[slice(*q.source)], text[slice(*q.parts[0])]) for q in read(text)]
    assert found == [("HILL", "Will you go?"), ("BELL", "We will not."), ("HILL", "And why not?")]
