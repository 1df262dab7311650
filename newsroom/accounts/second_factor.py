"""The second factor: a code of an app on a phone, or a recovery code, after the password."""

from __future__ import annotations

import io
from base64 import b32encode
from collections.abc import Callable
from typing import cast
from urllib.parse import quote, urlencode

import django_otp
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

ISSUER = "Newsroom"
# Codes of an app have so many digits; recovery codes are longer.
DIGITS = 6
RECOVERY_CODES = 10

# Where somebody may go who has yet to show the second factor that is demanded of them.
_OPEN = ("/accounts/", "/account/", "/static/", "/healthz")


def app_of(user: User) -> TOTPDevice | None:
    """The app that the user has set up, if any."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def app_to_set_up(user: User) -> TOTPDevice:
    """A key for the user's app, the same until a code of it has confirmed it."""
    return TOTPDevice.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": "App", "digits": DIGITS}
    )[0]


def address_of(app: TOTPDevice) -> str:
    """What the QR code says: the key in the form that apps read."""
    label = quote(f"{ISSUER}:{cast(User, app.user).get_username()}")
    return f"otpauth://totp/{label}?{urlencode({'secret': key_of(app), 'issuer': ISSUER})}"


def key_of(app: TOTPDevice) -> str:
    """The key as people type it where there is no camera."""
    return b32encode(app.bin_key).decode()


def drawing_of(app: TOTPDevice) -> SafeString:
    """The QR code as SVG without any style of its own, black on white in both themes."""
    import segno

    out = io.BytesIO()
    segno.make(address_of(app), error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, light="#fff",
        svgclass="qr", lineclass=None, title="QR code for an authenticator app", nl=False,
    )  # fmt: skip
    return mark_safe(out.getvalue().decode())  # noqa: S308 - made here, of a key and an escaped name


def accept(user: User, code: str) -> Device | None:
    """The app or the recovery codes of the user that this code opens; it is then used up.

    After a wrong code the next is looked at only a while later, twice as long each time.
    """
    code = "".join(code.split()).replace("-", "").lower()
    device: Device | None
    if code.isascii() and code.isdigit() and len(code) == DIGITS:
        device = app_of(user)
    else:
        device = StaticDevice.objects.filter(user=user, confirmed=True).first()
    return django_otp.verify_token(user, device.persistent_id, code) if device else None


@transaction.atomic
def set_up(user: User, code: str) -> list[str] | None:
    """Confirm the app by a code of it; gives the recovery codes, or None for a wrong code."""
    app = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    code = "".join(code.split())
    if app is None or not (code.isascii() and code.isdigit()) or not app.verify_token(code):
        return None
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    app.confirmed = True
    app.save(update_fields=["confirmed"])
    return new_recovery_codes(user)


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Codes that open the account once each, for a lost phone; those before open nothing more."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Recovery codes")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def recovery_codes_left(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


def forget(user: User) -> None:
    """Take the second factor off: the password alone opens the account again."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def is_demanded(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether the site lets this user do nothing before the second factor is shown."""
    if not settings.NEWSROOM_REQUIRE_SECOND_FACTOR or not isinstance(user, User):
        return False
    return user.is_staff or user.has_perm(settings.SECOND_FACTOR_FOR)


class SecondFactorMiddleware:
    """Leads those of whom a second factor is demanded to where they show it or set it up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            not settings.NEWSROOM_REQUIRE_SECOND_FACTOR
            or request.path.startswith(_OPEN)
            or not request.user.is_authenticated
            or request.user.is_verified()  # type: ignore[attr-defined]
            or not is_demanded(request.user)
        ):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return JsonResponse(
                {
                    "error": "second_factor_needed",
                    "message": "This account shows its second factor before it reads.",
                    "help": request.build_absolute_uri("/account/second-factor/"),
                },
                status=403,
            )
        if app_of(request.user):
            # Signed in before the app was set up, elsewhere.
            return redirect_to_login(request.get_full_path())
        return redirect("second_factor")
