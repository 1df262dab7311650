"""The ingest command on real files, with the real pipeline."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from statements.models import Article, ImportBatch, Quote, QuotePart
from tests.tables import everything

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
XINJIANG = SEEDS / "china-rejects-un-report-on-xinjiang.txt"

pytestmark = pytest.mark.django_db


def ingest(*paths: Path, **options) -> tuple[str, str, int]:
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("ingest", *map(str, paths), stdout=out, stderr=err, **options)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return out.getvalue(), err.getvalue(), code


@pytest.mark.smoke
def test_the_seed_is_stored_and_a_second_time_changes_nothing(tmp_path):
    out, _, code = ingest(XINJIANG, report=tmp_path / "r.json")
    assert code == 0
    assert out.startswith("1 new with ")
    before = everything()
    out, _, code = ingest(XINJIANG)
    assert code == 0
    assert "0 new" in out
    assert "1 duplicate" in out
    assert "Nothing changed." in out
    assert everything() == before
    report = json.loads((tmp_path / "r.json").read_text())
    assert (report["new"], report["quotes"]) == (1, Quote.objects.count())
    assert report["items"][0]["article"] == str(Article.objects.get().uuid)


def test_bad_files_are_refused_one_by_one_and_the_rest_is_stored(tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "large.txt").write_bytes(b"a" * 20_000_000)
    (tmp_path / "image.txt").write_bytes(b"\x89PNG\x00\x01")
    (tmp_path / "good.txt").write_text(
        "Title\n\n“We are leaving,” Ana Ruiz said.", encoding="utf-8"
    )
    out, err, code = ingest(tmp_path, tmp_path / "missing.txt")
    assert code == 1
    assert "1 new" in out
    assert "4 rejected" in out
    for name in ("empty", "large", "image", "missing"):
        assert f"{name}.txt: " in err
    assert Article.objects.get().title == "Title"
    batch = ImportBatch.objects.get()
    assert batch.items.filter(outcome="rejected").exclude(reason="").count() == 4
    assert batch.finished_at is not None


def test_two_copies_in_one_import_are_one_article(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Title\n\nNothing was said.", encoding="utf-8")
    out, _, code = ingest(tmp_path)
    assert (code, Article.objects.count()) == (0, 1)
    assert "1 new" in out
    assert "1 duplicate" in out


def test_a_missing_date_is_asked_for_and_can_be_given(tmp_path):
    (tmp_path / "a.txt").write_text("Title\n\nNothing was said.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("Other\n\nNothing was said.", encoding="utf-8")
    out, _, _ = ingest(tmp_path / "a.txt")
    assert "1 without a date: give --published" in out
    call_command(
        "ingest", str(tmp_path / "b.txt"), "--published=2024-03-05", "--outlet=The Gazette"
    )
    article = Article.objects.get(title="Other")
    assert str(article.published_on) == "2024-03-05"
    assert article.outlet is not None
    assert article.outlet.name == "The Gazette"


def test_every_part_of_every_quote_stands_at_its_place():
    ingest(SEEDS)
    parts = list(QuotePart.objects.select_related("quote__article"))
    assert len(parts) > 50
    assert all(p.quote.article.text[p.start : p.end] == p.content for p in parts)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--published=soon"], "date (write it like 2022-09-01)"),
        (["--workers=0"], "from 1 up"),
        (["--report=/no/such/folder/r.json"], "does not exist"),
    ],
)
def test_bad_options_say_what_they_take(options, message):
    with pytest.raises(CommandError, match=message.replace("(", r"\(").replace(")", r"\)")):
        call_command("ingest", str(XINJIANG), *options)
    assert not ImportBatch.objects.exists()


@pytest.fixture
def seed(db):
    ingest(XINJIANG)


def names(**query) -> set[str]:
    return {
        voice.name
        for quote in Quote.objects.filter(act="speech").voiced_by(**query)
        for voice in quote.voices
    }


@pytest.mark.usefixtures("seed")
def test_governments_of_the_seed():
    assert names(actor_type="government") == {
        "Government of China",
        "Zhao Lijian",
        "Hirokazu Matsuno",
    }


@pytest.mark.usefixtures("seed")
def test_ngos_of_the_seed():
    assert names(actor_type="ngo") == {
        "Human Rights Watch",
        "Amnesty International",
        "John Fisher",
        "Agnes Callamard",
    }


@pytest.mark.usefixtures("seed")
def test_a_statement_of_two_parties_is_found_by_either():
    for actor in ("Human Rights Watch", "Amnesty International"):
        assert Quote.objects.voiced_by(actor__name=actor).filter(cue__startswith="called").exists()
