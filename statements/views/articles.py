"""Articles: the list of them, and each one's text with its quotes marked in place."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from newsroom.fragments import page_or_fragment
from statements.copies import copies_of
from statements.marked_text import mark_text, quotes_in_place
from statements.models import Article

PER_PAGE = 50


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    """Newest first; copies are folded away behind the earliest unless they are asked for."""
    articles = Article.objects.visible_to(request.user)
    is_folded = request.GET.get("copies") != "shown"
    if is_folded:
        articles = articles.folded(request.user)
    listed = articles.with_copies(request.user).for_list().select_related("copy")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "is_folded": is_folded}
    return page_or_fragment(request, "statements/article_list.html", "results", context)


@require_safe
def article(request: HttpRequest, uuid: UUID) -> HttpResponse:
    articles = Article.objects.visible_to(request.user).select_related("outlet", "copy")
    found = get_object_or_404(articles, uuid=uuid)
    quotes = quotes_in_place(found, request.user)
    context = {
        "article": found,
        "quotes": quotes,
        "marked": mark_text(found, quotes),
        "copies": copies_of(found, request.user),
    }
    return render(request, "statements/article_detail.html", context)
