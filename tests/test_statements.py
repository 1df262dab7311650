"""Quotes of the same words are variants of one statement."""

from __future__ import annotations

from datetime import date
from random import Random
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_ox.models import OxTask

from statements.ingest.linking import forget_links, link_all, link_article, unlink_articles
from statements.ingest.repeat_keys import COMMON
from statements.ingest.repeats import make_one
from statements.labelling import record_label
from statements.ledger import undo
from statements.merging import merge
from statements.models import (
    Article,
    CommonRun,
    Quote,
    QuoteSketch,
    Speaker,
    Statement,
    Suggestion,
    Variant,
)
from statements.repairing import change_voice, repair_words, take_back_edit
from statements.splitting import split
from statements.tasks import relink_lot
from statements.variants import differences
from tests.factories import (
    make_actor,
    make_article,
    make_double,
    make_issue,
    make_outlet,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db

WORDS = "We will never accept this deal as it stands today"
OTHER = "The river belongs to all who live along its banks"


@pytest.fixture
def speaker() -> Speaker:
    return make_speaker("Ana Ruiz")


def said(words: str, **fields) -> Quote:
    quote = make_quote(words, **fields)
    link_article(quote.article)
    return quote


def statement_of(quote: Quote) -> int | None:
    variant = Variant.objects.filter(quote=quote).first()
    return variant.statement_id if variant else None


def are_one(*quotes: Quote) -> bool:
    found = {statement_of(each) for each in quotes}
    return len(found) == 1 and None not in found


def test_the_same_words_of_a_speaker_are_one_statement(speaker):
    first = said(WORDS, speaker=speaker)
    assert statement_of(first) is None
    second = said("We will never accept this deal, as it stands, today", speaker=speaker)
    third = said(WORDS.upper(), speaker=speaker)
    assert are_one(first, second, third)
    assert Statement.objects.count() == 1


def test_the_same_words_of_a_party_are_one_statement():
    ministry = make_actor("Ministry")
    assert are_one(said(WORDS, actor=ministry), said(WORDS, actor=ministry))


def test_the_same_words_of_others_are_not():
    for speaker in (make_speaker(), make_speaker(), None, None):
        said(WORDS, speaker=speaker, actor=make_actor() if speaker else None)
    assert not Variant.objects.exists()


def test_few_words_are_not(speaker):
    said("No comment at this point", speaker=speaker)
    said("No comment at this point", speaker=speaker)
    assert not Variant.objects.exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (WORDS + " indeed", True),
        (WORDS.replace("never", "never, ever"), True),
        ("accept this deal as it stands", True),
        ("this deal as it", False),
        (WORDS.replace("never accept", "gladly sign"), False),
        ("We will never accept that plan as it stands today", False),
    ],
)
def test_direct_speech_may_differ_a_little_or_be_cut(speaker, words, expected):
    first, second = said(WORDS, speaker=speaker), said(words, speaker=speaker)
    assert are_one(first, second) is expected


def test_words_count_as_often_as_they_are_said(speaker):
    first = said("A licence to report is a licence to be silenced", speaker=speaker)
    second = said("A licence to report is simply a licence to be silenced", speaker=speaker)
    assert are_one(first, second)


def test_reports_are_one_statement_only_in_the_same_words(speaker):
    first = said(WORDS, speaker=speaker, kind="indirect")
    second = said(WORDS, speaker=speaker, kind="indirect")
    third = said(WORDS + " indeed", speaker=speaker, kind="indirect")
    assert are_one(first, second)
    assert statement_of(third) is None


def test_a_cut_is_of_the_same_occasion(speaker):
    said(WORDS, speaker=speaker, said_on=date(2024, 1, 1))
    later = said(WORDS[:40], speaker=speaker, said_on=date(2024, 3, 1))
    undated = said(WORDS[:40], speaker=speaker, said_on=None)
    assert are_one(later, undated)
    assert Variant.objects.count() == 2


