"""Signing in, passwords, and a person's own account."""

from __future__ import annotations

import time
from typing import Any, cast

import django_otp
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import get_user_model, login
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsroom.accounts import second_factor as factor
from newsroom.accounts.forms import CodeForm, OwnPasswordForm, ResetForm

# So long, in seconds, the code may take after the password.
PATIENCE = 600
_HALF, _CODES = "signing_in", "recovery_codes"


class _Refused:
    """A form that cannot be used comes back with status 422, as everywhere."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return cast(HttpResponse, response)


class SignIn(_Refused, auth.LoginView):
    http_method_names = ("get", "head", "post")

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Go on to the code where the account has an app, else in."""
        user = form.get_user()
        if not factor.app_of(user):
            return super().form_valid(form)
        self.request.session[_HALF] = {
            "user": user.pk,
            "backend": user.backend,
            "hash": user.get_session_auth_hash(),
            "at": time.time(),
            "next": self.get_success_url(),
        }
        return redirect("login_code")


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login_code(request: HttpRequest) -> HttpResponse:
    """The second step of signing in; without the first it leads there."""
    half = request.session.get(_HALF, {})
    user = _half_signed_in(half)
    if user is None:
        request.session.pop(_HALF, None)
        return redirect("login")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        device = factor.accept(user, form.cleaned_data["code"])
        if device:
            user.otp_device = device  # type: ignore[attr-defined]
            login(request, user, backend=half["backend"])
            request.session.pop(_HALF, None)
            return redirect(half["next"])
        form.add_error("code", "That code is not right, or it came too soon after a wrong one.")
    status = 422 if form.is_bound else 200
    return render(request, "registration/login_code.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def admin_login(request: HttpRequest) -> HttpResponse:
    """The administration has no sign-in of its own: there is one, with its limits and codes."""
    there = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()}):
        there = reverse("admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(there)
    if not admin.site.has_permission(request):
        raise PermissionDenied
    return redirect(there)


class ResetPassword(_Refused, auth.PasswordResetView):
    http_method_names = ("get", "head", "post")
    form_class = ResetForm
    extra_context = {"sends_mail": settings.SENDS_MAIL}


# Said outside, since the view answers a link before it looks at the method.
@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
class NewPassword(_Refused, auth.PasswordResetConfirmView):
    pass


@method_decorator(login_required, name="dispatch")
class ChangePassword(_Refused, auth.PasswordChangeView):
    http_method_names = ("get", "head", "post")
    template_name = "registration/password_change.html"
    success_url = reverse_lazy("account")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, "Your password is changed; other devices are signed out.")
        return response


@login_required
@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who is signed in, as what, and how the account is kept."""
    user = _user(request)
    context = {
        "roles": list(user.groups.values_list("name", flat=True)),
        "app": factor.app_of(user),
        "codes_left": factor.recovery_codes_left(user),
        "is_demanded": factor.is_demanded(user),
        "sends_mail": settings.SENDS_MAIL,
    }
    return render(request, "accounts/account.html", context)


@login_required
@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up an app; where there is one, keep it or take it off."""
    user = _user(request)
    if factor.app_of(user):
        if not user.is_verified():  # type: ignore[attr-defined]
            return redirect_to_login(request.path)
        return _kept(request, OwnPasswordForm(request), status=200)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        codes = factor.set_up(user, form.cleaned_data["code"])
        if codes:
            django_otp.login(request, factor.app_of(user))
            return _show_codes(request, codes)
        form.add_error("code", "That is not the app’s code now. Wait for the next one.")
    app = factor.app_to_set_up(user)
    context = {
        "form": form,
        "drawing": factor.drawing_of(app),
        "key": factor.key_of(app),
        "is_demanded": factor.is_demanded(user),
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/second_factor.html", context, status=status)


@login_required
@sensitive_post_parameters("password")
@never_cache
@require_POST
def second_factor_change(request: HttpRequest) -> HttpResponse:
    """Take the app off, or make new recovery codes; both ask for the password again."""
    user = _user(request)
    if not user.is_verified():  # type: ignore[attr-defined]
        return redirect_to_login(reverse("second_factor"))
    form = OwnPasswordForm(request, request.POST)
    if not form.is_valid():
        return _kept(request, form, status=422)
    if "codes" in request.POST:
        return _show_codes(request, factor.new_recovery_codes(user))
    factor.forget(user)
    messages.success(request, "The app is taken off. Your password alone signs you in.")
    return redirect("account")


@login_required
@never_cache
@require_safe
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes that were just made; they are shown this once."""
    codes = request.session.pop(_CODES, None)
    if not codes:
        return redirect("account")
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


def _kept(request: HttpRequest, form: OwnPasswordForm, *, status: int) -> HttpResponse:
    context = {"form": form, "codes_left": factor.recovery_codes_left(_user(request))}
    return render(request, "accounts/second_factor_kept.html", context, status=status)


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    request.session[_CODES] = codes
    return redirect("recovery_codes")


def _half_signed_in(half: dict[str, Any]) -> User | None:
    """Who gave the right password lately, and has not changed it since."""
    if not half or time.time() - half["at"] > PATIENCE:
        return None
    user = get_user_model().objects.filter(pk=half["user"], is_active=True).first()
    return user if user and user.get_session_auth_hash() == half["hash"] else None


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)
