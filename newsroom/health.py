"""Whether the site can do its work, for load balancers and people."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, 503 when it does not."""
    if not _database_answers():
        return JsonResponse({"database": "unreachable"}, status=503)
    return JsonResponse({"database": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when this process can serve every page, else 503 with what is missing."""
    reasons = []
    if not _database_answers():
        reasons.append("The database does not answer.")
    elif missing := _missing_migrations():
        reasons.append(f"{missing} migrations are not applied: run manage.py migrate.")
    if not settings.DEBUG and not _has_static_files():
        reasons.append("The static files are not collected: run manage.py collectstatic.")
    if reasons:
        return JsonResponse({"ready": False, "reasons": reasons}, status=503)
    return JsonResponse({"ready": True})


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _missing_migrations() -> int:
    """How many migrations of this version the database lacks."""
    missing = _count_missing()
    if missing:
        # They may be applied while this process goes on. That all are is not asked again.
        _count_missing.cache_clear()
    return missing


@cache
def _count_missing() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _has_static_files() -> bool:
    storage = staticfiles_storage
    return not isinstance(storage, ManifestStaticFilesStorage) or bool(storage.hashed_files)
