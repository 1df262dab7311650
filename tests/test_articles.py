"""The list of articles, and an article's page with its quotes in place."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from statements.models import Quote
from tests.factories import (
    make_actor,
    make_article,
    make_outlet,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def test_articles_are_listed_newest_first_and_those_without_a_date_last(client):
    make_article(title="Undated", published_on=None)
    make_article(title="Older", published_on=date(2020, 1, 1))
    make_article(title="Newer", published_on=date(2023, 1, 1), outlet=make_outlet("The Herald"))
    response = client.get(reverse("statements:article_list"))
    titles = [article.title for article in response.context["page"].object_list]
    assert titles == ["Newer", "Older", "Undated"]
    assert "The Herald" in response.text
    assert "no date known" in response.text


def test_the_list_has_pages_and_a_swap_brings_only_the_list(client, monkeypatch):
    monkeypatch.setattr("statements.views.articles.PER_PAGE", 2)
    for number in range(3):
        make_article(title=f"Number {number}", published_on=date(2024, 1, 1 + number))
    address = reverse("statements:article_list")
    assert 'rel="next"' in client.get(address).text
    response = client.get(address, {"page": "2"}, headers=HTMX)
    assert [article.title for article in response.context["page"].object_list] == ["Number 0"]
    assert "<html" not in response.text


@pytest.mark.parametrize("page", ["0", "99", "x", "-1"])
def test_a_page_that_does_not_exist_shows_one_that_does(client, page):
    make_article()
    assert client.get(reverse("statements:article_list"), {"page": page}).status_code == 200


def test_an_empty_list_says_so_and_tells_an_admin_what_to_do(client):
    assert "No article has been imported yet" in client.get("/articles/").text
    client.force_login(make_user("admin"))
    assert reverse("statements:desk") in client.get("/articles/").text


def test_the_list_costs_the_same_for_any_number_of_articles(client, django_assert_max_num_queries):
    for _ in range(12):
        make_quote(article=None)
    with django_assert_max_num_queries(2):
        client.get(reverse("statements:article_list"))


def test_each_quote_is_marked_and_linked_at_its_anchor(client):
    quote = make_quote("We reject it", actor=make_actor(type="government"))
    page = client.get(quote.article.get_absolute_url()).text
    assert f'id="{quote.anchor}"' in page
    assert f'href="{quote.get_absolute_url()}"' in page
    assert f'href="#{quote.anchor}"' in page
    assert "q type-government" in page
    assert quote.place_url == f"{quote.article.get_absolute_url()}#{quote.anchor}"


def test_an_article_about_invented_people_says_so(client):
    true, sample = make_article(), make_article(is_fiction=True)
    assert "invented people and places" not in client.get(true.get_absolute_url()).text
    assert "invented people and places" in client.get(sample.get_absolute_url()).text


def test_the_text_of_an_article_is_escaped(client):
    article = make_article("<script>alert(1)</script> & “<b>yes</b>,” she said.")
    make_quote("<b>yes</b>", article=article)
    page = client.get(article.get_absolute_url()).text
    assert "<script>alert" not in page
    assert "&lt;b&gt;yes&lt;/b&gt;" in page


def test_what_is_no_quote_is_not_marked(client):
    rejected = make_quote("A slip", state=Quote.State.REJECTED)
    thought = make_quote("A thought", act=Quote.Act.OTHER)
    for quote in (rejected, thought):
        assert quote.anchor not in client.get(quote.article.get_absolute_url()).text


def test_a_draft_is_for_those_who_import(client):
    article = make_article(is_draft=True)
    assert client.get(article.get_absolute_url()).status_code == 404
    assert article.title not in client.get("/articles/").text
    client.force_login(make_user("admin"))
    assert client.get(article.get_absolute_url()).status_code == 200


def test_an_article_without_quotes_says_so(client):
    assert "No quote was found" in client.get(make_article().get_absolute_url()).text


def test_an_article_costs_the_same_for_any_number_of_quotes(client, django_assert_num_queries):
    words = [f"Statement {number} of this text" for number in range(20)]
    article = make_article("\n\n".join(f"“{each},” she said." for each in words))
    for each in words:
        make_quote(each, article=article, actor=make_actor(), speaker=make_speaker())
    with django_assert_num_queries(6):
        client.get(article.get_absolute_url())
