"""Backups: made while the site works, checked, and brought back whole or not at all."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from io import StringIO
from pathlib import Path

import psycopg2
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from newsroom.backup import programs
from newsroom.localdb.errors import LocalServerError
from statements.ingest.documents import Document
from statements.ingest.importing import add_upload, open_batch
from statements.labelling import record_label
from statements.models import Article, Quote
from statements.models.issues import publish_guideline
from tests.factories import make_actor, make_issue, make_quote, make_speaker, make_user
from tests.scratch import address_here, address_of, contents, other_database, own_server, schema
from tests.test_plain_server import run_on

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled() -> Quote:
    """A quote on an issue, a label with its guard, and an upload whose bytes were kept."""
    actor = make_actor("Ministry of Tolls", type="government")
    quote = make_quote("“Élan”, he said — naïvely", actor=actor, speaker=make_speaker("Ana Ruiz"))
    issue = make_issue()
    publish_guideline(issue, "Read it twice.")
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="opposes")
    batch = open_batch(channel="upload", user=make_user("admin"))
    add_upload(batch, "a.txt", b"\x00\xff bytes", [Document("a.txt", "A text.", 7)])
    return quote


@pytest.fixture
def backup(filled: Quote, tmp_path: Path) -> Path:
    place = tmp_path / "kept.backup"
    call_command("backup", str(place), stdout=StringIO())
    return place


def told(command: str, *options: str) -> str:
    out = StringIO()
    call_command(command, *options, stdout=out)
    return out.getvalue()


def here() -> dict[str, str | None]:
    joined = psycopg2.connect(address_here())
    try:
        return contents(joined.cursor())
    finally:
        joined.close()


def test_a_backup_is_one_private_file_and_says_what_it_holds(backup):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert list(backup.parent.iterdir()) == [backup]
    with zipfile.ZipFile(backup) as archive:
        assert archive.namelist() == ["database.dump", "manifest.json"]
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["rows"]["statements_quote"] == 1
    assert manifest["rows"]["statements_importfile"] == 1
    assert "0001_initial" in manifest["migrations"]["statements"]
    assert told("backup", "--check", str(backup)).startswith("Whole: made 2")


def test_everything_comes_back_on_another_server(backup):
    before = here()
    with own_server() as server:
        server.create_database("restored")
        address = address_of(server, "restored")
        done = run_on(address, backup.parent / "var", "manage.py", "restore", str(backup))
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("Restored as of ")
        theirs, ours = psycopg2.connect(address), psycopg2.connect(address_here())
        try:
            assert contents(theirs.cursor()) == before
            assert schema(theirs.cursor()) == schema(ours.cursor())
        finally:
            theirs.close()
            ours.close()


def test_a_database_that_is_not_empty_stays_unless_it_may_be_replaced(backup):
    before = here()
    article = Article.objects.get()
    make_quote("A later quote")
    with pytest.raises(CommandError, match="Restore into an empty one, or add --replace"):
        told("restore", str(backup))
    assert Quote.objects.count() == 2
    assert "Restored as of" in told("restore", "--replace", str(backup))
    assert here() == before
    # The sequences came back too.
    assert make_quote("After it").article.pk > article.pk


def test_a_restore_that_fails_leaves_all_as_it_was(backup, tmp_path):
    false = tmp_path / "false.backup"
    with zipfile.ZipFile(backup) as archive, zipfile.ZipFile(false, "w") as changed:
        manifest = json.loads(archive.read("manifest.json"))
        manifest["rows"]["statements_quote"] = 2
        changed.writestr("database.dump", archive.read("database.dump"))
        changed.writestr("manifest.json", json.dumps(manifest))
    make_quote("Not to be lost")
    before = here()
    with pytest.raises(CommandError, match=r"Nothing was changed: the table statements_quote is"):
        told("restore", "--replace", str(false))
    assert here() == before


def test_a_damaged_backup_is_told_and_not_restored(backup):
    content = bytearray(backup.read_bytes())
    content[len(content) // 3] ^= 1
    backup.write_bytes(content)
    for command in (["backup", "--check", str(backup)], ["restore", "--replace", str(backup)]):
        with pytest.raises(CommandError, match=r"is damaged|is not a whole backup"):
            told(*command)


@pytest.mark.parametrize("content", [b"", b"PK", b"a text"])
def test_what_is_no_backup_is_told(tmp_path, content):
    place = tmp_path / "other"
    place.write_bytes(content)
    with pytest.raises(CommandError, match="is not a whole backup"):
        told("backup", "--check", str(place))


def test_a_backup_of_a_newer_version_is_refused(backup, tmp_path):
    newer = tmp_path / "newer.backup"
    with zipfile.ZipFile(backup) as archive, zipfile.ZipFile(newer, "w") as changed:
        manifest = json.loads(archive.read("manifest.json"))
        manifest["migrations"]["statements"].append("9999_later")
        changed.writestr("database.dump", archive.read("database.dump"))
        changed.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(CommandError, match=r"newer version .*statements\.9999_later"):
        told("restore", "--replace", str(newer))


def test_a_backup_of_an_older_version_is_restored_and_then_migrated(tmp_path):
    place = tmp_path / "old.backup"
    with other_database():
        call_command("migrate", "statements", "0008", verbosity=0)
        told("backup", str(place))
    with other_database():
        assert "run `manage.py migrate` now" in told("restore", str(place))
        call_command("migrate", verbosity=0)
        assert not Quote.objects.exists()


def test_a_folder_keeps_the_latest_and_only_its_own(tmp_path):
    (tmp_path / "newsroom-2001-01-01T000000Z.backup").touch()
    (tmp_path / "other.backup").touch()
    output = told("backup", str(tmp_path), "--keep", "1")
    assert "Removed" in output
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert len(kept) == 2
    assert kept[1] == "other.backup"


def test_a_file_that_is_there_is_not_written_over(backup):
    before = backup.read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        told("backup", str(backup))
    assert backup.read_bytes() == before


def test_nothing_half_written_stays_when_the_dump_fails(tmp_path, monkeypatch):
    failing = tmp_path / "bin" / "pg_dump"
    failing.parent.mkdir()
    failing.write_text(
        "#!/bin/sh\necho half\necho 'pg_dump: error: the disk is full' >&2\nexit 1\n"
    )
    failing.chmod(0o755)
    found = programs.program
    monkeypatch.setattr(
        programs, "program", lambda name: failing if name == "pg_dump" else found(name)
    )
    folder = tmp_path / "kept"
    folder.mkdir()
    with pytest.raises(CommandError, match=r"pg_dump failed: the disk is full\."):
        told("backup", str(folder))
    assert list(folder.iterdir()) == []


def test_programs_come_from_the_path_where_the_wheel_is_not_and_else_are_asked_for(monkeypatch):
    def missing() -> Path:
        raise LocalServerError("gone")

    monkeypatch.setattr(programs.binaries, "bundled", missing)
    monkeypatch.setattr(shutil, "which", lambda name: f"/opt/{name}")
    assert programs.program("pg_dump") == Path("/opt/pg_dump")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(programs.BackupError, match=r"pg_dump is not here: .*postgresql-client"):
        programs.program("pg_dump")
