"""What a load balancer and whoever deploys ask: does it live, is it ready, and why not."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder

from newsroom import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked_anew():
    health._count_missing.cache_clear()
    yield
    health._count_missing.cache_clear()


def test_it_is_ready_when_database_and_tables_are(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})
    assert "no-store" in answer["Cache-Control"]


def test_it_is_not_ready_before_it_was_migrated_and_is_afterwards(client):
    MigrationRecorder.Migration.objects.filter(app="statements").latest("id").delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    [reason] = answer.json()["reasons"]
    assert reason == "1 migrations are not applied: run manage.py migrate."
    call_command("migrate", fake=True, verbosity=0)
    assert client.get("/readyz").status_code == 200


def test_it_is_not_ready_without_its_static_files(client, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "run manage.py collectstatic" in answer.json()["reasons"][0]


def test_probes_need_neither_account_nor_https(client, settings):
    settings.READERS_NEED_ACCOUNT = settings.SECURE_SSL_REDIRECT = True
    assert client.get("/readyz").status_code == client.get("/healthz").status_code == 200
