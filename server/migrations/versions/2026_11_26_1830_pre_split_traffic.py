"""Split traffic: experiments, which arm an operation met, and what each unit did in its arm.

The sums of a unit are written with its operations, in the same transaction; those of feedback by
triggers on feedback. So nothing has to be gone through again, and nothing counts twice.
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OPERATIONS = """
ALTER TABLE operations
    ADD COLUMN split_id uuid,
    ADD COLUMN arm text,
    ADD COLUMN chance real,
    ADD COLUMN split_unit bigint,
    ADD COLUMN rescued boolean NOT NULL DEFAULT false;
CREATE INDEX operations_split ON operations (organization_id, split_id, created_at)
    WHERE split_id IS NOT NULL;
"""
TABLES = """
CREATE TABLE experiments (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    hypothesis text NOT NULL,
    target text NOT NULL CHECK (length(target) BETWEEN 1 AND 256),
    unit text NOT NULL CHECK (unit IN ('user', 'conversation')),
    coverage double precision NOT NULL CHECK (coverage > 0 AND coverage <= 1),
    state text NOT NULL CHECK (state IN ('draft', 'running', 'paused', 'stopped', 'decided')),
    arms jsonb NOT NULL CHECK (jsonb_array_length(arms) BETWEEN 2 AND 8),
    metrics jsonb NOT NULL CHECK (jsonb_array_length(metrics) BETWEEN 1 AND 20),
    method text NOT NULL CHECK (method IN ('fixed', 'sequential', 'always_valid')),
    alpha double precision NOT NULL CHECK (alpha > 0 AND alpha < 0.5),
    power double precision NOT NULL CHECK (power > 0.5 AND power < 1),
    minimum_effect double precision NOT NULL CHECK (minimum_effect > 0),
    mode text NOT NULL CHECK (mode IN ('fixed', 'bandit')),
    max_days integer CHECK (max_days > 0),
    plan jsonb,
    version integer NOT NULL DEFAULT 1,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    paused_at timestamptz,
    ended_at timestamptz,
    ended_reason text,
    decided jsonb,
    looked_at timestamptz,
    shared_at timestamptz,
    CHECK ((state = 'draft') = (started_at IS NULL)),
    CHECK ((state = 'paused') = (paused_at IS NOT NULL)),
    CHECK ((state IN ('stopped', 'decided')) = (ended_at IS NOT NULL)),
    CHECK ((state = 'decided') = (decided IS NOT NULL))
);
CREATE INDEX experiments_page ON experiments (organization_id, id DESC);
CREATE UNIQUE INDEX experiments_under_way ON experiments (organization_id, target)
    WHERE state IN ('running', 'paused');

-- What splits the calls of a name: one experiment, or one release.
CREATE TABLE traffic_splits (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('experiment', 'release')),
    subject_id uuid NOT NULL,
    claimed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, name),
    UNIQUE (kind, subject_id)
);

-- Each analysis that was made of an experiment, with the verdict as of then; rows are only added.
CREATE TABLE experiment_looks (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    experiment_id uuid NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    number integer NOT NULL CHECK (number > 0),
    units bigint NOT NULL,
    numbers jsonb NOT NULL,
    verdict jsonb NOT NULL,
    UNIQUE (experiment_id, number)
);
CREATE INDEX experiment_looks_page ON experiment_looks (organization_id, experiment_id, at);

-- Who met which arm, and what came of it: a unit is a digest that means nothing in another split.
CREATE TABLE split_units (
    organization_id uuid NOT NULL,
    split_id uuid NOT NULL,
    unit bigint NOT NULL,
    arm text NOT NULL,
    named boolean NOT NULL,
    chance real NOT NULL,
    key_id uuid,
    first_at timestamptz NOT NULL,
    operations bigint NOT NULL,
    errors bigint NOT NULL,
    rescued bigint NOT NULL,
    timed bigint NOT NULL,
    latency_ms double precision NOT NULL,
    cost double precision NOT NULL,
    tokens bigint NOT NULL,
    pre_at timestamptz,
    pre_operations bigint,
    pre_errors bigint,
    pre_timed bigint,
    pre_latency_ms double precision,
    pre_cost double precision,
    pre_tokens bigint,
    PRIMARY KEY (organization_id, split_id, unit, arm)
) WITH (fillfactor = 70);
CREATE INDEX split_units_before ON split_units (organization_id, split_id) WHERE pre_at IS NULL;

