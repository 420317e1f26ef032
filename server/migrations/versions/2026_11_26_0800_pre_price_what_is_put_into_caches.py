"""Price what is put into a provider's prompt cache, and let a price be corrected from its start on."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CACHE_WRITES = """
ALTER TABLE prices ADD COLUMN cache_write bigint
    CONSTRAINT prices_cache_write_check CHECK (cache_write >= 0);
ALTER TABLE operations ADD COLUMN written_tokens integer NOT NULL DEFAULT 0;
"""
CORRECTIONS = """
-- Of two prices from the same moment on, the one that was added later holds.
ALTER TABLE prices DROP CONSTRAINT prices_organization_id_model_id_effective_from_key;
CREATE INDEX prices_in_force ON prices (organization_id, model_id, effective_from DESC, id DESC);
"""


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(CACHE_WRITES)
        cursor.execute(CORRECTIONS)


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
