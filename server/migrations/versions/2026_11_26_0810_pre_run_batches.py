"""Run batches: files, batches over them, the answers of their lines, and what a batch pays.

A file's bytes lie sealed in the storage, in parts; its row holds the key, so that deleting the row is
losing what it sealed. The parts of a deleted row are noted in `blob_removals` by a trigger, so that no
way of deleting one can forget them.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE files (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    owner text NOT NULL,
    filename text NOT NULL CHECK (length(filename) <= 512),
    purpose text NOT NULL,
    bytes bigint NOT NULL DEFAULT 0,
    sealed_key bytea NOT NULL,
    parts text[] NOT NULL DEFAULT '{}',
    complete boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz
);
CREATE INDEX files_page ON files (organization_id, id DESC) WHERE complete;
CREATE INDEX files_expiry ON files (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX files_begun ON files (created_at) WHERE NOT complete;

CREATE TABLE blob_removals (
    organization_id uuid NOT NULL,
    digest text NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, digest)
);
CREATE FUNCTION note_parts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO blob_removals (organization_id, digest)
        SELECT gone.organization_id, digest FROM gone, unnest(gone.parts) AS digest
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER note_parts AFTER DELETE ON files REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION note_parts();

CREATE TABLE batches (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    owner text NOT NULL,
    key_id uuid,
    person_id uuid,
    endpoint text NOT NULL,
    -- No foreign keys to files: a batch outlives them.
    input_file_id uuid NOT NULL,
    output_file_id uuid,
    error_file_id uuid,
    completion_window text NOT NULL,
    output_expires_after bigint,
    metadata jsonb,
    status text NOT NULL DEFAULT 'validating' CHECK (status IN ('validating', 'failed', 'in_progress',
        'finalizing', 'completed', 'expired', 'cancelling', 'cancelled')),
    errors jsonb,
    model text,
    total bigint NOT NULL DEFAULT 0,
    completed bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    input_tokens bigint NOT NULL DEFAULT 0,
    cached_tokens bigint NOT NULL DEFAULT 0,
    output_tokens bigint NOT NULL DEFAULT 0,
    reasoning_tokens bigint NOT NULL DEFAULT 0,
    cost bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    in_progress_at timestamptz,
    finalizing_at timestamptz,
    completed_at timestamptz,
    failed_at timestamptz,
    expired_at timestamptz,
    cancelling_at timestamptz,
    cancelled_at timestamptz
);
CREATE INDEX batches_page ON batches (organization_id, id DESC);
CREATE INDEX batches_active ON batches (organization_id, input_file_id)
    WHERE status IN ('validating', 'in_progress', 'finalizing', 'cancelling');

CREATE TABLE batch_answers (
    batch_id uuid NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
    line integer NOT NULL,
    organization_id uuid NOT NULL,
    succeeded boolean NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (batch_id, line)
);

ALTER TABLE operations ADD COLUMN batch_id uuid;
CREATE INDEX operations_batch ON operations (organization_id, batch_id, created_at)
    WHERE batch_id IS NOT NULL;
ALTER TABLE prices ADD COLUMN batch_percent integer
    CONSTRAINT prices_batch_percent_check CHECK (batch_percent BETWEEN 0 AND 100);
"""
GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON files, batches, batch_answers TO hone_app;
"""
TENANT_TABLES = ("files", "blob_removals", "batches", "batch_answers")


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _run(TABLES)
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table}"
            " USING (organization_id = (SELECT current_organization()))"
            " WITH CHECK (organization_id = (SELECT current_organization()))"
        )
    _run(GRANTS)


def _run(script: str) -> None:
    """Run a script as it stands, without looking for parameters in it."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
