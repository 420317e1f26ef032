"""Keep what starts the next turn of the loop, and what was decided.

A turn goes from state to state only as `improvement_step` allows, whatever a process believes, and a model
has one unfinished turn at most. What was decided in it is a row that nothing rewrites.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE improvement_policies (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    model text NOT NULL CHECK (length(model) BETWEEN 1 AND 120),
    enabled boolean NOT NULL DEFAULT true,
    -- What a training run takes; how often, how much, who is asked, and how a version comes to traffic.
    job jsonb NOT NULL,
    triggers jsonb NOT NULL,
    debounce_seconds integer NOT NULL CHECK (debounce_seconds BETWEEN 0 AND 604800),
    least_new integer NOT NULL CHECK (least_new >= 1),
    budget jsonb NOT NULL,
    approvals text[] NOT NULL DEFAULT '{}' CHECK (approvals <@ ARRAY['train', 'release']),
    release jsonb NOT NULL,
    -- When a trigger began to fire; a turn begins when it has done so for a while.
    fired_at timestamptz,
    looked_at timestamptz,
    looked jsonb,
    next_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, model)
);
CREATE INDEX improvement_policies_due ON improvement_policies (next_at) WHERE enabled;

CREATE TABLE improvement_turns (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    -- No foreign keys: what was done outlives the policy, the run and the version.
    policy_id uuid NOT NULL,
    model text NOT NULL,
    state text NOT NULL DEFAULT 'triggered' CHECK (state IN ('triggered', 'awaiting_approval', 'training',
        'gating', 'shadow', 'releasing', 'comparing', 'promoted', 'rolled_back', 'rejected', 'skipped',
        'failed')),
    awaiting text CHECK (awaiting IN ('train', 'release')),
    asked boolean NOT NULL,
    trigger jsonb NOT NULL,
    -- The policy as it was when the turn began, and what was changed at an approval.
    plan jsonb NOT NULL,
    approved text[] NOT NULL DEFAULT '{}' CHECK (approved <@ ARRAY['train', 'release']),
    gate text CHECK (gate IN ('passed', 'refused')),
    override text,
    -- Of what is learned from and how: what was rolled back is not tried again unasked.
    signature text,
    run_id uuid,
    version_id uuid,
    shadow_id uuid,
    release_id uuid,
    experiment_id uuid,
    -- Of its training run, in pico-dollars: what a month may cost is counted of these.
    cost bigint NOT NULL DEFAULT 0 CHECK (cost >= 0),
    words text NOT NULL,
    next_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CHECK ((state = 'awaiting_approval') = (awaiting IS NOT NULL)),
    CHECK ((state IN ('promoted', 'rolled_back', 'rejected', 'skipped', 'failed')) =
        (finished_at IS NOT NULL))
);
CREATE UNIQUE INDEX improvement_turns_one ON improvement_turns (organization_id, model)
    WHERE finished_at IS NULL;
CREATE INDEX improvement_turns_page ON improvement_turns (organization_id, id DESC);
CREATE INDEX improvement_turns_model ON improvement_turns (organization_id, model, id DESC);
CREATE INDEX improvement_turns_due ON improvement_turns (next_at) WHERE finished_at IS NULL;

CREATE FUNCTION improvement_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN (
        ('triggered', 'awaiting_approval'), ('triggered', 'training'), ('triggered', 'skipped'),
        ('triggered', 'failed'), ('triggered', 'rejected'),
        ('awaiting_approval', 'training'), ('awaiting_approval', 'shadow'),
        ('awaiting_approval', 'releasing'), ('awaiting_approval', 'rejected'),
        ('awaiting_approval', 'skipped'), ('awaiting_approval', 'failed'),
        ('training', 'gating'), ('training', 'failed'), ('training', 'rejected'),
        ('gating', 'awaiting_approval'), ('gating', 'shadow'), ('gating', 'releasing'),
        ('gating', 'rejected'), ('gating', 'failed'),
        ('shadow', 'releasing'), ('shadow', 'rolled_back'), ('shadow', 'rejected'),
        ('shadow', 'failed'),
        ('releasing', 'comparing'), ('releasing', 'promoted'), ('releasing', 'rolled_back'),
        ('releasing', 'rejected'), ('releasing', 'failed'),
        ('comparing', 'promoted'), ('comparing', 'rolled_back'), ('comparing', 'failed'),
        -- Somebody answers for a version that did not pass its gates.
        ('rejected', 'releasing'), ('rejected', 'shadow')
    ) THEN
        RAISE EXCEPTION 'an improvement turn that is % cannot become %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER improvement_step BEFORE UPDATE OF state ON improvement_turns FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION improvement_step();

CREATE TABLE improvement_decisions (
    turn_id uuid NOT NULL REFERENCES improvement_turns (id),
    number integer NOT NULL,
    organization_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    step text NOT NULL,
    decision text NOT NULL,
    who text NOT NULL,
    words text NOT NULL,
    evidence jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (turn_id, number)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON improvement_decisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();
"""
GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON improvement_policies TO hone_app;
GRANT SELECT, INSERT, UPDATE ON improvement_turns TO hone_app;
GRANT SELECT, INSERT ON improvement_decisions TO hone_app;
"""
TENANT_TABLES = ("improvement_policies", "improvement_turns", "improvement_decisions")


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
    _run(GRANTS)


def _run(script: str) -> None:
    """Run a script as it stands, without looking for parameters in it."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
