"""What can go wrong with operations."""

from hone.core.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable


class NoSuchOperation(NotFound):
    """There is no such operation in this organization."""


class SearchTooBroad(Invalid):
    """This search takes too long; narrow the time range or add a filter."""

    code = "search_too_broad"


class MonthNotReady(Unavailable):
    """The database is not prepared for this month yet; try again shortly."""

    code = "month_not_ready"


class NoSuchView(NotFound):
    """There is no such view in this organization."""


class NotYourView(Forbidden):
    """Only who made a view may change it; keep a copy under another name."""


class ViewNameTaken(Conflict):
    """You have a view of that name already."""

    code = "name_taken"


class ViewChanged(Conflict):
    """This view was changed since you read it; read it again and send its present version."""

    code = "version_conflict"
