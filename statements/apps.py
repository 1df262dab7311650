"""The domain of Newsroom: articles, the people quoted in them, and where they stand."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class StatementsConfig(AppConfig):
    name = "statements"

    def ready(self) -> None:
        from newsroom import metrics
        from newsroom.visits import create_table
        from statements.checks import database_keeps_unicode
        from statements.gauges import gauges
        from statements.roles import create_roles

        register(database_keeps_unicode, Tags.database)
        metrics.sources.append(gauges)
        # Permissions exist only once every app has migrated, so no migration can hand them out.
        post_migrate.connect(create_roles, sender=self)
        post_migrate.connect(create_table, sender=self)
