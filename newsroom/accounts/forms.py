"""What people fill in about their own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordResetForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from newsroom import visits
from newsroom.accounts.tasks import send_reset_links

_DAY = 24 * 3600


class CodeForm(forms.Form):
    """A code of an app, or a recovery code."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )


class OwnPasswordForm(forms.Form):
    """The user's password once more, before something that a borrowed screen must not do."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request

    def clean_password(self) -> str:
        """Asked of the same backends as at sign-in, so that wrong ones count there."""
        password = str(self.cleaned_data["password"])
        name = self._request.user.get_username()
        if authenticate(self._request, username=name, password=password) is None:
            raise ValidationError("That is not your password.")
        return password


class ResetForm(PasswordResetForm):
    """Asks for a link by e-mail; what is done is the same for addresses that nobody has."""

    def clean(self) -> dict[str, Any]:
        if not settings.SENDS_MAIL:
            raise ValidationError("This site sends no e-mail. Ask an admin for a new password.")
        return super().clean() or {}

    def save(self, *_: Any, request: HttpRequest, **__: Any) -> None:  # type: ignore[override]
        """Have the link sent by a worker, so that the answer takes no longer for known ones."""
        email = self.cleaned_data["email"]
        visit = visits.count(
            visits.stand_in("reset", email.casefold()),
            settings.NEWSROOM_PASSWORD_RESETS_PER_ACCOUNT,
            _DAY,
        )
        known = [user.pk for user in self.get_users(email)]
        send_reset_links.enqueue([] if visit.wait else known, request.build_absolute_uri("/"))
