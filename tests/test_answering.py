"""Who answers whom, stored with the quotes: proposals, and how they live with other changes."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from statements.ingest.answering import link_all, relink_replies
from statements.ingest.documents import Document
from statements.ingest.loading import load_documents
from statements.ingest.removing import preview_undo, undo_batch
from statements.ingest.rereading import apply, reread
from statements.ledger import undo
from statements.merging import merge, preview_merge
from statements.models import Article, ImportBatch, Quote, Reply, ReplyReading, Speaker
from statements.replying import decide
from statements.splitting import split
from tests.factories import make_actor, make_user
from tests.tables import everything

pytestmark = pytest.mark.django_db

TEXT = (
    "Toll stays\n\n“We are keeping the toll,” transport minister Ana Ruiz said on Monday.\n\n"
    "Olga Berg of the Road League accused Ruiz of “plain lies” on Tuesday.\n\n"
    "“The toll will not fall,” said Ole Lund."
)


def imported(*texts: str) -> ImportBatch:
    documents = [Document(f"{n}.txt", text, len(text)) for n, text in enumerate(texts)]
    return load_documents(documents, channel="command")[1]


@pytest.fixture
def batch() -> ImportBatch:
    return imported(TEXT)


def facts() -> list[tuple[str, str, str, str]]:
    return [
        (each.quote.name, each.relation, each.to.name, each.evidence)
        for each in Reply.objects.for_list()
    ]


def test_an_import_stores_what_the_rules_propose(batch):
    assert facts() == [("Olga Berg", "rebuts", "Ana Ruiz", "accused Ruiz")]
    reply = Reply.objects.get()
    assert reply.state == "proposed"
    assert reply.quote.article.text[reply.evidence_start : reply.evidence_end] == reply.evidence
    assert reply.earlier == Quote.objects.get(content__startswith="We are keeping")


def test_the_command_links_what_was_stored_before_and_then_nothing_more(batch):
    before = everything()
    ReplyReading.objects.all().delete()
    Reply.objects.all().delete()
    out = StringIO()
    call_command("link_replies", stdout=out)
    assert "1 articles read" in out.getvalue()
    assert "1 links proposed now; in all 1, of them 1 undecided." in out.getvalue()
    assert len(everything()["statements_reply"]) == len(before["statements_reply"])
    assert (link_all().articles, link_all().replies) == (0, 0)


def test_reading_again_keeps_what_editors_decided(batch):
    editor = make_user("editor")
    decide(Reply.objects.get(), "rejected", editor=editor)
    call_command("link_replies", again=True, stdout=StringIO())
    assert [each.state for each in Reply.objects.all()] == ["rejected"]
    relink_replies(list(Article.objects.all()))
    assert Reply.objects.count() == 1


def test_a_new_reading_of_the_article_links_anew(batch):
    Article.objects.update(pipeline="1")
    before = facts()
    apply(next(reread(list(Article.objects.all()))))
    assert facts() == before


def test_a_name_that_no_identity_has_is_linked_to_nobody():
    imported("Vote\n\nAna Ruiz, the mayor, accused Someone Unheard of “plain lies” on Monday.")
    assert facts() == []
    assert not Speaker.objects.filter(name__contains="Unheard").exists()


def test_somebody_known_who_is_not_quoted_there_is_found():
    make_actor("United Nations", type="intergovernmental", standing="confirmed")
    imported("Vote\n\n“We reject the report of the United Nations,” Ana Ruiz, the mayor, said.")
    assert facts() == [
        ("Ana Ruiz", "rebuts", "United Nations", "reject the report of the United Nations")
    ]


def test_undoing_an_import_takes_its_links(batch):
    undo_batch(batch)
    assert not Reply.objects.exists()


def test_an_import_with_a_decided_link_is_not_undone(batch):
    decide(Reply.objects.get(), "confirmed", editor=make_user("editor"))
    (held,) = preview_undo(batch).held
    assert (held.labels, held.edits, held.replies) == (0, 0, 1)
    assert undo_batch(batch).held
    assert Reply.objects.count() == 1


def test_a_merge_moves_links_and_its_undo_brings_them_back(batch):
    lead = make_user("lead")
    ruiz, lund = Speaker.objects.get(name="Ana Ruiz"), Speaker.objects.get(name="Ole Lund")
    before = everything()
    assert preview_merge(ruiz, lund).replies == 1
    event = merge(ruiz, lund, editor=lead)
    assert Reply.objects.get().speaker == lund
    undo(event, editor=lead)
    assert everything() == before


def test_a_merge_of_who_answers_with_whom_they_answer_leaves_no_link_standing(batch):
    ruiz, berg = Speaker.objects.get(name="Ana Ruiz"), Speaker.objects.get(name="Olga Berg")
    Reply.objects.update(actor=None)
    Quote.objects.update(actor=None)
    merge(ruiz, berg, editor=make_user("lead"))
    assert Reply.objects.exists()
    assert not Reply.objects.standing().exists()


def test_a_split_moves_the_links_to_the_quotes_that_move(batch):
    lead = make_user("lead")
    ruiz = Speaker.objects.get(name="Ana Ruiz")
    before = everything()
    event, new = split(ruiz, Quote.objects.filter(speaker=ruiz), name="A. Ruiz", editor=lead)
    assert Reply.objects.get().speaker == new
    undo(event, editor=lead)
    assert everything() == before


def test_the_database_holds_the_evidence_to_its_place(batch):
    with pytest.raises(IntegrityError, match="not what the article says"), transaction.atomic():
        Reply.objects.update(evidence="accused Lund")


def test_a_link_to_nobody_cannot_be(batch):
    with pytest.raises(IntegrityError, match="reply_is_to_somebody"), transaction.atomic():
        Reply.objects.update(actor=None, speaker=None)
