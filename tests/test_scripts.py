"""`scripts/environment.sh` on machines that lack this or that."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# What the script needs besides a Python, on any system.
TOOLS = ("sh", "cksum", "cut", "dirname", "rm")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone that requires no packages, so that nothing is fetched."""
    clone = tmp_path / "clone"
    (clone / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "environment.sh", clone / "scripts")
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-train.txt"):
        (clone / name).write_text(f"# {name}: nothing\n")
    return clone


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A PATH with almost nothing on it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (folder / tool).symlink_to(found)
    return folder


def install(machine: Path, name: str, script: str) -> None:
    program = machine / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def environment(
    clone: Path, machine: Path, purpose: str = "run", **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "scripts/environment.sh", purpose],
        cwd=clone,
        env={name: value for name, value in os.environ.items() if name != "PYTHON"}
        | {"PATH": str(machine)}
        | variables,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_says_what_is_needed_where_there_is_no_python(clone, machine):
    done = environment(clone, machine)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("Newsroom needs Python 3.12 or newer (found: none):")
    assert not (clone / ".venv").exists()


def test_names_the_pythons_that_are_too_old(clone, machine):
    install(machine, "python3", '[ "$1" = --version ] && echo Python 3.9.2 || exit 1')
    done = environment(clone, machine)
    assert done.returncode == 1
    assert "(found: Python 3.9.2 as python3)" in done.stderr


def test_refuses_an_old_python_that_was_asked_for(clone, machine):
    install(machine, "old", "exit 1")
    done = environment(clone, machine, PYTHON="old")
    assert done.returncode == 1
    assert done.stderr == "PYTHON=old is not Python 3.12 or newer.\n"


def test_survives_commands_that_are_there_but_only_fail(clone, machine):
    """Version managers put such stand-ins on the PATH, for Python and for uv."""
    for name in ("uv", "python3.12", "python3.13"):
        install(machine, name, f'echo "{name}: command not found" >&2; exit 127')
    (machine / "python3").symlink_to(sys.executable)
    done = environment(clone, machine)
    assert done.returncode == 0, done.stderr
    assert (clone / ".venv" / "bin" / "python").exists()
    again = environment(clone, machine)
    assert (again.returncode, again.stderr) == (0, "")


def test_uses_uv_where_it_works_and_lets_it_download_no_python(clone, machine):
    install(machine, "python3.12", f'exec {sys.executable} "$@"')
    # It keeps what it was asked and makes just enough of an environment.
    install(
        machine,
        "uv",
        'printf "%s\\n" "$*" >>"$HOME/asked"\n'
        f'[ "$1" != venv ] || {{ /bin/mkdir -p .venv/bin && /bin/ln -s {sys.executable} '
        ".venv/bin/python; }",
    )
    assert environment(clone, machine, "dev", HOME=str(clone)).returncode == 0
    asked = [line for line in (clone / "asked").read_text().splitlines() if line != "--version"]
    assert asked[0].startswith("venv ")
    assert "--no-python-downloads" in asked[0]
    assert asked[1].startswith("pip install ")
    assert "--require-hashes -r requirements-dev.txt" in asked[1]
    # What serves to develop serves to run; nothing is installed a second time.
    assert environment(clone, machine, "run", HOME=str(clone)).stderr == ""


def test_training_gets_an_environment_of_its_own(clone, machine):
    install(machine, "python3.12", f'exec {sys.executable} "$@"')
    install(
        machine,
        "uv",
        f'[ "$1" != venv ] || {{ for last; do :; done; /bin/mkdir -p "$last/bin" && '
        f'/bin/ln -s {sys.executable} "$last/bin/python"; }}',
    )
    done = environment(clone, machine, "train")
    assert done.stderr == "Installing requirements-train.txt into .venv-train …\n"
    assert (clone / ".venv-train" / "bin" / "python").exists()
    assert not (clone / ".venv").exists()
    assert environment(clone, machine, "train").stderr == ""


def test_an_unknown_purpose_is_refused(clone, machine):
    done = environment(clone, machine, "other")
    assert (done.returncode, done.stderr) == (1, "usage: scripts/environment.sh run|dev|train\n")


def test_installs_again_when_what_is_required_changed(clone, machine):
    (machine / "python3").symlink_to(sys.executable)
    assert environment(clone, machine).stderr.startswith("Installing requirements.txt")
    with (clone / "requirements.txt").open("a") as requirements:
        requirements.write("# and nothing more\n")
    assert environment(clone, machine).stderr.startswith("Installing requirements.txt")
