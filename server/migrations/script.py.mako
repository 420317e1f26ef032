"""${message}.

Name the file YYYY_MM_DD_HHMM_<pre|post>_<sentence>.py: `pre` expands before the code ships,
`post` contracts after it. Import nothing of hone here.
"""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
