"""Where a request comes from, as far as it may be believed, and what stands for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from newsroom.visitors import visitor_address, visitor_key


@pytest.mark.parametrize(
    ("behind_proxy", "remote", "forwarded", "address"),
    [
        (False, "192.0.2.1", "", "192.0.2.1"),
        (False, "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        (True, "10.0.0.1", "198.51.100.7", "198.51.100.7"),
        (True, "10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (True, "10.0.0.1", "", "10.0.0.1"),
        (True, "10.0.0.1", "198.51.100.7, <script>", "10.0.0.1"),
        (False, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (False, "::ffff:192.0.2.1", "", "192.0.2.1"),
        (False, "", "", "unknown"),
    ],
)
def test_only_a_proxy_that_the_settings_name_says_who_sent_it(
    rf, settings, behind_proxy, remote, forwarded, address
):
    settings.BEHIND_PROXY = behind_proxy
    request = rf.get("/", REMOTE_ADDR=remote, headers={"X-Forwarded-For": forwarded})
    assert visitor_address(request) == address


def test_an_address_has_another_key_on_another_day(rf):
    request, now = rf.get("/"), timezone.now()
    assert visitor_key(request, now) == visitor_key(request, now)
    assert visitor_key(request, now) != visitor_key(request, now - timedelta(days=1))
