"""Who answers whom on the pages, and as files."""

from __future__ import annotations

import csv
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse

from statements.labelling import record_label
from statements.models import Quote, Reply, ReplyDecision
from statements.reply_graph import reply_graph
from statements.reply_network import issue_network
from statements.replying import decide
from tests.factories import (
    make_actor,
    make_article,
    make_issue,
    make_quote,
    make_reply,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db

TEXT = "Dam\n\n“The dam will stand,” Ana Ruiz said. Bo Lind accused Ruiz of “plain lies”."
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


@pytest.fixture
def reply():
    """Lind, for River Watch, rebuts Varonia."""
    article = make_article(TEXT)
    varonia = make_actor("Varonia", type="government")
    earlier = make_quote("The dam will stand,", article=article, actor=varonia)
    watch = make_actor("River Watch", type="ngo")
    quote = make_quote("plain lies", article=article, actor=watch, speaker=make_speaker("Bo Lind"))
    return make_reply(quote, varonia, "accused Ruiz", earlier=earlier, confidence=0.7)


@pytest.fixture
def issue(reply):
    found = make_issue(title="Dam")
    for each in Quote.objects.all():
        judge(found, each)
    return found


def judge(issue, quote):
    """Let the quote bear on the issue."""
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="supports")


@pytest.fixture
def editor(client):
    user = make_user("editor")
    client.force_login(user)
    return user


def post(client, reply, **fields):
    return client.post(reverse("statements:reply_decide", args=[reply.pk]), fields)


def test_a_quote_says_whom_it_answers_and_what_answers_it(client, reply):
    page = client.get(reply.quote.get_absolute_url()).content.decode()
    assert "<mark>accused Ruiz</mark>" in page
    assert "Rebuts" in page
    earlier = client.get(reply.earlier.get_absolute_url()).content.decode()
    assert "Answered by" in earlier
    assert "<mark>accused Ruiz</mark>" in earlier


def test_readers_have_no_buttons_and_may_not_decide(client, reply):
    page = client.get(reply.quote.get_absolute_url()).content.decode()
    assert "Confirm<span" not in page
    assert post(client, reply, state="confirmed").status_code == 302
    client.force_login(make_user())
    assert post(client, reply, state="confirmed").status_code == 403
    add = reverse("statements:reply_add", args=[reply.quote.uuid])
    assert client.post(add, {}).status_code == 403
    assert not ReplyDecision.objects.exists()


def test_an_editor_confirms_and_takes_it_back(client, reply, editor):
    response = post(client, reply, state="confirmed", relation="cites", seen="proposed")
    assert response.headers["Location"] == reply.get_absolute_url()
    reply.refresh_from_db()
    assert (reply.state, reply.relation) == ("confirmed", "cites")
    post(client, reply, state="proposed", seen="confirmed")
    reply.refresh_from_db()
    assert reply.state == "proposed"
    page = client.get(reply.quote.get_absolute_url()).content.decode()
    assert "Taken back by" in page


def test_a_decision_by_htmx_brings_the_link_back_alone(client, reply, editor):
    url = reverse("statements:reply_decide", args=[reply.pk])
    response = client.post(url, {"state": "rejected"}, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert page.strip().startswith(f'<li class="reply stack-tight" id="reply-{reply.pk}"')
    assert "Saved: Wrong." in page


def test_a_decision_that_is_late_or_unknown_says_so(client, reply, editor):
    decide(reply, "rejected", editor=make_user("editor"))
    late = post(client, reply, state="confirmed", seen="proposed")
    assert (late.status_code, "decided meanwhile" in late.content.decode()) == (422, True)
    assert post(client, reply, state="maybe").status_code == 422


def test_what_is_wrong_is_shown_to_editors_only(client, reply):
    editor = make_user("editor")
    decide(reply, "rejected", editor=editor)
    assert "accused Ruiz</mark>" not in client.get(reply.quote.get_absolute_url()).content.decode()
    assert len(client.get("/replies/?state=rejected").context["page"]) == 0
    client.force_login(editor)
    assert "accused Ruiz</mark>" in client.get(reply.quote.get_absolute_url()).content.decode()
    assert len(client.get("/replies/?state=rejected").context["page"]) == 1


def test_an_editor_links_by_hand(client, reply, editor):
    url = reverse("statements:reply_add", args=[reply.earlier.uuid])
    given = {"whom": "bo lind", "relation": "responds_to", "words": "Ana Ruiz said"}
    assert client.post(url, given).status_code == 302
    made = Reply.objects.get(rule="hand")
    assert (made.to.name, made.evidence, made.state) == ("Bo Lind", "Ana Ruiz said", "confirmed")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"whom": "Nobody Known", "words": "Ana Ruiz said"}, "Nobody here is called"),
        ({"whom": "River Watch", "words": "never written"}, "not in the article"),
        ({"whom": "Varonia", "words": "Ana Ruiz said"}, "said this"),
    ],
)
def test_a_link_by_hand_that_cannot_be_comes_back_with_its_words(client, reply, editor, given, why):
    url = reverse("statements:reply_add", args=[reply.earlier.uuid])
    for headers in ({}, {"HX-Request": "true"}):
        response = client.post(url, {"relation": "cites", **given}, headers=headers)
        assert response.status_code == 422
        assert why in response.content.decode()
        assert given["words"] in response.content.decode()
    assert Reply.objects.count() == 1


