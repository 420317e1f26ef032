"""Lay the foundation: tenancy, events, jobs, identity, registry, operations.

Two roles: hone_owner runs this and owns everything; hone_app gets the grants below and is held to
one organization by row-level security. A table of a tenant is granted on the parent only: a
granted partition would show all rows.
"""

import procrastinate
from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TENANCY = """
CREATE FUNCTION current_organization() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('hone.organization_id', true), '')::uuid;

CREATE TABLE organizations (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    content_mode text NOT NULL DEFAULT 'full' CHECK (content_mode IN ('full', 'none')),
    retention_days integer CHECK (retention_days > 0),
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organizations
    USING (id = (SELECT current_organization())) WITH CHECK (id = (SELECT current_organization()));

CREATE TABLE data_keys (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    purpose text NOT NULL CHECK (purpose IN ('content', 'secret', 'person')),
    scope text NOT NULL,
    master_key text NOT NULL,
    wrapped bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, purpose, scope)
);

-- What a process holds of an organization is out of date when its version is behind this one.
CREATE TABLE changes (
    organization_id uuid PRIMARY KEY REFERENCES organizations (id),
    version bigint NOT NULL
);
CREATE FUNCTION note_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO changes AS c (organization_id, version)
        SELECT DISTINCT organization_id, 1 FROM changed ORDER BY organization_id
        ON CONFLICT (organization_id) DO UPDATE SET version = c.version + 1;
    PERFORM pg_notify('hone_changes', organization_id::text)
        FROM (SELECT DISTINCT organization_id FROM changed) AS touched;
    RETURN NULL;
END $$;
CREATE FUNCTION note_organization() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO changes AS c (organization_id, version) VALUES (NEW.id, 1)
        ON CONFLICT (organization_id) DO UPDATE SET version = c.version + 1;
    PERFORM pg_notify('hone_changes', NEW.id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER note_organization AFTER INSERT OR UPDATE ON organizations
    FOR EACH ROW EXECUTE FUNCTION note_organization();
-- The one thing that is told across organizations: that they exist, and how new they are.
CREATE FUNCTION organization_versions() RETURNS TABLE (organization_id uuid, version bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT organization_id, version FROM changes';
"""

EVENTS = """
-- publish() writes here, in the transaction that makes the fact true; the sealer moves it on.
CREATE TABLE event_inbox (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    at timestamptz NOT NULL,
    name text NOT NULL,
    subject text NOT NULL,
    actor text NOT NULL,
    data jsonb NOT NULL,
    person_id uuid,
    personal bytea
);
CREATE FUNCTION note_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('hone_events', ''); RETURN NULL; END $$;
CREATE TRIGGER note_events AFTER INSERT ON event_inbox
    FOR EACH STATEMENT EXECUTE FUNCTION note_events();

CREATE TABLE events (
    organization_id uuid NOT NULL,
    position bigint NOT NULL,
    sequence bigint NOT NULL UNIQUE,
    id uuid NOT NULL UNIQUE,
    at timestamptz NOT NULL,
    name text NOT NULL,
    subject text NOT NULL,
    actor text NOT NULL,
    digest bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (organization_id, position)
);
CREATE INDEX events_subject ON events (organization_id, subject, position DESC);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What an event says, beside the chain: erasing it leaves the chain whole.
CREATE TABLE event_details (
    event_id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    salt bytea NOT NULL,
    data jsonb NOT NULL,
    person_id uuid,
    personal bytea
);
CREATE INDEX event_details_person ON event_details (organization_id, person_id);
CREATE TABLE event_heads (
    organization_id uuid PRIMARY KEY,
    position bigint NOT NULL,
    hash bytea NOT NULL
);
CREATE TABLE event_cursors (consumer text PRIMARY KEY, sequence bigint NOT NULL);
"""

