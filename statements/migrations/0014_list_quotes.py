"""List and count the quotes that are stored already; the indexes of 0013 must be there first."""

from django.db import migrations


def fill(apps, schema_editor):
    """List what is stored already, some thousand quotes at a time."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM statements_quote")
        last = cursor.fetchone()[0]
        for first in range(0, last + 1, 20_000):
            cursor.execute(
                "SELECT statements_refresh_listings(ARRAY("
                "SELECT id FROM statements_quote WHERE id >= %s AND id < %s))",
                [first, first + 20_000],
            )
        cursor.execute("SELECT statements_fold_tallies()")


class Migration(migrations.Migration):
    dependencies = [("statements", "0013_listings")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
