"""Let people sign in: passwords, sessions, invitations, teams."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PEOPLE = """
ALTER TABLE people ADD COLUMN invited_at timestamptz;
ALTER TABLE people ADD COLUMN version integer NOT NULL DEFAULT 1;
CREATE INDEX people_address ON people (lower(email));
CREATE INDEX people_page ON people (organization_id, id DESC);

-- Told across organizations to whoever signs in: where an address belongs, and nothing of whom.
CREATE FUNCTION people_by_email(address text) RETURNS TABLE (organization_id uuid, person_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT organization_id, id FROM people
        WHERE lower(email) = lower(address) AND deactivated_at IS NULL ORDER BY id LIMIT 20';
REVOKE ALL ON FUNCTION people_by_email(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_by_email(text) TO hone_app;
"""

CREDENTIALS = """
-- Not a column of people, so that no list of them ever reads it.
CREATE TABLE passwords (
    person_id uuid PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    hash text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
-- A refresh token is not kept: it is signed, and names its session and generation.
CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    person_id uuid NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    method text NOT NULL,
    generation integer NOT NULL DEFAULT 1,
    rotated_at timestamptz NOT NULL,
    address text NOT NULL,
    user_agent text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX sessions_person ON sessions (organization_id, person_id, last_seen_at DESC);
CREATE INDEX sessions_ended ON sessions (organization_id, ended_at) WHERE ended_at IS NOT NULL;
-- An invitation or a password reset: its secret is kept as a digest and works once.
CREATE TABLE links (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    person_id uuid NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    purpose text NOT NULL CHECK (purpose IN ('invitation', 'reset')),
    digest bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX links_person ON links (organization_id, person_id);
-- Of no tenant: who tries a password has none yet. Digests only, under a key that is not here.
CREATE TABLE throttles (
    digest bytea PRIMARY KEY,
    failures integer NOT NULL,
    failed_at timestamptz NOT NULL,
    locked_until timestamptz NOT NULL
);
CREATE INDEX throttles_age ON throttles (failed_at);
"""

TEAMS = """
CREATE TABLE teams (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX teams_name ON teams (organization_id, lower(name));
CREATE TABLE team_members (
    team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (team_id, person_id)
);
CREATE INDEX team_members_person ON team_members (organization_id, person_id);
ALTER TABLE api_keys ADD COLUMN team_id uuid REFERENCES teams (id) ON DELETE SET NULL;
"""

# A session that begins or is seen again changes nothing that the servers hold; one that ends does.
NOTES = """
CREATE FUNCTION note_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO changes AS c (organization_id, version) VALUES (NEW.organization_id, 1)
        ON CONFLICT (organization_id) DO UPDATE SET version = c.version + 1;
    PERFORM pg_notify('hone_changes', NEW.organization_id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER note_end AFTER UPDATE OF ended_at ON sessions
    FOR EACH ROW WHEN (OLD.ended_at IS DISTINCT FROM NEW.ended_at) EXECUTE FUNCTION note_row();
"""

GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON passwords, sessions, links, throttles, teams, team_members
    TO hone_app;
GRANT DELETE ON people TO hone_app;
"""

TENANT_TABLES = ("passwords", "sessions", "links", "teams", "team_members")


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for block in (PEOPLE, CREDENTIALS, TEAMS, NOTES, GRANTS):
        _run(block)
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table}"
            " USING (organization_id = (SELECT current_organization()))"
            " WITH CHECK (organization_id = (SELECT current_organization()))"
        )


def _run(script: str) -> None:
    """Run a script as it stands, without looking for parameters in it."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
