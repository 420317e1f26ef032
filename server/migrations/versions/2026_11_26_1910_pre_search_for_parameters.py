"""Search for parameters, tune in the words of OpenAI's clients, and tell others of runs.

Trials belong to a run, which is one claim on one machine: what a killed run had found is there when it goes on.
A tuning job is a run that came in by `/v1/fine_tuning/jobs`, with what its client said. A report is how far
another tracker knows of a run; it is written by the worker alone.
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE training_trials (
    run_id uuid NOT NULL REFERENCES training_runs (id) ON DELETE CASCADE,
    number integer NOT NULL CHECK (number >= 0),
    organization_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'complete', 'pruned', 'failed')),
    params jsonb NOT NULL,
    value double precision,
    figures jsonb NOT NULL DEFAULT '{}',
    seconds double precision NOT NULL DEFAULT 0 CHECK (seconds >= 0),
    error text,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (run_id, number),
    CHECK (state <> 'complete' OR value IS NOT NULL),
    CHECK ((state = 'running') = (ended_at IS NULL)),
    CHECK (state = 'failed' OR error IS NULL)
);

CREATE TABLE tuning_jobs (
    run_id uuid PRIMARY KEY REFERENCES training_runs (id) ON DELETE CASCADE,
    organization_id uuid NOT NULL,
    model text NOT NULL CHECK (model LIKE 'hone:%'),
    training_file text NOT NULL,
    validation_file text,
    suffix text,
    seed bigint NOT NULL,
    method jsonb NOT NULL,
    metadata jsonb
);
CREATE INDEX tuning_jobs_page ON tuning_jobs (organization_id, run_id DESC);

CREATE TABLE training_reports (
    run_id uuid NOT NULL REFERENCES training_runs (id) ON DELETE CASCADE,
    tracker text NOT NULL CHECK (tracker IN ('mlflow')),
    organization_id uuid NOT NULL,
    remote_id text,
    -- The last value of training_metrics that the tracker has.
    metric_id bigint NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'told', 'given_up')),
    failures integer NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT now(),
    error text,
    PRIMARY KEY (run_id, tracker)
);
CREATE INDEX training_reports_due ON training_reports (next_at) WHERE state = 'open';
"""
GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON training_trials, tuning_jobs TO hone_app;
GRANT SELECT ON training_reports TO hone_app;
"""
TENANT_TABLES = ("training_trials", "tuning_jobs", "training_reports")


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
