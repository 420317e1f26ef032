"""Tell of open circuits: which server processes there are, and whom each of them leaves alone.

What is in these tables holds for seconds, and every process says all of it again with each beat: a
database that loses them after a crash loses nothing.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = """
CREATE UNLOGGED TABLE server_processes (
    id uuid PRIMARY KEY,
    seen_at timestamptz NOT NULL
) WITH (fillfactor = 50);
-- A process that is no longer there takes its circuits along.
CREATE UNLOGGED TABLE open_circuits (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    model_id uuid NOT NULL,
    process_id uuid NOT NULL REFERENCES server_processes (id) ON DELETE CASCADE,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    reason text NOT NULL,
    asked double precision,
    PRIMARY KEY (organization_id, model_id, process_id)
) WITH (fillfactor = 50);
CREATE INDEX open_circuits_process ON open_circuits (process_id);

CREATE FUNCTION tell_of_circuits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('hone_circuits', string_agg(DISTINCT organization_id::text, ','))
        FROM changed HAVING count(*) > 0;
    RETURN NULL;
END $$;

ALTER TABLE open_circuits ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON open_circuits
    USING (organization_id = (SELECT current_organization()))
    WITH CHECK (organization_id = (SELECT current_organization()));
GRANT SELECT, INSERT, UPDATE, DELETE ON server_processes, open_circuits TO hone_app;
"""


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(TABLES)
        for verb, transition in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            cursor.execute(
                f"CREATE TRIGGER tell_{verb.lower()} AFTER {verb} ON open_circuits"
                f" REFERENCING {transition} TABLE AS changed"
                " FOR EACH STATEMENT EXECUTE FUNCTION tell_of_circuits()"
            )


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
