"""The desk's pages on who is who."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from statements.identity_editing import rename
from statements.merging import merge
from statements.models import Actor, Affiliation, IdentityEvent, Quote, Speaker
from tests.factories import (
    make_actor,
    make_article,
    make_issue,
    make_outlet,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db

LIST = "/desk/identities/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead(client):
    user = make_user("lead")
    client.force_login(user)
    return user


def address(identity, name: str = "identity", *more: str) -> str:
    kind = "actor" if isinstance(identity, Actor) else "speaker"
    return reverse(f"statements:{name}", args=[kind, identity.slug, *more])


def send(client, identity, do: str, *, headers: dict[str, str] | None = None, **values: Any):
    path = address(identity, "identity_edit", do)
    return client.post(path, values, headers=headers or {})


def listed(response) -> list[str]:
    return [each.name for each, _, _ in response.context["rows"]]


@pytest.mark.parametrize(
    ("role", "status"), [("", 403), ("editor", 403), ("lead", 200), ("admin", 200)]
)
def test_leads_and_admins_may_change_identities(client, role, status):
    client.force_login(make_user(role))
    actor = make_actor()
    for path in (LIST, address(actor), address(actor, "identity_merge"), f"{LIST}import/"):
        assert client.get(path).status_code == status, path


def test_who_is_not_signed_in_is_asked_to(client):
    assert client.get(LIST).url == f"/accounts/login/?next={LIST}"


def test_provisional_speakers_are_listed_with_evidence_and_likely_matches(client, lead):
    speaker = make_speaker("Hari Holt")
    make_speaker("H. Holt", standing="confirmed")
    make_quote("We will pay", speaker=speaker, role="water minister")
    response = client.get(LIST)
    assert listed(response) == ["Hari Holt"]
    for words in ("1 quote in 1 article", "water minister", "We will pay", "Same as H. Holt?"):
        assert words in response.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"kind": "actor"}, ["River Watch"]),
        ({"kind": "actor", "standing": "confirmed"}, ["Varonia"]),
        ({"kind": "actor", "standing": "all"}, ["River Watch", "Varonia"]),
        ({"kind": "actor", "standing": "all", "q": "WATCH"}, ["River Watch"]),
        ({"kind": "goblins", "standing": "x", "q": "\0"}, ["Ada Orme"]),
    ],
)
def test_the_list_is_narrowed_by_kind_standing_and_name(client, lead, query, names):
    make_actor("River Watch")
    make_actor("Varonia", standing="confirmed")
    make_speaker("Ada Orme")
    assert listed(client.get(LIST, query)) == names


def test_the_list_has_pages_that_begin_where_the_last_one_ended(client, lead):
    for number in range(25):
        make_speaker(f"Person {number:02}")
    first = client.get(LIST)
    second = client.get(LIST + first.context["next_query"])
    assert len(listed(first)) == 20
    assert listed(second) == [f"Person {number:02}" for number in range(20, 25)]
    assert "First page" in second.text


def test_confirming_in_the_list_leaves_the_reader_in_the_list(client, lead):
    speaker, here = make_speaker("Hari Holt"), {"from": "list"}
    path = address(speaker, "identity_edit", "confirm")
    swap = client.post(path, here, headers=HTMX)
    assert "Confirmed “Hari Holt”." in swap.text
    assert reverse("statements:identity_undo", args=[IdentityEvent.objects.get().pk]) in swap.text
    response = client.post(address(make_actor(), "identity_edit", "confirm"), here)
    assert response.url == f"{LIST}?kind=actor"


def test_the_list_costs_the_same_for_any_number(client, lead, django_assert_max_num_queries):
    for number in range(15):
        make_quote(speaker=make_speaker(f"Person {number}"))
    with django_assert_max_num_queries(20):
        client.get(LIST)


def test_the_pages_of_readers_and_the_desk_lead_here_for_those_who_may(client):
    actor, speaker = make_actor(), make_speaker()
    edit = f'href="{address(actor)}"'
    assert edit not in client.get(actor.get_absolute_url()).text
    client.force_login(make_user("lead"))
    assert edit in client.get(actor.get_absolute_url()).text
    assert f'href="{address(speaker)}"' in client.get(speaker.get_absolute_url()).text
    client.force_login(make_user("admin"))
    assert f'href="{LIST}?kind=actor"' in client.get("/desk/").text


def test_editors_see_on_the_page_of_readers_what_was_done(client, lead):
    actor = make_actor("U.N.")
    rename(actor, "United Nations", editor=lead)
    said = "Renamed “U.N.” to “United Nations”."
    assert said in client.get(actor.get_absolute_url()).text
    client.force_login(make_user("editor"))
    page = client.get(actor.get_absolute_url()).text
    assert said in page
    assert "identity_undo" not in page
    client.logout()
    assert said not in client.get(actor.get_absolute_url()).text


def test_steps_change_the_identity_and_say_so(client, lead):
    actor, parent = make_actor("U.N."), make_actor("World")
    make_quote(actor=actor)
    steps: list[tuple[str, dict[str, Any]]] = [
        ("confirm", {}),
        ("rename", {"name": "United  Nations"}),
        ("retype", {"type": "intergovernmental", "country": "us"}),
        ("parent", {"who": "world"}),
        ("alias", {"text": "UNO", "kind": "acronym"}),
    ]
    for do, values in steps:
        response = send(client, actor, do, **values)
        assert (response.status_code, response.url) == (302, address(actor))
    actor.refresh_from_db()
    assert (actor.standing, actor.name, actor.type, actor.country, actor.parent) == (
        "confirmed",
        "United Nations",
        "intergovernmental",
        "US",
        parent,
    )
    assert set(actor.names.values_list("text", "kind")) == {
        ("U.N.", "alias"),
        ("United Nations", "primary"),
        ("UNO", "acronym"),
    }
    assert Quote.objects.get().actor_type == "intergovernmental"
    send(client, actor, "parent", who="")
    send(client, actor, "unalias", name=actor.names.get(text="UNO").pk)
    actor.refresh_from_db()
    assert actor.parent is None
    assert IdentityEvent.objects.count() == 7
    assert {event.editor for event in IdentityEvent.objects.all()} == {lead}


def test_a_post_is_added_with_its_days(client, lead):
    speaker, actor = make_speaker(), make_actor("Varonia")
    values: dict[str, Any] = {"who": "varonia", "post": "minister", "since": "2020-05-01"}
    values |= {"until": "2022-01-31"}
    assert send(client, speaker, "affiliation", **values).status_code == 302
    post = Affiliation.objects.get()
    assert (post.actor, post.post, post.since, post.standing) == (
        actor,
        "minister",
        date(2020, 5, 1),
        "confirmed",
    )


@pytest.mark.parametrize(
    ("do", "values", "reason"),
    [
        ("rename", {"name": " "}, "Type the name"),
        ("rename", {"name": "…"}, "Type a name."),
        ("retype", {"type": "goblin"}, "goblin"),
        ("retype", {"type": "ngo", "country": "ZZ"}, "code of no country"),
        ("parent", {"who": "Nobody"}, "Nobody here is called"),
        ("parent", {"who": "Part"}, "own part"),
        ("alias", {"text": "Part", "kind": "alias"}, "merge the two"),
        ("unalias", {"name": "0"}, "gone already"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(client, lead, do, values, reason):
    actor = make_actor("Whole")
    make_actor("Part", parent=actor)
    response = send(client, actor, do, headers=HTMX, **values)
    assert response.status_code == 422
    assert reason in response.text
    assert "<html" not in response.text
    assert not IdentityEvent.objects.exists()


def test_of_namesakes_one_is_chosen(client, lead):
    actor = make_actor("Ministry")
    first, second = make_actor("Georgia"), make_actor("Georgia team")
    rename(second, "Georgia", editor=None)
    response = send(client, actor, "parent", headers=HTMX, who="Georgia")
    assert response.status_code == 422
    assert "Choose which of these" in response.text
    send(client, actor, "parent", who="Georgia", chosen=second.slug)
    actor.refresh_from_db()
    assert actor.parent == second != first


def test_a_swap_brings_the_identity_as_it_is_then(client, lead):
    speaker = make_speaker("H. Holt")
    response = send(client, speaker, "rename", headers=HTMX, name="Hari Holt")
    assert "Renamed “H. Holt” to “Hari Holt”." in response.text
    assert "<h1>Hari Holt</h1>" in response.text
    assert (
        "That is so already" in send(client, speaker, "rename", headers=HTMX, name="Hari Holt").text
    )


def test_a_merge_shows_what_moves_before_it_is_done(client, lead):
    gone, survivor = make_speaker("H. Holt"), make_speaker("Hari Holt")
    make_quote("We will pay", speaker=gone)
    page = client.get(address(gone, "identity_merge"), {"who": "Hari Holt"})
    for words in ("What moves", "We will pay", "Merge into Hari Holt", "The other way round"):
        assert words in page.text
    seen = {"who": survivor.slug, "chosen": survivor.slug, "seen": page.context["preview"].seen}
    response = client.post(address(gone, "identity_merge"), seen)
    assert (response.status_code, response.url) == (302, address(survivor))
    assert Quote.objects.get().speaker == survivor
    assert client.get(address(gone)).url == address(survivor)
    assert "Merged “H. Holt” into “Hari Holt”" in client.get(address(survivor)).text


def test_a_merge_that_grew_since_it_was_looked_at_is_shown_again(client, lead):
    gone, survivor = make_speaker("H. Holt"), make_speaker("Hari Holt")
    page = client.get(address(gone, "identity_merge"), {"who": "Hari Holt"})
    make_quote(speaker=gone)
    seen = {"who": survivor.slug, "chosen": survivor.slug, "seen": page.context["preview"].seen}
    response = client.post(address(gone, "identity_merge"), seen, headers=HTMX)
    assert response.status_code == 422
    assert "More has come in since you looked" in response.text
    assert Quote.objects.get().speaker == gone


def test_a_merge_that_cannot_be_says_why(client, lead):
    gone, survivor = make_actor("U.N."), make_actor("United Nations")
    for actor in (gone, survivor):
        make_issue(kind="actor", actor=actor)
    page = client.get(address(gone, "identity_merge"), {"who": "United Nations"})
    assert "An actor has one such issue" in page.text
    assert "Merge into" not in page.text
    assert "Nobody here is called" in client.get(address(gone, "identity_merge"), {"who": "X"}).text


def test_quotes_are_split_off_one_by_one_or_by_outlet(client, lead):
    source = make_speaker("A. Orme")
    here, there = make_article("“One,” she said.", outlet=make_outlet("Here")), make_outlet("There")
    one = make_quote("One", article=here, speaker=source)
    two = make_quote("Two", article=make_article("“Two.”", outlet=there), speaker=source)
    three = make_quote("Three", article=make_article("“Three.”", outlet=there), speaker=source)
    page = client.get(address(source, "identity_split"), {"outlet": "there"})
    assert {quote.pk for quote in page.context["page"].rows} == {two.pk, three.pk}
    path = address(source, "identity_split")
    response = client.post(path, {"which": "picked", "quote": [one.pk], "who": "Ada Orme"})
    ada = Speaker.objects.get(name="Ada Orme")
    assert response.url == address(ada)
    response = client.post(path, {"which": "all", "outlet": "there", "who": "Anna Orme"})
    anna = Speaker.objects.get(name="Anna Orme")
    assert {(each.pk, each.speaker) for each in Quote.objects.all()} == {
        (one.pk, ada),
        (two.pk, anna),
        (three.pk, anna),
    }


def test_a_split_says_what_is_missing_and_keeps_what_was_chosen(client, lead):
    source, other = make_speaker("A. Orme"), make_speaker("Ada Orme")
    quote = make_quote(speaker=source)
    path = address(source, "identity_split")
    response = client.post(path, {"quote": [quote.pk], "who": ""}, headers=HTMX)
    assert response.status_code == 422
    assert "Type the name" in response.text
    assert response.context["picked"] == {str(quote.pk)}
    assert "at least one quote" in client.post(path, {"who": "Ada Orme"}).text
    for value in ("x", "9" * 30):
        assert client.post(path, {"quote": [value], "who": "Ada Orme"}).status_code == 422
    part = {"quote": [quote.pk], "who": "Orme"}
    assert "Choose who of these" in client.post(path, part).text
    client.post(path, part | {"chosen": "new"})
    assert Speaker.objects.filter(name="Orme").exists()
    assert not Quote.objects.filter(speaker=other).exists()


def test_bad_conditions_of_a_split_are_left_out(client, lead):
    source = make_speaker()
    make_quote(speaker=source)
    page = client.get(address(source, "identity_split"), {"article": "no-uuid", "role": "\0"})
    assert page.context["total"] == 1


def test_a_step_is_undone_from_the_page_and_what_forbids_it_is_said(client, lead):
    first, second, third = (make_speaker(name) for name in ("H. Holt", "Hari Holt", "Harri Holt"))
    one = merge(first, second, editor=lead)
    two = merge(second, third, editor=lead)
    page = client.get(address(third))
    assert [event.pk for event in page.context["events"]] == [two.pk]
    back = {"kind": "speaker", "slug": third.slug}
    refused = client.post(reverse("statements:identity_undo", args=[one.pk]), back, follow=True)
    assert "undo that first" in refused.text
    done = client.post(reverse("statements:identity_undo", args=[two.pk]), back, follow=True)
    assert "Undone: Merged “Hari Holt”" in done.text
    assert "undone by" in done.text
    swap = client.post(reverse("statements:identity_undo", args=[one.pk]), back, headers=HTMX)
    assert swap.headers["HX-Redirect"] == address(third)
    assert not Speaker.objects.filter(merged_into__isnull=False).exists()


def test_names_are_offered_while_they_are_typed(client, lead):
    make_actor("River Watch")
    path = reverse("statements:identity_names", args=["actor"])
    assert "River Watch" in client.get(path, {"who": "riv"}, headers=HTMX).text
    assert client.get(path).url == LIST
    for missing in ("/desk/identities/goblin/", "/desk/identities/goblin/x/"):
        assert client.get(missing, headers=HTMX).status_code == 404
    assert send(client, make_actor("Whole"), "affiliation").status_code == 404
