"""The record of changes, the triggers that write it, and the one that keeps it."""

import django.contrib.auth.models
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

CHANGES_STAY = """
CREATE FUNCTION statements_changes_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record of changes is never changed or deleted: %', OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'changes_stay';
END $$;
CREATE TRIGGER changes_stay BEFORE UPDATE OR DELETE ON statements_change
    FOR EACH ROW EXECUTE FUNCTION statements_changes_stay();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("statements", "0011_part_guard"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(help_text="When the transaction began.")),
                (
                    "kind",
                    models.CharField(
                        help_text="The model whose rows it happened to.", max_length=20
                    ),
                ),
                (
                    "done",
                    models.CharField(
                        choices=[
                            ("added", "Added"),
                            ("changed", "Changed"),
                            ("removed", "Removed"),
                        ],
                        max_length=7,
                    ),
                ),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField()),
                ),
                ("key_count", models.PositiveIntegerField()),
                (
                    "parents",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list
                    ),
                ),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("who", models.BigIntegerField(null=True)),
                ("context", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("auth.user",),
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="AccountPermission",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("auth.user_user_permissions",),
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("auth.user_groups",),
        ),
        migrations.CreateModel(
            name="RolePermission",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("auth.group_permissions",),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="actor",
            trigger=pgtrigger.compiler.Trigger(
                name="record_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (coalesce(current_setting('pghistory.context_metadata', true), '') NOT LIKE '%\"reading\": true%')",
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) VALUES (now(), 'actor', 'added', ARRAY[NEW.id], 1, '{}'::bigint[], NULL, jsonb_build_object('slug', NEW.\"slug\", 'name', NEW.\"name\", 'standing', NEW.\"standing\", 'summary', NEW.\"summary\", 'merged_into_id', NEW.\"merged_into_id\", 'type', NEW.\"type\", 'country', NEW.\"country\", 'parent_id', NEW.\"parent_id\"), (made_by->>'user')::bigint, made_by - 'user') ; RETURN NULL;",
                    hash="7eaf12e21f5f792a87ad20ffd105c4d4c864f092",
                    operation="INSERT",
                    pgid="pgtrigger_record_insert_c6744",
                    table="statements_actor",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="actor",
            trigger=pgtrigger.compiler.Trigger(
                name="record_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func='INSERT INTO "statements_change" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), \'actor\', \'changed\', g.keys, cardinality(g.keys), \'{}\'::bigint[], d.before, d.after, (made_by->>\'user\')::bigint, made_by - \'user\' FROM ( SELECT array_agg(n.id::bigint) AS keys, CASE WHEN o."slug" IS DISTINCT FROM n."slug" THEN o."slug" END AS o0, CASE WHEN o."slug" IS DISTINCT FROM n."slug" THEN n."slug" END AS n0, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN o."name" END AS o1, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN n."name" END AS n1, CASE WHEN o."standing" IS DISTINCT FROM n."standing" THEN o."standing" END AS o2, CASE WHEN o."standing" IS DISTINCT FROM n."standing" THEN n."standing" END AS n2, CASE WHEN o."summary" IS DISTINCT FROM n."summary" THEN o."summary" END AS o3, CASE WHEN o."summary" IS DISTINCT FROM n."summary" THEN n."summary" END AS n3, CASE WHEN o."merged_into_id" IS DISTINCT FROM n."merged_into_id" THEN o."merged_into_id" END AS o4, CASE WHEN o."merged_into_id" IS DISTINCT FROM n."merged_into_id" THEN n."merged_into_id" END AS n4, CASE WHEN o."type" IS DISTINCT FROM n."type" THEN o."type" END AS o5, CASE WHEN o."type" IS DISTINCT FROM n."type" THEN n."type" END AS n5, CASE WHEN o."country" IS DISTINCT FROM n."country" THEN o."country" END AS o6, CASE WHEN o."country" IS DISTINCT FROM n."country" THEN n."country" END AS n6, CASE WHEN o."parent_id" IS DISTINCT FROM n."parent_id" THEN o."parent_id" END AS o7, CASE WHEN o."parent_id" IS DISTINCT FROM n."parent_id" THEN n."parent_id" END AS n7 FROM old_values o JOIN new_values n ON o.id = n.id WHERE o."slug" IS DISTINCT FROM n."slug" OR o."name" IS DISTINCT FROM n."name" OR o."standing" IS DISTINCT FROM n."standing" OR o."summary" IS DISTINCT FROM n."summary" OR o."merged_into_id" IS DISTINCT FROM n."merged_into_id" OR o."type" IS DISTINCT FROM n."type" OR o."country" IS DISTINCT FROM n."country" OR o."parent_id" IS DISTINCT FROM n."parent_id" GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 ) g CROSS JOIN LATERAL ( SELECT jsonb_object_agg(v.name, v.old) AS before, jsonb_object_agg(v.name, v.new) AS after FROM (VALUES (\'slug\', to_jsonb(g.o0), to_jsonb(g.n0)), (\'name\', to_jsonb(g.o1), to_jsonb(g.n1)), (\'standing\', to_jsonb(g.o2), to_jsonb(g.n2)), (\'summary\', to_jsonb(g.o3), to_jsonb(g.n3)), (\'merged_into_id\', to_jsonb(g.o4), to_jsonb(g.n4)), (\'type\', to_jsonb(g.o5), to_jsonb(g.n5)), (\'country\', to_jsonb(g.o6), to_jsonb(g.n6)), (\'parent_id\', to_jsonb(g.o7), to_jsonb(g.n7))) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new ) d ; RETURN NULL;',
                    hash="06706842bd98a83f895228bf5bb2fbb194112855",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_record_update_379b4",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="statements_actor",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="actor",
            trigger=pgtrigger.compiler.Trigger(
                name="record_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), 'actor', 'removed', ARRAY[o.id], 1, '{}'::bigint[], jsonb_build_object('slug', o.\"slug\", 'name', o.\"name\", 'standing', o.\"standing\", 'summary', o.\"summary\", 'merged_into_id', o.\"merged_into_id\", 'type', o.\"type\", 'country', o.\"country\", 'parent_id', o.\"parent_id\"), NULL, (made_by->>'user')::bigint, made_by - 'user' FROM old_values o ; RETURN NULL;",
                    hash="bda8915f830398440f80249918c52cb16a58d08c",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_record_delete_7334b",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="statements_actor",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="actorname",
            trigger=pgtrigger.compiler.Trigger(
                name="record_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (coalesce(current_setting('pghistory.context_metadata', true), '') NOT LIKE '%\"reading\": true%')",
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) VALUES (now(), 'actorname', 'added', ARRAY[NEW.id], 1, ARRAY[NEW.\"actor_id\"]::bigint[], NULL, jsonb_build_object('text', NEW.\"text\", 'kind', NEW.\"kind\", 'actor_id', NEW.\"actor_id\"), (made_by->>'user')::bigint, made_by - 'user') ; RETURN NULL;",
                    hash="c878f8970e435785decca32854edd5407e94a103",
                    operation="INSERT",
                    pgid="pgtrigger_record_insert_a4c37",
                    table="statements_actorname",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="actorname",
            trigger=pgtrigger.compiler.Trigger(
                name="record_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func='INSERT INTO "statements_change" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), \'actorname\', \'changed\', g.keys, cardinality(g.keys), ARRAY[g.parent_before, g.parent_after]::bigint[], d.before, d.after, (made_by->>\'user\')::bigint, made_by - \'user\' FROM ( SELECT array_agg(n.id::bigint) AS keys, CASE WHEN o."text" IS DISTINCT FROM n."text" THEN o."text" END AS o0, CASE WHEN o."text" IS DISTINCT FROM n."text" THEN n."text" END AS n0, CASE WHEN o."kind" IS DISTINCT FROM n."kind" THEN o."kind" END AS o1, CASE WHEN o."kind" IS DISTINCT FROM n."kind" THEN n."kind" END AS n1, CASE WHEN o."actor_id" IS DISTINCT FROM n."actor_id" THEN o."actor_id" END AS o2, CASE WHEN o."actor_id" IS DISTINCT FROM n."actor_id" THEN n."actor_id" END AS n2, o."actor_id" AS parent_before, n."actor_id" AS parent_after FROM old_values o JOIN new_values n ON o.id = n.id WHERE o."text" IS DISTINCT FROM n."text" OR o."kind" IS DISTINCT FROM n."kind" OR o."actor_id" IS DISTINCT FROM n."actor_id" GROUP BY 2, 3, 4, 5, 6, 7, 8, 9 ) g CROSS JOIN LATERAL ( SELECT jsonb_object_agg(v.name, v.old) AS before, jsonb_object_agg(v.name, v.new) AS after FROM (VALUES (\'text\', to_jsonb(g.o0), to_jsonb(g.n0)), (\'kind\', to_jsonb(g.o1), to_jsonb(g.n1)), (\'actor_id\', to_jsonb(g.o2), to_jsonb(g.n2))) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new ) d ; RETURN NULL;',
                    hash="b5b4cd2ea7b47a64b5151992785af3484f22c503",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_record_update_b895b",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="statements_actorname",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="actorname",
            trigger=pgtrigger.compiler.Trigger(
                name="record_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), 'actorname', 'removed', ARRAY[o.id], 1, ARRAY[o.\"actor_id\"]::bigint[], jsonb_build_object('text', o.\"text\", 'kind', o.\"kind\", 'actor_id', o.\"actor_id\"), NULL, (made_by->>'user')::bigint, made_by - 'user' FROM old_values o ; RETURN NULL;",
                    hash="67d251c4ddadc6e70a8f83963054765b8a7318d7",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_record_delete_376b9",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="statements_actorname",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="affiliation",
            trigger=pgtrigger.compiler.Trigger(
                name="record_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (coalesce(current_setting('pghistory.context_metadata', true), '') NOT LIKE '%\"reading\": true%')",
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) VALUES (now(), 'affiliation', 'added', ARRAY[NEW.id], 1, ARRAY[NEW.\"speaker_id\"]::bigint[], NULL, jsonb_build_object('speaker_id', NEW.\"speaker_id\", 'actor_id', NEW.\"actor_id\", 'post', NEW.\"post\", 'since', NEW.\"since\", 'until', NEW.\"until\", 'standing', NEW.\"standing\", 'evidence', NEW.\"evidence\"), (made_by->>'user')::bigint, made_by - 'user') ; RETURN NULL;",
                    hash="a3a8e630ee75fdd7e416a5c11233fb69851d3569",
                    operation="INSERT",
                    pgid="pgtrigger_record_insert_f0e2d",
                    table="statements_affiliation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="affiliation",
            trigger=pgtrigger.compiler.Trigger(
                name="record_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func='INSERT INTO "statements_change" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), \'affiliation\', \'changed\', g.keys, cardinality(g.keys), ARRAY[g.parent_before, g.parent_after]::bigint[], d.before, d.after, (made_by->>\'user\')::bigint, made_by - \'user\' FROM ( SELECT array_agg(n.id::bigint) AS keys, CASE WHEN o."speaker_id" IS DISTINCT FROM n."speaker_id" THEN o."speaker_id" END AS o0, CASE WHEN o."speaker_id" IS DISTINCT FROM n."speaker_id" THEN n."speaker_id" END AS n0, CASE WHEN o."actor_id" IS DISTINCT FROM n."actor_id" THEN o."actor_id" END AS o1, CASE WHEN o."actor_id" IS DISTINCT FROM n."actor_id" THEN n."actor_id" END AS n1, CASE WHEN o."post" IS DISTINCT FROM n."post" THEN o."post" END AS o2, CASE WHEN o."post" IS DISTINCT FROM n."post" THEN n."post" END AS n2, CASE WHEN o."since" IS DISTINCT FROM n."since" THEN o."since" END AS o3, CASE WHEN o."since" IS DISTINCT FROM n."since" THEN n."since" END AS n3, CASE WHEN o."until" IS DISTINCT FROM n."until" THEN o."until" END AS o4, CASE WHEN o."until" IS DISTINCT FROM n."until" THEN n."until" END AS n4, CASE WHEN o."standing" IS DISTINCT FROM n."standing" THEN o."standing" END AS o5, CASE WHEN o."standing" IS DISTINCT FROM n."standing" THEN n."standing" END AS n5, CASE WHEN o."evidence" IS DISTINCT FROM n."evidence" THEN o."evidence" END AS o6, CASE WHEN o."evidence" IS DISTINCT FROM n."evidence" THEN n."evidence" END AS n6, o."speaker_id" AS parent_before, n."speaker_id" AS parent_after FROM old_values o JOIN new_values n ON o.id = n.id WHERE o."speaker_id" IS DISTINCT FROM n."speaker_id" OR o."actor_id" IS DISTINCT FROM n."actor_id" OR o."post" IS DISTINCT FROM n."post" OR o."since" IS DISTINCT FROM n."since" OR o."until" IS DISTINCT FROM n."until" OR o."standing" IS DISTINCT FROM n."standing" OR o."evidence" IS DISTINCT FROM n."evidence" GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 ) g CROSS JOIN LATERAL ( SELECT jsonb_object_agg(v.name, v.old) AS before, jsonb_object_agg(v.name, v.new) AS after FROM (VALUES (\'speaker_id\', to_jsonb(g.o0), to_jsonb(g.n0)), (\'actor_id\', to_jsonb(g.o1), to_jsonb(g.n1)), (\'post\', to_jsonb(g.o2), to_jsonb(g.n2)), (\'since\', to_jsonb(g.o3), to_jsonb(g.n3)), (\'until\', to_jsonb(g.o4), to_jsonb(g.n4)), (\'standing\', to_jsonb(g.o5), to_jsonb(g.n5)), (\'evidence\', to_jsonb(g.o6), to_jsonb(g.n6))) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new ) d ; RETURN NULL;',
                    hash="29ae11fd57a779337f661594b4bb2d415ff0c60c",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_record_update_d8523",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="statements_affiliation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="affiliation",
            trigger=pgtrigger.compiler.Trigger(
                name="record_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), 'affiliation', 'removed', ARRAY[o.id], 1, ARRAY[o.\"speaker_id\"]::bigint[], jsonb_build_object('speaker_id', o.\"speaker_id\", 'actor_id', o.\"actor_id\", 'post', o.\"post\", 'since', o.\"since\", 'until', o.\"until\", 'standing', o.\"standing\", 'evidence', o.\"evidence\"), NULL, (made_by->>'user')::bigint, made_by - 'user' FROM old_values o ; RETURN NULL;",
                    hash="8eabe989f7c44a41629b254c0bcb4a79cceb0288",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_record_delete_40b67",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="statements_affiliation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="article",
            trigger=pgtrigger.compiler.Trigger(
                name="record_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func='INSERT INTO "statements_change" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), \'article\', \'changed\', g.keys, cardinality(g.keys), \'{}\'::bigint[], d.before, d.after, (made_by->>\'user\')::bigint, made_by - \'user\' FROM ( SELECT array_agg(n.id::bigint) AS keys, CASE WHEN o."title" IS DISTINCT FROM n."title" THEN o."title" END AS o0, CASE WHEN o."title" IS DISTINCT FROM n."title" THEN n."title" END AS n0, CASE WHEN o."outlet_id" IS DISTINCT FROM n."outlet_id" THEN o."outlet_id" END AS o1, CASE WHEN o."outlet_id" IS DISTINCT FROM n."outlet_id" THEN n."outlet_id" END AS n1, CASE WHEN o."byline" IS DISTINCT FROM n."byline" THEN o."byline" END AS o2, CASE WHEN o."byline" IS DISTINCT FROM n."byline" THEN n."byline" END AS n2, CASE WHEN o."url" IS DISTINCT FROM n."url" THEN o."url" END AS o3, CASE WHEN o."url" IS DISTINCT FROM n."url" THEN n."url" END AS n3, CASE WHEN o."published_on" IS DISTINCT FROM n."published_on" THEN o."published_on" END AS o4, CASE WHEN o."published_on" IS DISTINCT FROM n."published_on" THEN n."published_on" END AS n4, CASE WHEN o."published_basis" IS DISTINCT FROM n."published_basis" THEN o."published_basis" END AS o5, CASE WHEN o."published_basis" IS DISTINCT FROM n."published_basis" THEN n."published_basis" END AS n5, CASE WHEN o."is_draft" IS DISTINCT FROM n."is_draft" THEN o."is_draft" END AS o6, CASE WHEN o."is_draft" IS DISTINCT FROM n."is_draft" THEN n."is_draft" END AS n6, CASE WHEN o."is_fiction" IS DISTINCT FROM n."is_fiction" THEN o."is_fiction" END AS o7, CASE WHEN o."is_fiction" IS DISTINCT FROM n."is_fiction" THEN n."is_fiction" END AS n7, CASE WHEN o."note" IS DISTINCT FROM n."note" THEN o."note" END AS o8, CASE WHEN o."note" IS DISTINCT FROM n."note" THEN n."note" END AS n8 FROM old_values o JOIN new_values n ON o.id = n.id WHERE o."title" IS DISTINCT FROM n."title" OR o."outlet_id" IS DISTINCT FROM n."outlet_id" OR o."byline" IS DISTINCT FROM n."byline" OR o."url" IS DISTINCT FROM n."url" OR o."published_on" IS DISTINCT FROM n."published_on" OR o."published_basis" IS DISTINCT FROM n."published_basis" OR o."is_draft" IS DISTINCT FROM n."is_draft" OR o."is_fiction" IS DISTINCT FROM n."is_fiction" OR o."note" IS DISTINCT FROM n."note" GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 ) g CROSS JOIN LATERAL ( SELECT jsonb_object_agg(v.name, v.old) AS before, jsonb_object_agg(v.name, v.new) AS after FROM (VALUES (\'title\', to_jsonb(g.o0), to_jsonb(g.n0)), (\'outlet_id\', to_jsonb(g.o1), to_jsonb(g.n1)), (\'byline\', to_jsonb(g.o2), to_jsonb(g.n2)), (\'url\', to_jsonb(g.o3), to_jsonb(g.n3)), (\'published_on\', to_jsonb(g.o4), to_jsonb(g.n4)), (\'published_basis\', to_jsonb(g.o5), to_jsonb(g.n5)), (\'is_draft\', to_jsonb(g.o6), to_jsonb(g.n6)), (\'is_fiction\', to_jsonb(g.o7), to_jsonb(g.n7)), (\'note\', to_jsonb(g.o8), to_jsonb(g.n8))) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new ) d ; RETURN NULL;',
                    hash="8905c3b56032fc46c3ba2a06ccbb39299f11b5dc",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_record_update_96776",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="statements_article",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="article",
            trigger=pgtrigger.compiler.Trigger(
                name="record_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), 'article', 'removed', ARRAY[o.id], 1, '{}'::bigint[], jsonb_build_object('title', o.\"title\", 'outlet_id', o.\"outlet_id\", 'byline', o.\"byline\", 'url', o.\"url\", 'published_on', o.\"published_on\", 'published_basis', o.\"published_basis\", 'is_draft', o.\"is_draft\", 'is_fiction', o.\"is_fiction\", 'note', o.\"note\"), NULL, (made_by->>'user')::bigint, made_by - 'user' FROM old_values o ; RETURN NULL;",
                    hash="5215f6e9149654f1bb387be3b7b01c1763629e34",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_record_delete_36d7c",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="statements_article",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guideline",
            trigger=pgtrigger.compiler.Trigger(
                name="record_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) VALUES (now(), 'guideline', 'added', ARRAY[NEW.id], 1, ARRAY[NEW.\"issue_id\"]::bigint[], NULL, jsonb_build_object('issue_id', NEW.\"issue_id\", 'number', NEW.\"number\", 'text', NEW.\"text\", 'published_by_id', NEW.\"published_by_id\"), (made_by->>'user')::bigint, made_by - 'user') ; RETURN NULL;",
                    hash="157aabcfeab92cc8cbf106ddfb1def244e02a1e3",
                    operation="INSERT",
                    pgid="pgtrigger_record_insert_e3bfa",
                    table="statements_guideline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issue",
            trigger=pgtrigger.compiler.Trigger(
                name="record_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) VALUES (now(), 'issue', 'added', ARRAY[NEW.id], 1, '{}'::bigint[], NULL, jsonb_build_object('slug', NEW.\"slug\", 'title', NEW.\"title\", 'proposition', NEW.\"proposition\", 'kind', NEW.\"kind\", 'actor_id', NEW.\"actor_id\", 'supports_pole', NEW.\"supports_pole\", 'opposes_pole', NEW.\"opposes_pole\", 'terms', NEW.\"terms\", 'counter_terms', NEW.\"counter_terms\", 'parent_id', NEW.\"parent_id\", 'double_percent', NEW.\"double_percent\"), (made_by->>'user')::bigint, made_by - 'user') ; RETURN NULL;",
                    hash="2e7b6097f3b10ef983a2f475c50973f8d95fd7ce",
                    operation="INSERT",
                    pgid="pgtrigger_record_insert_8772c",
                    table="statements_issue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issue",
            trigger=pgtrigger.compiler.Trigger(
                name="record_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func='INSERT INTO "statements_change" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), \'issue\', \'changed\', g.keys, cardinality(g.keys), \'{}\'::bigint[], d.before, d.after, (made_by->>\'user\')::bigint, made_by - \'user\' FROM ( SELECT array_agg(n.id::bigint) AS keys, CASE WHEN o."slug" IS DISTINCT FROM n."slug" THEN o."slug" END AS o0, CASE WHEN o."slug" IS DISTINCT FROM n."slug" THEN n."slug" END AS n0, CASE WHEN o."title" IS DISTINCT FROM n."title" THEN o."title" END AS o1, CASE WHEN o."title" IS DISTINCT FROM n."title" THEN n."title" END AS n1, CASE WHEN o."proposition" IS DISTINCT FROM n."proposition" THEN o."proposition" END AS o2, CASE WHEN o."proposition" IS DISTINCT FROM n."proposition" THEN n."proposition" END AS n2, CASE WHEN o."kind" IS DISTINCT FROM n."kind" THEN o."kind" END AS o3, CASE WHEN o."kind" IS DISTINCT FROM n."kind" THEN n."kind" END AS n3, CASE WHEN o."actor_id" IS DISTINCT FROM n."actor_id" THEN o."actor_id" END AS o4, CASE WHEN o."actor_id" IS DISTINCT FROM n."actor_id" THEN n."actor_id" END AS n4, CASE WHEN o."supports_pole" IS DISTINCT FROM n."supports_pole" THEN o."supports_pole" END AS o5, CASE WHEN o."supports_pole" IS DISTINCT FROM n."supports_pole" THEN n."supports_pole" END AS n5, CASE WHEN o."opposes_pole" IS DISTINCT FROM n."opposes_pole" THEN o."opposes_pole" END AS o6, CASE WHEN o."opposes_pole" IS DISTINCT FROM n."opposes_pole" THEN n."opposes_pole" END AS n6, CASE WHEN o."terms" IS DISTINCT FROM n."terms" THEN o."terms" END AS o7, CASE WHEN o."terms" IS DISTINCT FROM n."terms" THEN n."terms" END AS n7, CASE WHEN o."counter_terms" IS DISTINCT FROM n."counter_terms" THEN o."counter_terms" END AS o8, CASE WHEN o."counter_terms" IS DISTINCT FROM n."counter_terms" THEN n."counter_terms" END AS n8, CASE WHEN o."parent_id" IS DISTINCT FROM n."parent_id" THEN o."parent_id" END AS o9, CASE WHEN o."parent_id" IS DISTINCT FROM n."parent_id" THEN n."parent_id" END AS n9, CASE WHEN o."double_percent" IS DISTINCT FROM n."double_percent" THEN o."double_percent" END AS o10, CASE WHEN o."double_percent" IS DISTINCT FROM n."double_percent" THEN n."double_percent" END AS n10 FROM old_values o JOIN new_values n ON o.id = n.id WHERE o."slug" IS DISTINCT FROM n."slug" OR o."title" IS DISTINCT FROM n."title" OR o."proposition" IS DISTINCT FROM n."proposition" OR o."kind" IS DISTINCT FROM n."kind" OR o."actor_id" IS DISTINCT FROM n."actor_id" OR o."supports_pole" IS DISTINCT FROM n."supports_pole" OR o."opposes_pole" IS DISTINCT FROM n."opposes_pole" OR o."terms" IS DISTINCT FROM n."terms" OR o."counter_terms" IS DISTINCT FROM n."counter_terms" OR o."parent_id" IS DISTINCT FROM n."parent_id" OR o."double_percent" IS DISTINCT FROM n."double_percent" GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23 ) g CROSS JOIN LATERAL ( SELECT jsonb_object_agg(v.name, v.old) AS before, jsonb_object_agg(v.name, v.new) AS after FROM (VALUES (\'slug\', to_jsonb(g.o0), to_jsonb(g.n0)), (\'title\', to_jsonb(g.o1), to_jsonb(g.n1)), (\'proposition\', to_jsonb(g.o2), to_jsonb(g.n2)), (\'kind\', to_jsonb(g.o3), to_jsonb(g.n3)), (\'actor_id\', to_jsonb(g.o4), to_jsonb(g.n4)), (\'supports_pole\', to_jsonb(g.o5), to_jsonb(g.n5)), (\'opposes_pole\', to_jsonb(g.o6), to_jsonb(g.n6)), (\'terms\', to_jsonb(g.o7), to_jsonb(g.n7)), (\'counter_terms\', to_jsonb(g.o8), to_jsonb(g.n8)), (\'parent_id\', to_jsonb(g.o9), to_jsonb(g.n9)), (\'double_percent\', to_jsonb(g.o10), to_jsonb(g.n10))) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new ) d ; RETURN NULL;',
                    hash="cd242f04a5cee0890d04bf6fc9928ed22c1eb49c",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_record_update_3c89c",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="statements_issue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issue",
            trigger=pgtrigger.compiler.Trigger(
                name="record_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), 'issue', 'removed', ARRAY[o.id], 1, '{}'::bigint[], jsonb_build_object('slug', o.\"slug\", 'title', o.\"title\", 'proposition', o.\"proposition\", 'kind', o.\"kind\", 'actor_id', o.\"actor_id\", 'supports_pole', o.\"supports_pole\", 'opposes_pole', o.\"opposes_pole\", 'terms', o.\"terms\", 'counter_terms', o.\"counter_terms\", 'parent_id', o.\"parent_id\", 'double_percent', o.\"double_percent\"), NULL, (made_by->>'user')::bigint, made_by - 'user' FROM old_values o ; RETURN NULL;",
                    hash="68e1a483e0417eed5b6ac5399f92bfde48bafa95",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_record_delete_9610a",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="statements_issue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jointvoice",
            trigger=pgtrigger.compiler.Trigger(
                name="record_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (coalesce(current_setting('pghistory.context_metadata', true), '') NOT LIKE '%\"reading\": true%')",
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) VALUES (now(), 'jointvoice', 'added', ARRAY[NEW.id], 1, ARRAY[NEW.\"quote_id\"]::bigint[], NULL, jsonb_build_object('quote_id', NEW.\"quote_id\", 'ordinal', NEW.\"ordinal\", 'speaker_id', NEW.\"speaker_id\", 'actor_id', NEW.\"actor_id\", 'affiliation_id', NEW.\"affiliation_id\", 'role', NEW.\"role\", 'actor_type', NEW.\"actor_type\", 'country', NEW.\"country\"), (made_by->>'user')::bigint, made_by - 'user') ; RETURN NULL;",
                    hash="8e30796e5541ed9a0d13a512ab669c9903391c9a",
                    operation="INSERT",
                    pgid="pgtrigger_record_insert_1270f",
                    table="statements_jointvoice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jointvoice",
            trigger=pgtrigger.compiler.Trigger(
                name="record_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func='INSERT INTO "statements_change" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), \'jointvoice\', \'changed\', g.keys, cardinality(g.keys), ARRAY[g.parent_before, g.parent_after]::bigint[], d.before, d.after, (made_by->>\'user\')::bigint, made_by - \'user\' FROM ( SELECT array_agg(n.id::bigint) AS keys, CASE WHEN o."quote_id" IS DISTINCT FROM n."quote_id" THEN o."quote_id" END AS o0, CASE WHEN o."quote_id" IS DISTINCT FROM n."quote_id" THEN n."quote_id" END AS n0, CASE WHEN o."ordinal" IS DISTINCT FROM n."ordinal" THEN o."ordinal" END AS o1, CASE WHEN o."ordinal" IS DISTINCT FROM n."ordinal" THEN n."ordinal" END AS n1, CASE WHEN o."speaker_id" IS DISTINCT FROM n."speaker_id" THEN o."speaker_id" END AS o2, CASE WHEN o."speaker_id" IS DISTINCT FROM n."speaker_id" THEN n."speaker_id" END AS n2, CASE WHEN o."actor_id" IS DISTINCT FROM n."actor_id" THEN o."actor_id" END AS o3, CASE WHEN o."actor_id" IS DISTINCT FROM n."actor_id" THEN n."actor_id" END AS n3, CASE WHEN o."affiliation_id" IS DISTINCT FROM n."affiliation_id" THEN o."affiliation_id" END AS o4, CASE WHEN o."affiliation_id" IS DISTINCT FROM n."affiliation_id" THEN n."affiliation_id" END AS n4, CASE WHEN o."role" IS DISTINCT FROM n."role" THEN o."role" END AS o5, CASE WHEN o."role" IS DISTINCT FROM n."role" THEN n."role" END AS n5, CASE WHEN o."actor_type" IS DISTINCT FROM n."actor_type" THEN o."actor_type" END AS o6, CASE WHEN o."actor_type" IS DISTINCT FROM n."actor_type" THEN n."actor_type" END AS n6, CASE WHEN o."country" IS DISTINCT FROM n."country" THEN o."country" END AS o7, CASE WHEN o."country" IS DISTINCT FROM n."country" THEN n."country" END AS n7, o."quote_id" AS parent_before, n."quote_id" AS parent_after FROM old_values o JOIN new_values n ON o.id = n.id WHERE o."quote_id" IS DISTINCT FROM n."quote_id" OR o."ordinal" IS DISTINCT FROM n."ordinal" OR o."speaker_id" IS DISTINCT FROM n."speaker_id" OR o."actor_id" IS DISTINCT FROM n."actor_id" OR o."affiliation_id" IS DISTINCT FROM n."affiliation_id" OR o."role" IS DISTINCT FROM n."role" OR o."actor_type" IS DISTINCT FROM n."actor_type" OR o."country" IS DISTINCT FROM n."country" GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 ) g CROSS JOIN LATERAL ( SELECT jsonb_object_agg(v.name, v.old) AS before, jsonb_object_agg(v.name, v.new) AS after FROM (VALUES (\'quote_id\', to_jsonb(g.o0), to_jsonb(g.n0)), (\'ordinal\', to_jsonb(g.o1), to_jsonb(g.n1)), (\'speaker_id\', to_jsonb(g.o2), to_jsonb(g.n2)), (\'actor_id\', to_jsonb(g.o3), to_jsonb(g.n3)), (\'affiliation_id\', to_jsonb(g.o4), to_jsonb(g.n4)), (\'role\', to_jsonb(g.o5), to_jsonb(g.n5)), (\'actor_type\', to_jsonb(g.o6), to_jsonb(g.n6)), (\'country\', to_jsonb(g.o7), to_jsonb(g.n7))) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new ) d ; RETURN NULL;',
                    hash="44880075d74773050f195e64f19fc1b2ad0194da",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_record_update_7da33",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="statements_jointvoice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jointvoice",
            trigger=pgtrigger.compiler.Trigger(
                name="record_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), 'jointvoice', 'removed', ARRAY[o.id], 1, ARRAY[o.\"quote_id\"]::bigint[], jsonb_build_object('quote_id', o.\"quote_id\", 'ordinal', o.\"ordinal\", 'speaker_id', o.\"speaker_id\", 'actor_id', o.\"actor_id\", 'affiliation_id', o.\"affiliation_id\", 'role', o.\"role\", 'actor_type', o.\"actor_type\", 'country', o.\"country\"), NULL, (made_by->>'user')::bigint, made_by - 'user' FROM old_values o ; RETURN NULL;",
                    hash="24387db7ff3ccd8c72d091b58c317d9dd62d45c8",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_record_delete_2141b",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="statements_jointvoice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outlet",
            trigger=pgtrigger.compiler.Trigger(
                name="record_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (coalesce(current_setting('pghistory.context_metadata', true), '') NOT LIKE '%\"reading\": true%')",
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) VALUES (now(), 'outlet', 'added', ARRAY[NEW.id], 1, '{}'::bigint[], NULL, jsonb_build_object('slug', NEW.\"slug\", 'name', NEW.\"name\", 'country', NEW.\"country\", 'homepage', NEW.\"homepage\"), (made_by->>'user')::bigint, made_by - 'user') ; RETURN NULL;",
                    hash="236f346f1dc35d5fec82930aa57ce12f62135e4e",
                    operation="INSERT",
                    pgid="pgtrigger_record_insert_c1a82",
                    table="statements_outlet",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outlet",
            trigger=pgtrigger.compiler.Trigger(
                name="record_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func='INSERT INTO "statements_change" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), \'outlet\', \'changed\', g.keys, cardinality(g.keys), \'{}\'::bigint[], d.before, d.after, (made_by->>\'user\')::bigint, made_by - \'user\' FROM ( SELECT array_agg(n.id::bigint) AS keys, CASE WHEN o."slug" IS DISTINCT FROM n."slug" THEN o."slug" END AS o0, CASE WHEN o."slug" IS DISTINCT FROM n."slug" THEN n."slug" END AS n0, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN o."name" END AS o1, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN n."name" END AS n1, CASE WHEN o."country" IS DISTINCT FROM n."country" THEN o."country" END AS o2, CASE WHEN o."country" IS DISTINCT FROM n."country" THEN n."country" END AS n2, CASE WHEN o."homepage" IS DISTINCT FROM n."homepage" THEN o."homepage" END AS o3, CASE WHEN o."homepage" IS DISTINCT FROM n."homepage" THEN n."homepage" END AS n3 FROM old_values o JOIN new_values n ON o.id = n.id WHERE o."slug" IS DISTINCT FROM n."slug" OR o."name" IS DISTINCT FROM n."name" OR o."country" IS DISTINCT FROM n."country" OR o."homepage" IS DISTINCT FROM n."homepage" GROUP BY 2, 3, 4, 5, 6, 7, 8, 9 ) g CROSS JOIN LATERAL ( SELECT jsonb_object_agg(v.name, v.old) AS before, jsonb_object_agg(v.name, v.new) AS after FROM (VALUES (\'slug\', to_jsonb(g.o0), to_jsonb(g.n0)), (\'name\', to_jsonb(g.o1), to_jsonb(g.n1)), (\'country\', to_jsonb(g.o2), to_jsonb(g.n2)), (\'homepage\', to_jsonb(g.o3), to_jsonb(g.n3))) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new ) d ; RETURN NULL;',
                    hash="cc412e941af51611ae6ae282451ea8eb42fb2d18",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_record_update_663cd",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="statements_outlet",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outlet",
            trigger=pgtrigger.compiler.Trigger(
                name="record_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), 'outlet', 'removed', ARRAY[o.id], 1, '{}'::bigint[], jsonb_build_object('slug', o.\"slug\", 'name', o.\"name\", 'country', o.\"country\", 'homepage', o.\"homepage\"), NULL, (made_by->>'user')::bigint, made_by - 'user' FROM old_values o ; RETURN NULL;",
                    hash="8a77dafeaa9b1ae2e97579ba277b256cf3c3d29c",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_record_delete_0b111",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="statements_outlet",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quote",
            trigger=pgtrigger.compiler.Trigger(
                name="record_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func='INSERT INTO "statements_change" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), \'quote\', \'changed\', g.keys, cardinality(g.keys), \'{}\'::bigint[], d.before, d.after, (made_by->>\'user\')::bigint, made_by - \'user\' FROM ( SELECT array_agg(n.id::bigint) AS keys, CASE WHEN o."speaker_id" IS DISTINCT FROM n."speaker_id" THEN o."speaker_id" END AS o0, CASE WHEN o."speaker_id" IS DISTINCT FROM n."speaker_id" THEN n."speaker_id" END AS n0, CASE WHEN o."actor_id" IS DISTINCT FROM n."actor_id" THEN o."actor_id" END AS o1, CASE WHEN o."actor_id" IS DISTINCT FROM n."actor_id" THEN n."actor_id" END AS n1, CASE WHEN o."affiliation_id" IS DISTINCT FROM n."affiliation_id" THEN o."affiliation_id" END AS o2, CASE WHEN o."affiliation_id" IS DISTINCT FROM n."affiliation_id" THEN n."affiliation_id" END AS n2, CASE WHEN o."role" IS DISTINCT FROM n."role" THEN o."role" END AS o3, CASE WHEN o."role" IS DISTINCT FROM n."role" THEN n."role" END AS n3, CASE WHEN o."actor_type" IS DISTINCT FROM n."actor_type" THEN o."actor_type" END AS o4, CASE WHEN o."actor_type" IS DISTINCT FROM n."actor_type" THEN n."actor_type" END AS n4, CASE WHEN o."country" IS DISTINCT FROM n."country" THEN o."country" END AS o5, CASE WHEN o."country" IS DISTINCT FROM n."country" THEN n."country" END AS n5, CASE WHEN o."state" IS DISTINCT FROM n."state" THEN o."state" END AS o6, CASE WHEN o."state" IS DISTINCT FROM n."state" THEN n."state" END AS n6, CASE WHEN o."kind" IS DISTINCT FROM n."kind" THEN o."kind" END AS o7, CASE WHEN o."kind" IS DISTINCT FROM n."kind" THEN n."kind" END AS n7, CASE WHEN o."act" IS DISTINCT FROM n."act" THEN o."act" END AS o8, CASE WHEN o."act" IS DISTINCT FROM n."act" THEN n."act" END AS n8, CASE WHEN o."content" IS DISTINCT FROM n."content" THEN o."content" END AS o9, CASE WHEN o."content" IS DISTINCT FROM n."content" THEN n."content" END AS n9, CASE WHEN o."start" IS DISTINCT FROM n."start" THEN o."start" END AS o10, CASE WHEN o."start" IS DISTINCT FROM n."start" THEN n."start" END AS n10, CASE WHEN o."end" IS DISTINCT FROM n."end" THEN o."end" END AS o11, CASE WHEN o."end" IS DISTINCT FROM n."end" THEN n."end" END AS n11, CASE WHEN o."cue" IS DISTINCT FROM n."cue" THEN o."cue" END AS o12, CASE WHEN o."cue" IS DISTINCT FROM n."cue" THEN n."cue" END AS n12, CASE WHEN o."source" IS DISTINCT FROM n."source" THEN o."source" END AS o13, CASE WHEN o."source" IS DISTINCT FROM n."source" THEN n."source" END AS n13, CASE WHEN o."attribution" IS DISTINCT FROM n."attribution" THEN o."attribution" END AS o14, CASE WHEN o."attribution" IS DISTINCT FROM n."attribution" THEN n."attribution" END AS n14, CASE WHEN o."basis" IS DISTINCT FROM n."basis" THEN o."basis" END AS o15, CASE WHEN o."basis" IS DISTINCT FROM n."basis" THEN n."basis" END AS n15, CASE WHEN o."said_on" IS DISTINCT FROM n."said_on" THEN o."said_on" END AS o16, CASE WHEN o."said_on" IS DISTINCT FROM n."said_on" THEN n."said_on" END AS n16, CASE WHEN o."said_basis" IS DISTINCT FROM n."said_basis" THEN o."said_basis" END AS o17, CASE WHEN o."said_basis" IS DISTINCT FROM n."said_basis" THEN n."said_basis" END AS n17 FROM old_values o JOIN new_values n ON o.id = n.id WHERE o."speaker_id" IS DISTINCT FROM n."speaker_id" OR o."actor_id" IS DISTINCT FROM n."actor_id" OR o."affiliation_id" IS DISTINCT FROM n."affiliation_id" OR o."role" IS DISTINCT FROM n."role" OR o."actor_type" IS DISTINCT FROM n."actor_type" OR o."country" IS DISTINCT FROM n."country" OR o."state" IS DISTINCT FROM n."state" OR o."kind" IS DISTINCT FROM n."kind" OR o."act" IS DISTINCT FROM n."act" OR o."content" IS DISTINCT FROM n."content" OR o."start" IS DISTINCT FROM n."start" OR o."end" IS DISTINCT FROM n."end" OR o."cue" IS DISTINCT FROM n."cue" OR o."source" IS DISTINCT FROM n."source" OR o."attribution" IS DISTINCT FROM n."attribution" OR o."basis" IS DISTINCT FROM n."basis" OR o."said_on" IS DISTINCT FROM n."said_on" OR o."said_basis" IS DISTINCT FROM n."said_basis" GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37 ) g CROSS JOIN LATERAL ( SELECT jsonb_object_agg(v.name, v.old) AS before, jsonb_object_agg(v.name, v.new) AS after FROM (VALUES (\'speaker_id\', to_jsonb(g.o0), to_jsonb(g.n0)), (\'actor_id\', to_jsonb(g.o1), to_jsonb(g.n1)), (\'affiliation_id\', to_jsonb(g.o2), to_jsonb(g.n2)), (\'role\', to_jsonb(g.o3), to_jsonb(g.n3)), (\'actor_type\', to_jsonb(g.o4), to_jsonb(g.n4)), (\'country\', to_jsonb(g.o5), to_jsonb(g.n5)), (\'state\', to_jsonb(g.o6), to_jsonb(g.n6)), (\'kind\', to_jsonb(g.o7), to_jsonb(g.n7)), (\'act\', to_jsonb(g.o8), to_jsonb(g.n8)), (\'content\', to_jsonb(g.o9), to_jsonb(g.n9)), (\'start\', to_jsonb(g.o10), to_jsonb(g.n10)), (\'end\', to_jsonb(g.o11), to_jsonb(g.n11)), (\'cue\', to_jsonb(g.o12), to_jsonb(g.n12)), (\'source\', to_jsonb(g.o13), to_jsonb(g.n13)), (\'attribution\', to_jsonb(g.o14), to_jsonb(g.n14)), (\'basis\', to_jsonb(g.o15), to_jsonb(g.n15)), (\'said_on\', to_jsonb(g.o16), to_jsonb(g.n16)), (\'said_basis\', to_jsonb(g.o17), to_jsonb(g.n17))) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new ) d ; RETURN NULL;',
                    hash="53ac6c5c93654c2a4d4aa95b52b56937c7836122",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_record_update_72ecb",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="statements_quote",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quote",
            trigger=pgtrigger.compiler.Trigger(
                name="record_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), 'quote', 'removed', ARRAY[o.id], 1, '{}'::bigint[], jsonb_build_object('speaker_id', o.\"speaker_id\", 'actor_id', o.\"actor_id\", 'affiliation_id', o.\"affiliation_id\", 'role', o.\"role\", 'actor_type', o.\"actor_type\", 'country', o.\"country\", 'state', o.\"state\", 'kind', o.\"kind\", 'act', o.\"act\", 'content', o.\"content\", 'start', o.\"start\", 'end', o.\"end\", 'cue', o.\"cue\", 'source', o.\"source\", 'attribution', o.\"attribution\", 'basis', o.\"basis\", 'said_on', o.\"said_on\", 'said_basis', o.\"said_basis\"), NULL, (made_by->>'user')::bigint, made_by - 'user' FROM old_values o ; RETURN NULL;",
                    hash="d5a04e352177266b19393e81a9546a3d78ce3d29",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_record_delete_a36c1",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="statements_quote",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quotepart",
            trigger=pgtrigger.compiler.Trigger(
                name="record_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (coalesce(current_setting('pghistory.context_metadata', true), '') NOT LIKE '%\"reading\": true%')",
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) VALUES (now(), 'quotepart', 'added', ARRAY[NEW.id], 1, ARRAY[NEW.\"quote_id\"]::bigint[], NULL, jsonb_build_object('quote_id', NEW.\"quote_id\", 'ordinal', NEW.\"ordinal\", 'start', NEW.\"start\", 'end', NEW.\"end\"), (made_by->>'user')::bigint, made_by - 'user') ; RETURN NULL;",
                    hash="f84062705268cf28e379229d82e7f79cb652d628",
                    operation="INSERT",
                    pgid="pgtrigger_record_insert_51275",
                    table="statements_quotepart",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quotepart",
            trigger=pgtrigger.compiler.Trigger(
                name="record_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func='INSERT INTO "statements_change" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), \'quotepart\', \'changed\', g.keys, cardinality(g.keys), ARRAY[g.parent_before, g.parent_after]::bigint[], d.before, d.after, (made_by->>\'user\')::bigint, made_by - \'user\' FROM ( SELECT array_agg(n.id::bigint) AS keys, CASE WHEN o."quote_id" IS DISTINCT FROM n."quote_id" THEN o."quote_id" END AS o0, CASE WHEN o."quote_id" IS DISTINCT FROM n."quote_id" THEN n."quote_id" END AS n0, CASE WHEN o."ordinal" IS DISTINCT FROM n."ordinal" THEN o."ordinal" END AS o1, CASE WHEN o."ordinal" IS DISTINCT FROM n."ordinal" THEN n."ordinal" END AS n1, CASE WHEN o."start" IS DISTINCT FROM n."start" THEN o."start" END AS o2, CASE WHEN o."start" IS DISTINCT FROM n."start" THEN n."start" END AS n2, CASE WHEN o."end" IS DISTINCT FROM n."end" THEN o."end" END AS o3, CASE WHEN o."end" IS DISTINCT FROM n."end" THEN n."end" END AS n3, o."quote_id" AS parent_before, n."quote_id" AS parent_after FROM old_values o JOIN new_values n ON o.id = n.id WHERE o."quote_id" IS DISTINCT FROM n."quote_id" OR o."ordinal" IS DISTINCT FROM n."ordinal" OR o."start" IS DISTINCT FROM n."start" OR o."end" IS DISTINCT FROM n."end" GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 ) g CROSS JOIN LATERAL ( SELECT jsonb_object_agg(v.name, v.old) AS before, jsonb_object_agg(v.name, v.new) AS after FROM (VALUES (\'quote_id\', to_jsonb(g.o0), to_jsonb(g.n0)), (\'ordinal\', to_jsonb(g.o1), to_jsonb(g.n1)), (\'start\', to_jsonb(g.o2), to_jsonb(g.n2)), (\'end\', to_jsonb(g.o3), to_jsonb(g.n3))) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new ) d ; RETURN NULL;',
                    hash="e0ce2f3087779ec5fb94c34e2dc4b6bdf5607c98",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_record_update_cf149",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="statements_quotepart",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quotepart",
            trigger=pgtrigger.compiler.Trigger(
                name="record_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), 'quotepart', 'removed', ARRAY[o.id], 1, ARRAY[o.\"quote_id\"]::bigint[], jsonb_build_object('quote_id', o.\"quote_id\", 'ordinal', o.\"ordinal\", 'start', o.\"start\", 'end', o.\"end\"), NULL, (made_by->>'user')::bigint, made_by - 'user' FROM old_values o ; RETURN NULL;",
                    hash="de50b3865e3631225dfb0de833ed54abf489730e",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_record_delete_c4392",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="statements_quotepart",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="speaker",
            trigger=pgtrigger.compiler.Trigger(
                name="record_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (coalesce(current_setting('pghistory.context_metadata', true), '') NOT LIKE '%\"reading\": true%')",
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) VALUES (now(), 'speaker', 'added', ARRAY[NEW.id], 1, '{}'::bigint[], NULL, jsonb_build_object('slug', NEW.\"slug\", 'name', NEW.\"name\", 'standing', NEW.\"standing\", 'summary', NEW.\"summary\", 'merged_into_id', NEW.\"merged_into_id\"), (made_by->>'user')::bigint, made_by - 'user') ; RETURN NULL;",
                    hash="08254e7dc4087637192a870cacb6e8ef9c1f63fa",
                    operation="INSERT",
                    pgid="pgtrigger_record_insert_97710",
                    table="statements_speaker",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="speaker",
            trigger=pgtrigger.compiler.Trigger(
                name="record_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func='INSERT INTO "statements_change" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), \'speaker\', \'changed\', g.keys, cardinality(g.keys), \'{}\'::bigint[], d.before, d.after, (made_by->>\'user\')::bigint, made_by - \'user\' FROM ( SELECT array_agg(n.id::bigint) AS keys, CASE WHEN o."slug" IS DISTINCT FROM n."slug" THEN o."slug" END AS o0, CASE WHEN o."slug" IS DISTINCT FROM n."slug" THEN n."slug" END AS n0, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN o."name" END AS o1, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN n."name" END AS n1, CASE WHEN o."standing" IS DISTINCT FROM n."standing" THEN o."standing" END AS o2, CASE WHEN o."standing" IS DISTINCT FROM n."standing" THEN n."standing" END AS n2, CASE WHEN o."summary" IS DISTINCT FROM n."summary" THEN o."summary" END AS o3, CASE WHEN o."summary" IS DISTINCT FROM n."summary" THEN n."summary" END AS n3, CASE WHEN o."merged_into_id" IS DISTINCT FROM n."merged_into_id" THEN o."merged_into_id" END AS o4, CASE WHEN o."merged_into_id" IS DISTINCT FROM n."merged_into_id" THEN n."merged_into_id" END AS n4 FROM old_values o JOIN new_values n ON o.id = n.id WHERE o."slug" IS DISTINCT FROM n."slug" OR o."name" IS DISTINCT FROM n."name" OR o."standing" IS DISTINCT FROM n."standing" OR o."summary" IS DISTINCT FROM n."summary" OR o."merged_into_id" IS DISTINCT FROM n."merged_into_id" GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 ) g CROSS JOIN LATERAL ( SELECT jsonb_object_agg(v.name, v.old) AS before, jsonb_object_agg(v.name, v.new) AS after FROM (VALUES (\'slug\', to_jsonb(g.o0), to_jsonb(g.n0)), (\'name\', to_jsonb(g.o1), to_jsonb(g.n1)), (\'standing\', to_jsonb(g.o2), to_jsonb(g.n2)), (\'summary\', to_jsonb(g.o3), to_jsonb(g.n3)), (\'merged_into_id\', to_jsonb(g.o4), to_jsonb(g.n4))) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new ) d ; RETURN NULL;',
                    hash="32c8b76af0efa6a169ecf1b2fb93ed2a4bf6bd1f",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_record_update_be0e2",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="statements_speaker",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="speaker",
            trigger=pgtrigger.compiler.Trigger(
                name="record_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), 'speaker', 'removed', ARRAY[o.id], 1, '{}'::bigint[], jsonb_build_object('slug', o.\"slug\", 'name', o.\"name\", 'standing', o.\"standing\", 'summary', o.\"summary\", 'merged_into_id', o.\"merged_into_id\"), NULL, (made_by->>'user')::bigint, made_by - 'user' FROM old_values o ; RETURN NULL;",
                    hash="304e97f5e9e6d8f45dd7465beea1f6e643caf2e8",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_record_delete_f036d",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="statements_speaker",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="speakername",
            trigger=pgtrigger.compiler.Trigger(
                name="record_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (coalesce(current_setting('pghistory.context_metadata', true), '') NOT LIKE '%\"reading\": true%')",
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) VALUES (now(), 'speakername', 'added', ARRAY[NEW.id], 1, ARRAY[NEW.\"speaker_id\"]::bigint[], NULL, jsonb_build_object('text', NEW.\"text\", 'kind', NEW.\"kind\", 'speaker_id', NEW.\"speaker_id\"), (made_by->>'user')::bigint, made_by - 'user') ; RETURN NULL;",
                    hash="9b1a9298ce131f23c3fec70d8afc2f53e095bbdc",
                    operation="INSERT",
                    pgid="pgtrigger_record_insert_8ec32",
                    table="statements_speakername",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="speakername",
            trigger=pgtrigger.compiler.Trigger(
                name="record_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func='INSERT INTO "statements_change" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), \'speakername\', \'changed\', g.keys, cardinality(g.keys), ARRAY[g.parent_before, g.parent_after]::bigint[], d.before, d.after, (made_by->>\'user\')::bigint, made_by - \'user\' FROM ( SELECT array_agg(n.id::bigint) AS keys, CASE WHEN o."text" IS DISTINCT FROM n."text" THEN o."text" END AS o0, CASE WHEN o."text" IS DISTINCT FROM n."text" THEN n."text" END AS n0, CASE WHEN o."kind" IS DISTINCT FROM n."kind" THEN o."kind" END AS o1, CASE WHEN o."kind" IS DISTINCT FROM n."kind" THEN n."kind" END AS n1, CASE WHEN o."speaker_id" IS DISTINCT FROM n."speaker_id" THEN o."speaker_id" END AS o2, CASE WHEN o."speaker_id" IS DISTINCT FROM n."speaker_id" THEN n."speaker_id" END AS n2, o."speaker_id" AS parent_before, n."speaker_id" AS parent_after FROM old_values o JOIN new_values n ON o.id = n.id WHERE o."text" IS DISTINCT FROM n."text" OR o."kind" IS DISTINCT FROM n."kind" OR o."speaker_id" IS DISTINCT FROM n."speaker_id" GROUP BY 2, 3, 4, 5, 6, 7, 8, 9 ) g CROSS JOIN LATERAL ( SELECT jsonb_object_agg(v.name, v.old) AS before, jsonb_object_agg(v.name, v.new) AS after FROM (VALUES (\'text\', to_jsonb(g.o0), to_jsonb(g.n0)), (\'kind\', to_jsonb(g.o1), to_jsonb(g.n1)), (\'speaker_id\', to_jsonb(g.o2), to_jsonb(g.n2))) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new ) d ; RETURN NULL;',
                    hash="b5058723cd2c45c088e91c73eea208305c608739",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_record_update_9c92e",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="statements_speakername",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="speakername",
            trigger=pgtrigger.compiler.Trigger(
                name="record_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), 'speakername', 'removed', ARRAY[o.id], 1, ARRAY[o.\"speaker_id\"]::bigint[], jsonb_build_object('text', o.\"text\", 'kind', o.\"kind\", 'speaker_id', o.\"speaker_id\"), NULL, (made_by->>'user')::bigint, made_by - 'user' FROM old_values o ; RETURN NULL;",
                    hash="07c5a84fb7b440da16bff32c600184c1b2c36a3b",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_record_delete_8e727",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="statements_speakername",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["kind", "-id"], name="change_by_kind"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["who", "-id"], name="change_by_who"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="change_by_day"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="change_of_row"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["parents"], name="change_of_part"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="account",
            trigger=pgtrigger.compiler.Trigger(
                name="record_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) VALUES (now(), 'account', 'added', ARRAY[NEW.id], 1, '{}'::bigint[], NULL, jsonb_build_object('username', NEW.\"username\", 'first_name', NEW.\"first_name\", 'last_name', NEW.\"last_name\", 'email', NEW.\"email\", 'is_active', NEW.\"is_active\", 'is_staff', NEW.\"is_staff\", 'is_superuser', NEW.\"is_superuser\"), (made_by->>'user')::bigint, made_by - 'user') ; RETURN NULL;",
                    hash="2eee925e02d9e6ec75e42bc7aaeee1c715acff82",
                    operation="INSERT",
                    pgid="pgtrigger_record_insert_711fb",
                    table="auth_user",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="account",
            trigger=pgtrigger.compiler.Trigger(
                name="record_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func='INSERT INTO "statements_change" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), \'account\', \'changed\', g.keys, cardinality(g.keys), \'{}\'::bigint[], d.before, d.after, (made_by->>\'user\')::bigint, made_by - \'user\' FROM ( SELECT array_agg(n.id::bigint) AS keys, CASE WHEN o."username" IS DISTINCT FROM n."username" THEN o."username" END AS o0, CASE WHEN o."username" IS DISTINCT FROM n."username" THEN n."username" END AS n0, CASE WHEN o."first_name" IS DISTINCT FROM n."first_name" THEN o."first_name" END AS o1, CASE WHEN o."first_name" IS DISTINCT FROM n."first_name" THEN n."first_name" END AS n1, CASE WHEN o."last_name" IS DISTINCT FROM n."last_name" THEN o."last_name" END AS o2, CASE WHEN o."last_name" IS DISTINCT FROM n."last_name" THEN n."last_name" END AS n2, CASE WHEN o."email" IS DISTINCT FROM n."email" THEN o."email" END AS o3, CASE WHEN o."email" IS DISTINCT FROM n."email" THEN n."email" END AS n3, CASE WHEN o."is_active" IS DISTINCT FROM n."is_active" THEN o."is_active" END AS o4, CASE WHEN o."is_active" IS DISTINCT FROM n."is_active" THEN n."is_active" END AS n4, CASE WHEN o."is_staff" IS DISTINCT FROM n."is_staff" THEN o."is_staff" END AS o5, CASE WHEN o."is_staff" IS DISTINCT FROM n."is_staff" THEN n."is_staff" END AS n5, CASE WHEN o."is_superuser" IS DISTINCT FROM n."is_superuser" THEN o."is_superuser" END AS o6, CASE WHEN o."is_superuser" IS DISTINCT FROM n."is_superuser" THEN n."is_superuser" END AS n6, NULL::text AS o7, CASE WHEN o."password" IS DISTINCT FROM n."password" THEN \'set anew\' END AS n7 FROM old_values o JOIN new_values n ON o.id = n.id WHERE o."username" IS DISTINCT FROM n."username" OR o."first_name" IS DISTINCT FROM n."first_name" OR o."last_name" IS DISTINCT FROM n."last_name" OR o."email" IS DISTINCT FROM n."email" OR o."is_active" IS DISTINCT FROM n."is_active" OR o."is_staff" IS DISTINCT FROM n."is_staff" OR o."is_superuser" IS DISTINCT FROM n."is_superuser" OR o."password" IS DISTINCT FROM n."password" GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 ) g CROSS JOIN LATERAL ( SELECT jsonb_object_agg(v.name, v.old) AS before, jsonb_object_agg(v.name, v.new) AS after FROM (VALUES (\'username\', to_jsonb(g.o0), to_jsonb(g.n0)), (\'first_name\', to_jsonb(g.o1), to_jsonb(g.n1)), (\'last_name\', to_jsonb(g.o2), to_jsonb(g.n2)), (\'email\', to_jsonb(g.o3), to_jsonb(g.n3)), (\'is_active\', to_jsonb(g.o4), to_jsonb(g.n4)), (\'is_staff\', to_jsonb(g.o5), to_jsonb(g.n5)), (\'is_superuser\', to_jsonb(g.o6), to_jsonb(g.n6)), (\'password\', to_jsonb(g.o7), to_jsonb(g.n7))) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new ) d ; RETURN NULL;',
                    hash="c2a16c0fd9abbb0e86cf8352dc4510e64400d97a",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_record_update_09616",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="auth_user",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="account",
            trigger=pgtrigger.compiler.Trigger(
                name="record_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), 'account', 'removed', ARRAY[o.id], 1, '{}'::bigint[], jsonb_build_object('username', o.\"username\", 'first_name', o.\"first_name\", 'last_name', o.\"last_name\", 'email', o.\"email\", 'is_active', o.\"is_active\", 'is_staff', o.\"is_staff\", 'is_superuser', o.\"is_superuser\"), NULL, (made_by->>'user')::bigint, made_by - 'user' FROM old_values o ; RETURN NULL;",
                    hash="7daf43ce2a40b55a8d106b43f50bd7b0350b4359",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_record_delete_cdb41",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="auth_user",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="accountpermission",
            trigger=pgtrigger.compiler.Trigger(
                name="record_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) VALUES (now(), 'accountpermission', 'added', ARRAY[NEW.id], 1, ARRAY[NEW.\"user_id\"]::bigint[], NULL, jsonb_build_object('user_id', NEW.\"user_id\", 'permission_id', NEW.\"permission_id\"), (made_by->>'user')::bigint, made_by - 'user') ; RETURN NULL;",
                    hash="e27fe3d8aadc40d0a541573049502d9f1e90fccf",
                    operation="INSERT",
                    pgid="pgtrigger_record_insert_b4bb0",
                    table="auth_user_user_permissions",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="accountpermission",
            trigger=pgtrigger.compiler.Trigger(
                name="record_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func='INSERT INTO "statements_change" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), \'accountpermission\', \'changed\', g.keys, cardinality(g.keys), ARRAY[g.parent_before, g.parent_after]::bigint[], d.before, d.after, (made_by->>\'user\')::bigint, made_by - \'user\' FROM ( SELECT array_agg(n.id::bigint) AS keys, CASE WHEN o."user_id" IS DISTINCT FROM n."user_id" THEN o."user_id" END AS o0, CASE WHEN o."user_id" IS DISTINCT FROM n."user_id" THEN n."user_id" END AS n0, CASE WHEN o."permission_id" IS DISTINCT FROM n."permission_id" THEN o."permission_id" END AS o1, CASE WHEN o."permission_id" IS DISTINCT FROM n."permission_id" THEN n."permission_id" END AS n1, o."user_id" AS parent_before, n."user_id" AS parent_after FROM old_values o JOIN new_values n ON o.id = n.id WHERE o."user_id" IS DISTINCT FROM n."user_id" OR o."permission_id" IS DISTINCT FROM n."permission_id" GROUP BY 2, 3, 4, 5, 6, 7 ) g CROSS JOIN LATERAL ( SELECT jsonb_object_agg(v.name, v.old) AS before, jsonb_object_agg(v.name, v.new) AS after FROM (VALUES (\'user_id\', to_jsonb(g.o0), to_jsonb(g.n0)), (\'permission_id\', to_jsonb(g.o1), to_jsonb(g.n1))) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new ) d ; RETURN NULL;',
                    hash="9545b8fbeca5fc62b0f326bdbdf49aca8050dfb3",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_record_update_54edd",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="auth_user_user_permissions",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="accountpermission",
            trigger=pgtrigger.compiler.Trigger(
                name="record_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), 'accountpermission', 'removed', ARRAY[o.id], 1, ARRAY[o.\"user_id\"]::bigint[], jsonb_build_object('user_id', o.\"user_id\", 'permission_id', o.\"permission_id\"), NULL, (made_by->>'user')::bigint, made_by - 'user' FROM old_values o ; RETURN NULL;",
                    hash="3d7ded856aca34128017f0888cd1c358cc61bbe3",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_record_delete_7a47d",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="auth_user_user_permissions",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="record_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) VALUES (now(), 'membership', 'added', ARRAY[NEW.id], 1, ARRAY[NEW.\"user_id\"]::bigint[], NULL, jsonb_build_object('user_id', NEW.\"user_id\", 'group_id', NEW.\"group_id\"), (made_by->>'user')::bigint, made_by - 'user') ; RETURN NULL;",
                    hash="3bb951b8b40040f602bcd6d75c118ce00a937317",
                    operation="INSERT",
                    pgid="pgtrigger_record_insert_beff6",
                    table="auth_user_groups",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="record_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func='INSERT INTO "statements_change" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), \'membership\', \'changed\', g.keys, cardinality(g.keys), ARRAY[g.parent_before, g.parent_after]::bigint[], d.before, d.after, (made_by->>\'user\')::bigint, made_by - \'user\' FROM ( SELECT array_agg(n.id::bigint) AS keys, CASE WHEN o."user_id" IS DISTINCT FROM n."user_id" THEN o."user_id" END AS o0, CASE WHEN o."user_id" IS DISTINCT FROM n."user_id" THEN n."user_id" END AS n0, CASE WHEN o."group_id" IS DISTINCT FROM n."group_id" THEN o."group_id" END AS o1, CASE WHEN o."group_id" IS DISTINCT FROM n."group_id" THEN n."group_id" END AS n1, o."user_id" AS parent_before, n."user_id" AS parent_after FROM old_values o JOIN new_values n ON o.id = n.id WHERE o."user_id" IS DISTINCT FROM n."user_id" OR o."group_id" IS DISTINCT FROM n."group_id" GROUP BY 2, 3, 4, 5, 6, 7 ) g CROSS JOIN LATERAL ( SELECT jsonb_object_agg(v.name, v.old) AS before, jsonb_object_agg(v.name, v.new) AS after FROM (VALUES (\'user_id\', to_jsonb(g.o0), to_jsonb(g.n0)), (\'group_id\', to_jsonb(g.o1), to_jsonb(g.n1))) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new ) d ; RETURN NULL;',
                    hash="188f9a282cf88b8a173b889f8b4b925d0bc66f8b",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_record_update_323a6",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="auth_user_groups",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="record_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), 'membership', 'removed', ARRAY[o.id], 1, ARRAY[o.\"user_id\"]::bigint[], jsonb_build_object('user_id', o.\"user_id\", 'group_id', o.\"group_id\"), NULL, (made_by->>'user')::bigint, made_by - 'user' FROM old_values o ; RETURN NULL;",
                    hash="6a91ca17e77f0b1ac4fc8ce60b592a59f8d6fd2c",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_record_delete_b7563",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="auth_user_groups",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolepermission",
            trigger=pgtrigger.compiler.Trigger(
                name="record_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) VALUES (now(), 'rolepermission', 'added', ARRAY[NEW.id], 1, '{}'::bigint[], NULL, jsonb_build_object('group_id', NEW.\"group_id\", 'permission_id', NEW.\"permission_id\"), (made_by->>'user')::bigint, made_by - 'user') ; RETURN NULL;",
                    hash="abb5692a3ca6429eda5cd79f4c4739e89970a5d6",
                    operation="INSERT",
                    pgid="pgtrigger_record_insert_82a28",
                    table="auth_group_permissions",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolepermission",
            trigger=pgtrigger.compiler.Trigger(
                name="record_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func='INSERT INTO "statements_change" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), \'rolepermission\', \'changed\', g.keys, cardinality(g.keys), \'{}\'::bigint[], d.before, d.after, (made_by->>\'user\')::bigint, made_by - \'user\' FROM ( SELECT array_agg(n.id::bigint) AS keys, CASE WHEN o."group_id" IS DISTINCT FROM n."group_id" THEN o."group_id" END AS o0, CASE WHEN o."group_id" IS DISTINCT FROM n."group_id" THEN n."group_id" END AS n0, CASE WHEN o."permission_id" IS DISTINCT FROM n."permission_id" THEN o."permission_id" END AS o1, CASE WHEN o."permission_id" IS DISTINCT FROM n."permission_id" THEN n."permission_id" END AS n1 FROM old_values o JOIN new_values n ON o.id = n.id WHERE o."group_id" IS DISTINCT FROM n."group_id" OR o."permission_id" IS DISTINCT FROM n."permission_id" GROUP BY 2, 3, 4, 5 ) g CROSS JOIN LATERAL ( SELECT jsonb_object_agg(v.name, v.old) AS before, jsonb_object_agg(v.name, v.new) AS after FROM (VALUES (\'group_id\', to_jsonb(g.o0), to_jsonb(g.n0)), (\'permission_id\', to_jsonb(g.o1), to_jsonb(g.n1))) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new ) d ; RETURN NULL;',
                    hash="62d00288c1213930937a0ac77d2eea6611fe5cdf",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_record_update_0fb53",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="auth_group_permissions",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolepermission",
            trigger=pgtrigger.compiler.Trigger(
                name="record_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE made_by jsonb := coalesce( nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user, 'program', current_setting('application_name')) );",
                    func="INSERT INTO \"statements_change\" (at, kind, done, keys, key_count, parents, before, after, who, context) SELECT now(), 'rolepermission', 'removed', ARRAY[o.id], 1, '{}'::bigint[], jsonb_build_object('group_id', o.\"group_id\", 'permission_id', o.\"permission_id\"), NULL, (made_by->>'user')::bigint, made_by - 'user' FROM old_values o ; RETURN NULL;",
                    hash="c52e677755307c397f5ad69398c8af9b6455f531",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_record_delete_8722a",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="auth_group_permissions",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(
            CHANGES_STAY,
            "DROP TRIGGER changes_stay ON statements_change;"
            " DROP FUNCTION statements_changes_stay();",
        ),
    ]
