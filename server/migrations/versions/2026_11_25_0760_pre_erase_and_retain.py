"""Erase people and end users, and keep each kind of data for its own time."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ERASURES = """
-- Whom it is about is sealed while it runs, and then forgotten; `digest` is keyed.
CREATE TABLE erasures (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    kind text NOT NULL CHECK (kind IN ('person', 'user')),
    digest bytea NOT NULL,
    sealed bytea,
    state text NOT NULL CHECK (state IN ('running', 'done')),
    step text NOT NULL,
    planned jsonb NOT NULL,
    counts jsonb NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    finished_at timestamptz,
    CHECK ((sealed IS NULL) = (state = 'done'))
);
CREATE INDEX erasures_page ON erasures (organization_id, id DESC);
CREATE UNIQUE INDEX erasures_running ON erasures (organization_id, digest)
    WHERE finished_at IS NULL;
GRANT SELECT, INSERT ON erasures TO hone_app;
"""

RETENTION = """
-- Days that a kind of data is kept; null: for ever. Those of operations stay in the organization's
-- row, where the server before reads them.
CREATE TABLE retention_rules (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    kind text NOT NULL,
    days integer CHECK (days > 0),
    version integer NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, kind)
);
-- What a night's run has deleted so far; told in the trail once it is finished.
CREATE TABLE retention_runs (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    run_at timestamptz NOT NULL,
    counts jsonb NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (organization_id, run_at)
);
GRANT SELECT, INSERT, UPDATE ON retention_rules TO hone_app;
"""

TENANT_TABLES = ("erasures", "retention_rules", "retention_runs")


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(ERASURES)
        cursor.execute(RETENTION)
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table}"
            " USING (organization_id = (SELECT current_organization()))"
            " WITH CHECK (organization_id = (SELECT current_organization()))"
        )


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
