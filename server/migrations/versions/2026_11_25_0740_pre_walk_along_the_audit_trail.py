"""Walk along the audit trail, and find events fast."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

AUDIT = """
CREATE INDEX events_name ON events (organization_id, name text_pattern_ops, position DESC);
CREATE INDEX events_actor ON events (organization_id, actor, position DESC);
CREATE INDEX events_at ON events (organization_id, at);
GRANT SELECT (organization_id) ON event_inbox TO hone_app;

-- One walk along an organization's chain; `checked` and `hash` say where it goes on after a crash.
CREATE TABLE event_verifications (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    requested_by text NOT NULL,
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'whole', 'broken')),
    checked bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL,
    hash bytea NOT NULL,
    broken_at bigint,
    reason text,
    started_at timestamptz NOT NULL,
    finished_at timestamptz
);
CREATE INDEX event_verifications_page ON event_verifications (organization_id, id DESC);
GRANT SELECT, INSERT, UPDATE ON event_verifications TO hone_app;
ALTER TABLE event_verifications ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON event_verifications
    USING (organization_id = (SELECT current_organization()))
    WITH CHECK (organization_id = (SELECT current_organization()));
"""


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(AUDIT)
