"""Being written."""

from django.http import HttpRequest, HttpResponse


def article_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def article(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
