"""A quote's page, and an editor's judgement from it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from statements.citing import apa, bibtex, chicago
from statements.labelling import record_label, update_stance
from statements.models import Quote, StanceLabel, Suggestion
from statements.models.issues import publish_guideline
from statements.models.quotes import JointVoice
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


def make_suggestion(quote, issue, label="opposes", **fields):
    fields.setdefault("confidence", 0.81)
    fields.setdefault("evidence", ["flatly reject"])
    fields.setdefault("method", "test")
    suggestion = Suggestion.objects.create(quote=quote, issue=issue, label=label, **fields)
    update_stance(quote, issue)
    return suggestion


def test_the_page_shows_words_context_voices_and_place(client):
    speaker = make_speaker("Ada Orme")
    quote = make_quote(
        "We reject it",
        actor=make_actor("Government of Varonia", type="government"),
        speaker=speaker,
        role="water minister",
        before="It was a long day.",
        after="Nobody replied.",
    )
    other = make_actor("River Watch", type="ngo")
    JointVoice.objects.create(quote=quote, ordinal=1, actor=other, actor_type="ngo")
    page = client.get(quote.get_absolute_url()).text
    for words in (
        "We reject it",
        "It was a long day.",
        "Nobody replied.",
        "water minister",
        "River Watch",
        speaker.get_absolute_url(),
        other.get_absolute_url(),
        quote.place_url,
    ):
        assert words in page


def test_parts_are_joined_by_an_ellipsis(client):
    article = make_article("“We object,” he said, “to all of it.”")
    quote = make_quote("We object", article=article)
    start = article.text.index("to all of it")
    quote.parts.create(ordinal=1, start=start, end=start + 12, content="to all of it")
    page = client.get(quote.get_absolute_url()).text
    assert 'We object <span class="said-gap">…</span> to all of it”' in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"candidates": ["Ada", "Berta"]}, "between Ada and Berta"),
        ({}, "the text does not say who spoke"),
        ({"attribution": "provisional", "basis": "unnamed"}, "not confirmed by an editor"),
        ({"attribution": "stated"}, "Stated in the text"),
        ({"attribution": "confirmed"}, "Confirmed by an editor"),
    ],
)
def test_the_page_says_how_sure_the_speaker_is(client, fields, words):
    assert words in client.get(make_quote(**fields).get_absolute_url()).text


def test_a_pronoun_is_named_as_what_the_speaker_was_found_from(client):
    article = make_article("“We reject it,” he said.")
    start = article.text.index("he said")
    quote = make_quote(
        "We reject it",
        article=article,
        attribution=Quote.Attribution.PROVISIONAL,
        basis="pronoun",
        source="he",
        source_start=start,
        source_end=start + 2,
    )
    assert "found from “he”" in client.get(quote.get_absolute_url()).text


def test_the_page_cites_the_quote_in_three_styles(client):
    article = make_article("“We reject it,” he said.", title="Dam contested", byline="Bo Ek")
    quote = make_quote("We reject it", article=article, speaker=make_speaker("Ada Orme"))
    response = client.get(quote.get_absolute_url())
    address = f"http://testserver{quote.get_absolute_url()}"
    assert [each.text for each in response.context["citations"]] == [
        apa(quote, address),
        chicago(quote, address),
        bibtex(quote, address),
    ]
    for words in ("Ek, B. (2024, January 1).", "Ek, Bo. “Dam contested.”", "author = {Ek, Bo}"):
        assert words in response.text


def test_the_page_names_its_permanent_address(client):
    quote = make_quote("We reject it")
    page = client.get(f"{quote.get_absolute_url()}?issue=some-issue").text
    address = f"http://testserver{quote.get_absolute_url()}"
    assert f'<link rel="canonical" href="{address}">' in page
    assert f'<meta property="og:url" content="{address}">' in page
    assert '<meta property="og:description" content="We reject it">' in page
    assert '<meta name="description" content="We reject it">' in page


def test_each_issue_has_its_stance_and_the_history_of_its_labels_newest_first(client):
    quote, issue, editor = make_quote(), make_issue(), make_user("editor", username="dora")
    publish_guideline(issue, "Read closely.")
    issue.refresh_from_db()
    record_label(quote=quote, issue=issue, editor=editor, label="supports", note="At first sight.")
    record_label(quote=quote, issue=issue, editor=editor, label="mixed", is_sure=False)
    response = client.get(quote.get_absolute_url())
    (found,) = response.context["issue_stances"]
    assert [label.label for label in found.labels] == ["mixed", "supports"]
    for words in ("One editor", "dora", "unsure", "superseded", "At first sight.", "guideline 1"):
        assert words in response.text


def test_a_suggestion_shows_its_confidence_and_evidence_and_is_never_chosen(client):
    quote, issue = make_quote(), make_issue()
    make_suggestion(quote, issue)
    client.force_login(make_user("editor"))
    page = client.get(quote.get_absolute_url()).text
    assert "Suggested <b>Opposes</b> (0.81) because of <b>“flatly reject”</b>" in page
    assert "aria-pressed" not in page
    assert "checked" not in page


def test_an_abstention_says_why(client):
    quote = make_quote()
    make_suggestion(quote, make_issue(), label="", reason="it only asks")
    assert "No suggestion: it only asks." in client.get(quote.get_absolute_url()).text


def test_readers_get_no_form_and_cannot_label(client):
    quote, issue = make_quote(), make_issue()
    assert "Your judgement" not in client.get(quote.get_absolute_url()).text
    address = reverse("statements:label_quote", args=[quote.uuid])
    answer = client.post(address, {"issue": issue.slug, "label": "supports"})
    assert answer.headers["Location"].startswith("/accounts/login/")
    client.force_login(make_user())
    assert client.post(address, {"issue": issue.slug, "label": "supports"}).status_code == 403
    assert not StanceLabel.objects.exists()


def test_labelling_saves_and_returns_to_the_quote(client):
    quote, issue, editor = make_quote(), make_issue(), make_user("editor")
    client.force_login(editor)
    response = client.post(
        reverse("statements:label_quote", args=[quote.uuid]),
        {"issue": issue.slug, "label": "opposes", "unsure": "on", "note": "Hedged."},
        follow=True,
    )
    assert response.redirect_chain == [(f"{quote.get_absolute_url()}#stances", 302)]
    assert f"Saved: Opposes on {issue.title}." in response.text
    label = StanceLabel.objects.get()
    assert (label.editor, label.label, label.is_sure, label.note) == (
        editor,
        "opposes",
        False,
        "Hedged.",
    )


def test_labelling_by_htmx_answers_with_the_stances_alone(client):
    quote, issue = make_quote(), make_issue()
    client.force_login(make_user("editor"))
    response = client.post(
        reverse("statements:label_quote", args=[quote.uuid]),
        {"issue": issue.slug, "label": "supports"},
        headers=HTMX,
    )
    assert response.status_code == 200
    assert "<html" not in response.text
    assert 'id="stances"' in response.text
    assert "Saved: Supports" in response.text
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"label": "supports"}, "Choose the issue"),
        ({"issue": "ISSUE"}, "Choose one of the five answers."),
        ({"issue": "ISSUE", "label": "loves"}, "Choose one of the five answers."),
        ({"issue": "no-such", "label": "supports"}, "Select a valid choice"),
        ({"issue": "ISSUE", "label": "supports", "note": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_a_judgement_that_says_too_little_comes_back(client, headers, sent, words):
    quote = make_quote()
    make_issue(slug="ISSUE")
    client.force_login(make_user("editor"))
    address = reverse("statements:label_quote", args=[quote.uuid])
    response = client.post(address, sent, headers=headers)
    assert response.status_code == 422
    assert words in response.text
    assert ("<html" in response.text) is (not headers)
    assert not StanceLabel.objects.exists()


def test_a_label_keeps_the_suggestion_that_was_on_screen_for_its_issue(client):
    quote, issue, other = make_quote(), make_issue(), make_issue()
    shown = make_suggestion(quote, issue)
    elsewhere = make_suggestion(quote, other)
    client.force_login(make_user("editor"))
    client.post(
        reverse("statements:label_quote", args=[quote.uuid]),
        {"issue": issue.slug, "label": "opposes", "shown": [shown.pk, elsewhere.pk]},
    )
    assert StanceLabel.objects.get().suggestion_shown == shown


def test_a_suggestion_of_another_quote_cannot_have_been_shown(client):
    quote, issue = make_quote(), make_issue()
    foreign = make_suggestion(make_quote(), issue)
    client.force_login(make_user("editor"))
    response = client.post(
        reverse("statements:label_quote", args=[quote.uuid]),
        {"issue": issue.slug, "label": "opposes", "shown": [foreign.pk]},
    )
    assert response.status_code == 422


@pytest.mark.parametrize("fields", [{"state": "rejected"}, {"act": "other"}])
def test_what_is_no_quote_has_no_page(client, fields):
    quote = make_quote(**fields)
    assert client.get(quote.get_absolute_url()).status_code == 404
    client.force_login(make_user("editor"))
    address = reverse("statements:label_quote", args=[quote.uuid])
    assert client.post(address, {}).status_code == 404


def test_a_quote_costs_the_same_for_any_number_of_labels(client, django_assert_num_queries):
    quote, editors = make_quote(), [make_user("editor") for _ in range(3)]
    for _ in range(4):
        issue = make_issue()
        make_suggestion(quote, issue)
        for editor in editors:
            record_label(quote=quote, issue=issue, editor=editor, label="supports")
    with django_assert_num_queries(10):
        client.get(quote.get_absolute_url())
