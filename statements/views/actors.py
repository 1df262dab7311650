"""Being written."""

from django.http import HttpRequest, HttpResponse


def actor_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def actor(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def speaker(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
