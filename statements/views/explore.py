"""Being written."""

from django.http import HttpRequest, HttpResponse


def explore(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def export_csv(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def export_jsonl(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
