"""Lists of actors and people: CSV and Popolo, by command and by page."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from statements.identity_editing import rename
from statements.ingest.actor_list_rows import Unreadable, read_actor_list
from statements.ingest.actor_lists import ListReport, import_actor_list
from statements.ledger import undo
from statements.models import Actor, Affiliation, IdentityEvent, Quote, Speaker
from tests.factories import make_actor, make_quote, make_speaker, make_user

pytestmark = pytest.mark.django_db

TABLE = """name,type,country,aliases,parent
UN Water,intergovernmental,,,United Nations
United Nations,intergovernmental,,U.N.|UNO,
Government of Kenya,Government,ke,Nairobi,
"""

POPOLO: dict[str, Any] = {
    "persons": [{"id": "p1", "name": "Ada Orme", "other_names": [{"name": "A. Orme"}]}],
    "organizations": [
        {"id": "o2", "name": "Water committee", "classification": "Chamber", "parent_id": "o1"},
        {"id": "o1", "name": "Parliament of Varonia", "classification": "legislature"},
    ],
    "memberships": [
        {
            "person_id": "p1",
            "organization_id": "o2",
            "role": "chair",
            "start_date": "2020-05-01",
            "end_date": "2022-01-31",
        }
    ],
}


def load(text: str) -> ListReport:
    return import_actor_list(read_actor_list(text.encode()), name="list")


def counts(report: ListReport) -> tuple[int, int, int, int]:
    return tuple(report.counts[each] for each in ("new", "known", "completed", "rejected"))  # type: ignore[return-value]


def only_refusal(report: ListReport) -> tuple[str, str, str]:
    (each,) = report.rejected
    return each.place, each.field, each.reason


def test_a_table_brings_confirmed_actors_with_names_and_parents():
    assert counts(load(TABLE)) == (3, 0, 0, 0)
    whole = Actor.objects.get(name="United Nations")
    assert (whole.type, whole.standing) == ("intergovernmental", "confirmed")
    assert set(whole.names.values_list("text", flat=True)) == {"United Nations", "U.N.", "UNO"}
    assert Actor.objects.get(name="UN Water").parent == whole
    assert Actor.objects.get(name="Government of Kenya").country == "KE"


def test_the_same_list_again_changes_nothing():
    load(TABLE)
    before = list(Actor.objects.values()), IdentityEvent.objects.count()
    report = load(TABLE)
    assert counts(report) == (0, 3, 0, 0)
    assert (list(Actor.objects.values()), IdentityEvent.objects.count()) == before
    assert report.in_words == "0 new, 3 already there, 0 rejected"


def test_what_is_provisional_is_completed_and_its_quotes_follow():
    actor = make_actor("UNO", type="unknown")
    make_quote(actor=actor)
    report = load("name;type;country;aliases\nUNO;intergovernmental;CH;United Nations\n")
    assert counts(report) == (0, 0, 1, 0)
    actor.refresh_from_db()
    assert (actor.standing, actor.type) == ("confirmed", "intergovernmental")
    assert Quote.objects.get().country == "CH"
    assert actor.names.count() == 2


def test_each_row_can_be_undone():
    load("name,type\nRiver Watch,ngo\n")
    undo(IdentityEvent.objects.get(), editor=None)
    assert not Actor.objects.exists()


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ("…,ngo,,,", "name", "missing"),
        ("x" * 201 + ",ngo,,,", "name", "201 characters"),
        ("New,goblin,,,", "type", "no type here"),
        ("New,ngo,Kenya,,", "country", "two letters"),
        ("New,ngo,ZZ,,", "country", "two letters"),
        ("New,ngo,,River Watch,", "aliases", "is River Watch here"),
        ("New,ngo,,,Nothing", "parent", "No actor is called"),
        ("Georgia,ngo,,,", "name", "may mean several"),
        ("New,ngo,,Georgia,", "aliases", "may mean several"),
        ("New,ngo,,,Georgia", "parent", "may mean several"),
        ("River Watch,business,,,", "type", "is confirmed as NGO"),
        ("River Watch,ngo,FR,,", "country", "one of DE"),
        ("River Watch,ngo,,,River Watch Berlin", "parent", "own part"),
        ("River Watch Berlin,ngo,,,Georgia team", "parent", "is part of River Watch"),
    ],
)
def test_a_row_that_is_wrong_or_may_mean_several_is_rejected_whole(row, field, reason):
    watch = make_actor("River Watch", type="ngo", country="DE", standing="confirmed")
    make_actor("River Watch Berlin", parent=watch, standing="confirmed")
    make_actor("Georgia")
    second = make_actor("Georgia team")
    rename(second, "Georgia", editor=None)
    before = list(Actor.objects.values())
    report = load(f"name,type,country,aliases,parent\n{row}\n")
    place, where, why = only_refusal(report)
    assert (place, where) == ("line 2", field)
    assert reason in why
    assert list(Actor.objects.values()) == before
    assert IdentityEvent.objects.count() == 1


def test_rows_that_are_part_of_each_other_end():
    report = load("name,parent\nA,B\nB,A\n")
    assert counts(report)[0] + counts(report)[3] == 2
    assert report.rejected


def test_a_part_of_a_rejected_organisation_is_rejected_too():
    report = load("name,type,parent\nPart,ngo,Whole\nWhole,goblin,\n")
    assert {each.field for each in report.rejected} == {"type", "parent"}
    assert not Actor.objects.exists()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"title,kind\na,b\n", "no column"),
        (b"{", "no JSON"),
        (b"[]", "no Popolo file"),
        (b'{"persons": [1]}', "no list of objects"),
        (b'name,type\n"a"b,c\n', "no CSV"),
        (b"[" * 100_000, "no JSON"),
    ],
)
def test_what_is_no_list_says_what_to_do(data, reason):
    with pytest.raises(Unreadable, match=reason):
        read_actor_list(data)


def test_popolo_brings_people_organisations_and_dated_posts():
    report = load(json.dumps(POPOLO))
    assert counts(report) == (4, 0, 0, 0)
    post = Affiliation.objects.get()
    assert (post.speaker.name, post.actor.name, post.post, post.since, post.until) == (
        "Ada Orme",
        "Water committee",
        "chair",
        date(2020, 5, 1),
        date(2022, 1, 31),
    )
    assert post.actor.type == "legislature"
    assert post.actor.parent == Actor.objects.get(name="Parliament of Varonia")
    assert Speaker.objects.known_as("a. orme").exists()
    assert counts(load(json.dumps(POPOLO))) == (0, 4, 0, 0)


@pytest.mark.parametrize(
    ("membership", "field"),
    [
        ({"person_id": "p9"}, "person_id"),
        ({"organization_id": "o9"}, "organization_id"),
        ({"start_date": "2020"}, "start_date"),
        ({"end_date": "soon"}, "end_date"),
        ({"end_date": "1999-01-01"}, ""),
    ],
)
def test_a_post_that_is_wrong_is_rejected_alone(membership, field):
    listed = POPOLO | {"memberships": [POPOLO["memberships"][0] | membership]}
    report = load(json.dumps(listed))
    assert counts(report) == (3, 0, 0, 1)
    assert only_refusal(report)[:2] == ("memberships 1", field)
    assert not Affiliation.objects.exists()


def test_a_post_that_ended_otherwise_here_is_rejected():
    load(json.dumps(POPOLO))
    listed = POPOLO | {"memberships": [POPOLO["memberships"][0] | {"end_date": "2023-01-01"}]}
    assert only_refusal(load(json.dumps(listed)))[1] == "end_date"


def test_the_command_reports_and_fails_when_rows_were_rejected(tmp_path, capsys):
    path, out = tmp_path / "list.csv", tmp_path / "report.json"
    path.write_text(TABLE + "Bad,goblin,,,\n")
    with pytest.raises(SystemExit) as exit_status:
        call_command("import_actors", str(path), "--report", str(out))
    assert exit_status.value.code == 1
    report = json.loads(out.read_text())
    assert (report["new"], report["rejected"]) == (3, 1)
    assert report["rejections"][0]["place"] == "line 5"
    assert "3 new" in capsys.readouterr().out
    for missing in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("import_actors", str(missing))
    with pytest.raises(CommandError, match="does not exist"):
        call_command("import_actors", str(path), "--report", str(tmp_path / "no" / "report.json"))


def test_the_page_shows_the_report(client):
    client.force_login(make_user("lead"))
    make_speaker()

    def upload(text: str, **more):
        file = SimpleUploadedFile("list.csv", text.encode())
        return client.post("/desk/identities/import/", {"file": file}, **more)

    swap = upload(TABLE + "Bad,goblin,,,\n", headers={"HX-Request": "true"})
    assert "<b>3 new</b>" in swap.text
    assert "line 5" in swap.text
    assert "<html" not in swap.text
    again = upload(TABLE, follow=True)
    assert "3 already there" in again.text
    wrong = upload("title\nx\n", headers={"HX-Request": "true"})
    assert wrong.status_code == 422
    assert "no column “name”" in wrong.text
    assert IdentityEvent.objects.filter(editor__isnull=False).count() == 3
    many = "name\n" + "".join(f"Actor {number}\n" for number in range(1_001))
    assert "import_actors" in upload(many).text
