"""Addresses of signing in (`/accounts/`, open to all) and of one's own account (`/account/`)."""

from django.contrib.auth import views as auth
from django.urls import path

from newsroom.accounts import views

urlpatterns = [
    path("accounts/login/", views.SignIn.as_view(), name="login"),
    path("accounts/login/code/", views.login_code, name="login_code"),
    path(
        "accounts/logout/",
        auth.LogoutView.as_view(http_method_names=["post"]),
        name="logout",
    ),
    path("accounts/password/", views.ResetPassword.as_view(), name="password_reset"),
    path(
        "accounts/password/sent/",
        auth.PasswordResetDoneView.as_view(http_method_names=["get", "head"]),
        name="password_reset_done",
    ),
    path(
        "accounts/password/<uidb64>/<token>/",
        views.NewPassword.as_view(),
        name="password_reset_confirm",
    ),
    path(
        "accounts/password/done/",
        auth.PasswordResetCompleteView.as_view(http_method_names=["get", "head"]),
        name="password_reset_complete",
    ),
    path("account/", views.account, name="account"),
    path("account/password/", views.ChangePassword.as_view(), name="password_change"),
    path("account/second-factor/", views.second_factor, name="second_factor"),
    path("account/second-factor/change/", views.second_factor_change, name="second_factor_change"),
    path("account/recovery-codes/", views.recovery_codes, name="recovery_codes"),
    path("admin/login/", views.admin_login, name="admin_login"),
]
