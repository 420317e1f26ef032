"""Keep datasets: examples, versions of them, checks and what these find.

An example's input and output lie sealed under its dataset's own key, which lies sealed in the dataset's
row: losing the row is losing what it sealed. Counts are kept by triggers, so that no page counts rows.
A version's bytes lie sealed in the storage, in parts; those of a deleted version are noted to be removed.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE datasets (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    kind text NOT NULL CHECK (kind IN ('intent', 'entity', 'response', 'chat', 'preference')),
    description text NOT NULL DEFAULT '',
    collects text[] NOT NULL DEFAULT '{}',
    trusted text[] NOT NULL DEFAULT '{}',
    retention_days integer CHECK (retention_days > 0),
    merged bigint NOT NULL DEFAULT 0,
    sealed_key bytea NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, name)
);

-- Nothing has a foreign key to it: a row is found by its id, which tells its partition.
CREATE TABLE examples (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    dataset_id uuid NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    digest bytea NOT NULL,
    input_digest bytea NOT NULL,
    near_digest bytea NOT NULL,
    sealed bytea NOT NULL,
    bytes integer NOT NULL,
    label text,
    source text NOT NULL CHECK (source IN ('user', 'expert', 'automated')),
    quality real NOT NULL CHECK (quality BETWEEN 0 AND 1),
    weight real NOT NULL CHECK (weight BETWEEN 0 AND 100),
    status text NOT NULL CHECK (status IN ('pending', 'validated', 'rejected')),
    split text CHECK (split IN ('train', 'validation', 'test')),
    reviewer text,
    reviewed_at timestamptz,
    person text,
    operation_id uuid,
    conversation_id text,
    feedback_id uuid,
    parent_id uuid,
    file text,
    line integer,
    erased_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (created_at, id)
) PARTITION BY RANGE (created_at);
CREATE INDEX examples_page ON examples (organization_id, dataset_id, id DESC);
CREATE INDEX examples_quality ON examples (organization_id, quality DESC, created_at DESC);
CREATE INDEX examples_label ON examples (organization_id, label, dataset_id, id DESC);
CREATE INDEX examples_time ON examples USING brin (created_at);
CREATE INDEX examples_input ON examples (dataset_id, input_digest);
CREATE INDEX examples_near ON examples (dataset_id, near_digest);
CREATE INDEX examples_pending ON examples (dataset_id, id DESC) WHERE status = 'pending';
CREATE INDEX examples_person ON examples (organization_id, person) WHERE person IS NOT NULL;
CREATE INDEX examples_operation ON examples (organization_id, operation_id)
    WHERE operation_id IS NOT NULL;
CREATE INDEX examples_conversation ON examples (organization_id, conversation_id)
    WHERE conversation_id IS NOT NULL;
CREATE INDEX examples_feedback ON examples (organization_id, feedback_id)
    WHERE feedback_id IS NOT NULL;
CREATE INDEX examples_parent ON examples (organization_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX examples_erased ON examples (organization_id, dataset_id) WHERE erased_at IS NOT NULL;

CREATE TABLE dataset_counts (
    dataset_id uuid NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    organization_id uuid NOT NULL,
    status text NOT NULL,
    source text NOT NULL,
    label text NOT NULL,
    bucket smallint NOT NULL,
    examples bigint NOT NULL,
    quality double precision NOT NULL,
    PRIMARY KEY (dataset_id, status, source, label, bucket)
);

CREATE TABLE dataset_versions (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    dataset_id uuid NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    number integer NOT NULL CHECK (number > 0),
    note text NOT NULL DEFAULT '',
    digest text NOT NULL,
    examples integer NOT NULL CHECK (examples >= 0),
    bytes bigint NOT NULL,
    manifest jsonb NOT NULL,
    sealed_key bytea,
    parts text[] NOT NULL DEFAULT '{}',
    erasures jsonb NOT NULL DEFAULT '[]',
    gone_at timestamptz,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (dataset_id, number),
    CHECK ((sealed_key IS NULL) = (gone_at IS NOT NULL))
);
CREATE INDEX dataset_versions_page ON dataset_versions (organization_id, dataset_id, number DESC);
-- As it was, for tables that have a digest of their own, too.
CREATE OR REPLACE FUNCTION note_parts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO blob_removals (organization_id, digest)
        SELECT gone.organization_id, part.digest FROM gone, unnest(gone.parts) AS part (digest)
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER note_parts AFTER DELETE ON dataset_versions REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION note_parts();

CREATE TABLE dataset_checks (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    dataset_id uuid NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    kinds text[] NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    stage text NOT NULL,
    progress real NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    summary jsonb NOT NULL DEFAULT '{}',
    problem jsonb,
    started_by text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE INDEX dataset_checks_page ON dataset_checks (organization_id, dataset_id, id DESC);
CREATE UNIQUE INDEX dataset_checks_running ON dataset_checks (dataset_id) WHERE state = 'running';

CREATE TABLE dataset_findings (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    dataset_id uuid NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    kind text NOT NULL
        CHECK (kind IN ('duplicates', 'contradictions', 'labels', 'leakage', 'pii', 'outliers')),
    key bytea NOT NULL,
    examples uuid[] NOT NULL CHECK (cardinality(examples) BETWEEN 1 AND 100),
    score real NOT NULL CHECK (score BETWEEN 0 AND 1),
    suggestion text NOT NULL CHECK (suggestion IN ('merge', 'relabel', 'drop', 'redact', 'review')),
    label text,
    reason text NOT NULL DEFAULT '',
    details jsonb,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'applied', 'dismissed')),
    decided_by text,
    decided_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (dataset_id, kind, key)
);
CREATE INDEX dataset_findings_page ON dataset_findings (organization_id, dataset_id, score DESC, id);
CREATE INDEX dataset_findings_examples ON dataset_findings USING gin (examples);

CREATE FUNCTION add_to_dataset_counts(cells jsonb) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    INSERT INTO dataset_counts AS known
        SELECT each.* FROM jsonb_to_recordset(cells) AS each (dataset_id uuid, organization_id uuid,
            status text, source text, label text, bucket smallint, examples bigint,
            quality double precision)
        -- Of a dataset that goes nothing is counted any more.
        WHERE EXISTS (SELECT FROM datasets WHERE datasets.id = each.dataset_id)
        ORDER BY dataset_id, status, source, label, bucket
        ON CONFLICT (dataset_id, status, source, label, bucket) DO UPDATE
        SET examples = known.examples + excluded.examples,
            quality = known.quality + excluded.quality;
$$;
REVOKE ALL ON FUNCTION add_to_dataset_counts(jsonb) FROM PUBLIC;
"""
_CELL = """dataset_id, organization_id, status, source, coalesce(label, '') AS label,
        least(floor(quality::numeric * 10), 9)::smallint AS bucket"""


