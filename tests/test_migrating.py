"""Upgrades: from each earlier state, with what was stored in it, and beside people at work."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from tests.scratch import address_here, contents, other_database, schema

STATES = sorted(name for app, name in MigrationLoader(None).disk_migrations if app == "statements")
TEXT = "Tolls\n\n“We keep the toll,” said Ana Ruiz."
WORDS = "We keep the toll"


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def database(transactional_db: None) -> Iterator[str]:
    with other_database() as name:
        yield name


@pytest.fixture(scope="module")
def fresh(django_db_setup: None, django_db_blocker: Any) -> set[tuple[str, ...]]:
    """The schema that a new installation gets."""
    with django_db_blocker.unblock(), other_database():
        call_command("migrate", verbosity=0)
        return described()


def described() -> set[tuple[str, ...]]:
    with connection.cursor() as cursor:
        return schema(cursor)


def fill(state: str) -> None:
    """Store one of everything that people would miss, as the version of that state did."""
    apps = MigrationExecutor(connection).loader.project_state([("statements", state)]).apps

    def add(model_name: str, **values: Any) -> Any:
        model = apps.get_model("statements", model_name)
        known = {field.name for field in model._meta.get_fields()}
        return model.objects.create(
            **{each: value for each, value in values.items() if each in known}
        )

    user = apps.get_model("auth", "User").objects.create(username="editor")
    article = add(
        "Article",
        title="Tolls",
        text=TEXT,
        text_hash="0" * 64,
        outlet=add("Outlet", slug="gazette", name="The Gazette"),
    )
    speaker = add("Speaker", slug="ana-ruiz", name="Ana Ruiz", sort_name="ruiz ana")
    add("SpeakerName", speaker=speaker, text="Ana Ruiz", key="ana ruiz", kind="primary")
    actor = add("Actor", slug="spain", name="Spain", sort_name="spain", type="government")
    add("ActorName", actor=actor, text="Spain", key="spain", kind="primary")
    add("Affiliation", speaker=speaker, actor=actor, post="minister")
    start = TEXT.index(WORDS)
    place = {"start": start, "end": start + len(WORDS), "content": WORDS}
    quote = add(
        "Quote",
        article=article,
        speaker=speaker,
        actor=actor,
        actor_type="government",
        attribution="stated",
        kind="direct",
        **place,
    )
    add("QuotePart", quote=quote, ordinal=0, **place)
    issue = add(
        "Issue",
        slug="tolls",
        title="Tolls",
        proposition="Tolls should go",
        supports_pole="backs it",
        opposes_pole="rejects it",
    )
    guideline = add("Guideline", issue=issue, number=1, text="Read it twice.", published_by=user)
    add(
        "StanceLabel",
        quote=quote,
        issue=issue,
        editor=user,
        label="opposes",
        note="Kept on.",
        guideline=guideline,
        created_at=timezone.now(),
    )
    add("Stance", quote=quote, issue=issue, label="opposes", standing="single", label_count=1)
    add("ImportBatch", channel="command", user=user)


def kept() -> list[tuple[object, ...]]:
    """What must still be said after an upgrade."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT a.uuid, a.title, a.text, o.name, q.uuid, q.content, q.start, q."end", '
            "q.kind, q.state, s.uuid, s.name, n.text, c.uuid, c.name, f.post, p.content, i.slug, "
            "i.proposition, g.text, l.label, l.note, u.username, b.uuid "
            "FROM statements_quote q JOIN statements_article a ON a.id = q.article_id "
            "JOIN statements_outlet o ON o.id = a.outlet_id "
            "JOIN statements_speaker s ON s.id = q.speaker_id "
            "JOIN statements_speakername n ON n.speaker_id = s.id "
            "JOIN statements_actor c ON c.id = q.actor_id "
            "JOIN statements_affiliation f ON f.speaker_id = s.id "
            "JOIN statements_quotepart p ON p.quote_id = q.id "
            "JOIN statements_stancelabel l ON l.quote_id = q.id AND l.is_current "
            "JOIN statements_issue i ON i.id = l.issue_id "
            "JOIN statements_guideline g ON g.id = l.guideline_id "
            "JOIN auth_user u ON u.id = l.editor_id CROSS JOIN statements_importbatch b"
        )
        return list(cursor.fetchall())


@pytest.mark.parametrize("state", STATES[:-1])
def test_an_upgrade_keeps_what_was_stored_and_ends_as_a_new_installation(database, fresh, state):
    call_command("migrate", "statements", state, verbosity=0)
    fill(state)
    before = kept()
    assert len(before) == 1
    call_command("migrate", verbosity=0)
    assert kept() == before
    assert described() == fresh
    with connection.cursor() as cursor:
        rows = contents(cursor)
    # A second run finds nothing to do, and does nothing.
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        assert contents(cursor) == rows


def test_an_upgrade_lets_others_pass_and_says_who_was_in_the_way(database):
    call_command("migrate", "statements", "0008", verbosity=0)
    at_work = psycopg2.connect(address_here())
    try:
        # As somebody does who has stored a quote and not yet committed.
        at_work.cursor().execute("LOCK TABLE statements_quote IN ROW EXCLUSIVE MODE")
        said = StringIO()
        with pytest.raises(CommandError, match=r"busy at each of 2 tries, and nothing of that"):
            call_command(
                "migrate", "statements", "0009", lock_timeout=0.1, tries=2, verbosity=0, stderr=said
            )
        assert "a table is busy; trying again (1 of 2)." in said.getvalue()
        assert ("statements", "0009_reports") not in MigrationRecorder(
            connection
        ).applied_migrations()
    finally:
        at_work.close()
    call_command("migrate", "statements", "0009", verbosity=0)
    assert ("statements", "0009_reports") in MigrationRecorder(connection).applied_migrations()


def test_an_upgrade_leaves_the_connection_as_it_was(database):
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
