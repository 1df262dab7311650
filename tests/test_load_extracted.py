"""Loading what was extracted elsewhere gives what importing the same articles gives."""

from __future__ import annotations

import json
import threading
import tomllib
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from statements.ingest.bulk import BulkLoad, pairs
from statements.models import (
    Actor,
    Affiliation,
    Article,
    Change,
    ImportBatch,
    ImportFile,
    ImportItem,
    Issue,
    Listing,
    QueueItem,
    Quote,
    QuoteSketch,
    Speaker,
    Suggestion,
    Tally,
)
from statements.nlp.shards import Shard, article_files, extract_shard, quotes_file
from statements.queueing import fill_queue
from tests.factories import make_actor
from tests.tables import everything

SEEDS = Path(__file__).resolve().parent.parent / "seeds"

pytestmark = pytest.mark.django_db

# What the seeds do not have: joint voices, a type told later, names and outlets spelled twice.
MORE: dict[str, tuple[str, dict[str, Any]]] = {
    "a": ("“We agree,” Ana Ruiz and Béla Kun said.", {"outlet": "The Gazette"}),
    "b": ("“Nothing of the kind,” Orsel Group spokesman José Peña said.", {}),
    "c": (
        "Orsel Group, a company, denied it. “It is untrue,” said Jose Pena, a spokesman for "
        "Orsel Group, a mining company. Greenpeace said that the dam\tmust \\not be built.",
        {"outlet": "the gazette", "published": date(2024, 2, 29), "byline": "By A\\B"},
    ),
    "d": ("“We agree,” Ana Ruiz and Béla Kun said.", {"title": "A copy"}),
    "e": ("“We agree,” Ana Ruiz and Béla Kun said.\n\nNo copy.", {"url": "https://a.example/1"}),
    "f": ("Nobody said anything.", {"note": "Quiet."}),
    "g": ("“No,” Orsel Group said. Amnesty International and Oxfam called for talks.", {}),
}


def load(folder: Path, **options: Any) -> tuple[str, str, int]:
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("load_extracted", str(folder), stdout=out, stderr=err, **options)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return out.getvalue(), err.getvalue(), code


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
    return path


def extract_all(folder: Path) -> None:
    for each in article_files(folder):
        target = quotes_file(each, folder)
        extract_shard(Shard(str(each), each.name, str(target), None, fast=False))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Articles as text files with their sidecars."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for path in SEEDS.glob("*-*.t*"):
        (folder / path.name).write_bytes(path.read_bytes())
    for name, (text, facts) in MORE.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        sidecar = (
            f"{key} = {value if isinstance(value, date) else json.dumps(value)}\n"
            for key, value in facts.items()
        )
        (folder / f"{name}.toml").write_text("".join(sidecar), encoding="utf-8")
    return folder


@pytest.fixture
def shards(corpus: Path, tmp_path: Path) -> Path:
    """The same articles in three shards, with their quotations."""
    folder = tmp_path / "shards"
    folder.mkdir()
    given = []
    for path in sorted(corpus.glob("*.txt")):
        facts = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
        if "published" in facts:
            facts["published"] = facts["published"].isoformat()
        given.append({"id": str(path), "text": path.read_text(encoding="utf-8")} | facts)
    for number in range(3):
        write(folder / f"{number}.jsonl", *given[number * 5 : number * 5 + 5])
    extract_all(folder)
    return folder


# How an item was read, which is not done here; a shard's bytes are not kept either.
OF_READING = ("file", "file_name", "attempts", "text_hash", "size")


def told(row: models.Model, known: dict[models.Model, Any]) -> tuple[object, ...]:
    """What a row says, without keys, uuids and times; rows that it points to are told in full."""
    if row not in known:
        values = []
        for each in row._meta.concrete_fields:
            value = getattr(row, each.name)
            if each.primary_key or each.name == "uuid" or isinstance(value, datetime):
                continue
            if isinstance(row, ImportItem) and each.name in OF_READING:
                continue
            if isinstance(row, QuoteSketch) and each.name == "runs":
                # Made of the keys of voices.
                value = len(value)
            values.append((each.name, told(value, known) if each.is_relation and value else value))
        known[row] = tuple((name, repr(value)) for name, value in values)
    told_of: tuple[object, ...] = known[row]
    return told_of


