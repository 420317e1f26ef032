"""What policies need: what each model takes, does and is worth, and a policy's own settings."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

POLICIES = """
ALTER TABLE models ADD COLUMN modalities text[];
ALTER TABLE models ADD COLUMN capabilities text[];
ALTER TABLE models ADD COLUMN region text;
ALTER TABLE models ADD COLUMN quality double precision
    CONSTRAINT models_quality_check CHECK (quality BETWEEN 0 AND 1);
ALTER TABLE routes ADD COLUMN settings jsonb NOT NULL DEFAULT '{}';
"""


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(POLICIES)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
