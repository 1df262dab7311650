"""Addresses of the whole site."""

from django.contrib import admin
from django.urls import include, path

from newsroom.csp_reports import csp_report
from newsroom.health import healthz, readyz
from newsroom.metrics import metrics

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("csp-report", csp_report, name="csp_report"),
    path("", include("newsroom.accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("statements.urls")),
]

handler500 = "newsroom.away.failed"
