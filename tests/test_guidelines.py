"""Every version of a guideline, and what changed between two."""

from __future__ import annotations

import pytest
from django.urls import reverse

from statements.labelling import record_label
from statements.models.issues import publish_guideline
from statements.revisions import changes
from tests.factories import make_issue, make_quote, make_user

pytestmark = pytest.mark.django_db


def told(before: str, after: str) -> list[str]:
    """Each change as "+ line" or "- line", with what is marked in it in brackets."""
    return [
        ("+ " if change.kind == "added" else "- ")
        + "".join(f"[{each.text}]" if each.is_changed else each.text for each in change.words)
        for change in changes(before, after)
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Same.", "Same.", []),
        ("One.\n\nTwo.", "One.\nTwo.\n", []),
        ("One.", "One.\n\nAnd two.", ["+ And two."]),
        ("One.\n\nTwo.", "Two.", ["- One."]),
        (
            "Judge the speaker alone.",
            "Judge the speaker first.",
            ["- Judge the speaker [alone.]", "+ Judge the speaker [first.]"],
        ),
        ("Judge.", "Nothing alike here.", ["- Judge.", "+ Nothing alike here."]),
        (
            "An old line that goes.\nJudge the speaker and not the mood.",
            "Judge the speaker and not the tone.",
            [
                "- An old line that goes.",
                "- Judge the speaker and not the [mood.]",
                "+ Judge the speaker and not the [tone.]",
            ],
        ),
        (
            "Judge the speaker and not the mood.",
            "A new line that came.\nJudge the speaker and not the tone.",
            [
                "+ A new line that came.",
                "- Judge the speaker and not the [mood.]",
                "+ Judge the speaker and not the [tone.]",
            ],
        ),
    ],
)
def test_changes_are_told_by_line_with_the_new_words_marked(before, after, expected):
    assert told(before, after) == expected


@pytest.fixture
def issue():
    return make_issue(proposition="The dam should be built")


def guidelines(issue) -> str:
    return reverse("statements:guidelines", args=[issue.slug])


def test_versions_come_newest_first_with_who_when_and_how_many_labels(client, issue):
    lead, editors = make_user("lead", username="lena"), [make_user("editor") for _ in range(3)]
    quote = make_quote()
    record_label(quote=make_quote(), issue=issue, editor=editors[0], label="neutral")
    publish_guideline(issue, "Judge the speaker alone.")
    for editor in editors:
        record_label(quote=quote, issue=issue, editor=editor, label="supports")
    second = publish_guideline(issue, "Judge the speaker first.", by=lead)
    record_label(quote=quote, issue=issue, editor=editors[0], label="opposes")
    response = client.get(guidelines(issue))
    assert [(each.guideline.number, each.label_count) for each in response.context["versions"]] == [
        (2, 1),
        (1, 2),
    ]
    for words in (
        "The dam should be built",
        "Version 2, in force",
        "by lena",
        second.published_at.strftime("%H:%M"),
        "1 current label made under it",
        "2 current labels made under it",
        "1 current label was made without a guideline",
        "Changed since version 1",
    ):
        assert words in response.text


def test_what_changed_can_be_told_without_colour(client, issue):
    publish_guideline(issue, "Judge the speaker alone.")
    publish_guideline(issue, "Judge the speaker first.")
    page = client.get(guidelines(issue)).text
    assert (
        '<del class="change change-removed"><span class="change-sign" aria-hidden="true">−' in page
    )
    assert '<ins class="change change-added"><span class="change-sign" aria-hidden="true">+' in page
    assert "Removed: " in page
    assert "Added: " in page
    assert "<b>first.</b>" in page
    assert "style=" not in page


def test_only_leads_are_led_to_write_another_version(client, issue):
    assert "the first version" not in client.get(guidelines(issue)).text
    assert "No guideline has been published" in client.get(guidelines(issue)).text
    client.force_login(make_user("lead"))
    assert "Write the first version" in client.get(guidelines(issue)).text
    publish_guideline(issue, "Judge.")
    assert "Write another version" in client.get(guidelines(issue)).text


def test_an_unknown_issue_has_none(client):
    assert client.get("/issues/none/guidelines/").status_code == 404


def test_the_page_costs_the_same_for_any_number_of_versions(
    client, issue, django_assert_num_queries
):
    for n in range(6):
        publish_guideline(issue, f"Version {n}.")
        record_label(quote=make_quote(), issue=issue, editor=make_user("editor"), label="mixed")
    with django_assert_num_queries(3):
        client.get(guidelines(issue))


def test_a_label_made_under_an_older_guideline_is_marked_on_its_quote(client, issue):
    quote, other = make_quote(), make_issue()
    publish_guideline(issue, "First.")
    publish_guideline(other, "Other.")
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="supports")
    record_label(quote=quote, issue=other, editor=make_user("editor"), label="supports")
    assert "since replaced" not in client.get(quote.get_absolute_url()).text
    publish_guideline(issue, "Second.")
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="supports")
    page = client.get(quote.get_absolute_url()).text
    assert page.count("since replaced") == 1
    assert "guideline 1, since replaced" in page
    assert "guideline 2<" in page
