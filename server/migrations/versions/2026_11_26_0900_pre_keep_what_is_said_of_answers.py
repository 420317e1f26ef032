"""Keep what is said of answers: feedback, signs that calls give themselves, and sums of both.

A request only inserts a row of `feedback`; a worker settles it (finds its call, judges whether it may
count) and so alone touches sums, which a trigger keeps from what counted before and counts now. There
is no foreign key to organizations: no lock on one row is wanted for each of hundreds in a second.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE feedback (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    digest bytea NOT NULL,
    said bytea NOT NULL,
    state text NOT NULL CHECK (state IN ('received', 'accepted', 'held', 'rejected')),
    reason text,
    kind text NOT NULL CHECK (kind IN ('classification', 'suggestion', 'sentiment', 'response')),
    metric text NOT NULL,
    operation_id uuid,
    conversation_id text,
    model text,
    model_id uuid,
    route text,
    confidence real,
    actor text NOT NULL,
    user_id text,
    person text NOT NULL GENERATED ALWAYS AS (coalesce(user_id, actor)) STORED,
    positive boolean,
    score real CHECK (score BETWEEN 0 AND 1),
    value double precision,
    rating smallint CHECK (rating BETWEEN 1 AND 5),
    was_used boolean,
    was_helpful boolean,
    corrected boolean NOT NULL DEFAULT false,
    commented boolean NOT NULL DEFAULT false,
    given text,
    expected text,
    answer bytea,
    sentiment real CHECK (sentiment BETWEEN -1 AND 1),
    quality real CHECK (quality BETWEEN 0 AND 1),
    key_id uuid,
    sealed bytea,
    due_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz,
    reviewed_by text,
    reviewed_at timestamptz,
    CONSTRAINT feedback_once UNIQUE (organization_id, digest),
    CHECK ((key_id IS NULL) = (sealed IS NULL))
);
CREATE INDEX feedback_page ON feedback (organization_id, id DESC);
CREATE INDEX feedback_operation ON feedback (organization_id, operation_id)
    WHERE operation_id IS NOT NULL;
CREATE INDEX feedback_person ON feedback (organization_id, person, id DESC);
CREATE INDEX feedback_held ON feedback (organization_id, id DESC) WHERE state = 'held';
CREATE INDEX feedback_due ON feedback (due_at) WHERE state = 'received';

-- What somebody decided of a person whose feedback was held.
CREATE TABLE feedback_people (
    organization_id uuid NOT NULL,
    person text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('trusted', 'barred')),
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, person)
);

CREATE TABLE feedback_hours (
    organization_id uuid NOT NULL,
    hour timestamptz NOT NULL,
    model text NOT NULL,
    kind text NOT NULL,
    metric text NOT NULL,
    told bigint NOT NULL,
    positive bigint NOT NULL,
    negative bigint NOT NULL,
    scored bigint NOT NULL,
    score double precision NOT NULL,
    rated_1 bigint NOT NULL,
    rated_2 bigint NOT NULL,
    rated_3 bigint NOT NULL,
    rated_4 bigint NOT NULL,
    rated_5 bigint NOT NULL,
    used bigint NOT NULL,
    unused bigint NOT NULL,
    helpful bigint NOT NULL,
    unhelpful bigint NOT NULL,
    corrected bigint NOT NULL,
    commented bigint NOT NULL,
    pleased bigint NOT NULL,
    displeased bigint NOT NULL,
    sentiment double precision NOT NULL,
    quality double precision NOT NULL,
    PRIMARY KEY (organization_id, hour, model, kind, metric)
) WITH (fillfactor = 50);

-- What was answered and what would have been right, where both are one of a few labels.
CREATE TABLE feedback_labels (
    organization_id uuid NOT NULL,
    day date NOT NULL,
    model text NOT NULL,
    kind text NOT NULL,
    given text NOT NULL,
    expected text NOT NULL,
    told bigint NOT NULL,
    PRIMARY KEY (organization_id, day, model, kind, given, expected)
) WITH (fillfactor = 50);

-- What nobody told: an answer asked for again, left, copied, or a person wanted instead.
CREATE TABLE feedback_signals (
    organization_id uuid NOT NULL,
    operation_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('rephrase', 'abandon', 'handover', 'copy', 'retry')),
    source text NOT NULL CHECK (source IN ('observed', 'client')),
    model text NOT NULL,
    route text,
    conversation_id text,
    user_id text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, operation_id, kind)
);
CREATE INDEX feedback_signals_user ON feedback_signals (organization_id, user_id)
    WHERE user_id IS NOT NULL;
CREATE INDEX feedback_signals_age ON feedback_signals (organization_id, created_at);
CREATE TABLE feedback_signal_hours (
    organization_id uuid NOT NULL,
    hour timestamptz NOT NULL,
    model text NOT NULL,
    kind text NOT NULL,
    seen bigint NOT NULL,
    PRIMARY KEY (organization_id, hour, model, kind)
) WITH (fillfactor = 50);
-- Conversations of an hour, as they went; each counts in the hour in which its last call was.
CREATE TABLE feedback_conversations (
    organization_id uuid NOT NULL,
    hour timestamptz NOT NULL,
    ended bigint NOT NULL,
    calls bigint NOT NULL,
    completed bigint NOT NULL,
    escalated bigint NOT NULL,
    known bigint NOT NULL,
    returned bigint NOT NULL,
    PRIMARY KEY (organization_id, hour)
);
CREATE TABLE feedback_observed (
    organization_id uuid PRIMARY KEY,
    seen_until timestamptz NOT NULL
);
"""