def test_in_copies_of_an_article_short_words_and_open_voices_are_one_too():
    body = " ".join(f"word{number}" for number in range(120))
    quotes = [
        make_quote("Not now", article=make_article(f"“Not now,” she said. {body} {end}"))
        for end in ("one", "two")
    ]
    for each in quotes:
        link_article(each.article)
    assert are_one(*quotes)


def test_a_quote_that_is_two_at_once_makes_their_statements_one(speaker):
    quotes = [said(words, speaker=speaker) for words in (WORDS, WORDS, OTHER, OTHER)]
    assert Statement.objects.count() == 2
    quotes.append(said(f"{WORDS}. {OTHER}", speaker=speaker))
    assert are_one(*quotes)
    assert Statement.objects.count() == 1


def test_linking_again_changes_nothing(speaker):
    quotes = [said(words, speaker=speaker) for words in (WORDS, WORDS + " indeed", OTHER)]
    before = list(Variant.objects.values()), list(QuoteSketch.objects.values())
    for each in quotes:
        link_article(each.article)
    assert (list(Variant.objects.values()), list(QuoteSketch.objects.values())) == before


def habit(number: int) -> str:
    """A sentence of its own that begins as all of somebody's do."""
    return f"At the end of the day it is {' '.join(f'w{number}x{place}' for place in range(9))}"


def test_a_habit_of_speech_becomes_common_and_repeats_are_found_all_the_same(speaker):
    quotes = [said(habit(number), speaker=speaker) for number in range(COMMON + 5)]
    # "At the end of the", "the end of the day", "end of the day it", "of the day it is".
    assert CommonRun.objects.count() == 4
    assert not Variant.objects.exists()
    last = quotes[-1]
    assert not CommonRun.objects.filter(key__in=last.sketch.runs).exists()
    assert are_one(last, said(habit(COMMON + 4), speaker=speaker))
    assert are_one(quotes[0], said(habit(0) + " indeed", speaker=speaker))
    # What somebody else says as often is common for them alone.
    assert len(said(habit(0), speaker=make_speaker()).sketch.runs) > len(last.sketch.runs)


def test_a_slogan_that_is_said_again_and_again_is_one_statement(speaker):
    slogan = "At the end of the day it is the economy"
    quotes = [said(slogan, speaker=speaker) for _ in range(COMMON + 5)]
    assert are_one(*quotes)
    # The first lead to it: those behind them keep nothing by which they are found.
    assert QuoteSketch.objects.count() <= COMMON
    quotes += [said(f"{slogan}, stupid", speaker=speaker), said(slogan, speaker=speaker)]
    assert are_one(*quotes)


def test_dropping_all_links_forgets_what_was_common(speaker):
    for number in range(COMMON):
        said(habit(number), speaker=speaker)
    assert CommonRun.objects.exists()
    forget_links()
    assert not CommonRun.objects.exists()
    link_all()
    assert CommonRun.objects.exists()


def test_a_thought_is_no_statement(speaker):
    said(WORDS, speaker=speaker)
    said(WORDS, speaker=speaker, act="other")
    assert not Variant.objects.exists()


def test_a_quote_is_linked_anew_when_its_voice_changes_and_back(speaker):
    first, second = said(WORDS, speaker=speaker), said(WORDS, speaker=speaker)
    assert are_one(first, second)
    edit = change_voice(second, speaker=make_speaker(), actor=None, editor=make_user("editor"))
    assert edit is not None
    assert not Statement.objects.exists()
    take_back_edit(edit)
    assert are_one(first, second)


def test_a_quote_is_linked_anew_when_its_words_change(speaker):
    first, second = said(OTHER, speaker=speaker), said("and " + OTHER, speaker=speaker)
    assert are_one(first, second)
    text = second.article.text
    place = (text.index("and The"), text.index(" belongs"))
    repair_words(second, [place], editor=make_user("editor"))
    assert not Statement.objects.exists()