def all_that_is_told() -> dict[str, list[tuple[object, ...]]]:
    known: dict[models.Model, Any] = {}
    return {
        model.__name__: sorted((told(row, known) for row in model._default_manager.all()), key=repr)
        for model in apps.get_app_config("statements").get_models()
        # The record of changes names rows by their keys, as do the copies that lists read, and a
        # proxy is another's table.
        if model not in (ImportFile, Change, Listing, Tally) and not model._meta.proxy
    }


class _Undo(Exception):
    pass


def test_loading_gives_what_importing_gives(corpus, shards):
    call_command("load_issues", str(SEEDS / "issues.toml"), stdout=StringIO())
    make_actor("Oxfam", type="ngo", standing="confirmed")
    make_actor("Orsel Group", type="unknown")
    try:
        with transaction.atomic():
            call_command("ingest", str(corpus), stdout=StringIO())
            imported = all_that_is_told()
            raise _Undo
    except _Undo:
        pass
    out, err, code = load(shards)
    assert (err, code) == ("", 0)
    assert "13 new with " in out
    assert "1 duplicate, 0 rejected" in out
    assert "No stance is suggested yet" in out
    assert not Suggestion.objects.exists()
    call_command("suggest_stored", batch=ImportBatch.objects.get().uuid, stdout=StringIO())
    call_command("link_replies", stdout=StringIO())
    loaded = all_that_is_told()
    assert {name: len(rows) for name, rows in loaded.items()} == {
        name: len(rows) for name, rows in imported.items()
    }
    assert loaded == imported
    for name in ("JointVoice", "QueueItem", "Suggestion", "Affiliation", "Stance"):
        assert loaded[name], name


def test_a_second_time_changes_nothing(shards):
    load(shards)
    before = everything()
    out, _, code = load(shards)
    assert code == 0
    assert "0 new" in out
    assert "14 duplicate" in out
    assert "Nothing changed." in out
    assert everything() == before


def test_a_load_that_broke_off_is_gone_on_with(shards):
    call_command("load_issues", str(SEEDS / "issues.toml"), stdout=StringIO())
    begun = ImportBatch.objects.create(channel="command")
    BulkLoad(begun, "2").load(pairs(shards, shards)[0])
    assert (Article.objects.count(), QueueItem.objects.count()) == (5, 0)
    out, _, code = load(shards)
    assert code == 0
    assert "8 new with " in out
    # What the first load had no time for: the queues of what it stored.
    of_the_first = QueueItem.objects.filter(quote__article__import_items__batch=begun)
    assert of_the_first.exists()
    assert sum(fill_queue(issue) for issue in Issue.objects.all()) == 0


def test_a_type_that_a_text_tells_reaches_what_was_said_before_and_after(tmp_path):
    voice = {"speaker": None, "role": "", "country": "", "provisional": True}
    texts = ["“One,” Orsel said.", "“Two,” Orsel said.", "“Three,” Orsel said."]
    quotes = []
    for text, actor_type in zip(texts, ("unknown", "business", "unknown"), strict=True):
        printed = printed_quote(text)
        printed["voices"] = [voice | {"actor": "Orsel", "actor_type": actor_type}]
        quotes.append({"id": text, "quotes": [printed]})
    write(tmp_path / "a.jsonl", *({"id": text, "text": text} for text in texts))
    write(tmp_path / "a.quotes.jsonl", *quotes)
    assert load(tmp_path)[2] == 0
    assert Actor.objects.get().type == "business"
    assert set(Quote.objects.values_list("actor_type", flat=True)) == {"business"}


def printed_quote(text: str, **changes: Any) -> dict[str, Any]:
    start, end = 1, text.index(",”")
    voice = {"speaker": "Orsel", "role": "", "actor": None, "actor_type": "unknown"}
    return {
        "start": start,
        "end": end,
        "parts": [[start, end]],
        "kind": "direct",
        "text": text[start:end],
        "source": None,
        "cue": None,
        "act": "speech",
        "voices": [voice | {"country": "", "provisional": True}],
        "candidates": [],
        "basis": "named",
        "confidence": 0.9,
        "source_confidence": 0.8,
    } | changes


