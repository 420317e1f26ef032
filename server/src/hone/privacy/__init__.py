"""What must go, and when: the erasure of a person or an end user, and how long each kind is kept.

An erasure is a row that says how far it is and a walk over `traces`, in steps that may be killed
anywhere and done again. What was erased is noted in `ledger`, outside the database, so that an old
backup that is restored is brought to the same.
"""

from hone.privacy.due import CRON
from hone.privacy.erasing import Place, carry_out, erase_again
from hone.privacy.jobs import ERASE, erase, go_on
from hone.privacy.ledger import is_listed, rewrap
from hone.privacy.models import Erasure
from hone.privacy.nightly import apply_retention
from hone.privacy.schemas import ErasurePreview, ErasureRead, ErasureTarget
from hone.privacy.service import begin, get, preview

__all__ = [
    "CRON",
    "ERASE",
    "Erasure",
    "ErasurePreview",
    "ErasureRead",
    "ErasureTarget",
    "Place",
    "apply_retention",
    "begin",
    "carry_out",
    "erase",
    "erase_again",
    "get",
    "go_on",
    "is_listed",
    "preview",
    "rewrap",
]
