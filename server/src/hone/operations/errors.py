"""What can go wrong with operations."""

from hone.core.errors import Invalid, NotFound, Unavailable


class NoSuchOperation(NotFound):
    """There is no such operation in this organization."""


class SearchTooBroad(Invalid):
    """This search takes too long; narrow the time range or add a filter."""

    code = "search_too_broad"


class MonthNotReady(Unavailable):
    """The database is not prepared for this month yet; try again shortly."""

    code = "month_not_ready"
