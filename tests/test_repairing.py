"""Repairing quotes: what an edit changes, what it refuses, and the way back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from statements.browsing.conditions import Conditions
from statements.finding_voices import at_hand, candidates, person_named
from statements.finding_words import UnusableRepair, find_words
from statements.models import (
    Actor,
    Affiliation,
    JointVoice,
    Quote,
    QuoteEdit,
    QuotePart,
    QuoteVector,
    Speaker,
    Suggestion,
)
from statements.quote_history import edits_of
from statements.repairing import (
    accept_again,
    change_state,
    change_voice,
    latest_edit,
    repair_words,
    stands,
    take_back_edit,
)
from tests.factories import (
    make_actor,
    make_article,
    make_issue,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db

TEXT = (
    "“We back the plan,” Ana Ruiz said. “The dam must not be built.” "
    "Bo Lind called it “a shame”, and left.\n\nNothing else happened."
)


@pytest.fixture
def editor():
    return make_user("editor")


@pytest.fixture
def quote():
    """Two parts: "We back the plan," and "The dam must not be built."."""
    return two_parts(make_article(TEXT))


def two_parts(article, **fields: Any) -> Quote:
    quote = make_quote("We back the plan,", article=article, confidence=0.4, **fields)
    words = "The dam must not be built."
    start = TEXT.index(words)
    QuotePart.objects.create(
        quote=quote, ordinal=1, start=start, end=start + len(words), content=words
    )
    quote.end, quote.content = start + len(words), f"We back the plan. {words}"
    quote.save()
    return quote


def place(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


def snapshot(quote: Quote) -> dict[str, Any]:
    """All that a reader sees of the quote."""
    quote = Quote.objects.get(pk=quote.pk)
    names = (
        *("start", "end", "content", "kind", "confidence", "before", "after", "state", "certainty"),
        *("speaker_id", "actor_id", "affiliation_id", "role", "actor_type", "country"),
        *("attribution", "basis"),
    )
    rows = list(quote.joint_voices.values("ordinal", "speaker", "actor", "role", "actor_type"))
    parts = list(quote.parts.values_list("ordinal", "start", "end", "content"))
    return {name: getattr(quote, name) for name in names} | {"parts": parts, "joint": rows}


# -- Words ----------------------------------------------------------------------------------------


def test_new_words_bring_everything_that_rests_on_them_up_to_date(quote, editor):
    edit = repair_words(quote, [place("The dam must not be built.")], editor=editor)
    quote.refresh_from_db()
    assert quote.content == "The dam must not be built."
    assert (quote.start, quote.end) == place("The dam must not be built.")
    assert [part.content for part in quote.parts.all()] == ["The dam must not be built."]
    assert quote.before == "“We back the plan,” Ana Ruiz said."
    assert (quote.confidence, quote.kind, quote.is_doubtful) == (1.0, "direct", False)
    assert Conditions(words="dam").listings().get().quote == quote
    assert not Conditions(words="plan").listings().exists()
    assert edit
    assert edit.in_words == "Words changed"


def test_parts_come_in_the_order_of_the_text(quote, editor):
    parts = [place("must not be built."), place("We back"), place("Ana Ruiz said")]
    repair_words(quote, parts, editor=editor)
    quote.refresh_from_db()
    assert [part.content for part in quote.parts.all()] == [
        *("We back", "Ana Ruiz said", "must not be built."),
    ]
    assert quote.content == "We back Ana Ruiz said must not be built."


def test_what_reaches_beyond_quotation_marks_is_no_direct_speech_any_more(quote, editor):
    repair_words(quote, [place("it “a shame")], editor=editor)
    quote.refresh_from_db()
    assert (quote.kind, quote.content) == ("mixed", "it “a shame”")
    repair_words(quote, [place("Bo Lind called it")], editor=editor)
    quote.refresh_from_db()
    assert quote.kind == "indirect"


def test_the_same_words_are_confirmed_once(quote, editor):
    parts = [place("We back the plan,"), place("The dam must not be built.")]
    edit = repair_words(quote, parts, editor=editor)
    assert edit
    assert edit.in_words == "Words confirmed"
    assert not Quote.objects.get().is_doubtful
    assert repair_words(quote, parts, editor=editor) is None
    assert QuoteEdit.objects.count() == 1


@pytest.mark.parametrize(
    "parts",
    [[], [(0, 12), (8, 20)], [(0, 12), (0, 12)], [(0, 1)]],
    ids=["none", "overlapping", "twice", "only a mark"],
)
def test_what_is_no_stretch_of_words_is_refused(quote, editor, parts):
    before = snapshot(quote)
    with pytest.raises(UnusableRepair):
        repair_words(quote, parts, editor=editor)
    assert snapshot(quote) == before
    assert not QuoteEdit.objects.exists()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "say that this one is not a quote"),
        ({"state": "rejected"}, "marked as not a quote"),
        ({"act": "other"}, "a thought or finding"),
    ],
)
def test_two_quotes_never_stand_at_the_same_words(quote, editor, fields, why):
    other = make_quote("a shame", article=quote.article, **fields)
    before = snapshot(quote)
    with pytest.raises(UnusableRepair, match=why) as refused:
        repair_words(quote, [place("a shame")], editor=editor)
    assert refused.value.other == other
    assert snapshot(quote) == before


def test_what_was_proposed_for_other_words_is_replaced_and_kept(quote, editor):
    dam = make_issue(terms=["dam"], proposition="The dam should be built")
    shame = make_issue(terms=["shame"])
    repair_words(quote, [place("The dam must not be built.")], editor=editor)
    reasons = quote.queues.values_list("issue", "reason").order_by("issue")
    assert list(reasons) == [(dam.pk, "term"), (shame.pk, "article")]
    (proposed,) = quote.suggestions.current()
    QuoteVector.objects.create(quote=quote, encoder="any", values=b"")
    repair_words(quote, [place("it “a shame”")], editor=editor)
    assert not QuoteVector.objects.exists()
    assert not quote.suggestions.current().filter(issue=dam).exists()
    assert Suggestion.objects.filter(pk=proposed.pk).exists()
    assert quote.suggestions.current().filter(issue=shame).exists()


def test_what_is_proposed_still_stays_the_same_row(quote, editor):
    make_issue(terms=["dam"])
    repair_words(quote, [place("The dam must not be built.")], editor=editor)
    (proposed,) = quote.suggestions.current()
    change_voice(quote, speaker=make_speaker("Bo Lind"), actor=None, editor=editor)
    assert list(quote.suggestions.all()) == [proposed]


def test_a_form_that_was_overtaken_changes_nothing(quote, editor):
    seen = latest_edit(quote)
    other = make_user("editor")
    repair_words(quote, [place("We back")], editor=other, seen=seen)
    with pytest.raises(UnusableRepair, match=f"{other} has changed the same"):
        repair_words(quote, [place("The dam")], editor=editor, seen=seen)
    assert repair_words(quote, [place("We back")], editor=editor, seen=seen) is None
    # Another kind of repair is not in the way.
    assert change_voice(quote, speaker=make_speaker(), actor=None, editor=editor, seen=seen)
    assert repair_words(quote, [place("The dam")], editor=editor, seen=latest_edit(quote))


# -- Speaker --------------------------------------------------------------------------------------


@pytest.fixture
def ana():
    """Minister of Varonia until the end of 2023, of the River League after that."""
    ana = make_speaker("Ana Ruiz")
    ministry = make_actor("Government of Varonia", type="government", country="VA")
    league = make_actor("River League", type="ngo")
    post = Affiliation.objects.create
    post(speaker=ana, actor=ministry, post="minister", until=date(2023, 12, 31))
    post(speaker=ana, actor=league, post="chair", since=date(2024, 1, 1))
    return ana


@pytest.mark.parametrize(
    ("day", "actor", "role", "actor_type"),
    [
        (date(2023, 6, 1), "Government of Varonia", "minister", "government"),
        (date(2024, 6, 1), "River League", "chair", "ngo"),
        (None, "River League", "chair", "ngo"),
    ],
)
def test_a_person_speaks_for_the_party_of_their_post_on_the_day(
    editor, ana, day, actor, role, actor_type
):
    quote = make_quote(said_on=day)
    change_voice(quote, speaker=ana, actor=None, editor=editor)
    quote.refresh_from_db()
    assert (quote.speaker, quote.actor, quote.role) == (ana, Actor.objects.get(name=actor), role)
    assert (quote.actor_type, quote.attribution) == (actor_type, "confirmed")
    assert quote.affiliation == Affiliation.objects.get(post=role)


def test_without_a_post_on_the_day_nobody_is_spoken_for_unless_named(editor):
    speaker, union = make_speaker(), make_actor(type="labour")
    quote = make_quote(actor=make_actor(type="ngo"))
    change_voice(quote, speaker=speaker, actor=None, editor=editor)
    quote.refresh_from_db()
    assert (quote.actor, quote.affiliation, quote.actor_type) == (None, None, "unknown")
    change_voice(quote, speaker=speaker, actor=union, editor=editor)
    quote.refresh_from_db()
    assert (quote.speaker, quote.actor, quote.actor_type) == (speaker, union, "labour")


def test_a_named_party_brings_the_post_that_the_person_has_there(editor, ana):
    quote = make_quote(said_on=None)
    ministry = Actor.objects.get(type="government")
    change_voice(quote, speaker=ana, actor=ministry, editor=editor)
    quote.refresh_from_db()
    assert (quote.affiliation, quote.role) == (ministry.affiliations.get(), "minister")


def test_whoever_has_the_quote_is_confirmed_as_they_stand(editor, ana):
    party = make_actor(type="party")
    quote = make_quote(speaker=ana, actor=party, role="guest", attribution="provisional")
    edit = change_voice(quote, speaker=ana, actor=None, editor=editor)
    quote.refresh_from_db()
    assert edit
    assert edit.in_words == "Speaker confirmed"
    assert (quote.actor, quote.role, quote.attribution) == (party, "guest", "confirmed")
    assert change_voice(quote, speaker=ana, actor=None, editor=editor) is None


def test_a_party_may_speak_without_a_person_and_so_may_nobody(editor, ana):
    quote = make_quote(speaker=ana, actor=make_actor())
    league = Actor.objects.get(type="ngo")
    change_voice(quote, speaker=None, actor=league, editor=editor)
    quote.refresh_from_db()
    assert (quote.speaker, quote.actor, quote.role) == (None, league, "")
    change_voice(quote, speaker=None, actor=None, editor=editor)
    quote.refresh_from_db()
    assert (quote.voices, quote.attribution, quote.actor_type) == ([], "open", "unknown")


@pytest.fixture
def together(quote):
    """A quote of three who said it together, the lead first."""
    actors = [make_actor(name) for name in ("Alpha", "Beta", "Gamma")]
    Quote.objects.filter(pk=quote.pk).update(actor=actors[0])
    for ordinal, actor in enumerate(actors[1:], 1):
        JointVoice.objects.create(quote=quote, ordinal=ordinal, actor=actor)
    return quote


@pytest.mark.parametrize(
    ("at", "name", "voices"),
    [
        (0, "Delta", ["Delta", "Beta", "Gamma"]),
        (2, "Delta", ["Alpha", "Beta", "Delta"]),
        (0, None, ["Beta", "Gamma"]),
        (1, None, ["Alpha", "Gamma"]),
        (0, "Gamma", ["Gamma", "Beta"]),
        (2, "Alpha", ["Alpha", "Beta"]),
    ],
)
def test_of_several_voices_one_is_changed_and_none_comes_twice(together, editor, at, name, voices):
    before = snapshot(together)
    actor = (Actor.objects.filter(name=name).first() or make_actor(name)) if name else None
    edit = change_voice(together, speaker=None, actor=actor, editor=editor, place=at)
    fresh = Quote.objects.get(pk=together.pk)
    assert [voice.name for voice in fresh.voices] == voices
    assert edit
    take_back_edit(edit)
    assert snapshot(together) == before


def test_a_voice_that_is_not_there_is_refused(together, editor):
    for at in (-1, 3):
        with pytest.raises(UnusableRepair):
            change_voice(together, speaker=None, actor=None, editor=editor, place=at)


def test_people_are_offered_with_their_post_on_the_day(ana):
    assert [each.about for each in candidates("ruiz", on=date(2023, 6, 1))] == [
        "minister, Government of Varonia"
    ]
    assert [each.about for each in candidates("Ana R", on=date(2024, 6, 1))] == [
        "chair, River League"
    ]
    make_speaker("José Peña")
    assert [each.name for each in candidates("pena", on=None)] == ["José Peña"]
    assert [each.about for each in candidates("JOSE", on=date(2024, 1, 1))] == [
        "no post known on that day"
    ]
    assert [each.value for each in candidates("league", on=None)] == ["actor:river-league"]
    assert (
        candidates(" \t", on=None) == candidates("%", on=None) == candidates("_na", on=None) == []
    )


def test_whoever_else_is_heard_in_the_article_is_at_hand(quote):
    mine, other = make_speaker("Bo Lind"), make_speaker("Ana Ruiz")
    party, rejected = make_actor("River League"), make_speaker("Rex")
    Quote.objects.filter(pk=quote.pk).update(speaker=mine, candidates=["Ana Ruiz", "Unknown"])
    make_quote("a shame", article=quote.article, speaker=other)
    make_quote("it “a shame”", article=quote.article, actor=party)
    make_quote("Nothing else", article=quote.article, speaker=rejected, state="rejected")
    names = [each.name for each in at_hand(Quote.objects.get(pk=quote.pk))]
    assert names == ["Ana Ruiz", "Bo Lind", "River League"]


def test_a_new_person_is_made_once(db):
    first = person_named("  Ana   Ruiz ")
    assert (first.name, first.standing) == ("Ana Ruiz", "provisional")
    assert person_named("Ana Ruiz") == person_named("ana ruiz") == first
    assert Speaker.objects.count() == 1


# -- Quote or not ---------------------------------------------------------------------------------


def test_what_is_accepted_again_is_as_sure_as_before(quote, editor):
    for state in ("confirmed", "proposed"):
        Quote.objects.update(state=state)
        assert change_state(quote, "rejected", editor=editor)
        assert change_state(quote, "rejected", editor=editor) is None
        assert not Quote.objects.visible_to(editor).exists()
        assert Quote.objects.open_to(editor).get() == quote
        assert not Quote.objects.open_to(make_user()).exists()
        assert accept_again(quote, editor=editor)
        assert accept_again(quote, editor=editor) is None
        assert Quote.objects.get().state == state


# -- The way back ---------------------------------------------------------------------------------


def test_taking_back_restores_everything_as_it_was(editor):
    text = "“It rains,” one resident said."
    quote = make_quote(
        "It rains", article=make_article(text), actor_type="citizen", attribution="provisional"
    )
    before = snapshot(quote)
    edits = [
        repair_words(quote, [find_words(quote.article, "one resident", near=0)], editor=editor),
        change_voice(quote, speaker=make_speaker(), actor=make_actor(type="ngo"), editor=editor),
        change_state(quote, "rejected", editor=editor),
    ]
    assert [each.in_words for each in edits if each] == [
        *("Words changed", "Speaker changed", "Marked as not a quote"),
    ]
    for edit in filter(None, reversed(edits)):
        taken = take_back_edit(edit)
        assert (taken.undoes, taken.before, taken.after) == (edit, edit.after, edit.before)
    assert snapshot(quote) == before
    with pytest.raises(UnusableRepair, match="already"):
        take_back_edit(edit)


def test_what_somebody_changed_since_is_not_taken_back(quote, editor):
    mine = repair_words(quote, [place("We back")], editor=editor)
    assert mine
    assert stands(mine)
    theirs = repair_words(quote, [place("The dam")], editor=make_user("editor"))
    assert theirs
    assert not stands(mine)
    with pytest.raises(UnusableRepair, match="changed the same since"):
        take_back_edit(mine)
    take_back_edit(theirs)
    assert stands(mine)
    take_back_edit(mine)


def test_a_party_that_was_retyped_since_keeps_its_new_type(quote, editor):
    actor = make_actor(type="unknown")
    Quote.objects.update(actor=actor, actor_type="unknown")
    edit = change_voice(quote, speaker=None, actor=None, editor=editor)
    Actor.objects.update(type="ngo")
    assert edit
    take_back_edit(edit)
    assert Quote.objects.get().actor_type == "ngo"


def test_what_the_back_office_rejected_can_be_accepted(quote, editor):
    Quote.objects.update(state="rejected")
    assert accept_again(quote, editor=editor)
    assert Quote.objects.get().state == "proposed"


def test_whoever_is_gone_is_not_brought_back(quote, editor):
    speaker = make_speaker()
    change_voice(quote, speaker=speaker, actor=None, editor=editor)
    edit = change_voice(quote, speaker=None, actor=None, editor=editor)
    speaker.names.all().delete()
    speaker.delete()
    assert edit
    with pytest.raises(UnusableRepair, match="no longer kept"):
        take_back_edit(edit)


def test_taking_back_for_somebody_else_is_ones_own_step_elsewhere(quote, editor):
    other, issue = make_user("editor"), make_issue()
    edit = change_state(quote, "rejected", editor=editor, issue=issue)
    assert edit
    taken = take_back_edit(edit, editor=other)
    assert (taken.editor, taken.issue) == (other, None)


def test_the_history_says_what_was_there_before_and_after(quote, editor, ana):
    make_issue()
    repair_words(quote, [place("We back the plan,"), place("The dam")], editor=editor)
    change_voice(quote, speaker=ana, actor=None, editor=editor)
    rejected = change_state(quote, "rejected", editor=editor)
    assert rejected
    take_back_edit(rejected)
    back, state, voice, words = edits_of(Quote.objects.get(pk=quote.pk))
    assert back.edit.undoes == rejected
    assert (state.changes, state.undo, back.undo) == ((), False, False)
    assert [(each.kind, each.text) for each in voice.changes] == [
        ("removed", "nobody that the text names"),
        ("added", "Ana Ruiz, chair, for River League"),
    ]
    assert [each.text for each in words.changes] == ["The dam must not be built.", "The dam"]
    assert voice.undo
    assert words.undo


def test_only_the_last_change_of_a_kind_can_be_taken_back(quote, editor):
    repair_words(quote, [place("We back")], editor=editor)
    repair_words(quote, [place("The dam")], editor=editor)
    fresh = Quote.objects.get(pk=quote.pk)
    assert [each.undo for each in edits_of(fresh)] == [True, False]