def test_unlinking_an_article_leaves_no_statement_of_one(speaker):
    first, second = said(WORDS, speaker=speaker), said(WORDS, speaker=speaker)
    assert are_one(first, second)
    unlink_articles([second.article_id])
    assert not Statement.objects.exists()


def statements() -> set[frozenset[int]]:
    found: dict[int, set[int]] = {}
    for quote, statement in Variant.objects.values_list("quote", "statement"):
        found.setdefault(statement, set()).add(quote)
    return {frozenset(each) for each in found.values()}


def test_a_merge_makes_one_statement_of_the_same_words_and_its_undo_two(speaker):
    other = make_speaker("A. Ruiz")
    mine = [said(WORDS, speaker=speaker) for _ in range(2)]
    theirs = [said(WORDS, speaker=other) for _ in range(2)]
    alone = said(OTHER, speaker=other)
    before = statements()
    assert before == {frozenset(each.pk for each in mine), frozenset(each.pk for each in theirs)}
    event = merge(other, speaker, editor=make_user("lead"))
    assert are_one(*mine, *theirs)
    assert statement_of(alone) is None
    undo(event, editor=make_user("editor"))
    assert statements() == before


def test_a_split_parts_what_only_the_speaker_held_together(speaker):
    quotes = [said(WORDS, speaker=speaker) for _ in range(5)]
    kept = statement_of(quotes[0])
    gone = Quote.objects.filter(pk__in=[quotes[0].pk, quotes[3].pk])
    split(speaker, gone, name="Anna Ruiz", editor=make_user("lead"))
    assert are_one(quotes[0], quotes[3])
    assert are_one(quotes[1], quotes[2], quotes[4])
    # What most of them were, they are still.
    assert statement_of(quotes[1]) == kept != statement_of(quotes[0])


def test_a_split_parts_two_that_a_third_had_linked(speaker):
    start = " ".join(f"word{n}" for n in range(20))
    first = said(start, speaker=speaker)
    bridge = said(f"{start} {OTHER}", speaker=speaker)
    last = said(OTHER, speaker=speaker)
    assert are_one(first, bridge, last)
    split(speaker, Quote.objects.filter(pk=bridge.pk), name="Ada Ruiz", editor=make_user("lead"))
    assert not Statement.objects.exists()


def test_changes_of_identities_leave_what_linking_all_anew_gives():
    chance = Random(5)
    lead = make_user("lead")
    speakers = [make_speaker(f"Ana {name}") for name in ("Ruiz", "Ruis", "Rhys", "Reis")]
    words = [f"{OTHER} {' '.join(f'{name}{n}' for n in range(8))}" for name in "ab"]
    for _ in range(24):
        said(
            f"{WORDS} " * chance.randint(0, 1) + chance.choice(words),
            speaker=chance.choice(speakers),
        )
    events = [merge(speakers[1], speakers[0], editor=lead)]
    keys = Quote.objects.filter(speaker=speakers[0]).order_by("pk").values_list("pk", flat=True)
    quotes = Quote.objects.filter(pk__in=[pk for pk in keys if chance.random() < 0.5])
    split(speakers[0], quotes, to=speakers[2], editor=lead)
    events.append(merge(speakers[3], speakers[2], editor=lead))
    undo(events[1], editor=lead)
    found = statements()
    forget_links()
    link_all()
    assert found == statements() != set()


def test_many_quotes_that_somebody_else_said_are_linked_by_workers(speaker, monkeypatch):
    monkeypatch.setattr("statements.ledger._RELINKED_AT_ONCE", 2)
    other = make_speaker("A. Ruiz")
    mine = said(WORDS, speaker=speaker)
    theirs = [said(WORDS, speaker=other) for _ in range(3)]
    merge(other, speaker, editor=make_user("lead"))
    assert not are_one(mine, *theirs)
    assert OxTask.objects.count() == 2
    for task in OxTask.objects.all():
        relink_lot.call(*task.args)
    assert are_one(mine, *theirs)


