"""Review: agreement, disagreements, and a lead's decisions; who may see and do what."""

from __future__ import annotations

import pytest
from django.urls import reverse

from statements.disputes import Dispute
from statements.labelling import adjudicate, latest_seen, record_label
from statements.models import Issue, Quote, Stance, StanceLabel, Suggestion
from statements.models.issues import publish_guideline
from statements.views import review
from tests.factories import (
    make_actor,
    make_article,
    make_double,
    make_issue,
    make_outlet,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def issue() -> Issue:
    return make_issue(slug="dam", title="Dam", proposition="The dam should be built")


@pytest.fixture
def editors():
    return [make_user("editor", username=name) for name in ("ann", "bob")]


@pytest.fixture
def lead(client):
    user = make_user("lead", username="lea")
    client.force_login(user)
    return user


@pytest.fixture
def judge(issue, editors):
    """Have both editors judge a quote blind, or as many as there are labels."""

    def _judge(*labels: str, quote: Quote | None = None, **fields) -> Quote:
        item = make_double(issue, quote)
        for editor, label in zip(editors, labels, strict=False):
            record_label(quote=item.quote, issue=issue, editor=editor, label=label, **fields)
        return item.quote

    return _judge


def address(issue) -> str:
    return reverse("statements:review", args=[issue.slug])


def decide(client, issue, quote, headers=None, **sent):
    sent.setdefault("seen", latest_seen(quote, issue))
    sent.setdefault("label", "opposes")
    sent.setdefault("reason", "The denial is explicit.")
    return client.post(
        reverse("statements:adjudicate", args=[issue.slug]),
        {"quote": quote.uuid, **{key: value for key, value in sent.items() if value is not None}},
        headers=headers or {},
    )


def stance(quote) -> tuple[str, str]:
    return Stance.objects.values_list("label", "standing").get(quote=quote)


# ---- Who may ------------------------------------------------------------------------------------


def test_visitors_sign_in_and_readers_are_refused(client, issue, judge):
    quote = judge("supports", "opposes")
    for path in ("/review/", address(issue)):
        assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"
    assert decide(client, issue, quote).headers["Location"].startswith("/accounts/login/")
    client.force_login(make_user())
    for path in ("/review/", address(issue)):
        assert client.get(path).status_code == 403
    assert decide(client, issue, quote).status_code == 403


def test_editors_read_and_leads_decide(client, issue, editors, judge):
    quote = judge("supports", "opposes")
    client.force_login(editors[0])
    page = client.get(address(issue))
    assert [each.quote for each in page.context["waiting"]] == [quote]
    assert '<form class="stack-tight decide' not in page.text
    assert decide(client, issue, quote).status_code == 403
    assert stance(quote) == ("", "disputed")
    client.force_login(make_user("lead"))
    assert '<form class="stack-tight decide' in client.get(address(issue)).text
    assert decide(client, issue, quote).status_code == 302
    assert stance(quote) == ("opposes", "adjudicated")


def test_only_those_who_may_have_the_link(client, editors):
    assert "Review</a>" not in client.get("/").text
    client.force_login(make_user())
    assert "Review</a>" not in client.get("/").text
    client.force_login(editors[0])
    assert "Review</a>" in client.get("/").text


# ---- What the pages show ------------------------------------------------------------------------


def test_the_index_has_alpha_quotes_and_open_disagreements(client, lead, issue, judge):
    for label in ("supports", "opposes") * 5:
        judge(label, label)
    judge("mixed", "neutral")
    make_issue(title="Empty")
    rows = client.get("/review/").context["rows"]
    dam, empty = rows
    assert (dam["issue"], dam["reliability"].quotes, dam["open"]) == (issue, 11, 1)
    assert round(dam["reliability"].alpha, 2) == 0.85
    assert (empty["reliability"].quotes, empty["reliability"].alpha, empty["open"]) == (0, None, 0)


def test_without_issues_the_index_says_so(client, lead):
    assert "No issue has been written yet" in client.get("/review/").text


def test_under_ten_quotes_only_their_number_is_told(client, lead, issue, judge):
    for _ in range(7):
        judge("supports", "opposes")
    page = client.get(address(issue)).text
    assert "α needs 10 quotes judged by two editors; there are 7." in page
    assert "α =" not in page
    assert "confused" not in page
    assert "Hardest" not in page


def test_agreement_is_one_sentence_with_its_interval_reading_and_guideline(
    client, lead, issue, judge
):
    publish_guideline(issue, "Judge the speaker.")
    issue.refresh_from_db()
    for label in ("supports", "opposes") * 6:
        judge(label, label)
    judge("mixed", "neutral")
    page = " ".join(client.get(address(issue)).text.split())
    assert "Two editors judged 13 quotes blind and agree on 12 (92 %); α = 0.87, " in page
    assert "95&nbsp;% interval" in page
    assert "<b>Reliable.</b>" in page
    assert "under guideline version 1" in page
    assert "ann and bob" in page
    assert "Hardest quotes" in page


def test_a_disagreement_shows_sentence_source_and_what_each_editor_said(
    client, lead, issue, editors
):
    publish_guideline(issue, "Judge the speaker.")
    issue.refresh_from_db()
    article = make_article(
        "Dam contested\n\nIt rained. “We reject it,” Ada Orme said. Nobody replied.",
        title="Dam contested",
        outlet=make_outlet("The Herald"),
    )
    quote = make_quote(
        "We reject it",
        article=article,
        speaker=make_speaker("Ada Orme"),
        actor=make_actor("River Watch"),
        before="It rained.",
        after="Nobody replied.",
    )
    ann, bob = editors
    shown = Suggestion.objects.create(quote=quote, issue=issue, label="opposes", method="test")
    record_label(
        quote=quote, issue=issue, editor=ann, label="opposes", note="Plain.", suggestion_shown=shown
    )
    record_label(quote=quote, issue=issue, editor=bob, label="neutral", is_sure=False)
    response = client.get(address(issue))
    (dispute,) = response.context["waiting"]
    assert [text for text, _ in dispute.sentence] == [
        " “",
        "We reject it",
        ",” Ada Orme said. ",
    ]
    for words in (
        '<mark class="q">We reject it</mark>',
        "Ada Orme said.",
        "River Watch",
        "Dam contested",
        "The Herald",
        "<b>ann</b>, sure",
        "<b>bob</b>, unsure",
        "Plain.",
        "guideline 1",
        "saw the suggestion “Opposes”",
        "no suggestion shown",
    ):
        assert words in response.text


def test_a_sentence_ends_with_its_paragraph_where_nothing_comes_before_or_after():
    article = make_article("Head\n\n“We go,” he said.\n\nMore.")
    dispute = Dispute(make_quote("We go", article=article))
    assert dispute.sentence == [("“", False), ("We go", True), (",” he said.", False)]


def test_long_lists_come_in_parts(client, lead, issue, judge, monkeypatch):
    monkeypatch.setattr(review, "OPEN", 2)
    monkeypatch.setattr(review, "DECIDED", 1)
    quotes = [judge("supports", "opposes") for _ in range(5)]
    for quote in quotes[3:]:
        decide(client, issue, quote)
    context = client.get(address(issue)).context
    assert [each.quote for each in context["waiting"]] == quotes[:2]
    assert [each.quote for each in context["settled"]] == quotes[4:]
    rest = client.get(address(issue), {"open": context["waiting_after"]}, headers=HTMX)
    assert [each.quote for each in rest.context["waiting"]] == quotes[2:3]
    assert rest.text.strip().startswith('<section class="stack" id="disagreements"')
    older = client.get(address(issue), {"decided": context["settled_after"]}, headers=HTMX)
    assert [each.quote for each in older.context["settled"]] == quotes[3:4]
    assert older.text.strip().startswith('<section class="stack" id="decided"')


def test_the_pages_cost_the_same_for_any_number_of_quotes(
    client, lead, issue, judge, django_assert_num_queries
):
    def fill():
        for _ in range(6):
            judge("supports", "opposes")
            judge("mixed", "mixed", is_sure=False)
            decide(client, issue, judge("neutral", "mixed"))

    fill()
    client.get(address(issue))
    for _ in range(2):
        with django_assert_num_queries(19):
            client.get(address(issue))
        with django_assert_num_queries(8):
            client.get("/review/")
        fill()


# ---- Deciding -----------------------------------------------------------------------------------


def test_a_decision_without_javascript_leads_back_to_it(client, lead, issue, judge):
    quote = judge("supports", "opposes")
    response = decide(client, issue, quote)
    assert response.headers["Location"] == f"{address(issue)}#case-{quote.uuid.hex[:8]}"
    page = client.get(address(issue))
    assert page.context["waiting"] == []
    assert [each.quote for each in page.context["settled"]] == [quote]
    assert "The denial is explicit." in page.text
    assert "Decided: Opposes." in page.text
    label = StanceLabel.objects.get(is_adjudication=True)
    assert (label.editor, label.label, label.is_blind) == (lead, "opposes", False)


def test_a_decision_by_htmx_replaces_the_item_and_brings_the_counts(client, lead, issue, judge):
    quote, _ = judge("supports", "opposes"), judge("supports", "opposes")
    response = decide(client, issue, quote, headers=HTMX)
    assert response.status_code == 200
    assert response.text.strip().startswith(
        f'<li class="card stack-tight dispute" id="case-{quote.uuid.hex[:8]}">'
    )
    assert 'id="review-counts" hx-swap-oob="true"' in response.text
    assert "1 disagreement to decide" in response.text
    assert "1 decided" in response.text
    assert "<html" not in response.text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize(
    ("sent", "words", "kept"),
    [
        ({"reason": "  "}, "Say why", 'value="opposes" required checked'),
        ({"label": None}, "Choose one of the five answers.", "The denial is explicit."),
        ({"label": "loves"}, "Choose one of the five answers.", "The denial is explicit."),
        ({"reason": "x" * 2001}, "at most 2000 characters", "x" * 2001),
    ],
    ids=["no reason", "no label", "no such label", "long reason"],
)
def test_a_decision_that_says_too_little_comes_back_with_its_words(
    client, lead, issue, judge, headers, sent, words, kept
):
    judge("supports", "opposes")
    quote = judge("supports", "opposes")
    response = decide(client, issue, quote, headers=headers, **sent)
    assert response.status_code == 422
    assert words in response.text
    assert kept in response.text
    assert ("<html" in response.text) is (not headers)
    assert stance(quote) == ("", "disputed")


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_decision_on_labels_that_changed_meanwhile_shows_both(
    client, lead, issue, editors, judge, headers
):
    quote = judge("supports", "opposes")
    seen = latest_seen(quote, issue)
    record_label(quote=quote, issue=issue, editor=editors[1], label="supports", note="I misread.")
    response = decide(client, issue, quote, headers=headers, seen=seen)
    assert response.status_code == 422
    assert "The labels changed since you opened this" in response.text
    dispute = response.context["dispute"]
    assert [(each.editor.username, each.label, each.is_current) for each in dispute.labels] == [
        ("bob", "supports", True),
        ("bob", "opposes", False),
        ("ann", "supports", True),
    ]
    assert "I misread." in response.text
    assert "The denial is explicit." in response.text
    assert f'name="seen" value="{latest_seen(quote, issue)}"' in response.text
    assert stance(quote) == ("supports", "agreed")
    assert decide(client, issue, quote, headers=headers).status_code != 422
    assert stance(quote) == ("opposes", "adjudicated")


def test_another_leads_decision_meanwhile_is_not_overwritten(client, lead, issue, judge):
    quote = judge("supports", "opposes")
    seen = latest_seen(quote, issue)
    adjudicate(
        quote=quote, issue=issue, lead=make_user("lead"), label="mixed", reason="A condition."
    )
    response = decide(client, issue, quote, seen=seen)
    assert response.status_code == 422
    assert "A condition." in response.text
    assert stance(quote) == ("mixed", "adjudicated")


def test_news_is_marked_even_when_the_form_was_incomplete_as_well(
    client, lead, issue, editors, judge
):
    quote = judge("supports", "opposes")
    seen = latest_seen(quote, issue)
    record_label(quote=quote, issue=issue, editor=editors[1], label="mixed")
    response = decide(client, issue, quote, seen=seen, reason="")
    assert response.status_code == 422
    assert response.context["dispute"].is_changed
    assert "Say why" in response.text


def test_a_form_that_does_not_say_what_it_showed_is_out_of_date(client, lead, issue, judge):
    quote = judge("supports", "opposes")
    assert decide(client, issue, quote, seen=None).status_code == 422
    assert decide(client, issue, quote, seen="x").status_code == 422
    assert stance(quote) == ("", "disputed")


def test_the_same_decision_sent_twice_is_one(client, lead, issue, judge):
    quote = judge("supports", "opposes")
    seen = latest_seen(quote, issue)
    for _ in range(2):
        assert decide(client, issue, quote, seen=seen).status_code == 302
    assert StanceLabel.objects.filter(is_adjudication=True).count() == 1


def test_deciding_again_is_another_row_and_both_reasons_stay(client, lead, issue, judge):
    quote = judge("supports", "opposes")
    decide(client, issue, quote)
    decide(client, issue, quote, label="mixed", reason="On second thoughts.")
    first, second = StanceLabel.objects.filter(is_adjudication=True)
    assert second.supersedes == first
    page = client.get(address(issue))
    (dispute,) = page.context["settled"]
    assert dispute.decisions == [second, first]
    assert "The denial is explicit." in page.text
    assert "On second thoughts." in page.text


def test_there_is_nothing_to_decide_on_what_nobody_judged(client, lead, issue):
    assert decide(client, issue, make_quote()).status_code == 404
    path = reverse("statements:adjudicate", args=[issue.slug])
    assert client.post(path, {"quote": "x"}).status_code == 404
    assert client.get(path).status_code == 405
