from __future__ import annotations

import io
import os
import stat
import zipfile
from datetime import date
from pathlib import Path

import pytest

from statements.ingest.documents import Document, Refusal
from statements.ingest.readers import limits, read_paths
from tests.readers.builders import SAID, document, encrypted, page, read, reason, zipped


def test_members_are_read_in_turn_under_their_paths():
    found = read(
        "in.zip", zipped({"a.txt": SAID, "b/c.html": page(), "b/d.csv": "title,text\nT,X"})
    )
    assert [each.name for each in found] == [
        "in.zip/a.txt",
        "in.zip/b/c.html",
        "in.zip/b/d.csv, line 2",
    ]
    assert all(isinstance(each, Document) for each in found)


def test_sidecars_belong_to_their_members_and_companions_are_left_out():
    raw = zipped(
        {
            "a.txt": SAID,
            "a.toml": "published = 2022-09-01",
            "__MACOSX/._a.txt": b"\0\0",
            ".DS_Store": b"\0",
            "p.html": page(),
            "p_files/x.png": b"\x89PNG\r\n\x1a\n",
            "readme.md": "Notes",
        }
    )
    first, second = read("in.zip", raw)
    assert isinstance(first, Document)
    assert first.facts.published == date(2022, 9, 1)
    assert second.name == "in.zip/p.html"


@pytest.mark.parametrize(
    "path",
    ["../out.txt", "a/../../out.txt", "/etc/out.txt", "C:\\out.txt", "..\\out.txt", "a\0.txt"],
)
def test_paths_that_lead_out_are_refused_and_the_rest_is_read(path):
    raw = zipped({"in-side-name.txt": SAID, "good.txt": SAID})
    # Written by hand, since zipfile tidies names; of one length, so that nothing else moves.
    wanted = path.encode().ljust(16, b"x")
    raw = raw.replace(b"in-side-name.txt", wanted)
    first, second = read("in.zip", raw)
    assert isinstance(first, Refusal)
    assert "leads outside" in first.reason
    assert isinstance(second, Document)


def test_links_and_encrypted_members_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "It is a link" in reason("in.zip", out.getvalue())
    assert "password" in reason("in.zip", encrypted(zipped({"a.txt": SAID})))


def test_archives_in_archives_are_refused_but_documents_that_are_zips_are_not():
    inner = zipped({"a.txt": SAID})
    assert "archive inside an archive" in reason("in.zip", zipped({"more.zip": inner}))
    assert "archive inside an archive" in reason(
        "in.zip", zipped({"more.7z": b"7z\xbc\xaf\x27\x1c"})
    )
    broken = zipped({"a.docx": zipped({"word/document.xml": "", "[Content_Types].xml": ""})})
    assert "archive inside" not in reason("in.zip", broken)


def test_a_bomb_is_refused_by_what_comes_out():
    found = read("in.zip", zipped({"bomb.txt": b"\0" * 20_000_000, "good.txt": SAID}))
    assert "more than 200 times its size" in found[0].reason
    assert isinstance(found[1], Document)


def test_a_size_that_lies_is_not_believed():
    raw = bytearray(zipped({"bomb.txt": b"0" * 20_000_000}))
    at = raw.find(b"PK\x01\x02")
    raw[at + 24 : at + 28] = (10).to_bytes(4, "little")
    (found,) = read("in.zip", bytes(raw))
    assert isinstance(found, Refusal) or len(found.text) <= 10


def test_an_archive_that_unpacks_to_too_much_is_left_where_it_is(monkeypatch):
    monkeypatch.setattr(limits, "LARGEST_UNPACKED", 5_000)
    found = read("in.zip", zipped({f"{n}.txt": f"{n} " * 1_000 for n in range(10)}))
    assert isinstance(found[0], Document)
    assert "The rest of the archive was not read." in found[-1].reason
    assert len(found) < 10


def test_absurd_counts_are_refused_before_the_list_is_read(monkeypatch):
    monkeypatch.setattr(limits, "MOST_MEMBERS", 20)
    assert "more than 20 files" in reason("in.zip", zipped({f"{n}.txt": "x" for n in range(21)}))


@pytest.mark.parametrize("cut", [10, 60, 200, -30])
def test_a_truncated_archive_is_refused(cut):
    raw = zipped({"a.txt": os.urandom(300), "b.txt": SAID})
    assert "damaged" in reason("in.zip", raw[:cut])


def test_an_empty_archive_says_so():
    assert "archive is empty" in reason("in.zip", zipped({}))
    assert "holds no file that is read" in reason("in.zip", zipped({"a.md": "x"}))


def test_a_damaged_member_does_not_stop_the_others():
    raw = zipped({"a.txt": SAID * 30, "b.txt": SAID})
    at = raw.find(b"a.txt") + 5
    found = read("in.zip", raw[:at] + b"\xff\xff\xff\xff" + raw[at + 4 :])
    assert "damaged inside the archive" in found[0].reason
    assert isinstance(found[1], Document)


def test_a_folder_is_read_through_and_links_in_it_are_not_followed(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text(SAID, encoding="utf-8")
    (tmp_path / "b.html").write_text(page(), encoding="utf-8")
    (tmp_path / "b_files").mkdir()
    (tmp_path / "b_files" / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = {Path(each.name).name: each for each in read_paths([tmp_path])}
    assert set(found) == {"a.txt", "b.html", "scan.png", "link.txt", "loop"}
    refused = {name for name, each in found.items() if isinstance(each, Refusal)}
    assert refused == {"scan.png", "link.txt", "loop"}


def test_what_is_no_plain_file_is_refused(tmp_path):
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    (found,) = read_paths([pipe])
    assert isinstance(found, Refusal)
    (found,) = read_paths([tmp_path])
    assert isinstance(found, Refusal)


def test_a_member_keeps_its_paragraphs():
    assert document("in.zip", zipped({"a.txt": "One.\r\n\r\nTwo."})).text == "One.\n\nTwo."