def test_an_article_that_waits_to_be_linked_is_linked_with_who_says_it_by_then(speaker):
    other = make_speaker("A. Ruiz")
    mine, theirs = said(WORDS, speaker=speaker), make_quote(WORDS, speaker=other)
    merge(other, speaker, editor=make_user("lead"))
    assert not QuoteSketch.objects.filter(quote=theirs).exists()
    link_article(theirs.article)
    assert are_one(mine, theirs)


@pytest.mark.django_db(transaction=True)
def test_copies_stored_at_once_end_in_one_statement(speaker):
    start = Barrier(3)
    errors: list[Exception] = []

    def store() -> None:
        try:
            with transaction.atomic():
                quote = make_quote(WORDS, speaker=speaker)
                start.wait(10)
                link_article(quote.article)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=store) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert errors == []
    assert are_one(*Quote.objects.all())
    assert (Article.objects.count(), Statement.objects.count()) == (3, 1)


# -- The quote's page ---------------------------------------------------------------------------


@pytest.fixture
def variants(speaker) -> list[Quote]:
    """One statement in three articles, the second longer, the third a week later."""
    return [
        said(WORDS, speaker=speaker, article=article_of(WORDS, "The Wire", 1)),
        said(f"{WORDS} indeed", speaker=speaker, article=article_of(WORDS, "The Echo", 2)),
        said(WORDS, speaker=speaker, article=article_of(WORDS, "The Herald", 8)),
    ]


def article_of(words: str, outlet: str, day: int) -> Article:
    return make_article(
        f"In {outlet}: “{words} indeed.”",
        title=f"As in {outlet}",
        outlet=make_outlet(outlet),
        published_on=date(2024, 5, day),
    )


def test_the_page_shows_the_same_words_elsewhere_and_what_differs(client, variants):
    page = client.get(variants[0].get_absolute_url()).text
    assert "The same words elsewhere" in page
    assert "As in The Echo" in page
    assert "2 May 2024" in page
    assert '<ins><span class="unseen">only there: </span>indeed</ins>' in page
    assert page.count("word for word") == 1
    other = client.get(variants[1].get_absolute_url()).text
    assert other.count('<del><span class="unseen">only here: </span>indeed</del>') == 2
    alone = make_quote().get_absolute_url()
    assert "The same words elsewhere" not in client.get(alone).text


def test_what_a_reader_may_not_see_is_not_named(client, variants):
    Article.objects.filter(pk=variants[1].article_id).update(is_draft=True)
    Quote.objects.filter(pk=variants[2].pk).update(state="rejected")
    assert "The same words elsewhere" not in client.get(variants[0].get_absolute_url()).text


def test_editors_see_how_the_others_were_labelled_and_no_label_is_copied(client, variants):
    issue = make_issue()
    record_label(quote=variants[1], issue=issue, editor=make_user("editor"), label="opposes")
    assert "Labelled there" not in client.get(variants[0].get_absolute_url()).text
    client.force_login(make_user("editor"))
    assert "Labelled there" in client.get(variants[0].get_absolute_url()).text
    assert not variants[0].stances.exists()


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_an_editor_who_is_to_judge_one_blind_sees_no_label_of_the_others(client, variants, asked):
    issue = make_issue()
    record_label(quote=variants[1], issue=issue, editor=make_user("editor"), label="opposes")
    make_double(issue, variants[asked])
    client.force_login(make_user("editor"))
    assert "Labelled there" not in client.get(variants[0].get_absolute_url()).text


