"""Suggestions are kept: each method's latest is current, and nothing is lost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from statements.ingest.suggesting import suggest_stances, suggestions_for
from statements.models import Quote, Stance, Suggestion
from statements.repairing import change_voice, repair_words
from tests.factories import make_actor, make_article, make_issue, make_quote, make_user

pytestmark = pytest.mark.django_db

PRAISE = "Berg is a brilliant and courageous leader who saved this country"


@pytest.fixture
def berg():
    return make_actor("Berg")


@pytest.fixture
def issue(berg):
    return make_issue(kind="actor", actor=berg)


def current(quote: Quote) -> dict[str, Suggestion]:
    return {each.method: each for each in Suggestion.objects.current().filter(quote=quote)}


def test_a_quote_that_names_the_actor_gets_an_attitude_with_its_shares(issue):
    quote = make_quote(PRAISE)
    assert suggest_stances([quote]) == 2
    attitude = current(quote)["attitude"]
    assert attitude.label == "supports"
    assert attitude.shares["supports"] == pytest.approx(attitude.confidence, abs=1e-3)
    assert attitude.evidence
    assert all(word in PRAISE for word in attitude.evidence)
    stance = Stance.objects.get(quote=quote)
    assert (stance.label, stance.standing) == ("supports", Stance.Standing.SUGGESTED)


def test_suggesting_again_adds_nothing(issue):
    quote = make_quote(PRAISE)
    suggest_stances([quote])
    assert suggest_stances([quote]) == 0
    suggestions_for(quote, issue)
    assert Suggestion.objects.count() == 2


def test_an_abstention_is_kept_with_a_reason_that_says_what_would_be_enough(issue):
    quote = make_quote("Berg and the others went on as before")
    suggest_stances([quote])
    attitude = current(quote)["attitude"]
    if not attitude.label:
        assert "sure, and speaks from" in attitude.reason
    assert current(quote)["predicates"].reason == "no explicit stance words about it"


def test_what_an_actor_says_of_itself_is_no_attitude_of_others(issue, berg):
    own = make_quote(f"{PRAISE}, and we firmly support Berg", actor=berg)
    other = make_quote(f"Indeed {PRAISE}", actor=make_actor("Oxfam"))
    suggest_stances([own, other])
    assert current(own) == {}
    assert suggestions_for(own, issue) == []
    assert set(current(other)) == {"predicates", "attitude"}


def test_a_quote_found_to_be_the_actors_own_has_no_suggestion_any_more(issue, berg):
    quote = make_quote(PRAISE)
    suggest_stances([quote])
    change_voice(quote, speaker=None, actor=berg, editor=make_user("editor"))
    assert current(quote) == {}
    assert not Stance.objects.filter(quote=quote).exists()
    assert Suggestion.objects.filter(quote=quote).count() == 2


def test_other_words_replace_what_was_proposed_and_keep_it(issue):
    words = f"{PRAISE}, no, Berg is a corrupt liar who betrayed the voters"
    quote = make_quote(words)
    suggest_stances([quote])
    before = current(quote)["attitude"]
    start = quote.start + words.index("Berg is a corrupt")
    repair_words(quote, [(start, quote.end)], editor=make_user("editor"))
    after = current(quote)["attitude"]
    assert after.pk != before.pk
    assert after.shares["opposes"] > before.shares["opposes"]
    before.refresh_from_db()
    assert not before.is_current


def test_a_newer_version_takes_the_place_of_the_older_one(issue):
    quote = make_quote(PRAISE)
    first = Suggestion.objects.create(
        quote=quote, issue=issue, method="attitude", label="opposes", confidence=0.5
    )
    suggest_stances([make_quote(f"{PRAISE}, again")])
    assert suggest_stances([quote]) == 2
    assert current(quote)["attitude"].label == "supports"
    first.refresh_from_db()
    assert (first.label, first.is_current) == ("opposes", False)


def test_the_surest_comes_first_and_abstentions_last(issue):
    quote = make_quote("Berg travels on Tuesday")
    suggest_stances([quote])
    for method, label, confidence in (("x", "opposes", 0.2), ("y", "supports", 0.999)):
        Suggestion.objects.create(
            quote=quote, issue=issue, method=method, label=label, confidence=confidence
        )
    found = suggestions_for(quote, issue)
    sure = [each.confidence for each in found if each.label]
    assert found[0].method == "y"
    assert sure == sorted(sure, reverse=True)
    assert not any(each.label for each in found[len(sure) :])
    assert found[-1].method == "predicates"


def test_the_names_of_an_actor_are_read_once_for_all_quotes_of_an_article(issue):
    text = "Report\n\n" + "\n\n".join(f"“{PRAISE} {n},” a person said." for n in range(8))
    article = make_article(text)
    for n in range(8):
        make_quote(f"{PRAISE} {n}", article=article)
    quotes = list(Quote.objects.select_related("article", "speaker", "actor"))
    with CaptureQueriesContext(connection) as asked:
        suggest_stances(quotes)
    assert sum("statements_actorname" in each["sql"] for each in asked) == 1
    assert Suggestion.objects.filter(method="attitude").count() == 8
