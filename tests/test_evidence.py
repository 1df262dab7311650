"""Every figure of a contrast equals the list of quotes to which it leads."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from statements.labelling import adjudicate, record_label, update_stance
from statements.models import Suggestion
from tests.factories import (
    make_actor,
    make_article,
    make_issue,
    make_joint_voice,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue():
    return make_issue()


@pytest.fixture
def suggest(issue):
    def suggested(label="supports", **fields):
        quote = make_quote(**fields)
        Suggestion.objects.create(
            quote=quote, issue=issue, label=label, confidence=0.8, method="test"
        )
        update_stance(quote, issue)
        return quote

    return suggested


@pytest.fixture
def judge(issue):
    editor = make_user("editor")

    def judged(label, **fields):
        quote = make_quote(**fields)
        record_label(quote=quote, issue=issue, editor=editor, label=label)
        return quote

    return judged


@pytest.fixture
def much_said(issue, judge, suggest):
    """Two governments and two NGOs: labels of each kind, joint voices, silence and a change."""
    china = make_actor("Government of China", type="government", country="CN")
    japan = make_actor("Government of Japan", type="government", country="JP")
    league, watch = make_actor("River League", type="ngo"), make_actor("River Watch", type="ngo")
    person = make_speaker("Ana Ruiz")
    for month in (1, 2, 3):
        judge("opposes", actor=china, speaker=person, said_on=date(2024, month, 29))
        judge("supports", actor=china, said_on=date(2024, month + 5, 1))
        judge("supports", actor=league, said_on=date(2024, month, 31 if month != 2 else 1))
    for label in ("mixed", "neutral", "unrelated", "opposes"):
        judge(label, actor=japan)
    both = judge("opposes", actor=league, said_on=None)
    make_joint_voice(both, actor=china, actor_type="government", country="CN")
    make_joint_voice(both, actor=japan, actor_type="government", country="JP")
    make_joint_voice(both, actor=league, actor_type="ngo")
    disputed = judge("supports", actor=watch)
    record_label(quote=disputed, issue=issue, editor=make_user("editor"), label="opposes")
    decided = judge("supports", actor=watch)
    record_label(quote=decided, issue=issue, editor=make_user("editor"), label="mixed")
    adjudicate(quote=decided, issue=issue, lead=make_user("lead"), label="mixed", reason="Both.")
    for label in ("supports", "opposes", "opposes"):
        suggest(label, actor=watch, said_on=date(2024, 4, 4))
        suggest(label, actor=japan)
    article = make_article("“We reject it,” A said. “Lunch was good,” B said. “So,” B said.")
    judge("opposes", words="We reject it", actor=china, article=article)
    silent = make_actor("Quiet Forest", type="ngo")
    for words in ("Lunch was good", "So"):
        make_quote(words, actor=silent, article=article)
    hidden = make_article("“Not for readers,” they said.", is_draft=True)
    judge("supports", words="Not for readers", article=hidden, actor=league)
    return {"actor": china, "speaker": person}


def figures(page: str) -> set[tuple[int, str]]:
    """The number in each link to a list of quotes, and the link."""
    links = re.findall(r'<a\b[^>]*\bhref="([^"]*/evidence/\?[^"]*)"[^>]*>(.*?)</a>', page, re.S)
    found = set()
    for address, inside in links:
        number = re.search(r"\d[\d,]*", re.sub(r"<[^>]*>", " ", inside))
        assert number, inside
        found.add((int(number[0].replace(",", "")), unescape(address)))
    return found


def listed(client, address: str) -> int:
    """How many quotes are behind a figure, by going through all pages of them."""
    pks: list[int] = []
    after = ""
    while True:
        response = client.get(address + (f"&after={after}" if after else ""))
        pks += [quote.pk for quote in response.context["page"].rows]
        after = response.context["page"].after
        if not after:
            break
    assert len(set(pks)) == len(pks) == response.context["total"]
    return len(pks)


SIDES = [
    ("", "type:ngo", "type:government"),
    ("admin", "type:ngo", "type:government"),
    ("", "type:government+country:CN", "others"),
    ("", "country:JP,actor:river-league", "speaker:ana-ruiz"),
]


@pytest.mark.usefixtures("much_said")
@pytest.mark.parametrize(("role", "left", "right"), SIDES)
def test_each_number_of_a_contrast_is_that_of_its_list(client, issue, role, left, right):
    if role:
        client.force_login(make_user(role))
    page = client.get(issue.get_absolute_url(), {"left": left, "right": right}).text
    found = figures(page)
    assert len(found) > 10
    wrong = {
        address: (number, behind)
        for number, address in found
        if (behind := listed(client, address)) != number
    }
    assert wrong == {}


@pytest.mark.usefixtures("much_said")
def test_the_figures_are_of_every_kind(client, issue):
    sides = {"left": "type:ngo", "right": "type:government"}
    page = client.get(issue.get_absolute_url(), sides).text
    addresses = " ".join(address for _, address in figures(page))
    for basis in ("labelled", "single", "disputed", "suggested", "silent"):
        assert f"basis={basis}&" in addresses
    assert "&from=" in addresses
    assert "&who=" in addresses


@pytest.mark.parametrize("kind", ["actor", "speaker"])
def test_each_number_of_a_page_of_somebody_is_that_of_its_list(client, much_said, kind):
    found = figures(client.get(much_said[kind].get_absolute_url()).text)
    assert len(found) > 3
    assert [listed(client, address) for _, address in found] == [number for number, _ in found]


@pytest.mark.usefixtures("much_said")
def test_each_number_of_the_list_of_issues_is_that_of_its_list(client):
    found = figures(client.get("/issues/").text)
    assert len(found) > 4
    assert [listed(client, address) for _, address in found] == [number for number, _ in found]


@pytest.mark.usefixtures("much_said")
def test_the_bars_of_a_chart_are_the_numbers_of_its_table(client, issue):
    response = client.get(
        issue.get_absolute_url(), {"left": "type:ngo", "right": "type:government"}
    )
    for _, course in response.context["courses"]:
        drawn = [bar.count for lane in course.lanes for bar in lane.bars]
        table = [n for row in course.rows for _, n in [*row.labelled, *row.suggested]]
        assert sorted(drawn) == sorted(table) != []


def test_labels_and_suggestions_are_never_in_one_figure(client, issue, judge, suggest):
    league = make_actor("River League", type="ngo")
    labelled, suggested = judge("supports", actor=league), suggest("supports", actor=league)
    address = reverse("statements:evidence", args=[issue.slug])
    for basis, quote in (("labelled", labelled), ("suggested", suggested)):
        response = client.get(address, {"basis": basis, "stance": "supports"})
        assert [each.pk for each in response.context["page"].rows] == [quote.pk]


def test_the_list_says_what_it_counts(client, issue):
    make_actor("River League", type="ngo")
    address = reverse("statements:evidence", args=[issue.slug])
    asked = {"basis": "labelled", "side": "type:ngo", "stance": "opposes", "to": "2024-03-31"}
    response = client.get(address, asked)
    words = "Labelled quotes of NGOs that oppose, until 31 Mar 2024"
    assert response.context["figure"].in_words == words
    assert "No quote is behind this figure" in response.text


@pytest.mark.parametrize(
    "query",
    ["side=x", "side=others", "stance=x", "basis=x", "from=x", "to=2024-13-01", "who=%00"],
)
def test_what_cannot_be_used_is_left_out(client, issue, judge, query):
    judge("opposes")
    response = client.get(f"{issue.get_absolute_url()}evidence/?{query}")
    assert response.status_code == 200
    assert response.context["total"] == 1


def test_a_list_costs_the_same_for_any_number_of_quotes(
    client, issue, judge, django_assert_max_num_queries
):
    for _ in range(12):
        judge("opposes", actor=make_actor(type="ngo"))
    with django_assert_max_num_queries(8):
        client.get(f"{issue.get_absolute_url()}evidence/?side=type:ngo&basis=labelled")
