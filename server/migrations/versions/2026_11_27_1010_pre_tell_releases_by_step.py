"""Tell releases by step: each step of a release is a split of its own in the log, a release names the
experiment that proved it and may keep the version before loaded, and of a unit it is known what it said before.

Where `splits` is empty, as of releases that began before this, all steps are one split under the release's id.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE releases
    ADD COLUMN splits uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN experiment_id uuid REFERENCES experiments (id),
    ADD COLUMN kept_until timestamptz;
CREATE INDEX releases_splits ON releases USING gin (splits);
CREATE INDEX releases_experiment ON releases (organization_id, experiment_id, id DESC)
    WHERE experiment_id IS NOT NULL;
CREATE INDEX releases_kept ON releases (kept_until) WHERE kept_until IS NOT NULL;
ALTER TABLE split_units ADD COLUMN pre_said jsonb;
"""


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(COLUMNS)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
