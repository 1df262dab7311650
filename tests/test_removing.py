"""Undoing an import: what it brought goes, what people did stays."""

from __future__ import annotations

import pytest

from statements.ingest.documents import Document
from statements.ingest.loading import load_documents
from statements.ingest.removing import preview_undo, undo_batch
from statements.labelling import record_label
from statements.models import Actor, Article, ImportBatch, Quote, Speaker, Suggestion
from tests import tables
from tests.factories import make_issue, make_user

pytestmark = pytest.mark.django_db

TEXT = (
    "Toll stays\n\n“We are keeping the toll,” transport minister Ana Ruiz said on Monday. "
    "The Road League called the toll a disgrace."
)


def imported(*texts: str) -> ImportBatch:
    documents = [Document(f"{n}.txt", text, len(text)) for n, text in enumerate(texts)]
    return load_documents(documents, channel="command")[1]


def everything() -> dict[str, list[dict[str, object]]]:
    """Every row of the domain but those of the imports themselves."""
    return {name: rows for name, rows in tables.everything().items() if "_import" not in name}


def test_an_undone_import_leaves_everything_as_it_was():
    make_issue(terms=["toll"])
    imported("Old news\n\n“The toll is dear,” mayor Olga Berg said on Monday.")
    before = everything()
    batch = imported(TEXT)
    assert Suggestion.objects.exists()
    assert everything() != before
    found = undo_batch(batch)
    assert (found.articles, found.held) == (1, [])
    assert everything() == before
    assert batch.state == "undone"
    assert [item.outcome for item in batch.items.all()] == ["undone"]


def test_what_was_undone_can_be_imported_again():
    undo_batch(imported(TEXT))
    batch = imported(TEXT)
    assert [item.outcome for item in batch.items.all()] == ["new"]


def test_a_label_holds_the_whole_import_and_is_named():
    issue = make_issue(terms=["toll"])
    batch = imported(TEXT, "Second\n\n“No toll,” Ana Ruiz said.")
    quote = Quote.objects.filter(article__title="Toll stays").first()
    assert quote is not None
    record_label(quote=quote, issue=issue, editor=make_user("editor"), label="supports")
    before = everything()
    assert not preview_undo(batch).is_possible
    found = undo_batch(batch)
    assert [(held.article, held.labels) for held in found.held] == [(quote.article, 1)]
    assert everything() == before
    assert batch.state == "finished"


def test_identities_that_others_name_or_somebody_confirmed_stay():
    imported("Old news\n\n“The toll is dear,” minister Ana Ruiz said on Monday.")
    batch = imported(TEXT)
    league = Actor.objects.get(name="Road League")
    league.standing = "confirmed"
    league.save()
    undo_batch(batch)
    assert Speaker.objects.filter(name="Ana Ruiz").exists()
    assert Actor.objects.filter(pk=league.pk).exists()


def test_a_copy_found_by_another_import_is_told_too():
    batch, later = imported(TEXT), imported(TEXT)
    assert later.items.get().outcome == "duplicate"
    undo_batch(batch)
    assert later.items.get().outcome == "undone"
    assert not Article.objects.exists()
