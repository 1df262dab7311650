"""Views of Explore under a name: saved, opened by others, renamed, deleted."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from statements.models import Change, SavedView
from statements.saved_view_forms import MOST
from tests.factories import make_actor, make_quote, make_user

pytestmark = pytest.mark.django_db

LIST = "/views/"
SWAP = {"HX-Request": "true"}


@pytest.fixture
def reader(client):
    user = make_user()
    client.force_login(user)
    return user


def make_view(owner, name: str = "NGOs", query: str = "type=ngo") -> SavedView:
    return SavedView.objects.create(owner=owner, name=name, query=query)


def test_a_reader_with_an_account_saves_what_is_shown(client, reader):
    make_quote(actor=make_actor(type="ngo"))
    query = "?type=ngo&q=stands&asof=2999-01-01&sort=oldest"
    assert "Save this view as" in client.get(f"/{query}").text
    answer = client.post(LIST, {"name": "  NGOs \t on it ", "query": query}, follow=True)
    view = SavedView.objects.get()
    assert (view.owner, view.name) == (reader, "NGOs on it")
    assert view.query == "type=ngo&q=stands&asof=2999-01-01&sort=oldest"
    assert answer.redirect_chain == [(f"/?{view.query}", 302)]
    assert "Saved as “NGOs on it”." in answer.text
    assert f'<a href="/?{view.query.replace("&", "&amp;")}" aria-current="true">' in answer.text


def test_what_no_filter_knows_is_not_saved(client, reader):
    client.post(LIST, {"name": "odd", "query": "?type=wizard&evil=1&after=xyz&from=soon"})
    assert SavedView.objects.get().query == ""
    assert client.get(SavedView.objects.get().get_absolute_url())["Location"] == "/"


def test_others_open_it_by_its_address_and_see_neither_name_nor_owner(client):
    view = make_view(make_user(username="rosa"), "Rosa's secret list")
    answer = client.get(view.get_absolute_url())
    assert (answer.status_code, answer["Location"]) == (302, "/?type=ngo")
    page = client.get(view.get_absolute_url(), follow=True).text
    assert "secret list" not in page
    assert "rosa" not in page


def test_nobody_sees_the_views_of_others(client, reader):
    make_view(make_user(), "not mine")
    assert "not mine" not in client.get("/").text
    page = client.get(LIST).text
    assert "not mine" not in page
    assert "No saved views yet" in page


def test_a_visitor_has_the_plain_address_and_is_led_to_sign_in(client):
    page = client.get("/?type=ngo").text
    assert "http://testserver/?type=ngo</p>" in page
    assert 'href="/accounts/login/?next=/%3Ftype%3Dngo"' in page
    assert "save-name" not in page
    answer = client.post(LIST, {"name": "x", "query": ""})
    assert answer["Location"].startswith("/accounts/login/")


def test_the_list_says_what_each_shows_and_where_it_opens(client, reader):
    view = make_view(reader)
    page = client.get(LIST).text
    assert "What NGOs said" in page
    assert f"http://testserver{view.get_absolute_url()}" in page


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Give it a name."),
        ("\u202e", "Give it a name."),
        ("x" * 81, "Use at most 80 letters."),
        ("ngos", "You have a view called “ngos” already."),
    ],
)
def test_a_name_that_cannot_be_used_comes_back(client, reader, name, said):
    make_view(reader)
    answer = client.post(LIST, {"name": name, "query": "?kind=direct"})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'name="query" value="?kind=direct"' in answer.text
    assert SavedView.objects.count() == 1


def test_others_may_use_the_same_name(client, reader):
    make_view(make_user(), "NGOs")
    client.post(LIST, {"name": "NGOs", "query": ""})
    assert SavedView.objects.of(reader).count() == 1


def test_two_windows_cannot_save_one_name_twice(reader):
    make_view(reader, "Dam")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_view(reader, "dam")


def test_there_is_an_end_to_what_one_person_keeps(client, reader):
    SavedView.objects.bulk_create(
        SavedView(owner=reader, name=f"view {number}") for number in range(MOST)
    )
    answer = client.post(LIST, {"name": "one more", "query": ""})
    assert answer.status_code == 422
    assert f"You have {MOST} saved views" in answer.text
    assert f"All {MOST} saved views" in client.get("/").text


def test_a_view_is_renamed_and_keeps_its_address(client, reader):
    view = make_view(reader)
    rename = reverse("statements:saved_view_rename", args=[view.uuid])
    answer = client.post(rename, {"name": "Watchdogs"}, follow=True)
    assert "It is called “Watchdogs” now." in answer.text
    view.refresh_from_db()
    assert (view.name, view.query) == ("Watchdogs", "type=ngo")
    swapped = client.post(rename, {"name": "watchdogs"}, headers=SWAP)
    assert swapped.status_code == 200
    assert "<html" not in swapped.text


def test_a_bad_new_name_stays_beside_its_view(client, reader):
    make_view(reader, "Dam")
    view = make_view(reader)
    rename = reverse("statements:saved_view_rename", args=[view.uuid])
    answer = client.post(rename, {"name": "Dam"}, headers=SWAP)
    assert answer.status_code == 422
    assert f'id="rename-{view.pk}" open' in answer.text
    assert f'aria-describedby="error-{view.pk}"' in answer.text
    view.refresh_from_db()
    assert view.name == "NGOs"


def test_a_deleted_view_opens_no_more(client, reader):
    view = make_view(reader)
    delete = reverse("statements:saved_view_delete", args=[view.uuid])
    assert "is deleted" in client.post(delete, follow=True).text
    assert client.get(view.get_absolute_url()).status_code == 404
    assert client.post(delete).status_code == 404


@pytest.mark.parametrize("do", ["rename", "delete"])
def test_nobody_changes_the_views_of_others(client, reader, do):
    view = make_view(make_user())
    answer = client.post(reverse(f"statements:saved_view_{do}", args=[view.uuid]), {"name": "x"})
    assert answer.status_code == 404
    assert SavedView.objects.get().name == "NGOs"


def test_whoever_was_merged_since_is_followed(client, reader):
    old, new = make_actor("River Watch"), make_actor("River Alliance")
    view = make_view(reader, query="actor=river-watch")
    old.merged_into = new
    old.save()
    page = client.get(view.get_absolute_url(), follow=True)
    assert page.redirect_chain[-1] == ("/?actor=river-alliance", 301)
    assert "What River Alliance said" in client.get(LIST).text


def test_each_step_is_in_the_record_of_changes(client, reader):
    client.post(LIST, {"name": "NGOs", "query": "?type=ngo"})
    view = SavedView.objects.get()
    client.post(reverse("statements:saved_view_rename", args=[view.uuid]), {"name": "Watchdogs"})
    client.post(reverse("statements:saved_view_delete", args=[view.uuid]))
    steps = Change.objects.filter(kind="savedview").order_by("pk")
    assert [(each.done, each.who) for each in steps] == [
        ("added", reader.pk),
        ("changed", reader.pk),
        ("removed", reader.pk),
    ]
    client.force_login(make_user("lead"))
    page = client.get("/desk/changes/?what=views").text
    assert "Saved view" in page
    assert "Watchdogs" in page


def test_the_page_costs_one_query_more_for_who_is_signed_in_whatever_was_saved(
    client, reader, django_assert_max_num_queries
):
    make_quote()
    for number in range(10):
        make_view(reader, f"view {number}")
    with django_assert_max_num_queries(24):
        client.get("/")
