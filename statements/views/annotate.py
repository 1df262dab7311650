"""Being written."""

from django.http import HttpRequest, HttpResponse


def annotate_start(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def annotate(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
