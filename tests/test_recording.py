"""The record of changes: whatever changes a row, by whatever means, leaves who and what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from statements.ingest.documents import Document
from statements.ingest.loading import load_documents
from statements.merging import merge
from statements.models import (
    RECORDED,
    Actor,
    ActorName,
    Article,
    Change,
    Issue,
    Quote,
    QuotePart,
)
from statements.models.issues import publish_guideline
from statements.recording import _address, command_context, done_by
from statements.repairing import change_voice, repair_words
from tests.factories import (
    PASSWORD,
    make_actor,
    make_article,
    make_issue,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db


def last(kind: str) -> Change:
    return Change.objects.filter(kind=kind).latest("pk")


def told(change: Change) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after; nothing where it was added or removed."""
    return change.before or {}, change.after or {}


def run_sql(statement: str, values: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_change_by_page_says_who_made_it_where_and_what_stood_before(client):
    lead, actor = make_user("lead"), make_actor("U.N.", type="unknown")
    client.force_login(lead)
    path = reverse("statements:identity_edit", args=["actor", actor.slug, "retype"])
    client.post(path, {"type": "intergovernmental", "country": ""})
    change = last("actor")
    assert (change.done, change.keys, change.who) == ("changed", [actor.pk], lead.pk)
    assert change.before == {"type": "unknown"}
    assert change.after == {"type": "intergovernmental"}
    assert change.context == {"url": path}


def test_a_change_by_the_back_office_names_its_user(client):
    admin = make_user("admin", is_superuser=True)
    article = make_article(title="Toll stays")
    client.force_login(admin)
    path = reverse("admin:statements_article_change", args=[article.pk])
    page = client.get(path)
    form = page.context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields}
    response = client.post(path, sent | {"title": "Toll goes", "is_draft": "on"})
    assert response.status_code == 302
    change = last("article")
    assert (change.who, change.context["url"]) == (admin.pk, path)
    assert change.before == {"title": "Toll stays", "is_draft": False}
    assert change.after == {"title": "Toll goes", "is_draft": True}


def test_an_update_of_many_rows_is_one_change_that_names_them_all():
    quotes = [make_quote() for _ in range(3)]
    Quote.objects.filter(pk__in=[each.pk for each in quotes]).update(state="rejected")
    change = last("quote")
    assert sorted(change.keys) == sorted(each.pk for each in quotes)
    assert (change.key_count, change.before, change.after) == (
        3,
        {"state": "proposed"},
        {"state": "rejected"},
    )


def test_rows_that_were_not_alike_before_are_told_apart():
    first, second = make_quote(state="confirmed"), make_quote()
    Quote.objects.update(state="rejected")
    found = {tuple(each.keys): each.before for each in Change.objects.filter(kind="quote")}
    assert found == {(first.pk,): {"state": "confirmed"}, (second.pk,): {"state": "proposed"}}


def test_a_change_by_raw_sql_comes_from_outside_the_application():
    actor = make_actor("Oxfam")
    run_sql("UPDATE statements_actor SET name = 'Oxham' WHERE id = %s", [actor.pk])
    change = last("actor")
    assert (change.before, change.after) == ({"name": "Oxfam"}, {"name": "Oxham"})
    assert change.who is None
    assert change.context["role"]
    run_sql("DELETE FROM statements_actorname WHERE actor_id = %s", [actor.pk])
    change = last("actorname")
    assert (change.done, change.parents) == ("removed", [actor.pk])
    assert told(change)[0]["text"] == "Oxfam"


def test_a_command_and_a_task_name_themselves():
    actor = make_actor()
    with done_by(command="import_actors"):
        Actor.objects.update(summary="A league")
        with done_by(task="tidy", user=7):
            Actor.objects.update(summary="A club")
        Actor.objects.update(summary="A choir")
    Actor.objects.update(summary="")
    changes = Change.objects.filter(kind="actor", keys=[actor.pk], done="changed").order_by("pk")
    assert [(each.who, each.context.get("command")) for each in changes] == [
        (None, "import_actors"),
        (7, "import_actors"),
        (None, "import_actors"),
        (None, None),
    ]
    assert "role" in changes[3].context


@pytest.mark.parametrize(
    ("line", "who"),
    [
        (["manage.py", "import_actors", "x.csv"], {"command": "import_actors"}),
        (["manage.py", "ingest", "seeds"], {"command": "ingest", "reading": True}),
        (["manage.py", "worker"], None),
        (["manage.py"], None),
    ],
)
def test_what_a_command_line_says_of_who_writes(line, who):
    assert command_context(line) == who


def test_an_update_that_changes_nothing_writes_nothing():
    make_quote()
    make_actor()
    before = Change.objects.count()
    Quote.objects.update(state="proposed")
    Actor.objects.update(type="unknown")
    Quote.objects.update(confidence=0.5)  # What the pipeline thinks of it is no person's to change.
    for row in (*Quote.objects.all(), *Actor.objects.all()):
        row.save()
    assert Change.objects.count() == before


def test_reading_articles_adds_nothing_to_the_record():
    load_documents(
        [Document("1.txt", "Toll\n\n“It stays,” minister Ana Ruiz of Orsel said.", 50)],
        channel="command",
    )
    assert Quote.objects.exists()
    assert QuotePart.objects.exists()
    assert ActorName.objects.exists()
    assert not Change.objects.filter(done="added").exclude(kind="rolepermission").exists()


