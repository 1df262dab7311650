"""Articles that are copies of each other: found, grouped, shown."""

from __future__ import annotations

import random
from datetime import date
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from statements.ingest.documents import Document, Facts
from statements.ingest.identities import Identities
from statements.ingest.linking import link_article, link_articles, unlink_articles
from statements.ingest.loading import load_documents
from statements.ingest.storing import store_article
from statements.models import Article, ArticleCopy, ArticleSketch, CopyPair, ImportItem
from tests.factories import make_article, make_outlet, make_quote, make_user

pytestmark = pytest.mark.django_db


def prose(seed: int, count: int = 200) -> str:
    draw = random.Random(seed)
    return " ".join(f"word{draw.randrange(2000)}" for _ in range(count))


def report(text: str, day: int = 1, **fields) -> Article:
    article = make_article(text, published_on=date(2024, 5, day), **fields)
    link_article(article)
    return article


def head_of(article: Article) -> Article | None:
    copy = ArticleCopy.objects.filter(article=article).first()
    return copy.head if copy else None


def test_a_copy_is_grouped_with_its_similarity_and_both_stay():
    first = report(prose(1))
    second = report(prose(1) + " " + prose(2, 50), day=2)
    assert (head_of(first), head_of(second)) == (None, first)
    pair = CopyPair.objects.get()
    assert (pair.first, pair.second) == (first, second)
    assert 0.7 < pair.similarity < 0.9
    assert pair.containment == 1


def test_other_articles_are_not_grouped():
    report(prose(1))
    report(prose(2))
    assert not ArticleCopy.objects.exists()


def test_the_earliest_is_the_head_in_whatever_order_they_come():
    late = report(prose(1) + " late", day=9)
    undated = report(prose(1) + " undated")
    Article.objects.filter(pk=undated.pk).update(published_on=None)
    middle = report(prose(1) + " middle", day=5)
    assert head_of(late) in (undated, middle)
    early = report(prose(1) + " early", day=1)
    assert [head_of(each) for each in (early, middle, late, undated)] == [None] + [early] * 3


def test_a_copy_of_two_makes_their_groups_one():
    first = report(prose(1), day=3)
    second = report(prose(2), day=2)
    third = report(prose(1) + " " + prose(2), day=4)
    assert [head_of(each) for each in (first, second, third)] == [second, None, second]


def test_linking_again_changes_nothing():
    articles = [report(prose(1) + f" {number}") for number in range(3)]
    before = list(CopyPair.objects.values()), list(ArticleCopy.objects.values())
    for each in articles:
        link_article(each)
    assert (list(CopyPair.objects.values()), list(ArticleCopy.objects.values())) == before


def links() -> tuple[list[tuple[int, ...]], ...]:
    pairs = CopyPair.objects.order_by("first", "second").values_list("first", "second")
    return list(pairs), list(ArticleCopy.objects.order_by("article").values_list("article", "head"))


def test_linking_a_lot_gives_what_linking_one_by_one_gives():
    texts = [prose(seed) + f" {n}" for seed in range(3) for n in range(3)]
    texts += [prose(0) + " " + prose(1), prose(9)]
    articles = [make_article(each, published_on=date(2024, 5, 1)) for each in texts]
    keys = [each.pk for each in articles]
    link_articles(keys[:4])
    link_articles(keys)
    together = links()
    assert len(together[0]) > len(together[1]) > 6
    unlink_articles(keys)
    assert links() == ([], [])
    for each in articles:
        link_article(each)
    assert links() == together


def test_linking_articles_that_are_gone_does_nothing():
    article = make_article(prose(1))
    link_articles([article.pk, article.pk + 1])
    assert ArticleSketch.objects.count() == 1
    assert link_articles([article.pk]).articles == 0


def test_an_import_groups_copies_and_an_exact_one_stays_a_duplicate():
    texts = [prose(1), prose(1) + " and more", prose(1)]
    documents = [Document(f"{n}.txt", each, len(each)) for n, each in enumerate(texts)]
    outcome, _ = load_documents(documents, channel="command")
    assert outcome.count(ImportItem.Outcome.DUPLICATE) == 1
    assert (Article.objects.count(), ArticleCopy.objects.count()) == (2, 1)


