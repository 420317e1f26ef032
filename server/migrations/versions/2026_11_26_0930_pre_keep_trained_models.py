"""Keep trained models: every version with its evidence, and what was live when, and why.

Rows of both tables are only ever added: what is live is the newest row of a name in an environment,
and a version is deprecated by a row. A trigger refuses to change or remove one, whoever asks.
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE model_versions (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    major integer NOT NULL CHECK (major >= 0),
    minor integer NOT NULL CHECK (minor >= 0),
    patch integer NOT NULL CHECK (patch >= 0),
    task text NOT NULL,
    engine text NOT NULL,
    run_id uuid,
    dataset_id uuid,
    dataset_version_id uuid,
    dataset_digest text,
    digest text NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    files jsonb NOT NULL,
    labels text[] NOT NULL,
    configuration jsonb NOT NULL,
    card jsonb NOT NULL,
    comparison jsonb,
    gate jsonb NOT NULL,
    champion_id uuid REFERENCES model_versions (id),
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (organization_id, name, major, minor, patch)
);
CREATE UNIQUE INDEX model_versions_run ON model_versions (organization_id, run_id)
    WHERE run_id IS NOT NULL;
CREATE INDEX model_versions_dataset ON model_versions (organization_id, dataset_id)
    WHERE dataset_id IS NOT NULL;

CREATE TABLE model_history (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL,
    environment text CHECK (environment IN ('production', 'staging', 'ab_test')),
    action text NOT NULL CHECK (action IN ('promoted', 'rolled_back', 'deprecated', 'retired')),
    version_id uuid REFERENCES model_versions (id),
    former_id uuid REFERENCES model_versions (id),
    actor text NOT NULL,
    reason text NOT NULL,
    evidence jsonb,
    override jsonb,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK ((action = 'deprecated') = (environment IS NULL)),
    CHECK (action = 'retired' OR version_id IS NOT NULL)
);
CREATE INDEX model_history_live
    ON model_history (organization_id, name, environment, sequence DESC);
CREATE INDEX model_history_version ON model_history (organization_id, version_id);
"""
APPEND_ONLY = """
CREATE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON model_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON model_history
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();
"""
LIVE = """
-- What predictors serve, of all organizations: names, files and checksums, and nothing of what they say.
CREATE FUNCTION live_models() RETURNS TABLE (
        organization_id uuid, name text, environment text, version_id uuid, version text,
        task text, digest text, files jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT v.organization_id, v.name, h.environment, v.id,
        format('%s.%s.%s', v.major, v.minor, v.patch), v.task, v.digest, v.files
    FROM (SELECT DISTINCT ON (organization_id, name, environment) *
        FROM model_history WHERE environment IS NOT NULL
        ORDER BY organization_id, name, environment, sequence DESC) h
    JOIN model_versions v ON v.id = h.version_id
    WHERE jsonb_array_length(v.files) > 0
$$;
"""
VIEWS = """
CREATE VIEW ai_model_deployments WITH (security_invoker = true) AS
SELECT h.id, h.organization_id, h.name AS model_name, h.version_id AS model_version_id,
    format('%s.%s.%s', v.major, v.minor, v.patch) AS version, h.environment,
    v.configuration || jsonb_build_object('reason', h.reason, 'override', h.override)
        AS configuration,
    CASE WHEN lead(h.at) OVER slot IS NULL THEN 100 ELSE 0 END AS rollout_percentage,
    CASE h.environment WHEN 'ab_test' THEN jsonb_build_object('version', h.version_id) END AS ab_test,
    CASE WHEN lead(h.at) OVER slot IS NULL THEN 'live' ELSE 'retired' END AS status,
    jsonb_build_object('action', h.action, 'actor', h.actor, 'at', h.at, 'former', h.former_id)
        AS history,
    h.evidence, h.actor AS deployed_by, h.at AS deployed_at,
    lead(h.at) OVER slot AS deactivated_at, h.at AS created_at
FROM model_history h LEFT JOIN model_versions v ON v.id = h.version_id
WHERE h.environment IS NOT NULL
WINDOW slot AS (PARTITION BY h.organization_id, h.name, h.environment ORDER BY h.sequence);

CREATE VIEW ai_model_versions WITH (security_invoker = true) AS
SELECT v.id, v.organization_id, v.name AS model_name,
    format('%s.%s.%s', v.major, v.minor, v.patch) AS version, v.task, v.engine,
    v.configuration, v.card -> 'figures' AS performance, v.gate,
    CASE WHEN EXISTS (SELECT FROM model_history d
            WHERE d.version_id = v.id AND d.action = 'deprecated') THEN 'deprecated'
        WHEN EXISTS (SELECT FROM ai_model_deployments d
            WHERE d.model_version_id = v.id AND d.status = 'live') THEN 'live'
        WHEN EXISTS (SELECT FROM ai_model_deployments d
            WHERE d.model_version_id = v.id) THEN 'retired'
        ELSE 'candidate' END AS deployment_status,
    v.dataset_digest, v.created_by, v.created_at
FROM model_versions v;

CREATE VIEW chatbot_model_deployments WITH (security_invoker = true) AS
SELECT d.id, d.organization_id, d.model_version_id AS model_id, v.run_id AS training_session_id,
    d.environment AS deployment_type, d.configuration AS deployment_config,
    d.status AS deployment_status, coalesce(v.card -> 'figures', '{}') AS performance_benchmarks,
    d.deployed_at, d.deactivated_at, d.created_at
FROM ai_model_deployments d LEFT JOIN model_versions v ON v.id = d.model_version_id;
"""
GRANTS = """
GRANT SELECT, INSERT ON model_versions, model_history TO hone_app;
GRANT SELECT ON ai_model_versions, ai_model_deployments, chatbot_model_deployments TO hone_app;
REVOKE ALL ON FUNCTION live_models() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION live_models() TO hone_app;
"""
TENANT_TABLES = ("model_versions", "model_history")


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
    for block in (APPEND_ONLY, LIVE, VIEWS, GRANTS):
        _run(block)
    # What is live is part of what predictors serve and the gateway is told.
    op.execute(
        "CREATE TRIGGER note_insert AFTER INSERT ON model_history REFERENCING NEW TABLE AS changed"
        " FOR EACH STATEMENT EXECUTE FUNCTION note_changes()"
    )


def _run(script: str) -> None:
    """Run a script as it stands, without looking for parameters in it."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
