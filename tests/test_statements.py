"""Quotes of the same words are variants of one statement."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from statements.ingest.linking import link_article, unlink_articles
from statements.models import Article, Quote, QuoteSketch, Speaker, Statement, Variant
from statements.repairing import change_voice, repair_words, take_back_edit
from tests.factories import make_actor, make_article, make_quote, make_speaker, make_user

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
