"""What the database itself refuses."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from statements.labelling import record_label
from statements.models import Actor, Affiliation, Article, JointVoice, Quote, QuotePart
from tests.factories import (
    make_actor,
    make_article,
    make_issue,
    make_quote,
    make_speaker,
    make_user,
)

pytestmark = pytest.mark.django_db


def refused(match: str):
    """A block that the database must refuse, naming the rule."""
    return pytest.raises(IntegrityError, match=match)


@pytest.mark.smoke
def test_the_text_of_an_article_is_fixed():
    article = make_article()
    with refused("the text of article"), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(text="Other words")
    article.title = "A better title"
    article.save()
    assert Article.objects.get().title == "A better title"


def test_the_same_text_is_one_article():
    article = make_article()
    with refused("text_hash"), transaction.atomic():
        make_article(article.text)


@pytest.mark.smoke
def test_a_part_must_be_what_the_article_says_there():
    quote = make_quote()
    with refused("is not what the article says there"), transaction.atomic():
        QuotePart.objects.create(quote=quote, ordinal=1, start=0, end=3, content="xyz")
    with refused("is not what the article says there"), transaction.atomic():
        QuotePart.objects.filter(quote=quote).update(start=quote.start + 1)


@pytest.mark.parametrize("astral", ["𝔸ll 😀 clear", "e\u0301galite\u0301"])
def test_offsets_count_code_points_in_python_and_in_the_database(astral):
    assert make_quote(f"{astral} words").parts.get().content == f"{astral} words"


def test_a_quote_lies_inside_its_text():
    quote = make_quote()
    with refused("lies outside article"), transaction.atomic():
        Quote.objects.filter(pk=quote.pk).update(end=10_000)
    with refused("quote_has_length"), transaction.atomic():
        Quote.objects.filter(pk=quote.pk).update(end=models.F("start"))


@pytest.mark.parametrize("name", ["cue", "source"])
def test_cue_and_source_are_the_words_at_their_place(name):
    quote = make_quote()
    place = {f"{name}_start": quote.end + 3, f"{name}_end": quote.end + 11}
    words = quote.article.text[quote.end + 3 : quote.end + 11]
    Quote.objects.filter(pk=quote.pk).update(**place, **{name: words})
    with refused("is not at its place"), transaction.atomic():
        Quote.objects.filter(pk=quote.pk).update(**{name: "somebody else"})
    with refused("is not at its place"), transaction.atomic():
        Quote.objects.filter(pk=quote.pk).update(**{f"{name}_start": 0, f"{name}_end": 4})


def test_one_quote_per_place():
    quote = make_quote()
    with refused("one_quote_per_place"), transaction.atomic():
        make_quote(quote.content, article=quote.article)


def test_an_affiliation_ends_after_it_begins_and_is_stored_once():
    post = {"speaker": make_speaker(), "actor": make_actor(), "post": "minister"}
    with refused("affiliation_ends_after"), transaction.atomic():
        Affiliation.objects.create(**post, since=date(2024, 2, 1), until=date(2024, 1, 1))
    Affiliation.objects.create(**post)
    with refused("one_affiliation_per_post"), transaction.atomic():
        Affiliation.objects.create(**post)


def test_an_issue_about_an_actor_names_it_and_no_other_does():
    with refused("issue_of_an_actor"), transaction.atomic():
        make_issue(kind="actor")
    with refused("issue_of_an_actor"), transaction.atomic():
        make_issue(actor=make_actor())
    assert make_issue(kind="actor", actor=make_actor()).pk


def test_an_actor_is_of_a_known_type_and_not_its_own_parent():
    actor = make_actor()
    with refused("actor_type_is_known"), transaction.atomic():
        Actor.objects.filter(pk=actor.pk).update(type="club")
    with refused("actor_is_not_its_own_parent"), transaction.atomic():
        Actor.objects.filter(pk=actor.pk).update(parent=actor)


def test_nothing_that_holds_human_work_can_be_deleted():
    quote = make_quote(actor=make_actor(), speaker=make_speaker())
    editor = make_user("editor")
    issue = make_issue()
    record_label(quote=quote, issue=issue, editor=editor, label="supports")
    rows: list[Any] = [quote, quote.article, quote.actor, quote.speaker, issue, editor]
    for row in rows:
        with pytest.raises(ProtectedError):
            row.delete()


def test_joint_voices_count_as_voices():
    quote = make_quote(actor=make_actor("Alpha", type="ngo"))
    JointVoice.objects.create(
        quote=quote, ordinal=1, actor=make_actor("Beta", type="ngo"), actor_type="ngo"
    )
    assert [voice.name for voice in quote.voices] == ["Alpha", "Beta"]
    assert list(Quote.objects.voiced_by(actor__name="Beta")) == [quote]


def test_readers_see_no_thoughts_no_rejects_and_no_drafts():
    shown = make_quote()
    make_quote(act="other")
    make_quote(state="rejected")
    draft = make_quote(
        "Not yet public", article=make_article("Draft. Not yet public", is_draft=True)
    )
    assert list(Quote.objects.visible_to(make_user())) == [shown]
    assert set(Quote.objects.visible_to(make_user("admin"))) == {shown, draft}
