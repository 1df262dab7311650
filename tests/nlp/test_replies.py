"""Who answers whom by the words of a text, and the words that answer nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from statements.nlp.replies import Party, Said, find_replies
from statements.nlp.reply_words import load_reply_words

CHINA = Party(actor="Government of China")
UN = Party(actor="UN Human Rights Office")
ANA = Party(speaker="Ana Ruiz")
BO = Party(speaker="Bo Lind")


def said(text, content, *voices, source="", cue="", is_speech=True):
    """A quotation whose words, source and cue stand in the text, each at its first place."""

    def span(words):
        start = text.index(words)
        return start, start + len(words)

    return Said(
        (span(content),),
        span(cue) if cue else None,
        span(source) if source else None,
        voices,
        is_speech,
    )


def told(text, quotations):
    """Relation, party and evidence of every reply, the party by its most precise name."""
    return [
        (
            reply.relation,
            reply.party.speaker or reply.party.actor or reply.party.name,
            text[slice(*reply.evidence)],
        )
        for reply in find_replies(text, quotations)
    ]


@pytest.mark.parametrize(
    ("text", "given", "replies"),
    [
        pytest.param(
            "China rejected the UN human rights report, saying “it ignores our achievements”.",
            ("it ignores our achievements", "China", "saying", CHINA),
            [("rebuts", "UN Human Rights Office", "rejected the UN human rights report")],
            id="the reporter says that it was rejected",
        ),
        pytest.param(
            "China dismissed the UN human rights report as “a farce”, and left.",
            ("a farce", "China", "dismissed", CHINA),
            [
                (
                    "rebuts",
                    "UN Human Rights Office",
                    "dismissed the UN human rights report as “a farce",
                )
            ],
            id="a judgement that the cue brings in",
        ),
        pytest.param(
            "“We firmly reject the report of the UN Human Rights Office,” China said.",
            (
                "We firmly reject the report of the UN Human Rights Office,",
                "China",
                "said",
                CHINA,
            ),
            [
                (
                    "rebuts",
                    "UN Human Rights Office",
                    "reject the report of the UN Human Rights Office",
                )
            ],
            id="the speaker says so",
        ),
        pytest.param(
            "“We did not reject the report of the UN,” China said.",
            ("We did not reject the report of the UN,", "China", "said", CHINA),
            [],
            id="a denied verb",
        ),
        pytest.param(
            "Ana Ruiz urged Beijing to “release them all”.",
            ("release them all", "Ana Ruiz", "urged", ANA),
            [("responds_to", "Government of China", "urged Beijing")],
            id="a capital for its government",
        ),
        pytest.param(
            "In response to the remarks of Ana Ruiz, Bo Lind said “it will be built”.",
            ("it will be built", "Bo Lind", "said", BO),
            [("responds_to", "Ana Ruiz", "In response to the remarks of Ana Ruiz")],
            id="somebody whom the article does not quote is a name only",
        ),
        pytest.param(
            "Ana Ruiz criticised Chinese goods as “too cheap”.",
            ("too cheap", "Ana Ruiz", "criticised", ANA),
            [],
            id="goods of a country do not speak",
        ),
        pytest.param(
            "China accused China’s critics and said “we are calm”.",
            ("we are calm", "China", "said", CHINA),
            [],
            id="nobody answers themselves",
        ),
        pytest.param(
            "Bo Lind said “the dam stands” according to CNN.",
            ("the dam stands", "Bo Lind", "said", BO),
            [],
            id="whom the reporter has it from",
        ),
        pytest.param(
            "“According to the United Nations, thousands were held,” Ana Ruiz said.",
            (
                "According to the United Nations, thousands were held,",
                "Ana Ruiz",
                "said",
                ANA,
            ),
            [("cites", "United Nations", "According to the United Nations")],
            id="whom the speaker has it from",
        ),
        pytest.param(
            "“China must release them,” Ana Ruiz said.",
            ("China must release them,", "Ana Ruiz", "said", ANA),
            [("responds_to", "Government of China", "China must")],
            id="a demand",
        ),
        pytest.param(
            "“The UN report is a farce,” Ana Ruiz said.",
            ("The UN report is a farce,", "Ana Ruiz", "said", ANA),
            [("rebuts", "United Nations", "UN report is a farce")],
            id="a judgement",
        ),
    ],
)
def test_one_quotation(text, given, replies):
    content, source, cue, voice = given
    assert told(text, [said(text, content, voice, source=source, cue=cue)]) == replies


TURNS = "“The dam will hold,” Ana Ruiz said. “It will not,” Bo Lind replied."


def turns(text=TURNS, **fields):
    return [
        said(text, "The dam will hold,", ANA, source="Ana Ruiz", cue="said"),
        said(text, "It will not,", BO, source="Bo Lind", cue="replied", **fields),
    ]


def test_who_replies_answers_whoever_spoke_last():
    (reply,) = find_replies(TURNS, turns())
    assert (reply.said, reply.party, reply.earlier) == (1, ANA, 0)
    assert (reply.relation, TURNS[slice(*reply.evidence)]) == ("responds_to", "replied")


def test_who_replies_to_a_reporter_answers_nobody():
    text = "“The dam will hold,” Ana Ruiz said. Asked for more, “It will not,” Bo Lind replied."
    assert find_replies(text, turns(text)) == []


def test_thoughts_answer_nobody():
    assert find_replies(TURNS, turns(is_speech=False)) == []


def test_a_quotation_without_a_voice_answers_nobody():
    first, last = turns()
    assert find_replies(TURNS, [first, Said(last.parts, last.cue, last.source, ())]) == []


def test_a_surname_means_the_person_quoted_before_and_points_to_their_words():
    text = "“The dam will hold,” Ana Ruiz said. Bo Lind accused Ruiz of “plain lies”."
    quotations = [
        said(text, "The dam will hold,", ANA, source="Ana Ruiz", cue="said"),
        said(text, "plain lies", BO, source="Bo Lind", cue="accused"),
    ]
    (reply,) = find_replies(text, quotations)
    assert (reply.party.speaker, reply.earlier, reply.relation) == ("Ana Ruiz", 0, "rebuts")


def test_evidence_stands_in_the_text_and_proposals_stay_apart_by_party():
    text = "China rejected the UN report and accused the United States of “lies”."
    found = find_replies(text, [said(text, "lies", CHINA, source="China", cue="accused")])
    assert [text[slice(*each.evidence)] for each in found] == [
        "rejected the UN report",
        "accused the United States",
    ]
    assert len({each.party for each in found}) == 2


def test_the_sample_article_says_who_answers_whom(read):
    path = Path(__file__).parents[2] / "seeds/china-rejects-un-report-on-xinjiang.txt"
    text = path.read_text(encoding="utf-8")
    quotations = [
        Said(
            each.parts,
            each.cue,
            each.source,
            tuple(Party(v.speaker, v.actor) for v in each.voices if v.speaker or v.actor),
            each.act == "speech",
        )
        for each in read(text)
    ]
    found = {(relation, whom) for relation, whom, _ in told(text, quotations)}
    assert ("rebuts", "UN Human Rights Office") in found
    assert ("responds_to", "Government of China") in found
    evidence = {words for _, _, words in told(text, quotations)}
    assert {"rejected the UN human rights report", "called the report a “farce", "urged China"} <= (
        evidence
    )


def test_no_text_and_no_quotations_give_nothing():
    assert find_replies("", []) == []
    assert find_replies("China rejected the UN report.", []) == []


def test_every_form_of_a_verb_is_known():
    verbs = load_reply_words().verbs
    assert {"reject", "rejects", "rejected", "rejecting", "took"} <= verbs.keys()