IDENTITY = """
CREATE TABLE people (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    email text NOT NULL CHECK (length(email) BETWEEN 3 AND 320),
    name text NOT NULL,
    role text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    deactivated_at timestamptz
);
CREATE UNIQUE INDEX people_email ON people (organization_id, lower(email));

CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    hint text NOT NULL,
    digest bytea NOT NULL UNIQUE,
    permissions text[] NOT NULL,
    routes text[],
    person_id uuid REFERENCES people (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX api_keys_page ON api_keys (organization_id, id DESC);
"""

REGISTRY = """
CREATE TABLE providers (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    kind text NOT NULL,
    base_url text NOT NULL,
    credential bytea,
    networks text[] NOT NULL DEFAULT '{}',
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, name)
);
CREATE TABLE models (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 256),
    provider_id uuid NOT NULL REFERENCES providers (id),
    upstream text NOT NULL CHECK (length(upstream) BETWEEN 1 AND 256),
    catalogue_id text,
    context_tokens integer,
    output_tokens integer,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, name)
);
-- Money is in pico-dollars (1e-12 USD) per token: 1 USD per million tokens is 1,000,000.
-- A price outlives its model: operations name it for ever.
CREATE TABLE prices (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    model_id uuid NOT NULL,
    input bigint NOT NULL CHECK (input >= 0),
    output bigint NOT NULL CHECK (output >= 0),
    cached_input bigint CHECK (cached_input >= 0),
    source text NOT NULL,
    effective_from timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, model_id, effective_from)
);
CREATE TABLE routes (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 256),
    policy text NOT NULL,
    targets jsonb NOT NULL,
    fallbacks jsonb NOT NULL DEFAULT '[]',
    deadlines jsonb NOT NULL DEFAULT '{}',
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, name)
);
"""

OPERATIONS = """
CREATE TABLE operations (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    kind text NOT NULL,
    source text NOT NULL,
    status text NOT NULL,
    http_status smallint,
    error_code text,
    finish_reason text,
    route text,
    route_id uuid,
    model text NOT NULL,
    model_id uuid,
    provider text,
    upstream text,
    key_id uuid,
    user_id text,
    conversation_id text,
    external_id text,
    stream boolean NOT NULL DEFAULT false,
    input_tokens integer NOT NULL DEFAULT 0,
    output_tokens integer NOT NULL DEFAULT 0,
    cached_tokens integer NOT NULL DEFAULT 0,
    reasoning_tokens integer NOT NULL DEFAULT 0,
    usage_estimated boolean NOT NULL DEFAULT false,
    cost bigint NOT NULL DEFAULT 0,
    revenue bigint,
    price_id uuid,
    latency_ms real,
    ttft_ms real,
    overhead_ms real,
    confidence real,
    satisfaction_score real,
    attempts jsonb NOT NULL DEFAULT '[]',
    candidates jsonb NOT NULL DEFAULT '[]',
    metadata jsonb,
    PRIMARY KEY (created_at, id)
) PARTITION BY RANGE (created_at);
CREATE INDEX operations_page ON operations (organization_id, created_at DESC, id DESC);
CREATE INDEX operations_external ON operations (organization_id, external_id)
    WHERE external_id IS NOT NULL;
CREATE INDEX operations_conversation ON operations (organization_id, conversation_id, created_at)
    WHERE conversation_id IS NOT NULL;
CREATE INDEX operations_scan ON operations USING brin (created_at);

CREATE TABLE operation_contents (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    key_id uuid NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (created_at, id)
) PARTITION BY RANGE (created_at);
ALTER TABLE operation_contents ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- One row for a minute, model, route and status; `latency` counts by the bounds in hone.operations.
CREATE TABLE operation_minutes (
    organization_id uuid NOT NULL,
    minute timestamptz NOT NULL,
    model text NOT NULL,
    route text NOT NULL,
    status text NOT NULL,
    requests bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost bigint NOT NULL,
    latency bigint[] NOT NULL,
    ttft bigint[] NOT NULL,
    PRIMARY KEY (organization_id, minute, model, route, status)
);

CREATE TABLE spool_marks (
    lane text PRIMARY KEY,
    segment integer NOT NULL,
    position bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE TABLE quarantine (
    id uuid PRIMARY KEY,
    organization_id uuid,
    lane text NOT NULL,
    segment integer NOT NULL,
    position bigint NOT NULL,
    reason text NOT NULL,
    raw bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (lane, segment, position)
);
CREATE TABLE idempotency (
    organization_id uuid NOT NULL,
    key_digest bytea NOT NULL,
    request_digest bytea NOT NULL,
    operation_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('claimed', 'finished', 'not_replayable')),
    status smallint,
    headers jsonb,
    sealed bytea,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, key_digest)
);
CREATE INDEX idempotency_operation ON idempotency (operation_id);
CREATE INDEX idempotency_expiry ON idempotency (expires_at);

CREATE VIEW ai_requests WITH (security_invoker = true) AS
    SELECT id, organization_id, model AS model_name, provider, kind AS operation_type,
           user_id, conversation_id, status, error_code,
           input_tokens, output_tokens, input_tokens + output_tokens AS total_tokens,
           cost::numeric / 1000000000000 AS cost_usd,
           revenue::numeric / 1000000000000 AS revenue_usd,
           satisfaction_score, confidence, latency_ms AS response_time_ms, created_at
    FROM operations;
"""

