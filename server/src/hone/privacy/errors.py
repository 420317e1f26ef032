"""What can be wrong about retention and erasure."""

from hone.core.errors import AppError, NotFound, Unavailable


class NobodyToErase(NotFound):
    """There is nobody of this name in this organization."""

    code = "nobody_to_erase"


class NoSuchErasure(NotFound):
    """There is no such erasure in this organization."""

    code = "no_such_erasure"


class SpoolStands(Unavailable):
    """Calls wait in the spool and nobody stores them; the erasure goes on once Hone runs."""

    code = "spool_stands"


class LedgerUnreadable(AppError):
    """The list of erasures cannot be read."""

    code = "ledger_unreadable"
