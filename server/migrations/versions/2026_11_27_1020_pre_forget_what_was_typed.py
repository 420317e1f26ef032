"""Forget what somebody typed, and find copies that nobody met.

Rows of three histories are only ever added. What a person typed into them must go when the person is
erased: such a text may become `erased`, and nothing else of a row can change. Copies of calls for a release
that is tried unseen are found by an index, so that reports can leave them out.
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

SHADOWS = """
CREATE INDEX operations_shadow ON operations (organization_id, created_at) WHERE arm = 'shadow';
"""
FORGETTING = """
CREATE FUNCTION refuse_but_to_forget() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := to_jsonb(NEW);
    name text;
BEGIN
    FOREACH name IN ARRAY TG_ARGV LOOP
        IF new_row -> name IS DISTINCT FROM old_row -> name AND NOT (
            new_row -> name = '"erased"'
            OR jsonb_typeof(new_row -> name) = 'object'
            AND new_row -> name = (old_row -> name) || '{"reason": "erased"}'
        ) THEN
            RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        old_row := old_row - name;
        new_row := new_row - name;
    END LOOP;
    IF new_row IS DISTINCT FROM old_row THEN
        RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""
HISTORIES = {
    "model_history": ("reason", "override"),
    "release_events": ("words", "data"),
    "improvement_decisions": ("words",),
}


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for block in (SHADOWS, FORGETTING):
        _run(block)
    for table, names in HISTORIES.items():
        typed = ", ".join(f"'{name}'" for name in names)
        _run(f"""
            DROP TRIGGER append_only ON {table};
            CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();
            CREATE TRIGGER append_only_but_typed BEFORE UPDATE ON {table}
                FOR EACH ROW EXECUTE FUNCTION refuse_but_to_forget({typed});
        """)


def _run(script: str) -> None:
    """Run a script as it stands, without looking for parameters in it."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)