def test_taking_an_article_out_leaves_the_others_grouped_as_they_are_alike():
    first = report(prose(1))
    bridge = report(prose(1) + " " + prose(2), day=2)
    last = report(prose(2), day=3)
    more = report(prose(2) + " more", day=4)
    assert {head_of(each) for each in (bridge, last, more)} == {first}
    unlink_articles([bridge.pk])
    assert [head_of(each) for each in (first, bridge, last, more)] == [None, None, None, last]
    bridge.delete()
    first.delete()
    assert CopyPair.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_copies_linked_at_once_are_one_group():
    start = Barrier(2)
    errors: list[Exception] = []

    def store(extra: str) -> None:
        try:
            text = prose(1) + extra
            article = store_article(Document("a", text, 1, Facts()), [], Identities())
            with transaction.atomic():
                start.wait(10)
                link_articles([article.pk])
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=store, args=(extra,)) for extra in (" one", " two")]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert errors == []
    assert (Article.objects.count(), ArticleCopy.objects.count()) == (2, 1)


def link_duplicates(*arguments: str) -> str:
    out = StringIO()
    call_command("link_duplicates", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_links_what_is_not_linked_and_says_what_there_is():
    for number in range(3):
        make_article(prose(1) + f" {number}")
    make_article(prose(2))
    said = link_duplicates()
    assert said.startswith("4 articles linked")
    assert "In all 4 articles, of them 2 copies of 1;" in said
    assert link_duplicates().startswith("0 articles linked.")
    before = list(ArticleCopy.objects.values_list("article", "head"))
    assert link_duplicates("--rebuild").startswith("4 articles linked")
    assert list(ArticleCopy.objects.values_list("article", "head")) == before


def test_keys_made_another_way_are_made_anew():
    report(prose(1))
    ArticleSketch.objects.update(version=0)
    assert link_duplicates().startswith("1 articles linked")


# -- Pages --------------------------------------------------------------------------------------


@pytest.fixture
def copies() -> list[Article]:
    return [
        report(prose(1), title="Wire", outlet=make_outlet("The Wire")),
        report(prose(1) + " more", day=2, title="Same again", outlet=make_outlet("The Echo")),
        report(prose(1)[:800], day=3, title="In short"),
    ]


def titles(response) -> list[str]:
    return [article.title for article in response.context["page"].object_list]


def test_an_article_names_its_copies_with_outlet_date_and_similarity(client, copies):
    page = client.get(copies[0].get_absolute_url()).text
    assert "Also published as" in page
    assert copies[1].get_absolute_url() in page
    assert "The Echo" in page
    assert "2 May 2024" in page
    assert "99\u00a0% alike" in page
    assert "Also published as" in client.get(copies[2].get_absolute_url()).text
    assert "Also published as" not in client.get(report(prose(5)).get_absolute_url()).text


def test_a_copy_of_a_copy_is_named_without_a_similarity(client, copies):
    CopyPair.objects.filter(first=copies[0], second=copies[1]).delete()
    page = client.get(copies[0].get_absolute_url()).text
    assert "Same again" in page
    assert "by way of another copy" in page


def test_the_list_folds_copies_and_unfolds_them(client, copies):
    folded = client.get("/articles/")
    assert titles(folded) == ["Wire"]
    assert "and 2 copies" in folded.text
    assert "?copies=shown" in folded.text
    assert titles(client.get("/articles/", {"copies": "shown"})) == [
        "In short",
        "Same again",
        "Wire",
    ]


def test_quotes_of_copies_are_counted_as_before(client, copies):
    for each in copies:
        make_quote(each.text.split()[0], article=each)
    assert "3 quotes" in client.get("/").text
    assert titles(client.get("/articles/")) == ["Wire"]


def test_a_head_that_readers_may_not_see_hides_no_copy(client, copies):
    Article.objects.filter(pk=copies[0].pk).update(is_draft=True)
    assert titles(client.get("/articles/")) == ["In short", "Same again"]
    assert copies[0].get_absolute_url() not in client.get(copies[1].get_absolute_url()).text
    client.force_login(make_user("admin"))
    assert titles(client.get("/articles/")) == ["Wire"]


def test_copies_that_readers_may_not_see_are_not_counted(client, copies):
    Article.objects.filter(pk=copies[1].pk).update(is_draft=True)
    assert "and 1 copy" in client.get("/articles/").text


def test_the_folded_list_costs_the_same_for_any_number(client, django_assert_max_num_queries):
    for number in range(9):
        report(prose(number // 3) + f" {number}")
    with django_assert_max_num_queries(2):
        client.get("/articles/")
