"""Page or fragment: htmx swaps get the part, everything else the page, caches both apart."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxMiddleware

from newsroom.fragments import wants_fragment

pytestmark = pytest.mark.django_db

SWAP = {"HX-Request": "true"}
BOOSTED = {"HX-Request": "true", "HX-Boosted": "true"}
BACK = {"HX-Request": "true", "HX-History-Restore-Request": "true"}


def asks_for_fragment(headers: dict[str, str]) -> bool:
    """What a view is told about a request with these headers."""
    answers: list[bool] = []

    def view(request: HttpRequest) -> HttpResponse:
        answers.append(wants_fragment(request))
        return HttpResponse()

    HtmxMiddleware(view)(RequestFactory().get("/", headers=headers))
    return answers[0]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, False, id="an ordinary request"),
        pytest.param(SWAP, True, id="a swap"),
        pytest.param(BOOSTED, False, id="a boosted link"),
        pytest.param(BACK, False, id="a step back in history"),
    ],
)
def test_only_a_swap_wants_a_fragment(headers, expected):
    assert asks_for_fragment(headers) is expected


@pytest.mark.parametrize("headers", [{}, BOOSTED, BACK])
def test_anything_but_a_swap_gets_the_whole_page(client, headers):
    html = client.get("/", headers=headers).text
    assert html.startswith("<!doctype html>")
    assert "hx-swap-oob" not in html


def test_a_swap_gets_the_fragment_alone(client):
    html = client.get("/", headers=SWAP).text
    assert "<html" not in html
    assert 'id="results"' in html


@pytest.mark.parametrize("headers", [{}, SWAP])
def test_caches_keep_page_and_fragment_apart(client, headers):
    vary = client.get("/", headers=headers)["Vary"]
    for name in ("HX-Request", "HX-Boosted", "HX-History-Restore-Request"):
        assert name in vary