_SUMS = {
    "told": "1",
    "positive": "(positive IS TRUE)::int",
    "negative": "(positive IS FALSE)::int",
    "scored": "(score IS NOT NULL)::int",
    "score": "coalesce(score, 0)",
    **{f"rated_{stars}": f"(rating IS NOT DISTINCT FROM {stars})::int" for stars in range(1, 6)},
    "used": "(was_used IS TRUE)::int",
    "unused": "(was_used IS FALSE)::int",
    "helpful": "(was_helpful IS TRUE)::int",
    "unhelpful": "(was_helpful IS FALSE)::int",
    "corrected": "corrected::int",
    "commented": "commented::int",
    "pleased": "(coalesce(sentiment, 0) >= 0.05)::int",
    "displeased": "(coalesce(sentiment, 0) <= -0.05)::int",
    "sentiment": "coalesce(sentiment, 0)",
    "quality": "coalesce(quality, 0)",
}
_CHANGED = """(SELECT -1 AS sign, * FROM was WHERE state = 'accepted'
        UNION ALL SELECT 1 AS sign, * FROM now_is WHERE state = 'accepted') AS changed"""
_TOTALS = ", ".join(f"sum(sign * {value}) AS {name}" for name, value in _SUMS.items())
_ADDED = ", ".join(f"{name} = s.{name} + excluded.{name}" for name in _SUMS)
_HEAD = "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
COUNTING = f"""
CREATE FUNCTION count_feedback() {_HEAD} AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM was) THEN
        RETURN NULL;
    END IF;
    INSERT INTO feedback_hours AS s (organization_id, hour, model, kind, metric, {", ".join(_SUMS)})
    SELECT organization_id, date_trunc('hour', created_at, 'UTC') AS began, coalesce(model, '') AS named,
        kind, metric, {_TOTALS}
    FROM {_CHANGED}
    GROUP BY organization_id, began, named, kind, metric
    ORDER BY organization_id, began, named, kind, metric
    ON CONFLICT (organization_id, hour, model, kind, metric) DO UPDATE SET {_ADDED};
    INSERT INTO feedback_labels AS l (organization_id, day, model, kind, given, expected, told)
    SELECT organization_id, (created_at AT TIME ZONE 'UTC')::date AS began, coalesce(model, '') AS named,
        kind, given, expected, sum(sign)
    FROM {_CHANGED}
    WHERE given IS NOT NULL AND expected IS NOT NULL
    GROUP BY organization_id, began, named, kind, given, expected
    ORDER BY organization_id, began, named, kind, given, expected
    ON CONFLICT (organization_id, day, model, kind, given, expected)
        DO UPDATE SET told = l.told + excluded.told;
    RETURN NULL;
END $$;
CREATE TRIGGER count_feedback AFTER UPDATE ON feedback REFERENCING OLD TABLE AS was NEW TABLE AS now_is
    FOR EACH STATEMENT EXECUTE FUNCTION count_feedback();

CREATE FUNCTION count_signals() {_HEAD} AS $$
BEGIN
    INSERT INTO feedback_signal_hours AS s (organization_id, hour, model, kind, seen)
    SELECT organization_id, date_trunc('hour', created_at, 'UTC') AS began, model, kind, count(*)
    FROM landed GROUP BY organization_id, began, model, kind
    ORDER BY organization_id, began, model, kind
    ON CONFLICT (organization_id, hour, model, kind) DO UPDATE SET seen = s.seen + excluded.seen;
    RETURN NULL;
END $$;
CREATE TRIGGER count_signals AFTER INSERT ON feedback_signals REFERENCING NEW TABLE AS landed
    FOR EACH STATEMENT EXECUTE FUNCTION count_signals();
"""
GRANTS = """
GRANT SELECT, INSERT, UPDATE ON feedback, feedback_people TO hone_app;
GRANT SELECT, INSERT ON feedback_signals TO hone_app;
GRANT SELECT ON feedback_hours, feedback_labels, feedback_signal_hours, feedback_conversations,
    feedback_observed TO hone_app;
"""
TENANT_TABLES = (
    "feedback", "feedback_people", "feedback_hours", "feedback_labels", "feedback_signals",
    "feedback_signal_hours", "feedback_conversations", "feedback_observed",
)  # fmt: skip

