"""Whether a part is at its place is looked up in its own article alone."""

from django.db import migrations

# Joined in one query, the planner may compare the words with every article of a small table, and a
# session keeps that plan while the table grows: a part then takes as long as there are articles.
LOOKED_UP_IN_ITS_ARTICLE = """
CREATE OR REPLACE FUNCTION statements_part_is_at_its_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    its_article bigint;
BEGIN
    SELECT article_id INTO its_article FROM statements_quote WHERE id = NEW.quote_id;
    IF NOT EXISTS (
        SELECT 1 FROM statements_article
        WHERE id = its_article
          AND substring(text FROM NEW.start + 1 FOR NEW."end" - NEW.start) = NEW.content
    ) THEN
        RAISE EXCEPTION 'part %-% of quote % is not what the article says there',
            NEW.start, NEW."end", NEW.quote_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'part_is_at_its_place';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("statements", "0010_replies")]

    operations = [
        # The function before says the same, only more slowly: going back needs nothing.
        migrations.RunSQL(LOOKED_UP_IN_ITS_ARTICLE, migrations.RunSQL.noop)
    ]
