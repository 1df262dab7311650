"""Failed tries to sign in: counted for each account and each address, and answered with a wait."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv6Address
from math import ceil
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from newsroom.visitors import visitor_key
from newsroom.waiting import come_back_later


def address_stand_in(request: HttpRequest) -> str:
    """What stands for the visitor's address on one day, in the form of one.

    django-axes keeps it in a column for addresses; no address that anybody has goes in.
    """
    return str(IPv6Address(int(visitor_key(request)[:32], 16)))


class FailureCounts(AxesDatabaseHandler):
    """Counts an account's failures and an address's, each against a limit of its own.

    An address may be a whole newsroom's, so it is given more than one account is.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Failures as django-axes compares them: as if all had been on one account."""
        of_account, of_address = (
            attempts.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        per_account = settings.NEWSROOM_SIGN_IN_FAILURES
        share = of_address / settings.NEWSROOM_SIGN_IN_FAILURES_PER_ADDRESS
        return max(of_account, int(share * per_account))


def failure_limit(_request: HttpRequest, _credentials: dict[str, Any] | None) -> int:
    return settings.NEWSROOM_SIGN_IN_FAILURES


def lock_time(_request: HttpRequest | None) -> timedelta:
    return timedelta(minutes=settings.NEWSROOM_SIGN_IN_LOCK_MINUTES)


def locked_out(
    request: HttpRequest, _response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """A page that says how long to wait; the same whether there is such an account or not."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    tries = AccessAttempt.objects.filter(Q(username=name) | Q(ip_address=address_stand_in(request)))
    latest = tries.aggregate(latest=Max("attempt_time"))["latest"] or timezone.now()
    wait = latest + lock_time(request) - timezone.now()
    return come_back_later(
        request,
        ceil(max(wait.total_seconds(), 1)),
        "Too many tries to sign in with this name or from your connection failed.",
    )
