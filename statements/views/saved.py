"""Views of Explore that a person saved under a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsroom.fragments import page_or_fragment, wants_fragment
from statements.filters import QuoteFilter
from statements.models import SavedView
from statements.saved_view_forms import NameForm, SaveForm

TEMPLATE = "statements/saved_views.html"


@dataclass(frozen=True, slots=True)
class Row:
    """A saved view with what it shows in words, its address, and the form that renames it."""

    view: SavedView
    in_words: str
    address: str
    form: NameForm


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def saved_views(request: HttpRequest) -> HttpResponse:
    """This person's saved views; a POST saves another one and leads back to it."""
    owner = cast("User", request.user)
    if request.method != "POST":
        return _list(request, owner)
    form = SaveForm(request.POST, owner=owner)
    if not form.is_valid():
        return _list(request, owner, save_form=form)
    saved = form.save()
    messages.success(request, f"Saved as “{saved.name}”.")
    return redirect(saved.leads_to)


@require_safe
def saved_view(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """On to Explore, for everybody who has the address."""
    return redirect(get_object_or_404(SavedView, uuid=uuid).leads_to)


@login_required
@require_POST
def saved_view_rename(request: HttpRequest, uuid: UUID) -> HttpResponse:
    owner = cast("User", request.user)
    view = get_object_or_404(SavedView.objects.of(owner), uuid=uuid)
    form = NameForm(request.POST, owner=owner, view=view, auto_id=f"{view.pk}-%s")
    if not form.is_valid():
        return _list(request, owner, renaming=form)
    form.rename(view)
    return _done(request, owner, f"It is called “{view.name}” now.")


@login_required
@require_POST
def saved_view_delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    owner = cast("User", request.user)
    view = get_object_or_404(SavedView.objects.of(owner), uuid=uuid)
    view.delete()
    return _done(request, owner, f"“{view.name}” is deleted; its address leads nowhere now.")


def _done(request: HttpRequest, owner: User, said: str) -> HttpResponse:
    if wants_fragment(request):
        return _list(request, owner, said=said)
    messages.success(request, said)
    return redirect("statements:saved_views")


def _list(
    request: HttpRequest,
    owner: User,
    *,
    save_form: SaveForm | None = None,
    renaming: NameForm | None = None,
    said: str = "",
) -> HttpResponse:
    rows = [_row(request, owner, view, renaming) for view in SavedView.objects.of(owner)]
    context = {"rows": rows, "save_form": save_form, "said": said, "renaming": renaming}
    status = 422 if save_form or renaming else 200
    return page_or_fragment(request, TEMPLATE, "saved-views", context, status=status)


def _row(request: HttpRequest, owner: User, view: SavedView, renaming: NameForm | None) -> Row:
    form = renaming
    if form is None or form.view != view:
        initial = {"name": view.name}
        form = NameForm(initial=initial, owner=owner, view=view, auto_id=f"{view.pk}-%s")
    return Row(
        view,
        QuoteFilter(QueryDict(view.query)).in_words,
        request.build_absolute_uri(view.get_absolute_url()),
        form,
    )
