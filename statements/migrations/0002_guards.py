"""What no constraint can say: texts are fixed, offsets point at their words, labels stay."""

from django.db import migrations

ARTICLE_TEXT_IS_FIXED = """
CREATE FUNCTION statements_article_text_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.text IS DISTINCT FROM OLD.text THEN
        RAISE EXCEPTION 'the text of article % is fixed: every offset points into it', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'article_text_is_fixed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER article_text_is_fixed BEFORE UPDATE OF text ON statements_article
    FOR EACH ROW EXECUTE FUNCTION statements_article_text_is_fixed();
"""

QUOTE_LIES_IN_TEXT = """
CREATE FUNCTION statements_quote_lies_in_text() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    article_text text;
BEGIN
    SELECT text INTO article_text FROM statements_article WHERE id = NEW.article_id;
    IF NEW."end" > char_length(article_text) THEN
        RAISE EXCEPTION 'quote %-% lies outside article %', NEW.start, NEW."end", NEW.article_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'quote_lies_in_text';
    END IF;
    IF substring(article_text FROM NEW.cue_start + 1 FOR NEW.cue_end - NEW.cue_start)
            IS DISTINCT FROM nullif(NEW.cue, '') THEN
        RAISE EXCEPTION 'cue "%" is not at its place in article %', NEW.cue, NEW.article_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'cue_is_at_its_place';
    END IF;
    IF substring(article_text FROM NEW.source_start + 1 FOR NEW.source_end - NEW.source_start)
            IS DISTINCT FROM nullif(NEW.source, '') THEN
        RAISE EXCEPTION 'source "%" is not at its place in article %', NEW.source, NEW.article_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'source_is_at_its_place';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quote_lies_in_text
    BEFORE INSERT OR UPDATE OF article_id, start, "end", cue, cue_start, cue_end,
        source, source_start, source_end ON statements_quote
    FOR EACH ROW EXECUTE FUNCTION statements_quote_lies_in_text();
"""

PART_IS_AT_ITS_PLACE = """
CREATE FUNCTION statements_part_is_at_its_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM statements_quote q JOIN statements_article a ON a.id = q.article_id
        WHERE q.id = NEW.quote_id
          AND substring(a.text FROM NEW.start + 1 FOR NEW."end" - NEW.start) = NEW.content
    ) THEN
        RAISE EXCEPTION 'part %-% of quote % is not what the article says there',
            NEW.start, NEW."end", NEW.quote_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'part_is_at_its_place';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER part_is_at_its_place BEFORE INSERT OR UPDATE ON statements_quotepart
    FOR EACH ROW EXECUTE FUNCTION statements_part_is_at_its_place();
"""

LABELS_STAY = """
CREATE FUNCTION statements_labels_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.is_current AND NOT NEW.is_current
            AND to_jsonb(NEW) - 'is_current' = to_jsonb(OLD) - 'is_current' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'stance labels are never changed or deleted; add one that supersedes %', OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'labels_stay';
END $$;
CREATE TRIGGER labels_stay BEFORE UPDATE OR DELETE ON statements_stancelabel
    FOR EACH ROW EXECUTE FUNCTION statements_labels_stay();
"""

GUIDELINES_STAY = """
CREATE FUNCTION statements_guidelines_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'guideline % is published and stays as it is; publish another version', OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'guidelines_stay';
END $$;
CREATE TRIGGER guidelines_stay BEFORE UPDATE OR DELETE ON statements_guideline
    FOR EACH ROW EXECUTE FUNCTION statements_guidelines_stay();
"""


def guard(sql: str, trigger: str, table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql, f"DROP TRIGGER {trigger} ON {table}; DROP FUNCTION statements_{trigger}();"
    )


class Migration(migrations.Migration):
    dependencies = [("statements", "0001_initial")]

    operations = [
        guard(ARTICLE_TEXT_IS_FIXED, "article_text_is_fixed", "statements_article"),
        guard(QUOTE_LIES_IN_TEXT, "quote_lies_in_text", "statements_quote"),
        guard(PART_IS_AT_ITS_PLACE, "part_is_at_its_place", "statements_quotepart"),
        guard(LABELS_STAY, "labels_stay", "statements_stancelabel"),
        guard(GUIDELINES_STAY, "guidelines_stay", "statements_guideline"),
    ]
