"""Being written."""

from django.http import HttpRequest, HttpResponse


def desk(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def batch(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
