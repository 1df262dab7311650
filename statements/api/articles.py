"""One article: its metadata and quotes. The text itself is for people to read on its page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from statements.api import fields
from statements.api.answers import answers_json, found_or_404
from statements.api.fields import Record, many, value
from statements.api.quotes import QUOTE, in_full
from statements.api.records import ARTICLE_IN_SHORT
from statements.models import Article, Quote

ARTICLE = Record(
    "Article",
    "One published text without the text: its metadata and its quotes in the order of the text.",
    (
        *ARTICLE_IN_SHORT.fields,
        value("published_basis", fields.TEXT, "Where the date comes from."),
        value("text_hash", fields.TEXT, "SHA-256 of the text that offsets count in, in UTF-8."),
        value("stored_at", fields.MOMENT, "When it came here.", "created_at"),
        many("quotes", QUOTE, "Its quotes.", lambda article: article.public_quotes),
    ),
)


@answers_json
def article(request: HttpRequest, uuid: UUID) -> dict[str, Any]:
    """One article with all its quotes: five queries."""
    articles = Article.objects.public().select_related("outlet").defer("text")
    found: Any = found_or_404(
        articles.filter(uuid=uuid).first(),
        "There is no article with this id, or it is not public.",
    )
    quotes = in_full(Quote.objects.public().filter(article=found), request)
    found.public_quotes = quotes.order_by("start", "pk")
    return ARTICLE.of(found, request.build_absolute_uri)
