"""Being written."""

from django.http import HttpRequest, HttpResponse


def quote(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def label_quote(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
