"""The made-up corpus holds to all that a real one does."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from statements.browsing import rebuilding
from statements.models import Article, Listing, Quote, Stance
from tests.factories import make_actor
from tests.tables import everything

pytestmark = pytest.mark.django_db(transaction=True)


def fill(quotes: int = 400, seed: int = 3) -> str:
    out = StringIO()
    call_command("corpus", quotes=quotes, seed=seed, stdout=out)
    return out.getvalue()


def test_a_corpus_is_like_one_that_was_imported(client):
    assert "400 of 400 quotes" in fill()
    assert Quote.objects.count() == Listing.objects.count() == 400
    assert Article.objects.count() == 100
    for part in Quote.objects.get(pk=77).parts.all():
        assert part.quote.article.text[part.start : part.end] == part.content
    quote = Quote.objects.select_related("article").get(pk=77)
    assert quote.article.text[quote.cue_start : quote.cue_end] == "said"
    assert quote.article.text[quote.source_start : quote.source_end] == quote.source
    assert set(Stance.objects.values_list("standing", flat=True)) >= {"single", "suggested"}
    page = client.get("/?q=government&type=government")
    assert page.status_code == 200
    assert page.context["counts"].total > 0
    # Keys go on behind those that were copied.
    assert make_actor().pk == 101


def test_the_same_numbers_give_the_same_corpus():
    fill(50, seed=9)
    words = list(Quote.objects.order_by("pk").values_list("uuid", "content", "said_on"))
    call_command("flush", interactive=False, verbosity=0)
    fill(50, seed=9)
    assert list(Quote.objects.order_by("pk").values_list("uuid", "content", "said_on")) == words


def test_nothing_is_mixed_with_what_is_real():
    make_actor()
    with pytest.raises(CommandError, match=r"has actors already\. A corpus goes into an empty"):
        fill()
    assert not Article.objects.exists()


def test_rebuilding_changes_nothing_that_is_right():
    fill(60)
    Quote.objects.filter(pk__lt=9).update(state="rejected")
    before = everything()
    assert rebuilding.rebuild() == 52
    assert everything() == before
    Listing.objects.all().delete()
    out = StringIO()
    call_command("rebuild_listings", stdout=out)
    assert out.getvalue() == "52 quotes are listed.\n"
    assert everything() == before
