"""The front page, with and without htmx."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from statements.labelling import record_label, update_stance
from statements.models import ActorType, JointVoice, Quote, Suggestion
from tests.factories import (
    make_actor,
    make_article,
    make_issue,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db

SWAP = {"HX-Request": "true"}


def shown(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/{query}")
    assert response.status_code == 200
    return words(response)


def words(response) -> list[str]:
    return [strip_tags(card.words) for card in response.context["cards"]]


def counts(client: Client, facet: str, query: str = "") -> dict[str, int]:
    facets = {each.key: each for each in client.get(f"/{query}").context["facets"]}
    return {each.value: each.count for each in [*facets[facet].options, *facets[facet].more]}


def test_an_empty_site_says_so(client):
    html = client.get("/").text
    assert "No quotes yet" in html
    assert "0 quotes · 0 actors · 0 articles" in html


def test_nothing_found_offers_the_way_back(client):
    make_quote()
    html = client.get("/?q=unheard").text
    assert "Nothing fits all of this" in html
    assert "Show all quotes" in html


def test_who_may_import_is_led_to_it_from_an_empty_site(client):
    assert "Import articles" not in client.get("/").text
    client.force_login(make_user("admin"))
    assert (
        '<a class="button button-primary" href="/desk/">Import articles</a>' in client.get("/").text
    )


def test_where_nothing_is_found_the_rail_lists_no_zeros_but_what_is_chosen(client):
    make_quote(actor=make_actor(type="ngo"))
    html = client.get("/?q=unheard&kind=mixed").text
    assert "Quoted as" in html
    assert 'id="stance-supports"' not in html
    assert 'id="kind-mixed"' in html


@pytest.mark.parametrize(
    ("query", "offered"),
    [("?q=sanct", True), ("?q=sanct&type=ngo", True), ("?q=sanct*", False), ("?q=a+b", False)],
)
def test_a_word_that_is_not_found_may_be_the_beginning_of_one(client, query, offered):
    make_quote("These sanctions bite", actor=make_actor(type="ngo"))
    page = client.get(f"/{query}")
    assert ("Search for words that begin with" in page.text) == offered
    if offered:
        assert shown(client, page.context["starred_query"]) == ["These sanctions bite"]


def test_a_day_is_written_as_in_english(client):
    make_quote(said_on=date(2024, 6, 12))
    assert '<time datetime="2024-06-12">12 Jun 2024</time>' in client.get("/").text


@pytest.mark.parametrize("kind", ActorType.values)
def test_the_list_shows_only_the_chosen_type_of_actor(client, kind):
    for each in ActorType.values:
        make_quote(f"said by {each}", actor=make_actor(type=each))
    assert shown(client, f"?type={kind}") == [f"said by {kind}"]


def test_newest_first_unless_asked_otherwise(client):
    make_quote("old", said_on=date(2024, 1, 1))
    make_quote("new", said_on=date(2024, 1, 2))
    make_quote("undated", said_on=None)
    assert shown(client) == ["new", "old", "undated"]
    assert shown(client, "?sort=oldest") == ["old", "new", "undated"]


def test_best_match_first_when_asked(client):
    make_quote("a dam", said_on=date(2024, 1, 1))
    make_quote("a dam is a dam is a dam", said_on=date(2023, 1, 1))
    assert shown(client, "?q=dam") == ["a dam", "a dam is a dam is a dam"]
    assert shown(client, "?q=dam&sort=relevance") == ["a dam is a dam is a dam", "a dam"]
    assert shown(client, "?sort=relevance") == shown(client)


def test_matches_are_marked_and_markup_stays_text(client):
    make_quote("a <b>dam</b> & two dams")
    html = client.get("/?q=dam").text
    assert "two <mark>dams</mark>" in html
    assert "<b>dam" not in html


def test_a_card_links_to_its_place_speaker_and_party(client):
    actor, speaker = make_actor("River Watch", type="ngo"), make_speaker("Ada Lind")
    quote = make_quote("The dam is a danger", actor=actor, speaker=speaker, role="director")
    html = client.get("/").text
    assert "“The dam is a danger”" in html
    for link in (quote.place_url, quote.get_absolute_url(), actor.get_absolute_url()):
        assert f'href="{link}"' in html
    assert f'href="{speaker.get_absolute_url()}"' in html
    assert "director" in html


def test_a_report_is_led_in_by_its_source_and_cue(client):
    article = make_article("The ministry said the dam would hold.")
    make_quote(
        "the dam would hold",
        article=article,
        kind=Quote.Kind.INDIRECT,
        source="The ministry",
        source_start=0,
        source_end=12,
        cue="said",
        cue_start=13,
        cue_end=17,
    )
    html = client.get("/").text
    assert '<span class="said-lead">The ministry said</span> the dam would hold' in html


def test_a_quote_of_nobody_known_says_so(client):
    make_quote(candidates=["Ada Lind", "Bo Falk"])
    assert "open: Ada Lind or Bo Falk" in client.get("/").text


def test_a_suggested_stance_never_looks_like_an_editor_s(client):
    issue = make_issue(title="Orsel dam")
    judged, proposed = make_quote("judged"), make_quote("proposed")
    record_label(quote=judged, issue=issue, editor=make_user("editor"), label="supports")
    Suggestion.objects.create(
        quote=proposed, issue=issue, label="supports", confidence=0.81, method="rules"
    )
    update_stance(proposed, issue)
    html = " ".join(client.get("/").text.split())
    assert "suggested 0.81" in html
    assert html.count("stance-supports stance-suggested") == 1
    assert "1 of these only suggested by rules" in html


# -- Facets -------------------------------------------------------------------------------------


@pytest.fixture
def voices() -> None:
    ministry = make_actor("Ministry", type="government")
    watch = make_actor("Watch", type="ngo")
    union = make_actor("Union", type="labour")
    make_quote("direct of the ministry", actor=ministry)
    make_quote("report of the ministry", actor=ministry, kind=Quote.Kind.INDIRECT)
    joint = make_quote("joint", actor=watch)
    JointVoice.objects.create(quote=joint, ordinal=1, actor=union, actor_type="labour")
    pair = make_quote("of two with one type", actor=watch)
    other = make_actor("Other watch", type="ngo")
    JointVoice.objects.create(quote=pair, ordinal=1, actor=other, actor_type="ngo")


def test_a_facet_leaves_its_own_condition_out(client, voices):
    assert counts(client, "type") == {"government": 2, "ngo": 2, "labour": 1}
    assert counts(client, "type", "?type=government") == {"government": 2, "ngo": 2, "labour": 1}
    assert counts(client, "kind", "?type=government") == {"direct": 1, "mixed": 0, "indirect": 1}
    assert counts(client, "type", "?kind=indirect") == {"government": 1}


def test_a_quote_counts_once_for_each_party_with_a_voice_in_it(client, voices):
    assert counts(client, "actor") == {"ministry": 2, "watch": 2, "union": 1, "other-watch": 1}


def test_every_count_is_what_choosing_the_value_shows(client, voices):
    for facet in ("type", "actor", "kind"):
        for value, count in counts(client, facet).items():
            assert len(shown(client, f"?{facet}={value}")) == count


def test_a_chosen_value_stays_in_view_at_zero(client, voices):
    assert counts(client, "actor", "?actor=union&kind=indirect") == {"ministry": 1, "union": 0}


def test_a_rare_actor_that_is_chosen_keeps_its_count_beside_the_most_quoted(client):
    for _ in range(40):
        actor = make_actor()
        make_quote(actor=actor)
        make_quote(actor=actor)
    make_quote(actor=make_actor("Rare Voice"))
    assert len(counts(client, "actor")) == 30
    assert counts(client, "actor", "?actor=rare-voice")["rare-voice"] == 1
    facet = next(f for f in client.get("/?actor=rare-voice").context["facets"] if f.key == "actor")
    assert "rare-voice" in [each.value for each in facet.options]


def test_totals_count_quotes_actors_and_articles(client, voices):
    html = client.get("/?type=ngo").text
    assert "2 quotes · 3 actors · 2 articles" in html


def test_issue_and_stance_counts_are_what_choosing_shows(client):
    dam, tax = make_issue(slug="dam"), make_issue(slug="tax")
    editor = make_user("editor")
    for words, issue, label in [
        ("one", dam, "supports"),
        ("two", dam, "opposes"),
        ("three", tax, "opposes"),
        ("four", dam, "unrelated"),
    ]:
        record_label(quote=make_quote(words), issue=issue, editor=editor, label=label)
    silent = make_quote("five")
    Suggestion.objects.create(quote=silent, issue=dam, reason="No side.", method="rules")
    assert counts(client, "issue") == {"dam": 3, "tax": 1}
    for query in ("?", "?issue=dam", "?issue=tax"):
        for value, count in counts(client, "stance", query).items():
            assert len(shown(client, f"{query}&stance={value}")) == count, (query, value)
    for value, count in counts(client, "issue").items():
        assert len(shown(client, f"?issue={value}")) == count


def test_where_they_stand_counts_joint_voices_too(client):
    issue = make_issue(slug="dam")
    joint = make_quote(actor=make_actor(type="ngo"))
    JointVoice.objects.create(
        quote=joint, ordinal=1, actor=make_actor(type="labour"), actor_type="labour"
    )
    record_label(quote=joint, issue=issue, editor=make_user("editor"), label="opposes")
    stand = client.get("/").context["stand"]
    assert {row.actor_type: row.counts[0] for row in stand.rows} == {
        "ngo": ("opposes", 1, 0),
        "labour": ("opposes", 1, 0),
    }


# -- Pages, fragments, addresses ----------------------------------------------------------------


def make_many(number: int = 53) -> None:
    for place in range(number):
        actor = make_actor(type=ActorType.values[place % 16])
        make_quote(
            f"statement {place:02}", actor=actor, said_on=date(2024, 1, 1) + timedelta(place)
        )


def test_more_quotes_follow_without_script(client):
    make_many()
    first = client.get("/?kind=direct")
    (link,) = re.findall(r'href="(\?kind=direct&amp;after=[^"]+)"', first.text)
    second = client.get("/" + link.replace("&amp;", "&"))
    expected = [f"statement {place:02}" for place in reversed(range(53))]
    assert words(first) + words(second) == expected
    assert "Back to the first quotes" in second.text


def test_more_quotes_are_list_items_for_htmx(client):
    make_many()
    after = client.get("/").context["page"].after
    html = client.get("/", {"after": after}, headers=SWAP).text
    assert html.count("<article") == 3
    assert html.strip().startswith("<li")
    assert 'id="results"' not in html


def test_a_swap_brings_results_and_everything_that_depends_on_them(client):
    make_many(3)
    response = client.get("/?type=government&type=&q=&from=&to=", headers=SWAP)
    assert response["HX-Push-Url"] == "/?type=government"
    for each in ("facets", "headline", "views", "stand"):
        assert re.search(rf'id="{each}"[^>]* hx-swap-oob="true"', response.text), each
    assert 'hx-swap-oob="innerHTML">1 quote · 1 actor · 1 article</p>' in response.text


def test_the_page_lists_what_was_ignored(client):
    make_quote()
    html = client.get("/?type=wizard&from=soon&after=%00&view=sky").text
    assert "There is no actor type “wizard”; it was left out." in html
    assert "“soon” is no date" in html
    assert "“sky” is no way to view quotes; it was left out." in html


@pytest.mark.parametrize(
    "query",
    [
        "?type=%FF",
        "?actor=%00,%00",
        "?q=%00%27%22%5C:*%26%21%28",
        "?issue=" + "a," * 300,
        "?from=9999-12-31",
    ],
)
def test_hostile_addresses_get_a_page(client, query):
    make_quote()
    assert client.get(f"/{query}").status_code == 200
    assert client.get(f"/export.csv{query}").status_code == 200


def test_the_timeline_stacks_types_by_month_and_has_a_table(client):
    make_quote(actor=make_actor(type="ngo"), said_on=date(2024, 1, 5))
    make_quote(actor=make_actor(type="government"), said_on=date(2024, 3, 5))
    response = client.get("/?view=timeline")
    columns = response.context["timeline"].columns
    assert [(each.period.label, each.total) for each in columns] == [
        ("Jan 2024", 1),
        ("Feb 2024", 0),
        ("Mar 2024", 1),
    ]
    assert "<table>" in response.text


def test_a_long_history_is_drawn_in_longer_periods(client):
    for year in (1850, 2024):
        make_quote(said_on=date(year, 6, 1))
    bars = client.get("/").context["histogram"].bars
    assert len(bars) <= 24
    assert sum(bar.count for bar in bars) == 2


def test_a_bar_shows_the_quotes_that_it_counts(client):
    for day in (date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29)):
        make_quote(said_on=day)
    for bar in client.get("/").context["histogram"].bars:
        assert len(shown(client, bar.query)) == bar.count


def test_contrast_leads_to_the_issue_with_the_parties_chosen(client):
    make_issue(slug="dam")
    assert client.get("/").context["contrast_url"] == "/issues/"
    query = "/?issue=dam&type=government&type=ngo"
    url = client.get(query).context["contrast_url"]
    assert url == "/issues/dam/?left=type:government&right=type:ngo"


def test_drafts_are_for_staff(client):
    make_quote("in a draft", article=make_article("It is in a draft", is_draft=True))
    assert shown(client) == []
    client.force_login(make_user("admin"))
    assert shown(client) == ["in a draft"]


def test_the_page_costs_the_same_for_any_number_of_quotes(client, django_assert_num_queries):
    issue, editor = make_issue(), make_user("editor")
    for place in range(3):
        quote = make_quote(f"statement {place}", actor=make_actor(type="ngo"))
        record_label(quote=quote, issue=issue, editor=editor, label="supports")
    with django_assert_num_queries(QUERIES):
        client.get("/")
    make_many()
    for quote in Quote.objects.all()[:10]:
        record_label(quote=quote, issue=issue, editor=editor, label="supports")
    with django_assert_num_queries(QUERIES):
        client.get("/")


QUERIES = 15


def test_the_page_follows_its_own_content_policy(client):
    make_many(2)
    response = client.get("/?view=timeline")
    assert "'unsafe" not in response["Content-Security-Policy"]
    assert " style=" not in response.text
    assert "<style" not in response.text
    assert not re.search(r"<script(?![^>]* src=)", response.text)
    assert not re.search(r"\son\w+=", response.text)


def test_a_view_can_be_cited_and_says_that_it_is_frozen(client):
    make_quote(actor=make_actor(type="ngo"))
    page = client.get("/?type=ngo").text
    today = timezone.localdate()
    assert f'<a href="?type=ngo&amp;asof={today}">Cite this view</a>' in page
    assert "Frozen" not in page
    frozen = client.get("/?type=ngo&asof=2020-02-03")
    assert "stored by the end of 3 February 2020." in frozen.text
    assert "Labels are not rolled back" in frozen.text
    assert frozen.context["cite_view"] == (
        "Newsroom. What NGOs said, as of 3 Feb 2020. http://testserver/?type=ngo&asof=2020-02-03"
    )
    assert '<input type="hidden" name="asof" value="2020-02-03">' in frozen.text
    assert frozen.context["counts"].total == 0
    assert counts(client, "type", "?asof=2020-02-03") == {}


def test_a_view_frozen_today_says_that_the_day_is_not_over(client):
    make_quote()
    today = timezone.localdate()
    assert "a day that is not over" in client.get(f"/?asof={today}").text
    assert shown(client, f"?asof={today}") == shown(client)


def test_a_card_says_its_day_as_other_pages_do(client):
    make_quote(said_on=date(2024, 3, 5))
    assert '<time datetime="2024-03-05">5 Mar 2024</time>' in client.get("/").text
