"""Limit use and spending: limits, what of each window is leased to whom, and what was used of it.

`limit_windows.granted` is the sum of its leases, and never more than the limit by a grant.
`limit_uses` are sums of operations, kept by a trigger so that no writer can forget them, and can be
made anew from `operations.held_to`, which names the limits that held a call and the process.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE limits (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    subject_kind text NOT NULL
        CHECK (subject_kind IN ('key', 'person', 'team', 'organization', 'route', 'model')),
    subject_id uuid NOT NULL,
    measure text NOT NULL CHECK (measure IN ('requests', 'tokens', 'concurrency', 'cost')),
    period text CHECK (period IN ('minute', 'day', 'month')),
    amount bigint NOT NULL CHECK (amount >= 0),
    on_store_loss text NOT NULL DEFAULT 'deny' CHECK (on_store_loss IN ('deny', 'allow')),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((measure = 'concurrency') = (period IS NULL)),
    CONSTRAINT limits_once UNIQUE NULLS NOT DISTINCT
        (organization_id, subject_kind, subject_id, measure, period)
);
CREATE INDEX limits_page ON limits (organization_id, id DESC);

-- No foreign keys to limits from here on: what counts must not fail because a limit is being deleted.
CREATE TABLE limit_windows (
    limit_id uuid NOT NULL,
    window_start timestamptz NOT NULL,
    organization_id uuid NOT NULL,
    granted bigint NOT NULL DEFAULT 0,
    refused_at timestamptz,
    told integer[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (limit_id, window_start)
) WITH (fillfactor = 50);
-- A holder is one server process, by the name of its lane in the spool.
CREATE TABLE limit_leases (
    limit_id uuid NOT NULL,
    window_start timestamptz NOT NULL,
    holder uuid NOT NULL,
    organization_id uuid NOT NULL,
    granted bigint NOT NULL,
    turn bigint NOT NULL,
    closed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (limit_id, window_start, holder)
) WITH (fillfactor = 50);
CREATE INDEX limit_leases_open ON limit_leases (holder) WHERE NOT closed;
CREATE TABLE limit_holders (
    holder uuid PRIMARY KEY,
    renewed_at timestamptz NOT NULL
) WITH (fillfactor = 50);
CREATE TABLE limit_uses (
    limit_id uuid NOT NULL,
    window_start timestamptz NOT NULL,
    holder uuid NOT NULL,
    organization_id uuid NOT NULL,
    used bigint NOT NULL,
    PRIMARY KEY (limit_id, window_start, holder)
) WITH (fillfactor = 50);

ALTER TABLE operations ADD COLUMN held_to jsonb;
"""

USES = """
-- What one operation counts under a limit: all of it, or its attempts at the one model.
CREATE FUNCTION limit_use(measure text, model uuid, attempts jsonb, tokens bigint, cost bigint)
    RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE
    WHEN model IS NULL THEN CASE measure WHEN 'requests' THEN 1 WHEN 'tokens' THEN tokens
        WHEN 'cost' THEN cost ELSE 0 END
    ELSE (SELECT coalesce(sum(CASE measure WHEN 'requests' THEN 1
            WHEN 'tokens' THEN (a ->> 'inputTokens')::bigint + (a ->> 'outputTokens')::bigint
            WHEN 'cost' THEN (a ->> 'cost')::bigint ELSE 0 END), 0)::bigint
        FROM jsonb_array_elements(attempts) AS a
        WHERE a ->> 'modelId' = replace(model::text, '-', ''))
    END;

CREATE FUNCTION count_limits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO limit_uses AS u (limit_id, window_start, holder, organization_id, used)
    SELECT l.id, date_trunc(l.period, o.created_at, 'UTC'), (o.held_to ->> 'holder')::uuid,
        l.organization_id, sum(limit_use(l.measure,
            CASE l.subject_kind WHEN 'model' THEN l.subject_id END,
            o.attempts, o.input_tokens::bigint + o.output_tokens, o.cost))
    FROM landed o
    CROSS JOIN LATERAL jsonb_array_elements_text(o.held_to -> 'limits') AS named (id)
    JOIN limits l ON l.id = named.id::uuid AND l.organization_id = o.organization_id
    WHERE o.held_to IS NOT NULL AND l.period IS NOT NULL
    GROUP BY 1, 2, 3, 4
    ORDER BY 1, 2, 3
    ON CONFLICT (limit_id, window_start, holder) DO UPDATE SET used = u.used + excluded.used;
    RETURN NULL;
END $$;
CREATE TRIGGER count_limits AFTER INSERT ON operations REFERENCING NEW TABLE AS landed
    FOR EACH STATEMENT EXECUTE FUNCTION count_limits();
"""

