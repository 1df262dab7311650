"""Where a request comes from, told apart without keeping it."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac


def visitor_address(request: HttpRequest) -> str:
    """The address of the visitor, as far as it is known; of IPv6 the network, which is one home."""
    address = sent_from(request)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), 64), strict=False))
    return str(address or "unknown")


def sent_from(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """The very address that a request came from, as far as it is known.

    Anybody can write `X-Forwarded-For`: it is read only where the settings name a proxy, and then
    only its last entry, which is the proxy's own.
    """
    sent = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        last = request.headers.get("X-Forwarded-For", "").rpartition(",")[2]
        sent = last if _parsed(last) else sent
    address = _parsed(sent)
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address
    return address


def visitor_key(request: HttpRequest, at: datetime | None = None) -> str:
    """What stands for the visitor's address on one day; on another day it is another key."""
    day = (at or timezone.now()).date().isoformat()
    keyed = salted_hmac(f"visitor {day}", visitor_address(request), algorithm="sha256")
    return str(keyed.hexdigest())


def visitor_keys(request: HttpRequest) -> tuple[str, str]:
    """The keys of the visitor's address today and yesterday: all there is to count within a day."""
    now = timezone.now()
    return visitor_key(request, now), visitor_key(request, now - timedelta(days=1))


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text.strip())
    except ValueError:
        return None
