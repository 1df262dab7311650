"""The seeds are whole: every article has its facts, every issue its guideline."""

import datetime as dt
import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).parent.parent / "seeds"
NEWS_REPORT = "china-rejects-un-report-on-xinjiang"
NAMES = {
    NEWS_REPORT: ("Zhao Lijian", "Hirokazu Matsuno", "John Fisher", "Agnes Callamard"),
    "varonia-breaks-ground-on-orsel-dam": ("Ilka Dornath", "Anselm Korrigan", "Nadia Brenholt"),
    "study-says-orsel-dam-could-halve-summer-flow": (
        "Sune Abelgard",
        "Anselm Korrigan",
        "Obed Larrante",
    ),
    "varonia-passes-press-register-law": ("Casimir Odelm", "Brisa Callorin", "Ruta Maszen"),
    "court-hears-challenge-to-press-register": ("Teodor Brask", "Petra Lindqvar", "Ruta Maszen"),
    "estmark-accepts-orsel-dam-after-water-deal": (
        "Anselm Korrigan",
        "Jorin Falkmar",
        "Nadia Brenholt",
    ),
    "governing-party-turns-against-press-register": (
        "Ruta Maszen",
        "Casimir Odelm",
        "Lucan Meyrwick",
    ),
}
KEYS = {"published", "published_basis", "outlet", "byline", "url", "fiction", "note"}
ISSUES = tomllib.loads((SEEDS / "issues.toml").read_text(encoding="utf-8"))["issue"]


def sidecar(name: str) -> dict[str, Any]:
    return tomllib.loads((SEEDS / f"{name}.toml").read_text(encoding="utf-8"))


def text_of(name: str) -> str:
    return (SEEDS / f"{name}.txt").read_bytes().decode()


def test_every_article_is_known_here_and_has_a_sidecar():
    assert {path.stem for path in SEEDS.glob("*.txt")} == set(NAMES)
    assert {path.stem for path in SEEDS.glob("*.toml")} == {*NAMES, "issues"}


@pytest.mark.parametrize("name", NAMES)
def test_a_sidecar_says_when_and_how_that_is_known(name):
    facts = sidecar(name)
    assert set(facts) <= KEYS
    assert type(facts["published"]) is dt.date
    assert facts["published_basis"]
    assert facts["fiction"] is (name != NEWS_REPORT)


@pytest.mark.parametrize("name", NAMES)
def test_the_date_agrees_with_the_weekday_in_the_text(name):
    """A text says "on Thursday" on that day or on the day after it."""
    published = sidecar(name)["published"]
    named = re.search(
        r"on ((?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)", text_of(name), re.IGNORECASE
    )
    assert named
    assert named[1] in {f"{published - dt.timedelta(days=ago):%A}" for ago in (0, 1)}


def test_the_fiction_is_spread_over_several_months():
    days = [sidecar(name)["published"] for name in NAMES if name != NEWS_REPORT]
    assert len({(day.year, day.month) for day in days}) >= 5
    assert {day.year for day in days} == {2024, 2025}


@pytest.mark.parametrize("name", NAMES)
def test_an_article_names_the_people_it_quotes(name):
    text = text_of(name)
    assert [person for person in NAMES[name] if person not in text] == []


@pytest.mark.parametrize("name", [name for name in NAMES if name != NEWS_REPORT])
def test_a_sample_is_a_short_article(name):
    headline, blank, body = text_of(name).split("\n", 2)
    assert headline
    assert not blank
    assert 250 <= len(body.split()) <= 450
    assert "“" in body
    assert '"' not in body


def test_the_news_report_is_kept_byte_for_byte():
    digest = hashlib.sha256((SEEDS / f"{NEWS_REPORT}.txt").read_bytes()).hexdigest()
    assert digest == "4268517c9817029f901582f2e2d4e23a3d755d59a28e591e27c1e60b9e68917a"


@pytest.mark.parametrize("issue", ISSUES, ids=[issue["slug"] for issue in ISSUES])
def test_an_issue_is_a_proposition_with_two_poles_and_a_guideline(issue):
    assert re.fullmatch(r"[a-z0-9-]+", issue["slug"])
    assert len(issue["proposition"].split()) > 4
    assert issue["supports_pole"] != issue["opposes_pole"]
    assert issue["terms"]
    assert not set(issue["terms"]) & set(issue["counter_terms"])
    assert 100 <= len(issue["guideline"].split()) <= 220


def test_the_readme_lists_every_article():
    readme = (SEEDS / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in readme] == []
