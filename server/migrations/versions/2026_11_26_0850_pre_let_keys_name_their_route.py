"""Let keys name their route: asked where a call names no model, and for what a provider keeps."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "ALTER TABLE api_keys ADD COLUMN default_route text "
        "CONSTRAINT api_keys_default_route_check CHECK (length(default_route) BETWEEN 1 AND 256)"
    )


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
