"""Reading articles again: the new reading is followed, except where people have worked."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from statements.ingest.documents import Document
from statements.ingest.loading import load_documents
from statements.ingest.rereading import apply, outdated, reread, summary
from statements.labelling import record_label
from statements.models import Article, Quote, QuotePart, Speaker
from statements.nlp import PIPELINE_VERSION
from statements.repairing import change_voice
from statements.tasks import reread_lot
from tests.factories import make_issue, make_quote, make_speaker, make_user
from tests.test_removing import everything

pytestmark = pytest.mark.django_db

TEXT = (
    "Toll stays\n\n“We are keeping the toll,” transport minister Ana Ruiz said on Monday.\n\n"
    "“The toll is a disgrace and has to go,” said Olga Berg of the Road League.\n\n"
    "The mayor, Ole Lund, said that the city would wait."
)


@pytest.fixture
def article():
    """An article as the pipeline reads it, said to be of an older version."""
    load_documents([Document("a.txt", TEXT, len(TEXT))], channel="command")
    Article.objects.update(pipeline="1")
    return Article.objects.get()


def quote_of(words: str) -> Quote:
    return Quote.objects.get(content__contains=words)


def spoil(words: str, beginning: str) -> Quote:
    """Cut a quote after its beginning, as an older pipeline might have."""
    quote = quote_of(words)
    assert quote.content.startswith(beginning)
    quote.content, quote.end = beginning, quote.start + len(beginning)
    quote.save()
    quote.parts.all().delete()
    QuotePart.objects.create(
        quote=quote, ordinal=0, start=quote.start, end=quote.end, content=beginning
    )
    return quote


def kinds(article: Article) -> dict[str, int]:
    (found,) = reread([article])
    return {kind: count for kind, count in summary(found.changes).items() if count}


def test_the_same_pipeline_changes_nothing_and_says_so(article):
    (found,) = reread([article])
    assert found.is_same
    assert found.unchanged == 3
    before = everything()
    apply(found)
    article.refresh_from_db()
    assert article.pipeline == PIPELINE_VERSION
    after = everything()
    assert {name for name in before if before[name] != after[name]} == {"statements_article"}
    assert not outdated().exists()


def test_words_cut_otherwise_follow_the_new_reading_in_the_same_quote(article):
    quote = spoil("disgrace", "The toll is a disgrace")
    assert kinds(article) == {"words": 1}
    before = everything()
    list(reread([article]))
    assert everything() == before
    apply(next(reread([article])))
    quote.refresh_from_db()
    assert quote.content == "The toll is a disgrace and has to go"
    assert quote.parts.get().content == f"{quote.content},"
    assert kinds(article) == {}


def test_what_an_editor_judged_or_repaired_stays_and_is_named(article):
    judged = spoil("disgrace", "The toll is a disgrace")
    record_label(quote=judged, issue=make_issue(), editor=make_user("editor"), label="opposes")
    repaired = quote_of("keeping")
    change_voice(repaired, speaker=make_speaker("Somebody"), actor=None, editor=make_user("editor"))
    (found,) = reread([article])
    assert {change.kept for change in found.changes} == {
        "an editor judged it",
        "an editor repaired it",
    }
    apply(found)
    judged.refresh_from_db()
    repaired.refresh_from_db()
    assert judged.content == "The toll is a disgrace"
    assert repaired.speaker is not None
    assert repaired.speaker.name == "Somebody"


def test_what_is_no_longer_found_goes_and_what_is_new_comes(article):
    quote_of("keeping").parts.all().delete()
    lost = quote_of("keeping")
    lost.delete()
    make_quote("has to go", article=article)
    assert kinds(article) == {"new": 1, "gone": 1}
    apply(next(reread([article])))
    contents = set(Quote.objects.values_list("content", flat=True))
    assert "We are keeping the toll" in contents
    assert "has to go" not in contents
    ruiz = quote_of("keeping").speaker
    assert ruiz is not None
    assert ruiz.name == "Ana Ruiz"


def test_a_renamed_speaker_is_still_the_one_that_the_text_names(article):
    speaker = Speaker.objects.get(name="Ana Ruiz")
    speaker.name = "Ana María Ruiz"
    speaker.save()
    assert kinds(article) == {}


def test_the_command_shows_first_and_applies_when_told(article):
    spoil("disgrace", "The toll is a disgrace")
    out = io.StringIO()
    call_command("reread", stdout=out)
    assert "~ “The toll is a disgrace” → “The toll is a disgrace and has to go”" in out.getvalue()
    assert "Would change in 1 articles: 0 new, 0 no longer found, 1 cut otherwise" in out.getvalue()
    assert outdated().exists()
    out = io.StringIO()
    call_command("reread", "--apply", stdout=out)
    assert "Changed in 1 articles" in out.getvalue()
    assert not outdated().exists()
    with pytest.raises(CommandError, match="whole numbers"):
        call_command("reread", "--workers", "0")


def test_an_admin_sees_the_changes_and_follows_them(article, client):
    spoil("disgrace", "The toll is a disgrace")
    client.force_login(make_user("lead"))
    assert client.get("/desk/rereading/").status_code == 403
    client.force_login(make_user("admin"))
    assert "Articles read by an older version" in client.get("/desk/").text
    page = client.get("/desk/rereading/").text
    assert "Other words:" in page
    assert "1 cut otherwise" in page
    page = client.post("/desk/rereading/", {"article": [article.uuid, "x"]}, follow=True).text
    assert "1 article read again." in page
    assert "Every article was read by this version" in page


def test_all_articles_are_read_again_in_the_background(article, client):
    client.force_login(make_user("admin"))
    client.post("/desk/rereading/", {"all": "1"})
    assert outdated().exists()
    reread_lot.call([article.pk])
    assert not outdated().exists()