LEASE = """
-- One round trip of one process. For each limit and window it says what it owns of it (spent,
-- promised or free), which is the truth whatever was answered before, and what more it wants: `least`
-- for calls that wait, in steps of `unit`, `most` in advance. An older turn that comes late says
-- nothing. A limit that is gone has no `remaining`.
CREATE FUNCTION lease_quota(the_holder uuid, the_turn bigint, organizations uuid[], limit_ids uuid[],
        starts timestamptz[], owns bigint[], leasts bigint[], mosts bigint[], units bigint[])
    RETURNS TABLE (place integer, given bigint, remaining bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    cap bigint; taken bigint; lease record; free bigint; give bigint;
BEGIN
    INSERT INTO limit_holders AS h (holder, renewed_at) VALUES (the_holder, now())
        ON CONFLICT (holder) DO UPDATE SET renewed_at = excluded.renewed_at;
    FOR place IN SELECT n FROM generate_subscripts(limit_ids, 1) AS n
            ORDER BY limit_ids[n], starts[n] LOOP
        PERFORM set_config('hone.organization_id', organizations[place]::text, true);
        SELECT l.amount INTO cap FROM limits l WHERE l.id = limit_ids[place];
        IF NOT FOUND THEN
            given := 0; remaining := NULL;
            RETURN NEXT;
            CONTINUE;
        END IF;
        INSERT INTO limit_windows (limit_id, window_start, organization_id)
            VALUES (limit_ids[place], starts[place], organizations[place]) ON CONFLICT DO NOTHING;
        SELECT w.granted INTO taken FROM limit_windows w
            WHERE w.limit_id = limit_ids[place] AND w.window_start = starts[place] FOR UPDATE;
        SELECT e.granted, e.turn, e.closed INTO lease FROM limit_leases e
            WHERE e.limit_id = limit_ids[place] AND e.window_start = starts[place]
            AND e.holder = the_holder;
        CONTINUE WHEN lease.turn >= the_turn OR lease.closed;
        taken := taken - coalesce(lease.granted, 0) + owns[place];
        free := greatest(cap - taken, 0);
        IF free <= leasts[place] THEN
            give := free - free % units[place];
        ELSE
            give := leasts[place] + least(mosts[place] - leasts[place], (free - leasts[place]) / 8);
        END IF;
        UPDATE limit_windows w SET granted = taken + give, refused_at =
                CASE WHEN give < leasts[place] THEN coalesce(w.refused_at, now())
                ELSE w.refused_at END
            WHERE w.limit_id = limit_ids[place] AND w.window_start = starts[place];
        INSERT INTO limit_leases AS e
                (limit_id, window_start, holder, organization_id, granted, turn)
            VALUES (limit_ids[place], starts[place], the_holder, organizations[place],
                owns[place] + give, the_turn)
            ON CONFLICT (limit_id, window_start, holder)
            DO UPDATE SET granted = excluded.granted, turn = excluded.turn;
        given := give; remaining := greatest(cap - taken - give, 0);
        RETURN NEXT;
    END LOOP;
END $$;
"""

GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON limits TO hone_app;
GRANT SELECT, INSERT, UPDATE ON limit_windows, limit_leases, limit_holders TO hone_app;
GRANT SELECT ON limit_uses TO hone_app;
REVOKE ALL ON FUNCTION lease_quota(uuid, bigint, uuid[], uuid[], timestamptz[], bigint[], bigint[],
    bigint[], bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lease_quota(uuid, bigint, uuid[], uuid[], timestamptz[], bigint[], bigint[],
    bigint[], bigint[]) TO hone_app;
"""

TENANT_TABLES = ("limits", "limit_windows", "limit_leases", "limit_uses")
NOTED_TABLES = ("limits", "team_members")
"""What a call is held to: the limits, and who is in which team."""


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for block in (TABLES, USES, LEASE):
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


def _run(script: str) -> None:
    """Run a script as it stands, without looking for parameters in it."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
