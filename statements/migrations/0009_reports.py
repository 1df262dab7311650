"""Reports from readers; how editors answered them is a record that a trigger keeps."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


EVENTS_STAY = """
CREATE FUNCTION statements_report_events_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what became of a report is never changed or deleted; add a row to %', OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'report_events_stay';
END $$;
CREATE TRIGGER report_events_stay BEFORE UPDATE OR DELETE ON statements_reportevent
    FOR EACH ROW EXECUTE FUNCTION statements_report_events_stay();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0008_duplicates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReaderReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("speaker", "Wrong speaker"),
                            ("text", "Wrong text"),
                            ("no_quote", "Not a quote"),
                            ("stance", "Wrong stance"),
                            ("other", "Something else"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("corrected", "Corrected"),
                            ("kept", "Not changed"),
                            ("spam", "Not a report"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                (
                    "is_open",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.ExpressionWrapper(
                            models.Q(("state", "open")), output_field=models.BooleanField()
                        ),
                        output_field=models.BooleanField(),
                    ),
                ),
                (
                    "receipt_count",
                    models.PositiveIntegerField(
                        default=0, help_text="How often it was sent; kept with the receipts."
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "quote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="statements.quote",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReportEvent",
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
                        choices=[("closed", "Closed"), ("reopened", "Opened again")], max_length=8
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("open", "Open"),
                            ("corrected", "Corrected"),
                            ("kept", "Not changed"),
                            ("spam", "Not a report"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "changed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("speaker", "the speaker"),
                                ("text", "the words"),
                                ("quote", "whether it is a quote"),
                                ("stance", "where it stands"),
                                ("article", "what is said of the article"),
                            ],
                            max_length=7,
                        ),
                        blank=True,
                        default=list,
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        blank=True, help_text="What those who sent it read.", max_length=500
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "editor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report_events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="statements.readerreport",
                    ),
                ),
            ],
            options={
                "ordering": ("created_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="ReportReceipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("sender", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="statements.readerreport",
                    ),
                ),
            ],
            options={
                "ordering": ("created_at", "pk"),
            },
        ),
        migrations.AddIndex(
            model_name="readerreport",
            index=models.Index(
                fields=["-is_open", "-receipt_count", "id"], name="reports_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="readerreport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("quote", "kind"),
                name="one_open_report_per_quote_and_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="readerreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["speaker", "text", "no_quote", "stance", "other"])
                ),
                name="report_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="readerreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "corrected", "kept", "spam"])),
                name="report_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("action", "reopened"), ("answer", ""), ("changed", []), ("outcome", "")
                    ),
                    models.Q(("action", "closed"), ("outcome__in", ["corrected", "spam"])),
                    models.Q(
                        ("action", "closed"),
                        ("outcome", "kept"),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="report_is_answered_or_opened_again",
            ),
        ),
        migrations.AddIndex(
            model_name="reportreceipt",
            index=models.Index(
                condition=models.Q(("sender", ""), _negated=True),
                fields=["sender", "created_at"],
                name="receipt_by_sender",
            ),
        ),
        migrations.RunSQL(
            EVENTS_STAY,
            "DROP TRIGGER report_events_stay ON statements_reportevent; "
            "DROP FUNCTION statements_report_events_stay();",
        ),
    ]