# What was said in words is sealed: a view tells that there is something, the API what.
_COMMENT = "CASE WHEN f.commented THEN '[sealed]' END"
_LATEST = """LEFT JOIN LATERAL (
            SELECT * FROM feedback each
            WHERE each.organization_id = o.organization_id AND each.operation_id = o.id
                AND each.state = 'accepted' AND each.kind = o.kind
            ORDER BY each.updated_at DESC LIMIT 1
        ) AS f ON true"""
VIEWS = {
    "ai_classifications": f"""
        SELECT o.id, o.organization_id, o.external_id, o.model AS model_name, o.user_id, o.status,
               o.confidence AS confidence_score, o.latency_ms AS processing_time_ms,
               o.input_tokens + o.output_tokens AS tokens_used,
               o.cost::numeric / 1000000000000 AS cost_usd, o.metadata, o.created_at,
               f.positive AS was_accepted, f.given AS category,
               CASE WHEN f.corrected THEN f.expected END AS corrected_category,
               CASE WHEN f.corrected THEN f.expected END AS corrected_category_id,
               {_COMMENT} AS feedback_comment, f.updated_at AS feedback_at
        FROM operations o {_LATEST} WHERE o.kind = 'classification'""",
    "ai_suggestions": f"""
        SELECT o.id, o.organization_id, o.external_id, o.model AS model_name, o.user_id,
               o.conversation_id, o.status,
               o.metadata ->> 'suggestionType' AS suggestion_type,
               o.metadata -> 'sources' AS source_references,
               o.confidence AS confidence_score, o.latency_ms AS processing_time_ms,
               o.input_tokens + o.output_tokens AS tokens_used,
               o.cost::numeric / 1000000000000 AS cost_usd, o.metadata, o.created_at,
               f.positive AS was_accepted, f.was_used, f.was_helpful, {_COMMENT} AS feedback_comment,
               f.updated_at AS feedback_at
        FROM operations o {_LATEST} WHERE o.kind = 'suggestion'""",
    "user_feedback": f"""
        SELECT f.id, f.organization_id, f.operation_id, f.conversation_id, f.model AS model_id,
               f.person AS user_id, f.kind AS operation_type, f.metric AS feedback_type,
               CASE WHEN f.positive THEN 'positive' WHEN NOT f.positive THEN 'negative'
                   ELSE 'neutral' END AS feedback,
               f.rating, f.score, {_COMMENT} AS comment, f.sentiment AS sentiment_score,
               f.quality AS quality_score, f.corrected, f.state, f.created_at, f.updated_at
        FROM feedback f""",
    "feedback_analysis": """
        SELECT f.id AS feedback_id, f.organization_id, f.operation_id, f.model AS model_id,
               f.sentiment AS sentiment_score,
               CASE WHEN f.sentiment >= 0.05 THEN 'positive' WHEN f.sentiment <= -0.05 THEN 'negative'
                   WHEN f.sentiment IS NOT NULL THEN 'neutral' END AS sentiment,
               f.quality AS quality_score, f.created_at
        FROM feedback f WHERE f.commented AND f.state = 'accepted'""",
}


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for block in (TABLES, COUNTING, GRANTS):
        _run(block)
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table}"
            " USING (organization_id = (SELECT current_organization()))"
            " WITH CHECK (organization_id = (SELECT current_organization()))"
        )
    for name, query in VIEWS.items():
        _run(f"CREATE OR REPLACE VIEW {name} WITH (security_invoker = true) AS {query};")
        op.execute(f"GRANT SELECT ON {name} TO hone_app")


def _run(script: str) -> None:
    """Run a script as it stands, without looking for parameters in it."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
