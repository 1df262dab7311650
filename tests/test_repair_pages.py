"""The pages for repairing a quote, in the annotator and by themselves."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from statements.labelling import record_label
from statements.models import Affiliation, JointVoice, Quote, QuoteEdit, QuotePart, Speaker
from statements.queueing import add_to_queue
from statements.repairing import change_state, latest_edit, repair_words
from tests.factories import (
    make_actor,
    make_article,
    make_issue,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
TEXT = "“We back the\nplan,” Ana Ruiz said. “The dam is bad,” she said. “The dam is bad.”"


@pytest.fixture
def editor(client):
    user = make_user("editor")
    client.force_login(user)
    return user


@pytest.fixture
def issue():
    return make_issue(slug="dam", terms=["dam"])


@pytest.fixture
def quote():
    return make_quote("The dam is bad", article=make_article(TEXT), confidence=0.3)


def address(quote: Quote, what: str) -> str:
    return reverse(f"statements:quote_{what}", args=[quote.uuid])


def queue(issue) -> str:
    return reverse("statements:annotate", args=[issue.slug])


@pytest.mark.parametrize("what", ["voice", "words", "state"])
def test_only_those_who_may_change_quotes_repair_them(client, quote, what):
    path = address(quote, what)
    assert client.post(path).headers["Location"].startswith("/accounts/login/")
    client.force_login(make_user())
    assert client.post(path, {"who": "nobody", "part": "bad"}).status_code == 403
    assert not QuoteEdit.objects.exists()
    page = client.get(quote.get_absolute_url()).text
    assert "Wrong words?" not in page
    assert "Edits" not in page


# -- Words ----------------------------------------------------------------------------------------


def test_words_are_saved_near_the_place_they_were_at(client, editor, quote):
    second = TEXT.rindex("The dam is bad")
    sent = {"part": "The dam\r\n is bad", "near": second}
    response = client.post(address(quote, "words"), sent, follow=True)
    assert response.redirect_chain == [(quote.get_absolute_url(), 302)]
    assert "Words changed." in response.text
    quote.refresh_from_db()
    assert (quote.start, quote.confidence) == (second, 1.0)
    # Without a place the quote's own counts.
    client.post(address(quote, "words"), {"part": "The dam"})
    quote.refresh_from_db()
    assert (quote.start, quote.content) == (second, "The dam")


def test_words_across_lines_come_back_from_a_browser_as_they_were(client, editor):
    quote = make_quote("We back the\nplan,", article=make_article(TEXT))
    page = client.get(address(quote, "words"))
    assert page.context["parts"] == [("We back the\nplan,", quote.start)]
    client.post(address(quote, "words"), {"part": "We back the\r\nplan,"})
    quote.refresh_from_db()
    assert (quote.content, quote.confidence) == ("We back the\nplan", 1.0)


def test_an_emptied_part_is_dropped_and_another_may_be_added(client, editor, quote):
    start = TEXT.index("We back")
    QuotePart.objects.create(quote=quote, ordinal=1, start=start, end=start + 7, content="We back")
    client.post(address(quote, "words"), {"part": ["The dam is bad", " \r\n", "Ana Ruiz", ""]})
    quote.refresh_from_db()
    assert [part.content for part in quote.parts.all()] == ["Ana Ruiz", "The dam is bad"]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([], "Keep at least one word"),
        (["", " "], "Keep at least one word"),
        (["The dyke is <bad>"], "The article does not say “The dyke is &lt;bad&gt;”"),
        (["The dam", "dam is bad"], "The parts overlap"),
        (["\0(?=.*x)"], "The article does not say"),
    ],
)
def test_unusable_words_come_back_with_the_reason(client, editor, quote, headers, parts, why):
    response = client.post(address(quote, "words"), {"part": parts}, headers=headers)
    assert response.status_code == 422
    assert why in response.text
    assert ("<html" in response.text) == (not headers)
    assert not QuoteEdit.objects.exists()


def test_a_quote_in_the_way_is_named(client, editor, quote):
    other = make_quote("We back the\nplan,", article=quote.article)
    response = client.post(address(quote, "words"), {"part": "We back the plan,"})
    assert other.get_absolute_url() in response.text


def test_a_cue_that_became_part_of_the_quote_is_not_told_twice(client, editor, issue):
    quote = make_quote("Ana said so", article=make_article("Ana said so"), kind="indirect")
    Quote.objects.update(cue="said", cue_start=4, cue_end=8)
    Quote.objects.update(source="Ana", source_start=0, source_end=3)
    page = client.get(queue(issue), {"quote": quote.uuid}).text
    assert '<blockquote class="said">Ana said so</blockquote>' in page


@pytest.mark.parametrize("place", ["", "x", "-5", "99999999999999999999", "²"])
def test_a_nonsensical_place_is_no_place(client, editor, quote, place):
    sent = {"part": "The dam", "near": place, "seen": place}
    assert client.post(address(quote, "words"), sent).status_code == 302


def test_a_form_that_was_overtaken_says_so_once(client, editor, quote):
    seen = client.get(address(quote, "words")).context["seen"]
    other = make_user("editor")
    repair_words(quote, [(quote.start, quote.start + 7)], editor=other)
    sent = {"part": "dam is bad", "seen": seen}
    response = client.post(address(quote, "words"), sent)
    assert response.status_code == 422
    assert f"{other} has changed the same" in response.text
    sent["seen"] = response.context["seen"]
    assert client.post(address(quote, "words"), sent).status_code == 302


# -- Speaker --------------------------------------------------------------------------------------


def test_names_come_as_they_are_typed(client, editor, quote):
    make_speaker("Ana Ruiz")
    response = client.get(address(quote, "voice"), {"q": "rui"}, headers=HTMX)
    assert response.text.lstrip().startswith('<div class="voices"')
    assert 'value="speaker:ana-ruiz"' in response.text
    assert 'value="new:rui"' in response.text
    page = client.get(address(quote, "voice"), {"q": "ANA  ruiz"}).text
    assert "<html" in page
    # Somebody of exactly that name is there: nobody is made twice.
    assert "new person" not in page


def test_choosing_gives_the_quote_to_the_person_with_their_post(client, editor, quote):
    speaker, actor = make_speaker("Ana Ruiz"), make_actor("Dam Board", type="business")
    Affiliation.objects.create(speaker=speaker, actor=actor, post="chair")
    response = client.post(address(quote, "voice"), {"who": "speaker:ana-ruiz"}, follow=True)
    assert "Speaker changed: Ana Ruiz." in response.text
    quote.refresh_from_db()
    assert (quote.speaker, quote.actor, quote.role) == (speaker, actor, "chair")


def test_a_new_person_sent_twice_is_one_person(client, editor, quote):
    for _ in range(2):
        client.post(address(quote, "voice"), {"who": "new:Ana  Ruiz"})
    assert Speaker.objects.get() == Quote.objects.get().speaker
    assert QuoteEdit.objects.count() == 1


@pytest.mark.parametrize("who", ["", "new:", "new:?", "new:\0", "speaker:x", "actor:", "x", "\0"])
def test_an_impossible_choice_keeps_the_quote(client, editor, quote, who):
    response = client.post(address(quote, "voice"), {"who": who, "q": "ana\0"}, headers=HTMX)
    assert response.status_code == 422
    assert "Choose one of the names" in response.text
    assert not QuoteEdit.objects.exists()
    assert not Speaker.objects.exists()


@pytest.mark.parametrize(
    ("who", "keep", "person", "party"),
    [
        ("speaker:bo-lind", "party", "Bo Lind", "Dam Board"),
        ("speaker:bo-lind", "", "Bo Lind", None),
        ("actor:river-league", "person", "Ana Ruiz", "River League"),
        ("actor:river-league", "", None, "River League"),
        ("nobody", "party", None, None),
    ],
)
def test_person_or_party_may_be_changed_alone(client, editor, quote, who, keep, person, party):
    make_speaker("Bo Lind")
    make_actor("River League")
    Quote.objects.update(speaker=make_speaker("Ana Ruiz"), actor=make_actor("Dam Board"))
    client.post(address(quote, "voice"), {"who": who, "keep": keep})
    quote = Quote.objects.get()
    assert (quote.speaker and quote.speaker.name) == person
    assert (quote.actor and quote.actor.name) == party


def test_of_joint_voices_the_one_that_is_meant_is_changed(client, editor, quote):
    Quote.objects.update(actor=make_actor("Alpha"))
    JointVoice.objects.create(quote=quote, ordinal=1, actor=make_actor("Beta"))
    make_actor("Gamma")
    assert "Said together" in client.get(address(quote, "voice")).text
    client.post(address(quote, "voice"), {"who": "actor:gamma", "place": "1"})
    assert [voice.name for voice in Quote.objects.get().voices] == ["Alpha", "Gamma"]
    response = client.post(address(quote, "voice"), {"who": "nobody", "place": "7"})
    assert response.status_code == 422


# -- In the annotator -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "sent"), [("words", {"part": "dam"}), ("voice", {"who": "new:Bo"})]
)
def test_the_queue_stays_at_the_quote_that_was_repaired(client, editor, quote, issue, what, sent):
    add_to_queue(issue, quote)
    path = f"{address(quote, what)}?issue={issue.slug}"
    assert 'hx-target="#repair"' in client.get(path, headers=HTMX).text
    assert 'hx-target="#repair"' not in client.get(path).text
    response = client.post(path, {**sent, "issue": issue.slug}, headers=HTMX)
    place = json.loads(response.headers["HX-Location"])
    assert place["path"] == f"{queue(issue)}?quote={quote.uuid}"
    assert place["target"] == "#work"
    page = client.get(place["path"], headers=HTMX)
    assert page.context["quote"] == quote
    assert page.context["to_undo"].edit == QuoteEdit.objects.get(issue=issue)


def test_without_javascript_the_queue_is_where_one_comes_back_to(client, editor, quote, issue):
    sent = {"part": "dam", "issue": issue.slug}
    response = client.post(address(quote, "words"), sent, follow=True)
    assert response.redirect_chain == [(f"{queue(issue)}?quote={quote.uuid}", 302)]
    assert "Words changed" in response.text
    response = client.post(reverse("statements:annotate_undo", args=[issue.slug]), follow=True)
    assert "Taken back: words changed." in response.text
    reject = reverse("statements:annotate_reject", args=[issue.slug])
    assert "Marked as not a quote." in client.post(reject, {"quote": quote.uuid}, follow=True).text


@pytest.mark.parametrize("slug", ["no-such-issue", "", "\0", "x" * 5000])
def test_an_unknown_issue_leads_to_the_quotes_page(client, editor, quote, slug):
    sent = {"part": "dam", "issue": slug}
    assert client.get(address(quote, "words"), {"issue": slug}).status_code == 200
    assert (
        client.post(address(quote, "words"), sent).headers["Location"] == quote.get_absolute_url()
    )
    response = client.post(address(quote, "voice"), {"who": "nobody", "issue": slug}, headers=HTMX)
    assert response.status_code == 200


def test_what_was_rejected_meanwhile_is_told_and_the_next_comes(client, editor, quote, issue):
    following = add_to_queue(issue, make_quote("The dam is good")).quote
    add_to_queue(issue, quote)
    record_label(quote=quote, issue=issue, editor=editor, label="opposes")
    change_state(quote, "rejected", editor=make_user("editor"))
    response = client.get(queue(issue), {"quote": quote.uuid})
    assert response.context["quote"] == following
    assert "marked as not a quote" in response.text
    assert client.get(queue(issue), {"after": quote.uuid}).context["quote"] == following
    reject = reverse("statements:annotate_reject", args=[issue.slug])
    response = client.post(reject, {"quote": quote.uuid}, headers=HTMX)
    assert "It was marked as not a quote already." in response.text
    undo = reverse("statements:annotate_undo", args=[issue.slug])
    response = client.post(undo, headers=HTMX)
    assert response.context["quote"] == following
    assert "Its quote was marked as not a quote since" in response.text


def test_the_history_of_steps_leads_to_what_was_rejected(client, editor, quote, issue):
    change_state(quote, "rejected", editor=editor, issue=issue)
    page = client.get(reverse("statements:annotate_history", args=[issue.slug])).text
    assert "Marked as not a quote" in page
    assert f'href="{quote.get_absolute_url()}"' in page


# -- On the quote's page --------------------------------------------------------------------------


def test_editors_find_the_repairs_and_their_history_on_the_quotes_page(client, editor, quote):
    page = client.get(quote.get_absolute_url()).text
    for words in ("Wrong words?", "Wrong speaker?", "Not a quote"):
        assert words in page
    assert "Nobody has changed it" in page
    client.post(address(quote, "words"), {"part": "dam is bad"})
    page = client.get(quote.get_absolute_url()).text
    assert "Words changed" in page
    assert "<b>The </b>" in page
    client.force_login(make_user())
    assert "Words changed" not in client.get(quote.get_absolute_url()).text


def test_what_is_not_a_quote_is_shown_to_editors_with_the_way_back(client, editor, quote):
    response = client.post(address(quote, "state"), {"state": "rejected"}, follow=True)
    assert response.redirect_chain == [(quote.get_absolute_url(), 302)]
    assert "It is not a quote" in response.text
    assert "Your judgement" not in response.text
    assert client.get(address(quote, "words")).status_code == 200
    client.logout()
    assert client.get(quote.get_absolute_url()).status_code == 404
    client.force_login(editor)
    response = client.post(address(quote, "state"), {"state": "quote"}, follow=True)
    assert "It is a quote again" in response.text
    assert Quote.objects.get().state == "proposed"


def test_any_editor_takes_the_last_change_back(client, editor, quote):
    edit = repair_words(quote, [(quote.start, quote.start + 7)], editor=make_user("editor"))
    assert edit
    path = reverse("statements:quote_edit_undo", args=[quote.uuid, edit.pk])
    assert path in client.get(quote.get_absolute_url()).text
    assert "Taken back: words changed." in client.post(path, follow=True).text
    assert Quote.objects.get().content == "The dam is bad"
    assert QuoteEdit.objects.get(undoes=edit).editor == editor
    assert "This was taken back already." in client.post(path, follow=True).text
    assert latest_edit(quote) != edit.pk


def test_edits_of_other_quotes_are_not_taken_back_here(client, editor, quote):
    other = make_quote()
    edit = change_state(other, "rejected", editor=editor)
    assert edit
    for pk in (edit.pk, 10**30):
        path = reverse("statements:quote_edit_undo", args=[quote.uuid, pk])
        assert client.post(path).status_code == 404


def test_the_page_of_a_much_repaired_quote_costs_the_same(
    client, editor, quote, django_assert_max_num_queries
):
    for end in range(4, 14):
        repair_words(quote, [(quote.start, quote.start + end)], editor=make_user("editor"))
    with django_assert_max_num_queries(32):
        client.get(quote.get_absolute_url())
