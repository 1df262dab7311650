"""The record of changes: who changed what and when, for leads; and the same as data."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from newsroom.fragments import page_or_fragment
from statements.change_forms import ChangesForm
from statements.change_words import in_words, who_did
from statements.models.changes import ChangeQuerySet
from statements.paging import Key, keyset_page

TEMPLATE = "statements/changes.html"
SHOWN = 30
_NEWEST = [Key("pk", descending=True)]
_AT_ONCE = 500


@login_required
@permission_required("statements.view_change", raise_exception=True)
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    form = ChangesForm(request.GET)
    page = keyset_page(form.changes().for_list(), _NEWEST, request.GET.get("after"), SHOWN)
    context = {
        "form": form,
        "of": form.of,
        "kind": form.kind,
        "told": in_words(page.rows),
        "page": page,
        "is_narrowed": bool(form.kind or any(form.cleaned_data.values())),
    }
    status = 422 if form.errors else 200
    return page_or_fragment(request, TEMPLATE, "results", context, status=status)


@login_required
@permission_required("statements.view_change", raise_exception=True)
@require_safe
def changes_jsonl(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """What the page shows with the same filters, all of it, a line for each change."""
    form = ChangesForm(request.GET)
    if form.errors:
        told = {"error": "bad_filter", "message": form.errors.get_json_data()}
        return HttpResponse(json.dumps(told), "application/json", status=422)
    response = StreamingHttpResponse(_lines(form.changes()), content_type="application/jsonl")
    name = f"newsroom-changes-{timezone.now():%Y-%m-%d}.jsonl"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(found: ChangeQuerySet) -> Iterator[str]:
    accounts = dict(User.objects.values_list("pk", "username"))
    for change in found.order_by("-pk").iterator(chunk_size=_AT_ONCE):
        record = {
            "id": change.pk,
            "at": change.at.isoformat(),
            "kind": change.kind,
            "done": change.done,
            "keys": change.keys,
            "parents": change.parents,
            "before": change.before,
            "after": change.after,
            "who": who_did(change, accounts),
            "account": change.who,
            "context": change.context,
        }
        yield json.dumps(record, ensure_ascii=False) + "\n"
