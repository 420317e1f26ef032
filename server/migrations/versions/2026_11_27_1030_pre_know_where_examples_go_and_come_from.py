"""Know which versions hold an example, sync knowledge, and bound, cancel and resume checks.

An example remembers the numbers of the versions that hold it as ranges: they follow each other mostly, so
a hundred versions take as little room as one. Pages of a knowledge source are examples that name it.
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

EXAMPLES = """
ALTER TABLE examples ADD COLUMN held int4multirange NOT NULL DEFAULT '{}';
ALTER TABLE examples ADD COLUMN knowledge_id uuid;
ALTER TABLE examples DROP CONSTRAINT examples_source_check;
ALTER TABLE examples ADD CONSTRAINT examples_source_check
    CHECK (source IN ('user', 'expert', 'automated', 'knowledge'));
CREATE INDEX examples_knowledge ON examples (organization_id, knowledge_id)
    WHERE knowledge_id IS NOT NULL;
"""
CHECKS = """
ALTER TABLE dataset_checks DROP CONSTRAINT dataset_checks_state_check;
ALTER TABLE dataset_checks ADD CONSTRAINT dataset_checks_state_check
    CHECK (state IN ('running', 'done', 'failed', 'cancelled'));
ALTER TABLE dataset_checks ADD COLUMN seconds integer NOT NULL DEFAULT 3600
    CHECK (seconds BETWEEN 1 AND 86400);
ALTER TABLE dataset_checks ADD COLUMN finished text[] NOT NULL DEFAULT '{}';
ALTER TABLE dataset_checks ADD COLUMN scanned_to uuid;
"""
KNOWLEDGE = """
CREATE TABLE knowledge_sources (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    dataset_id uuid NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 256),
    url text CHECK (length(url) <= 2048),
    every_hours integer CHECK (every_hours BETWEEN 1 AND 8760),
    format text,
    state text NOT NULL CHECK (state IN ('waiting', 'current', 'failed')),
    problem text,
    failures integer NOT NULL DEFAULT 0,
    digest bytea,
    etag text,
    passages integer NOT NULL DEFAULT 0,
    checked_at timestamptz,
    changed_at timestamptz,
    next_at timestamptz,
    token integer NOT NULL DEFAULT 0,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (dataset_id, name),
    CHECK (url IS NOT NULL OR (every_hours IS NULL AND next_at IS NULL))
);
CREATE INDEX knowledge_sources_due ON knowledge_sources (next_at) WHERE next_at IS NOT NULL;
ALTER TABLE knowledge_sources ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON knowledge_sources
    USING (organization_id = (SELECT current_organization()))
    WITH CHECK (organization_id = (SELECT current_organization()));
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge_sources TO hone_app;
"""


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for script in (EXAMPLES, CHECKS, KNOWLEDGE):
        with op.get_bind().connection.cursor() as cursor:
            cursor.execute(script)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
