"""Price what is put into a provider's prompt cache for an hour apart from what stays five minutes."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE prices ADD COLUMN cache_write_hour bigint
    CONSTRAINT prices_cache_write_hour_check CHECK (cache_write_hour >= 0);
ALTER TABLE operations ADD COLUMN written_hour_tokens integer NOT NULL DEFAULT 0;
"""


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(COLUMNS)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
