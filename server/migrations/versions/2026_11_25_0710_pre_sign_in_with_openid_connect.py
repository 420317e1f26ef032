"""Sign in with OpenID Connect."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE oidc_providers (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    issuer text NOT NULL CHECK (length(issuer) <= 2048),
    client_id text NOT NULL CHECK (length(client_id) <= 512),
    -- Sealed under the organization's key of secrets.
    client_secret bytea,
    scopes text[] NOT NULL,
    domains text[] NOT NULL,
    role text,
    listed boolean NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX oidc_providers_name ON oidc_providers (organization_id, lower(name));
CREATE TABLE oidc_subjects (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    issuer text NOT NULL,
    subject text NOT NULL,
    person_id uuid NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, issuer, subject)
);
CREATE INDEX oidc_subjects_person ON oidc_subjects (organization_id, person_id);
"""

# Told across organizations to whoever comes to sign in: no more than the page shows.
FUNCTIONS = """
CREATE FUNCTION listed_oidc_providers() RETURNS TABLE (id uuid, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT id, name FROM oidc_providers WHERE listed ORDER BY lower(name), id LIMIT 50';
CREATE FUNCTION organization_of_oidc_provider(provider uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT organization_id FROM oidc_providers WHERE id = provider';
REVOKE ALL ON FUNCTION listed_oidc_providers(), organization_of_oidc_provider(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION listed_oidc_providers(), organization_of_oidc_provider(uuid)
    TO hone_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON oidc_providers, oidc_subjects TO hone_app;
"""


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for script in (TABLES, FUNCTIONS):
        with op.get_bind().connection.cursor() as cursor:
            cursor.execute(script)
    for table in ("oidc_providers", "oidc_subjects"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table}"
            " USING (organization_id = (SELECT current_organization()))"
            " WITH CHECK (organization_id = (SELECT current_organization()))"
        )


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
