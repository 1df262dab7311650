"""Uploads are bounded in size, count, time and memory, whoever sends them and whatever they are."""

from __future__ import annotations

import resource
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from newsroom import bodies
from statements.ingest import desk_bounds
from statements.ingest.desk_bounds import DeskBounds
from statements.ingest.documents import Document, Facts, Refusal
from statements.models import Article, ImportBatch, ImportFile, ReaderReport
from tests.factories import make_quote, make_user
from tests.readers.builders import pdf, zipped

pytestmark = pytest.mark.django_db

TABLE = "title,text\n"
LINUX = sys.platform == "linux"


@pytest.fixture
def admin(client):
    client.force_login(make_user("admin"))
    return client


def upload(client, *files: tuple[str, bytes], **values: str):
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post("/desk/", {"uploads": sent, "preview": "1", **values}, follow=True)


class Unread:
    """A body of which nothing may be read."""

    def read(self, *_: int) -> bytes:
        raise AssertionError("The body was read.")

    readline = read


@pytest.mark.parametrize("address", ["/accounts/login/", "/desk/", "/no-such-page/", "/"])
def test_what_visitors_send_is_refused_unread_when_it_is_long(client, address):
    response = client.generic(
        "POST",
        address,
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(bodies.LARGEST_OF_VISITORS + 1),
        **{"wsgi.input": Unread()},
    )
    assert response.status_code == 413
    assert response.content == b"At most 0.1 MB can be sent at once.\n"
    assert response["Content-Security-Policy"]


def test_what_people_send_at_once_is_bounded_too(admin):
    too_much = str(bodies.LARGEST + 1)
    body = {"content_type": "multipart/form-data; boundary=x", "wsgi.input": Unread()}
    assert admin.generic("POST", "/desk/", CONTENT_LENGTH=too_much, **body).status_code == 413


@pytest.mark.parametrize("length", ["", "many", "-1"])
def test_a_length_that_is_none_reads_nothing(admin, length):
    body = {"content_type": "multipart/form-data; boundary=x", "wsgi.input": Unread()}
    assert admin.generic("POST", "/desk/", CONTENT_LENGTH=length, **body).status_code in {400, 422}


def test_a_visitor_can_report_a_mistake_in_many_words(client):
    quote = make_quote("We will stay")
    data = {"kind": "other", "note": "é" * 500, "email": "a@b.example"}
    assert client.post(f"/quotes/{quote.uuid}/report/", data).status_code in {200, 302}
    assert ReaderReport.objects.exists()


