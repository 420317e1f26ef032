"""Release step by step: versions come to traffic by a plan, and every move is a row.

The candidate of a release is live in an internal environment, `canary`, from where predictors serve it as
`NAME@canary`. A release that has a `share` is a split of the gateway; one without has none. What is counted while a
step is watched lies in a table of its own, so that a second passing makes no new snapshot.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE releases (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    environment text NOT NULL CHECK (environment IN ('production', 'staging', 'ab_test')),
    version_id uuid NOT NULL REFERENCES model_versions (id),
    former_id uuid REFERENCES model_versions (id),
    strategy text NOT NULL
        CHECK (strategy IN ('immediate', 'gradual', 'canary', 'blue_green', 'shadow')),
    plan jsonb NOT NULL,
    override jsonb,
    state text NOT NULL CHECK (state IN ('pending', 'preparing', 'running', 'holding', 'promoting',
        'succeeded', 'rolling_back', 'rolled_back', 'cancelled', 'failed')),
    step integer NOT NULL DEFAULT 0 CHECK (step >= 0),
    share double precision CHECK (share BETWEEN 0 AND 1),
    shadow boolean NOT NULL DEFAULT false,
    held_by text CHECK (held_by IN ('person', 'approval', 'signal')),
    ends_as text CHECK (ends_as IN ('rolled_back', 'cancelled', 'failed')),
    promoted boolean NOT NULL DEFAULT false,
    reason text NOT NULL,
    words text NOT NULL,
    approvals jsonb NOT NULL DEFAULT '[]',
    outcome jsonb,
    moves integer NOT NULL DEFAULT 0 CHECK (moves >= 0),
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at timestamptz,
    step_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    UNIQUE (organization_id, id),
    CHECK ((state = 'holding') = (held_by IS NOT NULL)),
    CHECK ((state = 'rolling_back') <= (ends_as IS NOT NULL)),
    CHECK (share IS NULL OR state IN ('running', 'holding', 'promoting')),
    CHECK (share IS NOT NULL OR state NOT IN ('running', 'holding')),
    CHECK ((ended_at IS NOT NULL) = (state IN ('succeeded', 'rolled_back', 'cancelled', 'failed')))
);
CREATE UNIQUE INDEX releases_unfinished ON releases (organization_id, name) WHERE ended_at IS NULL;
CREATE INDEX releases_newest ON releases (organization_id, id DESC);
CREATE INDEX releases_state ON releases (organization_id, state);
CREATE INDEX releases_name ON releases (organization_id, name, id DESC);

CREATE TABLE release_events (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id uuid NOT NULL,
    release_id uuid NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    step integer NOT NULL,
    share double precision,
    actor text NOT NULL,
    words text NOT NULL,
    data jsonb NOT NULL DEFAULT '{}',
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    FOREIGN KEY (organization_id, release_id) REFERENCES releases (organization_id, id)
);
CREATE INDEX release_events_release ON release_events (organization_id, release_id, sequence);

CREATE TABLE release_watches (
    organization_id uuid NOT NULL,
    release_id uuid NOT NULL,
    moves integer NOT NULL,
    seconds double precision NOT NULL DEFAULT 0 CHECK (seconds >= 0),
    looked_at timestamptz NOT NULL,
    measured_at timestamptz,
    figures jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (organization_id, release_id),
    FOREIGN KEY (organization_id, release_id) REFERENCES releases (organization_id, id)
);
"""
HISTORY = """
ALTER TABLE model_history DROP CONSTRAINT model_history_environment_check;
ALTER TABLE model_history ADD CONSTRAINT model_history_environment_check
    CHECK (environment IN ('production', 'staging', 'ab_test', 'canary'));
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON release_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();
"""
VIEWS = """
CREATE OR REPLACE VIEW ai_model_deployments WITH (security_invoker = true) AS
WITH slots AS (
    SELECT h.*, lead(h.at) OVER (PARTITION BY h.organization_id, h.name, h.environment
        ORDER BY h.sequence) AS gone_at
    FROM model_history h WHERE h.environment <> 'canary'
), rolling AS (
    SELECT r.* FROM releases r WHERE r.share IS NOT NULL
)
SELECT h.id, h.organization_id, h.name AS model_name, h.version_id AS model_version_id,
    format('%s.%s.%s', v.major, v.minor, v.patch) AS version, h.environment,
    v.configuration || jsonb_build_object('reason', h.reason, 'override', h.override)
        AS configuration,
    CASE WHEN h.gone_at IS NOT NULL THEN 0
        WHEN r.share IS NULL OR r.promoted THEN 100
        ELSE round((100 * (1 - r.share))::numeric)::integer END AS rollout_percentage,
    CASE h.environment WHEN 'ab_test' THEN jsonb_build_object('version', h.version_id) END AS ab_test,
    CASE WHEN h.gone_at IS NULL THEN 'live' ELSE 'retired' END AS status,
    jsonb_build_object('action', h.action, 'actor', h.actor, 'at', h.at, 'former', h.former_id)
        AS history,
    h.evidence, h.actor AS deployed_by, h.at AS deployed_at,
    h.gone_at AS deactivated_at, h.at AS created_at
FROM slots h LEFT JOIN model_versions v ON v.id = h.version_id
LEFT JOIN rolling r ON r.organization_id = h.organization_id AND r.name = h.name
    AND r.environment = h.environment
UNION ALL
SELECT r.id, r.organization_id, r.name, r.version_id,
    format('%s.%s.%s', v.major, v.minor, v.patch), r.environment,
    v.configuration || jsonb_build_object('reason', r.reason, 'override', r.override,
        'strategy', r.strategy),
    round((100 * r.share)::numeric)::integer,
    CASE r.environment WHEN 'ab_test' THEN jsonb_build_object('version', r.version_id) END,
    'rolling_out',
    jsonb_build_object('action', r.strategy, 'actor', r.created_by, 'at', r.started_at,
        'former', r.former_id),
    v.gate, r.created_by, coalesce(r.started_at, r.created_at), NULL, r.created_at
FROM rolling r JOIN model_versions v ON v.id = r.version_id WHERE NOT r.promoted;
"""
GRANTS = """
GRANT SELECT, INSERT, UPDATE ON releases, release_watches TO hone_app;
GRANT SELECT, INSERT ON release_events TO hone_app;
"""
TENANT_TABLES = ("releases", "release_events", "release_watches")


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
    for block in (HISTORY, VIEWS, GRANTS):
        _run(block)
    # The share of a release is part of what the gateway is told, and so are versions that nobody released.
    for event, table in (("INSERT", "releases"), ("UPDATE", "releases"), ("INSERT", "model_versions")):
        op.execute(
            f"CREATE TRIGGER note_{event.lower()} AFTER {event} ON {table}"
            " REFERENCING NEW TABLE AS changed"
            " FOR EACH STATEMENT EXECUTE FUNCTION note_changes()"
        )


def _run(script: str) -> None:
    """Run a script as it stands, without looking for parameters in it."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
