"""Accounts as an app, so that the administration finds how they are kept. It has no models."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "newsroom.accounts"
