"""Being written."""

from django.http import HttpRequest, HttpResponse


def issue_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def issue(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