def test_each_line_that_cannot_be_stored_is_refused_for_its_reason(tmp_path):
    said = "“Yes,” Orsel said"
    bad: dict[str, tuple[dict[str, Any], str]] = {
        "date": ({"published": "soon"}, "a date like 2022-09-01"),
        "title": ({"title": 5}, "“title” must be text"),
        "text": ({"text": None}, 'no "text"'),
        "ends": ({"text": f"{said}\r\nabout it"}, "line ends"),
        "null": ({"text": f"{said}\0"}, "it is no text"),
        "half": ({"text": f"{said}\ud83d"}, "half of a character"),
        "empty": ({"text": " \n"}, "is empty"),
        "large": ({"text": said + "a" * 2_000_000}, "more than"),
        "moved": ({"text": f"A title\n\n{said} moved"}, "do not fit it"),
        "long": ({}, "The database refused it"),
        "lost": ({}, "no line of this id"),
    }
    good = {name: f"{said} {name}." for name in ("good", "better")}
    articles = [{"id": name, "text": text} for name, text in good.items()]
    articles += [{"id": name, "text": f"{said} {name}."} | bad[name][0] for name in bad]
    write(tmp_path / "a.jsonl", *articles, {"text": "Whose is this?"}, [1])
    quote = printed_quote(said)
    quotes = [{"id": name, "quotes": [quote]} for name in (*good, *bad) if name != "lost"]
    long = f"{said} long."
    quotes = [each for each in quotes if each["id"] != "long"]
    quotes.append({"id": "long", "quotes": [printed_quote(long, basis="b" * 50)]})
    write(tmp_path / "a.quotes.jsonl", *quotes)
    write(tmp_path / "d.jsonl")
    write(tmp_path / "d.quotes.jsonl", {"id": "stray", "quotes": []})
    write(tmp_path / "b.jsonl", {"id": 1, "text": "Never read."})
    write(tmp_path / "c.quotes.jsonl", {"id": 1, "quotes": []})
    out, err, code = load(tmp_path)
    assert code == 1
    assert f"2 new with 2 quotes, 0 duplicate, {len(bad) + 5} rejected." in out
    reasons = dict(ImportItem.objects.filter(outcome="rejected").values_list("name", "reason"))
    # Of a line that cannot be read the name is its place.
    reasons["half"] = reasons["a.jsonl, line 8"]
    for name, (_, reason) in bad.items():
        assert reason in reasons[name], name
    assert 'no "id"' in reasons["a.jsonl, line 14"]
    assert "no JSON object" in reasons["a.jsonl, line 15"]
    assert "no such article" in reasons["stray"]
    assert "run extract_shards" in reasons["b.jsonl"]
    assert "name --articles" in reasons["c.jsonl"]
    assert len(err.splitlines()) == len(bad) + 5
    assert set(Article.objects.values_list("text", flat=True)) == set(good.values())
    assert ImportBatch.objects.get().finished_at


def test_what_copy_would_read_as_its_own_signs_is_stored_as_it_was(tmp_path):
    text = "“A\\tb \\N\t\\.\\\\ c,” Orsel said."
    facts = {"title": "\\N", "byline": "A\\", "note": "one\ntwo\r\nthree\t"}
    write(tmp_path / "a.jsonl", {"id": 1, "text": text, **facts})
    candidates = ["\\N", 'a "b"\\', "é"]
    write(
        tmp_path / "a.quotes.jsonl",
        {"id": 1, "quotes": [printed_quote(text, candidates=candidates)]},
    )
    assert load(tmp_path)[2] == 0
    article = Article.objects.get()
    assert article.text == text
    assert {name: getattr(article, name) for name in facts} == facts
    quote = Quote.objects.get()
    assert quote.content == text[1 : text.index(",”")]
    assert quote.candidates == candidates
    assert quote.certainty == pytest.approx(0.72)