def test_the_list_takes_both_parties_relation_and_state(client, reply):
    make_reply()
    query = "?from=actor:river-watch&to=actor:varonia&relation=rebuts&state=proposed"
    response = client.get(f"/replies/{query}")
    assert list(response.context["page"]) == [reply]
    assert "River Watch rebuts Varonia, proposed" in response.content.decode()
    assert len(client.get("/replies/").context["page"]) == 2
    assert (
        client.get("/replies/?from=x&to=actor:%00&relation=no&issue=%00&page=z").status_code == 200
    )


def test_drafts_stay_hidden(client, reply):
    reply.quote.article.is_draft = True
    reply.quote.article.save()
    assert len(client.get("/replies/").context["page"]) == 0


def test_the_network_of_an_issue_has_a_graph_and_the_same_numbers(client, reply, issue):
    response = client.get(reverse("statements:issue_replies", args=[issue.slug]))
    page = response.content.decode()
    (edge,) = response.context["network"].edges
    assert (edge.source.name, edge.target.name, edge.proposed) == ("River Watch", "Varonia", 1)
    assert '<title id="graph-title">' in page
    assert "River Watch rebuts Varonia: 1 quote, proposed" in page
    assert "style=" not in page[page.index('<svg class="reply-graph"') :].split("</svg>")[0]
    listed = client.get(f"/replies/?{edge.query}&state=proposed")
    assert listed.context["page"].paginator.count == edge.proposed
    assert [each.name for each in response.context["network"].unanswered] == ["River Watch"]


def test_the_network_of_an_actor_has_both_directions(client, reply):
    for slug in ("varonia", "river-watch"):
        response = client.get(reverse("statements:actor_replies", args=[slug]))
        assert len(response.context["network"].edges) == 1
    assert client.get("/actors/nobody/replies/").status_code == 404


def test_an_empty_network_says_so(client):
    page = client.get(reverse("statements:issue_replies", args=[make_issue().slug]))
    assert "Nothing in the articles" in page.content.decode()


def test_many_links_are_drawn_in_part_and_listed_whole(issue):
    watch = make_actor("Hub", type="ngo")
    for _ in range(20):
        judge(issue, make_reply(make_quote(actor=watch)).quote)
    network = issue_network(issue, make_user("editor"))
    graph = reply_graph(network)
    assert graph
    assert graph.is_partial
    assert len(network.edges) == 21
    assert len({box.node.key for box in graph.boxes}) <= 12


def read(response):
    assert response.status_code == 200
    return b"".join(response) if response.streaming else response.content


def test_graphml_is_a_directed_graph_with_names_and_counts(client, reply, issue):
    url = reverse("statements:issue_replies_file", args=[issue.slug, "graphml"])
    root = ET.fromstring(read(client.get(url)))  # noqa: S314 - our own file
    graph = root.find(f"{GRAPHML}graph")
    assert graph is not None
    assert graph.get("edgedefault") == "directed"
    names = {each.text for each in graph.iter(f"{GRAPHML}data") if each.get("key") == "node_name"}
    assert names == {"River Watch", "Varonia"}
    (edge,) = graph.iter(f"{GRAPHML}edge")
    assert (edge.get("source"), edge.get("target")) == ("actor:river-watch", "actor:varonia")
    values = {each.get("key"): each.text for each in edge}
    assert values == {
        "edge_relation": "rebuts",
        "edge_confirmed": "0",
        "edge_proposed": "1",
        "edge_weight": "1",
    }


def test_events_go_from_one_party_to_the_other(client, reply, issue):
    editor = make_user("editor")
    decide(reply, "confirmed", editor=editor)
    for url in (
        reverse("statements:issue_replies_file", args=[issue.slug, "dna.csv"]),
        reverse("statements:actor_replies_file", args=["varonia", "dna.csv"]),
    ):
        (row,) = csv.DictReader(read(client.get(url)).decode().splitlines(), delimiter=";")
        assert (row["person"], row["organization"]) == ("Bo Lind", "River Watch")
        assert (row["target_person"], row["target_organization"]) == ("", "Varonia")
        assert (row["relation"], row["state"], row["agreement"]) == ("rebuts", "confirmed", "0")
        assert (row["evidence"], row["coder"]) == ("accused Ruiz", editor.username)
        assert TEXT[int(row["start_position"]) : int(row["stop_position"])] == row["text"]


def test_the_table_as_csv_has_a_line_per_edge(client, reply):
    url = reverse("statements:actor_replies_file", args=["varonia", "csv"])
    (row,) = csv.DictReader(read(client.get(url)).decode().splitlines())
    assert (row["source"], row["relation"], row["target"]) == ("River Watch", "rebuts", "Varonia")


def test_another_form_is_not_there(client, reply):
    assert client.get("/actors/varonia/replies.exe").status_code == 404