def test_the_page_costs_the_same_for_any_number_of_variants(
    client, variants, speaker, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as few:
        client.get(variants[0].get_absolute_url())
    for day in range(10, 15):
        said(WORDS, speaker=speaker, article=article_of(WORDS, f"Outlet {day}", day))
    with django_assert_num_queries(len(few)):
        client.get(variants[0].get_absolute_url())


def test_differences_ignore_case_and_marks():
    found = list(differences("We will, they say, go", "we WILL go — now"))
    assert [(each.change, each.text) for each in found] == [
        ("same", "we WILL"),
        ("removed", "they say,"),
        ("same", "go"),
        ("added", "— now"),
    ]


# -- Each statement once ------------------------------------------------------------------------


def shown(client, query: str) -> list[Quote]:
    return [row.quote for row in client.get(f"/{query}").context["page"].rows]


def test_each_statement_is_shown_once_by_its_earliest_quote(client, variants):
    lone = make_quote("Nothing of this was said before")
    response = client.get("/?once=1")
    assert [row.quote for row in response.context["page"].rows] == [variants[0], lone]
    assert "2 quotes · 0 actors · 4 articles" in response.text
    assert "What was said, each statement once" in response.text
    assert 'name="once" value="1" checked' in response.text
    assert len(shown(client, "")) == 4


def test_the_earliest_is_one_of_those_that_fit(client, variants):
    assert shown(client, "?once=1&outlet=the-herald") == [variants[2]]
    assert shown(client, "?once=1&from=2024-05-02") == [variants[1]]
    Quote.objects.filter(pk=variants[0].pk).update(state="rejected")
    assert shown(client, "?once=1") == [variants[1]]


def test_every_count_is_what_choosing_the_value_shows(client, variants):
    issue = make_issue(slug="dam")
    record_label(quote=variants[1], issue=issue, editor=make_user("editor"), label="opposes")
    Suggestion.objects.create(quote=variants[2], issue=issue, reason="No side.", method="rules")
    make_quote()
    for facet in client.get("/?once=1").context["facets"]:
        for option in [*facet.options, *facet.more]:
            found = shown(client, f"?once=1&{facet.key}={option.value}")
            assert len(found) == option.count, (facet.key, option.value)
    months = client.get("/?once=1").context["histogram"].bars
    assert sum(bar.count for bar in months) == 2


def test_exports_follow(client, variants):
    def lines(address: str) -> int:
        return b"".join(client.get(address).streaming_content).count(b"\n")

    assert lines("/export.jsonl?once=1") == 1
    assert lines("/export.jsonl") == 3
    record_label(quote=variants[1], issue=make_issue(), editor=make_user("editor"), label="opposes")
    assert lines("/export.dna.csv?once=1") == 2


def test_the_switch_is_kept_in_addresses_and_lifted_by_its_chip(client, variants):
    wanted = client.get("/?once=1&q=deal").context["filter"]
    assert wanted.query() == "?q=deal&once=1"
    assert wanted.chips[-1].without == "?q=deal"
    assert wanted.data_query == "?q=deal&once=1"
    assert shown(client, "?once=0") == shown(client, "")


def test_pages_of_statements_go_on_where_the_last_one_ended(client, speaker):
    for number in range(51):
        for _ in range(2):
            said(f"Number {number} of all that they have told us", speaker=speaker)
    first = client.get("/?once=1").context["page"]
    second = client.get("/", {"once": "1", "after": first.after}).context["page"]
    assert (len(first.rows), len(second.rows)) == (50, 1)
    assert shown(client, "?once=1&q=told&sort=relevance")


@pytest.mark.parametrize(
    "groups",
    [
        lambda a, b, c, new, newer: [{a, b, new}, {c, newer}],
        lambda a, b, c, new, newer: [{c, newer}, {a, b, new}],
    ],
    ids=["merged before", "merged behind"],
)
def test_groups_that_meet_in_a_statement_become_one_with_it(groups):
    a, b, c, new, newer = (make_quote() for _ in range(5))
    for quotes in ([a], [b, c]):
        statement = Statement.objects.create()
        for quote in quotes:
            Variant.objects.create(quote=quote, statement=statement)
    make_one(groups(a.pk, b.pk, c.pk, new.pk, newer.pk))
    assert Statement.objects.count() == 1
    assert Variant.objects.count() == 5