-- What was said of a unit's answers, by measure; `n` is how often, `total` what it adds up to.
CREATE TABLE split_feedback (
    organization_id uuid NOT NULL,
    split_id uuid NOT NULL,
    metric text NOT NULL,
    unit bigint NOT NULL,
    arm text NOT NULL,
    n bigint NOT NULL,
    total double precision NOT NULL,
    PRIMARY KEY (organization_id, split_id, metric, unit, arm)
) WITH (fillfactor = 70);
"""
_HEAD = "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
COUNTING = f"""
-- The moment that an id tells (UUIDv7, RFC 9562), which is its operation's partition.
CREATE FUNCTION made_at(id uuid) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT timestamptz 'epoch' + ('x' || left(translate(id::text, '-', ''), 12))::bit(48)::bigint
        * interval '1 millisecond'
$$;
-- What stays in one arm; a call that names nothing is a unit of its own.
CREATE FUNCTION unit_of(id uuid, split_unit bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT coalesce(split_unit,
        ('x' || right(translate(id::text, '-', ''), 16))::bit(64)::bigint)
$$;
CREATE FUNCTION count_split_feedback() {_HEAD} AS $$
BEGIN
    INSERT INTO split_feedback AS s (organization_id, split_id, metric, unit, arm, n, total)
    SELECT o.organization_id, o.split_id, m.metric, unit_of(o.id, o.split_unit) AS who, o.arm,
        sum(f.sign), sum(f.sign * m.value)
    FROM (SELECT -1 AS sign, * FROM was WHERE state = 'accepted' AND operation_id IS NOT NULL
        UNION ALL
        SELECT 1 AS sign, * FROM now_is WHERE state = 'accepted' AND operation_id IS NOT NULL) f
    JOIN operations o ON o.organization_id = f.organization_id AND o.id = f.operation_id
        AND o.created_at = made_at(f.operation_id) AND o.split_id IS NOT NULL
    CROSS JOIN LATERAL (VALUES
        ('positive_feedback', f.positive::int::double precision),
        ('rating', f.rating::double precision),
        ('accuracy', CASE WHEN f.given IS NOT NULL AND f.expected IS NOT NULL
            THEN (f.given = f.expected)::int WHEN f.metric = 'verdict' THEN f.positive::int END),
        (CASE WHEN f.metric NOT IN ('verdict', 'thumbs', 'rating', 'accuracy', 'positive_feedback')
            THEN f.metric END, coalesce(f.value, f.positive::int, f.score))
    ) AS m (metric, value)
    WHERE m.metric IS NOT NULL AND m.value IS NOT NULL
    GROUP BY o.organization_id, o.split_id, m.metric, who, o.arm
    ORDER BY o.organization_id, o.split_id, m.metric, who, o.arm
    ON CONFLICT (organization_id, split_id, metric, unit, arm)
        DO UPDATE SET n = s.n + excluded.n, total = s.total + excluded.total;
    RETURN NULL;
END $$;
CREATE TRIGGER count_split_feedback AFTER UPDATE ON feedback
    REFERENCING OLD TABLE AS was NEW TABLE AS now_is
    FOR EACH STATEMENT EXECUTE FUNCTION count_split_feedback();

CREATE FUNCTION count_split_signals() {_HEAD} AS $$
BEGIN
    INSERT INTO split_feedback AS s (organization_id, split_id, metric, unit, arm, n, total)
    SELECT o.organization_id, o.split_id, f.kind, unit_of(o.id, o.split_unit) AS who, o.arm,
        count(*), count(*)
    FROM landed f
    JOIN operations o ON o.organization_id = f.organization_id AND o.id = f.operation_id
        AND o.created_at = made_at(f.operation_id) AND o.split_id IS NOT NULL
    GROUP BY o.organization_id, o.split_id, f.kind, who, o.arm
    ORDER BY o.organization_id, o.split_id, f.kind, who, o.arm
    ON CONFLICT (organization_id, split_id, metric, unit, arm)
        DO UPDATE SET n = s.n + excluded.n, total = s.total + excluded.total;
    RETURN NULL;
END $$;
CREATE TRIGGER count_split_signals AFTER INSERT ON feedback_signals REFERENCING NEW TABLE AS landed
    FOR EACH STATEMENT EXECUTE FUNCTION count_split_signals();

CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON experiment_looks
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();
"""
_LAST = """LEFT JOIN LATERAL (SELECT * FROM experiment_looks each
            WHERE each.experiment_id = e.id ORDER BY each.number DESC LIMIT 1) AS l ON true"""
_SHARES = """(SELECT jsonb_object_agg(each ->> 'name', each -> 'share')
                   FROM jsonb_array_elements(e.arms) each)"""
VIEWS = {
    "ab_tests": f"""
        SELECT e.id, e.organization_id, e.name, e.hypothesis, e.target AS model_name,
               e.arms -> 0 ->> 'ref' AS model_a, e.arms -> 1 ->> 'ref' AS model_b,
               jsonb_build_object('arms', e.arms, 'unit', e.unit, 'method', e.method,
                   'alpha', e.alpha, 'power', e.power, 'minimumEffect', e.minimum_effect)
                   AS configuration,
               {_SHARES} AS traffic_split, e.metrics AS success_metrics, e.state AS status,
               coalesce(l.verdict || jsonb_build_object('numbers', l.numbers), '{{}}') AS results,
               e.decided ->> 'arm' AS winner, e.started_at, e.ended_at, e.created_by, e.created_at
        FROM experiments e {_LAST}""",
    "chatbot_ab_tests": f"""
        SELECT e.id, e.organization_id, e.name AS test_name, e.hypothesis,
               e.arms -> 0 ->> 'ref' AS control_model_id,
               e.arms -> 1 ->> 'ref' AS treatment_model_id,
               {_SHARES} AS traffic_split, e.metrics AS success_metrics, e.state AS test_status,
               (l.verdict ->> 'p')::numeric(5, 4) AS statistical_significance,
               coalesce(l.verdict || jsonb_build_object('numbers', l.numbers), '{{}}')
                   AS test_results,
               e.started_at, e.ended_at, e.created_at
        FROM experiments e {_LAST}""",
}
GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON experiments, traffic_splits TO hone_app;
GRANT SELECT, INSERT, DELETE ON experiment_looks TO hone_app;
GRANT SELECT ON split_units, split_feedback TO hone_app;
"""
TENANT_TABLES = (
    "experiments", "traffic_splits", "experiment_looks", "split_units", "split_feedback",
)  # fmt: skip


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _run(OPERATIONS)
    _run(TABLES)
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table}"
            " USING (organization_id = (SELECT current_organization()))"
            " WITH CHECK (organization_id = (SELECT current_organization()))"
        )
    _run(COUNTING)
    _run(GRANTS)
    for name, query in VIEWS.items():
        _run(f"CREATE VIEW {name} WITH (security_invoker = true) AS {query};")
        op.execute(f"GRANT SELECT ON {name} TO hone_app")
    # How calls are split is part of what the gateway is told.
    for verb, transition in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        op.execute(
            f"CREATE TRIGGER note_{verb.lower()} AFTER {verb} ON experiments"
            f" REFERENCING {transition} TABLE AS changed"
            " FOR EACH STATEMENT EXECUTE FUNCTION note_changes()"
        )


def _run(script: str) -> None:
    """Run a script as it stands, without looking for parameters in it."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
