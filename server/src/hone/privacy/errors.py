"""What can be wrong about retention and erasure."""

from hone.core.errors import AppError, Conflict, Invalid, NotFound, Unavailable


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


class RuleChanged(Conflict):
    """Somebody changed this rule since you read it; read it again."""

    code = "version_conflict"


class KeptTooShort(Invalid):
    """This kind of data must be kept longer."""

    code = "kept_too_short"


class KeptTooLong(Invalid):
    """This kind of data is not kept so long."""

    code = "kept_too_long"
