"""The documentation says what is true."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "seeds" / "README.md"])


def settings_read() -> dict[str, str | None]:
    """How the default of each setting is written; None where settings.py works it out."""
    tree = ast.parse((ROOT / "newsroom" / "settings.py").read_text(encoding="utf-8"))
    found: dict[str, str | None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("env."):
            name, *given = [*node.args, *(each.value for each in node.keywords)]
            try:
                value = ast.literal_eval(given[0]) if given else ""
            except ValueError:
                value = None
            found[ast.literal_eval(name)] = None if value is None else as_written(value)
    return found


def as_written(value: object) -> str:
    match value:
        case bool():
            return "on" if value else "off"
        case "":
            return "none"
        case tuple():
            return f"`{value[0]}`"
    return f"`{value}`"


def test_every_setting_read_from_the_environment_is_described_and_no_other():
    read = settings_read()
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    described = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", page, flags=re.MULTILINE))
    assert read
    assert set(described) == set(read)
    # Without a value these two are the bundled server's, which takes some words to say.
    bundled = {"DATABASE_URL", "NEWSROOM_SECRET_KEY"}
    assert {
        name: each for name, each in read.items() if each is not None and name not in bundled
    } == {
        name: each
        for name, each in described.items()
        if read[name] is not None and name not in bundled
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_that_are_there(page):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_are_named_exist(page):
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    commands = set(re.findall(r"manage\.py (\w+)", text))
    assert commands <= set(get_commands()) | {"help"}
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets
