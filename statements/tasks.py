"""What workers do. Arguments are keys; running a task twice is harmless."""

from __future__ import annotations

import gc
import logging
from functools import cache

from django.db import IntegrityError, transaction
from django.tasks import task

from newsroom.request_ids import following
from statements.ingest.linking import link_articles, link_some, relink_quotes
from statements.ingest.processing import process
from statements.ingest.rereading import Rereading, apply
from statements.models import Article, ImportBatch
from statements.nlp import PIPELINE_VERSION
from statements.recording import done_by

logger = logging.getLogger(__name__)


@task
def process_lot(batch: int, items: list[int], request_id: str = "") -> None:
    """Read and store some items of an import, and leave the linking of what is new to a task."""
    user = ImportBatch.objects.filter(pk=batch).values_list("user", flat=True).first()
    with (
        following(request_id, task=f"process_lot {batch}"),
        done_by(task="process_lot", user=user, reading=True),
    ):
        # Where tasks are kept in the database, this one is there if and only if the articles are.
        process(batch, items, link=link_lot.enqueue)
    _keep_what_is_loaded()


# Before what else waits, so that copies are grouped soon after an import has brought them.
@task(priority=10)
def link_lot(articles: list[int]) -> None:
    """Link some new articles with their copies, and their quotes with the same words elsewhere."""
    link_articles(articles)


@task(priority=10)
def relink_lot(quotes: list[int]) -> None:
    """Link quotes anew that somebody else said, as an editor found."""
    relink_quotes(quotes)


# Behind all else: it is about what was missed.
@task(priority=-10)
def link_missed() -> None:
    """Link what is stored and not linked yet, however it came so, some articles in each task."""
    with transaction.atomic():
        if link_some():
            link_missed.enqueue()


@task
def reread_lot(articles: list[int], request_id: str = "") -> None:
    """Read some articles again and follow the new reading; one that fails stays as it was."""
    with (
        following(request_id, task="reread_lot"),
        done_by(task="reread_lot", reading=True),
    ):
        for article in Article.objects.filter(pk__in=articles).exclude(pipeline=PIPELINE_VERSION):
            try:
                apply(Rereading(article))
            except IntegrityError:
                logger.exception("Article %s could not be read again", article.pk)


@cache
def _keep_what_is_loaded() -> None:
    """Let the garbage collector pass over what is there by now, such as the language model.

    Nothing of it goes before the process ends, and to look through it again and again takes long.
    """
    gc.collect()
    gc.freeze()
