"""Merging identities, and undoing it: every table is as it was before."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from statements.identity_editing import add_alias, rename
from statements.ingest.documents import Document
from statements.ingest.identities import Identities
from statements.ingest.loading import load_documents
from statements.ledger import Refused, undo
from statements.merging import merge, preview_merge
from statements.models import (
    Actor,
    ActorName,
    IdentityEvent,
    Issue,
    JointVoice,
    Quote,
    Speaker,
    SpeakerName,
)
from statements.nlp import Voice
from statements.repairing import change_voice, take_back_edit
from tests.concurrency.at_once import wait_until_one_waits
from tests.factories import (
    make_actor,
    make_issue,
    make_joint_voice,
    make_post,
    make_quote,
    make_speaker,
    make_user,
)
from tests.tables import everything

pytestmark = pytest.mark.django_db

TEXT = """Dam talks go on

“We will not pay for the dam,” said Hari Holt, the water minister of Varonia.

“Nobody asked the farmers,” said Ada Orme, a spokeswoman for River Watch.

“The dam is safe,” Holt said on Monday.
"""


@pytest.fixture
def lead():
    return make_user("lead")


@pytest.fixture
def two_actors():
    """Two that are one: quotes of both, a shared post, names, a part and an issue."""
    gone = make_actor("U.N.", type="ngo", country="CH")
    survivor = make_actor("United Nations", type="intergovernmental")
    ActorName.objects.create(actor=gone, text="united  nations")
    ActorName.objects.create(actor=gone, text="UNO", kind="acronym")
    speaker, other = make_speaker("Hari Holt"), make_speaker("Ada Orme")
    double = make_post(speaker, gone, "envoy")
    make_post(speaker, survivor, "envoy")
    only = make_post(other, gone, "chief", since=date(2020, 1, 1))
    make_quote(actor=gone, speaker=speaker, affiliation=double)
    make_quote(actor=gone, speaker=other, affiliation=only)
    # One that was typed otherwise by hand, to see that its own value comes back.
    make_quote(actor=gone, actor_type="unknown", country="")
    make_joint_voice(make_quote(actor=survivor), actor=gone, actor_type="ngo", country="CH")
    make_actor("UN Water", parent=gone)
    make_issue(kind="actor", actor=gone)
    return gone, survivor


def test_an_import_with_two_speakers_merged_and_undone_is_as_before(lead):
    document = Document(name="dam.txt", text=TEXT, size=len(TEXT))
    load_documents([document], channel="command")
    holt, orme = Speaker.objects.get(name="Hari Holt"), Speaker.objects.get(name="Ada Orme")
    before = everything()
    event = merge(holt, orme, editor=lead)
    assert everything() != before
    assert not Quote.objects.filter(speaker=holt).exists()
    undo(event, editor=lead)
    assert everything() == before
    assert [each.is_undo for each in IdentityEvent.objects.all()] == [False, True]


def test_a_merge_moves_all_and_keeps_the_row(two_actors, lead):
    gone, survivor = two_actors
    merge(gone, survivor, editor=lead)
    gone.refresh_from_db()
    assert gone.merged_into == survivor
    assert set(Quote.objects.values_list("actor", "actor_type", "country")) == {
        (survivor.pk, "intergovernmental", "")
    }
    assert JointVoice.objects.get().actor == survivor
    assert set(survivor.names.values_list("text", "kind")) == {
        ("United Nations", "primary"),
        ("U.N.", "alias"),
        ("UNO", "acronym"),
    }
    assert [each.text for each in gone.names.all()] == ["united  nations"]
    assert set(survivor.affiliations.values_list("post", flat=True)) == {"envoy", "chief"}
    posts = Quote.objects.exclude(affiliation=None).values_list("affiliation__actor", flat=True)
    assert set(posts) == {survivor.pk}
    assert Issue.objects.get().actor == survivor
    assert Actor.objects.get(name="UN Water").parent == survivor


def test_undoing_a_merge_of_actors_restores_every_row(two_actors, lead):
    gone, survivor = two_actors
    before = everything()
    event = merge(gone, survivor, editor=lead)
    _, left = undo(event, editor=lead)
    assert (everything(), left) == (before, 0)


def test_the_preview_says_exactly_what_moves(two_actors, lead):
    gone, survivor = two_actors
    preview = preview_merge(gone, survivor)
    assert (preview.quotes, preview.joint, len(preview.first)) == (3, 1, 3)
    assert {(each.row.text, each.moves) for each in preview.names} == {
        ("U.N.", True),
        ("united  nations", False),
        ("UNO", True),
    }
    posts = [(each.row.post, each.moves) for each in preview.affiliations]
    assert posts == [("envoy", False), ("chief", True)]
    assert [each.name for each in preview.children] == ["UN Water"]
    assert preview.issue
    assert preview.refusal == ""
    event = merge(gone, survivor, editor=lead)
    assert "3 quotes, 2 names, 1 post moved" in event.summary


def test_a_chain_of_merges_leads_to_the_last_and_is_undone_from_its_end(client, lead):
    first, second, third = (
        make_speaker("H. Holt"),
        make_speaker("Hari Holt"),
        make_speaker("Hari M. Holt"),
    )
    make_quote(speaker=first)
    before = everything()
    one = merge(first, second, editor=lead)
    two = merge(second, third, editor=lead)
    response = client.get(first.get_absolute_url())
    assert (response.status_code, response.url) == (301, third.get_absolute_url())
    with pytest.raises(Refused, match="came later"):
        undo(one, editor=lead)
    undo(two, editor=lead)
    undo(one, editor=lead)
    assert everything() == before
    with pytest.raises(Refused, match="undone already"):
        undo(one, editor=lead)


def test_old_addresses_lead_on_in_filters_and_exports(client, lead):
    gone, survivor = make_actor("U.N."), make_actor("United Nations")
    make_quote("We object", actor=gone)
    merge(gone, survivor, editor=lead)
    for path in ("/", "/export.csv", "/export.jsonl", "/export.dna.csv"):
        response = client.get(path, {"actor": "un", "kind": "direct"})
        there = f"{path}?actor=united-nations&kind=direct"
        assert (response.status_code, response.url) == (301, there)
    swap = client.get("/", {"actor": "un"}, headers={"HX-Request": "true"})
    assert "We object" in swap.text
    assert client.get("/actors/un/").url == "/actors/united-nations/"


def test_a_merged_identity_is_listed_and_offered_nowhere(client, lead):
    gone, survivor = make_actor("Dock Union"), make_actor("Dockers of Varonia")
    make_quote(actor=gone)
    merge(gone, survivor, editor=lead)
    listed = client.get("/actors/").context["page"].object_list
    assert [each.name for each in listed] == ["Dockers of Varonia"]
    client.force_login(lead)
    quote = Quote.objects.get()
    page = client.get(f"/quotes/{quote.uuid}/voice/", {"q": "dock"})
    assert [each.value for each in page.context["candidates"]] == ["actor:dockers-of-varonia"]


def test_two_actors_that_both_have_an_issue_are_not_merged(lead):
    gone, survivor = make_actor("U.N."), make_actor("United Nations")
    for actor in (gone, survivor):
        make_issue(kind="actor", actor=actor, title=f"How others see {actor}")
    assert "How others see U.N." in preview_merge(gone, survivor).refusal
    before = everything()
    with pytest.raises(Refused, match="one such issue"):
        merge(gone, survivor, editor=lead)
    assert everything() == before


def test_a_part_that_takes_in_what_it_is_part_of_moves_up(lead):
    top, gone = make_actor("State"), make_actor("Ministry")
    part = make_actor("Water office", parent=gone)
    Actor.objects.filter(pk=gone.pk).update(parent=top)
    gone.refresh_from_db()
    event = merge(gone, part, editor=lead)
    part.refresh_from_db()
    assert part.parent == top
    undo(event, editor=lead)
    part.refresh_from_db()
    assert part.parent == gone
    deep = make_actor("Desk", parent=part)
    with pytest.raises(Refused, match="by way of"):
        merge(gone, deep, editor=lead)


def test_nobody_is_merged_twice_or_into_themselves(lead):
    first, second, third = (make_speaker() for _ in range(3))
    merge(first, second, editor=lead)
    with pytest.raises(Refused, match="meanwhile"):
        merge(first, third, editor=lead)
    with pytest.raises(Refused, match="same already"):
        merge(third, third, editor=lead)


def test_quotes_that_an_editor_gave_away_since_stay_away(lead):
    gone, survivor, third = (
        make_speaker("H. Holt"),
        make_speaker("Hari Holt"),
        make_speaker("Ada Orme"),
    )
    moved, other = make_quote(speaker=gone), make_quote(speaker=gone)
    event = merge(gone, survivor, editor=lead)
    change_voice(Quote.objects.get(pk=moved.pk), speaker=third, actor=None, editor=lead)
    _, left = undo(event, editor=lead)
    moved.refresh_from_db()
    other.refresh_from_db()
    assert (left, moved.speaker, other.speaker) == (1, third, gone)


def test_an_edit_made_before_a_merge_can_be_taken_back_after_it(lead):
    gone, survivor, third = (
        make_speaker("H. Holt"),
        make_speaker("Hari Holt"),
        make_speaker("Ada Orme"),
    )
    party = make_actor()
    for speaker in (gone, survivor):
        make_post(speaker, party, "minister")
    quote = make_quote(speaker=third)
    edit = change_voice(quote, speaker=gone, actor=None, editor=lead)
    assert edit
    merge(gone, survivor, editor=lead)
    take_back_edit(edit)
    quote.refresh_from_db()
    assert (quote.speaker, quote.actor) == (third, None)


def test_an_edit_on_a_page_opened_before_a_merge_goes_to_the_survivor(lead):
    gone, survivor = make_speaker("H. Holt"), make_speaker("Hari Holt")
    quote = make_quote()
    merge(Speaker.objects.get(pk=gone.pk), survivor, editor=lead)
    change_voice(quote, speaker=gone, actor=None, editor=lead)
    quote.refresh_from_db()
    assert quote.speaker == survivor


# -- Later imports ---------------------------------------------------------------------------------


def found(identities: Identities, name: str, actor_type: str = "unknown") -> Actor:
    identities.begin()
    actor = identities.party(Voice(None, actor=name, actor_type=actor_type), evidence="").actor
    assert actor
    return actor


def test_an_import_finds_merged_renamed_and_aliased_names_even_while_it_runs(lead):
    identities = Identities()
    gone = found(identities, "U.N.", "ngo")
    survivor = make_actor("United Nations", type="intergovernmental", standing="confirmed")
    merge(gone, survivor, editor=lead)
    rename(survivor, "The United Nations", editor=lead)
    add_alias(survivor, "Turtle Bay", editor=lead)
    for name in ("U.N.", "United Nations", "the united nations", "Turtle Bay"):
        assert found(identities, name, "business") == survivor, name
    party = identities.party(Voice(None, actor="U.N.", actor_type="business"), evidence="")
    assert party.actor_type == "intergovernmental"


def test_of_namesakes_the_confirmed_one_is_meant():
    make_actor("Georgia", type="media")
    confirmed = make_actor("Sakartvelo", type="government", standing="confirmed")
    ActorName.objects.create(actor=confirmed, text="Georgia")
    assert found(Identities(), "Georgia", "media") == confirmed


def test_of_speakers_of_one_name_the_confirmed_one_is_meant():
    make_speaker("Ada Orme")
    confirmed = Speaker.objects.create(name="Orme, Ada", slug="orme", standing="confirmed")
    SpeakerName.objects.create(speaker=confirmed, text="Ada Orme")
    assert Identities().speaker("ada orme") == confirmed


# -- At once ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_leads_who_merge_crosswise_make_no_circle():
    lead = make_user("lead")
    for _ in range(4):
        one, two = make_speaker(), make_speaker()
        for speaker in (one, two):
            for _ in range(3):
                make_quote(speaker=speaker)
        outcomes: list[str] = []
        ready = threading.Barrier(2)

        def bring(gone: Speaker, survivor: Speaker) -> None:
            try:
                ready.wait()  # noqa: B023
                merge(gone, survivor, editor=lead)
                outcomes.append("merged")  # noqa: B023
            except Refused as refusal:
                outcomes.append(str(refusal))  # noqa: B023
            finally:
                connection.close()

        threads = [threading.Thread(target=bring, args=pair) for pair in ((one, two), (two, one))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(each == "merged" for each in outcomes) == [False, True]
        merged = Speaker.objects.filter(pk__in=[one.pk, two.pk], merged_into__isnull=False)
        assert merged.count() == 1
        assert Quote.objects.filter(speaker=merged.get().current).count() == 6


@pytest.mark.django_db(transaction=True)
def test_readers_do_not_wait_for_a_merge():
    gone, survivor = make_speaker(), make_speaker()
    make_quote(speaker=gone)
    counts: list[int] = []

    def read() -> None:
        try:
            counts.append(Quote.objects.filter(speaker=gone).count())
        finally:
            connection.close()

    with transaction.atomic():
        merge(gone, survivor, editor=None)
        thread = threading.Thread(target=read)
        thread.start()
        thread.join(timeout=10)
    assert counts == [1]


@pytest.mark.django_db(transaction=True)
def test_an_import_waits_for_a_merge_and_then_means_the_survivor():
    gone, survivor = make_actor("U.N."), make_actor("United Nations")
    identities, got = Identities(), []
    with transaction.atomic():
        assert found(identities, "U.N.") == gone

    def store() -> None:
        try:
            with transaction.atomic():
                got.append(found(identities, "U.N."))
        finally:
            connection.close()

    thread = threading.Thread(target=store)
    with transaction.atomic():
        merge(gone, survivor, editor=None)
        thread.start()
        wait_until_one_waits()
        assert got == []
    thread.join(timeout=10)
    assert got == [survivor]
