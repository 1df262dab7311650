"""What is stored for every test of the API: one of everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from statements.labelling import record_label, update_stance
from statements.models import Affiliation, Issue, JointVoice, Quote, Suggestion
from statements.models.issues import publish_guideline
from tests.factories import (
    make_actor,
    make_article,
    make_issue,
    make_outlet,
    make_quote,
    make_speaker,
    make_user,
)


@dataclass(frozen=True, slots=True)
class Stored:
    labelled: Quote
    suggested: Quote
    issue: Issue


@pytest.fixture
def stored() -> Stored:
    """A quote of two voices with a label, one of nobody with a suggestion, and their article."""
    league = make_actor("Union of Leagues")
    watch = make_actor("River Watch", type="ngo", country="NL", parent=league)
    ada = make_speaker("Ada Lind")
    Affiliation.objects.create(speaker=ada, actor=watch, post="director", since=date(2020, 1, 1))
    article = make_article(
        "“It will flood,” they said. “Who knows,” somebody said.",
        title="A dam",
        byline="Bo Ek",
        outlet=make_outlet("The Gazette"),
        url="https://gazette.example/dam",
    )
    labelled = make_quote(
        "It will flood", article=article, actor=watch, speaker=ada, role="director"
    )
    union = make_actor("Dockers Union", type="labour")
    JointVoice.objects.create(quote=labelled, ordinal=1, actor=union, actor_type="labour")
    suggested = make_quote("Who knows", article=article, said_on=None)
    issue = make_issue(slug="dam", title="The dam", terms=["dam"])
    publish_guideline(issue, "Judge the speaker.")
    record_label(quote=labelled, issue=issue, editor=make_user("editor"), label="opposes")
    Suggestion.objects.create(
        quote=suggested, issue=issue, label="supports", confidence=0.83, method="predicates"
    )
    update_stance(suggested, issue)
    disputed = make_issue(slug="attitude", kind="actor", actor=watch, parent=issue)
    for label in ("supports", "opposes"):
        record_label(quote=labelled, issue=disputed, editor=make_user("editor"), label=label)
    return Stored(labelled, suggested, issue)
