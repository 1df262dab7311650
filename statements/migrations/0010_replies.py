"""Who answers whom, with evidence that stays at its place and decisions that are only added to."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


EVIDENCE_IS_AT_ITS_PLACE = """
CREATE FUNCTION statements_evidence_is_at_its_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM statements_quote q JOIN statements_article a ON a.id = q.article_id
        WHERE q.id = NEW.quote_id
          AND substring(a.text FROM NEW.evidence_start + 1
                        FOR NEW.evidence_end - NEW.evidence_start) = NEW.evidence
    ) THEN
        RAISE EXCEPTION 'evidence "%" of quote % is not what the article says there',
            NEW.evidence, NEW.quote_id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'evidence_is_at_its_place';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_is_at_its_place
    BEFORE INSERT OR UPDATE OF quote_id, evidence, evidence_start, evidence_end ON statements_reply
    FOR EACH ROW EXECUTE FUNCTION statements_evidence_is_at_its_place();
"""

DECISIONS_STAY = """
CREATE FUNCTION statements_reply_decisions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was decided of a reply is never changed or deleted; add a row to %', OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'reply_decisions_stay';
END $$;
CREATE TRIGGER reply_decisions_stay BEFORE UPDATE OR DELETE ON statements_replydecision
    FOR EACH ROW EXECUTE FUNCTION statements_reply_decisions_stay();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0009_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("rebuts", "Rebuts"),
                            ("responds_to", "Responds to"),
                            ("cites", "Cites"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("confirmed", "Confirmed"),
                            ("rejected", "Wrong"),
                        ],
                        default="proposed",
                        max_length=9,
                    ),
                ),
                ("evidence_start", models.PositiveIntegerField()),
                ("evidence_end", models.PositiveIntegerField()),
                (
                    "evidence",
                    models.CharField(help_text="The words that show it, verbatim.", max_length=400),
                ),
                (
                    "rule",
                    models.CharField(
                        help_text='Which rule found it; "hand": an editor.', max_length=20
                    ),
                ),
                ("confidence", models.FloatField(default=1.0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies_received",
                        to="statements.actor",
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        blank=True,
                        help_text="The quote that is answered, where it is known.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="statements.quote",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="statements.quote",
                    ),
                ),
                (
                    "speaker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies_received",
                        to="statements.speaker",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "replies",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="ReplyDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("confirmed", "Confirmed"),
                            ("rejected", "Wrong"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("rebuts", "Rebuts"),
                            ("responds_to", "Responds to"),
                            ("cites", "Cites"),
                        ],
                        max_length=11,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "editor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reply_decisions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="statements.reply",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="ReplyReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reply_reading",
                        to="statements.article",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(
                models.OrderBy(models.F("confidence"), descending=True),
                models.F("id"),
                condition=models.Q(("state", "proposed")),
                name="replies_to_decide",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.UniqueConstraint(
                condition=models.Q(("rule", "hand"), _negated=True),
                fields=("quote", "evidence_start", "evidence_end", "relation"),
                name="one_reply_per_evidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("actor__isnull", False), ("speaker__isnull", False), _connector="OR"
                ),
                name="reply_is_to_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("relation__in", ["rebuts", "responds_to", "cites"])),
                name="reply_relation_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "confirmed", "rejected"])),
                name="reply_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("evidence_end__gt", models.F("evidence_start"))),
                name="evidence_has_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__gte", 0.0), ("confidence__lte", 1.0)),
                name="reply_confidence_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="replydecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "confirmed", "rejected"])),
                name="reply_decision_is_known",
            ),
        ),
        migrations.RunSQL(
            EVIDENCE_IS_AT_ITS_PLACE,
            "DROP TRIGGER evidence_is_at_its_place ON statements_reply; "
            "DROP FUNCTION statements_evidence_is_at_its_place();",
        ),
        migrations.RunSQL(
            DECISIONS_STAY,
            "DROP TRIGGER reply_decisions_stay ON statements_replydecision; "
            "DROP FUNCTION statements_reply_decisions_stay();",
        ),
    ]