def _counted(name: str, tables: str) -> str:
    """Write the function that adds up what a statement changed."""
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM add_to_dataset_counts(jsonb_agg(cell)) FROM (
        SELECT {_CELL}, sum(sign) AS examples, sum(sign * quality::double precision) AS quality
        FROM ({tables}) AS changed WHERE erased_at IS NULL
        GROUP BY dataset_id, organization_id, status, source, coalesce(label, ''),
            least(floor(quality::numeric * 10), 9)
        HAVING sum(sign) <> 0 OR sum(sign * quality::double precision) <> 0
    ) AS cell HAVING count(*) > 0;
    RETURN NULL;
END $$;
"""


ADDED = "SELECT *, 1 AS sign FROM added"
GONE = "SELECT *, -1 AS sign FROM gone"
TRIGGERS = f"""
{_counted("count_added_examples", ADDED)}
{_counted("count_changed_examples", f"{ADDED} UNION ALL {GONE}")}
{_counted("count_gone_examples", GONE)}
CREATE TRIGGER count_added AFTER INSERT ON examples REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_added_examples();
CREATE TRIGGER count_changed AFTER UPDATE ON examples
    REFERENCING NEW TABLE AS added OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION count_changed_examples();
CREATE TRIGGER count_gone AFTER DELETE ON examples REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION count_gone_examples();

CREATE FUNCTION forget_findings() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM dataset_findings USING gone WHERE dataset_findings.examples @> ARRAY[gone.id];
    RETURN NULL;
END $$;
CREATE TRIGGER forget_findings AFTER DELETE ON examples REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION forget_findings();

DO $$
DECLARE
    month date := date_trunc('month', now() AT TIME ZONE 'UTC');
BEGIN
    FOR number IN 0..1 LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF examples FOR VALUES FROM (%L) TO (%L)',
            'examples_' || to_char(month, 'YYYY_MM'),
            month::text || ' 00:00:00+00', (month + interval '1 month')::date::text || ' 00:00:00+00');
        month := month + interval '1 month';
    END LOOP;
END $$;
"""
_OPERATION_MOMENT = (
    "timestamptz 'epoch' + interval '1 millisecond'"
    " * ('x' || lpad(left(replace(e.operation_id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint"
)
VIEWS = {
    "ai_training_data": """
        SELECT id, organization_id, dataset_id, NULL::text AS input_text,
               NULL::text AS expected_output, label, source, quality AS quality_score,
               status AS validation_status, reviewer AS reviewed_by, reviewed_at,
               operation_id, created_at
        FROM examples WHERE erased_at IS NULL""",
    "model_training_data": """
        SELECT id, organization_id, dataset_id, feedback_id AS feedback, quality, weight, source,
               status, label, created_at
        FROM examples WHERE erased_at IS NULL""",
    "conversation_training_data": f"""
        SELECT e.id, e.organization_id, e.dataset_id, e.conversation_id, e.quality AS quality_score,
               e.label AS intent_category, o.satisfaction_score AS user_satisfaction_score,
               o.latency_ms AS response_time_ms, NULL::text AS conversation_text,
               NULL::text AS model_response, e.created_at
        FROM examples e LEFT JOIN operations o ON o.organization_id = e.organization_id
            AND o.id = e.operation_id AND o.created_at = {_OPERATION_MOMENT}
        WHERE e.erased_at IS NULL""",
}
GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON datasets, examples, dataset_versions, dataset_checks,
    dataset_findings TO hone_app;
GRANT SELECT ON dataset_counts TO hone_app;
"""
TENANT_TABLES = (
    "datasets", "examples", "dataset_counts", "dataset_versions", "dataset_checks", "dataset_findings",
)  # fmt: skip


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _run(TABLES)
    _run(TRIGGERS)
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table}"
            " USING (organization_id = (SELECT current_organization()))"
            " WITH CHECK (organization_id = (SELECT current_organization()))"
        )
    # What was said is sealed and stands in no view; it is read through the API.
    for name, query in VIEWS.items():
        _run(f"CREATE VIEW {name} WITH (security_invoker = true) AS {query}")
        _run(f"GRANT SELECT ON {name} TO hone_app")
    _run(GRANTS)


def _run(script: str) -> None:
    """Run a script as it stands, without looking for parameters in it."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
