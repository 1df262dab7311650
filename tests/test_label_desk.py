"""Bringing a file of labels: by command and on the desk."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from statements.desk_forms import LARGEST_LABEL_FILE
from statements.models import StanceLabel
from tests.factories import label_line, make_issue, make_quote, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def line() -> dict[str, Any]:
    return label_line()


# -- The command --------------------------------------------------------------------------------


def test_the_command_stores_a_file_and_writes_its_report(tmp_path, line):
    path, report = tmp_path / "labels.jsonl", tmp_path / "out.json"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    out = StringIO()
    call_command("import_labels", path, "--report", str(report), stdout=out)
    assert out.getvalue() == "1 new, 0 already there, 0 rejected.\n"
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told == {
        "name": "labels.jsonl",
        "new": 1,
        "duplicate": 0,
        "rejected": 0,
        "without_guideline": 0,
        "stopped_behind": None,
        "rejections": [],
    }


def test_the_command_ends_with_1_when_a_line_was_rejected(tmp_path, line):
    path, report = tmp_path / "labels.jsonl", tmp_path / "out.json"
    path.write_text(f"{json.dumps(line)}\n{{}}\nnothing\n", encoding="utf-8")
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("import_labels", path, "--report", str(report), stdout=out, stderr=err)
    assert stopped.value.code == 1
    assert StanceLabel.objects.count() == 1
    assert err.getvalue().startswith("line 2, label: It is missing")
    assert "line 3: It is not JSON" in err.getvalue()
    told = json.loads(report.read_text(encoding="utf-8"))["rejections"]
    assert [(each["line"], each["field"]) for each in told] == [(2, "label"), (3, "")]


def test_the_command_says_what_it_cannot_read_or_write(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_labels", tmp_path / "none.jsonl")
    with pytest.raises(CommandError, match="does not exist"):
        call_command("import_labels", tmp_path, "--report", str(tmp_path / "no" / "out.json"))


# -- The page -----------------------------------------------------------------------------------


def upload(client, *lines: dict[str, Any] | str, name: str = "labels.jsonl", **options: Any):
    written = "\n".join(json.dumps(each) if isinstance(each, dict) else each for each in lines)
    file = SimpleUploadedFile(name, written.encode())
    return client.post("/desk/labels/", {"file": file}, **options)


@pytest.mark.parametrize(
    ("role", "status"), [("", 403), ("editor", 403), ("lead", 200), ("admin", 200)]
)
def test_the_page_is_for_leads_and_admins(client, role, status):
    client.force_login(make_user(role))
    assert client.get("/desk/labels/").status_code == status
    assert client.head("/desk/labels/").status_code == status


def test_visitors_are_asked_to_sign_in(client):
    assert client.get("/desk/labels/").url == "/accounts/login/?next=/desk/labels/"


def test_an_editor_cannot_bring_labels_of_others(client, line):
    client.force_login(make_user("editor"))
    assert upload(client, line).status_code == 403
    assert not StanceLabel.objects.exists()


def test_an_upload_ends_in_a_report_that_is_shown_once(client, line):
    client.force_login(make_user("lead"))
    response = upload(client, line, {**line, "editor": "<b>nobody</b>"}, follow=True)
    assert response.redirect_chain == [("/desk/labels/", 302)]
    page = response.content.decode()
    assert "1 new" in page
    assert "There is no account “&lt;b&gt;nobody&lt;/b&gt;” here" in page
    assert "1 new" not in client.get("/desk/labels/").content.decode()


def test_an_htmx_upload_swaps_the_report_in(client, line):
    client.force_login(make_user("lead"))
    page = upload(client, line, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert 'id="import-labels"' in page
    assert "1 new" in page
    assert "1 new" not in client.get("/desk/labels/").content.decode()


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "Choose the file of labels."),
        ({"file": SimpleUploadedFile("empty.jsonl", b"")}, "The file is empty"),
        ({"file": SimpleUploadedFile("labels.csv", b"id,quote")}, "a table for spreadsheets"),
    ],
)
def test_a_file_that_cannot_be_used_comes_back_as_a_form(client, files, message, htmx):
    client.force_login(make_user("lead"))
    for file in files.values():
        file.seek(0)
    headers = {"HX-Request": "true"} if htmx else {}
    response = client.post("/desk/labels/", files, headers=headers)
    assert response.status_code == 422
    assert message in response.content.decode()


def test_a_file_over_20_megabytes_is_sent_to_the_command(client):
    client.force_login(make_user("lead"))
    file = SimpleUploadedFile("labels.jsonl", b"\n" * (LARGEST_LABEL_FILE + 1))
    response = client.post("/desk/labels/", {"file": file})
    assert response.status_code == 422
    assert "manage.py import_labels" in response.content.decode()


def test_the_page_shows_the_first_of_very_many_rejected_lines(client):
    client.force_login(make_user("lead"))
    page = upload(client, *["nothing"] * 250, follow=True).content.decode()
    assert "the first 100 of 250" in page
    assert page.count("It is not JSON") == 100


def test_a_long_file_is_read_in_turns(client, monkeypatch):
    monkeypatch.setattr("statements.views.labels.LONGEST", 0.0)
    client.force_login(make_user("lead"))
    editor, issue = make_user("editor").username, make_issue().slug
    quotes = [str(make_quote().uuid) for _ in range(205)]
    lines = [label_line(quote=quote, issue=issue, editor=editor) for quote in quotes]
    page = upload(client, *lines, follow=True).content.decode()
    assert "200 new" in page
    assert "read up to line 200" in page
    monkeypatch.undo()
    page = upload(client, *lines, follow=True).content.decode()
    assert "5 new" in page
    assert "200 already there" in page
    assert "read up to" not in page


def test_the_log_tells_who_brought_which_file(client, line):
    lead = make_user("lead")
    client.force_login(lead)
    upload(client, line)
    upload(client, line)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr) == (lead, "labels.jsonl")
    assert entry.change_message == "Imported labels: 1 new, 0 already there, 0 rejected."


def test_the_desk_leads_to_the_page(client):
    client.force_login(make_user("admin"))
    assert 'href="/desk/labels/"' in client.get("/desk/").content.decode()
