"""`manage.py extract`, run as a process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run_extract(*arguments: object, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "manage.py", "extract", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, input=given, capture_output=True, check=False)


def test_files_are_read_and_bad_ones_are_named(tmp_path):
    good = tmp_path / "good.txt"
    good.write_text("“We will go,” said Ann Bell of Oxfam.", encoding="utf-8")
    lines = tmp_path / "lines.jsonl"
    lines.write_bytes(b'{"id": 7, "text": "Nothing."}\n{"id": \n\n{"text": 3}\n\xff\n')
    binary = tmp_path / "binary.txt"
    binary.write_bytes(b"\xff\xfe\x00")
    result = run_extract(good, lines, binary, tmp_path / "missing.txt")
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["id"], second["id"], second["quotes"]) == ("good", 7, [])
    (quote,) = first["quotes"]
    assert quote["source"]["text"] == "Ann Bell of Oxfam"
    assert (quote["source_canonical"], quote["actor"], quote["actor_type"]) == (
        "Ann Bell",
        "Oxfam",
        "ngo",
    )
    complaints = result.stderr.decode().splitlines()
    assert [complaint.removeprefix(str(tmp_path)).split(": ")[0] for complaint in complaints] == [
        "/lines.jsonl, line 2",
        "/lines.jsonl, line 4",
        "/lines.jsonl, line 5",
        "/binary.txt",
        "/missing.txt",
    ]
    assert result.returncode == 1


def test_bodies_of_a_government_keep_their_names_written_out():
    text = (
        "The U.S. Department of Labor said taxes would fall. U.S. officials said they would rise."
    )
    result = run_extract(given=json.dumps({"id": "a", "text": text}).encode())
    names = [each["source_canonical"] for each in json.loads(result.stdout)["quotes"]]
    assert names == ["United States Department of Labor", "U.S. officials"]


def test_json_lines_are_read_from_standard_input():
    result = run_extract(given=b'{"id": "a", "text": "\\"We go,\\" said Ann Bell."}\n')
    assert result.returncode == 0
    assert result.stderr == b""
    (document,) = map(json.loads, result.stdout.splitlines())
    assert document["quotes"][0]["parts"] == [[1, 7]]


def test_a_reader_that_leaves_early_is_no_error():
    with subprocess.Popen(
        [sys.executable, "manage.py", "extract"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write(b'{"text": "Nothing."}\n' * 3)
        process.stdin.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141
