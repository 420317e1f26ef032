"""Learn which model to use: outcomes, fits, routing models, and why each call went where it went.

A routing model is a row and a file: the file lies in the storage, by the checksum that the row has.
Of each organization one is active at most, and one fit runs at most.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE routing_models (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    version integer NOT NULL CHECK (version > 0),
    state text NOT NULL CHECK (state IN ('candidate', 'active', 'retired')),
    basis text NOT NULL CHECK (basis IN ('told', 'observed')),
    digest text NOT NULL,
    size integer NOT NULL CHECK (size > 0),
    models uuid[] NOT NULL,
    card jsonb NOT NULL,
    traffic jsonb,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    activated_by text,
    activated_at timestamptz,
    retired_at timestamptz,
    former_id uuid REFERENCES routing_models (id) ON DELETE SET NULL,
    UNIQUE (organization_id, version)
);
CREATE UNIQUE INDEX routing_models_active ON routing_models (organization_id)
    WHERE state = 'active';

CREATE TABLE routing_fits (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    basis text NOT NULL CHECK (basis IN ('told', 'observed')),
    stage text NOT NULL,
    progress real NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    problem jsonb,
    model_id uuid REFERENCES routing_models (id) ON DELETE SET NULL,
    started_by text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE INDEX routing_fits_page ON routing_fits (organization_id, id DESC);
CREATE UNIQUE INDEX routing_fits_running ON routing_fits (organization_id)
    WHERE state = 'running';

-- One row for each prompt: scores by the id of the model, 0 to 1. The prompt is sealed, or it is that
-- of an operation and lies with its contents.
CREATE TABLE routing_outcomes (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    digest bytea NOT NULL,
    operation_id uuid,
    key_id uuid,
    sealed bytea,
    user_id text,
    scores jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, digest),
    CHECK ((operation_id IS NULL) = (sealed IS NOT NULL)),
    CHECK ((key_id IS NULL) = (sealed IS NULL))
);
CREATE INDEX routing_outcomes_page ON routing_outcomes (organization_id, id DESC);
CREATE INDEX routing_outcomes_user ON routing_outcomes (organization_id, user_id)
    WHERE user_id IS NOT NULL;
CREATE INDEX routing_outcomes_operation ON routing_outcomes (organization_id, operation_id)
    WHERE operation_id IS NOT NULL;

ALTER TABLE operations ADD COLUMN reason jsonb;
"""
GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON routing_models, routing_fits, routing_outcomes TO hone_app;
"""
TENANT_TABLES = ("routing_models", "routing_fits", "routing_outcomes")


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
    # What is active is part of what the gateway is told; a fit at work is not.
    for verb, transition in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        op.execute(
            f"CREATE TRIGGER note_{verb.lower()} AFTER {verb} ON routing_models"
            f" REFERENCING {transition} TABLE AS changed"
            " FOR EACH STATEMENT EXECUTE FUNCTION note_changes()"
        )
    _run(GRANTS)


def _run(script: str) -> None:
    """Run a script as it stands, without looking for parameters in it."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
