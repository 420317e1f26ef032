"""Find any operation, and keep views of the list.

`operation_facets` counts by hour which values there are, so that a search knows where to look and a
filter bar what to offer. A trigger keeps it, so that no writer can forget it, the server before
this one included. `operation_quarters` are the sums of minutes by quarter of an hour.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BUCKETS = 68

FACETS = """
CREATE TABLE operation_facets (
    organization_id uuid NOT NULL,
    field text NOT NULL CHECK (field IN ('model', 'route', 'status', 'kind', 'error_code', 'key')),
    value text NOT NULL,
    hour timestamptz NOT NULL,
    requests bigint NOT NULL,
    most_cost bigint NOT NULL,
    longest_ms real NOT NULL,
    PRIMARY KEY (organization_id, field, hour, value)
);

CREATE FUNCTION count_facets() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO operation_facets AS f
        (organization_id, field, value, hour, requests, most_cost, longest_ms)
    SELECT organization_id, field, value, hour, sum(requests), max(most_cost), max(longest_ms)
    FROM (
        SELECT organization_id, model, route, status, kind, error_code, key_id,
            date_bin('1 hour', created_at, 'epoch') AS hour, count(*) AS requests,
            max(cost) AS most_cost, max(coalesce(latency_ms, 0)) AS longest_ms
        FROM landed GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    ) AS alike, LATERAL (VALUES ('model', model), ('route', route), ('status', status),
        ('kind', kind), ('error_code', error_code), ('key', key_id::text)) AS facet (field, value)
    WHERE value IS NOT NULL
    GROUP BY organization_id, field, value, hour
    ORDER BY organization_id, field, hour, value
    ON CONFLICT (organization_id, field, hour, value) DO UPDATE SET
        requests = f.requests + excluded.requests,
        most_cost = greatest(f.most_cost, excluded.most_cost),
        longest_ms = greatest(f.longest_ms, excluded.longest_ms);
    RETURN NULL;
END $$;
CREATE TRIGGER count_facets AFTER INSERT ON operations REFERENCING NEW TABLE AS landed
    FOR EACH STATEMENT EXECUTE FUNCTION count_facets();

INSERT INTO operation_facets
SELECT organization_id, field, value, date_bin('1 hour', created_at, 'epoch'),
    count(*), max(cost), max(coalesce(latency_ms, 0))
FROM operations, LATERAL (VALUES ('model', model), ('route', route), ('status', status),
    ('kind', kind), ('error_code', error_code), ('key', key_id::text)) AS facet (field, value)
WHERE value IS NOT NULL
GROUP BY 1, 2, 3, 4;

CREATE INDEX operations_user ON operations (organization_id, user_id, created_at)
    WHERE user_id IS NOT NULL;
CREATE INDEX operations_failed ON operations (organization_id, created_at)
    WHERE status <> 'success';
"""

QUARTERS = """
CREATE TABLE operation_quarters (
    LIKE operation_minutes INCLUDING DEFAULTS,
    PRIMARY KEY (organization_id, minute, model, route, status)
);
"""

VIEWS = """
CREATE TABLE operation_views (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    owner text NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    query jsonb NOT NULL,
    columns text[] NOT NULL,
    shared boolean NOT NULL DEFAULT false,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, owner, name)
);
CREATE INDEX operation_views_page ON operation_views (organization_id, name, id);
"""

GRANTS = """
GRANT SELECT ON operation_facets TO hone_app;
GRANT SELECT, INSERT, UPDATE ON operation_quarters TO hone_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON operation_views TO hone_app;
"""


def _sums(name: str) -> str:
    places = (f"coalesce(sum({name}[{at}]), 0)::bigint" for at in range(1, _BUCKETS + 1))
    return f"ARRAY[{', '.join(places)}]"


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for block in (FACETS, QUARTERS, VIEWS):
        _run(block)
    _run(f"""
        INSERT INTO operation_quarters
        SELECT organization_id, date_bin('15 minutes', minute, 'epoch'), model, route, status,
            sum(requests), sum(input_tokens), sum(output_tokens), sum(cost),
            {_sums("latency")}, {_sums("ttft")}
        FROM operation_minutes GROUP BY 1, 2, 3, 4, 5
    """)
    for table in ("operation_facets", "operation_quarters", "operation_views"):
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
