"""A narrow row per shown quote for lists and facets, counts of them, and what keeps both true."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations, models

# Words as the English configuration has them, whether or not somebody writes the accents.
WORDS = """
CREATE TEXT SEARCH CONFIGURATION newsroom (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION newsroom
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
"""
NO_WORDS = "DROP TEXT SEARCH CONFIGURATION newsroom;"

# The numbers are those of statements/browsing/keys.py.
LISTING = """
CREATE FUNCTION statements_key(facet int, value bigint) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT (facet << 27) + value::int $$;

CREATE FUNCTION statements_stance_place(label text) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE label WHEN '' THEN 5 ELSE array_position(
        ARRAY['supports', 'opposes', 'mixed', 'neutral', 'unrelated'], label) - 1 END
$$;

CREATE FUNCTION statements_type_place(type text) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_position(ARRAY['government', 'intergovernmental', 'ngo', 'business', 'media',
        'academia', 'party', 'legislature', 'judiciary', 'security', 'armed_group', 'religious',
        'labour', 'civil_society', 'citizen', 'unknown'], type) - 1
$$;

-- What the listings of these quotes are to be; quotes that nobody is shown have none.
CREATE FUNCTION statements_listings_of(ids bigint[]) RETURNS SETOF statements_listing
LANGUAGE sql STABLE AS $$
    WITH shown AS MATERIALIZED (
        SELECT q.id, q.article_id, q.start, q.content, q.certainty, q.actor_type, q.actor_id,
            q.speaker_id, a.is_draft, a.outlet_id,
            coalesce(q.said_on, '0001-01-01') AS day,
            coalesce(q.said_on, '9999-12-31') AS day_or_last,
            (q.created_at AT TIME ZONE 'UTC')::date AS stored_on,
            array_position(ARRAY['direct', 'mixed', 'indirect'], q.kind::text) - 1 AS kind
        FROM statements_quote q JOIN statements_article a ON a.id = q.article_id
        WHERE q.id = ANY (ids) AND q.act = 'speech' AND q.state IN ('proposed', 'confirmed')
    ), voice AS (
        SELECT id, statements_key(1, statements_type_place(actor_type)) AS key FROM shown
        UNION SELECT id, statements_key(2, actor_id) FROM shown WHERE actor_id IS NOT NULL
        UNION SELECT id, statements_key(3, speaker_id) FROM shown WHERE speaker_id IS NOT NULL
        UNION SELECT quote_id, statements_key(1, statements_type_place(actor_type))
            FROM statements_jointvoice WHERE quote_id = ANY (ids)
        UNION SELECT quote_id, statements_key(2, actor_id)
            FROM statements_jointvoice WHERE quote_id = ANY (ids) AND actor_id IS NOT NULL
        UNION SELECT quote_id, statements_key(3, speaker_id)
            FROM statements_jointvoice WHERE quote_id = ANY (ids) AND speaker_id IS NOT NULL
    ), stance AS MATERIALIZED (
        SELECT quote_id AS id, issue_id, statements_stance_place(label) AS place,
            standing = 'suggested' AS is_suggested
        FROM statements_stance WHERE quote_id = ANY (ids)
        UNION
        -- A mention on which nothing has been said.
        SELECT m.quote_id, m.issue_id, 6, false FROM statements_suggestion m
        WHERE m.quote_id = ANY (ids) AND NOT EXISTS (
            SELECT FROM statements_stance s
            WHERE s.quote_id = m.quote_id AND s.issue_id = m.issue_id)
    ), key AS (
        SELECT id, key FROM voice
        UNION SELECT id, statements_key(4, issue_id) FROM stance WHERE place <> 4
        UNION SELECT id, statements_key(5, place) FROM stance WHERE place <> 6
        UNION SELECT id, statements_key(6, place) FROM stance WHERE is_suggested
        UNION SELECT id, statements_key(7, issue_id * 16 + place) FROM stance
        UNION SELECT id, statements_key(8, issue_id * 16 + place) FROM stance WHERE is_suggested
        UNION SELECT id, statements_key(5, 6) FROM shown
            WHERE NOT EXISTS (SELECT FROM stance WHERE stance.id = shown.id AND place <> 6)
        UNION SELECT id, statements_key(9, kind) FROM shown
        UNION SELECT id, statements_key(10, outlet_id) FROM shown WHERE outlet_id IS NOT NULL
        UNION SELECT id, statements_key(11, CASE WHEN day = '0001-01-01' THEN 0
                ELSE extract(year FROM day)::int * 12 + extract(month FROM day)::int - 1 END)
            FROM shown
        UNION SELECT id, statements_key(12, CASE WHEN day = '0001-01-01' THEN 0
                ELSE extract(year FROM day)::int * 4 + extract(quarter FROM day)::int - 1 END)
            FROM shown
    ), keys AS (
        SELECT id, array_agg(key ORDER BY key) AS keys, array_agg('~' || key) AS lexemes,
            coalesce(bit_or(1 << (key & 134217727)) FILTER (WHERE key >> 27 = 1), 0) AS types,
            coalesce(bit_or(1 << (key & 134217727)) FILTER (WHERE key >> 27 = 5), 0)
            | coalesce(bit_or(256 << (key & 134217727)) FILTER (WHERE key >> 27 = 6), 0) AS stances
        FROM key GROUP BY id
    )
    SELECT s.id, s.article_id, s.start, s.day, s.day_or_last, s.stored_on, s.certainty, s.is_draft,
        v.statement_id, s.kind, k.types, k.stances, k.keys,
        to_tsvector('newsroom', s.content) || array_to_tsvector(k.lexemes)
    FROM shown s JOIN keys k ON k.id = s.id LEFT JOIN statements_variant v ON v.quote_id = s.id
$$;

-- The one place that writes listings. The quotes are locked first, so that of two transactions
-- that change different things about one quote the second sees what the first did.
CREATE FUNCTION statements_refresh_listings(ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF ids IS NULL OR cardinality(ids) = 0 THEN
        RETURN;
    END IF;
    PERFORM FROM statements_quote WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
    DELETE FROM statements_listing l WHERE quote_id = ANY (ids) AND NOT EXISTS (
        SELECT FROM statements_quote q WHERE q.id = l.quote_id
            AND q.act = 'speech' AND q.state IN ('proposed', 'confirmed'));
    INSERT INTO statements_listing AS l SELECT * FROM statements_listings_of(ids)
    ON CONFLICT (quote_id) DO UPDATE SET
        article_id = excluded.article_id, start = excluded.start, day = excluded.day,
        day_or_last = excluded.day_or_last, stored_on = excluded.stored_on, certainty = excluded.certainty,
        is_draft = excluded.is_draft, statement = excluded.statement, kind = excluded.kind,
        types = excluded.types, stances = excluded.stances, keys = excluded.keys,
        search = excluded.search
    WHERE (l.start, l.certainty, l.is_draft, l.statement, l.keys, l.day, l.stored_on, l.search)
        IS DISTINCT FROM (excluded.start, excluded.certainty, excluded.is_draft,
            excluded.statement, excluded.keys, excluded.day, excluded.stored_on, excluded.search);
END $$;

-- Whoever loads much sets newsroom.listings to 'later' for the transaction, and refreshes at its end.
CREATE FUNCTION statements_listings_wait() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('newsroom.listings', true), '') = 'later'
$$;

CREATE FUNCTION statements_quote_listed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF statements_listings_wait() THEN
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM statements_refresh_listings(ARRAY(SELECT id FROM new_rows));
    ELSE
        PERFORM statements_refresh_listings(ARRAY(
            SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id
            WHERE (n.article_id, n.act, n.state, n.kind, n.start, n.content, n.said_on, n.certainty,
                   n.actor_id, n.speaker_id, n.actor_type, n.created_at)
                IS DISTINCT FROM (o.article_id, o.act, o.state, o.kind, o.start, o.content,
                   o.said_on, o.certainty, o.actor_id, o.speaker_id, o.actor_type, o.created_at)));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION statements_article_listed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT statements_listings_wait() THEN
        PERFORM statements_refresh_listings(ARRAY(
            SELECT q.id FROM new_rows n JOIN old_rows o ON o.id = n.id
            JOIN statements_quote q ON q.article_id = n.id
            WHERE (n.is_draft, n.outlet_id) IS DISTINCT FROM (o.is_draft, o.outlet_id)));
    END IF;
    RETURN NULL;
END $$;

-- For rows that belong to a quote.
CREATE FUNCTION statements_part_of_quote_listed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
BEGIN
    IF statements_listings_wait() THEN
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        ids := ARRAY(SELECT DISTINCT quote_id FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        ids := ARRAY(SELECT DISTINCT quote_id FROM old_rows);
    ELSE
        ids := ARRAY(SELECT quote_id FROM new_rows UNION SELECT quote_id FROM old_rows);
    END IF;
    PERFORM statements_refresh_listings(ids);
    RETURN NULL;
END $$;
"""

NO_LISTING = """
DROP FUNCTION statements_part_of_quote_listed();
DROP FUNCTION statements_article_listed();
DROP FUNCTION statements_quote_listed();
DROP FUNCTION statements_listings_wait();
DROP FUNCTION statements_refresh_listings(bigint[]);
DROP FUNCTION statements_listings_of(bigint[]);
DROP FUNCTION statements_type_place(text);
DROP FUNCTION statements_stance_place(text);
DROP FUNCTION statements_key(int, bigint);
"""

TALLY = """
CREATE TYPE statements_tallied AS (
    day date, is_draft boolean, types int, kind smallint, stances int, keys int[], n int);

-- The cells that these listings are counted in, each as many times as its n says.
CREATE FUNCTION statements_tally(counted statements_tallied[]) RETURNS void
LANGUAGE sql AS $$
    WITH row AS (
        SELECT r.*, CASE WHEN r.day = '0001-01-01' THEN 0
            ELSE extract(year FROM r.day)::int * 12 + extract(month FROM r.day)::int - 1
            END AS month
        FROM unnest(counted) r
    ), cell AS (
        SELECT 0 AS slice, month, is_draft, types, kind, stances, n FROM row
        UNION ALL
        -- On an issue: how it stands there, or that it is but mentioned.
        SELECT statements_key(4, (key & 134217727) / 16), month, is_draft, types, kind,
            (1 << (key & 15))
            | CASE WHEN key + 134217728 = ANY (keys) THEN 256 << (key & 15) ELSE 0 END, n
        FROM row, unnest(keys) key WHERE key >> 27 = 7 AND key & 15 <> 4
        UNION ALL
        SELECT key, month, is_draft, types, kind, stances, n
        FROM row, unnest(keys) key WHERE key >> 27 IN (2, 3, 10)
    ), spread AS (
        -- By month only where a histogram is drawn from it.
        SELECT slice, month, is_draft, types, kind, stances, n FROM cell
        WHERE slice >> 27 NOT IN (2, 3)
        UNION ALL
        SELECT slice, -1, is_draft, types, kind, stances, n FROM cell
        UNION ALL
        SELECT slice, -2, is_draft, 0, 0, 0, n FROM cell WHERE slice <> 0
    )
    INSERT INTO statements_tally (slice, month, is_draft, types, kind, stances, n, is_folded)
    SELECT slice, month, is_draft, types, kind, stances, sum(n), false
    FROM spread GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0
$$;

CREATE FUNCTION statements_listing_tallied() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gone statements_tallied[] := '{}';
    come statements_tallied[] := '{}';
BEGIN
    IF TG_OP <> 'INSERT' THEN
        gone := ARRAY(SELECT (day, is_draft, types, kind, stances, keys, -1)::statements_tallied
            FROM old_rows);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        come := ARRAY(SELECT (day, is_draft, types, kind, stances, keys, 1)::statements_tallied
            FROM new_rows);
    END IF;
    IF cardinality(gone) + cardinality(come) > 0 THEN
        PERFORM statements_tally(gone || come);
        -- Whoever leaves much behind sums it up, so that readers never add up more than some.
        IF (SELECT count(*) FROM (
                SELECT FROM statements_tally WHERE NOT is_folded LIMIT 3001) loose) > 3000 THEN
            PERFORM statements_fold_tallies();
        END IF;
    END IF;
    RETURN NULL;
END $$;

-- Sums up the differences. One does it at a time; readers and writers go on meanwhile.
CREATE FUNCTION statements_fold_tallies() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    folded bigint;
BEGIN
    IF NOT pg_try_advisory_xact_lock(7203118) THEN
        RETURN 0;
    END IF;
    WITH loose AS (
        DELETE FROM statements_tally WHERE NOT is_folded
        RETURNING slice, month, is_draft, types, kind, stances, n
    ), summed AS (
        SELECT slice, month, is_draft, types, kind, stances, sum(n) AS n
        FROM loose GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0
    ), kept AS (
        INSERT INTO statements_tally AS t
            (slice, month, is_draft, types, kind, stances, n, is_folded)
        SELECT slice, month, is_draft, types, kind, stances, n, true FROM summed
        ON CONFLICT (slice, month, is_draft, types, kind, stances) WHERE is_folded
        DO UPDATE SET n = t.n + excluded.n
        RETURNING id
    )
    SELECT count(*) INTO folded FROM loose;
    DELETE FROM statements_tally WHERE is_folded AND n = 0;
    RETURN folded;
END $$;
"""

NO_TALLY = """
DROP FUNCTION statements_fold_tallies();
DROP FUNCTION statements_listing_tallied();
DROP FUNCTION statements_tally(statements_tallied[]);
DROP TYPE statements_tallied;
"""


def trigger(table, name, operation, function):
    rows = {
        "INSERT": "NEW TABLE AS new_rows",
        "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "DELETE": "OLD TABLE AS old_rows",
    }[operation]
    return migrations.RunSQL(
        f"CREATE TRIGGER {name}_{operation.lower()} AFTER {operation} ON statements_{table} "
        f"REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {name}_{operation.lower()} ON statements_{table};",
    )


class Migration(migrations.Migration):
    dependencies = [("statements", "0012_audit")]

    operations = [
        UnaccentExtension(),
        migrations.RunSQL(WORDS, NO_WORDS),
        migrations.CreateModel(
            name="Listing",
            # In the order that statements_listings_of() gives them.
            fields=[
                (
                    "quote",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="listing",
                        serialize=False,
                        to="statements.quote",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="statements.article",
                    ),
                ),
                ("start", models.PositiveIntegerField()),
                (
                    "day",
                    models.DateField(
                        help_text="When it was said; 0001-01-01 where that is not known."
                    ),
                ),
                (
                    "day_or_last",
                    models.DateField(help_text="The same; 9999-12-31 where that is not known."),
                ),
                ("stored_on", models.DateField(help_text="In UTC.")),
                ("certainty", models.FloatField()),
                ("is_draft", models.BooleanField()),
                (
                    "statement",
                    models.BigIntegerField(help_text="Whose variant it is, if of any.", null=True),
                ),
                ("kind", models.SmallIntegerField()),
                ("types", models.IntegerField(help_text="A bit for each type of its voices.")),
                (
                    "stances",
                    models.IntegerField(help_text="A bit for each label it has on any issue."),
                ),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField()),
                ),
                ("search", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["search"], name="listing_search"
                    ),
                    models.Index(
                        fields=["-day", "article", "start", "quote"],
                        include=("keys", "types", "is_draft", "stored_on"),
                        name="listing_newest",
                    ),
                    models.Index(
                        fields=["day_or_last", "article", "start", "quote"], name="listing_oldest"
                    ),
                    models.Index(
                        fields=["certainty", "article", "start", "quote"], name="listing_doubtful"
                    ),
                    models.Index(
                        condition=models.Q(("statement__isnull", False)),
                        fields=["statement", "day_or_last", "quote"],
                        name="listing_statement",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slice", models.IntegerField()),
                (
                    "month",
                    models.IntegerField(
                        help_text="Months since year 0, 0 undated, -1 all times, "
                        "-2 all times and all the rest."
                    ),
                ),
                ("is_draft", models.BooleanField()),
                ("types", models.IntegerField()),
                ("kind", models.SmallIntegerField()),
                (
                    "stances",
                    models.IntegerField(
                        help_text="On the slice's issue where it is one, else on any."
                    ),
                ),
                ("n", models.IntegerField()),
                ("is_folded", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["month", "slice"],
                        include=("is_draft", "types", "kind", "stances", "n"),
                        name="tally_cells",
                    ),
                    models.Index(
                        models.expressions.CombinedExpression(
                            models.F("slice"), ">>", models.Value(27)
                        ),
                        models.OrderBy(models.F("n"), descending=True),
                        condition=models.Q(("is_folded", True), ("month", -2)),
                        name="tally_heads",
                    ),
                    models.Index(
                        condition=models.Q(("is_folded", False)),
                        fields=["slice"],
                        name="tally_loose",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_folded", True)),
                        fields=("slice", "month", "is_draft", "types", "kind", "stances"),
                        name="one_folded_tally_per_cell",
                    )
                ],
            },
        ),
        # What listings have now.
        migrations.RemoveIndex(model_name="quote", name="quote_search"),
        migrations.RemoveIndex(model_name="quote", name="quote_by_type"),
        migrations.RemoveField(model_name="quote", name="search"),
        migrations.RunSQL(
            # The words are read by searches alone: beside the row they would make it ten times
            # as wide for those that count.
            "ALTER TABLE statements_listing SET (toast_tuple_target = 128);"
            "ALTER TABLE statements_listing ALTER COLUMN search SET STATISTICS 300;",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(LISTING, NO_LISTING),
        migrations.RunSQL(TALLY, NO_TALLY),
        *(
            trigger("listing", "listing_tallied", operation, "statements_listing_tallied")
            for operation in ("INSERT", "UPDATE", "DELETE")
        ),
        *(
            trigger("quote", "quote_listed", operation, "statements_quote_listed")
            for operation in ("INSERT", "UPDATE")
        ),
        trigger("article", "article_listed", "UPDATE", "statements_article_listed"),
        *(
            trigger(table, f"{table}_listed", operation, "statements_part_of_quote_listed")
            for table in ("jointvoice", "stance", "suggestion", "variant")
            for operation in ("INSERT", "UPDATE", "DELETE")
        ),
    ]