def test_the_outcome_can_be_had_as_json_and_dates_be_given(tmp_path):
    write(
        tmp_path / "a.jsonl",
        {"id": "x", "text": "Nothing was said.", "published": "2024-03-05T23:30:00+05:00"},
        {"id": "y", "text": "Nothing was said either."},
    )
    folder = tmp_path / "quotes"
    folder.mkdir()
    write(folder / "a.quotes.jsonl", {"id": "x", "quotes": []}, {"id": "y", "quotes": []})
    (folder / "extraction.json").write_text('{"pipeline": "1"}')
    options = {"articles": tmp_path, "report": tmp_path / "r.json"}
    out, _, code = load(folder, published=date(2024, 1, 1), outlet="The Gazette", **options)
    assert (code, "without a date" in out) == (0, False)
    dates = Article.objects.order_by("published_on").values_list("published_on", flat=True)
    assert list(dates) == [date(2024, 1, 1), date(2024, 3, 5)]
    assert set(Article.objects.values_list("pipeline", "outlet__name")) == {("1", "The Gazette")}
    report = json.loads((tmp_path / "r.json").read_text())
    assert (report["new"], report["quotes"], len(report["items"])) == (2, 0, 2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing"], "missing is no folder"),
        (["."], "holds no .jsonl"),
        ([".", "--report=/no/such/r.json"], "does not exist"),
    ],
)
def test_bad_arguments_say_what_they_take(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=message):
        call_command("load_extracted", *arguments)
    assert not ImportBatch.objects.exists()


def made_up(folder: Path, name: str, numbers: range) -> None:
    """A shard of articles, each with a speaker of its own and some that all have."""
    articles, quotes = [], []
    for number in numbers:
        text = f"“Number {number},” somebody said."
        voices = [
            {
                "speaker": speaker,
                "role": "mayor",
                "actor": f"Party {number % 7}",
                "actor_type": "party",
                "country": "",
                "provisional": True,
            }
            for speaker in (f"Speaker {number % 20}", f"Person {number}")
        ]
        articles.append({"id": number, "text": text})
        quotes.append({"id": number, "quotes": [printed_quote(text, voices=voices)]})
    folder.mkdir(exist_ok=True)
    write(folder / f"{name}.jsonl", *articles)
    write(folder / f"{name}.quotes.jsonl", *quotes)


def test_a_shard_takes_as_many_queries_however_many_articles_it_has(tmp_path):
    counts = []
    for number, size in enumerate((10, 200)):
        folder = tmp_path / str(number)
        made_up(folder, "a", range(number * 1000, number * 1000 + size))
        batch = ImportBatch.objects.create(channel="command")
        with CaptureQueriesContext(connection) as queries:
            BulkLoad(batch, "2").load(pairs(folder, folder)[0])
        counts.append(len(queries))
    # COPY counts too; the parties that the first has made, the second finds.
    assert counts[1] <= counts[0] < 40


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_make_each_article_and_each_identity_once(tmp_path):
    for name in ("one", "two"):
        for number in range(4):
            first = number * 60 + (0 if name == "one" else 30)
            made_up(tmp_path / name, str(number), range(first, first + 60))
    results = {}

    def run(name: str) -> None:
        try:
            results[name] = load(tmp_path / name)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[name]) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [code for _, _, code in results.values()] == [0, 0]
    assert Article.objects.count() == Quote.objects.count() == 270
    assert Speaker.objects.count() == 20 + 270
    assert Actor.objects.count() == 7
    assert Affiliation.objects.count() == 270 + 140
    outcomes = ImportItem.objects.values_list("outcome", flat=True)
    assert (len(outcomes), list(outcomes).count("new")) == (480, 270)


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        ("soon", "soon is no batch"),
        ("00000000-0000-4000-8000-000000000000", "There is no batch 0000"),
    ],
)
def test_suggesting_later_wants_a_batch_that_is_there(batch, message):
    with pytest.raises(CommandError, match=message):
        call_command("suggest_stored", f"--batch={batch}")