def test_an_article_that_is_pasted_is_read_without_a_record_of_its_parts(client):
    client.force_login(make_user("admin"))
    text = "Toll\n\n“It stays,” minister Ana Ruiz of Orsel said on Monday."
    assert client.post("/desk/", {"text": text}).status_code == 302
    assert QuotePart.objects.exists()
    assert not Change.objects.filter(kind__in=["quotepart", "actorname", "speaker"]).exists()


def test_repairing_a_quote_records_its_voice_its_words_and_its_parts():
    quote, editor, speaker = make_quote("The toll has to stay"), make_user("editor"), make_speaker()
    change_voice(quote, speaker=speaker, actor=None, editor=editor)
    change = last("quote")
    assert told(change)[0]["speaker_id"] is None
    assert (told(change)[1]["speaker_id"], told(change)[1]["attribution"]) == (
        speaker.pk,
        "confirmed",
    )
    quote.refresh_from_db()
    repair_words(quote, [(quote.start, quote.start + len("The toll"))], editor=editor)
    assert told(last("quote"))[1]["content"] == "The toll"
    parts = Change.objects.on("quote", quote.pk, parts=("quotepart",)).filter(kind="quotepart")
    assert [each.done for each in parts[:2]] == ["added", "removed"]


def test_a_merge_is_a_handful_of_changes_however_many_quotes_move():
    gone, kept = make_actor("U.N."), make_actor("United Nations", type="intergovernmental")
    quotes = [make_quote(actor=gone) for _ in range(5)]
    before = Change.objects.count()
    merge(gone, kept, editor=None)
    made = Change.objects.all()[: Change.objects.count() - before]
    assert {each.kind for each in made} == {"actor", "actorname", "quote"}
    (of_quotes,) = [each for each in made if each.kind == "quote"]
    assert sorted(of_quotes.keys) == sorted(each.pk for each in quotes)
    assert told(of_quotes)[1]["actor_id"] == kept.pk
    (of_name,) = [each for each in made if each.kind == "actorname"]
    assert sorted(of_name.parents) == sorted([gone.pk, kept.pk])


def test_issues_their_terms_and_guidelines_are_recorded():
    issue = make_issue(terms=["toll"])
    assert last("issue").done == "added"
    Issue.objects.filter(pk=issue.pk).update(terms=["toll", "fee"])
    assert last("issue").before == {"terms": ["toll"]}
    assert last("issue").after == {"terms": ["toll", "fee"]}
    publish_guideline(issue, "Judge what is said.")
    assert told(last("guideline"))[1]["text"] == "Judge what is said."
    assert last("guideline").parents == [issue.pk]


def test_accounts_are_recorded_and_nothing_of_their_passwords():
    user = make_user("editor", username="ana")
    assert told(last("account"))[1]["username"] == "ana"
    assert last("membership").after == {
        "user_id": user.pk,
        "group_id": Group.objects.get(name="editor").pk,
    }
    user.groups.set([Group.objects.get(name="lead")])
    assert [each.done for each in Change.objects.filter(kind="membership")[:2]] == [
        "added",
        "removed",
    ]
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert (last("account").before, last("account").after) == (
        {"is_active": True},
        {"is_active": False},
    )
    user.set_password("another one for tests")
    user.save(update_fields=["password"])
    assert (last("account").before, last("account").after) == (
        {"password": None},
        {"password": "set anew"},
    )
    kept = str(list(Change.objects.filter(kind="account").values_list("before", "after")))
    assert user.password not in kept
    assert "md5" not in kept
    User.objects.filter(pk=user.pk).update(last_login="2026-01-01T00:00Z")
    assert last("account").after == {"password": "set anew"}


def test_a_deleted_quote_leaves_its_words_and_voice():
    actor = make_actor()
    quote = make_quote("The toll stays", actor=actor, said_on=date(2024, 1, 2))
    QuotePart.objects.filter(quote=quote).delete()
    Quote.objects.filter(pk=quote.pk).delete()
    words, _ = told(last("quote"))
    assert (words["content"], words["actor_id"], words["said_on"]) == (
        "The toll stays",
        actor.pk,
        "2024-01-02",
    )


@pytest.mark.parametrize("step", ["update", "delete"])
def test_nobody_changes_or_deletes_what_is_recorded(step):
    make_actor()
    rows = Change.objects.all()
    with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
        rows.update(who=1) if step == "update" else rows.delete()
    assert rows.exists()


def test_every_recorded_column_is_one_that_people_may_change():
    generated = {
        (each.model.__name__, name)
        for each in RECORDED
        for name in each.fields
        if getattr(each.model._meta.get_field(name), "generated", False)
    }
    assert not generated


@pytest.mark.smoke
def test_the_triggers_of_the_migrations_are_those_of_the_models(transactional_db):
    import pgtrigger

    states = {
        trigger.get_installation_status(model)[0] for model, trigger in pgtrigger.registered()
    }
    assert states == {"INSTALLED"}


def test_who_only_reads_leaves_nothing(client):
    article = make_article()
    before = Change.objects.count()
    client.get(article.get_absolute_url())
    assert Change.objects.count() == before
    assert Article.objects.exists()


def test_an_address_that_may_sign_somebody_in_is_not_kept(client):
    user = make_user("editor")
    client.post("/accounts/login/", {"username": user.username, "password": PASSWORD})
    changed = Change.objects.filter(kind="account", who__isnull=False)
    assert not changed.exists()
    assert _address("/accounts/reset/NA/c0ffee-token/") == "/accounts/reset/"