def test_a_pasted_article_as_long_as_any_is_taken(admin, settings):
    text = "A title\n\n" + "Nothing was said. " * 20_000
    assert upload(admin, text=text).status_code == 200
    response = admin.post("/desk/", {"text": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    assert response.status_code == 400


def test_a_file_beyond_the_limit_is_an_item_that_says_so(admin, monkeypatch):
    monkeypatch.setattr("statements.desk_forms.LARGEST_FILE", 100)
    upload(admin, ("small.txt", b"A few words."), ("large.txt", b"Words. " * 100))
    reasons = dict(ImportBatch.objects.get().items.values_list("name", "reason"))
    assert reasons == {"small.txt": "", "large.txt": desk_bounds.TOO_LARGE}
    assert ImportFile.objects.count() == 1


def test_fields_and_files_are_counted(admin, settings):
    files = [(f"{number}.txt", b"x") for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)]
    assert upload(admin, *files).status_code == 400
    many = {f"f{n}": "x" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert admin.post("/desk/", many).status_code == 400
    assert not ImportBatch.objects.exists()


def test_reading_ends_when_the_seconds_are_used_up(admin, monkeypatch):
    monkeypatch.setattr(desk_bounds, "LONGEST", 0.0)
    upload(admin, ("a.csv", (TABLE + "T,Words\n" * 50).encode()), ("b.txt", b"Words."))
    reasons = ImportBatch.objects.get().items.values_list("name", "reason")
    assert list(reasons) == [("a.csv", desk_bounds.TOO_LONG), ("b.txt", desk_bounds.TOO_LONG)]


def test_what_was_read_in_time_is_kept(monkeypatch):
    now = 0.0
    monkeypatch.setattr(desk_bounds, "LONGEST", 20)
    monkeypatch.setattr(desk_bounds, "time", SimpleNamespace(monotonic=lambda: now))

    def slowly() -> Iterator[Document | Refusal]:
        nonlocal now
        for number in range(1_000):
            now += 6
            yield Document(f"{number}", "Words.", 6, Facts())

    *kept, last = DeskBounds().within(slowly())
    assert [each.name for each in kept] == ["0", "1", "2"]
    assert last == Refusal("3", desk_bounds.TOO_LONG)


def test_a_table_that_is_read_otherwise_is_bounded_as_it_was_before(admin):
    rows = "".join(f"T,Words {number}\n" for number in range(desk_bounds.MOST_ARTICLES + 50))
    upload(admin, ("a.csv", (TABLE + rows).encode()))
    batch = ImportBatch.objects.get()
    file = batch.items.filter(file__isnull=False)[0].file_id
    for _ in range(2):
        assert batch.items.count() == desk_bounds.MOST_ARTICLES + 1
        assert desk_bounds.TOO_MANY in batch.items.values_list("reason", flat=True)
        response = admin.post(f"{batch.get_absolute_url()}files/{file}/", {"column_text": "text"})
        assert response.status_code == 302


BOMBS = {
    "zeros.zip": lambda: zipped({"a.txt": b"\0" * 120_000_000}),
    "nested.zip": lambda: zipped({"a.zip": zipped({"a.txt": b"x" * 60_000_000})}),
    "many.zip": lambda: zipped({f"{n}.txt": b"" for n in range(3_000)}),
    "stream.pdf": lambda: _swelling_pdf(),
    "deep.json": lambda: b'[{"text": ' * 100_000,
    "wide.csv": lambda: b"," * 3_000_000,
    "entities.xml": lambda: _laughing(),
    "deep.html": lambda: b"<div>" * 300_000,
    "sheet.xlsx": lambda: zipped({"xl/worksheets/sheet1.xml": b"<c/>" * 30_000_000}),
    "packed.warc.gz": lambda: _gzipped(),
}


def _swelling_pdf() -> bytes:
    packed = zlib.compress(b"\0" * 100_000_000)
    head = f"<< /Length {len(packed)} /Filter /FlateDecode >>".encode()
    return pdf(["Words."]) + b"9 0 obj\n" + head + b"\nstream\n" + packed + b"\nendstream\nendobj\n"


def _laughing() -> bytes:
    entities = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    return f'<!DOCTYPE r [<!ENTITY l0 "ha">{entities}]><rss>&l9;</rss>'.encode()


def _gzipped() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    head = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 400000000\r\n\r\n"
    parts = [packer.compress(head), *(packer.compress(b"\0" * 10_000_000) for _ in range(40))]
    return b"".join([*parts, packer.flush()])


@pytest.mark.parametrize("name", BOMBS)
def test_what_swells_takes_neither_the_servers_memory_nor_its_time(admin, name):
    content = BOMBS[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert upload(admin, (name, content)).status_code == 200
    # In kilobytes but on macOS; what its reader takes, in a process of its own, is limited there.
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * (1 if sys.platform == "linux" else 1 / 1024) < 250_000
    batch = ImportBatch.objects.get()
    assert 0 < batch.items.count() <= desk_bounds.MOST_ARTICLES + 1
    assert not batch.items.filter(outcome="", size__gt=50_000_000).exists()
    assert not Article.objects.exists()


def test_the_largest_upload_is_held_in_memory_ten_times_over(admin):
    content = (TABLE + "A title," + "words " * 3_000 + "\n").encode() * 1_100
    assert 19_000_000 < len(content) < desk_bounds.LARGEST_FILE
    # What is loaded for the first upload of all is no part of it, nor what the browser holds.
    upload(admin, ("small.csv", (TABLE + "A title,Words\n").encode()))
    large = SimpleUploadedFile("large.csv", content)
    sent = encode_multipart(BOUNDARY, {"uploads": large, "preview": "1"})
    before = forgotten_peak()
    assert admin.generic("POST", "/desk/", sent, MULTIPART_CONTENT).status_code == 302
    grown = peak() - before
    assert grown < 12 * len(content)
    # Elsewhere the peak may be that of an earlier test.
    assert grown > 2 * len(content) or not LINUX


def peak() -> int:
    """The most memory in bytes that this process has had, since `forgotten_peak` if that works."""
    if not LINUX:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def forgotten_peak() -> int:
    """The memory in bytes that this process has now; on Linux `peak` begins again from it."""
    if LINUX:
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    return peak()
