"""Accounts in the administration: admins make them and hand out roles, superusers do the rest."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt, AccessLog
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from newsroom.accounts import second_factor

# Keys of apps are nobody else's to see, and of sign-ins only the failures are kept.
for model in (TOTPDevice, StaticDevice, AccessLog, AccessAttempt, User):
    admin.site.unregister(model)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Nobody makes themselves more than they are: what gives every right is for superusers."""

    actions = ("take_second_factor_off",)
    _for_superusers = ("is_superuser", "user_permissions")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = ("last_login", "date_joined")
        return fixed if request.user.is_superuser else (*fixed, *self._for_superusers)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Labels and changes tell of who made them; an account is made inactive instead."""
        return False

    @admin.action(description="Take the second factor off", permissions=["change"])
    def take_second_factor_off(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """For somebody who lost phone and recovery codes."""
        done = [user for user in users if self.has_change_permission(request, user)]
        for user in done:
            second_factor.forget(user)
            self.log_change(request, user, "Took the second factor off")
        self.message_user(request, f"{len(done)} of {len(users)}: the password alone signs in.")


@admin.register(AccessAttempt)
class FailureAdmin(admin.ModelAdmin):
    """Failed tries to sign in; deleting an account's rows unlocks it at once."""

    list_display = ("username", "failures_since_start", "attempt_time")
    search_fields = ("username",)
    fields = ("username", "failures_since_start", "attempt_time", "user_agent")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
