"""Identities that were merged, the ledger of what was done to them, and names compared by threes."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


EVENTS_STAY = """
CREATE FUNCTION statements_identity_events_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was done to identities is never changed or deleted; undo %', OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'identity_events_stay';
END $$;
CREATE TRIGGER identity_events_stay BEFORE UPDATE OR DELETE ON statements_identityevent
    FOR EACH ROW EXECUTE FUNCTION statements_identity_events_stay();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0004_annotation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Ships with PostgreSQL, and the owner of a database may create it.
        TrigramExtension(),
        migrations.CreateModel(
            name="IdentityEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("merge", "Merged"),
                            ("split", "Split"),
                            ("confirm", "Confirmed"),
                            ("rename", "Renamed"),
                            ("retype", "Type and country"),
                            ("parent", "Part of"),
                            ("alias", "Name added"),
                            ("unalias", "Name removed"),
                            ("affiliation", "Post"),
                            ("import", "From a list"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "actors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list
                    ),
                ),
                (
                    "speakers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list
                    ),
                ),
                ("summary", models.TextField(help_text="What was done, in a sentence of the day.")),
                ("changes", models.JSONField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.AddField(
            model_name="actor",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who it turned out to be; from then on it is only an address that leads there.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="statements.actor",
            ),
        ),
        migrations.AddField(
            model_name="speaker",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who it turned out to be; from then on it is only an address that leads there.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="statements.speaker",
            ),
        ),
        migrations.AddIndex(
            model_name="actor",
            index=models.Index(fields=["standing", "sort_name", "id"], name="actor_by_standing"),
        ),
        migrations.AddIndex(
            model_name="actorname",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["key"], name="actor_name_alike", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="speaker",
            index=models.Index(fields=["standing", "sort_name", "id"], name="speaker_by_standing"),
        ),
        migrations.AddIndex(
            model_name="speakername",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["key"], name="speaker_name_alike", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="actor",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True),
                name="actor_is_not_merged_into_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="speaker",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True),
                name="speaker_is_not_merged_into_itself",
            ),
        ),
        migrations.AddField(
            model_name="identityevent",
            name="editor",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="identityevent",
            name="undoes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="undone_by",
                to="statements.identityevent",
            ),
        ),
        migrations.AddIndex(
            model_name="identityevent",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["actors"], name="identity_event_of_actor"
            ),
        ),
        migrations.AddIndex(
            model_name="identityevent",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["speakers"], name="identity_event_of_speaker"
            ),
        ),
        migrations.AddConstraint(
            model_name="identityevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "action__in",
                        [
                            "merge",
                            "split",
                            "confirm",
                            "rename",
                            "retype",
                            "parent",
                            "alias",
                            "unalias",
                            "affiliation",
                            "import",
                        ],
                    )
                ),
                name="identity_event_is_known",
            ),
        ),
        migrations.RunSQL(
            EVENTS_STAY,
            "DROP TRIGGER identity_events_stay ON statements_identityevent; "
            "DROP FUNCTION statements_identity_events_stay();",
        ),
    ]
