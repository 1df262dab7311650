from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from statements.models import Guideline, Issue, QueueItem, Suggestion
from tests.factories import make_quote

SEEDS = Path(__file__).resolve().parent.parent / "seeds"

pytestmark = pytest.mark.django_db

ISSUE = """
[[issue]]
slug = "toll"
title = "Road toll"
proposition = "The road toll should be kept"
supports_pole = "for the toll"
opposes_pole = "against the toll"
terms = ["toll"]
guideline = "Judge the speaker."
"""


def load(tmp_path, text: str) -> str:
    path = tmp_path / "issues.toml"
    path.write_text(text, encoding="utf-8")
    out = StringIO()
    call_command("load_issues", str(path), stdout=out)
    return out.getvalue().strip()


def test_the_seed_issues_load_once():
    out = StringIO()
    for _ in range(2):
        call_command("load_issues", str(SEEDS / "issues.toml"), stdout=out)
    assert out.getvalue().splitlines()[0].startswith("3 created")
    assert out.getvalue().splitlines()[1] == "0 created, 0 updated, 3 unchanged."
    assert {issue.guideline.number for issue in Issue.objects.all() if issue.guideline} == {1}


def test_a_changed_guideline_is_a_new_version_and_the_old_one_stays(tmp_path):
    assert load(tmp_path, ISSUE).startswith("1 created")
    assert "1 updated" in load(tmp_path, ISSUE.replace("speaker.", "speaker only."))
    assert [each.text for each in Guideline.objects.order_by("number")] == [
        "Judge the speaker.",
        "Judge the speaker only.",
    ]


def test_a_new_issue_gets_suggestions_for_the_quotes_that_are_there(tmp_path):
    quote = make_quote("We firmly oppose the toll and will not pay it")
    make_quote("The weather is fine")
    load(tmp_path, ISSUE)
    suggestion = Suggestion.objects.get()
    assert (suggestion.quote, suggestion.label) == (quote, "opposes")
    assert suggestion.evidence
    assert quote.stances.get().standing == "suggested"


def test_loading_fills_the_queue_also_of_an_issue_that_did_not_change(tmp_path):
    load(tmp_path, ISSUE)
    quote = make_quote("We firmly oppose the toll and will not pay it")
    assert load(tmp_path, ISSUE) == "0 created, 0 updated, 1 unchanged."
    assert QueueItem.objects.get().quote == quote


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[issue]", "not valid TOML"),
        ("x = 1", r"has no \[\[issue\]\]"),
        (ISSUE.replace('title = "Road toll"', ""), "issue 1: “title” is missing"),
        (ISSUE + "colour = 'red'", "“colour” is not known"),
        (ISSUE.replace('["toll"]', '"toll"'), "“terms” must be a list"),
        (ISSUE + "parent = 'none'", "there is no parent with the slug “none”"),
        (ISSUE.replace('"toll"\n', '"no slug!"\n', 1), "issue 1: slug"),
        (ISSUE.replace('"toll"\n', '"new"\n', 1), "“new” is a page of the site"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_changes_nothing(tmp_path, text, message):
    with pytest.raises(CommandError, match=message):
        load(tmp_path, text)
    assert not Issue.objects.exists()
