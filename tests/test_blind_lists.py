"""What an editor is to judge blind shows no stance in any list, record, feed or file either."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from statements.blind import asked_blind, chosen_by_stance
from statements.labelling import record_label, update_stance
from statements.models import Quote, Suggestion
from tests.factories import make_actor, make_double, make_issue, make_quote, make_speaker, make_user

pytestmark = pytest.mark.django_db


class Asked:
    """A quote that Ann judged and Carl is to judge blind, and one that is only suggested."""

    def __init__(self) -> None:
        self.issue = make_issue(slug="dam", title="Dam", proposition="The dam should be built")
        self.actor, self.speaker = make_actor("River Board"), make_speaker("Rae Stone")
        self.judged, self.suggested = (
            make_quote(actor=self.actor, speaker=self.speaker) for _ in range(2)
        )
        for quote in (self.judged, self.suggested):
            make_double(self.issue, quote)
        record_label(
            quote=self.judged, issue=self.issue, editor=make_user("editor"), label="supports"
        )
        Suggestion.objects.create(
            quote=self.suggested, issue=self.issue, label="supports", confidence=0.9, method="test"
        )
        update_stance(self.suggested, self.issue)
        self.carl = make_user("editor", username="carl")

    def judge(self) -> None:
        """Carl says what he thinks, and so is asked no more."""
        for quote in (self.judged, self.suggested):
            record_label(quote=quote, issue=self.issue, editor=self.carl, label="supports")


@pytest.fixture
def asked() -> Asked:
    return Asked()


def stances(client, address: str) -> list[str]:
    """The labels that an answer of the API gives."""
    content = client.get(address).json()
    quotes = content.get("results") or content.get("quotes") or [content]
    return [stance["label"] for quote in quotes for stance in quote["stances"]]


def file_of(client, name: str, query: str = "", **kwargs) -> str:
    answer = client.get(reverse(f"statements:{name}", kwargs=kwargs) + query)
    return b"".join(answer.streaming_content).decode()


def counts(position) -> tuple[int, int]:
    return position.labelled, position.suggested


def positions(answer) -> list[tuple[int, int]]:
    return [counts(each.position) for each in answer.context["profiles"]]


@pytest.mark.parametrize("page", ["actor", "speaker"])
def test_actor_and_speaker_pages_neither_show_nor_count_them(client, asked, page):
    address = getattr(asked, page).get_absolute_url()
    assert positions(client.get(address)) == [(1, 1)]
    client.force_login(asked.carl)
    answer = client.get(address)
    assert positions(answer) == []
    assert len(answer.context["quotes"]) == 2
    assert [list(quote.stances.all()) for quote in answer.context["quotes"]] == [[], []]
    assert "stance-supports" not in answer.text
    asked.judge()
    assert positions(client.get(address)) == [(2, 0)]


def test_the_list_of_issues_does_not_count_them(client, asked):
    address = reverse("statements:issue_list")
    assert counts(client.get(address).context["positions"][0]) == (1, 1)
    client.force_login(asked.carl)
    assert counts(client.get(address).context["positions"][0]) == (0, 0)
    client.force_login(make_user("lead"))
    assert counts(client.get(address).context["positions"][0]) == (1, 1)


def test_the_issue_page_puts_them_on_neither_side(client, asked):
    address = f"{asked.issue.get_absolute_url()}?left=actor:{asked.actor.slug}"
    left = client.get(address).context["left"]
    assert [quotes_of(left.labelled), quotes_of(left.suggested)] == [
        [asked.judged],
        [asked.suggested],
    ]
    client.force_login(asked.carl)
    page = client.get(address)
    assert page.context["left"].labelled == page.context["left"].suggested == []
    assert asked.judged.content not in page.text
    asked.judge()
    assert len(quotes_of(client.get(address).context["left"].labelled)) == 2


def quotes_of(groups) -> list[Quote]:
    return [stance.quote for group in groups for stance in group.shown]


def test_what_bears_on_another_issue_is_shown_without_the_stance(client, asked):
    other = make_issue()
    record_label(quote=asked.judged, issue=other, editor=make_user("editor"), label="opposes")
    client.force_login(asked.carl)
    page = client.get(f"{other.get_absolute_url()}?left=actor:{asked.actor.slug}")
    assert quotes_of(page.context["left"].labelled) == [asked.judged]
    assert "Supports" not in page.text.split('id="contrast"')[1].split("Numbers")[0]


def test_explore_shows_them_without_and_finds_them_by_no_stance(client, asked):
    assert "stance-supports" in cards_of(client.get("/"))
    client.force_login(asked.carl)
    page = client.get("/")
    assert len(page.context["cards"]) == 2
    assert "stance-supports" not in cards_of(page)
    for query in ("?stance=supports", "?issue=dam&stance=supports"):
        found = client.get(f"/{query}").context
        assert (found["cards"], found["counts"].total) == ([], 0)
    asked.judge()
    assert len(client.get("/?stance=supports").context["cards"]) == 2
    assert "stance-supports" in cards_of(client.get("/"))


def cards_of(page) -> str:
    return "".join(part.split("</article>")[0] for part in page.text.split("<article")[1:])


def test_the_article_page_does_not_show_it_beside_the_text(client, asked):
    address = asked.judged.article.get_absolute_url()
    assert "margin-stance" in client.get(address).text
    client.force_login(asked.carl)
    assert "margin-stance" not in client.get(address).text


def test_the_api_does_not_tell_an_editor_who_is_signed_in(client, asked):
    one = reverse("statements:api_quote", args=[asked.judged.uuid])
    article = reverse("statements:api_article", args=[asked.judged.article.uuid])
    every = reverse("statements:api_quotes")
    expected = {one: 1, article: 1, every: 2, f"{every}?issue=dam&stance=supports": 2}
    assert {each: len(stances(client, each)) for each in expected} == expected
    client.force_login(asked.carl)
    assert {each: len(stances(client, each)) for each in (one, article, every)} == {
        one: 0,
        article: 0,
        every: 0,
    }
    for query in ("issue=dam&stance=supports", "stance=supports", "issue=dam&stance=none"):
        assert client.get(f"{every}?{query}").json()["results"] == []
    asked.judge()
    assert len(stances(client, every)) == 2


@pytest.mark.parametrize("name", ["export_csv", "export_jsonl"])
def test_exports_do_not_tell_an_editor_who_is_signed_in(client, asked, name):
    assert "supports" in file_of(client, name)
    client.force_login(asked.carl)
    text = file_of(client, name)
    assert asked.judged.content in text
    assert "supports" not in text
    assert asked.judged.content not in file_of(client, name, "?stance=supports")
    assert asked.judged.content not in file_of(client, name, "?issue=dam&stance=supports")
    asked.judge()
    assert asked.judged.content in file_of(client, name, "?stance=supports")


def test_event_lists_and_files_of_labels_leave_them_out(client, asked):
    content = asked.judged.content
    assert content in file_of(client, "export_dna")
    client.force_login(asked.carl)
    assert content not in file_of(client, "export_dna")
    assert content not in file_of(client, "labels_dna", slug="dam")
    for name in ("labels_csv", "labels_jsonl"):
        assert content not in file_of(client, name, slug="dam")
    client.force_login(make_user("lead"))
    for name in ("labels_dna", "labels_csv", "labels_jsonl"):
        assert content in file_of(client, name, slug="dam")


def test_feeds_and_cards_do_not_tell_an_editor_who_is_signed_in(client, asked):
    feed = reverse("statements:feed")
    card = reverse("statements:embed", args=[asked.judged.uuid])
    assert "Supports" in client.get(feed).content.decode()
    assert "embed-stance" in client.get(card).text
    client.force_login(asked.carl)
    assert "Supports" not in client.get(feed).content.decode()
    assert "embed-stance" not in client.get(card).text
    assert "<entry>" not in client.get(f"{feed}?stance=supports").content.decode()
    assert "Cookie" in client.get(feed).headers["Vary"]


def test_lists_chosen_by_stance_leave_out_what_the_reader_is_to_judge_first(asked):
    quotes = Quote.objects.public()
    assert not chosen_by_stance(quotes, asked.carl).exists()
    assert not chosen_by_stance(quotes, asked.carl, issues=["dam"]).exists()
    assert chosen_by_stance(quotes, asked.carl, issues=[make_issue().slug]).count() == 2
    for user in (AnonymousUser(), make_user(), make_user("lead")):
        assert chosen_by_stance(quotes, user).count() == 2


def test_hiding_costs_a_list_no_query_more(asked, django_assert_num_queries):
    asked.carl.has_perm("statements.add_stancelabel")
    for hidden in (None, asked_blind(asked.carl)):
        with django_assert_num_queries(4):
            list(Quote.objects.for_list(hidden))
