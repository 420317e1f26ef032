"""What can go wrong with limits."""

from hone.core.errors import Conflict, Invalid


class LimitTaken(Conflict):
    """There is a limit of this kind on it already; change that one."""

    code = "limit_taken"


class LimitChanged(Conflict):
    """Someone changed this limit since you read it; read it again and send its present version."""

    code = "limit_changed"


class AmountWrong(Invalid):
    """This is no amount that a limit can have."""

    code = "amount_wrong"


class UnknownSubject(Invalid):
    """There is nothing of that name or id in this organization."""

    code = "unknown_subject"


class SubjectAmbiguous(Invalid):
    """Several have that name; say which by its id."""

    code = "subject_ambiguous"
