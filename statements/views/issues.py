"""Issues: the list of them, each one's two sides face to face, and the quotes behind figures."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from newsroom.fragments import page_or_fragment
from statements import charts
from statements.changes import MINIMUM
from statements.choosing import EVERYONE_ELSE, WAYS, Choices, read_choices, without
from statements.contrast import Contrast, FaceToFace, face_to_face
from statements.evidence import Evidence
from statements.models import Issue, Stance
from statements.paging import Key, keyset_page
from statements.positions import Position
from statements.sides import Side

# The order of QuoteQuerySet.newest().
_NEWEST = (
    Key("said_on", descending=True, nullable=True),
    Key("article_id"),
    Key("start"),
    Key("pk"),
)


@require_safe
def issue_list(request: HttpRequest) -> HttpResponse:
    found = {issue.pk: Position(issue) for issue in Issue.objects.all()}
    rows = (
        Stance.objects.visible_to(request.user)
        .order_by("issue")
        .values_list("issue", "label", "standing")
        .annotate(quotes=Count("pk"))
    )
    for key, label, standing, quotes in rows:
        found[key].count(label=label, standing=standing, quotes=quotes)
    context = {"positions": list(found.values())}
    return page_or_fragment(request, "statements/issue_list.html", "results", context)


@require_safe
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    """Two sides of an issue; a name that was typed leads to the address of who is meant."""
    issues = Issue.objects.select_related("actor", "parent").prefetch_related("guidelines")
    found = get_object_or_404(issues, slug=slug)
    choices = read_choices(request.GET)
    if choices.is_settled:
        return redirect(_address(found, choices.left.side, choices.right.side))
    people = any(each.side.asks_for_people for each in choices.both if each.side)
    contrast = Contrast(found, request.user, people=people)
    left, right = _sides(contrast, choices)
    shown = face_to_face(contrast, left, right)
    context = {
        "issue": found,
        "sides": shown,
        "left": shown.left,
        "right": shown.right,
        "forms": _forms(found, choices, shown),
        "ways": WAYS.items(),
        "everyone_else": EVERYONE_ELSE,
        "notes": choices.notes,
        "swapped": _address(found, right, left),
        "courses": list(
            zip(
                shown.columns,
                charts.courses([column.position for column in shown.columns]),
                strict=False,
            )
        ),
        "minimum": MINIMUM,
    }
    return page_or_fragment(request, "statements/issue_detail.html", "contrast", context)


@require_safe
def evidence(request: HttpRequest, slug: str) -> HttpResponse:
    """The quotes that a figure counts, all of them, page by page."""
    found = get_object_or_404(Issue, slug=slug)
    figure = Evidence(found, request.user, request.GET)
    quotes = figure.quotes()
    context = {
        "issue": found,
        "slugs": (found.slug,),
        "figure": figure,
        "total": figure.total,
        "page": keyset_page(quotes.for_list(), _NEWEST, request.GET.get("after", "")),
    }
    return page_or_fragment(request, "statements/evidence.html", "more", context)


def _sides(contrast: Contrast, choices: Choices) -> tuple[Side, Side]:
    left, right = choices.left.side, choices.right.side
    if left and right:
        return left, right
    usual = contrast.most_opposed()
    # Where one side alone is chosen, the other is the usual one that differs from it.
    if left:
        return left, usual[1] if usual[1] != left else usual[0]
    return usual[0] if not right or usual[0] != right else usual[1], right or usual[1]


def _address(found: Issue, left: Side | None, right: Side | None) -> str:
    sides = {"left": left.key if left else "", "right": right.key if right else ""}
    chosen = urlencode({name: key for name, key in sides.items() if key}, safe=":,+")
    return f"{found.get_absolute_url()}?{chosen}"


def _forms(found: Issue, choices: Choices, shown: FaceToFace) -> list[dict[str, object]]:
    """What the form shows of each side: its parts, how to lift them, and who may be meant."""
    forms = []
    for choice, column in zip(choices.both, shown.columns, strict=True):
        is_left = choice is choices.left
        other = shown.right.side if is_left else shown.left.side

        def led(side: Side | None, is_left: bool = is_left, other: Side = other) -> str:
            return _address(found, *((side, other) if is_left else (other, side)))

        parts = [
            [
                (term, led(without(column.side, term)) if len(column.side.terms) > 1 else "")
                for term in terms
            ]
            for terms in column.side.alternatives
        ]
        meant = [(term, led(side)) for term, side in choice.meant]
        forms.append({"choice": choice, "column": column, "parts": parts, "meant": meant})
    return forms
