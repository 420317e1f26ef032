"""Keep monitors, what they measured, alerts, and how alerts reach people.

Of one cause there is one alert that is not resolved: `alerts_open` sees to it. Every organization has
the objectives that the product promises: a trigger gives them to it in the transaction that makes it.
A delivery is claimed before it leaves; `attempts` is its fencing token.
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE monitors (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    kind text NOT NULL CHECK (kind IN ('metric', 'objective', 'drift', 'estimated_accuracy',
        'error_patterns')),
    model text,
    route text,
    rule jsonb NOT NULL,
    preset text,
    enabled boolean NOT NULL DEFAULT true,
    state text NOT NULL DEFAULT 'no_data'
        CHECK (state IN ('ok', 'alerting', 'no_data', 'silenced')),
    words text NOT NULL DEFAULT '',
    value double precision,
    low double precision,
    high double precision,
    n bigint NOT NULL DEFAULT 0,
    memory jsonb NOT NULL DEFAULT '{}',
    measured_at timestamptz,
    next_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (model IS NULL OR route IS NULL),
    CHECK (kind NOT IN ('drift', 'estimated_accuracy') OR model IS NOT NULL),
    UNIQUE (organization_id, name)
);
CREATE UNIQUE INDEX monitors_preset ON monitors (organization_id, preset) WHERE preset IS NOT NULL;
CREATE INDEX monitors_due ON monitors (next_at) WHERE enabled;

-- One for each monitor, slice and five minutes; what is measured again in them takes its place.
CREATE TABLE monitor_points (
    organization_id uuid NOT NULL,
    monitor_id uuid NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
    slice text NOT NULL DEFAULT '',
    at timestamptz NOT NULL,
    value double precision,
    low double precision,
    high double precision,
    n bigint NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (organization_id, monitor_id, slice, at)
);
CREATE INDEX monitor_points_age ON monitor_points (at);

CREATE TABLE alerts (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    monitor_id uuid REFERENCES monitors (id) ON DELETE SET NULL,
    key text NOT NULL,
    kind text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
    state text NOT NULL CHECK (state IN ('open', 'acknowledged', 'resolved', 'silenced')),
    model text,
    route text,
    title text NOT NULL,
    words text NOT NULL,
    recommendation text NOT NULL,
    evidence jsonb NOT NULL DEFAULT '{}',
    seen bigint NOT NULL DEFAULT 1,
    reopened integer NOT NULL DEFAULT 0,
    opened_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    clear_since timestamptz,
    told_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    silenced_until timestamptz,
    resolved_at timestamptz,
    resolved_by text,
    note text,
    CHECK ((state = 'resolved') = (resolved_at IS NOT NULL)),
    CHECK ((resolved_at IS NULL) = (resolved_by IS NULL)),
    CHECK ((state = 'silenced') = (silenced_until IS NOT NULL)),
    CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL)),
    CHECK (state <> 'acknowledged' OR acknowledged_at IS NOT NULL)
);
CREATE UNIQUE INDEX alerts_open ON alerts (organization_id, key) WHERE state <> 'resolved';
CREATE INDEX alerts_page ON alerts (organization_id, id DESC);
CREATE INDEX alerts_key ON alerts (organization_id, key, resolved_at DESC);
CREATE INDEX alerts_model ON alerts (organization_id, model, id DESC) WHERE model IS NOT NULL;
CREATE INDEX alerts_monitor ON alerts (monitor_id) WHERE monitor_id IS NOT NULL;

CREATE TABLE alert_silences (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    key text NOT NULL,
    until timestamptz NOT NULL,
    reason text NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX alert_silences_key ON alert_silences (organization_id, key, until DESC);

-- Of where an alert goes only what is no secret can be read: the rest is sealed.
CREATE TABLE alert_channels (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    kind text NOT NULL CHECK (kind IN ('email', 'slack', 'webhook')),
    target text NOT NULL,
    recipients text[] NOT NULL DEFAULT '{}',
    networks text[] NOT NULL DEFAULT '{}',
    sealed bytea,
    severity text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
    digest boolean NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    failing_since timestamptz,
    last_error text,
    version integer NOT NULL DEFAULT 1,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((kind = 'email') = (sealed IS NULL)),
    UNIQUE (organization_id, name)
);

CREATE TABLE alert_deliveries (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    channel_id uuid NOT NULL REFERENCES alert_channels (id) ON DELETE CASCADE,
    alert_id uuid REFERENCES alerts (id) ON DELETE CASCADE,
    event text NOT NULL CHECK (event IN ('opened', 'reopened', 'worse', 'resolved', 'digest', 'test')),
    round integer NOT NULL DEFAULT 0,
    message jsonb NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'sending', 'delivered', 'failed', 'cancelled')),
    attempts integer NOT NULL DEFAULT 0,
    maybe_twice boolean NOT NULL DEFAULT false,
    next_at timestamptz NOT NULL DEFAULT now(),
    error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    CHECK ((alert_id IS NULL) = (event IN ('digest', 'test'))),
    CHECK ((ended_at IS NULL) = (state IN ('waiting', 'sending')))
);
CREATE UNIQUE INDEX alert_deliveries_once
    ON alert_deliveries (organization_id, channel_id, alert_id, event, round)
    WHERE alert_id IS NOT NULL;
CREATE INDEX alert_deliveries_due ON alert_deliveries (next_at)
    WHERE state IN ('waiting', 'sending');
CREATE INDEX alert_deliveries_alert ON alert_deliveries (alert_id) WHERE alert_id IS NOT NULL;
CREATE INDEX alert_deliveries_channel ON alert_deliveries (channel_id, id);

-- Errors that read alike, with what differs between them left out.
CREATE TABLE error_patterns (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    digest bytea NOT NULL,
    code text NOT NULL,
    template text NOT NULL,
    models text[] NOT NULL DEFAULT '{}',
    seen bigint NOT NULL,
    examples uuid[] NOT NULL DEFAULT '{}',
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, digest)
);

-- Reports that cost something to make, for five minutes.
CREATE TABLE metric_reports (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    key text NOT NULL,
    made_at timestamptz NOT NULL,
    report jsonb NOT NULL,
    PRIMARY KEY (organization_id, key)
);

CREATE VIEW performance_alerts WITH (security_invoker = true) AS
SELECT id, organization_id, model AS model_id, kind AS alert_type, kind AS metric, severity, title, words AS message,
    (evidence ->> 'value')::double precision AS current_value,
    (evidence ->> 'threshold')::double precision AS threshold_value, evidence AS metadata,
    state = 'resolved' AS resolved, resolved_at, resolved_by, note AS resolution_note,
    opened_at AS created_at
FROM alerts;
"""
TELLING = """
CREATE FUNCTION tell_alerts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('hone_alerts', NEW.organization_id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER tell_alerts AFTER INSERT OR UPDATE OF state, severity, last_seen_at ON alerts
    FOR EACH ROW EXECUTE FUNCTION tell_alerts();
CREATE TRIGGER tell_alerts AFTER INSERT ON alert_deliveries
    FOR EACH ROW EXECUTE FUNCTION tell_alerts();
"""
_HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
DEFAULTS = f"""
-- A UUIDv7 (RFC 9562): 48 bits of milliseconds, then chance. PostgreSQL has its own from 18 on.
CREATE FUNCTION time_ordered_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing
        substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
        FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;
CREATE FUNCTION give_monitors(mine uuid) RETURNS void {_HEAD} AS $$
BEGIN
    INSERT INTO monitors (id, organization_id, name, kind, rule, preset, created_by)
    SELECT time_ordered_id(), mine, name, kind, rule::jsonb, preset, 'system' FROM (VALUES
        ('Errors', 'objective', '{{"metric": "errors", "target": 0.999, "days": 30}}', 'errors'),
        ('Response time', 'objective',
            '{{"metric": "latency", "target": 0.95, "threshold": 2000, "days": 30}}', 'latency'),
        ('Cost of a request', 'objective',
            '{{"metric": "cost", "threshold": 0.1, "days": 30}}', 'cost'),
        ('Availability', 'objective',
            '{{"metric": "availability", "target": 0.9999, "days": 30}}', 'availability'),
        ('Error patterns', 'error_patterns', '{{"minimum": 5}}', 'error_patterns')
    ) AS given (name, kind, rule, preset)
    ON CONFLICT DO NOTHING;
END $$;
CREATE FUNCTION give_monitors_to_new() RETURNS trigger {_HEAD} AS $$
BEGIN
    PERFORM give_monitors(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER give_monitors AFTER INSERT ON organizations
    FOR EACH ROW EXECUTE FUNCTION give_monitors_to_new();
SELECT give_monitors(id) FROM organizations;
"""
GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON monitors, alert_channels TO hone_app;
GRANT SELECT, INSERT, UPDATE ON monitor_points, alerts, alert_silences, alert_deliveries,
    error_patterns, metric_reports TO hone_app;
GRANT SELECT ON performance_alerts TO hone_app;
REVOKE ALL ON FUNCTION give_monitors(uuid), give_monitors_to_new() FROM PUBLIC;
"""
TENANT_TABLES = (
    "monitors",
    "monitor_points",
    "alerts",
    "alert_silences",
    "alert_channels",
    "alert_deliveries",
    "error_patterns",
    "metric_reports",
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
    for block in (TELLING, DEFAULTS, GRANTS):
        _run(block)


def _run(script: str) -> None:
    """Run a script as it stands, without looking for parameters in it."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
