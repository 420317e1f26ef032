"""Sum up what calls cost and earn: by quarter of an hour, hour and day, and by all that has few values.

`operation_costs` is kept by triggers on `operations`, so that no writer can forget it, the server before
this one included, and so that it follows every later change: costs reckoned anew, what was earned, a
person who was erased. What retention deletes stays in it. Quarters of an hour are there because the days
of every time zone begin at one; hours and days, so that a year is as quick to add up.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE operation_costs (
    organization_id uuid NOT NULL,
    span smallint NOT NULL,
    start timestamptz NOT NULL,
    model text NOT NULL,
    provider text,
    route text,
    key_id uuid,
    person_id uuid,
    kind text NOT NULL,
    status text NOT NULL,
    stream boolean NOT NULL,
    calls bigint NOT NULL,
    input_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    written_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    cost bigint NOT NULL,
    estimated_cost bigint NOT NULL,
    revenue bigint NOT NULL,
    earning bigint NOT NULL,
    CONSTRAINT operation_costs_once UNIQUE NULLS NOT DISTINCT (organization_id, span, start, model,
        provider, route, key_id, person_id, kind, status, stream)
) PARTITION BY LIST (span);
-- Each lies alone, so that a month of hours is read without its quarters.
CREATE TABLE operation_costs_quarters PARTITION OF operation_costs FOR VALUES IN (15)
    WITH (fillfactor = 80);
CREATE TABLE operation_costs_hours PARTITION OF operation_costs FOR VALUES IN (60)
    WITH (fillfactor = 80);
CREATE TABLE operation_costs_days PARTITION OF operation_costs FOR VALUES IN (1440)
    WITH (fillfactor = 80);
COMMENT ON COLUMN operation_costs.span IS 'Minutes from the start on: 15, 60 or 1440, of UTC.';
"""

# What an operation counts as; `sign` takes it away again.
_COUNTED = """
    SELECT organization_id, date_bin('15 minutes', created_at, 'epoch') AS quarter, model, provider,
        route, key_id,
        CASE WHEN key_id IS NULL AND user_id ~ '^person_[0-9a-f]{{32}}$'
            THEN substr(user_id, 8)::uuid END AS person_id,
        kind, status, stream, {sign} 1 AS calls, {sign} input_tokens::bigint AS input_tokens,
        {sign} cached_tokens::bigint AS cached_tokens, {sign} written_tokens::bigint AS written_tokens,
        {sign} output_tokens::bigint AS output_tokens,
        {sign} reasoning_tokens::bigint AS reasoning_tokens, {sign} cost AS cost,
        {sign} CASE WHEN usage_estimated THEN cost ELSE 0 END AS estimated_cost,
        {sign} coalesce(revenue, 0) AS revenue,
        {sign} CASE WHEN revenue IS NULL THEN 0 ELSE 1 END AS earning
    FROM {rows}
"""
_LABELS = "model, provider, route, key_id, person_id, kind, status, stream"
_SUMS = (
    "calls", "input_tokens", "cached_tokens", "written_tokens", "output_tokens", "reasoning_tokens",
    "cost", "estimated_cost", "revenue", "earning",
)  # fmt: skip


def _count(rows: str, having: str = "") -> str:
    sums = ", ".join(f"sum({each})::bigint AS {each}" for each in _SUMS)
    added = ", ".join(f"{each} = c.{each} + excluded.{each}" for each in _SUMS)
    place = f"organization_id, span, start, {_LABELS}"
    return f"""
    INSERT INTO operation_costs AS c ({place}, {", ".join(_SUMS)})
    SELECT organization_id, minutes, date_bin(make_interval(mins => minutes), quarter, 'epoch') AS begun,
        {_LABELS}, {sums}
    FROM (
        SELECT organization_id, quarter, {_LABELS}, {sums} FROM ({rows}) AS counted
        GROUP BY organization_id, quarter, {_LABELS} {having}
    ) AS quarters, (VALUES (15), (60), (1440)) AS spans (minutes)
    GROUP BY organization_id, minutes, begun, {_LABELS}
    ORDER BY organization_id, minutes, begun, {_LABELS}
    ON CONFLICT ON CONSTRAINT operation_costs_once DO UPDATE SET {added};
    """


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _run(TABLE)
    landed = _COUNTED.format(sign="", rows="landed")
    changed = f"{_COUNTED.format(sign='-', rows='was')} UNION ALL {_COUNTED.format(sign='', rows='now_is')}"
    differs = " OR ".join(f"sum({each}) <> 0" for each in _SUMS)
    head = "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
    _run(f"""
        CREATE FUNCTION count_costs() {head} AS $$
        BEGIN
            {_count(landed)}
            RETURN NULL;
        END $$;
        CREATE TRIGGER count_costs AFTER INSERT ON operations REFERENCING NEW TABLE AS landed
            FOR EACH STATEMENT EXECUTE FUNCTION count_costs();

        -- What is left of a place that everything was moved out of says nothing but who was there.
        CREATE FUNCTION recount_costs() {head} AS $$
        BEGIN
            {_count(changed, f"HAVING {differs}")}
            DELETE FROM operation_costs c USING (
                SELECT DISTINCT organization_id, minutes,
                    date_bin(make_interval(mins => minutes), created_at, 'epoch') AS begun
                FROM was, (VALUES (15), (60), (1440)) AS spans (minutes)
            ) AS touched
            WHERE c.organization_id = touched.organization_id AND c.span = touched.minutes
                AND c.start = touched.begun AND c.calls = 0;
            RETURN NULL;
        END $$;
        CREATE TRIGGER recount_costs AFTER UPDATE ON operations
            REFERENCING OLD TABLE AS was NEW TABLE AS now_is
            FOR EACH STATEMENT EXECUTE FUNCTION recount_costs();

        {_count(_COUNTED.format(sign="", rows="operations"))}
        ALTER TABLE operation_costs ENABLE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON operation_costs
            USING (organization_id = (SELECT current_organization()))
            WITH CHECK (organization_id = (SELECT current_organization()));
        GRANT SELECT ON operation_costs TO hone_app;
        GRANT UPDATE (revenue) ON operations TO hone_app;
    """)


def _run(script: str) -> None:
    """Run a script as it stands, without looking for parameters in it."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
