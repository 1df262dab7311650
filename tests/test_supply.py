"""What is shipped is pinned, licensed and listed; no committed file says where to download from."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
# The image and the servers that docs/deploy.md is about.
LINUX = {
    "implementation_name": "cpython",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "sys_platform": "linux",
}
# Registries that packages, images and models come from, in pieces so that this file passes too.
HOSTS = [
    f"{name}.{end}"
    for name, end in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb.debian", "org"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("quay", "io"),
        ("pytorch", "org"),
    )
]


def locked() -> list[Requirement]:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    found = re.findall(r"^([a-z][^\\#\n]*?) *\\?$", text, flags=re.MULTILINE)
    return [Requirement(each) for each in found]


def pinned(name: Requirement) -> tuple[str, str]:
    ((operator, version),) = [(each.operator, each.version) for each in name.specifier]
    assert operator == "=="
    return canonicalize_name(name.name), version


def test_the_list_of_licences_is_of_what_is_pinned():
    wanted = {pinned(each) for each in locked() if not each.marker or each.marker.evaluate(LINUX)}
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\S+) +\| (\d\S*) +\| (.*?) +\|$", page, flags=re.MULTILINE)
    assert {(canonicalize_name(name), version) for name, version, _ in rows} == wanted, (
        "run `make licences`"
    )
    assert {licence for _, _, licence in rows if "UNKNOWN" in licence or not licence} == set()
    # A package that may only be used under the GPL would bind whoever hands out an image.
    gpl = [row for row in rows if re.search(r"(?<!L)GPL-", row[2]) and " OR " not in row[2]]
    assert gpl == []


def test_every_package_is_pinned_with_its_hashes():
    for file in ROOT.glob("requirements*.txt"):
        entries = re.split(r"\n(?=\S)", file.read_text(encoding="utf-8").strip())
        entries = [each for each in entries if not each.startswith("#")]
        assert entries
        assert [each for each in entries if "==" not in each or "--hash=sha256:" not in each] == []


def test_the_bill_of_materials_has_every_package_with_its_hashes(tmp_path):
    out = tmp_path / "sbom.json"
    program = str(Path(sys.executable).with_name("cyclonedx-py"))
    command = [program, "requirements", "requirements.txt", "--no-validate", "-o", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    found = json.loads(out.read_text())["components"]
    assert {(canonicalize_name(each["name"]), each["version"]) for each in found} == {
        pinned(each) for each in locked()
    }
    assert all(each["externalReferences"][0]["hashes"] for each in found)


def test_no_committed_file_names_where_packages_are_downloaded_from():
    hosts = [part for host in HOSTS for part in ("-e", host)]
    command = ["git", "grep", "--untracked", "-liF", *hosts]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode > 1:
        pytest.skip("This is not a clone.")
    assert found.stdout.split() == []
