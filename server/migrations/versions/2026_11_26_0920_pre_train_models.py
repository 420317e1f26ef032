"""Train models: runs with their states, metrics, log and schedules, and the machines that run them.

A run goes from state to state only as `training_step` allows, whatever a process believes; `claim` is
raised by each worker that takes a run, and is its fencing token. Metrics are one row for each name, split,
step and epoch, so that a run which goes on from a checkpoint counts nothing twice.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE training_runs (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    model text NOT NULL CHECK (length(model) BETWEEN 1 AND 256),
    kind text NOT NULL CHECK (kind IN ('initial', 'incremental', 'retraining')),
    task text NOT NULL,
    engine text NOT NULL,
    spec jsonb NOT NULL,
    spec_hash text NOT NULL,
    hyperparameters jsonb NOT NULL DEFAULT '{}',
    -- No foreign keys to data sets: what was learned from them outlives them.
    dataset_id uuid,
    dataset_name text,
    dataset_version_id uuid,
    dataset_version text,
    dataset_hash text,
    examples bigint NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'starting', 'running', 'proving',
        'pausing', 'paused', 'succeeded', 'failed', 'cancelled')),
    wish text CHECK (wish IN ('pause', 'cancel')),
    stage text NOT NULL DEFAULT 'waiting',
    progress real NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    why_waiting text,
    place integer,
    priority text NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'critical')),
    concurrency_key text,
    not_before timestamptz,
    cpu real NOT NULL CHECK (cpu > 0),
    memory bigint NOT NULL CHECK (memory > 0),
    gpus integer NOT NULL DEFAULT 0 CHECK (gpus >= 0),
    gpus_given integer NOT NULL DEFAULT 0,
    estimate jsonb NOT NULL,
    claim bigint NOT NULL DEFAULT 0,
    node text,
    leased_until timestamptz,
    losses integer NOT NULL DEFAULT 0,
    folder uuid,
    read jsonb NOT NULL DEFAULT '{}',
    log_size bigint NOT NULL DEFAULT 0,
    error jsonb,
    figures jsonb NOT NULL DEFAULT '{}',
    metrics jsonb NOT NULL DEFAULT '{}',
    resources jsonb NOT NULL DEFAULT '{}',
    cpu_seconds double precision NOT NULL DEFAULT 0,
    seconds double precision NOT NULL DEFAULT 0,
    cost bigint NOT NULL DEFAULT 0,
    champion_id uuid,
    model_version_id uuid,
    retry_of uuid,
    schedule_id uuid,
    created_by text NOT NULL,
    idempotency_key text,
    created_at timestamptz NOT NULL DEFAULT now(),
    queued_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE INDEX training_runs_page ON training_runs (organization_id, id DESC);
CREATE INDEX training_runs_state ON training_runs (organization_id, state);
CREATE INDEX training_runs_model ON training_runs (organization_id, model, id DESC);
CREATE INDEX training_runs_open ON training_runs (state, leased_until)
    WHERE state NOT IN ('succeeded', 'failed', 'cancelled');
CREATE UNIQUE INDEX training_runs_once ON training_runs (organization_id, created_by, idempotency_key)
    WHERE idempotency_key IS NOT NULL;

CREATE FUNCTION training_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN (
        ('queued', 'starting'), ('queued', 'paused'), ('queued', 'cancelled'), ('queued', 'failed'),
        ('starting', 'running'), ('starting', 'queued'), ('starting', 'failed'),
        ('starting', 'cancelled'), ('starting', 'pausing'), ('starting', 'paused'),
        ('running', 'proving'), ('running', 'pausing'), ('running', 'queued'), ('running', 'failed'),
        ('running', 'cancelled'), ('running', 'paused'),
        ('proving', 'succeeded'), ('proving', 'failed'), ('proving', 'queued'),
        ('proving', 'cancelled'), ('proving', 'pausing'), ('proving', 'paused'),
        ('pausing', 'paused'), ('pausing', 'queued'), ('pausing', 'proving'), ('pausing', 'failed'),
        ('pausing', 'cancelled'),
        ('paused', 'queued'), ('paused', 'cancelled')
    ) THEN
        RAISE EXCEPTION 'a training run that is % cannot become %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER training_step BEFORE UPDATE OF state ON training_runs FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION training_step();

CREATE FUNCTION tell_training() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NOTIFY hone_training;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_of_wishes AFTER INSERT OR UPDATE OF state, wish ON training_runs
    FOR EACH STATEMENT EXECUTE FUNCTION tell_training();

CREATE TABLE training_metrics (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id uuid NOT NULL,
    run_id uuid NOT NULL REFERENCES training_runs (id) ON DELETE CASCADE,
    name text NOT NULL,
    split text NOT NULL DEFAULT '',
    step bigint NOT NULL DEFAULT 0,
    epoch double precision,
    value double precision NOT NULL,
    context jsonb NOT NULL DEFAULT '{}',
    at timestamptz NOT NULL
);
CREATE UNIQUE INDEX training_metrics_once ON training_metrics
    (run_id, name, split, step, coalesce(epoch, -1));
CREATE INDEX training_metrics_name ON training_metrics (run_id, name);
CREATE INDEX training_metrics_after ON training_metrics (run_id, id);

CREATE TABLE training_events (
    run_id uuid NOT NULL REFERENCES training_runs (id) ON DELETE CASCADE,
    number integer NOT NULL,
    organization_id uuid NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    message text NOT NULL,
    done real,
    PRIMARY KEY (run_id, number)
);

CREATE TABLE training_logs (
    run_id uuid NOT NULL REFERENCES training_runs (id) ON DELETE CASCADE,
    start bigint NOT NULL,
    organization_id uuid NOT NULL,
    size integer NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (run_id, start)
);

CREATE TABLE training_schedules (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 256),
    cron text NOT NULL,
    timezone text NOT NULL DEFAULT 'UTC',
    off_peak jsonb,
    job jsonb NOT NULL,
    min_new_examples bigint NOT NULL DEFAULT 0 CHECK (min_new_examples >= 0),
    enabled boolean NOT NULL DEFAULT true,
    next_at timestamptz,
    last_at timestamptz,
    last_run_id uuid,
    last_started_at timestamptz,
    last_outcome text,
    version integer NOT NULL DEFAULT 1,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, name)
);
CREATE INDEX training_schedules_due ON training_schedules (next_at) WHERE enabled;

-- What machines have for training, as their workers told last. It belongs to no organization.
CREATE TABLE training_nodes (
    id text PRIMARY KEY,
    cpu real NOT NULL,
    memory bigint NOT NULL,
    gpus integer NOT NULL,
    used_cpu real NOT NULL DEFAULT 0,
    used_memory bigint NOT NULL DEFAULT 0,
    used_gpus integer NOT NULL DEFAULT 0,
    running integer NOT NULL DEFAULT 0,
    beat_at timestamptz NOT NULL DEFAULT now()
);

CREATE VIEW chatbot_training_sessions WITH (security_invoker = true) AS
    SELECT id, organization_id, model AS model_name, kind AS training_type,
           spec AS training_configuration, dataset_hash AS training_data_hash, hyperparameters,
           state AS training_status, started_at, finished_at AS completed_at,
           metrics || figures AS training_metrics, resources AS resource_usage, created_at
    FROM training_runs;
CREATE VIEW training_performance_metrics WITH (security_invoker = true) AS
    SELECT id, run_id AS training_session_id, name AS metric_name, value AS metric_value,
           context || jsonb_build_object('split', split, 'step', step) AS metric_context,
           epoch AS measurement_epoch, at AS timestamp
    FROM training_metrics;
"""
GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON training_runs, training_metrics, training_events,
    training_logs, training_schedules TO hone_app;
GRANT SELECT ON training_nodes, chatbot_training_sessions, training_performance_metrics TO hone_app;
"""
TENANT_TABLES = (
    "training_runs",
    "training_metrics",
    "training_events",
    "training_logs",
    "training_schedules",
)


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
