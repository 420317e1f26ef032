"""Hear of runs by mail, read the files of tuning jobs in the background, and tell Weights & Biases of runs.

A notice is a row that the transaction makes which makes it true; a worker sends it. A tuning job is there before its
run: while its files are read it has none, so that its run is no longer what it hangs on. Runs are never deleted one by
one.
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE training_notices (
    run_id uuid NOT NULL REFERENCES training_runs (id) ON DELETE CASCADE,
    event text NOT NULL CHECK (event IN ('started', 'milestone', 'best', 'finished', 'failed')),
    -- A person's id, or a channel's name.
    target text NOT NULL,
    organization_id uuid NOT NULL,
    words text NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'cancelled', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT now(),
    error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    PRIMARY KEY (run_id, event, target),
    CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE INDEX training_notices_due ON training_notices (next_at) WHERE state = 'waiting';

ALTER TABLE tuning_jobs DROP CONSTRAINT tuning_jobs_run_id_fkey;
ALTER TABLE tuning_jobs
    ADD COLUMN state text NOT NULL DEFAULT 'begun'
        CHECK (state IN ('validating', 'begun', 'failed', 'cancelled')),
    -- What its run will be, while it has none.
    ADD COLUMN job jsonb,
    ADD COLUMN request_hash text,
    ADD COLUMN created_by text,
    ADD COLUMN idempotency_key text,
    ADD COLUMN error jsonb,
    -- Raised by each worker that takes it: the fencing token.
    ADD COLUMN claim bigint NOT NULL DEFAULT 0,
    ADD COLUMN leased_until timestamptz,
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN ended_at timestamptz,
    ADD CONSTRAINT tuning_jobs_ended
        CHECK ((state IN ('failed', 'cancelled')) = (ended_at IS NOT NULL)),
    ADD CONSTRAINT tuning_jobs_wanted CHECK (state <> 'validating' OR job IS NOT NULL),
    ADD CONSTRAINT tuning_jobs_wrong CHECK ((state = 'failed') = (error IS NOT NULL));
CREATE INDEX tuning_jobs_open ON tuning_jobs (run_id) WHERE state = 'validating';
CREATE UNIQUE INDEX tuning_jobs_once ON tuning_jobs (organization_id, created_by, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE TRIGGER tell_of_files AFTER INSERT OR UPDATE OF state ON tuning_jobs
    FOR EACH STATEMENT EXECUTE FUNCTION tell_training();

ALTER TABLE training_reports DROP CONSTRAINT training_reports_tracker_check;
ALTER TABLE training_reports ADD CONSTRAINT training_reports_tracker_check
    CHECK (tracker IN ('mlflow', 'wandb'));
-- Some trackers are spoken to by a program of one worker, which goes on with what it began.
ALTER TABLE training_reports ADD COLUMN url text, ADD COLUMN holder text,
    ADD COLUMN held_until timestamptz;
CREATE INDEX training_runs_data ON training_runs (organization_id, dataset_id, id DESC);

-- Channels of alerts carry words about runs, too.
ALTER TABLE alert_deliveries DROP CONSTRAINT alert_deliveries_event_check;
ALTER TABLE alert_deliveries ADD CONSTRAINT alert_deliveries_event_check CHECK (event IN
    ('opened', 'reopened', 'worse', 'resolved', 'digest', 'test', 'training'));
ALTER TABLE alert_deliveries DROP CONSTRAINT alert_deliveries_check;
ALTER TABLE alert_deliveries ADD CONSTRAINT alert_deliveries_check
    CHECK ((alert_id IS NULL) = (event IN ('digest', 'test', 'training')));

-- When what an example tells of was said, where that is known.
ALTER TABLE examples ADD COLUMN said_at timestamptz;
"""
GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON training_notices TO hone_app;
"""
TENANT_TABLES = ("training_notices",)


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
