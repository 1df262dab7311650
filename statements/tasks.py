"""What workers do. Arguments are keys; running a task twice is harmless."""

from __future__ import annotations

import logging

from django.db import IntegrityError
from django.tasks import task

from statements.ingest.processing import process
from statements.ingest.rereading import Rereading, apply
from statements.models import Article
from statements.nlp import PIPELINE_VERSION

logger = logging.getLogger(__name__)


@task
def process_lot(batch: int, items: list[int]) -> None:
    """Read and store some items of an import."""
    process(batch, items)


@task
def reread_lot(articles: list[int]) -> None:
    """Read some articles again and follow the new reading; one that fails stays as it was."""
    for article in Article.objects.filter(pk__in=articles).exclude(pipeline=PIPELINE_VERSION):
        try:
            apply(Rereading(article))
        except IntegrityError:
            logger.exception("%s could not be read again", article)
