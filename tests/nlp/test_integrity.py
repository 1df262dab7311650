"""Models load when they are the measured ones, and say what to do when not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from statements.nlp import integrity
from statements.nlp.integrity import WrongModel
from statements.nlp.learned import weights
from statements.nlp.pipeline import DEFAULT_MODEL, _load_model
from training import hashes


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A package named as the default model, elsewhere."""
    folder = tmp_path / DEFAULT_MODEL
    folder.mkdir()
    (folder / "__init__.py").write_text("raise SystemExit('It was run.')\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, DEFAULT_MODEL, raising=False)
    return folder


def test_the_list_is_of_the_models_that_are_here():
    assert hashes.lines().splitlines() == [
        f"{each}  {path}" for path, each in sorted(integrity.listed().items())
    ]


def test_both_models_that_come_along_are_listed():
    for package in hashes.PACKAGES:
        integrity.check_package(package)


def test_a_changed_model_is_refused_before_anything_of_it_runs(model):
    with pytest.raises(WrongModel, match=r"is not as it was .* requirements\.txt anew"):
        _load_model(DEFAULT_MODEL)


def test_a_file_more_or_less_is_noticed(model, monkeypatch):
    file = model / "__init__.py"
    path = f"{DEFAULT_MODEL}/__init__.py"
    wanted = {path: integrity.digest(file.read_bytes())}
    monkeypatch.setattr(integrity, "listed", lambda: wanted)
    integrity.check_package(DEFAULT_MODEL)
    (model / "cfg").write_text("{}")
    with pytest.raises(WrongModel, match=f"{DEFAULT_MODEL}/cfg is not"):
        integrity.check_package(DEFAULT_MODEL)
    (model / "cfg").unlink()
    file.unlink()
    with pytest.raises(WrongModel, match=f"{path} is not"):
        integrity.check_package(DEFAULT_MODEL)


def test_a_model_that_nobody_measured_needs_the_setting(tmp_path, monkeypatch):
    import spacy

    spacy.blank("en").to_disk(tmp_path / "own")
    with pytest.raises(WrongModel, match=r"own is not among .* set NEWSROOM_OTHER_MODELS=1"):
        _load_model(str(tmp_path / "own"))
    monkeypatch.setenv("NEWSROOM_OTHER_MODELS", "yes")
    assert _load_model(str(tmp_path / "own")).lang == "en"


def test_changed_weights_are_refused_with_what_to_do(monkeypatch):
    monkeypatch.setattr(integrity, "listed", dict)
    weights.load_weights.cache_clear()
    try:
        with pytest.raises(WrongModel, match=r"weights\.json has changed .*`make hashes`"):
            weights.load_weights()
    finally:
        weights.load_weights.cache_clear()


def test_the_list_is_read_by_sha256sum():
    """Own files, from the root of the repository; those of packages are elsewhere."""
    lines = "".join(
        f"{each}  {path}\n" for path, each in integrity.listed().items() if path in hashes.OWN
    )
    subprocess.run(
        ["sha256sum", "--check", "--quiet"], input=lines, text=True, check=True, cwd=hashes.ROOT
    )
