"""The formats through the command and the desk, to stored articles."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from statements.ingest.desk_bounds import MOST_ARTICLES
from statements.models import Article, ImportBatch
from tests.factories import make_user
from tests.readers.builders import SAID, page, zipped
from tests.readers.test_office import word

pytestmark = pytest.mark.django_db

ROWS = "Titel;Corps;Tag\nÉté;« Nous restons », a dit Ana Ruiz.;04/05/2024\n"


def ingest(*arguments: object) -> tuple[str, str, int]:
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("ingest", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return out.getvalue(), err.getvalue(), code


def test_the_command_reads_a_folder_of_everything_and_a_second_time_changes_nothing(tmp_path):
    (tmp_path / "a.docx").write_bytes(word(SAID, heading="Toll stays"))
    (tmp_path / "b.html").write_text(page(), encoding="utf-8")
    (tmp_path / "c.zip").write_bytes(zipped({"d.txt": "Two\n\nWords."}))
    (tmp_path / "e.csv").write_text(f'title,text\nThree,"{SAID}"\n', encoding="utf-8")
    out, err, code = ingest(tmp_path)
    assert (code, err) == (0, "")
    assert "4 new" in out
    out, _, code = ingest(tmp_path)
    assert code == 0
    assert "0 new" in out
    assert "4 duplicate" in out
    assert ImportBatch.objects.count() == 1


def test_the_command_takes_mapping_encoding_and_the_order_of_dates(tmp_path):
    (tmp_path / "in.csv").write_bytes(ROWS.encode("cp850"))
    out, _, code = ingest(
        tmp_path / "in.csv", "--encoding=cp850", "--map", "text=Corps", "--map", "date=Tag",
        "--date-order=dmy", "--outlet=Gazette",
    )  # fmt: skip
    assert code == 0, out
    article = Article.objects.get()
    assert (article.title, str(article.published_on)) == ("Été", "2024-05-04")
    assert article.text == "« Nous restons », a dit Ana Ruiz."
    assert article.outlet is not None


def test_the_command_reads_file_names_by_a_pattern(tmp_path):
    (tmp_path / "2024-05-04_The_Gazette_Toll.txt").write_text(SAID, encoding="utf-8")
    ingest(tmp_path, "--pattern={date}_{skip}_{outlet}_{title}.txt")
    article = Article.objects.get()
    assert (article.title, str(article.published_on)) == ("Toll", "2024-05-04")


def test_what_was_not_understood_is_in_the_report_and_on_the_page_of_the_batch(tmp_path, client):
    rows = "text,date\nWords of one article.,04/05/2024\n"
    (tmp_path / "in.csv").write_text(rows, encoding="utf-8")
    out, err, code = ingest(tmp_path / "in.csv", f"--report={tmp_path / 'r.json'}")
    assert (code, err) == (0, "")
    assert "“04/05/2024” (column date) was not understood" in out
    (item,) = json.loads((tmp_path / "r.json").read_text())["items"]
    assert (item["outcome"], item["reason"]) == ("new", "")
    assert "was not understood" in item["notes"]
    client.force_login(make_user("admin"))
    shown = client.get(ImportBatch.objects.get().get_absolute_url()).content.decode()
    assert "was not understood" in shown
    assert "notice-error" not in shown
    assert Article.objects.get().published_on is None


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--encoding=klingon", "There is no encoding"),
        ("--pattern={when}.txt", "it may have"),
        ("--map=text", "write FIELD=COLUMN"),
        ("--map=when=Date", "is one of title, text"),
        ("--date-order=ymd", "invalid choice"),
    ],
)
def test_options_that_cannot_be_meant_say_what_they_take(tmp_path, option, message):
    (tmp_path / "a.txt").write_text(SAID, encoding="utf-8")
    with pytest.raises(CommandError, match=message):
        call_command("ingest", str(tmp_path), option)
    assert not ImportBatch.objects.exists()


def test_the_desk_takes_the_same_formats(client):
    client.force_login(make_user("admin"))
    files = [
        SimpleUploadedFile("a.docx", word(SAID, heading="Toll stays")),
        SimpleUploadedFile("in.zip", zipped({"d.txt": "Two\n\nWords.", "e.bin": b"\0\1"})),
    ]
    client.post("/desk/", {"uploads": files, "outlet": "The Gazette"})
    outcomes = {i.name: i.outcome for i in ImportBatch.objects.get().items.all()}
    assert outcomes == {"a.docx": "new", "in.zip/d.txt": "new", "in.zip/e.bin": "rejected"}
    assert {each.outlet.name for each in Article.objects.all() if each.outlet} == {"The Gazette"}


def test_the_desk_sends_a_file_of_very_many_articles_to_the_command(client):
    client.force_login(make_user("admin"))
    rows = "text\n" + "".join(f"Row {n % 3}\n" for n in range(MOST_ARTICLES + 5))
    client.post("/desk/", {"uploads": [SimpleUploadedFile("in.csv", rows.encode())]})
    items = ImportBatch.objects.get().items
    assert items.count() == MOST_ARTICLES + 1
    assert "manage.py ingest" in items.get(outcome="rejected").reason


def test_pasted_text_is_taken_as_it_is(client):
    client.force_login(make_user("admin"))
    client.post("/desk/", {"text": "<p>Not a page</p>\n{\\rtf1"})
    assert Article.objects.get().text == "<p>Not a page</p>\n{\\rtf1"