TENANT_TABLES = (
    "data_keys", "changes", "event_inbox", "events", "event_details", "event_heads", "people", "api_keys",
    "providers", "models", "prices", "routes", "operations", "operation_contents",
    "operation_minutes", "quarantine", "idempotency",
)  # fmt: skip
NOTED_TABLES = ("people", "api_keys", "providers", "models", "prices", "routes", "data_keys")
GRANTS = """
GRANT USAGE ON SCHEMA public TO hone_app;
GRANT SELECT, INSERT, UPDATE ON organizations, people, api_keys TO hone_app;
GRANT SELECT, INSERT, DELETE ON data_keys TO hone_app;
GRANT INSERT ON event_inbox TO hone_app;
GRANT SELECT ON events, event_details, changes, operation_contents, operation_minutes TO hone_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON providers, models, routes, idempotency TO hone_app;
GRANT SELECT, INSERT ON prices TO hone_app;
GRANT SELECT, INSERT ON operations, operation_contents TO hone_app;
GRANT SELECT, INSERT, UPDATE ON operation_minutes, event_cursors TO hone_app;
GRANT SELECT ON spool_marks, quarantine, ai_requests TO hone_app;
GRANT SELECT ON event_heads TO hone_app;
REVOKE ALL ON FUNCTION organization_versions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION organization_versions() TO hone_app;
"""


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    connector = procrastinate.SyncPsycopgConnector()
    _run(SchemaManager(connector).get_schema())
    for block in (TENANCY, EVENTS, IDENTITY, REGISTRY, OPERATIONS):
        _run(block)
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table}"
            " USING (organization_id = (SELECT current_organization()))"
            " WITH CHECK (organization_id = (SELECT current_organization()))"
        )
    for table in NOTED_TABLES:
        for verb, transition in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            op.execute(
                f"CREATE TRIGGER note_{verb.lower()} AFTER {verb} ON {table}"
                f" REFERENCING {transition} TABLE AS changed"
                " FOR EACH STATEMENT EXECUTE FUNCTION note_changes()"
            )
    _run(GRANTS)
    for kind in ("TABLES", "SEQUENCES"):
        _grant_procrastinate(kind)


def _run(script: str) -> None:
    """Run a script as it stands, without looking for parameters in it."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)


def _grant_procrastinate(kind: str) -> None:
    relkind, verbs = {
        "TABLES": ("r", "SELECT, INSERT, UPDATE, DELETE"),
        "SEQUENCES": ("S", "USAGE"),
    }[kind]
    found = op.get_bind().exec_driver_sql(
        "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE nspname = 'public' AND relname LIKE 'procrastinate!_%%' ESCAPE '!'"
        f" AND relkind = '{relkind}'"
    )
    for (name,) in found.fetchall():
        op.execute(f"GRANT {verbs} ON {name} TO hone_app")


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
