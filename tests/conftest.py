"""What every test shares."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """Hash passwords fast: these open nothing, and each user of a test has one."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _no_limits(settings):
    """Count nobody's visits: a test that is about limits sets its own."""
    for kind in ("SEARCHES_PER_MINUTE", "EXPORTS_PER_HOUR", "API_PER_MINUTE", "FEEDS_PER_MINUTE"):
        setattr(settings, f"NEWSROOM_{kind}", 0)
