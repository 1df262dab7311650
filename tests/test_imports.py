"""Imports point one way: nlp ← ingest → models ← filters ← views."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# What the modules of a folder, or one module, must not import.
FORBIDDEN = {
    "statements/nlp": ("django", "newsroom", "statements.models", "statements.ingest"),
    "statements/models": ("statements.ingest", "statements.filters", "statements.views"),
    "statements/ingest": ("statements.filters", "statements.views"),
    "statements/filters.py": ("statements.views", "statements.ingest"),
    "newsroom": ("statements.models", "statements.ingest", "statements.views"),
}


def imported(path: Path) -> set[str]:
    """The names of the modules that a file imports, relative ones made absolute."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names.update(f"{module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("place", FORBIDDEN)
def test_imports_point_one_way(place):
    path = ROOT / place
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    assert files
    wrong = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in files
        for name in imported(file)
        for root in FORBIDDEN[place]
        if name == root or name.startswith(f"{root}.")
    }
    assert wrong == set()


def test_the_database_driver_is_psycopg2():
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    assert not is_psycopg3
