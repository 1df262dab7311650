"""Writing issues and changing them, from the form and from what it says when something is amiss."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from statements import issue_keeping
from statements.issue_forms import OFFERED
from statements.issue_keeping import save_issue
from statements.labelling import record_label
from statements.models import ActorName, Guideline, Issue, QueueItem, Suggestion
from statements.models.issues import publish_guideline
from tests.factories import make_actor, make_article, make_issue, make_quote, make_user

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
NEW = "/issues/new/"

TOLL = {
    "title": "Road toll",
    "proposition": "The road toll should be kept",
    "kind": "proposition",
    "supports_pole": "for the toll",
    "opposes_pole": "against the toll",
    "terms": "toll\r\n",
    "double_percent": "20",
    "guideline": "Judge the speaker.",
}


@pytest.fixture
def lead(client):
    user = make_user("lead")
    client.force_login(user)
    return user


def edit_url(issue: Issue) -> str:
    return reverse("statements:issue_edit", args=[issue.slug])


def sent_for(issue: Issue, **changed: str) -> dict[str, str]:
    """What the edit form sends when only these fields were changed."""
    guideline = issue.guideline
    return {
        "title": issue.title,
        "proposition": issue.proposition,
        "kind": issue.kind,
        "actor": issue.actor.name if issue.actor else "",
        "chosen": issue.actor.slug if issue.actor else "",
        "supports_pole": issue.supports_pole,
        "opposes_pole": issue.opposes_pole,
        "terms": "\r\n".join(issue.terms),
        "counter_terms": "\r\n".join(issue.counter_terms),
        "parent": issue.parent.slug if issue.parent else "",
        "double_percent": str(issue.double_percent),
        "guideline": guideline.text.replace("\n", "\r\n") if guideline else "",
        "based_on": str(guideline.number if guideline else 0),
    } | changed


# -- Who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/issues/new/", "/issues/new/actors/", "/issues/toll/edit/"])
def test_the_forms_ask_visitors_to_sign_in_and_are_closed_to_editors(client, path):
    make_issue(slug="toll")
    response = client.get(path)
    assert (response.status_code, response.url) == (302, f"/accounts/login/?next={path}")
    client.force_login(make_user("editor"))
    assert client.get(path).status_code == 403
    assert client.post(path, TOLL).status_code in {403, 405}
    assert Issue.objects.count() == 1


@pytest.mark.parametrize("role", ["lead", "admin"])
def test_leads_and_admins_write_issues(client, role):
    client.force_login(make_user(role))
    assert client.get(NEW).status_code == 200
    response = client.post(NEW, TOLL, follow=True)
    assert response.redirect_chain == [("/issues/road-toll/", 302)]


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("", {"Guidelines"}),
        ("editor", {"Guidelines", "Judge quotes"}),
        ("lead", {"Guidelines", "Judge quotes", "Edit"}),
    ],
)
@pytest.mark.parametrize("path", ["/issues/", "/issues/toll/"])
def test_an_issue_links_to_what_one_may_do_with_it(client, path, role, words):
    make_issue(slug="toll")
    if role:
        client.force_login(make_user(role))
    page = client.get(path).text
    links = ("Guidelines", "Judge quotes", "Edit")
    assert {each for each in links if f">{each}<span" in page} == words
    assert ("New issue" in page) is (role == "lead" and path == "/issues/")


# -- What saving does ----------------------------------------------------------------------------


def test_a_new_issue_has_slug_guideline_queue_and_suggestions(client, lead):
    quote = make_quote("We firmly oppose the toll and will not pay it")
    page = client.post(NEW, TOLL, follow=True).text
    issue = Issue.objects.get()
    assert (issue.slug, issue.title, issue.terms) == ("road-toll", "Road toll", ["toll"])
    guideline = Guideline.objects.get()
    assert (guideline.issue, guideline.number, guideline.published_by) == (issue, 1, lead)
    assert QueueItem.objects.get().quote == quote
    assert Suggestion.objects.get().label == "opposes"
    assert "Version 1 of the guideline is published. 1 quote came to its queue." in page


def test_titles_alike_get_slugs_of_their_own_and_none_hides_a_page(client, lead):
    for title in ("Road toll", "Road  Toll!", "New"):
        client.post(NEW, TOLL | {"title": title})
    assert set(Issue.objects.values_list("slug", flat=True)) == {
        "road-toll",
        "road-toll-2",
        "new-2",
    }


def test_terms_are_trimmed_and_doubles_dropped(client, lead):
    client.post(NEW, TOLL | {"terms": "  toll \r\n\r\nroad   charge\r\ntoll\r\n"})
    assert Issue.objects.get().terms == ["toll", "road charge"]


def test_an_htmx_save_moves_to_the_issue(client, lead):
    response = client.post(NEW, TOLL, headers=HTMX)
    assert response.headers["HX-Redirect"] == "/issues/road-toll/"


def test_new_terms_bring_more_quotes_and_the_others_stay(client, lead):
    make_quote("The toll stays")
    make_quote("We oppose the vignette")
    issue = save_issue(make_issue(terms=["toll"])).issue
    assert QueueItem.objects.count() == 1
    client.post(edit_url(issue), sent_for(issue, terms="vignette"))
    assert QueueItem.objects.count() == 2
    assert Suggestion.objects.filter(issue=issue, quote__content__contains="vignette").exists()


def test_another_share_is_drawn_when_it_changes(client, lead):
    make_quote("The toll stays")
    issue = save_issue(make_issue(terms=["toll"], double_percent=0)).issue
    client.post(edit_url(issue), sent_for(issue, double_percent="100"))
    assert QueueItem.objects.get().is_double


def test_only_so_many_suggestions_are_made_at_once(monkeypatch):
    monkeypatch.setattr(issue_keeping, "SUGGEST_AT_ONCE", 2)
    for n in range(4):
        make_quote(f"We firmly oppose the toll {n}")
    save_issue(
        Issue(**{k: v for k, v in TOLL.items() if k not in {"guideline", "terms"}}, terms=["toll"])
    )
    assert (QueueItem.objects.count(), Suggestion.objects.count()) == (4, 2)


def test_saving_again_without_a_change_changes_nothing():
    issue = make_issue(terms=["toll"])
    assert save_issue(issue, guideline="Judge.").is_changed
    again = save_issue(Issue.objects.get(), guideline="Judge.")
    assert (again.is_new, again.is_changed, again.published) == (False, False, None)
    assert Guideline.objects.count() == 1


# -- The guideline -------------------------------------------------------------------------------


def test_a_changed_guideline_is_announced_and_becomes_the_next_version(client, lead):
    issue = make_issue(terms=["toll"])
    publish_guideline(issue, "Judge the speaker.\n\nNot the article.")
    assert "Saving publishes version 2" in client.get(edit_url(issue)).text
    client.post(edit_url(issue), sent_for(issue, guideline="Judge only the speaker."))
    assert [each.text for each in issue.guidelines.order_by("number")] == [
        "Judge the speaker.\n\nNot the article.",
        "Judge only the speaker.",
    ]


def test_a_guideline_that_was_not_touched_publishes_nothing(client, lead):
    issue = make_issue(terms=["toll"])
    publish_guideline(issue, "Judge the speaker.\n\nNot the article.")
    response = client.post(edit_url(issue), sent_for(issue, title="Toll"))
    assert response.status_code == 302
    assert Guideline.objects.count() == 1


def test_a_published_guideline_cannot_be_emptied(client, lead):
    issue = make_issue(terms=["toll"])
    publish_guideline(issue, "Judge the speaker.")
    response = client.post(edit_url(issue), sent_for(issue, guideline=" "))
    assert response.status_code == 422
    assert "write the text of version 2" in response.text


def test_a_version_that_came_meanwhile_is_neither_undone_nor_passed_over(client, lead):
    issue = make_issue(terms=["toll"])
    publish_guideline(issue, "First.")
    untouched = sent_for(issue, title="Toll")
    rewritten = sent_for(issue, guideline="First, and more.")
    publish_guideline(issue, "Second.")
    assert client.post(edit_url(issue), untouched).status_code == 302
    assert issue.guidelines.count() == 2
    response = client.post(edit_url(issue), rewritten)
    assert response.status_code == 422
    assert "Version 2 was published while you were writing" in response.text
    assert 'name="based_on" value="2"' in response.text
    client.post(edit_url(issue), rewritten | {"based_on": "2"})
    assert issue.guidelines.get(number=3).text == "First, and more."


def test_the_form_says_how_much_has_been_judged(client, lead):
    issue = save_issue(make_issue(terms=["toll"])).issue
    record_label(quote=make_quote(), issue=issue, editor=make_user("editor"), label="neutral")
    page = client.get(edit_url(issue)).text
    assert "0 quotes in the queue, 1 label." in page
    assert "Labels stay as they are" in page


# -- Errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"title": " "}, "title", "Write a title"),
        ({"title": "x" * 121}, "title", "at most 120 characters"),
        ({"proposition": ""}, "proposition", "Write the sentence"),
        ({"proposition": "Road toll"}, "proposition", "not only its topic"),
        ({"kind": "mood"}, "kind", "Select a valid choice"),
        ({"kind": ""}, "kind", "Choose whether"),
        ({"supports_pole": ""}, "supports_pole", "Name the side that agrees"),
        ({"opposes_pole": "For the toll"}, "opposes_pole", "different names"),
        ({"terms": "\r\n "}, "terms", "no quote reaches the queue of this issue except by hand"),
        ({"terms": "x" * 81}, "terms", "shorten it to 80"),
        ({"counter_terms": "Toll"}, "counter_terms", "“toll” stands in both lists"),
        ({"double_percent": "101"}, "double_percent", "from 0 to 100"),
        ({"double_percent": "-1"}, "double_percent", "from 0 to 100"),
        ({"double_percent": ""}, "double_percent", "from 0 to 100"),
        ({"parent": "none"}, "parent", "Choose an issue that is there"),
    ],
)
def test_an_error_names_the_field_and_says_what_to_do(client, lead, headers, changed, field, words):
    response = client.post(NEW, TOLL | changed, headers=headers)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert words in response.text
    assert f'id="issue-{field}_error"' in response.text
    assert "Judge the speaker." in response.text
    assert ("<html" in response.text) is (not headers)
    assert not Issue.objects.exists()


def test_terms_for_one_side_alone_are_enough(client, lead):
    client.post(NEW, TOLL | {"terms": "", "counter_terms": "free roads"})
    assert Issue.objects.get().counter_terms == ["free roads"]


def test_an_issue_is_part_of_no_part_of_its_own(client, lead):
    top = make_issue(slug="top", terms=["x"])
    middle = make_issue(slug="middle", parent=top, terms=["x"])
    low = make_issue(slug="low", parent=middle, terms=["x"])
    for parent in (top, middle, low):
        response = client.post(edit_url(top), sent_for(top, parent=parent.slug))
        assert response.status_code == 422
        assert "is not itself part of this one" in response.text
    assert client.post(edit_url(low), sent_for(low, parent="top")).status_code == 302
    top.parent = low
    with pytest.raises(ValidationError, match="cannot be part of itself"):
        save_issue(top)


# -- Attitudes toward actors ---------------------------------------------------------------------


@pytest.fixture
def ministry():
    actor = make_actor("Ministère de la Santé", type="government")
    ActorName.objects.create(actor=actor, text="MdS", kind="acronym")
    return actor


ATTITUDE = TOLL | {"kind": "actor", "terms": ""}


@pytest.mark.parametrize("typed", ["ministere de la  sante", "MDS", "ministere-de-la-sante"])
def test_an_actor_is_meant_by_any_of_its_names(client, lead, ministry, typed):
    article = make_article("“The MdS lies,” A said. “It is late,” B said.")
    about = make_quote("The MdS lies", article=article)
    make_quote("It is late", article=article)
    assert client.post(NEW, ATTITUDE | {"actor": typed}).status_code == 302
    assert Issue.objects.get().actor == ministry
    assert QueueItem.objects.get().quote == about


def test_the_actor_of_a_proposition_is_nobody(client, lead, ministry):
    client.post(NEW, TOLL | {"actor": "MdS"})
    assert Issue.objects.get().actor is None


def test_a_name_that_several_share_brings_a_choice(client, lead, ministry):
    other = make_actor("MDS")
    sent = ATTITUDE | {"actor": "mds"}
    response = client.post(NEW, sent)
    assert response.status_code == 422
    assert "Several actors are called “mds”" in response.text
    for actor in (ministry, other):
        assert f'name="chosen" value="{actor.slug}"' in response.text
    assert client.post(NEW, sent | {"chosen": other.slug}).status_code == 302
    assert Issue.objects.get().actor == other


def test_a_part_of_a_name_brings_those_that_have_it(client, lead, ministry):
    response = client.post(NEW, ATTITUDE | {"actor": "santé"})
    assert "No actor is called exactly “santé”" in response.text
    assert f'value="{ministry.slug}"' in response.text


def test_a_choice_made_for_another_name_does_not_count(client, lead, ministry):
    other = make_actor("River League")
    client.post(NEW, ATTITUDE | {"actor": "River League", "chosen": ministry.slug})
    assert Issue.objects.get().actor == other


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "Type the name of the actor"), ("nobody", "No actor has “nobody” in its name")],
)
def test_an_actor_that_is_not_found_is_asked_for(client, lead, ministry, typed, words):
    response = client.post(NEW, ATTITUDE | {"actor": typed})
    assert (response.status_code, words in response.text) == (422, True)


def test_there_is_one_issue_per_actor(client, lead, ministry):
    issue = make_issue(kind="actor", actor=ministry, title="On the ministry")
    response = client.post(NEW, ATTITUDE | {"actor": "MdS"})
    assert "judged on “On the ministry” already" in response.text
    assert client.post(edit_url(issue), sent_for(issue, title="Renamed")).status_code == 302


def test_actors_are_offered_while_a_name_is_typed(client, lead, ministry):
    for n in range(OFFERED + 1):
        make_actor(f"League {n}")
    page = client.get("/issues/new/actors/", {"actor": "league"}, headers=HTMX).text
    assert page.count('name="chosen"') == OFFERED
    assert "There are more" in page
    assert "<html" not in page
    page = client.get("/issues/new/actors/", {"actor": "MDS"}, headers=HTMX).text
    assert f'value="{ministry.slug}" checked' in page
    for typed in ("", "\0", "nobody"):
        page = client.get("/issues/new/actors/", {"actor": typed}, headers=HTMX).text
        assert "chosen" not in page
    assert client.get("/issues/new/actors/").url == NEW


def test_a_lead_asks_on_an_actors_page_how_others_see_it(client, lead, ministry):
    address = f"{NEW}?actor={ministry.slug}"
    assert address in client.get(ministry.get_absolute_url()).text
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    assert (sent["kind"], sent["chosen"]) == ("actor", ministry.slug)
    assert "Ministère de la Santé" in sent["guideline"]
    sent = {name: value for name, value in sent.items() if value is not None}
    assert client.post(NEW, sent | {"terms": "", "counter_terms": ""}).status_code == 302
    issue = Issue.objects.get()
    assert (issue.title, issue.actor) == ("Attitude toward Ministère de la Santé", ministry)
    assert client.get(address).url == issue.get_absolute_url()


def test_every_reader_finds_how_others_see_an_actor_once_it_is_asked(client, ministry):
    page = client.get(ministry.get_absolute_url()).text
    assert "how others see" not in page.lower()
    issue = make_issue(kind="actor", actor=ministry)
    page = client.get(ministry.get_absolute_url()).text
    assert f'href="{issue.get_absolute_url()}">How others see Ministère de la Santé' in page


def test_an_actor_with_a_very_long_name_still_fits(client, lead):
    actor = make_actor("League of " + "very " * 36 + "long names")
    form = client.get(f"{NEW}?actor={actor.slug}").context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    assert client.post(NEW, sent | {"terms": "", "counter_terms": ""}).status_code == 302
