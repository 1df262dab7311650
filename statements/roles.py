"""Who may do what: reader (no account), editor, lead, admin."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse

# Group → permissions, of the app `statements` where none is named; each role has those of the
# ones before it.
ROLES: dict[str, tuple[str, ...]] = {
    "editor": ("add_stancelabel", "view_stancelabel", "change_quote"),
    "lead": (
        "add_issue",
        "change_issue",
        "add_guideline",
        "change_actor",
        "change_speaker",
        "view_change",
    ),
    "admin": (
        "add_importbatch",
        "view_importbatch",
        "view_importitem",
        "add_article",
        "change_article",
        "add_outlet",
        "change_outlet",
        "auth.add_user",
        "auth.change_user",
        "axes.view_accessattempt",
        "axes.delete_accessattempt",
    ),
}

# What anybody may open even where reading needs an account.
_OPEN = ("/accounts/", "/static/", "/healthz", "/readyz", "/metrics", "/csp-report")

# What programs ask: a page to sign in on would say nothing to them.
_FOR_PROGRAMS = ("/api/v1/", "/oembed")


class ReadingMiddleware:
    """Sends visitors without an account to the sign-in page where the site is closed to them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        closed = settings.READERS_NEED_ACCOUNT and not request.user.is_authenticated
        if closed and request.path.startswith(_FOR_PROGRAMS):
            return JsonResponse(
                {
                    "error": "sign_in_needed",
                    "message": "Reading needs an account here: sign in, and send the session's "
                    "cookie along.",
                    "help": request.build_absolute_uri("/accounts/login/"),
                },
                status=401,
            )
        if closed and not request.path.startswith(_OPEN):
            return redirect_to_login(request.get_full_path())
        return self.get_response(request)


def create_roles(**_: object) -> None:
    """Make the three groups and give them their permissions; running it again changes nothing."""
    from django.contrib.auth.models import Group, Permission

    granted: list[str] = []
    for role, codenames in ROLES.items():
        granted.extend(codenames)
        group, _created = Group.objects.get_or_create(name=role)
        wanted = Q()
        for each in granted:
            app, _dot, codename = each.rpartition(".")
            wanted |= Q(content_type__app_label=app or "statements", codename=codename)
        group.permissions.add(*Permission.objects.filter(wanted))
